"""Who sat at one table, and who did not declare it."""

from typing import Any

from tests.factories import Factory
from tests.people.asking import faults_of
from tests.screening.declaring import Headers, Json, Office, gift, meal


async def tables(office: Office, by: Headers | None = None, **params: Any) -> list[Json]:
    found: list[Json] = (await office.get("/v1/patterns/shared-meals", by or office.commission, **params))["items"]
    return found


async def dine(office: Office, host: Json, who: Json | None = None, day: str = "2026-10-10", **over: Any) -> Json:
    note = {"note": over.pop("note")} if "note" in over else {}
    return await office.file(meal(day, host={"id": host["id"]}, **over), "meal", declarant=(who or office.official)["id"], **note)


async def test_two_officials_at_a_table_of_one_group_are_found(office: Office, factory: Factory) -> None:
    holding = await factory.counterparty(name="恒远集团")
    one, two = [await factory.counterparty(name=name, parents=[holding["id"]]) for name in ("恒远建设", "恒远餐饮")]
    other = await factory.person(office.sister, name="王芳")
    first = await dine(office, one, companions=4, place="聚贤楼")
    second = await dine(office, two, other)
    await dine(office, one, other, day="2026-10-11")
    (table,) = await tables(office)
    assert (table["group"]["name"], table["occurred_on"], table["declared_by"], table["companions"]) == ("恒远集团", "2026-10-10", 2, 4)
    assert [(row["declaration"], row["name"], row["host"]["name"], row["place"]) for row in table["meals"]] == [
        (first["id"], "李明", "恒远建设", "聚贤楼"),
        (second["id"], "王芳", "恒远餐饮", None),
    ]
    assert table["not_declared"] == []
    assert table["message"] == "2026-10-10，2人申报了恒远集团或其关联企业的宴请，所述陪餐人数为4人。此为供人核实的线索，不是结论。"
    (english,) = await tables(office, {**office.commission, "Accept-Language": "en"})
    assert english["message"].endswith("4 companions are stated. This is a lead for a person to look into, and no verdict.")


async def test_a_colleague_named_in_a_note_who_did_not_declare_is_named(office: Office, factory: Factory) -> None:
    host = await factory.counterparty()
    absent = await factory.person(office.bureau, name="周建国")
    declared = await factory.person(office.bureau, name="孙丽")
    await factory.person(office.sister, name="赵海")
    named = await dine(office, host, note="同席有周建国、孙丽、赵海")
    await dine(office, host, declared)
    (table,) = await tables(office)
    assert table["not_declared"] == [{"person": absent["id"], "name": "周建国", "named_in": named["id"]}]
    assert "说明中提到的周建国未见申报" in table["message"]
    await dine(office, host, absent)
    assert (await tables(office))[0]["not_declared"] == []


async def test_one_declaration_that_names_a_colleague_is_enough_and_one_that_names_nobody_is_not(office: Office, factory: Factory) -> None:
    host = await factory.counterparty()
    await factory.person(office.bureau, name="周建国")
    await dine(office, host, day="2026-10-08", note="独自前往")
    await dine(office, host, day="2026-10-09", note="与周建国同去")
    assert [table["occurred_on"] for table in await tables(office)] == ["2026-10-09"]


async def test_declined_invitations_and_withdrawn_declarations_make_no_table(office: Office, factory: Factory) -> None:
    host, other = await factory.counterparty(), await factory.person(office.bureau, name="周建国")
    await dine(office, host, disposition="declined")
    await dine(office, host, other)
    assert await tables(office) == []


async def test_what_the_commission_discovered_was_not_declared(office: Office, factory: Factory) -> None:
    host, other = await factory.counterparty(), await factory.person(office.bureau, name="周建国")
    await dine(office, host, other, note="与李明同去")
    await office.discover(meal("2026-10-10", host={"id": host["id"]}), "meal")
    (table,) = await tables(office)
    assert (table["declared_by"], [one["name"] for one in table["not_declared"]]) == (1, ["李明"])
    assert [row["source"] for row in table["meals"]] == ["self", "commission"]


async def test_nobody_is_told_of_themselves(office: Office, factory: Factory, make_key: Any) -> None:
    host = await factory.counterparty()
    reviewer = await factory.person(office.bureau, name="周建国")
    by = {"Authorization": f"Bearer {await make_key('reviews:write', person=reviewer, unit=office.city)}"}
    await dine(office, host, note="与周建国同去")
    assert len(await tables(office)) == 1
    assert await tables(office, by) == []
    await office.file(
        meal("2026-10-10", host={"id": host["id"]}), "meal", by=office.commission, declarant=reviewer["id"], source="commission"
    )
    assert await tables(office, by) == []


async def test_units_and_days_narrow_and_pages_are_the_list(office: Office, factory: Factory) -> None:
    host, other = await factory.counterparty(), await factory.person(office.sister, name="王芳")
    for day in ("2026-10-01", "2026-10-02", "2026-10-03", "2025-01-01"):
        await dine(office, host, day=day)
        await dine(office, host, other, day=day)
    whole = await office.get("/v1/patterns/shared-meals", office.commission, count=True)
    assert [one["occurred_on"] for one in whole["items"]] == ["2026-10-03", "2026-10-02", "2026-10-01"]
    assert (whole["count"], whole["occurred_from"], whole["occurred_until"], whole["truncated"]) == (3, "2025-10-20", "2026-10-20", False)
    first = await office.get("/v1/patterns/shared-meals", office.commission, limit=2)
    rest = await office.get("/v1/patterns/shared-meals", office.commission, limit=2, after=first["next"])
    assert first["items"] + rest["items"] == whole["items"]
    assert [one["occurred_on"] for one in await tables(office, occurred_from="2025-01-01", occurred_until="2025-01-31")] == ["2025-01-01"]
    assert await tables(office, unit=office.bureau["id"]) == []
    assert await tables(office, office.sister_commission) == []


async def test_more_than_three_years_are_asked_for_in_parts(office: Office) -> None:
    for query in ("occurred_from=2020-01-01", "occurred_from=2020-01-01&occurred_until=2025-01-01"):
        answer = await office.client.get(f"/v1/patterns/shared-meals?{query}", headers=office.commission)
        assert faults_of(answer) == [("/query/occurred_from", "days-too-many")]
    assert await tables(office, occurred_from="2020-01-01", occurred_until="2022-12-31") == []


async def test_patterns_are_for_the_commission_alone(office: Office) -> None:
    await office.file(gift("2026-10-10"))
    for pattern in ("shared-meals", "just-below-limits", "reciprocal-gifts"):
        for by in (office.declarant, office.hr):
            assert (await office.get(f"/v1/patterns/{pattern}", by, 403))["code"] == "scope-missing"
