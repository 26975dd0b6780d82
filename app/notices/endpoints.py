"""Doors for one's own notices and devices, and for the push gateway."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from app.access.caller import Caller, Scope
from app.access.dependencies import Looking, Requires, Writing
from app.kit.door import Door
from app.kit.etags import IfMatch, etag
from app.kit.pages import AskedPage, PageOut, link_header
from app.kit.problems import prefers_english
from app.reports.concerns import NoticeType
from app.webhooks.endpoints import Vaulted
from app.webhooks.service import opened

from .devices import Devices
from .push import Pushes
from .schemas import DeviceChange, DeviceIn, DeviceOut, NoticeOut, NoticesReadIn, NoticesReadOut, PushOut, UndeliverableIn, UndeliverableOut
from .service import NoticeFilter, Notices

mine_router = APIRouter(prefix="/v1/me", tags=["me"], route_class=Door)
router = APIRouter(prefix="/v1/notices", tags=["notices"], route_class=Door)
Official = Annotated[Caller, Requires(Scope.DECLARATIONS_WRITE)]
Relay = Annotated[Caller, Requires(Scope.NOTICES_RELAY, Scope.ADMIN)]


async def _notice_filter(
    *,
    unread: Annotated[bool | None, Query(description="是否未读。Whether it is unread.", examples=[True])] = None,
    type: Annotated[NoticeType | None, Query(description="缘由。Why it was raised.", examples=["task-due"])] = None,  # noqa: A002  # as the field is called
) -> NoticeFilter:
    return NoticeFilter(unread=unread, type=type)


@mine_router.get("/notices", summary="我的提醒 My notices")
async def list_my_notices(
    request: Request,
    response: Response,
    page: AskedPage,
    asked: Annotated[NoticeFilter, Depends(_notice_filter)],
    caller: Official,
    view: Looking,
) -> PageOut[NoticeOut]:
    """到期、逾期、要求说明及新的核查提示，最新在前。What has come due or is new for the caller, newest first."""
    notices, english = Notices(view, caller), prefers_english(request)
    rows, following = page.cut(await notices.list(page, asked))
    response.headers.update(link_header(request, following))
    total = await notices.count(asked) if page.count else None
    return PageOut(items=[NoticeOut.of(row, english=english) for row in rows], next=following, count=total)


@mine_router.post("/notices/read", summary="标记已读 Mark notices as read")
async def read_my_notices(body: NoticesReadIn, caller: Official, work: Writing) -> NoticesReadOut:
    """标记所列或某条及更早的为已读，此后不再推送。Marks these, or one and all before it; they are brought to no device any more."""
    notices = Notices(work, caller)
    read = await notices.read(work, body)
    return NoticesReadOut(read=read, unread=await notices.count(NoticeFilter(unread=True)))


@mine_router.post("/devices", status_code=201, summary="登记设备 Register a device", responses={200: {"model": DeviceOut}})
async def register_my_device(body: DeviceIn, caller: Official, vault: Vaulted, work: Writing, response: Response) -> DeviceOut:
    """同一令牌或安装标识再次登记即更新，答复 200；他人登记过的令牌随之转到本人名下。The same token or installation is updated, with 200; somebody else's token moves here."""
    row, new = await Devices(work, caller).register(work, vault, body)
    response.status_code = 201 if new else 200
    response.headers.update({"Location": f"/v1/me/devices/{row['id']}", "ETag": etag(row["version"])})
    return DeviceOut.of(row)


@mine_router.get("/devices", summary="我的设备 My devices")
async def list_my_devices(request: Request, response: Response, page: AskedPage, caller: Official, view: Looking) -> PageOut[DeviceOut]:
    """接收提醒的设备，最新在前；令牌只显示末四位。Where the caller gets notices, newest first; of tokens the end alone is shown."""
    devices = Devices(view, caller)
    rows, following = page.cut(await devices.list(page))
    response.headers.update(link_header(request, following))
    return PageOut(items=[DeviceOut.of(row) for row in rows], next=following, count=await devices.count() if page.count else None)


@mine_router.get("/devices/{device_id}", summary="读取设备 Read a device")
async def read_my_device(device_id: UUID, caller: Official, view: Looking, response: Response) -> DeviceOut:
    """读取一台设备，不含令牌。One device, without its token."""
    row = await Devices(view, caller).get(device_id)
    response.headers["ETag"] = etag(row["version"])
    return DeviceOut.of(row)


@mine_router.patch("/devices/{device_id}", summary="更改设备 Change a device")
async def change_my_device(
    device_id: UUID, body: DeviceChange, if_match: IfMatch, caller: Official, vault: Vaulted, work: Writing, response: Response
) -> DeviceOut:
    """更改令牌、提醒类型或语言。Its token, which notices it gets, or their language."""
    row = await Devices(work, caller).change(work, vault, device_id, if_match, body)
    response.headers["ETag"] = etag(row["version"])
    return DeviceOut.of(row)


@mine_router.delete("/devices/{device_id}", status_code=204, summary="删除设备 Remove a device")
async def remove_my_device(device_id: UUID, if_match: IfMatch, caller: Official, work: Writing) -> None:
    """此后不再向该设备推送。It gets no notices any more."""
    await Devices(work, caller).remove(work, device_id, if_match)


@router.get("/{notice_id}", summary="读取待推送的提醒 Read a notice to relay")
async def read_notice_to_relay(notice_id: UUID, caller: Relay, vault: Vaulted, view: Looking) -> PushOut:
    """供推送网关读取：设备令牌与不含个人内容的文字；不指明何人何事。For a push gateway: tokens, and words without anything personal; neither who nor what.

    已读、已被取代或已过期者，devices 为空。Once it was read, replaced or has expired, `devices` is empty.
    """
    return await Pushes(view, caller).get(notice_id, opened(vault))


@router.post("/{notice_id}/undeliverable", summary="报告失效设备 Report dead devices")
async def report_undeliverable(notice_id: UUID, body: UndeliverableIn, caller: Relay, work: Writing) -> UndeliverableOut:
    """移除推送服务已不认识的设备；读取后更新过的不受影响。Removes devices that the push service no longer knows; one that has changed since stays."""
    return UndeliverableOut(removed=await Pushes(work, caller).remove_dead(work, notice_id, body.devices))
