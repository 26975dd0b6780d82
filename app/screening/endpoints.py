"""Doors for exchange rates and inquiries, and for what a draft of local standards would change and has changed."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from app.access.caller import Caller, Scope
from app.access.dependencies import AnyCaller, Disclosing, Looking, Requires, Writing
from app.kit.door import Door
from app.kit.etags import IfMatch, etag
from app.kit.pages import AskedPage, PageOut, link_header
from app.policies.drafting import LimitDraftOut
from app.policies.drafts import LimitDrafts
from app.rulebook.money import Currency
from app.rulebook.statement import Day

from .inquiries import Inquiries
from .rates import ExchangeRates
from .schemas import ExchangeRateIn, ExchangeRateOut, InquiryChange, InquiryIn, InquiryOut
from .service import Screening
from .sweeping import Purpose, Sweeps
from .trials import ImpactOut, RescreeningOut, Trials

rates_router = APIRouter(prefix="/v1/exchange-rates", tags=["rulebook"], route_class=Door)
drafts_router = APIRouter(prefix="/v1/limit-drafts", tags=["limit-drafts"], route_class=Door)
inquiries_router = APIRouter(prefix="/v1/inquiries", tags=["inquiries"], route_class=Door)
RuleOwner = Annotated[Caller, Requires(Scope.RULEBOOK_WRITE)]
Commission = Annotated[Caller, Requires(Scope.REVIEWS_WRITE)]


async def _screening(request: Request, caller: Commission, work: Writing) -> Screening:
    del caller
    return Screening(work, request.app.state.book)


Judge = Annotated[Screening, Depends(_screening)]


@rates_router.post("", status_code=201, summary="登记汇率 Add a rate")
async def add_exchange_rate(body: ExchangeRateIn, caller: RuleOwner, work: Writing, response: Response) -> ExchangeRateOut:
    """登记某日汇率，供此后的筛查折算；已登记的不得更改。Puts a dated rate on record for judgements to come; it is never changed."""
    del caller
    row = await ExchangeRates(work).add(work, body)
    response.headers.update({"Location": f"/v1/exchange-rates/{row['id']}", "ETag": etag(1)})
    return ExchangeRateOut.of(row)


@rates_router.get("", summary="汇率列表 List rates")
async def list_exchange_rates(
    request: Request,
    response: Response,
    page: AskedPage,
    caller: AnyCaller,
    view: Looking,
    currency: Annotated[Currency | None, Query(description="币种。Currency.")] = None,
    on: Annotated[Day | None, Query(description="公布日。Day of the rate.")] = None,
) -> PageOut[ExchangeRateOut]:
    """已登记的汇率，新近登记者在前。Rates on record, newest entries first."""
    del caller
    rates = ExchangeRates(view)
    rows, following = page.cut(await rates.list(page, currency, on))
    response.headers.update(link_header(request, following))
    total = await rates.count(currency, on) if page.count else None
    return PageOut(items=[ExchangeRateOut.of(row) for row in rows], next=following, count=total)


@rates_router.get("/{rate_id}", summary="读取汇率 Read a rate")
async def read_exchange_rate(rate_id: UUID, caller: AnyCaller, view: Looking, response: Response) -> ExchangeRateOut:
    """读取一项汇率。One rate."""
    del caller
    row = await ExchangeRates(view).get(rate_id)
    response.headers["ETag"] = etag(1)
    return ExchangeRateOut.of(row)


@inquiries_router.post("", status_code=201, summary="登记核查 Record an inquiry")
async def open_inquiry(body: InquiryIn, caller: Commission, judge: Judge, response: Response) -> InquiryOut:
    """登记对某人的核查，对申报人保密；其已有申报随即重新筛查。Records an inquiry, in confidence; what the person filed is judged anew."""
    row = await Inquiries(judge.work, caller).open(judge, body)
    response.headers.update({"Location": f"/v1/inquiries/{row['id']}", "ETag": etag(row["version"])})
    return InquiryOut.of(row)


@inquiries_router.get("", summary="核查列表 List inquiries")
async def list_inquiries(
    request: Request,
    response: Response,
    page: AskedPage,
    caller: Commission,
    view: Disclosing,
    person: Annotated[UUID | None, Query(description="被核查人。The person inquired into.")] = None,
) -> PageOut[InquiryOut]:
    """管辖范围内的核查，新近登记者在前；不含对本人的核查。Inquiries within reach, newest first; none into oneself."""
    inquiries = Inquiries(view, caller)
    rows, following = page.cut(await inquiries.list(page, person))
    view.disclose((row["person_id"], False) for row in rows)
    response.headers.update(link_header(request, following))
    total = await inquiries.count(person) if page.count else None
    return PageOut(items=[InquiryOut.of(row) for row in rows], next=following, count=total)


@inquiries_router.get("/{inquiry_id}", summary="读取核查 Read an inquiry")
async def read_inquiry(inquiry_id: UUID, caller: Commission, view: Disclosing, response: Response) -> InquiryOut:
    """读取一项核查。One inquiry."""
    row = await Inquiries(view, caller).get(inquiry_id)
    view.disclose([(row["person_id"], False)])
    response.headers["ETag"] = etag(row["version"])
    return InquiryOut.of(row)


@inquiries_router.patch("/{inquiry_id}", summary="办结或更正核查 Close or correct an inquiry")
async def change_inquiry(
    inquiry_id: UUID, body: InquiryChange, if_match: IfMatch, caller: Commission, judge: Judge, response: Response
) -> InquiryOut:
    """更改所列字段，如填写办结日。Changes the fields sent, such as the day of closing; null empties it again."""
    row = await Inquiries(judge.work, caller).change(judge, inquiry_id, if_match, body)
    response.headers["ETag"] = etag(row["version"])
    return InquiryOut.of(row)


@inquiries_router.delete("/{inquiry_id}", status_code=204, summary="撤销误登的核查 Remove a mistaken inquiry")
async def remove_inquiry(inquiry_id: UUID, if_match: IfMatch, caller: Commission, judge: Judge) -> None:
    """仅用于误登；办结请填写办结日。For mistakes alone; one that has ended is closed instead."""
    await Inquiries(judge.work, caller).remove(judge, inquiry_id, if_match)


async def _trials(request: Request, caller: RuleOwner, view: Looking) -> Trials:
    return Trials(view, request.app.state.book, caller)


Watch = Annotated[Trials, Depends(_trials)]


@drafts_router.post("/{draft_id}/impact", summary="评估草稿的影响 Reckon the impact of a draft", responses={202: {"model": ImpactOut}})
async def reckon_impact(draft_id: UUID, caller: RuleOwner, work: Writing, request: Request, response: Response) -> ImpactOut:
    """以草案标准评判历史申报，不作更改；较多的在后台进行（202）。Judges history with the draft and changes nothing; much of it in the background (202)."""
    trials = Trials(work, request.app.state.book, caller)
    progress = await trials.reckon(work, draft_id)
    if progress.running:
        response.status_code = 202
        response.headers.update({"Location": f"/v1/limit-drafts/{draft_id}/impact", "Retry-After": "2"})
    return await trials.report(progress)


@drafts_router.get("/{draft_id}/impact", summary="读取影响评估 Read the impact of a draft")
async def read_impact(draft_id: UUID, trials: Watch) -> ImpactOut:
    """最近一次影响评估及其进度；尚未评估的为 404。The newest impact report and how far it has come; 404 before there is one."""
    return await trials.report(await trials.newest(draft_id, Purpose.IMPACT))


@drafts_router.post("/{draft_id}/publication", summary="发布本地标准 Publish a draft")
async def publish_limit_draft(
    draft_id: UUID, if_match: IfMatch, caller: RuleOwner, work: Writing, request: Request, response: Response
) -> LimitDraftOut:
    """由起草人以外的人员发布，此后不得更改；所涉申报随即自动重新筛查。Published by somebody else than who drafted it, for good; what it touches is judged anew by itself."""
    row = await LimitDrafts(work, caller).publish(work, draft_id, if_match)
    await Sweeps(work).plan(work, request.app.state.book, Purpose.RESCREENING, row)
    response.headers["ETag"] = etag(row["version"])
    return LimitDraftOut.of(row)


@drafts_router.get("/{draft_id}/rescreening", summary="发布后重新筛查的进度 Progress of re-screening")
async def read_rescreening(draft_id: UUID, trials: Watch) -> RescreeningOut:
    """发布所引起的重新筛查进行到何处；发布前为 404。How far the judging anew after publication has come; 404 before it."""
    return RescreeningOut.of(await trials.newest(draft_id, Purpose.RESCREENING))
