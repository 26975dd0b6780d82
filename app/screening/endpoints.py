"""Doors for exchange rates and inquiries."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access.caller import Caller, Scope
from app.access.dependencies import AnyCaller, Looking, Requires, Writing
from app.kit.door import Door
from app.kit.etags import etag
from app.kit.pages import AskedPage, PageOut, cursor, link_header
from app.rulebook.money import Currency
from app.rulebook.statement import Day

from .registers import ExchangeRates, Inquiries
from .schemas import ExchangeRateIn, ExchangeRateOut, InquiryIn, InquiryOut

rates_router = APIRouter(prefix="/v1/exchange-rates", tags=["rulebook"], route_class=Door)
inquiries_router = APIRouter(prefix="/v1/inquiries", tags=["inquiries"], route_class=Door)
RuleOwner = Annotated[Caller, Requires(Scope.RULEBOOK_WRITE)]
Commission = Annotated[Caller, Requires(Scope.REVIEWS_WRITE)]


@rates_router.post("", status_code=201, summary="登记汇率 Add a rate")
async def add_exchange_rate(body: ExchangeRateIn, caller: RuleOwner, work: Writing) -> ExchangeRateOut:
    """登记某日汇率；已登记的不得更改。Puts a dated rate on record; it is never changed."""
    del caller
    return ExchangeRateOut.model_validate(dict(await ExchangeRates(work).add(work, body)))


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
    rows, more = page.cut(await ExchangeRates(view).list(currency, on, page))
    following = cursor(rows[-1]["id"]) if more else None
    response.headers.update(link_header(request, following))
    return PageOut(items=[ExchangeRateOut.model_validate(dict(row)) for row in rows], next=following, count=None)


@inquiries_router.post("", status_code=201, summary="登记核查 Record an inquiry")
async def open_inquiry(body: InquiryIn, caller: Commission, work: Writing, response: Response) -> InquiryOut:
    """登记对某人的核查；对申报人保密。Records an inquiry into a person, in confidence."""
    row = await Inquiries(work, caller).open(work, body)
    response.headers.update({"Location": f"/v1/inquiries/{row['id']}", "ETag": etag(row["version"])})
    return _shown(row)


@inquiries_router.get("", summary="核查列表 List inquiries")
async def list_inquiries(request: Request, response: Response, page: AskedPage, caller: Commission, view: Looking) -> PageOut[InquiryOut]:
    """管辖范围内的核查，最新在前。Inquiries within reach, newest first."""
    inquiries = Inquiries(view, caller)
    rows, more = page.cut(await inquiries.list(page))
    following = cursor(rows[-1]["id"]) if more else None
    response.headers.update(link_header(request, following))
    total = await inquiries.count() if page.count else None
    return PageOut(items=[_shown(row) for row in rows], next=following, count=total)


@inquiries_router.get("/{inquiry_id}", summary="读取核查 Read an inquiry")
async def read_inquiry(inquiry_id: UUID, caller: Commission, view: Looking, response: Response) -> InquiryOut:
    """读取一项核查。One inquiry."""
    row = await Inquiries(view, caller).get(inquiry_id)
    response.headers["ETag"] = etag(row["version"])
    return _shown(row)


def _shown(row: object) -> InquiryOut:
    body = dict(row)  # type: ignore[call-overload]
    return InquiryOut.model_validate({**body, "person": body["person_id"]})
