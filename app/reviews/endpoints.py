"""Doors for findings by hand, reviews, those who take them on, and what is left alone for a while."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from app.access.caller import Caller, Scope
from app.access.dependencies import AnyCaller, Disclosing, Looking, Requires, Writing
from app.declarations.dependencies import SendingDevice
from app.kit.answers import answer
from app.kit.door import Door
from app.kit.etags import IfMatch, etag
from app.kit.pages import AskedPage, Page, PageOut, link_header
from app.kit.problems import prefers_english
from app.ledger.unit_of_work import Reading
from app.rulebook.finding import Level

from .asking import Asking
from .assigning import Assigning
from .by_hand import ByHand
from .deciding import Deciding
from .raising import Raising
from .rendering import render_finding, version_of
from .review_rendering import render_event, render_record, render_review
from .review_schemas import (
    AnswerIn,
    AssignmentIn,
    DispositionIn,
    ReopeningIn,
    RequestIn,
    ReviewerChange,
    ReviewerIn,
    ReviewerOut,
    ReviewEventOut,
    ReviewIn,
    ReviewOut,
    ReviewRecordOut,
    SnoozeIn,
    SnoozeOut,
)
from .reviewers import Reviewers
from .reviews import MOST_INSIDE, ReviewFilter, Reviews, under_review
from .schemas import FindingIn, FindingRecordOut, FindingWithdrawal
from .snoozing import SnoozeFilter, Snoozes
from .workflow import Disposition, ReviewState

router = APIRouter(prefix="/v1/findings", tags=["findings"], route_class=Door)
reviews_router = APIRouter(prefix="/v1/reviews", tags=["reviews"], route_class=Door)
reviewers_router = APIRouter(prefix="/v1/reviewers", tags=["reviewers"], route_class=Door)
snoozes_router = APIRouter(prefix="/v1/snoozes", tags=["reviews"], route_class=Door)
Reviewer = Annotated[Caller, Requires(Scope.REVIEWS_WRITE)]
OFFICIALS = (Scope.DECLARATIONS_WRITE,)
Official = Annotated[Caller, Requires(*OFFICIALS)]
Registrar = Annotated[Caller, Requires(Scope.REVIEWS_WRITE, Scope.ADMIN)]


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


async def _review_filter(
    state: Annotated[ReviewState | None, Query(description="状态。ReviewState.")] = None,
    assignee: Annotated[UUID | None, Query(description="承办人。Who takes it on.")] = None,
    person: Annotated[UUID | None, Query(description="被审查人。The person under review.")] = None,
    unit: Annotated[UUID | None, Query(description="单位及其下级。Unit, with all below it.")] = None,
    counterparty: Annotated[UUID | None, Query(description="往来对象及其关联方。Counterparty, with its group.")] = None,
    min_level: Annotated[Level | None, Query(description="现行疑点的最低级别。Least level of a finding that stands.")] = None,
    disposition: Annotated[Disposition | None, Query(description="处置。Disposition.")] = None,
    overdue: Annotated[bool | None, Query(description="答复是否逾期。Whether an answer is overdue.")] = None,
) -> ReviewFilter:
    return ReviewFilter(
        state=state,
        assignee=assignee,
        person=person,
        unit=unit,
        counterparty=counterparty,
        min_level=min_level,
        disposition=disposition,
        overdue=overdue,
    )


async def _told(view: Reading, caller: Caller, review_id: UUID, request: Request, status: int = 200) -> Response:
    """A review as its caller sees it, read inside the transaction."""
    reviews = Reviews(view, caller)
    return await _whole(reviews, await reviews.get(review_id), request, status)


async def _whole(reviews: Reviews, row: dict[str, Any], request: Request, status: int = 200) -> Response:
    """A review with its findings and the newest of what happened in it."""
    inside = Page(MOST_INSIDE, None, count=False)
    events, _ = inside.cut(await reviews.events(row, inside))
    headers = {"ETag": etag(row["version"]), **({"Location": f"/v1/reviews/{row['id']}"} if status == 201 else {})}
    return answer(render_record(row, await reviews.findings(row), events, english=prefers_english(request)), status, headers)


@reviews_router.get("", response_model=PageOut[ReviewOut], summary="审查列表 List reviews")
async def list_reviews(
    request: Request, asked: Annotated[ReviewFilter, Depends(_review_filter)], page: AskedPage, view: Disclosing, caller: AnyCaller
) -> Response:
    """管辖范围内的审查，最新在前；对本人的，仅见向其提出询问或告知处置者。Reviews within reach, newest first; of oneself, those in which one was asked or told something."""
    reviews = Reviews(view, caller)
    rows, following = page.cut(await reviews.list(page, asked))
    view.disclose(under_review(rows))
    count = await reviews.count(asked) if page.count else None
    body = {"items": [render_review(row) for row in rows], "next": following, "count": count}
    return answer(body, headers=link_header(request, following))


@reviews_router.post("", status_code=201, response_model=ReviewRecordOut, summary="立项审查 Open a review")
async def open_review(body: ReviewIn, caller: Reviewer, work: Writing, request: Request) -> Response:
    """对他人的一个事项立项；每人每事项只有一件。Opens a review of a person's matter; a matter has one, which is reopened when it was closed."""
    return await _told(work, caller, await ByHand(work, caller).open(body), request, 201)


@reviews_router.get("/{review_id}", response_model=ReviewRecordOut, summary="读取审查 Read a review")
async def read_review(review_id: UUID, caller: AnyCaller, view: Disclosing, request: Request) -> Response:
    """读取一件审查，附疑点与经过。One review, with its findings and what happened in it."""
    reviews = Reviews(view, caller)
    row = await reviews.get(review_id)
    view.disclose(under_review([row]))
    return await _whole(reviews, row, request)


@reviews_router.get("/{review_id}/events", response_model=PageOut[ReviewEventOut], summary="审查经过 What happened in a review")
async def list_review_events(review_id: UUID, page: AskedPage, caller: AnyCaller, view: Disclosing, request: Request) -> Response:
    """全部经过，最新在前。Everything that happened in it, newest first."""
    reviews = Reviews(view, caller)
    row = await reviews.get(review_id)
    view.disclose(under_review([row]))
    rows, following = page.cut(await reviews.events(row, page))
    count = await reviews.count_events(row) if page.count else None
    body = {"items": [render_event(one) for one in rows], "next": following, "count": count}
    return answer(body, headers=link_header(request, following))


@reviews_router.post("/{review_id}/assignment", response_model=ReviewRecordOut, summary="分派 Assign a review")
async def assign_review(
    review_id: UUID, body: AssignmentIn, if_match: IfMatch, caller: Reviewer, work: Writing, request: Request
) -> Response:
    """分派给指定的或由登记册选派的承办人；应当回避者不得承办。Gives it to who is named, or to whom the register chooses; never to who must stand back."""
    await Assigning(work, caller).assign(review_id, body, if_match)
    return await _told(work, caller, review_id, request)


@reviews_router.post("/{review_id}/request", response_model=ReviewRecordOut, summary="要求说明 Ask for facts")
async def request_facts(review_id: UUID, body: RequestIn, if_match: IfMatch, caller: Reviewer, work: Writing, request: Request) -> Response:
    """要求本人在期限内说明；本人自此知悉此件。Asks the official for facts by a day; from then on the official knows of the review."""
    await Asking(work, caller).request(review_id, body, if_match)
    return await _told(work, caller, review_id, request)


@reviews_router.post("/{review_id}/answer", response_model=ReviewRecordOut, summary="答复 Answer a request")
async def answer_request(
    review_id: UUID, body: AnswerIn, if_match: IfMatch, caller: Official, work: Writing, device: SendingDevice, request: Request
) -> Response:
    """由本人或其代办人答复。The official's answer, or that of a delegate."""
    await Asking(work, caller).answer(review_id, body, if_match, device)
    return await _told(work, caller, review_id, request)


@reviews_router.post("/{review_id}/disposition", response_model=ReviewRecordOut, summary="处置 Dispose of a review")
async def decide_review(
    review_id: UUID, body: DispositionIn, if_match: IfMatch, caller: Reviewer, work: Writing, request: Request
) -> Response:
    """作出处置并办结；疑点不变。Closes it with a disposition; the findings stay as they are."""
    await Deciding(work, caller).decide(review_id, body, if_match)
    return await _told(work, caller, review_id, request)


@reviews_router.post("/{review_id}/reopening", response_model=ReviewRecordOut, summary="重新办理 Reopen a review")
async def reopen_review(
    review_id: UUID, body: ReopeningIn, if_match: IfMatch, caller: Reviewer, work: Writing, request: Request
) -> Response:
    """重新办理已办结的审查。Takes a closed review up again."""
    await Deciding(work, caller).reopen(review_id, body, if_match)
    return await _told(work, caller, review_id, request)


@reviewers_router.post("", status_code=201, summary="登记审查人员 Register a reviewer")
async def register_reviewer(body: ReviewerIn, caller: Registrar, work: Writing, response: Response) -> ReviewerOut:
    """登记某人负责某单位及其下级的审查。Somebody takes on the reviews of a unit and of all below it."""
    row = await Reviewers(work, caller).add(work, body)
    response.headers.update({"Location": f"/v1/reviewers/{row['id']}", "ETag": etag(row["version"])})
    return ReviewerOut.of(row)


@reviewers_router.get("", summary="审查人员列表 List reviewers")
async def list_reviewers(request: Request, response: Response, page: AskedPage, caller: Registrar, view: Looking) -> PageOut[ReviewerOut]:
    """管辖单位的审查人员及其在办件数。The reviewers of the units reached, with how many reviews each has under way."""
    reviewers = Reviewers(view, caller)
    rows, following = page.cut(await reviewers.list(page))
    response.headers.update(link_header(request, following))
    count = await reviewers.count() if page.count else None
    return PageOut(items=[ReviewerOut.of(row) for row in rows], next=following, count=count)


@reviewers_router.get("/{reviewer_id}", summary="读取审查人员 Read a reviewer")
async def read_reviewer(reviewer_id: UUID, caller: Registrar, view: Looking, response: Response) -> ReviewerOut:
    """读取一名审查人员。One reviewer."""
    row = await Reviewers(view, caller).get(reviewer_id)
    response.headers["ETag"] = etag(row["version"])
    return ReviewerOut.of(row)


@reviewers_router.patch("/{reviewer_id}", summary="更改审查人员 Change a reviewer")
async def change_reviewer(
    reviewer_id: UUID, body: ReviewerChange, if_match: IfMatch, caller: Registrar, work: Writing, response: Response
) -> ReviewerOut:
    """更改所列字段，如离岗日期。Changes the fields sent, such as days of absence."""
    row = await Reviewers(work, caller).change(work, reviewer_id, if_match, body)
    response.headers["ETag"] = etag(row["version"])
    return ReviewerOut.of(row)


@reviewers_router.delete("/{reviewer_id}", status_code=204, summary="注销审查人员 Remove a reviewer")
async def remove_reviewer(reviewer_id: UUID, if_match: IfMatch, caller: Registrar, work: Writing) -> None:
    """不再选派；已分派的不变。Chosen no more; what was assigned stays."""
    await Reviewers(work, caller).remove(work, reviewer_id, if_match)


async def _snooze_filter(
    person: Annotated[UUID | None, Query(description="所涉人员。The person.")] = None,
    rule: Annotated[str | None, Query(max_length=60, description="规则编号。Rule id.")] = None,
) -> SnoozeFilter:
    return SnoozeFilter(person=person, rule=rule)


@snoozes_router.post("", status_code=201, summary="暂缓 Snooze a rule")
async def snooze_rule(body: SnoozeIn, caller: Reviewer, work: Writing, response: Response) -> SnoozeOut:
    """在期限内，某人与某往来对象的某条规则不再立项；期满自动恢复。One rule opens no review of one person and counterparty until a day; then by itself."""
    row = await Snoozes(work, caller).add(work, body)
    response.headers.update({"Location": f"/v1/snoozes/{row['id']}", "ETag": etag(row["version"])})
    return SnoozeOut.of(row)


@snoozes_router.get("", summary="暂缓列表 List what is snoozed")
async def list_snoozes(
    request: Request,
    response: Response,
    asked: Annotated[SnoozeFilter, Depends(_snooze_filter)],
    page: AskedPage,
    caller: Reviewer,
    view: Disclosing,
) -> PageOut[SnoozeOut]:
    """管辖范围内的暂缓事项，最新在前；不含本人的。What is left alone within reach, newest first; nothing of oneself."""
    snoozes = Snoozes(view, caller)
    rows, following = page.cut(await snoozes.list(page, asked))
    view.disclose(under_review(rows))
    response.headers.update(link_header(request, following))
    count = await snoozes.count(asked) if page.count else None
    return PageOut(items=[SnoozeOut.of(row) for row in rows], next=following, count=count)


@snoozes_router.get("/{snooze_id}", summary="读取暂缓事项 Read a snooze")
async def read_snooze(snooze_id: UUID, caller: Reviewer, view: Disclosing, response: Response) -> SnoozeOut:
    """读取一项暂缓。One snooze."""
    row = await Snoozes(view, caller).get(snooze_id)
    view.disclose(under_review([row]))
    response.headers["ETag"] = etag(row["version"])
    return SnoozeOut.of(row)


@snoozes_router.delete("/{snooze_id}", status_code=204, summary="终止暂缓 End a snooze")
async def end_snooze(snooze_id: UUID, if_match: IfMatch, caller: Reviewer, work: Writing) -> None:
    """提前终止；记录保留，所涉疑点随后自动立项。Ends it before its day; it stays on record, and the findings are taken up soon."""
    await Snoozes(work, caller).end(work, snooze_id, if_match)
