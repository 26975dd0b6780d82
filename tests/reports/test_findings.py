"""Findings by themselves: the same documents as in their declarations, in the same order of sight, filter by filter and page by page."""

import re
from typing import Any

import pytest
from fastapi import FastAPI

from app.kit.ids import new_id
from app.worker import run_once
from tests.conftest import Make
from tests.people.asking import faults_of
from tests.reviews.raising import PATH, put, standing
from tests.screening.conftest import Travel
from tests.screening.declaring import Headers, Json, Office, finding, gift, line, meal, stake
from tests.tags import version

RULE = "gift.not-surrendered"


async def declared(office: Office, by: Headers, **filters: Any) -> list[str]:
    """The declarations of the findings that a list shows, in its order."""
    return [item["declaration"] for item in (await office.get(PATH, by, limit=200, **filters))["items"]]


async def test_a_finding_is_told_as_in_its_declaration_with_what_it_is_about(office: Office) -> None:
    filed = await office.file(gift("2026-10-05"), by=office.declarant)
    judged = (await office.get(f"/v1/declarations/{filed['id']}/screenings", office.declarant))["items"][0]
    about = {
        "declaration": filed["id"], "declarant": office.official["id"], "unit": office.bureau["id"], "kind": "gift", "occurred_from": "2026-10-05",
        "origin": "rule", "raised_at": judged["judged_at"], "current": True, "withdrawal_reason": None,
    }  # fmt: skip
    for by in (office.declarant, {**office.declarant, "Accept-Language": "en"}):
        within = finding(await office.read(filed, by), RULE)
        assert (await office.get(PATH, by))["items"] == [{**within, **about}]
        read = await office.client.get(f"{PATH}/{within['id']}", headers=by)
        assert (read.json(), version(read)) == ({**within, **about}, 1)


async def test_newest_come_first_and_all_of_a_declaration_are_there(office: Office) -> None:
    kept = await office.file(gift("2026-10-10", line("cash", action="kept")), by=office.declarant)
    pending = await office.file(gift("2026-10-10", giver={"name": "乙公司"}), by=office.declarant)
    raised = await put(office, kept, confidential=False)
    ids = [found["id"] for one in (kept, pending) for found in one["screening"]["findings"]]
    assert len(ids) > 2
    assert await standing(office, office.declarant) == [raised["id"], *sorted(ids, reverse=True)]


@pytest.mark.parametrize(
    ("who", "sees"),
    [("declarant", True), ("delegate", True), ("commission", True), ("hr", False), ("stranger", False), ("sister_commission", False)],
)
async def test_who_reads_a_declaration_reads_its_findings_and_nobody_else(office: Office, who: str, sees: bool) -> None:
    filed, by = await office.file(gift("2026-10-05"), by=office.declarant), getattr(office, who)
    found = finding(filed, RULE)["id"]
    assert await standing(office, by) == ([found] if sees else [])
    assert await standing(office, by, rule=RULE, declaration=filed["id"]) == ([found] if sees else [])
    answer = await office.get(f"{PATH}/{found}", by, 200 if sees else 404)
    nobody_s = await office.get(f"{PATH}/{new_id()}", by, 404)
    assert sees or {**answer, "instance": ""} == {**nobody_s, "instance": ""}


async def test_a_key_that_may_read_no_declarations_reads_no_findings(office: Office, make_key: Make) -> None:
    await office.file(gift("2026-10-05"))
    by = {"Authorization": f"Bearer {await make_key('people:read', 'rulebook:write', 'audit:read', 'admin', person=office.official)}"}
    assert await standing(office, by) == []


async def test_a_superseded_finding_is_read_and_says_so(app: FastAPI, office: Office, travel: Travel) -> None:
    filed = await office.file(gift("2026-10-05"), by=office.declarant)
    before = finding(filed, RULE)["id"]
    travel("2026-11-20")
    assert await run_once(app.state.database, app.state.book) == 1
    after = finding(await office.read(filed, office.declarant), RULE)
    for by in (office.declarant, office.commission):
        old = await office.client.get(f"{PATH}/{before}", headers=by)
        assert (old.json()["current"], old.json()["level"], version(old)) == (False, "notice", 2)
        assert await standing(office, by, rule=RULE) == [after["id"]]
        assert await standing(office, by, current=False) == [before]
        assert (await office.get(f"{PATH}/{after['id']}", by))["level"] == "breach"


async def test_a_withdrawn_declaration_has_no_standing_findings(office: Office) -> None:
    filed = await office.file(gift("2026-10-05"), by=office.declarant)
    path, headers = f"/v1/declarations/{filed['id']}/withdrawal", {**office.declarant, "If-Match": "*"}
    assert (await office.client.post(path, json={"reason": "重复"}, headers=headers)).status_code == 200
    for by in (office.declarant, office.commission):
        assert await standing(office, by) == []
        assert await standing(office, by, current=False) == [finding(filed, RULE)["id"]]
        assert (await office.get(f"{PATH}/{finding(filed, RULE)['id']}", by))["current"] is False


async def test_by_whose_conduct_it_is_of_which_kind_with_whom_and_when(
    office: Office, make_person: Make, make_unit: Make, make_counterparty: Make
) -> None:
    section, party = await make_unit(parent=office.bureau["id"]), await make_counterparty(name="恒远建设集团有限公司")
    clerk, sister = await make_person(section), await make_person(office.sister)
    ours = await office.file(gift("2026-10-05", giver={"id": party["id"]}))
    clerk_s = await office.file(gift("2026-10-18"), declarant=clerk["id"])
    sister_s = await office.file(gift("2026-10-19"), declarant=sister["id"])
    held = await office.file(stake("2024-01-01"), "shareholding")
    every = [held["id"], sister_s["id"], clerk_s["id"], ours["id"]]
    by = office.root
    assert await declared(office, by, rule=RULE) == every[1:]
    assert await declared(office, by, kind="gift") == every[1:]
    assert set(await declared(office, by, kind="shareholding")) == {held["id"]}
    assert await declared(office, by, declarant=clerk["id"]) == [clerk_s["id"]]
    assert await declared(office, by, unit=office.bureau["id"], kind="gift") == [clerk_s["id"], ours["id"]]
    assert await declared(office, by, unit=section["id"]) == [clerk_s["id"]]
    assert await declared(office, by, counterparty=party["id"]) == [ours["id"]]
    assert await declared(office, by, kind="gift", occurred_from="2026-10-18") == [sister_s["id"], clerk_s["id"]]
    assert await declared(office, by, kind="gift", occurred_until="2026-10-05") == [ours["id"]]
    assert await declared(office, by, kind="gift", occurred_from="2026-10-06", occurred_until="2026-10-18") == [clerk_s["id"]]
    assert await declared(office, by, declaration=ours["id"]) == [ours["id"]]
    assert await declared(office, office.sister_commission) == [sister_s["id"]]


async def test_by_rule_ban_level_and_origin(office: Office) -> None:
    kept = await office.file(gift("2026-10-10", line(action="kept")))
    await office.file(gift("2026-10-10", giver={"name": "乙公司"}))
    talk = await office.file(meal("2026-10-10"), "meal")
    raised = await put(office, talk, level="serious", ban=10)
    by_rule = await standing(office, office.commission, origin="rule")
    assert await standing(office, office.commission) == [raised["id"], *by_rule]
    assert await standing(office, office.commission, origin="hand") == [raised["id"]]
    assert await standing(office, office.commission, ban=10) == [raised["id"]]
    assert await standing(office, office.commission, ban=7) == by_rule
    assert await standing(office, office.commission, ban=7, min_level="serious") == []
    assert await standing(office, office.commission, min_level="serious") == [raised["id"]]
    assert await declared(office, office.commission, rule="gift.duty-related-kept", min_level="breach") == [kept["id"]]
    assert await standing(office, office.commission, rule=RULE, min_level="breach") == []
    assert await standing(office, office.commission, rule=RULE, origin="hand") == []
    assert await standing(office, office.commission, rule="no.such-rule") == []


async def test_pages_together_are_the_list_and_the_link_leads_through_the_filters(office: Office) -> None:
    for number in range(5):
        await office.file(gift("2026-10-18", giver={"name": f"第{number}公司"}))
    whole = await standing(office, office.commission, rule=RULE)
    seen: list[Json] = []
    path = f"{PATH}?rule={RULE}&limit=2&count=true"
    while path:
        answer = await office.client.get(path, headers=office.commission)
        seen += answer.json()["items"]
        assert answer.json()["count"] >= 5
        link = re.fullmatch(r'<(/v1/findings\?[^>]+)>; rel="next"', answer.headers.get("link", ""))
        assert (link is None) == (answer.json()["next"] is None)
        path = link[1] if link else ""
        await office.file(gift("2026-10-18", giver={"name": "后来者"}), declarant=None, by=office.stranger)
    assert [item["id"] for item in seen] == whole
    assert (await office.get(PATH, office.commission, limit=1))["count"] is None


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("kind=bribe", "/query/kind"), ("declaration=1", "/query/declaration"), ("origin=machine", "/query/origin"), ("ban=12", "/query/ban"),
        ("min_level=clear", "/query/min_level"), ("current=maybe", "/query/current"), ("status=submitted", "/query/status"), ("q=", "/query/q"),
        ("occurred_from=2026-02-30", "/query/occurred_from"), ("limit=0", "/query/limit"), ("after=zzz", "/query/after"),
    ],
)  # fmt: skip
async def test_a_query_that_makes_no_sense_is_refused_and_named(office: Office, query: str, pointer: str) -> None:
    answer = await office.client.get(f"{PATH}?{query}", headers=office.root)
    assert [found for found, _ in faults_of(answer)] == [pointer]
