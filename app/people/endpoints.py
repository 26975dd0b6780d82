"""Doors for units, persons and delegations."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from app.access.caller import Caller, Scope
from app.access.dependencies import AnyCaller, Disclosing, Looking, Requires, Writing
from app.kit.door import Door
from app.kit.etags import IfMatch, etag
from app.kit.pages import AskedPage, PageOut, link_header
from app.rulebook.statement import Name

from .delegations import DelegationFilter, Delegations
from .fields import Code
from .persons import READERS, PersonFilter, Persons
from .schemas import DelegationIn, DelegationOut, PersonChange, PersonIn, PersonOut, UnitChange, UnitIn, UnitOut
from .units import UnitFilter, Units

units_router = APIRouter(prefix="/v1/units", tags=["units"], route_class=Door)
persons_router = APIRouter(prefix="/v1/persons", tags=["persons"], route_class=Door)
delegations_router = APIRouter(prefix="/v1/delegations", tags=["delegations"], route_class=Door)
Registrar = Annotated[Caller, Requires(Scope.PEOPLE_WRITE)]
Reader = Annotated[Caller, Requires(*READERS)]


async def _unit_filter(
    parent: Annotated[UUID | None, Query(description="直接上级。The unit right above.")] = None,
    code: Annotated[Code | None, Query(description="单位代码。Code.")] = None,
    q: Annotated[Name | None, Query(description="名称中的文字。Text within the name.")] = None,
) -> UnitFilter:
    return UnitFilter(parent=parent, code=code, q=q)


async def _person_filter(
    unit: Annotated[UUID | None, Query(description="单位及其下级。The unit and all below it.")] = None,
    employee_number: Annotated[Code | None, Query(description="工号。Employee number.")] = None,
    q: Annotated[Name | None, Query(description="姓名中的文字，或其全拼、首字母。Text within the name, its pinyin or initials.")] = None,
) -> PersonFilter:
    return PersonFilter(unit=unit, employee_number=employee_number, q=q)


async def _delegation_filter(
    person: Annotated[UUID | None, Query(description="委托人。Who delegated.")] = None,
    delegate: Annotated[UUID | None, Query(description="代办人。Who acts.")] = None,
) -> DelegationFilter:
    return DelegationFilter(person=person, delegate=delegate)


@units_router.post("", status_code=201, summary="设立单位 Add a unit")
async def create_unit(body: UnitIn, caller: Registrar, work: Writing, response: Response) -> UnitOut:
    """登记一个单位；管辖范围有限者须填写上级单位。Puts a unit on record, below a unit that the caller reaches."""
    row = await Units(work, caller).add(work, body)
    response.headers.update({"Location": f"/v1/units/{row['id']}", "ETag": etag(row["version"])})
    return UnitOut.of(row)


@units_router.get("", summary="单位列表 List units")
async def list_units(
    request: Request,
    response: Response,
    page: AskedPage,
    asked: Annotated[UnitFilter, Depends(_unit_filter)],
    caller: Reader,
    view: Looking,
) -> PageOut[UnitOut]:
    """列出管辖范围内的单位，新近者在前。The units within reach, newest first."""
    units = Units(view, caller)
    rows, following = page.cut(await units.list(page, asked))
    response.headers.update(link_header(request, following))
    return PageOut(items=[UnitOut.of(row) for row in rows], next=following, count=await units.count(asked) if page.count else None)


@units_router.get("/{unit_id}", summary="读取单位 Read a unit")
async def read_unit(unit_id: UUID, caller: Reader, view: Looking, response: Response) -> UnitOut:
    """读取一个单位。One unit."""
    row = await Units(view, caller).get(unit_id)
    response.headers["ETag"] = etag(row["version"])
    return UnitOut.of(row)


@units_router.patch("/{unit_id}", summary="更改单位 Change a unit")
async def change_unit(unit_id: UUID, body: UnitChange, if_match: IfMatch, caller: Registrar, work: Writing, response: Response) -> UnitOut:
    """更改所列字段；更换上级时其全部下级一并移动。Changes the fields sent; a new parent moves the unit with all below it."""
    row = await Units(work, caller).change(work, unit_id, if_match, body)
    response.headers["ETag"] = etag(row["version"])
    return UnitOut.of(row)


@units_router.delete("/{unit_id}", status_code=204, summary="删除空单位 Remove an empty unit")
async def remove_unit(unit_id: UUID, if_match: IfMatch, caller: Registrar, work: Writing) -> None:
    """仅可删除没有下级、人员与记录的单位。Only a unit without units, persons and records can go; else 409."""
    await Units(work, caller).remove(work, unit_id, if_match)


@persons_router.post("", status_code=201, summary="人员建档 Add a person")
async def create_person(body: PersonIn, caller: Registrar, work: Writing, response: Response) -> PersonOut:
    """为一名人员建档。Puts a person on record in a unit within reach."""
    row = await Persons(work, caller).add(work, body)
    response.headers.update({"Location": f"/v1/persons/{row['id']}", "ETag": etag(row["version"])})
    return PersonOut.of(row)


@persons_router.get("", summary="人员列表 List persons")
async def list_persons(
    request: Request,
    response: Response,
    page: AskedPage,
    asked: Annotated[PersonFilter, Depends(_person_filter)],
    caller: AnyCaller,
    view: Disclosing,
) -> PageOut[PersonOut]:
    """列出可见人员，新近者在前；无人事权限者见本人与委托人。Newest first; without a people scope, oneself and whom one acts for."""
    _require_person_or_scope(caller)
    persons = Persons(view, caller)
    rows, following = page.cut(await persons.list(page, asked))
    view.disclose((row["id"], True) for row in rows)
    response.headers.update(link_header(request, following))
    return PageOut(items=[PersonOut.of(row) for row in rows], next=following, count=await persons.count(asked) if page.count else None)


@persons_router.get("/{person_id}", summary="读取人员 Read a person")
async def read_person(person_id: UUID, caller: AnyCaller, view: Disclosing, response: Response) -> PersonOut:
    """读取一名人员；本人总可读取自己的档案。One person; one's own record can always be read."""
    _require_person_or_scope(caller)
    row = await Persons(view, caller).get(person_id)
    view.disclose([(person_id, True)])
    response.headers["ETag"] = etag(row["version"])
    return PersonOut.of(row)


@persons_router.patch("/{person_id}", summary="更改人员 Change a person")
async def change_person(
    person_id: UUID, body: PersonChange, if_match: IfMatch, caller: Registrar, work: Writing, response: Response
) -> PersonOut:
    """更改所列字段。Changes the fields sent; null empties those that may be empty."""
    row = await Persons(work, caller).change(work, person_id, if_match, body)
    response.headers["ETag"] = etag(row["version"])
    return PersonOut.of(row)


@persons_router.delete("/{person_id}", status_code=204, summary="删除误建人员 Remove a person entered by mistake")
async def remove_person(person_id: UUID, if_match: IfMatch, caller: Registrar, work: Writing) -> None:
    """仅可删除没有任何记录的人员；离职者保留。Only a person without any records can go; who leaves service stays on record."""
    await Persons(work, caller).remove(work, person_id, if_match)


@delegations_router.post("", status_code=201, summary="设立代办 Delegate")
async def create_delegation(body: DelegationIn, caller: AnyCaller, work: Writing, response: Response) -> DelegationOut:
    """由本人（declarations:write）或人事（people:write）设立。By officials for themselves, or by HR for a person within reach."""
    row = await Delegations(work, caller).add(work, body)
    response.headers.update({"Location": f"/v1/delegations/{row['id']}", "ETag": etag(row["version"])})
    return DelegationOut.of(row)


@delegations_router.get("", summary="代办列表 List delegations")
async def list_delegations(
    request: Request,
    response: Response,
    page: AskedPage,
    asked: Annotated[DelegationFilter, Depends(_delegation_filter)],
    caller: AnyCaller,
    view: Looking,
) -> PageOut[DelegationOut]:
    """列出本人给出与受托的代办，人事另见管辖范围内者。Those one gave or was given; for HR also those of its units."""
    _require_person_or_scope(caller)
    delegations = Delegations(view, caller)
    rows, following = page.cut(await delegations.list(page, asked))
    response.headers.update(link_header(request, following))
    return PageOut(
        items=[DelegationOut.of(row) for row in rows], next=following, count=await delegations.count(asked) if page.count else None
    )


@delegations_router.get("/{delegation_id}", summary="读取代办 Read a delegation")
async def read_delegation(delegation_id: UUID, caller: AnyCaller, view: Looking, response: Response) -> DelegationOut:
    """读取一项代办。One delegation."""
    _require_person_or_scope(caller)
    row = await Delegations(view, caller).get(delegation_id)
    response.headers["ETag"] = etag(row["version"])
    return DelegationOut.of(row)


@delegations_router.delete("/{delegation_id}", status_code=204, summary="撤销代办 End a delegation")
async def end_delegation(delegation_id: UUID, if_match: IfMatch, caller: AnyCaller, work: Writing) -> None:
    """撤销后立即失效；记录保留。It ends at once; its record stays."""
    _require_person_or_scope(caller)
    await Delegations(work, caller).end(work, delegation_id, if_match)


def _require_person_or_scope(caller: Caller) -> None:
    """Who is a person has own records to see; anybody else needs a scope."""
    if caller.person is None:
        caller.require(*READERS)
