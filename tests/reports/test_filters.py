"""Every filter of the declarations' list, alone and together."""

from typing import Any

import pytest

from tests.conftest import Make
from tests.people.asking import faults_of
from tests.screening.declaring import Json, Office, cny, gift, line, meal, stake

NOTHING: list[str] = []


@pytest.fixture
async def party(make_counterparty: Make) -> Json:
    """A registered company with an alias."""
    return await make_counterparty(name="恒远建设集团有限公司", aliases=["恒远", "HENGYUAN Group"])


async def test_by_kind_and_declarant(office: Office, make_person: Make) -> None:
    other = await make_person(office.sister)
    a = await office.file(gift("2026-10-18"))
    b = await office.file(meal("2026-10-18"), "meal")
    c = await office.file(gift("2026-10-18"), declarant=other["id"])
    assert await office.found(office.root) == [c["id"], b["id"], a["id"]]
    assert await office.found(office.root, kind="gift") == [c["id"], a["id"]]
    assert await office.found(office.root, declarant=office.official["id"]) == [b["id"], a["id"]]
    assert await office.found(office.root, kind="gift", declarant=other["id"]) == [c["id"]]
    assert await office.found(office.root, kind="loan") == NOTHING


async def test_by_unit_with_all_below_it(office: Office, make_unit: Make, make_person: Make) -> None:
    section = await make_unit(parent=office.bureau["id"])
    clerk, sister = await make_person(section), await make_person(office.sister)
    a = await office.file(gift("2026-10-18"))
    b = await office.file(gift("2026-10-18"), declarant=clerk["id"])
    c = await office.file(gift("2026-10-18"), declarant=sister["id"])
    assert await office.found(office.root, unit=office.city["id"]) == [c["id"], b["id"], a["id"]]
    assert await office.found(office.root, unit=office.bureau["id"]) == [b["id"], a["id"]]
    assert await office.found(office.root, unit=section["id"]) == [b["id"]]
    assert await office.found(office.sister_commission, unit=office.bureau["id"]) == NOTHING
    assert await office.found(office.sister_commission, unit=office.city["id"]) == [c["id"]]


async def test_by_the_other_side_the_second_one_of_a_stake_included(office: Office, party: Json, make_counterparty: Make) -> None:
    issuer = await make_counterparty(name="青禾农业有限公司")
    given = await office.file(gift("2026-10-18", giver={"id": party["id"]}))
    held = await office.file(
        stake("2024-01-01", issuer={"id": issuer["id"]}, acquired_from={"name": "恒远"}, relation="supervised_current"), "shareholding"
    )
    assert await office.found(office.root, counterparty=party["id"]) == [held["id"], given["id"]]
    assert await office.found(office.root, counterparty=issuer["id"]) == [held["id"]]
    assert await office.found(office.root, counterparty=office.city["id"]) == NOTHING


async def test_by_status(office: Office) -> None:
    a, b = [await office.file(gift(day), by=office.declarant) for day in ("2026-10-18", "2026-10-17")]
    draft = await office.file(gift("2026-10-18"), by=office.declarant, status="draft")
    path, headers = f"/v1/declarations/{a['id']}/withdrawal", {**office.declarant, "If-Match": await office.etag(a, office.declarant)}
    assert (await office.client.post(path, json={"reason": "重复"}, headers=headers)).status_code == 200
    assert await office.found(office.declarant) == [draft["id"], b["id"], a["id"]]
    assert await office.found(office.declarant, status="draft") == [draft["id"]]
    assert await office.found(office.declarant, status="submitted") == [b["id"]]
    assert await office.found(office.declarant, status="withdrawn") == [a["id"]]
    assert await office.found(office.commission, status="draft") == NOTHING
    assert await office.found(office.commission) == [b["id"], a["id"]]


async def test_by_rule_ban_and_level(office: Office) -> None:
    kept = await office.file(gift("2026-10-10", line(action="kept")))
    pending = await office.file(gift("2026-10-10", giver={"name": "乙公司"}))
    held = await office.file(stake("2024-01-01"), "shareholding")
    await office.file(meal("2026-10-10"), "meal")
    assert await office.found(office.commission, rule="gift.duty-related-kept") == [kept["id"]]
    assert await office.found(office.commission, rule="gift.not-surrendered") == [pending["id"], kept["id"]]
    assert await office.found(office.commission, ban=9) == [held["id"]]
    assert await office.found(office.commission, ban=7) == [pending["id"], kept["id"]]
    assert await office.found(office.commission, min_level="notice") == [held["id"], pending["id"], kept["id"]]
    assert await office.found(office.commission, min_level="breach") == [held["id"], kept["id"]]
    assert await office.found(office.commission, min_level="refer") == NOTHING
    assert await office.found(office.commission, rule="no.such-rule") == NOTHING


async def test_rule_and_level_are_asked_of_the_same_finding(office: Office) -> None:
    kept = await office.file(gift("2026-10-10", line(action="kept")))
    assert await office.found(office.commission, min_level="breach") == [kept["id"]]
    assert await office.found(office.commission, rule="gift.duty-related-kept", min_level="breach") == [kept["id"]]
    assert await office.found(office.commission, rule="gift.not-surrendered", min_level="breach") == NOTHING
    assert await office.found(office.commission, rule="gift.not-surrendered", ban=9) == NOTHING


async def test_by_the_days_of_the_conduct(office: Office) -> None:
    run = await office.file(meal("2026-03-10", until_on="2026-05-20", times=3), "meal")
    day = await office.file(gift("2026-04-15"))
    held = await office.file(stake("2026-04-20"), "shareholding")
    ids = [held["id"], day["id"], run["id"]]
    assert await office.found(office.root, occurred_from="2026-03-01", occurred_until="2026-12-31") == ids
    assert await office.found(office.root, occurred_from="2026-04-15") == ids
    assert await office.found(office.root, occurred_from="2026-04-16") == [held["id"], run["id"]]
    assert await office.found(office.root, occurred_from="2026-05-21") == [held["id"]]
    assert await office.found(office.root, occurred_until="2026-03-09") == NOTHING
    assert await office.found(office.root, occurred_until="2026-03-10") == [run["id"]]
    assert await office.found(office.root, occurred_from="2026-04-15", occurred_until="2026-04-15") == [day["id"], run["id"]]


async def test_by_least_known_worth(office: Office) -> None:
    cheap = await office.file(gift("2026-10-18", line(worth="0.01")))
    two = await office.file(gift("2026-10-18", line(worth="1000.00"), line(worth="888.00")))
    dear = await office.file(gift("2026-10-18", line(worth="999999999999.99")))
    await office.file(gift("2026-10-18", line(worth=None)))
    await office.file(meal("2026-10-18", cost_per_head=cny("100.00")), "meal")
    assert await office.found(office.root, min_worth="999999999999.99") == [dear["id"]]
    assert await office.found(office.root, min_worth="1888.01", kind="gift") == [dear["id"]]
    assert await office.found(office.root, min_worth="1888", kind="gift") == [dear["id"], two["id"]]
    assert await office.found(office.root, min_worth="0", kind="gift") == [dear["id"], two["id"], cheap["id"]]


async def test_text_is_found_in_names_descriptions_places_and_notes(office: Office, party: Json) -> None:
    tea = await office.file(gift("2026-10-18", line(description="明前龙井茶叶两盒"), giver={"id": party["id"]}))
    dinner = await office.file(meal("2026-10-18", place="西湖国宾馆", host={"name": "远山矿业"}), "meal", note="王总作陪，Project-X")
    held = await office.file(stake("2024-01-01", holder="nominee", nominee_name="周密"), "shareholding")
    for words, found in (
        ("龙井", tea), ("明前龙井茶叶两盒", tea), ("国宾馆", dinner), ("作陪", dinner), ("project-x", dinner), ("ＰＲＯＪＥＣＴ", dinner),
        ("远山", dinner), ("周密", held), ("青禾", held),
    ):  # fmt: skip
        assert await office.found(office.root, q=words) == [found["id"]], words
    assert await office.found(office.root, q="两盒龙井") == NOTHING
    assert await office.found(office.root, q=" 龙井 ") == [tea["id"]]
    assert await office.found(office.root, q="李明") == [held["id"], dinner["id"], tea["id"]]
    assert await office.found(office.root, q="supervised_current") == NOTHING


@pytest.mark.parametrize("words", ["恒远建设集团", "集团有限", "恒远", "HENGYUAN", "hengyuan group", "ｈｅｎｇｙｕａｎ", "建设"])
async def test_a_giver_is_found_by_every_name_of_the_register(office: Office, party: Json, words: str) -> None:
    filed = await office.file(gift("2026-10-18", giver={"id": party["id"]}))
    await office.file(gift("2026-10-18", giver={"name": "乙公司"}))
    assert await office.found(office.root, q=words) == [filed["id"]]


@pytest.mark.parametrize(
    ("words", "hits"), [("100%", 0), ("50%_折", 1), ("%", 1), ("_", 1), ("50x_折", 0), ("\\", 1), ("\\%", 0), ("50%", 1), ("'", 0)]
)
async def test_wildcards_are_letters_like_any_other(office: Office, words: str, hits: int) -> None:
    special = await office.file(gift("2026-10-18", line(description="50%_折优惠券\\纸质")))
    await office.file(gift("2026-10-18", line(description="50xx折优惠券")))
    assert await office.found(office.root, q=words) == [special["id"]] * hits


async def test_what_was_amended_is_found_by_its_new_words_alone(office: Office) -> None:
    filed = await office.file(gift("2026-10-18"), by=office.declarant)
    headers = {**office.declarant, "If-Match": await office.etag(filed, office.declarant)}
    change = {"details": {"items": [line("cash", "5000.00", "kept", description="现金红包")], "received_on": "2026-10-17"}}
    assert (await office.client.patch(f"/v1/declarations/{filed['id']}", json=change, headers=headers)).status_code == 200
    for gone in ({"q": "茶叶"}, {"rule": "gift.duty-related-kept"}, {"occurred_from": "2026-10-18"}):
        assert await office.found(office.declarant, **gone) == NOTHING
    for found in ({"q": "红包"}, {"rule": "gift.cash-like"}, {"occurred_until": "2026-10-17"}, {"min_worth": "5000"}):
        assert await office.found(office.declarant, **found) == [filed["id"]]


async def test_filters_narrow_together(office: Office, party: Json) -> None:
    wanted = await office.file(gift("2026-10-10", line(worth="800.00", action="kept"), giver={"id": party["id"]}))
    await office.file(gift("2026-10-11", line(worth="800.00"), giver={"id": party["id"]}))
    every: dict[str, Any] = {
        "kind": "gift", "declarant": office.official["id"], "unit": office.city["id"], "counterparty": party["id"], "rule": "gift.duty-related-kept",
        "ban": 7, "min_level": "breach", "status": "submitted", "occurred_from": "2026-10-10", "occurred_until": "2026-10-10",
        "min_worth": "800", "q": "茶叶",
    }  # fmt: skip
    assert await office.found(office.commission, **every) == [wanted["id"]]
    for name, other in {
        "kind": "meal", "declarant": party["id"], "unit": office.sister["id"], "counterparty": office.city["id"], "rule": "gift.cash-like", "ban": 8,
        "min_level": "refer", "status": "withdrawn", "occurred_from": "2026-10-11", "occurred_until": "2026-10-09", "min_worth": "800.01", "q": "咖啡",
    }.items():  # fmt: skip
        assert await office.found(office.commission, **{**every, name: other}) == NOTHING, name


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("kind=bribe", "/query/kind"), ("declarant=1", "/query/declarant"), ("unit=x", "/query/unit"), ("ban=12", "/query/ban"),
        ("ban=0", "/query/ban"), ("min_level=clear", "/query/min_level"), ("status=filed", "/query/status"), ("occurred_from=2026-02-30", "/query/occurred_from"),
        ("occurred_until=20261001", "/query/occurred_until"), ("min_worth=-1", "/query/min_worth"), ("min_worth=1.005", "/query/min_worth"),
        ("min_worth=1e3", "/query/min_worth"), ("q=", "/query/q"), ("q=%20", "/query/q"), ("q=a%00b", "/query/q"), (f"q={'x' * 201}", "/query/q"),
        (f"rule={'x' * 61}", "/query/rule"), ("min_levle=breach", "/query/min_levle"), ("offset=10", "/query/offset"), ("kind=gift&kind=meal", "/query/kind"),
    ],
)  # fmt: skip
async def test_a_filter_that_makes_no_sense_is_refused_and_named(office: Office, query: str, pointer: str) -> None:
    answer = await office.client.get(f"/v1/declarations?{query}", headers=office.root)
    assert [found for found, _ in faults_of(answer)] == [pointer]
