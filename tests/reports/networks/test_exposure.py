"""Everyone who declared something of a company or its group."""

import pytest

from tests.factories import Factory
from tests.people.asking import faults_of
from tests.screening.declaring import Json, Office, gift, line, meal


async def ask(office: Office, party: Json | str, by: dict[str, str] | None = None, expected: int = 200, **params: object) -> Json:
    key = party if isinstance(party, str) else party["id"]
    return await office.get(f"/v1/counterparties/{key}/exposure", by or office.commission, expected, **params)


async def test_officials_units_and_years_are_added_up_over_the_group(office: Office, factory: Factory) -> None:
    holding = await factory.counterparty(name="恒远集团有限公司")
    builder = await factory.counterparty(name="恒远建设有限公司", parents=[holding["id"]])
    caterer = await factory.counterparty(name="恒远餐饮有限公司", parents=[holding["id"]])
    await factory.counterparty(name="无关有限公司")
    other = await factory.person(office.sister, name="王芳")
    await office.file(gift("2025-10-18", line(worth="300.00"), giver={"id": builder["id"]}))
    await office.file(meal("2026-09-01", host={"id": caterer["id"]}), "meal")
    await office.file(gift("2026-10-18", line("cash", "5000.00", "kept"), giver={"id": builder["id"]}), declarant=other["id"])
    await office.file(gift("2026-10-18", giver={"name": "无关有限公司"}))
    told = await ask(office, builder, count=True)
    assert told["group"][0]["id"] == builder["id"]
    assert {one["name"] for one in told["group"]} == {"恒远集团有限公司", "恒远建设有限公司", "恒远餐饮有限公司"}
    first, second = told["items"]
    assert (first["person"], first["name"], first["units"], first["worth"]) == (other["id"], "王芳", [office.sister["id"]], "5000.00")
    assert (second["kinds"], second["worth"], second["worth_unknown"]) == ({"gift": 1, "meal": 1}, "300.00", 1)
    assert (second["first_on"], second["last_on"]) == ("2025-10-18", "2026-09-01")
    assert told["count"] == told["totals"]["officials"] == 2
    assert (told["totals"]["declarations"], told["totals"]["worth"], told["totals"]["level"]) == (3, "5300.00", first["level"])
    assert first["level"] in ("serious", "breach")
    assert [(one["year"], one["declarations"], one["officials"]) for one in told["by_year"]] == [(2025, 1, 1), (2026, 2, 2)]
    assert [(one["name"], one["worth"]) for one in told["by_unit"]] == [("水务局", "5000.00"), ("住建局", "300.00")]
    assert (await ask(office, caterer))["items"] == told["items"]


async def test_filters_narrow_what_is_added_up(office: Office, factory: Factory) -> None:
    party = await factory.counterparty()
    await office.file(gift("2026-10-01", giver={"id": party["id"]}))
    await office.file(meal("2026-09-01", host={"id": party["id"]}), "meal")
    for narrow, kinds in (
        ({"kind": "meal"}, {"meal": 1}),
        ({"occurred_from": "2026-09-15"}, {"gift": 1}),
        ({"occurred_until": "2026-09-15"}, {"meal": 1}),
        ({"unit": office.sister["id"]}, {}),
    ):
        assert (await ask(office, party, **narrow))["totals"]["kinds"] == kinds, narrow


async def test_pages_together_are_all_officials(office: Office, factory: Factory) -> None:
    party = await factory.counterparty()
    for worth in ("100.00", "200.00", "200.00"):
        declarant = (await factory.person(office.bureau))["id"]
        await office.file(gift("2026-10-18", line(worth=worth), giver={"id": party["id"]}), declarant=declarant)
    whole = [one["person"] for one in (await ask(office, party))["items"]]
    first = await ask(office, party, limit=2)
    rest = await ask(office, party, limit=2, after=first["next"])
    assert [one["person"] for one in first["items"] + rest["items"]] == whole
    assert (len(whole), rest["next"]) == (3, None)


async def test_drafts_and_withdrawn_declarations_count_for_nothing(office: Office, factory: Factory) -> None:
    party = await factory.counterparty()
    await office.file(gift("2026-10-18", giver={"id": party["id"]}), by=office.declarant, status="draft")
    gone = await office.file(gift("2026-10-18", giver={"id": party["id"]}), by=office.declarant)
    headers = {**office.declarant, "If-Match": await office.etag(gone, office.declarant)}
    assert (
        await office.client.post(f"/v1/declarations/{gone['id']}/withdrawal", json={"reason": "重复"}, headers=headers)
    ).status_code == 200
    told = await ask(office, party)
    assert (told["items"], told["totals"]["declarations"], told["totals"]["first_on"], told["totals"]["level"]) == ([], 0, None, "clear")


async def test_what_is_out_of_reach_or_one_s_own_moves_no_number(office: Office, factory: Factory, make_key: object) -> None:
    party = await factory.counterparty()
    before = await ask(office, party, office.sister_commission)
    await office.file(gift("2026-10-18", giver={"id": party["id"]}))
    assert await ask(office, party, office.sister_commission) == before
    assert callable(make_key)
    own = {"Authorization": f"Bearer {await make_key('declarations:read', person=office.official, unit=office.city)}"}
    nothing = await ask(office, party, own)
    await office.discover(gift("2026-10-19", giver={"id": party["id"]}))
    assert await ask(office, party, own) == nothing
    assert nothing["items"] == []
    assert (await ask(office, party))["totals"]["declarations"] == 2


async def test_a_name_known_from_declarations_alone_is_known_to_who_may_count_one(office: Office, make_key: object) -> None:
    declared = await office.discover(gift("2026-10-18", giver={"name": "未登记商行"}))
    assert (await ask(office, declared["counterparty"]))["totals"]["declarations"] == 1
    await ask(office, declared["counterparty"], office.sister_commission, 404)
    assert callable(make_key)
    own = {"Authorization": f"Bearer {await make_key('reviews:write', person=office.official, unit=office.city)}"}
    await ask(office, declared["counterparty"], own, 404)


@pytest.mark.parametrize("who", ["declarant", "hr", "stranger"])
async def test_it_is_for_the_commission_alone(office: Office, factory: Factory, who: str) -> None:
    party = await factory.counterparty()
    assert (await ask(office, party, getattr(office, who), 403))["code"] == "scope-missing"


async def test_what_makes_no_sense_is_refused_and_named(office: Office, factory: Factory) -> None:
    party = await factory.counterparty()
    await ask(office, office.official["id"], expected=404)
    for query, pointer in (("kind=bribe", "/query/kind"), ("after=zzz", "/query/after"), ("rule=x", "/query/rule")):
        answer = await office.client.get(f"/v1/counterparties/{party['id']}/exposure?{query}", headers=office.commission)
        assert [found for found, _ in faults_of(answer)] == [pointer]


async def test_the_level_is_that_of_the_gravest_finding_whoever_raised_it(office: Office, factory: Factory) -> None:
    party = await factory.counterparty()
    declared = await office.file(meal("2026-09-01", host={"id": party["id"]}), "meal")
    await office.file(gift("2026-10-18", giver={"id": party["id"]}))
    assert (await ask(office, party))["items"][0]["level"] == "notice"
    basis = [{"instrument": "条例", "since": "2020-01-01"}]
    suspected = {"declaration": declared["id"], "ban": 4, "level": "serious", "title": "须说明", "message": "须核实。", "basis": basis}
    raised = await office.client.post("/v1/findings", json=suspected, headers=office.commission)
    assert raised.status_code == 201, raised.text
    assert (await ask(office, party))["items"][0]["level"] == "serious"
    path, headers = f"/v1/findings/{raised.json()['id']}/withdrawal", {**office.commission, "If-Match": raised.headers["etag"]}
    assert (await office.client.post(path, json={"reason": "经核实无误"}, headers=headers)).status_code == 200
    assert (await ask(office, party))["items"][0]["level"] == "notice"
