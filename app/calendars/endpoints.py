"""Doors for one's calendar link, and for the calendar itself, which its secret opens."""

from email.utils import format_datetime, parsedate_to_datetime
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from app.access.caller import Caller, Scope
from app.access.dependencies import Looking, Requires, Writing, answer_repeats_with, secret_shown_once
from app.kit.door import Door
from app.kit.errors import Problem, Words
from app.kit.etags import IfMatch, etag
from app.kit.representation import READ_AGAIN, encoded, tags_in

from .schemas import CalendarIn, CalendarMade, CalendarOut
from .service import CalendarLinks, Feed, read_feed

mine_router = APIRouter(prefix="/v1/me/calendar", tags=["me"], route_class=Door)
feed_router = APIRouter(prefix="/v1/calendars", tags=["calendars"], route_class=Door)
Official = Annotated[Caller, Requires(Scope.DECLARATIONS_WRITE)]

_SUFFIX = ".ics"
_MEDIA = "text/calendar; charset=utf-8"


@mine_router.post("", status_code=201, summary="生成日程订阅 Make a calendar link")
async def create_my_calendar(body: CalendarIn, caller: Official, work: Writing, request: Request, response: Response) -> CalendarMade:
    """地址仅在本答复中显示一次，凭此即可读取，勿转发；再次生成则原地址失效。The address stands in this answer alone and is all it takes to read; made again, the former ends.

    日程只含类别、期限与登记册地址，不含姓名与金额。Entries hold the kind, the day and an address here, neither names nor amounts.
    """
    row, secret = await CalendarLinks(work, caller).make(work, body)
    lost = Words(
        "该请求已完成，地址不再显示。如已遗失，请重新生成。",
        "This request was done; its address is not shown again. If it was lost, make a new one.",
    )
    answer_repeats_with(request, secret_shown_once("/v1/me/calendar", lost))
    response.headers.update({"Location": "/v1/me/calendar", "ETag": etag(row["version"])})
    return CalendarMade.with_secret(row, secret)


@mine_router.get("", summary="我的日程订阅 My calendar link")
async def read_my_calendar(caller: Official, view: Looking, response: Response) -> CalendarOut:
    """有无订阅地址，最近何日被读取；没有则 404。Whether there is a link, and the day when it was last read; 404 without one."""
    row = await CalendarLinks(view, caller).get()
    response.headers["ETag"] = etag(row["version"])
    return CalendarOut.of(row)


@mine_router.delete("", status_code=204, summary="撤销日程订阅 Revoke the calendar link")
async def remove_my_calendar(if_match: IfMatch, caller: Official, work: Writing) -> None:
    """订阅地址立即失效。The link ends at once."""
    await CalendarLinks(work, caller).remove(work, if_match)


@feed_router.get(
    "/{file}",
    summary="订阅日程 Subscribe to a calendar",
    response_class=Response,
    responses={
        200: {"content": {"text/calendar": {"schema": {"type": "string"}}}, "description": "iCalendar"},
        304: {"description": "Not modified"},
    },
)
async def read_calendar(
    file: Annotated[
        str,
        Path(
            description="订阅地址的末段：密文与 .ics。The last part of the link: its secret and .ics.",
            examples=["Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE.ics"],
        ),
    ],
    request: Request,
) -> Response:
    """凭地址中的密文读取，无须其他凭证（RFC 5545）。The secret in the address is all it takes; for calendars to subscribe to."""
    state, address = request.app.state, str(request.base_url).rstrip("/")
    feed = await read_feed(state.database, state.book, file.removesuffix(_SUFFIX), address) if file.endswith(_SUFFIX) else None
    if feed is None:
        raise _unknown()
    headers = {
        "ETag": f'"{feed.digest}"',
        "Last-Modified": format_datetime(feed.changed_at, usegmt=True),
        "Cache-Control": READ_AGAIN,
    }
    if _is_known(request, feed):
        return Response(status_code=304, headers=headers)
    return Response(feed.content, headers={**headers, "Content-Disposition": 'inline; filename="qinqing.ics"'}, media_type=_MEDIA)


def _is_known(request: Request, feed: Feed) -> bool:
    """Whether the calendar has it already; the tag goes before the date where both are sent (RFC 9110, section 13.2.2)."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        tag = f'"{feed.digest}"'
        return tags.strip() == "*" or not {tag, encoded(tag)}.isdisjoint(tags_in(tags))
    since = request.headers.get("if-modified-since")
    try:
        return since is not None and feed.changed_at <= parsedate_to_datetime(since)
    except (ValueError, TypeError):
        return False


def _unknown() -> Problem:
    return Problem(
        404,
        "not-found",
        Words("没有这个日程", "No such calendar"),
        Words("订阅地址不存在或已失效，请重新生成。", "The link does not exist or counts no more; make a new one."),
    )
