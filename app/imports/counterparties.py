"""Rows about counterparties: known by their identifiers, else by their names; owners come first, wherever they stand in the file."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from app.access.caller import Scope
from app.counterparties.called import counterparties_called
from app.counterparties.many import plan_counterparties, write_counterparties
from app.counterparties.names import name_key
from app.kit.errors import Words
from app.people.called import units_called
from app.rulebook.statement import PartyType, Relation

from .cells import Cell, CellError, read_identifier, read_region, read_text
from .days import read_day
from .meaning import MUST, Meant, column, listed, outcomes_of, resolved
from .tables import Column, Outcome, Row, RowFault, Run, Ties
from .values import Reader, read_values, records, several, without_empty, word

_RELATIONS = records(
    {"unit": read_text, "relation": word(Relation), "from_on": read_day, "until_on": read_day},
    Words("单位/关系/起始日/截止日", "unit/relation/first day/last day"),
)

_READERS: Mapping[str, Reader] = {
    "name": read_text,
    "type": word(PartyType),
    "identifier": read_identifier,
    "aliases": several,
    "region": read_region,
    "parents": several,
    "relations": _RELATIONS,
}
_MUST_BE = ("name", "type")

_OWNER_UNKNOWN = Words(
    "没有这个所有者：请填写已登记对象的名称、证照号码或编号，或在本文件中列出。",
    "No such owner: give the name, identifier or id of one that is registered, or list it in the file.",
)
_OWNER_AMBIGUOUS = Words("有几个往来对象用此名称，请填写证照号码。", "Several bear this name; give the identifier.")


class CounterpartyRows:
    """往来对象。Counterparties."""

    name = "counterparties"
    title = Words("往来对象", "Counterparties")
    needed: tuple[str, ...] = ("name", "identifier")
    scopes: tuple[Scope, ...] = (Scope.PEOPLE_WRITE,)
    batch = 250
    columns: Sequence[Column] = (
        column("name", "名称", "Name", "名称或姓名；没有证照号码的据此识别。Name; who has no identifier is known by it.", "恒远建设有限公司", MUST, "企业名称 单位名称 姓名 对象名称 公司名称 往来对象 company"),
        Column("type", Words("类型", "Type"), listed(PartyType), "企业", required=True, aliases=("对象类型", "企业类型", "单位类型")),
        column("identifier", "证照号码", "Identifier", "统一社会信用代码或居民身份证号码，校验位须正确，据此识别。Credit code or citizen's number with the right check digit; by it a counterparty is known.", "91110000600037341L", "", "统一社会信用代码 社会信用代码 信用代码 身份证号 身份证号码 证件号码 uscc"),
        column("aliases", "别名", "Aliases", "曾用名、简称，以分号隔开；登记过的予以保留。Other names, set apart by semicolons; those on record stay.", "恒远建设", "", "曾用名 简称 其他名称"),
        column("region", "国家或地区", "Region", "二字母代码，如 CN、HK。Two letters, such as CN or HK.", "CN", "", "国别 国家 地区 country"),
        column("parents", "所有者", "Owners", "直接所有者的名称或证照号码，以分号隔开；可在本文件其他行，次序不限。Names or identifiers of direct owners, set apart by semicolons; they may stand anywhere in the file.", "", "", "母公司 股东 上级公司 控股股东 parent"),
        column("relations", "与单位关系", "Relations", "单位/关系/起始日/截止日，以分号隔开；取代管辖范围内已登记的关系。Unit/relation/first day/last day, set apart by semicolons; in place of those on record within reach.", "GZ-ZJ-01/管理和服务对象/2024-01-01", "", "管理服务关系 关系 单位关系"),
    )  # fmt: skip

    def ties(self, row: Row) -> Ties:
        """Others refer to a counterparty by its identifier, its name, or an alias."""
        identifier, name = _code(row.cells.get("identifier")), _safely(read_text, row.cells.get("name"))
        called = [name, *(_safely(several, row.cells.get("aliases")) or [])]
        names = [_tie(one) for one in (identifier, *called) if one]
        needs = [_tie(one) for one in _safely(several, row.cells.get("parents")) or []]
        key = f"id {identifier}" if identifier else f"name {name_key(name)}" if name else None
        return Ties(key, tuple(dict.fromkeys(names)), tuple(dict.fromkeys(needs)))

    async def take(self, run: Run, rows: Sequence[Row]) -> Sequence[Outcome]:
        """Counterparties by the many; owners are on record by now, or in a dry run would be."""
        meant = [_meant(row) for row in rows]
        assumed = await _settle_owners(run, meant)
        await _settle_units(run, meant)
        plans = await plan_counterparties(run.view, run.caller, [one.values for one in meant if not one.faults], assumed)
        if run.work is not None:
            await write_counterparties(run.work, run.caller, plans)
        return outcomes_of(meant, plans)


def _safely(read: Reader, cell: Cell) -> Any:
    try:
        return read(cell)
    except CellError:
        return None


def _code(cell: Cell) -> str | None:
    said = _safely(read_text, cell)
    return None if said is None else unicodedata.normalize("NFKC", said).upper()


def _tie(written: str) -> str:
    """Identifiers and names in the form in which they are compared; no name looks like an identifier."""
    return name_key(written).upper()


def _meant(row: Row) -> Meant:
    values, faults = read_values(row, _READERS)
    if not faults and not (values.get("name") or values.get("identifier")):
        faults.append(RowFault("name", "missing", Words("必填项缺失。", "This field is required.")))
    return Meant(row, without_empty(values, _MUST_BE), faults)


async def _settle_owners(run: Run, meant: Sequence[Meant]) -> set[UUID]:
    """The owners, each looked up once; answers those of them that a dry run would have made."""
    written = {owner for one in meant for owner in one.values.get("parents") or ()}
    known = await counterparties_called(run.view, run.caller, written)
    made = {} if run.work is not None else run.earlier.made(map(_tie, written))
    for one in meant:
        if one.values.get("parents"):
            one.values["parents"] = [
                _owner(one, list(dict.fromkeys([*known[owner], *made.get(_tie(owner), [])]))) for owner in one.values["parents"]
            ]
    return {one for some in made.values() for one in some}


def _owner(meant: Meant, found: Sequence[UUID]) -> UUID | None:
    if len(found) == 1:
        return found[0]
    meant.faults.append(
        RowFault("parents", "counterparty-ambiguous", _OWNER_AMBIGUOUS)
        if found
        else RowFault("parents", "counterparty-unknown", _OWNER_UNKNOWN)
    )
    return None


async def _settle_units(run: Run, meant: Sequence[Meant]) -> None:
    related = [(one, relation) for one in meant for relation in one.values.get("relations") or () if "unit" in relation]
    known = await units_called(run.view, run.caller, [relation["unit"] for _, relation in related])
    for one, relation in related:
        relation["unit"] = resolved(one, "relations", known[relation["unit"]])
