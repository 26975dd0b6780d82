"""Doors to patterns: the commission's alone, and never of what the caller declared."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from app.access.caller import COMMISSION, Caller
from app.access.dependencies import Disclosing, Requires
from app.kit.answers import answer
from app.kit.door import Door
from app.kit.pages import AskedPlaces, link_header
from app.kit.problems import prefers_english

from ..filters import OccurredFrom, OccurredUntil, Unit
from .leads import Leads
from .near_limits import NearLimits
from .reciprocal_gifts import ReciprocalGifts
from .schemas import NearLimitsOut, ReciprocalGiftsOut, SharedMealsOut
from .shared_meals import SharedMeals
from .window import Window

router = APIRouter(prefix="/v1/patterns", tags=["patterns"], route_class=Door)
Commission = Annotated[Caller, Requires(*COMMISSION)]


async def _window(unit: Unit = None, occurred_from: OccurredFrom = None, occurred_until: OccurredUntil = None) -> Window:
    return Window.of(occurred_from, occurred_until, unit)


AskedWindow = Annotated[Window, Depends(_window)]


def _listed(request: Request, leads: Leads) -> Response:
    return answer(leads.shown(), headers=link_header(request, leads.following))


@router.get("/shared-meals", response_model=SharedMealsOut, summary="同席宴请 Meals shared")
async def list_shared_meals(request: Request, window: AskedWindow, page: AskedPlaces, view: Disclosing, caller: Commission) -> Response:
    """同日由同一对象或其关联企业宴请的多人，以及说明中提到而未见申报的同事；缺省比对近一年。Who sat at one table, and who did not declare it.

    其他同席者姓名无从得知，仅列出所述人数与申报人数。

    Meals with one host or its group on one day that several declared, or whose note names a colleague of the declarant's unit who declared none. Of others at
    the table only numbers are known: companions stated, and officials who declared. The last year, unless days are given.
    """
    return _listed(request, await SharedMeals(view, caller, english=prefers_english(request)).page(window, page))


@router.get("/just-below-limits", response_model=NearLimitsOut, summary="压线礼品 Gifts just below limits")
async def list_gifts_just_below_limits(
    request: Request,
    window: AskedWindow,
    page: AskedPlaces,
    view: Disclosing,
    caller: Commission,
    within_percent: Annotated[
        int, Query(ge=1, le=50, description="低于标准不超过百分之几。By how many percent below the limit at most.")
    ] = 10,
) -> Response:
    """两次以上赠送价值略低于当日标准（登记、上交、年度累计、明显超出）之礼品的对象；缺省比对近一年。Givers who stay just below.

    Givers, each with their group, of two or more gifts that lie just below a limit of the day in the declarant's unit, local ones included: where gifts are registered, handed
    in, beyond what one may keep in a year, or beyond ordinary courtesy.
    """
    patterns = NearLimits(view, request.app.state.book, caller, english=prefers_english(request))
    return _listed(request, await patterns.page(window, within_percent, page))


@router.get("/reciprocal-gifts", response_model=ReciprocalGiftsOut, summary="互赠礼品 Gifts to and fro")
async def list_reciprocal_gifts(
    request: Request,
    window: AskedWindow,
    page: AskedPlaces,
    view: Disclosing,
    caller: Commission,
    within_days: Annotated[int, Query(ge=0, le=3650, description="收受与赠送相隔至多几日。How many days may lie between the two.")] = 365,
) -> Response:
    """同一人与同一对象或其关联企业之间有收有赠，或申报了回礼的；缺省比对近一年。Gifts received and given between the same two.

    An official and a counterparty or its group between whom gifts went both ways within so many days, or where a return is stated, with the sums of both sides.
    """
    return _listed(request, await ReciprocalGifts(view, caller, english=prefers_english(request)).page(window, within_days, page))
