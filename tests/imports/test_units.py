"""Units from files."""

import pytest

from .importing import Desk, Json, counts, faults, table

HEADINGS = ("单位名称", "单位代码", "上级单位", "单位性质", "监管领域")


async def units(desk: Desk) -> dict[str, Json]:
    found = (await desk.get("/v1/units?limit=200"))["items"]
    return {one["name"]: one for one in found}


async def test_units_above_may_stand_anywhere_in_the_file(desk: Desk) -> None:
    file = table(
        HEADINGS,
        ("人事处", "", "财政局", "政府", ""),
        ("财政局", "CZ", "SF", "政府机关", "财政；会计"),
        ("薪酬科", "", "财政局/人事处", "government", ""),
        ("市政府", "SF", "", "政府", ""),
    ).encode()
    for dry in (True, False):
        done = await desk.taken_in(file, "units", dry_run=dry)
        assert (done["state"], counts(done)) == ("completed", (4, 0, 0, 0)), await desk.report(done)
        assert bool(await units(desk)) is not dry
    found = await units(desk)
    above = {name: found[name]["parent"] and next(n for n, one in found.items() if one["id"] == found[name]["parent"]) for name in found}
    assert above == {"人事处": "财政局", "财政局": "市政府", "薪酬科": "人事处", "市政府": None}
    assert found["财政局"]["jurisdiction"] == ["财政", "会计"]
    person = await desk.factory.person(found["薪酬科"])
    assert [one["id"] for one in (await desk.get(f"/v1/persons?unit={found['市政府']['id']}"))["items"]] == [person["id"]]
    again = await desk.taken_in(file, "units")
    assert counts(again) == (0, 0, 4, 0)
    assert await units(desk) == found


async def test_a_circle_is_told_and_the_rest_is_taken_in(desk: Desk) -> None:
    file = table(
        HEADINGS, ("甲", "A", "B", "政府", ""), ("乙", "B", "A", "政府", ""), ("丙", "C", "", "政府", ""), ("丁", "D", "A", "政府", "")
    ).encode()
    done = await desk.taken_in(file, "units")
    assert counts(done) == (1, 0, 0, 3)
    assert [code for _, _, code in faults(await desk.report(done))] == ["rows-in-circle"] * 3
    assert list(await units(desk)) == ["丙"]


async def test_units_move_with_all_below_them_but_not_below_themselves(desk: Desk) -> None:
    top = await desk.factory.unit(name="甲", code="A")
    middle = await desk.factory.unit(name="乙", code="B", parent=top["id"])
    low = await desk.factory.unit(name="丙", code="C", parent=middle["id"])
    other = await desk.factory.unit(name="丁", code="D")
    done = await desk.taken_in(table(("单位代码", "上级单位"), ("B", "D"), ("A", "C")).encode(), "units")
    assert counts(done) in ((0, 1, 0, 1), (0, 2, 0, 0))
    assert (await desk.get(f"/v1/units/{middle['id']}"))["parent"] == other["id"]
    circle = await desk.taken_in(table(("单位代码", "上级单位"), ("D", "B")).encode(), "units")
    assert faults(await desk.report(circle)) == [("2", "上级单位", "parent-below-unit")]
    assert low["id"]


@pytest.mark.parametrize("dry", [True, False])
async def test_who_reaches_a_part_of_the_tree_adds_below_it_alone(desk: Desk, dry: bool, make_key: object) -> None:
    mine, other = await desk.factory.unit(code="MY"), await desk.factory.unit(code="OTHER")
    by = {"Authorization": f"Bearer {await make_key('people:write', unit=mine)}"}  # type: ignore[operator]
    rows = [
        ("一科", "K1", "MY", "政府", ""),
        ("二科", "K2", "OTHER", "政府", ""),
        ("顶层", "K3", "", "政府", ""),
        ("改名", "OTHER", "MY", "政府", ""),
    ]
    done = await desk.taken_in(table(HEADINGS, *rows).encode(), "units", by, dry_run=dry)
    assert counts(done) == (1, 0, 0, 3)
    report = faults(await desk.report(done, by))
    assert report == [("3", "上级单位", "unit-unknown"), ("4", "上级单位", "parent-required"), ("5", "单位代码", "unit-code-taken")]
    assert other["id"]
