"""People from files."""

from .importing import Desk, counts, faults, people, person


async def test_people_are_put_on_record_and_the_same_file_again_changes_nothing(desk: Desk) -> None:
    unit = await desk.factory.unit(code="U-1", name="某局")
    file = people(person("E1"), person("E2", "某局", 职级="副处", 是否领导干部="是"), person("E3", unit["id"], 姓名="王芳"))
    first = await desk.taken_in(file)
    assert (first["state"], counts(first)) == ("completed", (3, 0, 0, 0))
    persons = await desk.persons()
    assert {(number, one["unit"]) for number, one in persons.items()} == {("E1", unit["id"]), ("E2", unit["id"]), ("E3", unit["id"])}
    assert (persons["E2"]["rank"], persons["E2"]["is_leader"], persons["E2"]["staff_class"]) == ("division_deputy", True, "civil_servant")
    again = await desk.taken_in(file)
    assert counts(again) == (0, 0, 3, 0)
    assert await desk.persons() == persons


async def test_a_row_that_is_wrong_is_told_by_column_and_keeps_no_other_from_being_taken_in(desk: Desk) -> None:
    await desk.factory.unit(code="U-1")
    file = people(
        person("E1"), person("E2", "没有的局"), person("E3", 职级="处级非领导", 是否领导干部="也许"), person("", 姓名=""), person("E5")
    )
    done = await desk.taken_in(file)
    assert counts(done) == (2, 0, 0, 3)
    lines = await desk.report(done)
    assert faults(lines) == [
        ("3", "单位", "unit-unknown"),
        ("4", "职级", "word-unknown"),
        ("4", "是否领导干部", "flag-unclear"),
        ("5", "工号", "missing"),
    ]
    assert lines[0][4:] == person("E2", "没有的局")
