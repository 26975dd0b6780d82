"""Rows about persons: known by their employee numbers, put on record, changed in the columns that the file has, or left as they are."""

from collections.abc import Mapping, Sequence

from app.access.caller import Scope
from app.kit.errors import Words
from app.people.called import units_called
from app.people.many_persons import plan_persons, write_persons
from app.rulebook.facts import EmployerKind, LeftReason, Rank, StaffClass

from .cells import Cell, folded, read_flag, read_text
from .days import DayOrder, read_day
from .meaning import MUST, Meant, column, listed, outcomes_of, resolved
from .tables import Column, Outcome, Row, RowFault, Run, Ties
from .values import Reader, read_code, read_values, records, remembered, without_empty, word

_PARTY = {"中共党员": True, "党员": True, "中共预备党员": True, "预备党员": True, "正式党员": True}
_NO_PARTY = ("群众", "共青团员", "团员", "无党派", "无党派人士", "民主党派", "非党员", "非中共党员")


def _party_member(cell: Cell) -> bool | None:
    """Yes or no, or what is said of somebody's political status (政治面貌)."""
    said = folded(cell)
    if said in _PARTY:
        return True
    if said in _NO_PARTY or said.endswith(("盟员", "会员", "社员")):
        return False
    return read_flag(cell)


_RELATIVES = records(
    {"name": read_text, "relation": read_text, "employer": read_text, "employer_kind": word(EmployerKind)},
    Words("姓名/关系/工作单位/单位性质", "name/relation/employer/sort of employer"),
)
_POSTS = records(
    {
        "unit": read_text,
        "position": read_text,
        "rank": word(Rank),
        "is_leader": read_flag,
        "staff_class": word(StaffClass),
        "from_on": read_day,
        "until_on": read_day,
    },
    Words("单位/职务/职级/是否领导/人员类别/起始日/截止日", "unit/position/rank/leader/staff class/first day/last day"),
)
_INSIDE = records(
    {"issuer": read_text, "from_on": read_day, "until_on": read_day}, Words("发行人/知悉日/公开日", "issuer/first day/last day")
)

_READERS: Mapping[str, Reader] = {
    "employee_number": read_code,
    "name": read_text,
    "unit": remembered(read_text),
    "position": remembered(read_text),
    "party_member": remembered(_party_member),
    "staff_class": word(StaffClass),
    "rank": word(Rank),
    "is_leader": remembered(read_flag),
    "birth_on": read_day,
    "prior_graft_sanction": remembered(read_flag),
    "post_from_on": read_day,
    "left_on": read_day,
    "left_reason": word(LeftReason),
    "inside_information": _INSIDE,
    "relatives": _RELATIVES,
    "posts": _POSTS,
}
_MUST_BE = ("employee_number", "name", "unit", "party_member", "staff_class", "rank", "is_leader", "prior_graft_sanction")

_DAY = Words("日期，如 2020-05-01。", "A day, such as 2020-05-01.")
_FLAG = Words("是或否。", "Yes or no.")


class PersonRows:
    """人员。Persons."""

    name = "people"
    title = Words("人员", "People")
    needed: tuple[str, ...] = ("employee_number",)
    scopes: tuple[Scope, ...] = (Scope.PEOPLE_WRITE,)
    batch = 1_000
    columns: Sequence[Column] = (
        column("employee_number", "工号", "Employee number", "全册唯一，据此识别人员。Unique; by it a person is known.", "E00001", MUST, "人员编号 职工号 编号 员工编号 工作证号 staff_number staff_id"),
        column("name", "姓名", "Name", "姓名。Name.", "张明", MUST, "人员姓名 full_name"),
        column("unit", "单位", "Unit", "单位代码、名称，或自上而下的路径（某局/办公室）。Code or name of a unit, or a path of names.", "GZ-ZJ-01", MUST, "所在单位 单位名称 单位代码 工作单位 部门 所在部门 department unit_code"),
        column("position", "职务", "Position", "职务。Position.", "科长", "", "现任职务 职位 post title"),
        column("party_member", "是否中共党员", "Party member", "是或否，或政治面貌。Yes or no, or political status.", "是", MUST, "中共党员 党员 政治面貌"),
        Column("staff_class", Words("人员类别", "Staff class"), listed(StaffClass), "公务员", required=True, aliases=("编制类型", "人员身份", "人员性质")),
        Column("rank", Words("职级", "Rank"), listed(Rank), "正科", required=True, aliases=("级别", "行政级别", "现任职级")),
        Column("is_leader", Words("是否领导干部", "Leader"), _FLAG, "否", required=True, aliases=("领导干部", "是否领导", "领导职务")),
        Column("birth_on", Words("出生日期", "Day of birth"), _DAY, "1980-01-01", aliases=("出生年月日", "生日", "birthday", "date_of_birth")),
        Column("prior_graft_sanction", Words("曾因贪污受贿受处分", "Prior graft sanction"), _FLAG, "否"),
        Column("post_from_on", Words("任现职日期", "In post since"), _DAY, "2020-05-01", aliases=("任现职时间", "现职起始日")),
        Column("left_on", Words("离职日期", "Left on"), _DAY, "", aliases=("离职时间", "退休日期", "退休时间")),
        Column("left_reason", Words("离职原因", "Reason for leaving"), listed(LeftReason), ""),
        column("relatives", "近亲属", "Relatives", "姓名/关系/工作单位/单位性质；多人以分号隔开。Name/relation/employer/sort of employer; several set apart by semicolons.", "王芳/配偶/某证券公司/证券公司", "", "亲属 家庭成员"),
        column("posts", "任职经历", "Posts", "单位/职务/职级/是否领导/人员类别/起始日/截止日；多段以分号隔开。Unit/position/rank/leader/staff class/first day/last day; several set apart by semicolons.", "", "", "工作经历 履历"),
        column("inside_information", "内幕信息", "Inside information", "发行人/知悉日/公开日；多项以分号隔开。Issuer/first day/last day; several set apart by semicolons.", "", ""),
    )  # fmt: skip

    def ties(self, row: Row) -> Ties:
        """No two rows are about one person; persons do not refer to each other."""
        return Ties(read_code(row.cells.get("employee_number")))

    async def take(self, run: Run, rows: Sequence[Row]) -> Sequence[Outcome]:
        """Persons by the many, in a fixed number of statements."""
        meant = [_meant(row, run.conventions.day_order) for row in rows]
        await _settle_units(run, meant)
        plans = await plan_persons(run.view, run.caller, [one.values for one in meant if not one.faults])
        if run.work is not None:
            await write_persons(run.work, plans)
        return outcomes_of(meant, plans)


def _meant(row: Row, order: DayOrder | None) -> Meant:
    values, faults = read_values(row, _READERS, order)
    if values.get("employee_number") is None and not faults:
        faults.append(RowFault("employee_number", "missing", Words("必填项缺失。", "This field is required.")))
    return Meant(row, without_empty(values, _MUST_BE), faults)


async def _settle_units(run: Run, meant: Sequence[Meant]) -> None:
    """The units that rows name, each looked up once: that of today within reach, those of past posts anywhere."""
    current = await units_called(run.view, run.caller, [one.values["unit"] for one in meant if "unit" in one.values])
    past = {post["unit"] for one in meant for post in one.values.get("posts") or () if "unit" in post}
    anywhere = await units_called(run.view, None, past)
    for one in meant:
        if "unit" in one.values:
            one.values["unit"] = resolved(one, "unit", current[one.values["unit"]])
        for post in one.values.get("posts") or ():
            if "unit" in post:
                post["unit"] = resolved(one, "posts", anywhere[post["unit"]])
