"""The door for catching up."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.access.caller import Caller, Scope
from app.access.dependencies import Looking, Requires
from app.kit.answers import answer
from app.kit.door import Door
from app.kit.errors import Problem, Words
from app.kit.pages import Limit
from app.kit.problems import prefers_english

from .schemas import ChangesOut
from .service import Changes

router = APIRouter(prefix="/v1/changes", tags=["offline"], route_class=Door)
Official = Annotated[Caller, Requires(Scope.DECLARATIONS_WRITE)]


@router.get("", response_model=ChangesOut, summary="增量同步 What has changed of mine")
async def list_changes(
    request: Request,
    caller: Official,
    view: Looking,
    since: Annotated[
        str | None,
        Query(
            max_length=64,
            description="上次所得的 next；首次同步不填。The `next` of the last call; left out at first.",
            examples=["AQAAAAAAAAAqc1d0uF6jLpA"],
        ),
    ] = None,
    limit: Limit = 50,
) -> Response:
    """本人各项记录自上次以来的变动，每份只列现状。What has changed of one's own records since the last call, each once as it stands.

    申报（含草稿与已撤回的）及其附件、由人提出的疑点、询问、应报事项、零报告、报批与代办；一秒之内可见。

    One's own declarations, drafts and withdrawn ones included, findings raised by hand, requests, obligations, nil returns, approvals, attachments and delegations,
    as soon as the ledger has sealed it: within a second. Nothing of what the commission keeps to itself shows, in the cursor neither.
    """
    if caller.person is None:
        raise _nobody()
    changes = Changes(view, request.app.state.book, caller, caller.person, english=prefers_english(request))
    return answer((await changes.since(since, limit))._asdict())


def _nobody() -> Problem:
    return Problem(
        403,
        "key-with-person-needed",
        Words("此密钥不代表任何人员", "This key speaks for nobody"),
        Words("请使用代表本人的密钥或令牌。", "Use a key or token that speaks for a person."),
    )
