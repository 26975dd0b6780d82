"""Statistics: what they count, by what, for whom."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.conftest import Make
from tests.people.asking import faults_of
from tests.screening.declaring import Json, Office, gift, line, meal, stake

from .counting import BY, NOTHING, groups, statistics

UNTOLD = dict.fromkeys(("persons", "declared_per_head", "upheld", "no_issue", "days_to_review"))
"""What is told of a unit or a rule alone."""

MakeKey = Callable[..., Awaitable[str]]


def levels(**found: int) -> dict[str, int]:
    return NOTHING | found


@pytest.fixture
async def register(office: Office, make_person: Make) -> dict[str, Json]:
    """Five declarations that count, of two officials in two units, and two that do not."""
    clerk = await make_person(office.sister, name="赵敏")
    made = {
        "kept": await office.file(gift("2026-10-05", line(worth="800.00", action="kept"), giver={"name": "远山矿业"})),
        "late": await office.file(gift("2026-08-01", line(worth="200.50", action="returned", on="2026-10-12"), giver={"name": "远山矿业"})),
        "pending": await office.file(gift("2026-10-18", giver={"name": "恒远建设有限公司"})),
        "meal": await office.file(meal("2026-09-30"), "meal"),
        "theirs": await office.file(
            stake("2024-01-15", annual_report={"year": 2024, "included": True}), "shareholding", declarant=clerk["id"]
        ),
    }
    await office.file(gift("2026-10-18"), by=office.declarant, status="draft")
    gone = await office.file(gift("2026-10-18"), by=office.declarant)
    headers = {**office.declarant, "If-Match": await office.etag(gone, office.declarant)}
    assert (await office.client.post(f"/v1/declarations/{gone['id']}/withdrawal", json={"reason": "重复"}, headers=headers)).is_success
    return {name: await office.read(one, office.commission) for name, one in made.items()}


def found_in(*declared: Json) -> dict[str, int]:
    """How many findings of each level the declarations have, as they are read."""
    counts = dict(NOTHING)
    for one in declared:
        for found in one["screening"]["findings"]:
            counts[found["level"]] += 1
    return counts


async def test_by_kind_as_it_is_by_itself(office: Office, register: dict[str, Json]) -> None:
    told = await statistics(office, office.commission)
    gifts = [register[name] for name in ("kept", "late", "pending")]
    counted = {"declarations": 3, "declarants": 1, "findings": found_in(*gifts), "own_accord": 3, "worth": "1300.50", "suppressed": False}
    assert told["items"][0] == {"key": "gift", "label": "礼品与礼金", **counted, **UNTOLD}
    assert told["totals"] == {**counted, "declarations": 5, "declarants": 2, "findings": found_in(*register.values())}
    assert (told["by"], told["next"], told["count"]) == ("kind", None, None)
    assert [(item["key"], item["declarations"], item["worth"]) for item in told["items"][1:]] == [
        ("meal", 1, "0.00"),
        ("shareholding", 1, "0.00"),
    ]
    assert told["totals"]["findings"]["breach"] > 0


async def test_by_unit_with_the_staff_that_it_has_now(office: Office, register: dict[str, Json], make_person: Make) -> None:
    await make_person(office.sister, left_on="2026-10-19", left_reason="retired")
    found = await groups(office, office.commission, by="unit")
    assert [(item["label"], item["declarations"], item["persons"], item["declared_per_head"]) for item in found.values()] == [
        ("住建局", 4, 2, "2.00"),
        ("水务局", 1, 2, "0.50"),
    ]
    assert found[office.sister["id"]]["findings"] == found_in(register["theirs"])


async def test_by_month_of_the_first_day(office: Office, register: dict[str, Json]) -> None:
    found = await groups(office, office.commission, by="month")
    assert {key: item["declarations"] for key, item in found.items()} == {"2024-01": 1, "2026-08": 1, "2026-09": 1, "2026-10": 2}
    assert list(found) == ["2024-01", "2026-08", "2026-09", "2026-10"]
    assert found["2026-10"]["label"] == "2026年10月"
    assert found["2026-10"]["findings"] == found_in(register["kept"], register["pending"])
    assert found["2026-09"]["findings"] == NOTHING


async def test_by_rule_a_declaration_counts_with_each_of_its_rules(office: Office, register: dict[str, Json]) -> None:
    found = await groups(office, office.commission, by="rule")
    fired = [one["rule"] for declared in register.values() for one in declared["screening"]["findings"]]
    assert {key: item["declarations"] for key, item in found.items()} == {rule: fired.count(rule) for rule in fired}
    assert [item["declarations"] for item in found.values()] == sorted((item["declarations"] for item in found.values()), reverse=True)
    kept = found["gift.duty-related-kept"]
    assert (kept["label"], kept["declarations"], kept["findings"], kept["worth"]) == (
        "留存与职务有关的礼品",
        2,
        levels(breach=2),
        "1000.50",
    )
    assert (kept["own_accord"], found["gift.registered-late"]["own_accord"]) == (1, 1)
    assert (await statistics(office, office.commission, by="rule"))["totals"] == (await statistics(office, office.commission))["totals"]


async def test_by_ban_in_their_order(office: Office, register: dict[str, Json]) -> None:
    found = await groups(office, office.commission, by="ban")
    assert [(key, item["declarations"]) for key, item in found.items()] == [("7", 3), ("9", 1)]
    assert found["7"]["findings"] == found_in(*(register[name] for name in ("kept", "late", "pending")))


async def test_by_the_declarations_highest_level(office: Office, register: dict[str, Json]) -> None:
    found = await groups(office, office.commission, by="level")
    outcomes = [declared["screening"]["outcome"] for declared in register.values()]
    assert {key: item["declarations"] for key, item in found.items()} == {outcome: outcomes.count(outcome) for outcome in outcomes}
    assert list(found) == [level for level in ("clear", *NOTHING) if level in outcomes]
    assert found["clear"]["label"] == "无疑点"


async def test_by_counterparty_and_by_none(office: Office, register: dict[str, Json]) -> None:
    wedding = {
        "occurred_on": "2026-10-01",
        "type": "wedding",
        "reported_on": "2026-09-01",
        "split_venues": False,
        "official_vehicle": False,
    }
    await office.file(wedding, "family_event")
    found = await groups(office, office.commission, by="counterparty")
    assert next((item["label"], item["declarations"]) for item in found.values()) == ("远山矿业", 2)
    assert {(item["label"], item["declarations"]) for item in found.values()} >= {("恒远建设有限公司", 1), ("未涉及往来对象", 1)}
    assert found[None]["declarants"] == 1
    assert found[register["kept"]["counterparty"]]["worth"] == "1000.50"


async def test_labels_in_english(office: Office, register: dict[str, Json]) -> None:
    del register
    english = {**office.commission, "Accept-Language": "en"}
    assert (await groups(office, english, by="kind"))["gift"]["label"] == "Gifts"
    assert (await groups(office, english, by="rule"))["gift.duty-related-kept"]["label"] == "Gift of a duty-related giver kept"
    assert (await groups(office, english, by="level"))["breach"]["label"] == "suspected breach"
    assert (await groups(office, english, by="month"))["2026-10"]["label"] == "2026-10"
    assert (await groups(office, english, by="ban"))["9"]["label"] == "Improper outside posts and shareholdings"


@pytest.mark.parametrize(
    "filters",
    [
        {}, {"kind": "gift"}, {"kind": "loan"}, {"rule": "gift.duty-related-kept"}, {"ban": 7}, {"ban": 9, "min_level": "serious"},
        {"min_level": "notice"}, {"rule": "gift.not-surrendered", "min_level": "breach"}, {"rule": "no.such-rule"},
        {"occurred_from": "2026-10-01"}, {"occurred_until": "2026-08-31"}, {"occurred_from": "2026-08-01", "occurred_until": "2026-09-30"},
    ],
    ids=str,
)  # fmt: skip
async def test_the_totals_are_those_of_the_list_whatever_is_counted_by(
    office: Office, register: dict[str, Json], filters: dict[str, Any]
) -> None:
    del register
    listed = (await office.get("/v1/declarations", office.commission, status="submitted", limit=200, **filters))["items"]
    counted = _counted(listed, filters)
    for by in BY:
        told = await statistics(office, office.commission, by=by, **filters)
        assert told["totals"]["declarations"] == len(listed)
        assert told["totals"]["declarants"] == len({item["declarant"] for item in listed})
        assert told["totals"]["findings"] == counted
        assert {level: sum(item["findings"][level] for item in told["items"]) for level in NOTHING} == counted
        if by not in ("rule", "ban"):
            assert sum(item["declarations"] for item in told["items"]) == len(listed)


def _counted(listed: list[Json], filters: dict[str, Any]) -> dict[str, int]:
    """The findings of the listed declarations that the filters ask for, by level."""
    asked = {name: filters[name] for name in ("rule", "ban") if name in filters}
    grave = [*NOTHING][[*NOTHING].index(filters.get("min_level", "record")) :]
    found = [one for item in listed for one in item["screening"]["findings"] if all(one[name] == want for name, want in asked.items())]
    return {level: sum(one["level"] == level for one in found if level in grave) for level in NOTHING}


async def test_a_unit_counts_with_all_below_it(office: Office, register: dict[str, Json], make_unit: Make, make_person: Make) -> None:
    del register
    section = await make_unit(parent=office.bureau["id"], name="一科")
    await office.file(gift("2026-10-18"), declarant=(await make_person(section))["id"])
    found = await groups(office, office.commission, by="unit", unit=office.bureau["id"])
    assert {item["label"]: item["declarations"] for item in found.values()} == {"住建局": 4, "一科": 1}
    assert list(await groups(office, office.commission, by="unit", unit=section["id"])) == [section["id"]]


async def test_rows_end_where_the_caller_s_reach_ends(office: Office, register: dict[str, Json]) -> None:
    del register
    assert list(await groups(office, office.sister_commission, by="unit")) == [office.sister["id"]]
    assert (await statistics(office, office.sister_commission))["totals"]["declarations"] == 1
    elsewhere = await statistics(office, office.sister_commission, unit=office.bureau["id"], by="unit")
    assert (elsewhere["items"], elsewhere["totals"]["declarations"]) == ([], 0)


@pytest.mark.parametrize("who", ["declarant", "delegate", "hr", "stranger"])
async def test_whoever_is_not_the_commission_is_told_which_scope_is_missing(office: Office, who: str) -> None:
    refused = await office.client.get("/v1/statistics", headers=getattr(office, who))
    assert refused.status_code == 403
    assert "declarations:read / reviews:write" in refused.json()["detail"]
    assert (await office.client.get("/v1/statistics")).status_code == 401


async def test_the_commission_counts_what_it_alone_knows(office: Office) -> None:
    await office.inquire("2026-10-01")
    await office.file(gift("2026-09-25", line(action="returned", on="2026-10-12")))
    found = await groups(office, office.commission, by="rule")
    assert {key: item["findings"] for key, item in found.items()} == {"gift.returned-after-inquiry": levels(breach=1)}
    await office.discover(gift("2026-09-01", line(worth="5000.00", action="kept")))
    assert (await statistics(office, office.commission))["totals"]["declarations"] == 2


async def test_what_was_put_right_after_an_inquiry_is_counted_once_and_not_as_of_one_s_own_accord(office: Office) -> None:
    await office.file(gift("2026-08-01", line(action="returned", on="2026-10-12")), declared_on="2026-08-02")
    before = (await groups(office, office.commission, by="rule"))["gift.duty-related-kept"]
    assert (before["findings"], before["own_accord"]) == (levels(breach=1), 1)
    await office.inquire("2026-10-01")
    after = (await groups(office, office.commission, by="rule"))["gift.duty-related-kept"]
    assert (after["findings"], after["own_accord"]) == (levels(breach=1), 0)


async def test_nobody_learns_of_a_matter_against_themselves_from_any_count(office: Office, make_key: MakeKey, make_person: Make) -> None:
    key = await make_key("declarations:write", "declarations:read", "reviews:write", unit=office.city, person=office.official)
    by = {"Authorization": f"Bearer {key}"}
    await office.file(gift("2026-09-25", line(action="returned", on="2026-10-12")), by=office.declarant)
    await office.file(gift("2026-10-18"), declarant=(await make_person(office.bureau))["id"])
    asked = [
        {"by": name, **over} for name in BY for over in ({}, {"ban": 7}, {"min_level": "breach"}, {"rule": "gift.returned-after-inquiry"})
    ]
    before = [await statistics(office, by, count=True, **params) for params in asked]
    assert before[0]["totals"]["declarations"] == 1
    await office.inquire("2026-10-01")
    await office.discover(gift("2026-09-01", line(worth="50000.00", action="kept")))
    assert [await statistics(office, by, count=True, **params) for params in asked] == before
    assert (await statistics(office, office.commission))["totals"]["declarations"] == 3


@pytest.mark.parametrize("by", BY)
async def test_pages_together_are_all_groups(office: Office, register: dict[str, Json], by: str) -> None:
    del register
    whole = await statistics(office, office.commission, by=by, count=True)
    seen: list[Json] = []
    address = f"/v1/statistics?by={by}&limit=1"
    while address:
        answer = await office.client.get(address, headers=office.commission)
        assert answer.json()["totals"] == whole["totals"]
        seen += answer.json()["items"]
        address = answer.links["next"]["url"] if "next" in answer.links else ""
        assert bool(address) == (answer.json()["next"] is not None)
    assert seen == whole["items"]
    assert whole["count"] == len(seen)


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("by=giver", "/query/by"), ("by=", "/query/by"), ("by=unit&by=kind", "/query/by"), ("kind=bribe", "/query/kind"), ("unit=x", "/query/unit"), ("ban=0", "/query/ban"),
        ("min_level=clear", "/query/min_level"), ("occurred_from=2026-02-30", "/query/occurred_from"), ("occurred_until=20261001", "/query/occurred_until"),
        (f"rule={'x' * 61}", "/query/rule"), ("declarant=x", "/query/declarant"), ("status=draft", "/query/status"), ("limit=0", "/query/limit"),
        ("after=AAAA", "/query/after"), ("after=张", "/query/after"), ("after=OnVuaXQ", "/query/after"), (f"after={'A' * 121}", "/query/after"),
    ],
)  # fmt: skip
async def test_a_question_that_makes_no_sense_is_refused_and_named(office: Office, query: str, pointer: str) -> None:
    answer = await office.client.get(f"/v1/statistics?{query}", headers=office.commission)
    assert [found for found, _ in faults_of(answer)] == [pointer]


async def test_an_empty_register_counts_nobody(office: Office) -> None:
    empty = {"declarations": 0, "declarants": 0, "findings": NOTHING, "own_accord": 0, "worth": "0.00", "suppressed": False}
    for by in BY:
        told = await statistics(office, office.commission, by=by)
        assert (told["items"], told["totals"]) == ([], empty)
