"""Rows about units: known by their codes, or by their names below the unit above; those above come first, wherever they stand in the file."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from app.access.caller import Scope
from app.kit.errors import Words
from app.people.called import units_called
from app.people.many_units import plan_units, write_units
from app.people.schemas import UnitKind

from .cells import read_text
from .meaning import MUST, Meant, column, listed, outcomes_of, resolved
from .tables import Column, Outcome, Row, RowFault, Run, Ties
from .values import Reader, read_code, read_values, several, without_empty, word

_READERS: Mapping[str, Reader] = {
    "code": read_code,
    "name": read_text,
    "parent": read_text,
    "kind": word(UnitKind),
    "jurisdiction": several,
}
_MUST_BE = ("name", "kind")


class UnitRows:
    """单位。Units."""

    name = "units"
    title = Words("单位", "Units")
    needed: tuple[str, ...] = ("code", "name")
    scopes: tuple[Scope, ...] = (Scope.PEOPLE_WRITE,)
    batch = 500
    columns: Sequence[Column] = (
        column("code", "单位代码", "Code", "全册唯一，据此识别单位；没有代码的以上级与名称识别。Unique; by it a unit is known, else by its name and the unit above.", "GZ-ZJ-01", "", "代码 机构代码 部门代码 组织编码 unit_code"),
        column("name", "单位名称", "Name", "名称。Name.", "某市住房和城乡建设局", MUST, "名称 单位 机构名称 部门名称 unit_name"),
        column("parent", "上级单位", "Parent", "上级的代码、名称，或自上而下的路径；可在本文件其他行，次序不限。Code or name of the unit above, or a path of names; it may stand anywhere in the file.", "GZ", "", "上级 上级单位代码 上级代码 主管部门 上级部门 parent_code parent_unit"),
        Column("kind", Words("单位性质", "Kind"), listed(UnitKind), "政府机关", required=True, aliases=("性质", "单位类型", "机构性质", "机构类型")),
        column("jurisdiction", "监管领域", "Jurisdiction", "监管的行业与区域，以分号隔开。Sectors and areas that it supervises, set apart by semicolons.", "建筑业；天河区", "", "监管行业 管辖范围 监管范围"),
    )  # fmt: skip

    def ties(self, row: Row) -> Ties:
        """Others refer to a unit by its code, its name, or its name below that of the unit above."""
        code, name, parent = (_plain(row, one, read) for one, read in (("code", read_code), ("name", read_text), ("parent", read_text)))
        path = f"{parent}/{name}" if parent else name
        names = tuple(dict.fromkeys(one for one in (code, name, path) if one))
        return Ties(f"code {code}" if code else f"name {path}", names, (parent,) if parent else ())

    async def take(self, run: Run, rows: Sequence[Row]) -> Sequence[Outcome]:
        """Units by the many; those above are on record by now, or in a dry run would be."""
        meant = [_meant(row) for row in rows]
        assumed = await _settle_parents(run, meant)
        plans = await plan_units(run.view, run.caller, [one.values for one in meant if not one.faults], assumed)
        if run.work is not None:
            await write_units(run.work, plans)
        return outcomes_of(meant, plans)


def _plain(row: Row, name: str, read: Reader) -> Any:
    return read(row.cells.get(name))


def _meant(row: Row) -> Meant:
    values, faults = read_values(row, _READERS)
    if not faults and not (values.get("name") or values.get("code")):
        faults.append(RowFault("name", "missing", Words("必填项缺失。", "This field is required.")))
    return Meant(row, without_empty(values, _MUST_BE), faults)


async def _settle_parents(run: Run, meant: Sequence[Meant]) -> set[UUID]:
    """The units above, each looked up once; answers those of them that a dry run would have made."""
    written = {one.values["parent"] for one in meant if one.values.get("parent")}
    known = await units_called(run.view, run.caller, written)
    made = {} if run.work is not None else run.earlier.made(written)
    for one in meant:
        parent = one.values.get("parent")
        if parent:
            one.values["parent"] = resolved(one, "parent", list(dict.fromkeys([*known[parent], *made.get(parent, [])])))
    return {one for some in made.values() for one in some}
