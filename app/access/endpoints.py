"""Doors for API keys (scope `admin`)."""

from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from app.kit.door import Door
from app.kit.errors import Problem, Words
from app.kit.etags import IfMatch, etag
from app.kit.pages import AskedPage, PageOut, link_header

from .caller import Caller, Scope
from .dependencies import Looking, Requires, Writing, answer_repeats_with, secret_shown_once
from .keys import ApiKeys
from .schemas import ApiKeyIn, ApiKeyMade, ApiKeyOut

router = APIRouter(prefix="/v1/api-keys", tags=["api-keys"], route_class=Door)
Operator = Annotated[Caller, Requires(Scope.ADMIN)]


async def _forget_after_commit(request: Request) -> AsyncIterator[None]:
    """Entered before the unit of work and so left after its commit: then no key is remembered that was just revoked."""
    yield
    request.app.state.key_ring.forget()


@router.post("", status_code=201, summary="签发密钥 Make a key")
async def create_api_key(body: ApiKeyIn, caller: Operator, work: Writing, request: Request, response: Response) -> ApiKeyMade:
    """签发密钥；密钥仅在本答复中显示一次。The secret stands in this answer and nowhere else.

    密钥不予保存：以同一 Idempotency-Key 重发时得到 409 `secret-shown-once`，指明已签发的密钥编号。
    So a repeat with the same Idempotency-Key is answered 409 `secret-shown-once` with the id of the key that was made;
    if its secret was lost, revoke that key and make another.
    """
    row, secret = await ApiKeys(work).add(work, body.request(), caller)
    answer_repeats_with(request, _shown_once(row["id"]))
    response.headers.update({"Location": _address(row["id"]), "ETag": etag(row["version"])})
    return ApiKeyMade.with_secret(row, secret)


@router.get("", summary="密钥列表 List keys")
async def list_api_keys(request: Request, response: Response, page: AskedPage, caller: Operator, view: Looking) -> PageOut[ApiKeyOut]:
    """列出密钥（不含密钥本身），新近者在前。Keys without their secrets, newest first."""
    rows, following = page.cut(await ApiKeys(view).list(page, caller))
    response.headers.update(link_header(request, following))
    total = await ApiKeys(view).count(caller) if page.count else None
    return PageOut(items=[ApiKeyOut.of(row) for row in rows], next=following, count=total)


@router.get("/{api_key_id}", summary="读取密钥 Read a key")
async def read_api_key(api_key_id: UUID, caller: Operator, view: Looking, response: Response) -> ApiKeyOut:
    """读取一个密钥的信息。One key, without its secret."""
    row = await ApiKeys(view).get(api_key_id, caller)
    response.headers["ETag"] = etag(row["version"])
    return ApiKeyOut.of(row)


@router.delete(
    "/{api_key_id}", status_code=204, summary="撤销密钥 Revoke a key", dependencies=[Depends(_forget_after_commit, scope="function")]
)
async def revoke_api_key(api_key_id: UUID, if_match: IfMatch, caller: Operator, work: Writing) -> None:
    """撤销后立即失效；记录保留。The key ends at once; its record stays."""
    await ApiKeys(work).revoke(work, api_key_id, if_match, caller)


def _address(api_key_id: UUID) -> str:
    return f"/v1/api-keys/{api_key_id}"


def _shown_once(api_key_id: UUID) -> Problem:
    return secret_shown_once(
        _address(api_key_id),
        Words(
            f"该请求已签发密钥 {api_key_id}，密钥内容不再显示。如已遗失，请撤销该密钥并另行签发。",
            f"This request has already made the key {api_key_id}, whose secret is not shown again. If it was lost, revoke that key and make another.",
        ),
    )
