"""What endpoints ask for: the caller, a scope, a unit of work."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.responses import Response

from app.kit import idempotency
from app.kit.database import Database
from app.kit.errors import Problem, Words
from app.kit.problems import problem_response
from app.ledger.unit_of_work import Reading, Work, reading, work

from .caller import Caller, Scope, unauthenticated
from .disclosure import Disclosure, keep
from .keys import PREFIX
from .token_holder import token_holder

LONGEST_TOKEN = 16_384
"""Characters; a token of an issuer has one or two thousand, an API key 46."""

_bearer = HTTPBearer(auto_error=False, description="API 密钥（qq_…）或 OIDC 颁发的 JWT。An API key or a JWT of the configured issuer.")


async def authenticate(request: Request, token: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> Caller:
    """The caller named by the bearer token.

    Raises:
        Problem: 401 without a valid one.
    """
    if token is None:
        words = Words("请在 Authorization 请求头中提供 Bearer 密钥或令牌。", "Send a bearer key or token in the Authorization header.")
        raise unauthenticated(words, token_given=False)
    given, state = token.credentials, request.app.state
    if len(given) > LONGEST_TOKEN:
        raise unauthenticated(Words("密钥或令牌过长。", "The key or token is too long."))
    if given.startswith(PREFIX):
        return await state.key_ring.caller(given)  # type: ignore[no-any-return]
    if state.issuer is None:
        raise unauthenticated(
            Words("本服务未配置令牌认证，请使用 qq_ 开头的密钥。", "No token issuer is configured; use a key that starts with qq_.")
        )
    claims = await state.issuer.claims(given)
    async with reading(state.database) as view:
        return await token_holder(view, claims, state.settings.oidc_person_claim)


def Requires(*scopes: Scope) -> Any:  # noqa: N802  # reads as a marker: Annotated[Caller, Requires(Scope.ADMIN)]
    """A dependency that answers the caller if it holds one of the scopes; without scopes, any caller will do.

    Raises:
        Problem: 401, 403.
    """

    async def guard(caller: Annotated[Caller, Depends(authenticate)]) -> Caller:
        if scopes:
            caller.require(*scopes)
        return caller

    return Depends(guard)


def answer_repeats_with(request: Request, problem: Problem) -> None:
    """Keep this problem for the Idempotency-Key in place of the answer, which holds a secret that must not be kept.

    A repeat is thereby told that its first request was done, and where to look, without a copy of the secret at rest.
    """
    request.state.answer_to_repeats = problem


def secret_shown_once(location: str, detail: Words) -> Problem:
    """409 for whoever asks a second time for what was made at this address."""
    return Problem(409, "secret-shown-once", Words("密钥仅显示一次", "The secret is shown once"), detail, headers={"Location": location})


async def _open_reading(request: Request, _caller: Annotated[Caller, Depends(authenticate)]) -> AsyncIterator[Reading]:
    """Connected once the caller is known: to find the caller takes a connection too, and who held one already might wait for it for ever."""
    async with reading(request.app.state.database) as view:
        yield view


async def _open_disclosure(request: Request, caller: Annotated[Caller, Depends(authenticate)]) -> AsyncIterator[Disclosure]:
    """As above; what the answer holds of others is written down when the reading is over, and before the answer leaves."""
    async with reading(request.app.state.database) as view:
        disclosure = Disclosure(view.connection)
        yield disclosure
    others = disclosure.of_others(caller)
    if others:
        await keep(request.app.state.database, caller, others, request.scope["route"].name, request.state.request_id)


_KEY_DESCRIPTION = "同键同文重发得到同一答复（保留 7 天）。Sent again, the same request gets the same answer for 7 days."
_KEY_SCHEMA: dict[str, Any] = {"minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"}

IdempotencyKey = Annotated[str | None, Header(description=_KEY_DESCRIPTION, json_schema_extra=_KEY_SCHEMA)]
"""The key of a request that may be sent again."""


async def _open_work(
    request: Request,
    caller: Annotated[Caller, Depends(authenticate)],
    idempotency_key: IdempotencyKey = None,
) -> AsyncIterator[Work]:
    """A transaction in the caller's name; with an Idempotency-Key on a POST, the answer is kept in it."""
    database: Database = request.app.state.database
    async with AsyncExitStack() as stack:
        keyed = idempotency_key if request.method == "POST" else None
        if keyed is not None:
            stack.enter_context(idempotency.running(caller.actor, keyed))
        unit = await stack.enter_async_context(work(database, caller.actor))
        if keyed is not None:
            claim = await idempotency.claim(unit.connection, caller.actor, keyed, await idempotency.digest_of(request))

            async def keep(response: Response) -> None:
                instead: Problem | None = getattr(request.state, "answer_to_repeats", None)
                await claim.keep(unit.connection, problem_response(request, instead) if instead else response)

            request.state.keep_answer = keep
        yield unit


Looking = Annotated[Reading, Depends(_open_reading, scope="function")]
"""A connection that cannot write."""

Disclosing = Annotated[Disclosure, Depends(_open_disclosure, scope="function")]
"""A connection that cannot write, for answers with personal records: the door says whose they are, and there is no answer without its line."""

Writing = Annotated[Work, Depends(_open_work, scope="function")]
"""A unit of work, committed after the endpoint and before the answer leaves."""

AnyCaller = Annotated[Caller, Requires()]
"""Whoever has proved who they are."""
