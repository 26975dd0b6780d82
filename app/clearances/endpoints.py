"""Doors for clearances."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access.caller import Caller
from app.access.dependencies import AnyCaller, Disclosing, Requires, Writing
from app.kit.door import Door
from app.kit.etags import etag
from app.kit.pages import AskedPage, PageOut, link_header
from app.kit.problems import prefers_english

from .schemas import ClearanceIn, ClearanceOut
from .service import ASKERS, Clearances

router = APIRouter(prefix="/v1/clearances", tags=["clearances"], route_class=Door)
Asking = Annotated[Caller, Requires(*ASKERS)]


@router.post("", status_code=201, summary="申请核实 Ask for a clearance")
async def give_clearance(body: ClearanceIn, caller: Asking, work: Writing, request: Request, response: Response) -> ClearanceOut:
    """答复可以、附条件或者暂不宜，不含任何申报或疑点的内容。Yes, on conditions, or not for now; never what was declared or found.

    每次申请均留存并入台账，本人可以查阅。Each one is kept, told to the ledger, and open to the official. It rests on what the official may know: what the commission keeps to itself changes no answer.
    """
    row = await Clearances(work, caller).give(work, body)
    response.headers.update({"Location": f"/v1/clearances/{row['id']}", "ETag": etag(1)})
    return ClearanceOut.of(row, english=prefers_english(request))


@router.get("", summary="核实答复列表 List clearances")
async def list_clearances(
    request: Request,
    response: Response,
    page: AskedPage,
    caller: AnyCaller,
    view: Disclosing,
    person: Annotated[UUID | None, Query(description="人员。The person.")] = None,
) -> PageOut[ClearanceOut]:
    """管辖范围内的答复和关于本人的答复，最新在前。Clearances of persons within reach and those about oneself, newest first."""
    clearances, english = Clearances(view, caller), prefers_english(request)
    rows, following = page.cut(await clearances.list(page, person))
    view.disclose((row["person_id"], True) for row in rows)
    response.headers.update(link_header(request, following))
    total = await clearances.count(person) if page.count else None
    return PageOut(items=[ClearanceOut.of(row, english=english) for row in rows], next=following, count=total)


@router.get("/{clearance_id}", summary="读取核实答复 Read a clearance")
async def read_clearance(clearance_id: UUID, caller: AnyCaller, view: Disclosing, request: Request, response: Response) -> ClearanceOut:
    """读取一次答复，如给出时那样。One clearance, as it was given."""
    row = await Clearances(view, caller).get(clearance_id)
    view.disclose([(row["person_id"], True)])
    response.headers["ETag"] = etag(1)
    return ClearanceOut.of(row, english=prefers_english(request))
