"""Doors to the law; any caller may read it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from app.access.dependencies import AnyCaller
from app.kit import clock
from app.kit.door import Door
from app.kit.pages import PageOut
from app.rulebook.statement import Day

from .schemas import InstrumentOut, LimitOut, ListsOut, RulebookOut, RuleDetailOut, RuleOut
from .service import Policies

router = APIRouter(prefix="/v1", tags=["rulebook"], route_class=Door)
AsOf = Annotated[Day | None, Query(description="所问之日；缺省为今天。The day asked about; today by default.")]


def _policies(request: Request, caller: AnyCaller) -> Policies:
    del caller
    return Policies(request.app.state.book)


Asked = Annotated[Policies, Depends(_policies)]


@router.get("/rulebook", summary="规则版本 Version of the rulebook")
async def read_rulebook(policies: Asked) -> RulebookOut:
    """现行规则的版本与摘要。The version that judges now, and its digest."""
    return policies.rulebook()


@router.get("/rules", summary="规则列表 List rules")
async def list_rules(policies: Asked, as_of: AsOf = None) -> PageOut[RuleOut]:
    """全部规则；指定日期时仅列当日有依据者。All rules; with a day, those that some norm of that day carries."""
    items = policies.rules(as_of)
    return PageOut(items=items, next=None, count=len(items))


@router.get("/rules/{rule_id}", summary="读取规则 Read a rule")
async def read_rule(rule_id: str, policies: Asked, as_of: AsOf = None) -> RuleDetailOut:
    """规则的说明、当日依据、标准与例案。Text, basis of the day, limits and worked cases."""
    return policies.rule(rule_id, as_of or clock.today())


@router.get("/limits", summary="标准列表 List limits")
async def list_limits(policies: Asked, as_of: AsOf = None) -> PageOut[LimitOut]:
    """全部标准及其出处。Every limit with its sources."""
    items = policies.limits(as_of or clock.today())
    return PageOut(items=items, next=None, count=len(items))


@router.get("/limits/{limit_id}", summary="读取标准 Read a limit")
async def read_limit(limit_id: str, policies: Asked, as_of: AsOf = None) -> LimitOut:
    """一项标准在某日的数值与历次数值。A limit's value of a day, and all its values."""
    return policies.limit(limit_id, as_of or clock.today())


@router.get("/lists", summary="三张清单 The three lists")
async def read_lists(policies: Asked) -> ListsOut:
    """规范性正面清单、禁止性负面清单、鼓励性引导清单。What is regulated, banned and encouraged."""
    return policies.lists()


@router.get("/instruments", summary="依据文件 Instruments")
async def list_instruments(policies: Asked) -> PageOut[InstrumentOut]:
    """规则引用的全部文件。Every instrument that rules cite."""
    items = policies.cited()
    return PageOut(items=items, next=None, count=len(items))
