"""Doors for attachments."""

from contextlib import ExitStack
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request, Response
from starlette.requests import ClientDisconnect
from starlette.responses import StreamingResponse

from app.access.caller import Caller
from app.access.dependencies import AnyCaller, Disclosing, IdempotencyKey, Writing
from app.declarations.visibility import whose
from app.kit import idempotency
from app.kit.answers import answer
from app.kit.database import Database
from app.kit.door import Door
from app.kit.errors import Problem, Words
from app.kit.etags import IfMatch, etag
from app.kit.ids import new_id
from app.kit.pages import AskedPage, PageOut, link_header
from app.kit.problems import prefers_english
from app.kit.ranges import AskedRange, IfRange, part_of
from app.kit.representation import READ_AGAIN, tags_in
from app.ledger.unit_of_work import reading, work
from app.rulebook.statement import Name

from .adding import Named, Prepared, attach, columns_of, prepare
from .kinds import ANY, MediaType, require_taken, stated_type
from .policy import Policy
from .receiving import received, workshop
from .schemas import AttachmentOut, AttachmentState, AttachmentWithdrawal
from .service import AttachmentDesk, Attachments, Values, require_open
from .serving import bytes_of, headers_of, require_ready, tag_of

PATHS = r"/v1/declarations/[^/]+/attachments"
"""Where files come in, whose bodies may be larger."""

router = APIRouter(prefix="/v1/declarations/{declaration_id}/attachments", tags=["attachments"], route_class=Door)

_BINARY: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
_FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "文件本身：JPEG、PNG、HEIC 或 PDF，依内容识别。The file itself: JPEG, PNG, HEIC or PDF, told by its content.",
        "content": dict.fromkeys((*MediaType, ANY), _BINARY),
    }
}
_SHOWN: dict[int | str, dict[str, Any]] = {
    200: {"description": "文件。The file.", "content": dict.fromkeys((MediaType.JPEG, MediaType.PNG, MediaType.PDF), _BINARY)},
    206: {"description": "文件的一部分。A part of it.", "content": dict.fromkeys((MediaType.JPEG, MediaType.PNG, MediaType.PDF), _BINARY)},
    304: {"description": "自上次读取未变。It is what was read last."},
}
_SMALL: dict[int | str, dict[str, Any]] = {
    200: {"description": "缩略图。The thumbnail.", "content": {MediaType.JPEG.value: _BINARY}},
    304: {"description": "自上次读取未变。It is what was read last."},
}

ClientId = Annotated[
    UUID | None,
    Query(
        description="客户端自编的编号；以同一编号重发同一文件，得到同一附件。An id that the client makes; the same file sent again under it is the same attachment.",
        examples=["7d444840-9dc0-41d1-b245-5ffdce74fad2"],
    ),
]
IfNoneMatch = Annotated[
    str | None, Header(description="上次的 ETag；未变则答 304。The ETag that was read last; 304 if it stands.", max_length=500)
]


@router.post(
    "",
    status_code=201,
    summary="添加附件 Attach a file",
    openapi_extra=_FILE,
    response_model=AttachmentOut,
    responses={200: {"model": AttachmentOut, "description": "此前已以同一 client_id 添加。Attached before under the same `client_id`."}},
)
async def add_attachment(
    declaration_id: UUID,
    request: Request,
    caller: AnyCaller,
    file_name: Annotated[
        Name | None, Query(description="文件名，仅供辨认。Name of the file, to know it by.", examples=["发票.jpg"])
    ] = None,
    client_id: ClientId = None,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """请求体即文件；去除位置、设备等信息后保存，小文件当即完成（state 为 ready），其余在后台处理。The body is the file. It is kept without what tells of place and device: at once where it is small, else in the background, as `state` tells."""
    policy: Policy = request.app.state.attachments
    database: Database = request.app.state.database
    policy.require_store()
    stated = stated_type(request.headers.get("content-type", ""))
    async with reading(database) as view:
        declaration_id = await require_open(view, caller, declaration_id)
    with workshop() as folder, ExitStack() as held:
        try:
            file = await received(request.stream(), folder, policy.limits.file_bytes)
        except ClientDisconnect as error:
            raise _broken_off() from error
        media_type = require_taken(file.head, stated)
        values = columns_of(new_id(), Named(declaration_id, client_id, file_name), file, media_type)
        seal = idempotency.digest_with(request, file.digest)
        if idempotency_key is not None:
            held.enter_context(idempotency.running(caller.actor, idempotency_key))
            async with work(database, caller.actor) as unit:
                await idempotency.claim(unit.connection, caller.actor, idempotency_key, seal)
        prepared = await prepare(database, policy, caller.actor, values, file)
        return await _attached(request, caller, values, prepared, (idempotency_key, seal))


async def _attached(request: Request, caller: Caller, values: Values, prepared: Prepared | None, keyed: tuple[str | None, str]) -> Response:
    """The answer, kept for the key in the unit of work that puts the file on record."""
    key, seal = keyed
    async with work(request.app.state.database, caller.actor) as unit:
        claim = await idempotency.claim(unit.connection, caller.actor, key, seal) if key is not None else None
        await require_open(unit, caller, values["declaration_id"])
        row, new = await attach(unit, request.app.state.attachments, values, prepared)
        headers = {"Location": f"{request.url.path}/{row['id']}", "ETag": etag(row["version"])}
        if row["state"] == AttachmentState.PROCESSING:
            headers["Retry-After"] = "1"
        said = AttachmentOut.of(row, english=prefers_english(request)).model_dump(mode="json")
        response = answer(said, 201 if new else 200, headers)
        if claim is not None:
            await claim.keep(unit.connection, response)
    return response


@router.get("", summary="附件列表 List attachments")
async def list_attachments(
    declaration_id: UUID,
    request: Request,
    response: Response,
    page: AskedPage,
    caller: AnyCaller,
    view: Disclosing,
    client_id: ClientId = None,
) -> PageOut[AttachmentOut]:
    """一份申报的附件，最新在前；可见范围同申报。Those of one declaration, newest first, for whoever sees it."""
    attachments, english = Attachments(view, caller), prefers_english(request)
    declared = await attachments.declaration(declaration_id)
    view.disclose(whose([declared]))
    rows, following = page.cut(await attachments.list(page, declared["id"], client_id))
    response.headers.update(link_header(request, following))
    total = await attachments.count(declared["id"], client_id) if page.count else None
    return PageOut(items=[AttachmentOut.of(row, english=english) for row in rows], next=following, count=total)


@router.get("/{attachment_id}", summary="读取附件记录 Read an attachment")
async def read_attachment(
    declaration_id: UUID, attachment_id: UUID, request: Request, response: Response, caller: AnyCaller, view: Disclosing
) -> AttachmentOut:
    """附件的记录：状态、摘要与大小。Its record: state, digests and size."""
    row = await Attachments(view, caller).get(declaration_id, attachment_id)
    view.disclose(whose([row]))
    response.headers["ETag"] = etag(row["version"])
    return AttachmentOut.of(row, english=prefers_english(request))


@router.get("/{attachment_id}/content", summary="下载附件 Download an attachment", response_class=Response, responses=_SHOWN)
async def read_attachment_content(
    declaration_id: UUID,
    attachment_id: UUID,
    request: Request,
    caller: AnyCaller,
    view: Disclosing,
    range_: AskedRange = None,
    if_range: IfRange = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """所保存的文件，可续传。The file as it is kept; a download can be resumed."""
    row = await Attachments(view, caller).get(declaration_id, attachment_id)
    view.disclose(whose([row]))
    return await _shown(request, row, "kept", (range_, if_range, if_none_match))


@router.get("/{attachment_id}/thumbnail", summary="附件缩略图 Thumbnail of an attachment", response_class=Response, responses=_SMALL)
async def read_attachment_thumbnail(
    declaration_id: UUID, attachment_id: UUID, request: Request, caller: AnyCaller, view: Disclosing, if_none_match: IfNoneMatch = None
) -> Response:
    """JPEG，长边至多 320 像素；PDF 为第一页。A jpeg of at most 320 pixels; of a PDF, its first page."""
    row = await Attachments(view, caller).get(declaration_id, attachment_id)
    view.disclose(whose([row]))
    return await _shown(request, row, "thumbnail", (None, None, if_none_match))


@router.delete("/{attachment_id}", status_code=204, summary="删除草稿的附件 Remove an attachment of a draft")
async def remove_attachment(declaration_id: UUID, attachment_id: UUID, if_match: IfMatch, caller: AnyCaller, work: Writing) -> None:
    """仅限草稿；提交后请撤回。Of a draft alone; what is filed can be withdrawn."""
    await AttachmentDesk(work, caller).remove(declaration_id, attachment_id, if_match)


@router.post("/{attachment_id}/withdrawal", summary="撤回附件 Withdraw an attachment")
async def withdraw_attachment(
    declaration_id: UUID,
    attachment_id: UUID,
    body: AttachmentWithdrawal,
    if_match: IfMatch,
    request: Request,
    response: Response,
    caller: AnyCaller,
    work: Writing,
) -> AttachmentOut:
    """说明理由；记录与文件保留。With a reason; record and file stay."""
    row = await AttachmentDesk(work, caller).withdraw(declaration_id, attachment_id, body.reason, if_match)
    response.headers["ETag"] = etag(row["version"])
    return AttachmentOut.of(row, english=prefers_english(request))


async def _shown(request: Request, row: Values, what: str, asked: tuple[str | None, str | None, str | None]) -> Response:
    """The bytes, a part of them, or that they are as they were."""
    range_, if_range, if_none_match = asked
    require_ready(row)
    tag = tag_of(row, what)
    if if_none_match is not None and tag in tags_in(if_none_match):
        return Response(status_code=304, headers={"ETag": tag, "Cache-Control": READ_AGAIN})
    part = part_of(row[f"{what}_bytes"], tag, range_, if_range)
    policy: Policy = request.app.state.attachments
    content = await bytes_of(policy.require_store(), row, what, part)
    return StreamingResponse(content, 200 if part.whole else 206, headers_of(row, what, part))


def _broken_off() -> Problem:
    return Problem(400, "upload-broken-off", Words("上传中断", "The upload broke off"), Words("请重新上传文件。", "Send the file again."))
