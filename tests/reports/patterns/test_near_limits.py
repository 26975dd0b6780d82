"""Givers whose gifts lie just below a limit again and again."""

from typing import Any

import pytest

from app.reports.patterns import gifts as laid
from tests.factories import Factory
from tests.people.asking import faults_of
from tests.screening.declaring import Headers, Json, Office, gift, line


async def givers(office: Office, by: Headers | None = None, **params: Any) -> list[Json]:
    found: list[Json] = (await office.get("/v1/patterns/just-below-limits", by or office.commission, **params))["items"]
    return found


async def give(office: Office, giver: Json, worth: str, day: str = "2026-10-10", who: Json | None = None, **over: Any) -> Json:
    details = gift(day, line(worth=worth), giver={"id": giver["id"]}, **over)
    return await office.file(details, declarant=(who or office.official)["id"])


async def test_two_gifts_just_below_are_a_lead_and_one_is_none(office: Office, factory: Factory) -> None:
    holding = await factory.counterparty(name="恒远集团")
    one, two, third = [await factory.counterparty(parents=[holding["id"]]) for _ in range(3)]
    lonely = await factory.counterparty()
    other = await factory.person(office.sister, name="王芳")
    first = await give(office, one, "590.00", "2026-10-01")
    second = await give(office, two, "95.00", "2026-10-02", other)
    for giver, worth in ((third, "600.00"), (third, "539.99"), (lonely, "599.99"), (lonely, "300.00")):
        await give(office, giver, worth)
    (lead,) = await givers(office)
    assert (lead["group"]["name"], lead["officials"]) == ("恒远集团", 2)
    assert [(row["declaration"], row["name"], row["worth"]) for row in lead["gifts"]] == [
        (second["id"], "王芳", "95.00"),
        (first["id"], "李明", "590.00"),
    ]
    assert [[limit["limit"] for limit in row["below"]] for row in lead["gifts"]] == [
        ["gift.register"],
        ["gift.annual-cap", "gift.excessive"],
    ]
    assert lead["gifts"][0]["below"][0] == {"limit": "gift.register", "title": "礼品登记起点", "value": "100.00"}
    assert lead["message"] == (
        "恒远集团及其关联企业的2份礼品（涉及2人）价值均低于当日标准（100.00、600.00元）而相差不到10%。此为供人核实的线索，不是结论。"
    )


async def test_how_near_is_near_may_be_said(office: Office, factory: Factory) -> None:
    giver = await factory.counterparty()
    for worth in ("585.00", "575.00", "480.00"):
        await give(office, giver, worth)
    for percent, gifts in ((2, 0), (5, 2), (20, 3)):
        assert sum(len(lead["gifts"]) for lead in await givers(office, within_percent=percent)) == gifts, percent
    for query in ("within_percent=0", "within_percent=51", "within_percent=x"):
        answer = await office.client.get(f"/v1/patterns/just-below-limits?{query}", headers=office.commission)
        assert [found for found, _ in faults_of(answer)] == ["/query/within_percent"]


async def test_the_limit_of_the_unit_and_day_counts(office: Office, factory: Factory) -> None:
    """The bureau has published a limit of its own, from July."""
    giver, other = await factory.counterparty(), await factory.person(office.sister, name="王芳")
    values = [{"limit": "gift.surrender", "since": "2026-07-01", "value": "400", "instrument": "本市标准", "article": "3"}]
    body = {"unit": office.bureau["id"], "values": values, "note": "本局标准"}
    drafted = await office.client.post("/v1/limit-drafts", json=body, headers=office.root)
    assert drafted.status_code == 201, drafted.text
    second = {"Authorization": f"Bearer {await _owner(office, factory)}", "If-Match": drafted.headers["etag"]}
    published = await office.client.post(f"/v1/limit-drafts/{drafted.json()['id']}/publication", headers=second)
    assert published.status_code in (200, 201), published.text
    for day, who in (("2026-10-01", None), ("2026-10-02", None), ("2026-06-01", None), ("2026-10-03", other)):
        await give(office, giver, "390.00", day, who)
    (lead,) = await givers(office)
    assert [row["occurred_on"] for row in lead["gifts"]] == ["2026-10-02", "2026-10-01"]
    assert {limit["value"] for row in lead["gifts"] for limit in row["below"]} == {"400.00"}


async def _owner(office: Office, factory: Factory) -> str:
    owner = await factory.person(office.city, name="钱进")
    answer = await office.client.post(
        "/v1/api-keys",
        json={"name": "规则", "scopes": ["rulebook:write"], "person": owner["id"], "unit": office.city["id"]},
        headers=office.root,
    )
    key: str = answer.json()["key"]
    return key


async def test_what_was_given_is_out_of_reach_or_one_s_own_is_left_out(office: Office, factory: Factory, make_key: Any) -> None:
    giver = await factory.counterparty()
    await give(office, giver, "590.00", direction="given", approved=True)
    await give(office, giver, "591.00")
    assert await givers(office) == []
    await give(office, giver, "592.00")
    assert len(await givers(office)) == 1
    own = {"Authorization": f"Bearer {await make_key('declarations:read', person=office.official, unit=office.city)}"}
    for by in (own, office.sister_commission):
        assert await givers(office, by) == []


async def test_pages_are_the_list_and_more_than_is_looked_at_is_said(
    office: Office, factory: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (2, 3, 2):
        giver = await factory.counterparty()
        for _ in range(number):
            await give(office, giver, "599.00")
    whole = await givers(office)
    assert [len(lead["gifts"]) for lead in whole] == [3, 2, 2]
    first = await office.get("/v1/patterns/just-below-limits", office.commission, limit=2)
    rest = await office.get("/v1/patterns/just-below-limits", office.commission, limit=2, after=first["next"])
    assert (first["items"] + rest["items"], rest["next"], first["truncated"]) == (whole, None, False)
    monkeypatch.setattr(laid, "MOST_ROWS", 5)
    cut = await office.get("/v1/patterns/just-below-limits", office.commission, count=True)
    assert (cut["truncated"], cut["count"]) == (True, 2)
