"""Doors to the law; any caller may read it."""

from collections.abc import Sequence
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from app.access.caller import Caller, Scope
from app.access.dependencies import AnyCaller, Looking, Requires, Writing
from app.kit import clock
from app.kit.door import Door
from app.kit.etags import IfMatch, etag
from app.kit.pages import AskedPage, Page, PageOut, cursor, link_header
from app.rulebook.statement import Day

from .drafting import DraftState, LimitDraftIn, LimitDraftOut
from .drafts import DraftFilter, LimitDrafts
from .local import standing_limits
from .paging import cut
from .schemas import Entry, InstrumentOut, LimitOut, ListsOut, RulebookOut, RuleDetailOut, RuleOut
from .service import Policies, place_of

router = APIRouter(prefix="/v1", tags=["rulebook"], route_class=Door)
drafts_router = APIRouter(prefix="/v1/limit-drafts", tags=["limit-drafts"], route_class=Door)
RuleOwner = Annotated[Caller, Requires(Scope.RULEBOOK_WRITE)]
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
async def read_rulebook(policies: Asked, view: Looking) -> RulebookOut:
    """现行规则（含已发布的本地标准）的版本与摘要。The version that judges now, local standards included, and its digests."""
    return policies.rulebook(await standing_limits(view.connection))


@router.get("/rules", summary="规则列表 List rules")
async def list_rules(policies: Asked, page: AskedPage, request: Request, response: Response, as_of: AsOf = None) -> PageOut[RuleOut]:
    """全部规则，按序号；指定日期时仅列当日有依据者。All rules by number; with a day, those that some norm of that day carries."""
    return _paged(policies.rules(as_of), page, request, response)


@router.get("/rules/{rule_id}", summary="读取规则 Read a rule")
async def read_rule(rule_id: str, policies: Asked, as_of: AsOf = None) -> RuleDetailOut:
    """规则的说明、当日依据、标准与例案。Text, basis of the day, limits and worked cases."""
    return policies.rule(rule_id, as_of or clock.today())


@router.get("/limits", summary="标准列表 List limits")
async def list_limits(  # what a page of a list takes
    policies: Asked,
    page: AskedPage,
    caller: AnyCaller,
    view: Looking,
    request: Request,
    response: Response,
    as_of: AsOf = None,
    unit: OfUnit = None,
) -> PageOut[LimitOut]:
    """全部标准及其出处，可指定适用单位。Every limit with its sources, as it applies to a unit where one is named."""
    place = await place_of(view, caller, unit)
    return _paged(policies.limits(as_of or clock.today(), place), page, request, response)


@router.get("/limits/{limit_id}", summary="读取标准 Read a limit")
async def read_limit(limit_id: str, policies: Asked, caller: AnyCaller, view: Looking, as_of: AsOf = None, unit: OfUnit = None) -> LimitOut:
    """某日的数值与历次数值；依次适用本单位、上级单位的本地标准和全国标准。The unit's own value, else that of the nearest unit above, else the national one."""
    return policies.limit(limit_id, as_of or clock.today(), await place_of(view, caller, unit))


@router.get("/lists", summary="三张清单 The three lists")
async def read_lists(policies: Asked) -> ListsOut:
    """规范性正面清单、禁止性负面清单、鼓励性引导清单。What is regulated, banned and encouraged."""
    return policies.lists()


@router.get("/instruments", summary="依据文件 Instruments")
async def list_instruments(policies: Asked, page: AskedPage, request: Request, response: Response) -> PageOut[InstrumentOut]:
    """规则与标准引用的全部文件。Every instrument that rules and limits cite."""
    return _paged(policies.cited(), page, request, response)


@drafts_router.post("", status_code=201, summary="起草本地标准 Draft local limits")
async def create_limit_draft(body: LimitDraftIn, caller: RuleOwner, work: Writing, request: Request, response: Response) -> LimitDraftOut:
    """为单位及其下级起草标准；草稿不得更改，发布前可先评估影响。Values for a unit and all below it; a draft is never changed, and tried before it is published."""
    row = await LimitDrafts(work, caller).add(work, request.app.state.book, body)
    response.headers.update({"Location": f"/v1/limit-drafts/{row['id']}", "ETag": etag(row["version"])})
    return LimitDraftOut.of(row)


async def _draft_filter(
    unit: Annotated[UUID | None, Query(description="发布单位。The unit.")] = None,
    state: Annotated[DraftState | None, Query(description="状态。State.")] = None,
) -> DraftFilter:
    return DraftFilter(unit=unit, state=state)


@drafts_router.get("", summary="本地标准草稿列表 List limit drafts")
async def list_limit_drafts(
    request: Request,
    response: Response,
    page: AskedPage,
    asked: Annotated[DraftFilter, Depends(_draft_filter)],
    caller: RuleOwner,
    view: Looking,
) -> PageOut[LimitDraftOut]:
    """管辖范围内的草稿及其结果，新近者在前。Drafts within reach and what became of them, newest first."""
    drafts = LimitDrafts(view, caller)
    rows, following = page.cut(await drafts.list(page, asked))
    response.headers.update(link_header(request, following))
    count = await drafts.count(asked) if page.count else None
    return PageOut(items=[LimitDraftOut.of(row) for row in rows], next=following, count=count)


@drafts_router.get("/{draft_id}", summary="读取本地标准草稿 Read a limit draft")
async def read_limit_draft(draft_id: UUID, caller: RuleOwner, view: Looking, response: Response) -> LimitDraftOut:
    """读取一份草稿。One draft."""
    row = await LimitDrafts(view, caller).get(draft_id)
    response.headers["ETag"] = etag(row["version"])
    return LimitDraftOut.of(row)


@drafts_router.delete("/{draft_id}", status_code=204, summary="废弃本地标准草稿 Discard a limit draft")
async def discard_limit_draft(draft_id: UUID, if_match: IfMatch, caller: RuleOwner, work: Writing) -> None:
    """废弃未发布的草稿；记录保留。Gives up a draft that is not published; it stays on record."""
    await LimitDrafts(work, caller).discard(work, draft_id, if_match)
