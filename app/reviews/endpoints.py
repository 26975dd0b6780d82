"""Doors for raising and withdrawing findings by hand."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from app.access.caller import Caller, Scope
from app.access.dependencies import Requires, Writing
from app.kit.answers import answer
from app.kit.door import Door
from app.kit.etags import IfMatch, etag
from app.kit.problems import prefers_english

from .raising import Raising
from .rendering import render_finding, version_of
from .schemas import FindingIn, FindingRecordOut, FindingWithdrawal

router = APIRouter(prefix="/v1/findings", tags=["findings"], route_class=Door)
Reviewer = Annotated[Caller, Requires(Scope.REVIEWS_WRITE)]


async def _raising(caller: Reviewer, work: Writing) -> Raising:
    return Raising(work, caller)


Hand = Annotated[Raising, Depends(_raising)]


@router.post("", status_code=201, response_model=FindingRecordOut, summary="提出疑点 Raise a finding")
async def raise_finding(body: FindingIn, hand: Hand, request: Request) -> Response:
    """提出须由人判断的疑点；疑点不是结论，不改变申报的筛查结果；不得针对本人的申报。A reviewer raises what only a person can judge.

    It is a suspicion, never a verdict. The declaration's screening and its ETag stay as they are. Not on one's own declaration (403).
    """
    row = await hand.enter(body)
    headers = {"ETag": etag(version_of(row)), "Location": f"/v1/findings/{row['id']}"}
    return answer(render_finding(row, english=prefers_english(request)), 201, headers)


@router.post("/{finding_id}/withdrawal", response_model=FindingRecordOut, summary="撤销疑点 Withdraw a finding")
async def withdraw_finding(finding_id: UUID, body: FindingWithdrawal, if_match: IfMatch, hand: Hand, request: Request) -> Response:
    """撤销由人提出的疑点，记录及理由保留。Withdraws one that was raised by hand; it stays on record with the reason."""
    row = await hand.withdraw(finding_id, body.reason, if_match)
    return answer(render_finding(row, english=prefers_english(request)), headers={"ETag": etag(version_of(row))})
