"""Doors for campaigns, nil returns and obligations."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from app.access.caller import OFFICES, Caller
from app.access.dependencies import AnyCaller, Disclosing, Looking, Requires, Writing
from app.declarations.dependencies import SendingDevice
from app.kit.answers import answer
from app.kit.door import Door
from app.kit.etags import IfMatch, etag
from app.kit.pages import AskedPage, AskedPlaces, PageOut, link_header
from app.kit.problems import prefers_english
from app.ledger.unit_of_work import Reading
from app.rulebook.statement import Day

from .campaigns import MANAGERS, Campaigns
from .completion import Completion
from .nil_returns import FILERS, NilReturnFilter, NilReturns
from .obligations import ObligationFilter, Obligations
from .schemas import (
    CampaignChange,
    CampaignIn,
    CampaignOut,
    CompletionPageOut,
    NilReturnIn,
    NilReturnOut,
    NilReturnWithdrawal,
    ObligationOut,
    WaiverIn,
    YearlyReportIn,
)
from .states import ObligationState
from .templates import open_report

campaigns_router = APIRouter(prefix="/v1/campaigns", tags=["campaigns"], route_class=Door)
yearly_router = APIRouter(prefix="/v1/yearly-reports", tags=["campaigns"], route_class=Door)
nil_returns_router = APIRouter(prefix="/v1/nil-returns", tags=["nil-returns"], route_class=Door)
obligations_router = APIRouter(prefix="/v1/obligations", tags=["obligations"], route_class=Door)
mine_router = APIRouter(prefix="/v1/me/obligations", tags=["me"], route_class=Door)
Manager = Annotated[Caller, Requires(*MANAGERS)]
Filer = Annotated[Caller, Requires(*FILERS)]
Office = Annotated[Caller, Requires(*OFFICES)]
AskedState = Annotated[ObligationState | None, Query(description="状态。State.")]


@campaigns_router.post("", status_code=201, summary="开启集中申报 Open a campaign")
async def open_campaign(body: CampaignIn, caller: Manager, work: Writing, response: Response) -> CampaignOut:
    """录入其适用人员，人数众多的在后台续录（state 为 enrolling）。Enters whom it binds; many are entered in the background (`enrolling`)."""
    row = await Campaigns(work, caller).open(work, body)
    response.headers.update({"Location": f"/v1/campaigns/{row['id']}", "ETag": etag(row["version"])})
    return CampaignOut.of(row)


@yearly_router.post("", summary="开启年度报告 Open the yearly report")
async def open_yearly_report(body: YearlyReportIn, caller: Manager, work: Writing, request: Request, response: Response) -> CampaignOut:
    """依法定模板面向全册开启；到期自动开启，重复请求得到同一集中申报。The template of the law over the whole register. It opens by itself each year; asked again, the same one is answered."""
    campaigns = Campaigns(work, caller)
    campaigns.require_reach_of_register(None)
    row = await campaigns.get(await open_report(work, request.app.state.book, body.year))
    response.headers.update({"Location": f"/v1/campaigns/{row['id']}", "ETag": etag(row["version"])})
    return CampaignOut.of(row)


@campaigns_router.get("", summary="集中申报列表 List campaigns")
async def list_campaigns(request: Request, response: Response, page: AskedPage, caller: AnyCaller, view: Looking) -> PageOut[CampaignOut]:
    """管辖单位及其上级单位的集中申报，最新在前。Campaigns of units within reach and above, newest first."""
    campaigns = Campaigns(view, caller)
    rows, following = page.cut(await campaigns.list(page))
    response.headers.update(link_header(request, following))
    return PageOut(items=[CampaignOut.of(row) for row in rows], next=following, count=await campaigns.count() if page.count else None)


@campaigns_router.get("/{campaign_id}", summary="读取集中申报 Read a campaign")
async def read_campaign(campaign_id: UUID, caller: AnyCaller, view: Looking, response: Response) -> CampaignOut:
    """读取一次集中申报。One campaign."""
    row = await Campaigns(view, caller).get(campaign_id)
    response.headers["ETag"] = etag(row["version"])
    return CampaignOut.of(row)


@campaigns_router.patch("/{campaign_id}", summary="更改集中申报 Change a campaign")
async def change_campaign(
    campaign_id: UUID, body: CampaignChange, if_match: IfMatch, caller: Manager, work: Writing, response: Response
) -> CampaignOut:
    """更改名称、提醒，或延后截止日；逾期者随之恢复待办。Title, reminders, or a later last day, with which the overdue are in time again."""
    row = await Campaigns(work, caller).change(work, campaign_id, if_match, body)
    response.headers["ETag"] = etag(row["version"])
    return CampaignOut.of(row)


@campaigns_router.post("/{campaign_id}/closing", summary="关闭集中申报 Close a campaign")
async def close_campaign(campaign_id: UUID, if_match: IfMatch, caller: Manager, work: Writing, response: Response) -> CampaignOut:
    """未到期的应报事项随之失效，已逾期的仍在。Nothing more is owed by who is in time; what is overdue stays."""
    row = await Campaigns(work, caller).close(work, campaign_id, if_match)
    response.headers["ETag"] = etag(row["version"])
    return CampaignOut.of(row)


@campaigns_router.get("/{campaign_id}/completion", response_model=CompletionPageOut, summary="完成情况 How far it has come")
async def read_completion(
    campaign_id: UUID,
    request: Request,
    page: AskedPlaces,
    caller: Office,
    view: Looking,
    by: Annotated[Literal["unit"], Query(description="按单位。By unit.")] = "unit",
) -> Response:
    """各单位（含下级）应报、完成与逾期人数，逾期多者在前。By unit with all below: owed, done, overdue; the most overdue first."""
    del by
    await Campaigns(view, caller).get(campaign_id)
    content, following = await Completion(view, caller).page(campaign_id, page)
    return answer(content, headers=link_header(request, following))


@nil_returns_router.post("", status_code=201, summary="零报告 File a nil return", responses={200: {"model": NilReturnOut}})
async def file_nil_return(body: NilReturnIn, caller: Filer, work: Writing, device: SendingDevice, response: Response) -> NilReturnOut:
    """所列类别无应报事项。已有同样的零报告的，以 200 答复该份。Nothing to declare of these kinds. One that says as much already is answered again, with 200.

    与申报不一致的并存，见 contradicted_by。One that a declaration contradicts stands beside it.
    """
    row, new = await NilReturns(work, caller).file(work, body, device)
    response.status_code = 201 if new else 200
    response.headers.update({"Location": f"/v1/nil-returns/{row['id']}", "ETag": etag(row["version"])})
    return await _nil_return(work, caller, row)


@nil_returns_router.get("", summary="零报告列表 List nil returns")
async def list_nil_returns(
    request: Request,
    response: Response,
    page: AskedPage,
    caller: AnyCaller,
    view: Disclosing,
    person: Annotated[UUID | None, Query(description="报告人。Whose.")] = None,
    campaign: Annotated[UUID | None, Query(description="集中申报。The campaign.")] = None,
) -> PageOut[NilReturnOut]:
    """本人的和管辖范围内的零报告，最新在前。One's own, and those within reach, newest first."""
    returns, asked = NilReturns(view, caller), NilReturnFilter(person=person, campaign=campaign)
    rows, following = page.cut(await returns.list(page, asked))
    view.disclose((row["person_id"], True) for row in rows)
    response.headers.update(link_header(request, following))
    against = await returns.contradictions(rows)
    items = [NilReturnOut.of(row, against.get(row["id"], [])) for row in rows]
    return PageOut(items=items, next=following, count=await returns.count(asked) if page.count else None)


@nil_returns_router.get("/{nil_return_id}", summary="读取零报告 Read a nil return")
async def read_nil_return(nil_return_id: UUID, caller: AnyCaller, view: Disclosing, response: Response) -> NilReturnOut:
    """读取一份零报告。One nil return."""
    row = await NilReturns(view, caller).get(nil_return_id)
    view.disclose([(row["person_id"], True)])
    response.headers["ETag"] = etag(row["version"])
    return await _nil_return(view, caller, row)


@nil_returns_router.post("/{nil_return_id}/withdrawal", summary="撤回零报告 Withdraw a nil return")
async def withdraw_nil_return(
    nil_return_id: UUID, body: NilReturnWithdrawal, if_match: IfMatch, caller: Filer, work: Writing, response: Response
) -> NilReturnOut:
    """注明理由撤回；仍可查阅，所涉事项恢复待办。Takes it back with a reason; it stays to be read, and what it met is owed again."""
    row = await NilReturns(work, caller).withdraw(work, nil_return_id, if_match, body.reason)
    response.headers["ETag"] = etag(row["version"])
    return await _nil_return(work, caller, row)


async def _nil_return(view: Reading, caller: Caller, row: object) -> NilReturnOut:
    against = await NilReturns(view, caller).contradictions([row])  # type: ignore[list-item]  # a row as `get` reads it
    return NilReturnOut.of(row, next(iter(against.values()), []))


async def _obligation_filter(
    person: Annotated[UUID | None, Query(description="义务人。Who owes it.")] = None,
    unit: Annotated[UUID | None, Query(description="单位及其下级。The unit and all below it.")] = None,
    campaign: Annotated[UUID | None, Query(description="集中申报。The campaign.")] = None,
    type: Annotated[  # noqa: A002  # the contract's name
        Literal["yearly_report", "campaign_return", "new_post_declaration", "leaving_declaration"] | None, Query(description="类型。Type.")
    ] = None,
    state: AskedState = None,
    due_until: Annotated[Day | None, Query(description="截止日不晚于。Due by.")] = None,
) -> ObligationFilter:
    return ObligationFilter(person=person, unit=unit, campaign=campaign, type=type, state=state, due_until=due_until)


@obligations_router.get("", response_model=PageOut[ObligationOut], summary="应报事项列表 List obligations")
async def list_obligations(
    request: Request,
    page: AskedPage,
    asked: Annotated[ObligationFilter, Depends(_obligation_filter)],
    caller: AnyCaller,
    view: Disclosing,
) -> Response:
    """谁应于何时前报告什么；本人的和管辖范围内的，最新在前。Who owes what by when: one's own, and those within reach, newest first."""
    obligations = Obligations(view, request.app.state.book, caller, english=prefers_english(request))
    rows, following = page.cut(await obligations.list(page, asked))
    view.disclose((row["person_id"], True) for row in rows)
    total = await obligations.count(asked) if page.count else None
    return answer({"items": await obligations.told(rows), "next": following, "count": total}, headers=link_header(request, following))


@obligations_router.get("/{obligation_id}", response_model=ObligationOut, summary="读取应报事项 Read an obligation")
async def read_obligation(obligation_id: UUID, request: Request, caller: AnyCaller, view: Disclosing) -> Response:
    """读取一项应报事项及其缺报疑点。One obligation, with what was found absent."""
    obligations = Obligations(view, request.app.state.book, caller, english=prefers_english(request))
    row = await obligations.get(obligation_id)
    view.disclose([(row["person_id"], True)])
    return answer((await obligations.told([row]))[0], headers={"ETag": etag(row["version"])})


@obligations_router.post("/{obligation_id}/waiver", response_model=ObligationOut, summary="豁免 Waive an obligation")
async def waive_obligation(
    obligation_id: UUID, body: WaiverIn, if_match: IfMatch, request: Request, caller: Manager, work: Writing
) -> Response:
    """注明理由免予报告，不可撤销；不得豁免本人。Lets somebody off with a reason, for good; never oneself."""
    obligations = Obligations(work, request.app.state.book, caller, english=prefers_english(request))
    row = await obligations.waive(work, obligation_id, if_match, body.reason)
    return answer((await obligations.told([row]))[0], headers={"ETag": etag(row["version"])})


@mine_router.get("", response_model=PageOut[ObligationOut], summary="我的应报事项 What I owe")
async def list_my_obligations(request: Request, page: AskedPage, caller: AnyCaller, view: Looking, state: AskedState = None) -> Response:
    """本人应报事项，最新在前。What the caller owes and has owed, newest first."""
    obligations = Obligations(view, request.app.state.book, caller, english=prefers_english(request))
    rows, following = page.cut(await obligations.list_own(page, state))
    total = await obligations.count_own(state) if page.count else None
    return answer({"items": await obligations.told(rows), "next": following, "count": total}, headers=link_header(request, following))
