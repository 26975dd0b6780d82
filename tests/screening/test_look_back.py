"""How far judging looks back: at all that counts, in as few statements as for the first declaration."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from tests.factories import Factory

from .declaring import Json, Office, finding, gift, line, rules, stake

HISTORY = ("FROM declaration", "JOIN declaration")


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(" ".join(statement.split()))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def month_after_month(number: int) -> Json:
    return gift(f"{2024 + number // 12}-{number % 12 + 1:02}-15", line(worth="2000.00", action="kept"), giver={"name": "远山矿业"})


async def test_judging_reads_the_history_in_one_statement_however_long_it_is(office: Office) -> None:
    await office.file(month_after_month(0), by=office.declarant)
    counts = []
    for length in range(1, 25):
        body = {"kind": "gift", "details": month_after_month(length)}
        with statements() as asked:
            answer = await office.client.post("/v1/declarations", json=body, headers=office.declarant)
        assert answer.status_code == 201
        read = [one for one in asked if one.startswith("SELECT") and any(part in one for part in HISTORY)]
        own = [one for one in read if "declaration.receipt" in one and "screening" in one]
        counts.append((len(asked), len(read) - len(own)))
    assert set(counts) == {counts[0]}, "as many for the last as for the first"
    assert counts[0][1] <= 2
    last = finding(answer.json(), "combined.criminal-threshold")
    assert last["evidence"]["group_total"] == "50000.00"
    assert len(last["evidence"]["declarations"]) == 25


async def test_a_preview_reads_as_little(office: Office) -> None:
    counts = set()
    for number in range(3):
        with statements() as asked:
            await office.client.post("/v1/previews", json={"kind": "gift", "details": month_after_month(number)}, headers=office.declarant)
        counts.add(len(asked))
        await office.file(month_after_month(number), by=office.declarant)
    assert max(counts) <= 6


async def test_a_list_costs_as_much_for_many_as_for_few(office: Office) -> None:
    own, of_others = set[int](), set[int]()
    for number in range(4):
        await office.file(month_after_month(number), by=office.declarant)
        for by, counts in ((office.declarant, own), (office.commission, of_others)):
            with statements() as asked:
                await office.found(by)
            counts.add(len(asked))
    assert (len(own), len(of_others)) == (1, 1)


async def test_a_backdated_filing_is_counted_by_what_comes_after_it(office: Office) -> None:
    late = await office.file(gift("2026-09-01", line(worth="6000.00", action="kept"), giver={"name": "远山矿业"}))
    tag = await office.etag(late, office.declarant)
    await office.file(gift("2026-03-01", line(worth="5000.00", action="kept"), giver={"name": "远山矿业"}))
    assert rules(late).get("combined.criminal-threshold") is None
    assert finding(await office.read(late, office.declarant), "combined.criminal-threshold")["evidence"]["group_total"] == "11000.00"
    assert await office.etag(late, office.declarant) != tag


async def test_givers_of_one_owner_are_one_source(office: Office) -> None:
    async def party(name: str, *parents: Json) -> Json:
        body = {"name": name, "type": "enterprise", "parents": [parent["id"] for parent in parents]}
        answer = await office.client.post("/v1/counterparties", json=body, headers=office.root)
        assert answer.status_code == 201, answer.text
        made: Json = answer.json()
        return made

    group = await party("远山集团")
    mine, trade = await party("远山矿业", group), await party("远山贸易", group)
    stranger = await party("近水矿业")
    for party_, amount in ((mine, "6000.00"), (stranger, "9000.00")):
        await office.file(gift("2026-03-01", line(worth=amount, action="kept"), giver={"id": party_["id"]}))
    filed = await office.file(gift("2026-04-01", line(worth="5000.00", action="kept"), giver={"name": "远山贸易"}))
    evidence = finding(filed, "combined.criminal-threshold")["evidence"]
    assert (evidence["group_total"], evidence["person_total"]) == ("11000.00", "20000.00")
    assert filed["counterparty"] == trade["id"]


@pytest.mark.parametrize("relation", ["unrelated", "unknown"])
async def test_the_register_s_own_knowledge_of_the_giver_wins(office: Office, relation: str) -> None:
    known = {"unit": office.city["id"], "relation": "supervised_current", "from_on": "2020-01-01", "until_on": "2026-09-30"}
    body = {"name": "远山矿业", "type": "enterprise", "relations": [known]}
    assert (await office.client.post("/v1/counterparties", json=body, headers=office.root)).status_code == 201
    within = await office.file(gift("2026-09-30", line(action="kept"), giver={"name": "远山矿业"}, relation=relation))
    assert rules(within)["gift.duty-related-kept"] == "breach"
    after = await office.file(gift("2026-10-01", line(action="kept"), giver={"name": "远山矿业"}, relation=relation))
    assert "gift.duty-related-kept" not in rules(after)


async def test_a_giver_in_whom_the_official_has_an_interest_is_shown_as_such(office: Office, factory: Factory) -> None:
    company = await factory.counterparty(name="青禾农业有限公司")
    await factory.counterparty(name="青禾销售有限公司", parents=[company["id"]])
    held = await office.file(stake("2025-01-01", acquired_from={"name": "赵六"}), "shareholding", by=office.declarant)
    await office.file(stake("2025-02-01", holder="spouse"), "shareholding", by=office.declarant)
    await office.file(stake("2024-01-01", disposed_on="2025-06-30"), "shareholding", by=office.declarant)
    filed = await office.file(gift("2026-10-05", giver={"name": "青禾销售有限公司"}), by=office.declarant)
    for found in filed["screening"]["findings"]:
        assert found["evidence"]["own_interests"] == [held["id"]]
    other = await office.file(gift("2026-10-06", giver={"name": "恒远建设有限公司"}), by=office.declarant)
    assert all("own_interests" not in found["evidence"] for found in other["screening"]["findings"])
