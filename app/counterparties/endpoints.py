"""Doors for counterparties."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from app.access.caller import Caller, Scope
from app.access.dependencies import Looking, Requires, Writing
from app.kit.door import Door
from app.kit.etags import IfMatch, etag
from app.kit.pages import AskedPage, PageOut, link_header
from app.rulebook.statement import Identifier, Name

from .schemas import CounterpartyChange, CounterpartyIn, CounterpartyOut
from .service import Counterparties, CounterpartyFilter
from .visibility import PICKERS

router = APIRouter(prefix="/v1/counterparties", tags=["counterparties"], route_class=Door)
Registrar = Annotated[Caller, Requires(Scope.PEOPLE_WRITE)]
Picker = Annotated[Caller, Requires(*PICKERS)]


async def _filter(
    q: Annotated[
        Name | None,
        Query(
            description="名称或别名中的文字、其全拼或首字母，或证照号码的前 6 位以上。Text within a name or alias, its pinyin or initials, or 6 characters or more of an identifier."
        ),
    ] = None,
    identifier: Annotated[Identifier | None, Query(description="证照号码。Identifier.")] = None,
    *,
    registered: Annotated[bool | None, Query(description="是否已登记。Whether it is registered.")] = None,
) -> CounterpartyFilter:
    return CounterpartyFilter(q=q, identifier=identifier, registered=registered)


@router.post("", status_code=201, summary="登记往来对象 Register a counterparty")
async def create_counterparty(body: CounterpartyIn, caller: Registrar, work: Writing, response: Response) -> CounterpartyOut:
    """登记往来对象；此前仅见于申报的同名对象将被沿用。Registers one; a row that declarations entered under the name is taken over."""
    counterparties = Counterparties(work, caller)
    row = await counterparties.add(work, body)
    response.headers.update({"Location": f"/v1/counterparties/{row['id']}", "ETag": etag(row["version"])})
    return await counterparties.shown(row)


@router.get("", summary="查询往来对象 Find counterparties")
async def list_counterparties(
    request: Request,
    response: Response,
    page: AskedPage,
    asked: Annotated[CounterpartyFilter, Depends(_filter)],
    caller: Picker,
    view: Looking,
) -> PageOut[CounterpartyOut]:
    """按名称、别名或证照号码查询，新近者在前。By name, alias or identifier, newest first; those who declare see the registered ones."""
    counterparties = Counterparties(view, caller)
    rows, following = page.cut(await counterparties.list(page, asked))
    response.headers.update(link_header(request, following))
    total = await counterparties.count(asked) if page.count else None
    return PageOut(items=await counterparties.all_shown(rows), next=following, count=total)


@router.get("/{counterparty_id}", summary="读取往来对象 Read a counterparty")
async def read_counterparty(counterparty_id: UUID, caller: Picker, view: Looking, response: Response) -> CounterpartyOut:
    """读取一个往来对象。One counterparty."""
    counterparties = Counterparties(view, caller)
    row = await counterparties.get(counterparty_id)
    response.headers["ETag"] = etag(row["version"])
    return await counterparties.shown(row)


@router.patch("/{counterparty_id}", summary="更改往来对象 Change a counterparty")
async def change_counterparty(
    counterparty_id: UUID, body: CounterpartyChange, if_match: IfMatch, caller: Registrar, work: Writing, response: Response
) -> CounterpartyOut:
    """更改所列字段；relations 仅替换管辖范围内单位的关系。Changes the fields sent; `relations` replaces those to units within reach."""
    counterparties = Counterparties(work, caller)
    row = await counterparties.change(work, counterparty_id, if_match, body)
    response.headers["ETag"] = etag(row["version"])
    return await counterparties.shown(row)


@router.delete("/{counterparty_id}", status_code=204, summary="删除往来对象 Remove a counterparty")
async def remove_counterparty(counterparty_id: UUID, if_match: IfMatch, caller: Registrar, work: Writing) -> None:
    """仅可删除未被任何申报或对象引用者。Only one that no declaration and no other counterparty refers to can go; else 409."""
    await Counterparties(work, caller).remove(work, counterparty_id, if_match)
