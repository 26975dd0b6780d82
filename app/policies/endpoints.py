"""Doors to the law; any caller may read it."""

from collections.abc import Sequence
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from app.access.dependencies import AnyCaller, Looking
from app.kit import clock
from app.kit.door import Door
from app.kit.pages import AskedPage, Page, PageOut, cursor, link_header
from app.rulebook.statement import Day

from .paging import cut
from .schemas import Entry, InstrumentOut, LimitOut, ListsOut, RulebookOut, RuleDetailOut, RuleOut
from .service import Policies, require_unit

router = APIRouter(prefix="/v1", tags=["rulebook"], route_class=Door)
AsOf = Annotated[Day | None, Query(description="所问之日；缺省为今天。The day asked about; today by default.")]
OfUnit = Annotated[UUID | None, Query(description="适用单位；缺省为全国标准。The unit that it applies to; the national value by default.")]
E = TypeVar("E", bound=Entry)


async def _policies(request: Request, caller: AnyCaller) -> Policies:
    del caller
    return Policies(request.app.state.book)


Asked = Annotated[Policies, Depends(_policies)]


def _paged(entries: Sequence[E], page: Page, request: Request, response: Response) -> PageOut[E]:
    items, following = cut(entries, page)
    after = cursor(following) if following else None
    response.headers.update(link_header(request, after))
    return PageOut(items=items, next=after, count=len(entries) if page.count else None)


@router.get("/rulebook", summary="规则版本 Version of the rulebook")
async def read_rulebook(policies: Asked) -> RulebookOut:
    """现行规则的版本与摘要。The version that judges now, and its digest."""
    return policies.rulebook()


@router.get("/rules", summary="规则列表 List rules")
async def list_rules(policies: Asked, page: AskedPage, request: Request, response: Response, as_of: AsOf = None) -> PageOut[RuleOut]:
    """全部规则，按序号；指定日期时仅列当日有依据者。All rules by number; with a day, those that some norm of that day carries."""
    return _paged(policies.rules(as_of), page, request, response)


@router.get("/rules/{rule_id}", summary="读取规则 Read a rule")
async def read_rule(rule_id: str, policies: Asked, as_of: AsOf = None) -> RuleDetailOut:
    """规则的说明、当日依据、标准与例案。Text, basis of the day, limits and worked cases."""
    return policies.rule(rule_id, as_of or clock.today())


@router.get("/limits", summary="标准列表 List limits")
async def list_limits(policies: Asked, page: AskedPage, request: Request, response: Response, as_of: AsOf = None) -> PageOut[LimitOut]:
    """全部标准及其出处。Every limit with its sources."""
    return _paged(policies.limits(as_of or clock.today()), page, request, response)


@router.get("/limits/{limit_id}", summary="读取标准 Read a limit")
async def read_limit(limit_id: str, policies: Asked, caller: AnyCaller, view: Looking, as_of: AsOf = None, unit: OfUnit = None) -> LimitOut:
    """一项标准在某日的数值与历次数值；单位无本地标准的，适用全国标准。A limit's value of a day; the national one where a unit has none of its own."""
    if unit is not None:
        await require_unit(view, caller, unit)
    return policies.limit(limit_id, as_of or clock.today(), unit)


@router.get("/lists", summary="三张清单 The three lists")
async def read_lists(policies: Asked) -> ListsOut:
    """规范性正面清单、禁止性负面清单、鼓励性引导清单。What is regulated, banned and encouraged."""
    return policies.lists()


@router.get("/instruments", summary="依据文件 Instruments")
async def list_instruments(policies: Asked, page: AskedPage, request: Request, response: Response) -> PageOut[InstrumentOut]:
    """规则与标准引用的全部文件。Every instrument that rules and limits cite."""
    return _paged(policies.cited(), page, request, response)
