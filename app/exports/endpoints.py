"""Doors for exports."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Request, Response
from starlette.responses import StreamingResponse

from app.access.caller import COMMISSION, Caller
from app.access.dependencies import Looking, Requires, Writing
from app.kit.database import Database
from app.kit.door import Door
from app.kit.etags import IfMatch, etag
from app.kit.pages import AskedPage, PageOut, link_header
from app.kit.problems import prefers_english
from app.kit.ranges import AskedRange, IfRange

from .download import begin, bytes_of, headers_of
from .formats import MEDIA
from .rendering import rendered
from .schemas import ExportIn, ExportOut
from .service import Exports, Limits, version_of

router = APIRouter(prefix="/v1/exports", tags=["exports"], route_class=Door)
Exporting = Annotated[Caller, Requires(*COMMISSION)]

_HEADERS = {
    "ETag": "文件的 SHA-256，续传时放入 If-Range。SHA-256 of the file, for If-Range.",
    "Repr-Digest": "整个文件的摘要（RFC 9530）。Digest of the whole file.",
    "Accept-Ranges": "bytes：可续传。A download can be resumed.",
    "Content-Disposition": "文件名（RFC 8187）。The file's name.",
}
_FILE: dict[str, Any] = {
    "content": {media.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}} for media in MEDIA.values()},
    "headers": {name: {"description": said, "schema": {"type": "string"}} for name, said in _HEADERS.items()},
}


@router.post("", status_code=202, summary="请求导出 Ask for an export")
async def create_export(
    body: Annotated[ExportIn, Body()], request: Request, response: Response, caller: Exporting, work: Writing
) -> ExportOut:
    """在后台导出申报或疑点，所含以调用者此刻可见者为限；进度见 Location。Exports declarations or findings in the background, as far as the caller sees them now; `Location` tells how far it has come."""
    settings = request.app.state.settings
    limits, english = Limits(settings.export_rows, settings.export_hours), prefers_english(request)
    row = await Exports(work, caller).ask(work, body, limits, english=english)
    response.headers.update({"Location": f"/v1/exports/{row['id']}", "ETag": etag(version_of(row)), "Retry-After": "2"})
    return rendered(row, english=english)


@router.get("", summary="导出列表 List exports")
async def list_exports(request: Request, response: Response, page: AskedPage, caller: Exporting, view: Looking) -> PageOut[ExportOut]:
    """本凭证请求的导出，最新在前；过期三十日后不再列出。Those that this credential has asked for, newest first; no longer told of thirty days after they expired."""
    exports = Exports(view, caller)
    rows, following = page.cut(await exports.list(page))
    response.headers.update(link_header(request, following))
    items = [rendered(row, english=prefers_english(request)) for row in rows]
    return PageOut(items=items, next=following, count=await exports.count() if page.count else None)


@router.get("/{export_id}", summary="读取导出 Read an export")
async def read_export(export_id: UUID, request: Request, response: Response, caller: Exporting, view: Looking) -> ExportOut:
    """进度、摘要与下载地址；仅请求者可见。How far it has come, its digest, and where the file is; for who asked for it alone."""
    row = await Exports(view, caller).get(export_id)
    response.headers["ETag"] = etag(version_of(row))
    return rendered(row, english=prefers_english(request))


@router.get(
    "/{export_id}/file",
    summary="下载导出 Download an export",
    response_class=Response,
    responses={200: {"description": "文件。The file.", **_FILE}, 206: {"description": "文件的一部分。A part of it.", **_FILE}},
)
async def download_export(
    export_id: UUID,
    request: Request,
    caller: Exporting,
    range_: AskedRange = None,
    if_range: IfRange = None,
) -> Response:
    """下载文件，可续传；每次下载先记入台账。The file, from wherever a download broke off; each download is in the ledger before its first byte."""
    database: Database = request.app.state.database
    row, part = await begin(database, caller, export_id, range_, if_range)
    return StreamingResponse(bytes_of(database, row, part), 200 if part.whole else 206, headers_of(row, part))


@router.delete("/{export_id}", status_code=204, summary="删除导出 Discard an export")
async def discard_export(export_id: UUID, if_match: IfMatch, caller: Exporting, work: Writing) -> None:
    """删除导出及其文件；进行中的随即中止。Erases an export with its file; one under way is given up."""
    await Exports(work, caller).discard(work, export_id, if_match)
