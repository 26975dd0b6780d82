"""Doors for reading declarations and findings."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.access.dependencies import AnyCaller, Looking
from app.declarations.schemas import DeclarationOut, DeclarationPageOut, PastScreeningOut, RevisionOut
from app.kit.answers import answer, raw
from app.kit.door import Door
from app.kit.etags import etag
from app.kit.pages import AskedPage, PageOut, cursor, link_header
from app.kit.problems import prefers_english
from app.ledger.lines import instant
from app.reviews.rendering import render_finding, version_of
from app.reviews.schemas import FindingRecordOut
from app.screening.rendering import render, render_screening

from .filters import AskedFilters, AskedFindingFilters
from .findings import Findings
from .service import Reports

router = APIRouter(prefix="/v1/declarations", tags=["declarations"], route_class=Door)
findings_router = APIRouter(prefix="/v1/findings", tags=["findings"], route_class=Door)


@router.get("", response_model=DeclarationPageOut, summary="查询申报 List declarations")
async def list_declarations(request: Request, filters: AskedFilters, page: AskedPage, view: Looking, caller: AnyCaller) -> Response:
    """按条件查询，最新在前。Declarations that the caller may see, newest first."""
    reports = Reports(view, caller)
    rows, more = page.cut(await reports.declarations(filters, page))
    following = cursor(rows[-1]["id"]) if more else None
    english = prefers_english(request)
    total = await reports.count(filters) if page.count else None
    items = [render(row, english=english) for row in rows]
    return answer({"items": items, "next": following, "count": total}, headers=link_header(request, following))


@router.get("/{declaration_id}", response_model=DeclarationOut, summary="读取申报 Read a declaration")
async def read_declaration(declaration_id: UUID, request: Request, view: Looking, caller: AnyCaller) -> Response:
    """读取一份申报及其最新筛查。One declaration with its newest screening."""
    row = await Reports(view, caller).declaration(declaration_id)
    return answer(render(row, english=prefers_english(request)), headers={"ETag": etag(row["version"])})


@router.get("/{declaration_id}/revisions", response_model=PageOut[RevisionOut], summary="历次版本 Every revision")
async def list_revisions(declaration_id: UUID, request: Request, page: AskedPage, view: Looking, caller: AnyCaller) -> Response:
    """全部版本，最新在前。Every state that was filed or amended to, newest first."""
    reports = Reports(view, caller)
    rows, more = page.cut(await reports.revisions(declaration_id, page))
    following = cursor(UUID(int=rows[-1]["revision"])) if more else None
    total = await reports.count_revisions(declaration_id) if page.count else None
    items = [{**row, "details": raw(row["details"]), "made_at": instant(row["made_at"])} for row in rows]
    return answer({"items": items, "next": following, "count": total}, headers=link_header(request, following))


@router.get("/{declaration_id}/screenings", response_model=PageOut[PastScreeningOut], summary="历次筛查 Every screening")
async def list_screenings(declaration_id: UUID, request: Request, page: AskedPage, view: Looking, caller: AnyCaller) -> Response:
    """全部筛查，最新在前；结果未变的重新筛查不另行记录。Every judgement, newest first; one that changed nothing is not recorded again."""
    reports = Reports(view, caller)
    rows, more = page.cut(await reports.screenings(declaration_id, page))
    following = cursor(rows[-1]["id"]) if more else None
    total = await reports.count_screenings(declaration_id) if page.count else None
    items = [_past(row, english=prefers_english(request)) for row in rows]
    return answer({"items": items, "next": following, "count": total}, headers=link_header(request, following))


def _past(row: dict[str, Any], *, english: bool) -> dict[str, Any]:
    judged = {"id": row["id"], "revision": row["revision"], "judged_at": instant(row["judged_at"])}
    return {**judged, **render_screening(row, english=english)}


@findings_router.get("", response_model=PageOut[FindingRecordOut], summary="查询疑点 List findings")
async def list_findings(request: Request, filters: AskedFindingFilters, page: AskedPage, view: Looking, caller: AnyCaller) -> Response:
    """可见申报的现行疑点，最新在前；申报人所见不含保密疑点。Findings on declarations that the caller may see, newest first; never a confidential one of oneself."""
    findings = Findings(view, caller)
    rows, more = page.cut(await findings.list(filters, page))
    following = cursor(rows[-1]["id"]) if more else None
    total = await findings.count(filters) if page.count else None
    items = [render_finding(row, english=prefers_english(request)) for row in rows]
    return answer({"items": items, "next": following, "count": total}, headers=link_header(request, following))


@findings_router.get("/{finding_id}", response_model=FindingRecordOut, summary="读取疑点 Read a finding")
async def read_finding(finding_id: UUID, request: Request, view: Looking, caller: AnyCaller) -> Response:
    """读取一项疑点；已被取代或撤销的仍可读取，current 为 false。One finding; once superseded or withdrawn it can still be read, and says so."""
    row = await Findings(view, caller).get(finding_id)
    return answer(render_finding(row, english=prefers_english(request)), headers={"ETag": etag(version_of(row))})
