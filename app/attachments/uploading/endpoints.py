"""Doors for uploads in parts."""

from collections.abc import Callable, Coroutine
from email.utils import format_datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Request, Response
from starlette.requests import ClientDisconnect

from app.access.dependencies import AnyCaller, IdempotencyKey, Looking, Writing
from app.attachments.adding import Named
from app.attachments.policy import Policy
from app.attachments.service import Values, require_open
from app.kit import idempotency
from app.kit.database import Database
from app.kit.door import Door
from app.kit.errors import Problem, Words
from app.ledger.unit_of_work import reading, work

from .protocol import ALGORITHMS, EXTENSIONS, MEDIA_TYPE, VERSION, checksum, metadata, number, require_media_type, require_version
from .service import Uploading, begin, forget, standing

PATHS = r"/v1/declarations/[^/]+/uploads(/[^/]+)?"
"""Where parts come in, whose bodies may be larger."""


class TusDoor(Door):
    """A door that names the version of the protocol in every answer, refusals included."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with the version."""
        handle = super().get_route_handler()

        async def versioned(request: Request) -> Response:
            try:
                response = await handle(request)
            except Problem as problem:
                problem.headers.setdefault("Tus-Resumable", VERSION)
                raise
            response.headers["Tus-Resumable"] = VERSION
            return response

        return versioned


router = APIRouter(prefix="/v1/declarations/{declaration_id}/uploads", tags=["uploads"], route_class=TusDoor)

Version = Annotated[
    str | None,
    Header(alias="Tus-Resumable", description="tus 版本，须为 1.0.0。Version of the protocol.", examples=[VERSION], max_length=20),
]
_Length = Annotated[
    str | None,
    Header(alias="Upload-Length", description="整个文件的字节数。How many bytes the whole file has.", examples=["8"], max_length=20),
]
_Offset = Annotated[
    str | None, Header(alias="Upload-Offset", description="自何处续传。From where on these bytes are.", examples=["0"], max_length=20)
]
_SAID_OF_METADATA = "键与 Base64 值，逗号分隔：filename 为文件名，client_id 为客户端自编的 UUID。Keys with values in base64: `filename`, and `client_id`, a UUID that the client makes."
_Metadata = Annotated[
    str | None, Header(alias="Upload-Metadata", description=_SAID_OF_METADATA, examples=["filename 5Y+R56WoLmpwZw=="], max_length=2000)
]
_Checksum = Annotated[
    str | None,
    Header(
        alias="Upload-Checksum",
        description="该段的校验值。Checksum of these bytes.",
        examples=["sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0="],
        max_length=200,
    ),
]
_PART: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "文件的一段。A part of the file.",
        "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    }
}
_HEADERS = {
    "Tus-Resumable": "tus 版本。Version of the protocol.",
    "Upload-Offset": "已收到的字节数。How many bytes are there.",
    "Upload-Length": "整个文件的字节数。How many bytes the whole file has.",
    "Upload-Expires": "此后不再等待续传。Until when the rest is waited for.",
    "Content-Location": "全部收到后：附件的地址。Once all is there: where the attachment is read.",
}


def _answered(said: str, *names: str) -> dict[int | str, dict[str, Any]]:
    """What an answer without a body says in its headers."""
    headers = {name: {"description": _HEADERS[name], "schema": {"type": "string"}} for name in ("Tus-Resumable", *names)}
    return {204: {"description": said, "headers": headers}}


_HOW_FAR = _answered(
    "进度见响应头。How far it has come is in the headers.", "Upload-Offset", "Upload-Length", "Upload-Expires", "Content-Location"
)
_GONE_ON = _answered("已收到。It is there.", "Upload-Offset", "Upload-Expires", "Content-Location")

_MAYBE_A_PART: dict[str, Any] = {"requestBody": {**_PART["requestBody"], "required": False}}


@router.options("", status_code=204, summary="续传能力 What uploads can do", response_class=Response)
async def read_upload_abilities(declaration_id: UUID, request: Request, caller: AnyCaller) -> Response:
    """支持的版本、扩展、大小上限与校验算法。Versions, extensions, the largest size and the algorithms of checksums."""
    del caller, declaration_id  # the same for everybody and everything
    policy: Policy = request.app.state.attachments
    return Response(
        status_code=204,
        headers={
            "Tus-Version": VERSION,
            "Tus-Extension": EXTENSIONS,
            "Tus-Max-Size": str(policy.limits.file_bytes),
            "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
        },
    )


@router.post("", status_code=201, summary="开始续传 Begin an upload", openapi_extra=_MAYBE_A_PART, response_class=Response)
async def begin_upload(
    declaration_id: UUID,
    request: Request,
    caller: AnyCaller,
    version: Version = None,
    length: _Length = None,
    stated: _Metadata = None,
    sum_: _Checksum = None,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Tus 1.0.0：告知总长度，得到续传地址 Location；同一 client_id 得到同一上传。Says how long the file is and gets its address; the same `client_id` gets the same upload. The first part may come along."""
    require_version(version)
    policy: Policy = request.app.state.attachments
    policy.require_store()
    size, (file_name, client_id) = number("Upload-Length", length), metadata(stated)
    if not size:
        raise _empty()
    has_part = request.headers.get("content-type") is not None
    if has_part:
        require_media_type(request.headers["content-type"])
    wanted = checksum(sum_)
    async with work(request.app.state.database, caller.actor) as unit:
        seal = idempotency.digest_with(request, f"{size} {stated}".encode())
        claim = await idempotency.claim(unit.connection, caller.actor, idempotency_key, seal) if idempotency_key is not None else None
        row = await begin(unit, caller, Named(declaration_id, client_id, file_name), size, policy)
        response = Response(status_code=201, headers={"Location": f"{request.url.path}/{row['id']}", **_told(row, row["received"])})
        if claim is not None:
            await claim.keep(unit.connection, response)
    if has_part and not row["received"]:
        at = await _gone_on(request, Uploading(request.app.state.database, policy, caller), row, 0, wanted)
        response.headers.update(_told(row, at))
    return response


@router.head("/{upload_id}", status_code=204, summary="续传进度 How far an upload has come", response_class=Response, responses=_HOW_FAR)
async def read_upload_offset(declaration_id: UUID, upload_id: UUID, caller: AnyCaller, view: Looking, version: Version = None) -> Response:
    """已收到的字节数见 Upload-Offset；仅上传者可见。How many bytes are there, in Upload-Offset; for who began it alone."""
    require_version(version)
    row = await standing(view, caller, declaration_id, upload_id)
    return Response(
        status_code=204, headers={**_told(row, row["received"]), "Upload-Length": str(row["bytes"]), "Cache-Control": "no-store"}
    )


@router.patch(
    "/{upload_id}", status_code=204, summary="续传 Go on with an upload", openapi_extra=_PART, response_class=Response, responses=_GONE_ON
)
async def continue_upload(
    declaration_id: UUID,
    upload_id: UUID,
    request: Request,
    caller: AnyCaller,
    version: Version = None,
    offset: _Offset = None,
    sum_: _Checksum = None,
) -> Response:
    """自 Upload-Offset 起的一段；全部收到后即成为同编号的附件，在后台处理。A part from Upload-Offset on. When all is there it is the attachment of the same id, and processed in the background."""
    require_version(version)
    require_media_type(request.headers.get("content-type", ""))
    policy: Policy = request.app.state.attachments
    policy.require_store()
    database: Database = request.app.state.database
    at, wanted = number("Upload-Offset", offset), checksum(sum_)
    async with reading(database) as view:
        row = await standing(view, caller, declaration_id, upload_id)
        if row["attached_at"] is None:
            await require_open(view, caller, declaration_id)
    come = await _gone_on(request, Uploading(database, policy, caller), dict(row), at, wanted)
    return Response(status_code=204, headers=_told(row, come))


@router.delete("/{upload_id}", status_code=204, summary="放弃续传 Give an upload up", response_class=Response)
async def end_upload(declaration_id: UUID, upload_id: UUID, caller: AnyCaller, work: Writing, version: Version = None) -> Response:
    """删除已收到的部分；已成为附件的不受影响。Erases what has come so far; what is an attachment by now stays one."""
    require_version(version)
    await standing(work, caller, declaration_id, upload_id)
    await forget(work, [upload_id])
    return Response(status_code=204)


async def _gone_on(request: Request, uploading: Uploading, row: Values, at: int, wanted: Any) -> int:
    try:
        return await uploading.go_on(row, at, request.stream(), wanted)
    except ClientDisconnect as error:
        said = Words("已收到的部分已保留，请续传。", "What had come is kept; go on from there.")
        raise Problem(400, "upload-broken-off", Words("上传中断", "The upload broke off"), said) from error


def _told(row: Any, at: int) -> dict[str, str]:
    """How far it has come, until when it is waited for, and where the attachment is once all is there."""
    there = {"Content-Location": f"/v1/declarations/{row['declaration_id']}/attachments/{row['id']}"} if at == row["bytes"] else {}
    return {"Upload-Offset": str(at), "Upload-Expires": format_datetime(row["expires_at"], usegmt=True), **there}


def _empty() -> Problem:
    return Problem(
        422, "file-empty", Words("文件为空", "The file is empty"), Words("Upload-Length 须大于 0。", "Upload-Length is more than nought.")
    )
