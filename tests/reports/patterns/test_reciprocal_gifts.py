"""Gifts that went to and fro."""

from typing import Any

from tests.factories import Factory
from tests.people.asking import faults_of
from tests.screening.declaring import Headers, Json, Office, cny, gift, line


async def exchanges(office: Office, by: Headers | None = None, **params: Any) -> list[Json]:
    found: list[Json] = (await office.get("/v1/patterns/reciprocal-gifts", by or office.commission, **params))["items"]
    return found


async def pass_on(office: Office, party: Json, direction: str, day: str, worth: str | None = "300.00", **over: Any) -> Json:
    return await office.file(gift(day, line(worth=worth), giver={"id": party["id"]}, direction=direction, **over))


async def test_received_of_one_company_and_given_to_its_sister_is_an_exchange(office: Office, factory: Factory) -> None:
    holding = await factory.counterparty(name="恒远集团")
    one, two = [await factory.counterparty(parents=[holding["id"]]) for _ in range(2)]
    received = await pass_on(office, one, "received", "2026-09-01")
    given = await pass_on(office, two, "given", "2026-10-01", "280.00")
    again = await pass_on(office, one, "received", "2026-10-02", None)
    (lead,) = await exchanges(office)
    assert (lead["person"], lead["name"], lead["group"]["name"]) == (office.official["id"], "李明", "恒远集团")
    assert [row["declaration"] for row in lead["received"]] == [again["id"], received["id"]]
    assert [row["declaration"] for row in lead["given"]] == [given["id"]]
    assert (lead["received_worth"], lead["given_worth"], lead["returns_stated"]) == ("300.00", "280.00", [])
    assert lead["message"] == (
        "李明收受恒远集团或其关联企业礼品2份（已知价值300.00元），赠送1份（已知价值280.00元）。此为供人核实的线索，不是结论。"
    )


async def test_days_between_decide(office: Office, factory: Factory) -> None:
    party = await factory.counterparty()
    await pass_on(office, party, "received", "2026-09-01")
    await pass_on(office, party, "given", "2026-09-11")
    for days, found in ((9, 0), (10, 1), (365, 1)):
        assert len(await exchanges(office, within_days=days)) == found, days
    for query in ("within_days=-1", "within_days=3651"):
        answer = await office.client.get(f"/v1/patterns/reciprocal-gifts?{query}", headers=office.commission)
        assert [name for name, _ in faults_of(answer)] == ["/query/within_days"]


async def test_a_stated_return_is_enough_and_one_way_alone_is_not(office: Office, factory: Factory) -> None:
    party, other = await factory.counterparty(), await factory.counterparty()
    await pass_on(office, other, "received", "2026-09-01")
    await pass_on(office, other, "received", "2026-09-02")
    assert await exchanges(office) == []
    declared = await pass_on(office, party, "received", "2026-09-01", reciprocated=cny("250.00"))
    (lead,) = await exchanges(office)
    assert lead["returns_stated"] == [{"declaration": declared["id"], "worth": cny("250.00")}]
    assert (lead["given"], lead["received_worth"], lead["given_worth"]) == ([], "300.00", "0.00")
    assert "1份申报了回礼" in lead["message"]


async def test_what_is_out_of_reach_or_one_s_own_is_left_out(office: Office, factory: Factory, make_key: Any) -> None:
    party = await factory.counterparty()
    await pass_on(office, party, "received", "2026-09-01")
    await pass_on(office, party, "given", "2026-09-02")
    own = {"Authorization": f"Bearer {await make_key('declarations:read', person=office.official, unit=office.city)}"}
    assert len(await exchanges(office)) == 1
    for by in (own, office.sister_commission):
        assert await exchanges(office, by) == []
