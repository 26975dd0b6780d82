"""Who may file for whom, in which capacity, and who may change what was filed."""

from app.kit import clock
from app.kit.ids import new_id
from tests.bodies import ago, filed, gift
from tests.conftest import Make

from .desk import PATH, Calling, Desk, faults, made, refusal


def named_scopes(answer_detail: str) -> set[str]:
    """The scopes that a refusal names."""
    return {word for word in answer_detail.replace("，", " ").split() if ":" in word}


async def test_an_official_files_for_oneself_whether_named_or_not(desk: Desk) -> None:
    for body in (gift(), filed(gift(), declarant=desk.person["id"], source="self")):
        declared = await desk.filed(body)
        assert (declared["declarant"], declared["source"]) == (desk.person["id"], "self")


async def test_an_official_files_for_nobody_else(desk: Desk, make_person: Make) -> None:
    colleague = await make_person(desk.unit)
    for declarant in (colleague["id"], str(new_id())):
        answer = await desk.post(filed(gift(), declarant=declarant))
        assert refusal(answer) == (403, "scope-missing")
        assert named_scopes(answer.json()["detail"]) == {"declarations:file-for-others"}


async def test_an_official_files_in_no_other_capacity(desk: Desk) -> None:
    needed = {"hr": "declarations:file-for-others", "commission": "reviews:write"}
    for source, scope in needed.items():
        answer = await desk.post(filed(gift(), source=source))
        assert refusal(answer) == (403, "scope-missing")
        assert named_scopes(answer.json()["detail"]) == {scope}


async def test_hr_files_for_the_people_of_its_units_and_no_others(desk: Desk, make_unit: Make, make_person: Make) -> None:
    below = await make_person(await make_unit(parent=desk.unit["id"]))
    for person in (desk.person, below):
        declared = await desk.filed(filed(gift(), declarant=person["id"]), desk.hr)
        assert (declared["declarant"], declared["source"], declared["unit"]) == (person["id"], "hr", person["unit"])
    outside = await make_person(await make_unit())
    for stranger in (outside["id"], str(new_id())):
        assert refusal(await desk.post(filed(gift(), declarant=stranger), desk.hr)) == (404, "not-found")
        assert refusal(await desk.post(filed(gift(), declarant=stranger, source="self"), desk.hr)) == (404, "not-found")


async def test_hr_puts_a_paper_record_of_an_own_declaration_on_file(desk: Desk) -> None:
    body = filed(gift(received_on=ago(60)), declarant=desk.person["id"], source="self", declared_on=ago(50))
    declared = await desk.filed(body, desk.hr)
    assert (declared["source"], declared["declared_on"]) == ("self", ago(50))
    assert "gift.registered-late" not in [shown["rule"] for shown in declared["screening"]["findings"]]
    assert await desk.read(declared) == declared


async def test_the_day_of_declaration_is_set_by_hr_and_the_commission_alone(desk: Desk) -> None:
    answer = await desk.post(filed(gift(), declared_on=ago(1)))
    assert refusal(answer) == (403, "scope-missing")
    assert named_scopes(answer.json()["detail"]) == {"declarations:file-for-others", "reviews:write"}
    assert (await desk.filed(filed(gift(), declared_on=clock.today())))["declared_on"] == ago(0)
    for headers, source in ((desk.hr, "hr"), (desk.commission, "commission")):
        body = filed(gift(), declarant=desk.person["id"], source=source, declared_on=ago(3))
        assert (await desk.filed(body, headers))["declared_on"] == ago(3)
        assert faults(await desk.post({**body, "declared_on": ago(11)}, headers)) == [("/details/received_on", "day-after-declaration")]
        assert faults(await desk.post({**body, "declared_on": ago(-1)}, headers)) == [("/declared_on", "day-in-the-future")]


async def test_a_key_that_speaks_for_nobody_names_the_declarant(desk: Desk) -> None:
    assert faults(await desk.post(gift(), desk.hr)) == [("/declarant", "missing")]


async def test_without_a_scope_nothing_is_filed(desk: Desk, calling: Calling) -> None:
    reader = await calling("people:read", person=desk.person)
    answer = await desk.post(gift(), reader)
    assert refusal(answer) == (403, "scope-missing")
    assert named_scopes(answer.json()["detail"]) == {"declarations:write", "declarations:file-for-others"}
    assert refusal(await desk.client.post(PATH, json=gift())) == (401, "unauthenticated")


async def test_what_the_commission_discovers_stays_with_the_commission(desk: Desk) -> None:
    discovered = await desk.filed(filed(gift(), declarant=desk.person["id"], source="commission"), desk.commission)
    assert discovered["source"] == "commission"
    assert "gift.unregistered" in [shown["rule"] for shown in discovered["screening"]["findings"]]
    for headers in (desk.official, desk.hr):
        assert refusal(await desk.look(discovered, headers)) == (404, "not-found")
        assert refusal(await desk.patch(discovered, {"note": "?"}, headers)) == (404, "not-found")
        assert refusal(await desk.withdraw(discovered, headers)) == (404, "not-found")
        assert made(await desk.client.get(PATH, headers=headers))["items"] == []
    assert made(await desk.patch(discovered, {"note": "线索来源：举报"}, desk.commission))["revision"] == 2
    answer = await desk.post(filed(gift(), declarant=desk.person["id"], source="hr"), desk.commission)
    assert refusal(answer) == (403, "scope-missing")


async def test_the_commission_reaches_its_units_alone(desk: Desk, make_unit: Make, make_person: Make) -> None:
    outside = await make_person(await make_unit())
    answer = await desk.post(filed(gift(), declarant=outside["id"], source="commission"), desk.commission)
    assert refusal(answer) == (404, "not-found")


async def test_nobody_discovers_oneself_or_sees_what_colleagues_discovered(desk: Desk, calling: Calling) -> None:
    inspector = await calling("declarations:write", "declarations:read", "reviews:write", person=desk.person, unit=desk.unit)
    assert faults(await desk.post(filed(gift(), source="commission"), inspector)) == [("/source", "discovered-by-oneself")]
    discovered = await desk.filed(filed(gift(), declarant=desk.person["id"], source="commission"), desk.commission)
    assert refusal(await desk.look(discovered, inspector)) == (404, "not-found")
    assert made(await desk.client.get(f"{PATH}?count=true", headers=inspector))["count"] == 0


async def test_a_delegate_acts_for_the_official_until_it_is_ended(desk: Desk, calling: Calling, make_person: Make) -> None:
    secretary = await make_person(desk.unit)
    acting = await calling("declarations:write", person=secretary)
    body = filed(gift(), declarant=desk.person["id"])
    assert refusal(await desk.post(body, acting)) == (403, "scope-missing")
    given = {"delegate": secretary["id"], "from_on": ago(0)}
    delegation = await desk.client.post("/v1/delegations", json=given, headers=desk.official)
    declared = await desk.filed(body, acting)
    assert (declared["declarant"], declared["source"]) == (desk.person["id"], "self")
    assert await desk.read(declared, acting) == await desk.read(declared)
    assert made(await desk.patch(declared, {"note": "秘书代改"}, acting))["revision"] == 2
    own = await desk.filed(gift())
    assert made(await desk.withdraw(own, acting))["status"] == "withdrawn"
    await desk.client.delete(delegation.headers["location"], headers={**desk.official, "If-Match": "*"})
    assert refusal(await desk.look(declared, acting)) == (404, "not-found")
    assert refusal(await desk.patch(declared, {"note": "?"}, acting)) == (404, "not-found")
    assert refusal(await desk.post(body, acting)) == (403, "scope-missing")


async def test_a_delegate_with_the_scope_to_file_for_others_stays_within_its_units(
    desk: Desk, calling: Calling, make_unit: Make, make_person: Make
) -> None:
    secretary = await make_person(desk.unit)
    given = {"delegate": secretary["id"], "from_on": ago(0)}
    made(await desk.client.post("/v1/delegations", json=given, headers=desk.official), 201)
    body = filed(gift(), declarant=desk.person["id"])
    near = await calling("declarations:file-for-others", person=secretary, unit=desk.unit)
    assert (await desk.filed(body, near))["source"] == "self"
    far = await calling("declarations:file-for-others", person=secretary, unit=await make_unit())
    assert refusal(await desk.post(body, far)) == (404, "not-found")
    assert refusal(await desk.post(gift(), far)) == (404, "not-found")


async def test_each_changes_what_they_filed_and_the_declarant_what_is_filed_for_them(desk: Desk) -> None:
    own, by_hr = await desk.filed(gift()), await desk.filed(filed(gift(), declarant=desk.person["id"]), desk.hr)
    assert refusal(await desk.look(own, desk.hr)) == (404, "not-found")
    assert refusal(await desk.patch(own, {"note": "?"}, desk.hr)) == (404, "not-found")
    assert made(await desk.patch(by_hr, {"note": "人事更正"}, desk.hr))["revision"] == 2
    assert made(await desk.patch(by_hr, {"note": "本人更正"}))["revision"] == 3
    assert made(await desk.withdraw(by_hr))["status"] == "withdrawn"


async def test_the_commission_reads_but_does_not_amend_what_officials_declared(desk: Desk) -> None:
    declared = await desk.filed(gift())
    assert (await desk.look(declared, desk.commission)).status_code == 200
    answers = [await desk.patch(declared, {"note": "?"}, desk.commission), await desk.withdraw(declared, desk.commission)]
    for answer in answers:
        assert refusal(answer) == (403, "scope-missing")
        assert named_scopes(answer.json()["detail"]) == {"declarations:file-for-others"}


async def test_a_stranger_finds_nothing(desk: Desk, calling: Calling, make_unit: Make, make_person: Make) -> None:
    elsewhere = await make_unit()
    strangers = [
        await calling("declarations:write", person=await make_person(desk.unit)),
        await calling("declarations:file-for-others", unit=elsewhere),
        await calling("declarations:read", "reviews:write", unit=elsewhere),
        await calling("people:write", "people:read", "rulebook:write", "audit:read"),
    ]
    for one in (await desk.filed(gift()), {"id": str(new_id())}):
        for stranger in strangers:
            answers = [
                await desk.look(one, stranger),
                await desk.look(one, stranger, "/revisions"),
                await desk.look(one, stranger, "/screenings"),
                await desk.patch(one, {"note": "?"}, stranger),
                await desk.submit(one, stranger),
                await desk.withdraw(one, stranger),
            ]
            assert {refusal(answer) for answer in answers} == {(404, "not-found")}
