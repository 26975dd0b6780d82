"""Doors for the exposure to a counterparty, and for networks."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request, Response

from app.access.caller import COMMISSION, Caller
from app.access.dependencies import Disclosing, Requires
from app.kit.answers import answer
from app.kit.door import Door
from app.kit.pages import AskedPlaces, link_header
from app.kit.problems import prefers_english

from ..filters import Conduct, ConductIn, OccurredFrom, OccurredUntil
from .exposure import Exposure
from .graph import MEDIA_TYPE
from .network import Network
from .schemas import ExposureOut, NetworkOut
from .start import Start

exposure_router = APIRouter(prefix="/v1/counterparties", tags=["networks"], route_class=Door)
network_router = APIRouter(prefix="/v1/network", tags=["networks"], route_class=Door)
Commission = Annotated[Caller, Requires(*COMMISSION)]


class GraphForm(StrEnum):
    """How a graph is written."""

    JSON = "json"
    GRAPHML = "graphml"


@exposure_router.get("/{counterparty_id}/exposure", response_model=ExposureOut, summary="往来集中度 Exposure to a counterparty")
async def read_exposure(
    counterparty_id: UUID, request: Request, conduct: ConductIn, page: AskedPlaces, view: Disclosing, caller: Commission
) -> Response:
    """申报过与该对象及其关联企业往来的全部人员，按单位、年度合计；本人的不计入。Everybody who dealt with it.

    Everyone who declared something of it or of its group, with sums by unit and year; one's own is left out.
    """
    answered, following = await Exposure(view, caller).page(counterparty_id, conduct, page)
    return answer(answered, headers=link_header(request, following))


async def _start(
    counterparty: Annotated[
        UUID | None, Query(description="自该往来对象及其关联企业查起。Start from a counterparty with its group.")
    ] = None,
    person: Annotated[UUID | None, Query(description="自该人员查起。Start from an official.")] = None,
    unit: Annotated[UUID | None, Query(description="自该单位及其下级的申报查起。Start from what was declared in a unit or below.")] = None,
) -> Start:
    return Start.of(counterparty=counterparty, person=person, unit=unit)


@network_router.get(
    "",
    response_model=NetworkOut,
    summary="关系网络 The network around somebody",
    responses={200: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}},
)
async def read_network(
    request: Request,
    start: Annotated[Start, Depends(_start)],
    view: Disclosing,
    caller: Commission,
    accept: Annotated[str, Header(include_in_schema=False)] = "",
    occurred_from: OccurredFrom = None,
    occurred_until: OccurredUntil = None,
    depth: Annotated[
        int, Query(ge=1, le=2, description="步数：1 为直接往来，2 再及其他往来。Steps: 1 for direct ties, 2 for those beyond.")
    ] = 1,
    form: Annotated[
        GraphForm | None, Query(alias="format", description="写法；缺省依 Accept，否则为 JSON。How it is written; by `Accept`, else JSON.")
    ] = None,
) -> Response:
    """谁申报了与谁的往来、谁出资谁、谁与哪个单位有何关系；以 counterparty、person、unit 之一为起点，本人的申报不计入。Ties around somebody.

    Who declared something of whom, who owns whom and who stands how to which unit, from one of `counterparty`, `person` and `unit`; one's own
    declarations are left out. Two steps from an official are those who declared something of the same counterparties.
    """
    days = Conduct(occurred_from=occurred_from, occurred_until=occurred_until)
    network = Network(view, request.app.state.book, caller, english=prefers_english(request))
    graph = await network.graph(start, days, depth)
    if form is GraphForm.GRAPHML or (form is None and MEDIA_TYPE in accept):
        return Response(
            graph.graphml(),
            media_type=MEDIA_TYPE,
            headers={"Content-Disposition": 'attachment; filename="network.graphml"', "Vary": "Accept"},
        )
    return answer(graph.node_link(), headers={"Vary": "Accept"})
