"""Doors for reading declarations and findings, and for counting them."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access.caller import COMMISSION, Caller
from app.access.dependencies import AnyCaller, Disclosing, Looking, Requires
from app.audit.schemas import ProofOut
from app.audit.service import LARGEST
from app.declarations.schemas import DeclarationOut, DeclarationPageOut, PastScreeningOut, RevisionOut
from app.declarations.visibility import whose
from app.kit.answers import answer, raw
from app.kit.door import Door
from app.kit.etags import etag
from app.kit.pages import AskedPage, AskedPlaces, PageOut, link_header
from app.kit.problems import prefers_english
from app.ledger.lines import instant
from app.reviews.rendering import of_whom, read_told, render_finding, version_of
from app.reviews.schemas import FindingPageOut, FindingRecordOut
from app.screening.rendering import render, render_screening

from .dependencies import AskedDeclarations, AskedFacets, AskedFindings
from .filters import AskedFilters, AskedFindingFilters, CountedFilters
from .findings import Findings
from .groups import By
from .moments import AskedInstant
from .receipts import prove
from .schemas import StatisticsOut
from .service import Reports
from .statistics import Statistics

router = APIRouter(prefix="/v1/declarations", tags=["declarations"], route_class=Door)
statistics_router = APIRouter(prefix="/v1/statistics", tags=["statistics"], route_class=Door)
Counting = Annotated[Caller, Requires(*COMMISSION)]
ledger_router = APIRouter(prefix="/v1/ledger", tags=["ledger"], route_class=Door)
findings_router = APIRouter(prefix="/v1/findings", tags=["findings"], route_class=Door)


@router.get("", response_model=DeclarationPageOut, summary="查询申报 List declarations")
async def list_declarations(
    request: Request, filters: AskedFilters, page: AskedDeclarations, facets: AskedFacets, view: Disclosing, caller: AnyCaller
) -> Response:
    """按条件查询，缺省最新在前；可另要求分面计数。Declarations that the caller may see, newest first unless sorted otherwise; counted by facets if asked."""
    reports = Reports(view, caller)
    rows, following = page.cut(await reports.declarations(filters, page))
    view.disclose(whose(rows))
    english = prefers_english(request)
    total = await reports.count(filters) if page.count else None
    items = [render(row, english=english) for row in rows]
    return _listed(request, items, following, total, facets=await reports.facets(filters, facets))


@router.get("/{declaration_id}", response_model=DeclarationOut, summary="读取申报 Read a declaration")
async def read_declaration(declaration_id: UUID, request: Request, as_at: AskedInstant, view: Disclosing, caller: AnyCaller) -> Response:
    """读取一份申报及其最新筛查；填写 as_at 则为当时的情形，其 ETag 不能用于更改。One declaration with its newest screening; with `as_at` as it stood then, whose ETag is good for no change."""
    if as_at is not None:
        then = await Reports(view, caller).declaration_then(declaration_id, as_at)
        view.disclose(whose([then]))
        return answer(render(then, english=prefers_english(request)))
    row = await Reports(view, caller).declaration(declaration_id)
    view.disclose(whose([row]))
    return answer(render(row, english=prefers_english(request)), headers={"ETag": etag(row["version"])})


@router.get("/{declaration_id}/revisions", response_model=PageOut[RevisionOut], summary="历次版本 Every revision")
async def list_revisions(declaration_id: UUID, request: Request, page: AskedPage, view: Disclosing, caller: AnyCaller) -> Response:
    """全部版本，最新在前。Every state that was filed or amended to, newest first."""
    reports = Reports(view, caller)
    declared = await reports.declaration(declaration_id)
    view.disclose(whose([declared]))
    rows, following = page.cut(await reports.revisions(declared, page), lambda row: UUID(int=row["revision"]))
    total = await reports.count_revisions(declared) if page.count else None
    items = [{**row, "details": raw(row["details"]), "made_at": instant(row["made_at"])} for row in rows]
    return _listed(request, items, following, total)


@router.get("/{declaration_id}/screenings", response_model=PageOut[PastScreeningOut], summary="历次筛查 Every screening")
async def list_screenings(declaration_id: UUID, request: Request, page: AskedPage, view: Disclosing, caller: AnyCaller) -> Response:
    """全部筛查，最新在前；结果未变的重新筛查不另行记录。Every judgement, newest first; one that changed nothing is not recorded again."""
    reports = Reports(view, caller)
    declared = await reports.declaration(declaration_id)
    view.disclose(whose([declared]))
    rows, following = page.cut(await reports.screenings(declared, page))
    total = await reports.count_screenings(declared) if page.count else None
    items = [_past(row, english=prefers_english(request)) for row in rows]
    return _listed(request, items, following, total)


def _listed(request: Request, items: list[dict[str, Any]], following: str | None, total: int | None, **more: Any) -> Response:
    return answer({"items": items, "next": following, "count": total, **more}, headers=link_header(request, following))


def _past(row: dict[str, Any], *, english: bool) -> dict[str, Any]:
    judged = {"id": row["id"], "revision": row["revision"], "judged_at": instant(row["judged_at"])}
    return {**judged, **render_screening(row, english=english)}


@statistics_router.get("", response_model=StatisticsOut, summary="统计 Count declarations and findings")
async def list_statistics(
    request: Request,
    filters: CountedFilters,
    page: AskedPlaces,
    view: Looking,
    caller: Counting,
    by: Annotated[
        By,
        Query(
            description="分组方式；month 按行为首日，level 按申报的最高级别，counterparty 按主要一方。"
            "By what; months by the first day of conduct, levels by the declaration's highest, counterparties by the main one."
        ),
    ] = By.KIND,
) -> Response:
    """管辖范围内的申报与疑点，本人的不计入。What was declared within reach and found on it, counted; one's own is left out.

    月份、不准、级别依其顺序排列，其余按申报份数由多到少。未持有 `declarations:read`，或者所问单位不全在管辖范围内的，不示以不足五人的组、1 至 4 的数目，
    以及可据以推算的组。

    Months, bans and levels come in their own order, other groups with the most declarations first. Who does not hold `declarations:read`, or asks
    for a unit that is not wholly within reach, is not shown groups of fewer than five officials, numbers from 1 to 4, or groups from which these
    could be worked out.
    """
    answered, following = await Statistics(view, request.app.state.book, caller).page(by, filters, page, english=prefers_english(request))
    return answer(answered, headers=link_header(request, following))


@findings_router.get("", response_model=FindingPageOut, summary="查询疑点 List findings")
async def list_findings(
    request: Request, filters: AskedFindingFilters, page: AskedFindings, facets: AskedFacets, view: Disclosing, caller: AnyCaller
) -> Response:
    """可见申报的现行疑点，缺省最新在前；申报人所见不含保密疑点。Findings on declarations that the caller may see, newest first unless sorted otherwise; never a confidential one of oneself."""
    findings = Findings(view, caller)
    rows, following = page.cut(await findings.list(filters, page))
    view.disclose(of_whom(rows))
    total = await findings.count(filters) if page.count else None
    items = [render_finding(row, english=prefers_english(request)) for row in rows]
    return _listed(request, items, following, total, facets=await findings.facets(filters, facets))


@findings_router.get("/{finding_id}", response_model=FindingRecordOut, summary="读取疑点 Read a finding")
async def read_finding(finding_id: UUID, request: Request, view: Disclosing, caller: AnyCaller) -> Response:
    """读取一项疑点；已被取代或撤销的仍可读取，current 为 false。One finding; once superseded or withdrawn it can still be read, and says so."""
    row = await read_told(view, caller, finding_id)
    view.disclose(of_whom([row]))
    return answer(render_finding(row, english=prefers_english(request)), headers={"ETag": etag(version_of(row))})


@ledger_router.get("/lines/{line_id}/proof", summary="包含证明 Prove that a line is in the ledger")
async def read_proof(
    line_id: UUID,
    caller: AnyCaller,
    view: Looking,
    size: Annotated[
        int | None,
        Query(ge=1, le=LARGEST, description="树的大小，须有 audit:read；默认最新。Size of the tree, for auditors; else the newest."),
    ] = None,
) -> ProofOut:
    """证明该记录在已签名的树中。That the line is in the tree that is vouched for.

    申报人凭回执中的 line 即可取得本人申报的证明，无须 `audit:read`；以最早包含该记录的签名检查点为准。

    Who holds a receipt gets the proof of its `line` without `audit:read`, against the first signed checkpoint that holds it.
    """
    return await prove(view, caller, line_id, size)
