"""Doors of the front desk."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Request, Response

from app.access.dependencies import AnyCaller, Disclosing, Writing
from app.approvals.endpoints import answered
from app.approvals.schemas import ApprovalIn, ApprovalOut
from app.declarations.dependencies import SendingDevice
from app.declarations.schemas import DeclarationChange, DeclarationIn, DeclarationOut, Submission, Withdrawal
from app.kit.answers import answer
from app.kit.door import Door
from app.kit.etags import IfMatch, etag
from app.kit.problems import prefers_english
from app.screening.rendering import just_filed, render, shown_declarations

from .again import FiledBefore
from .approving import Asking
from .examples import APPROVAL_EXAMPLES, EXAMPLES
from .previews import Previews, previewed
from .schemas import PreviewOut
from .service import Intake

router = APIRouter(prefix="/v1", tags=["declarations"], route_class=Door)
approvals_router = APIRouter(prefix="/v1/approvals", tags=["approvals"], route_class=Door)

Filed = Annotated[DeclarationIn, Body(openapi_examples=EXAMPLES)]
Asked = Annotated[ApprovalIn, Body(openapi_examples=APPROVAL_EXAMPLES)]


_NOTHING_SAID = Submission()
"""The body of who submits a draft at once."""


async def _desk(request: Request, caller: AnyCaller, work: Writing, device: SendingDevice) -> Intake:
    return Intake(work, request.app.state.book, caller, device)


Desk = Annotated[Intake, Depends(_desk)]


async def as_it_stands(desk: Intake, declaration_id: UUID, request: Request, **headers: str) -> Response:
    """The declaration as its caller sees it, read back inside the transaction."""
    one = shown_declarations(desk.caller, declaration_id)
    row = (await desk.work.connection.execute(one)).mappings().one()
    return answer(render(row, english=prefers_english(request)), headers={"ETag": etag(row["version"]), **headers})


@router.post(
    "/declarations",
    status_code=201,
    response_model=DeclarationOut,
    responses={
        200: {
            "model": DeclarationOut,
            "description": "同一 client_id 的同样申报此前已收到。The same was filed under this client_id before.",
        }
    },
    summary="提交申报 File a declaration",
)
async def submit_declaration(body: Filed, desk: Desk, request: Request) -> Response:
    """提交申报并立即筛查，或保存草稿。同一 client_id 的同样申报以 200 答复已有的一份。Files a declaration and judges it at once, or keeps a draft.

    The same filing under the same client_id is answered with the one that it made before, as it stands now, with 200.
    """
    try:
        declared, screened = await desk.submit(body)
    except FiledBefore as before:
        known = {"Location": f"/v1/declarations/{before.declaration_id}", "Idempotent-Replayed": "true"}
        return await as_it_stands(desk, before.declaration_id, request, **known)
    headers = {"ETag": etag(declared["version"]), "Location": f"/v1/declarations/{declared['id']}"}
    row = await just_filed(desk.work, desk.caller, declared, screened)
    return answer(render(row, english=prefers_english(request)), 201, headers)


@router.patch("/declarations/{declaration_id}", response_model=DeclarationOut, summary="修改申报 Amend a declaration")
async def amend_declaration(declaration_id: UUID, body: DeclarationChange, if_match: IfMatch, desk: Desk, request: Request) -> Response:
    """编辑草稿，或更正已提交的申报；旧版本永久保留。Edits a draft or amends what was filed; every revision stays."""
    changed = await desk.amend(declaration_id, body, if_match)
    return await as_it_stands(desk, changed["id"], request)


@router.post("/declarations/{declaration_id}/submission", response_model=DeclarationOut, summary="提交草稿 Submit a draft")
async def submit_draft(declaration_id: UUID, if_match: IfMatch, desk: Desk, request: Request, body: Submission = _NOTHING_SAID) -> Response:
    """提交草稿并立即筛查；离线提交的在请求体中注明记录时刻。Files a draft and judges it at once; a body tells when that was decided without a network."""
    changed = await desk.submit_draft(declaration_id, if_match, body.captured_at)
    return await as_it_stands(desk, changed["id"], request)


@router.post("/declarations/{declaration_id}/withdrawal", response_model=DeclarationOut, summary="撤回申报 Withdraw a declaration")
async def withdraw_declaration(declaration_id: UUID, body: Withdrawal, if_match: IfMatch, desk: Desk, request: Request) -> Response:
    """撤回申报；记录及理由保留。Takes a declaration back; it stays on record with the reason."""
    changed = await desk.withdraw(declaration_id, body.reason, if_match)
    return await as_it_stands(desk, changed["id"], request)


@router.post("/previews", response_model=PreviewOut, summary="预先评估 May I accept this?")
async def preview_declaration(body: Filed, caller: AnyCaller, view: Disclosing, request: Request) -> Response:
    """按同样的内容评估，不作登记；为他人评估，作为查阅留痕。Judges the same body and files nothing; says what it would bring the year's sums to, which of others leaves an access."""
    book = request.app.state.book
    screened = await Previews(view, book, caller).preview(body)
    return answer(previewed(screened, book, english=prefers_english(request)))


@approvals_router.post("", status_code=201, response_model=ApprovalOut, summary="事前报批 Ask for an approval")
async def request_approval(body: Asked, caller: AnyCaller, work: Writing, request: Request) -> Response:
    """在收受、参加或者任职之前，向单位负责人或者人事部门报批；当时的评估一并留存。Asks the head of the unit, or HR, before something is accepted; what a preview says of it is kept with the request."""
    row = await Asking(work, request.app.state.book, caller).ask(body)
    return await answered(work, row, 201, {"Location": f"/v1/approvals/{row['id']}"})
