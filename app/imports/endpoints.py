"""Doors for imports."""

from contextlib import ExitStack
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import ValidationError
from starlette.requests import ClientDisconnect
from starlette.responses import StreamingResponse

from app.access.caller import Caller, Scope
from app.access.dependencies import IdempotencyKey, Looking, Requires, Writing
from app.kit import idempotency
from app.kit.answers import answer
from app.kit.database import Database
from app.kit.door import Door
from app.kit.errors import Problem, Words, invalid
from app.kit.etags import IfMatch, etag
from app.kit.pages import AskedPage, PageOut, link_header
from app.kit.problems import faults_of, prefers_english
from app.ledger.unit_of_work import reading, work
from app.rulebook.statement import Name

from .conventions import MappingIn, require_known
from .kinds import KINDS
from .receiving import Received, enter, give_up, received
from .rendering import rendered
from .report import report_of
from .schemas import ImportKind, ImportOut
from .service import Asked, Imports
from .templates import MEDIA, TemplateFormat, template

PATH = "/v1/imports"

router = APIRouter(prefix=PATH, tags=["imports"], route_class=Door)
Importing = Annotated[Caller, Requires(Scope.PEOPLE_WRITE, Scope.DECLARATIONS_FILE_FOR_OTHERS)]

_BINARY = {"schema": {"type": "string", "format": "binary"}}
_FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "文件本身：csv、xlsx 或 ndjson，依内容识别。The file itself: csv, xlsx or ndjson, told apart by its content.",
        "content": dict.fromkeys((MEDIA["xlsx"], "application/x-ndjson", "application/octet-stream"), _BINARY)
        | {"text/csv": {**_BINARY, "example": "工号,姓名\nE00001,张明\n"}},
    }
}
_MAPPING = (
    "JSON：表头所对应的列（columns）、留空时的值（defaults）、文件自有的用词（words）、币种与日月次序。"
    "As JSON: which column each heading is, what holds where the file is silent, words of its own, the currency, and which of day and month stands first."
)
_EXAMPLE = '{"currency": "GBP", "day_order": "day_first"}'
_AS_JSON = {"contentMediaType": "application/json", "contentSchema": {"$ref": "#/components/schemas/MappingIn"}}


def _mapping(
    mapping: Annotated[str | None, Query(description=_MAPPING, examples=[_EXAMPLE], json_schema_extra=_AS_JSON)] = None,
) -> MappingIn | None:
    """The mapping, read.

    Raises:
        Problem: 422.
    """
    try:
        return None if mapping is None else MappingIn.model_validate_json(mapping)
    except ValidationError as error:
        raise invalid(faults_of(error.errors(include_input=False, include_url=False), at="/query/mapping")) from error


Mapping = Annotated[MappingIn | None, Depends(_mapping)]

_OTHER_BODIES = ("application/json", "multipart/form-data")


@router.post("", status_code=202, summary="导入文件 Import a file", openapi_extra=_FILE, response_model=ImportOut, response_class=Response)
async def create_import(
    request: Request,
    caller: Importing,
    of: Annotated[ImportKind, Query(description="各行是什么。What the rows are.")],
    dry_run: Annotated[bool, Query(description="试运行，仅告知结果。Tell what would be done, and write nothing.")] = False,
    file_name: Annotated[Name | None, Query(description="文件名，仅供辨认。Name of the file, to know it by.")] = None,
    sheet: Annotated[Name | None, Query(description="工作表；空为第一张。The sheet of a workbook; the first by default.")] = None,
    mapping: Mapping = None,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """请求体即文件；在后台逐行导入，可随时中断而不重不漏，进度见 Location。The body is the file; its rows are taken in in the background, nothing twice and nothing left out, and `Location` tells how far it has come."""
    caller.require(*KINDS[of].scopes)
    if mapping is not None:
        require_known(mapping, KINDS[of])
    _require_file(request)
    try:
        file = await received(request.stream())
    except ClientDisconnect as error:
        raise _broken_off() from error
    with file.file, ExitStack() as held:
        if idempotency_key is not None:
            held.enter_context(idempotency.running(caller.actor, idempotency_key))
        return await _entered(request, caller, Asked(of, dry_run, file_name, sheet, mapping), file, idempotency_key)


async def _entered(request: Request, caller: Caller, asked: Asked, file: Received, key: str | None) -> Response:
    """The answer, kept for the key in the unit of work that puts the import on the list of work."""
    database: Database = request.app.state.database
    settings = request.app.state.settings
    seal = idempotency.digest_with(request, file.digest)
    if key is not None:
        async with work(database, caller.actor) as unit:
            await idempotency.claim(unit.connection, caller.actor, key, seal)
    import_id = await enter(database, caller, asked, file)
    try:
        async with work(database, caller.actor) as unit:
            claim = await idempotency.claim(unit.connection, caller.actor, key, seal) if key is not None else None
            row = await Imports(unit, caller).ask(unit, import_id, timedelta(days=settings.import_days))
            said = rendered(row, english=prefers_english(request)).model_dump(mode="json")
            response = answer(said, 202, {"Location": f"{PATH}/{import_id}", "ETag": etag(row["version"]), "Retry-After": "2"})
            if claim is not None:
                await claim.keep(unit.connection, response)
    except BaseException:
        await give_up(database, caller, import_id)
        raise
    return response


@router.get("", summary="导入列表 List imports")
async def list_imports(request: Request, response: Response, page: AskedPage, caller: Importing, view: Looking) -> PageOut[ImportOut]:
    """本凭证请求的导入，最新在前。Those that this credential has asked for, newest first."""
    imports = Imports(view, caller)
    rows, following = page.cut(await imports.list(page))
    response.headers.update(link_header(request, following))
    items = [rendered(row, english=prefers_english(request)) for row in rows]
    return PageOut(items=items, next=following, count=await imports.count() if page.count else None)


@router.get(
    "/templates/{of}",
    summary="导入模板 A template to fill in",
    response_class=Response,
    responses={200: {"description": "文件。The file.", "content": {media.partition(";")[0]: _BINARY for media in MEDIA.values()}}},
)
async def read_import_template(
    of: ImportKind,
    caller: Importing,
    format_: Annotated[TemplateFormat, Query(alias="format", description="格式。What it is written as.")] = TemplateFormat.XLSX,
) -> Response:
    """含表头、填写说明与一行示例；留在文件中的示例行不予导入。With headings, explanations and an example, which is passed over when it is left in."""
    caller.require(*KINDS[of].scopes)
    headers = {"Content-Disposition": f'attachment; filename="qinqing-{of}.{format_}"'}
    return Response(template(KINDS[of], format_), media_type=MEDIA[format_], headers=headers)


@router.get("/{import_id}", summary="读取导入 Read an import")
async def read_import(import_id: UUID, request: Request, response: Response, caller: Importing, view: Looking) -> ImportOut:
    """进度与结果；仅请求者可见。How far it has come and what became of its rows; for who asked for it alone."""
    row = await Imports(view, caller).get(import_id)
    response.headers["ETag"] = etag(row["version"])
    return rendered(row, english=prefers_english(request))


@router.get(
    "/{import_id}/report",
    summary="导入报告 Report of an import",
    response_class=Response,
    responses={200: {"description": "文件。The file.", "content": {"text/csv": _BINARY}}},
)
async def read_import_report(import_id: UUID, request: Request, caller: Importing) -> Response:
    """未导入的各行：行号、列、原因与更正办法，及原文（csv，UTF-8 带 BOM，公式字符已中和）。The rows that were not taken in: number, column, what is wrong, and the row as it was; csv in UTF-8 with a mark, formulas made harmless."""
    database: Database = request.app.state.database
    async with reading(database) as view:
        row = await Imports(view, caller).get(import_id)
    report = report_of(database, caller, row, english=prefers_english(request))
    headers = {"Content-Disposition": f'attachment; filename="qinqing-import-{str(import_id)[-12:]}.csv"'}
    return StreamingResponse(report, media_type=MEDIA["csv"], headers=headers)


@router.post("/{import_id}/cancellation", summary="取消导入 Cancel an import")
async def cancel_import(
    import_id: UUID, if_match: IfMatch, request: Request, response: Response, caller: Importing, work: Writing
) -> ImportOut:
    """在正处理的一批之后停止；已导入的各行保留。Stops after the rows that are being taken in; those that were stay."""
    row = await Imports(work, caller).cancel(work, import_id, if_match)
    response.headers["ETag"] = etag(row["version"])
    return rendered(row, english=prefers_english(request))


@router.delete("/{import_id}", status_code=204, summary="删除导入 Discard an import")
async def discard_import(import_id: UUID, if_match: IfMatch, caller: Importing, work: Writing) -> None:
    """删除已结束的导入及其报告；所导入的记录不受影响。Erases one that has ended, with its report; what it took in stays."""
    await Imports(work, caller).discard(work, import_id, if_match)


def _require_file(request: Request) -> None:
    """The body is the file itself.

    Raises:
        Problem: 415 for a form around it, or JSON that is not a file of rows.
    """
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media in _OTHER_BODIES:
        raise Problem(
            415,
            "unsupported-media-type",
            Words("不支持的内容类型", "Unsupported media type"),
            Words(
                "请以文件本身作为请求体（如 curl --data-binary @people.xlsx），类型为 text/csv、xlsx、application/x-ndjson 或 application/octet-stream。",
                "Send the file itself as the body (curl --data-binary @people.xlsx), as text/csv, xlsx, application/x-ndjson or application/octet-stream.",
            ),
            headers={"Accept": f"text/csv, {MEDIA['xlsx']}, application/x-ndjson, application/octet-stream"},
        )


def _broken_off() -> Problem:
    return Problem(400, "upload-broken-off", Words("上传中断", "The upload broke off"), Words("请重新上传文件。", "Send the file again."))
