"""Doors for approvals that were asked for; they are asked for at the front desk, where they are judged."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy import RowMapping

from app.access.dependencies import AnyCaller, Disclosing, Writing
from app.access.disclosure import Disclosure
from app.kit.answers import answer
from app.kit.door import Door
from app.kit.etags import IfMatch, etag
from app.kit.pages import AskedPage, link_header
from app.ledger.unit_of_work import Reading

from .rendering import render
from .schemas import ApprovalDecisionIn, ApprovalOut, ApprovalPageOut, ApprovalReasonIn
from .service import ApprovalFilter, Approvals
from .states import ApprovalState

router = APIRouter(prefix="/v1/approvals", tags=["approvals"], route_class=Door)


async def _filter(
    state: Annotated[ApprovalState | None, Query(description="状态。State.", examples=["requested"])] = None,
    person: Annotated[UUID | None, Query(description="为谁申请。For whom.")] = None,
    waiting_for_me: Annotated[
        bool, Query(description="仅列等待调用者决定的。Those alone that wait for the caller to decide.", examples=[True])
    ] = False,  # a query parameter, named in every request
) -> ApprovalFilter:
    return ApprovalFilter(state=state, person=person, waiting_for_me=waiting_for_me)


def _disclose(view: Disclosure, rows: list[RowMapping]) -> None:
    """Whose they are; a head holds no office, and is written down all the same."""
    view.disclose((row["person_id"], True) for row in rows)
    view.disclose([(row["person_id"], True) for row in rows if row["is_head"]], as_head=True)


async def answered(view: Reading, row: RowMapping, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """One approval with its version."""
    (shown,) = await render(view.connection, [dict(row)])
    return answer(shown, status, {"ETag": etag(row["version"]), **(headers or {})})


@router.get("", response_model=ApprovalPageOut, summary="报批事项列表 List approvals")
async def list_approvals(
    request: Request, page: AskedPage, asked: Annotated[ApprovalFilter, Depends(_filter)], caller: AnyCaller, view: Disclosing
) -> Response:
    """本人的、待本人决定的、以及人事和纪检监察机构管辖范围内的，最新在前。One's own, those that wait for oneself, and those within reach of HR and the commission, newest first."""
    approvals = Approvals(view, caller)
    rows, following = page.cut(list(await approvals.list(page, asked)))
    _disclose(view, rows)
    total = await approvals.count(asked) if page.count else None
    body = {"items": await render(view.connection, rows), "next": following, "count": total}
    return answer(body, headers=link_header(request, following))


@router.get("/{approval_id}", response_model=ApprovalOut, summary="读取报批事项 Read an approval")
async def read_approval(approval_id: UUID, caller: AnyCaller, view: Disclosing) -> Response:
    """一项报批，含申请时的评估和决定。One approval, with what was assessed when it was asked for and how it was decided."""
    row = await Approvals(view, caller).get(approval_id)
    _disclose(view, [row])
    return await answered(view, row)


@router.post("/{approval_id}/decision", response_model=ApprovalOut, summary="批准或不批准 Decide on a request")
async def decide_approval(approval_id: UUID, body: ApprovalDecisionIn, if_match: IfMatch, caller: AnyCaller, work: Writing) -> Response:
    """由单位负责人或者人事部门决定一次；批准后，所覆盖的事项按已批准判定。The head of the unit or HR decides, once; what a granted one covers is judged as approved."""
    return await answered(work, await Approvals(work, caller).decide(work, approval_id, if_match, body))


@router.post("/{approval_id}/withdrawal", response_model=ApprovalOut, summary="撤回申请 Withdraw a request")
async def withdraw_approval(approval_id: UUID, body: ApprovalReasonIn, if_match: IfMatch, caller: AnyCaller, work: Writing) -> Response:
    """申请人在决定之前撤回。Whoever asked takes it back before it is decided."""
    return await answered(work, await Approvals(work, caller).withdraw(work, approval_id, if_match, body.reason))


@router.post("/{approval_id}/revocation", response_model=ApprovalOut, summary="撤销批准 Revoke an approval")
async def revoke_approval(approval_id: UUID, body: ApprovalReasonIn, if_match: IfMatch, caller: AnyCaller, work: Writing) -> Response:
    """有权决定者撤销批准；此后的事项不再被覆盖，相关申报重新判定。Who may decide takes it back: what comes after is not covered any more, and what was declared is judged again."""
    return await answered(work, await Approvals(work, caller).revoke(work, approval_id, if_match, body.reason))
