"""What `q` finds: parts of every text, names by alias, reading and with a slip, identifiers; and what it does not give away."""

from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from app.counterparties.models import counterparty_name
from app.declarations import searching
from app.kit import searching as kit
from app.kit.database import Database
from app.kit.searching import folded, sounding
from app.ledger.unit_of_work import work
from app.people.models import person
from app.worker import run_once
from tests.conftest import Make
from tests.factories import credit_code
from tests.screening.declaring import Headers, Json, Office, gift, line, meal

CITIZEN = "360426199101010071"
TEXTS = ("明前龙井茶叶两盒", "Montblanc 钢笔 149", "50%_折优惠券\\纸质'票\"", "茶茶茶", "龙井井茶", "砚\n台")
SEARCHED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
async def described(office: Office) -> dict[str, str]:
    """Declarations by what they say of the gift; their words and a line each of other things."""
    return {(await office.file(gift("2026-10-18", line(description=text), giver={"name": "甲方"})))["id"]: text for text in TEXTS}


@SEARCHED
@given(data=st.data())
async def test_whatever_part_of_a_text_finds_what_holds_it_and_nothing_else(
    office: Office, described: dict[str, str], data: st.DataObject
) -> None:
    text = data.draw(st.sampled_from(TEXTS))
    first = data.draw(st.integers(0, len(text) - 1))
    part = text[first : data.draw(st.integers(first + 1, len(text)))].strip()
    if part:
        assert await office.found(office.root, q=part) == _holding(described, part)


@SEARCHED
@given(words=st.text(alphabet="茶龙井盒0aM%_\\'\"叶明 ", min_size=1, max_size=6).filter(str.strip))
async def test_what_is_not_in_a_text_does_not_find_it(office: Office, described: dict[str, str], words: str) -> None:
    assert await office.found(office.root, q=words) == _holding(described, words.strip())


def _holding(described: dict[str, str], words: str) -> list[str]:
    """The declarations whose description holds the words, or all, where the declarant's or the giver's name does."""
    named = f"{sounding('李明')}\n{sounding('甲方')}"
    return sorted((one for one, said in described.items() if folded(words) in folded(f"{said}\n{named}")), reverse=True)


@pytest.mark.parametrize("few", [0, 1, 300])
async def test_however_many_bear_a_name_all_of_theirs_are_found(office: Office, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    monkeypatch.setattr(searching, "FEW", few)
    monkeypatch.setattr(kit, "_FEW_ROWS", few)
    ids = [(await office.file(gift("2026-10-18", giver={"name": f"恒远第{n}公司"})))["id"] for n in range(3)]
    assert await office.found(office.root, q="恒远第") == ids[::-1]
    assert await office.found(office.root, q="李明") == ids[::-1]
    assert await office.found(office.root, q="茶叶") == ids[::-1]
    assert await office.found(office.root, q="第1公") == [ids[1]]


@pytest.mark.parametrize("q", ["hyjs", "HYJSJT", "hengyuan", "ＨｅｎｇＹｕａｎＪｉａｎｓｈｅ", "hengy", "老恒", "laoheng", "远建", "集团"])
async def test_a_giver_is_found_by_alias_and_by_pinyin(office: Office, make_counterparty: Make, q: str) -> None:
    party = await make_counterparty(name="恒远建设集团", aliases=["老恒记"])
    filed = await office.file(gift("2026-10-18", giver={"id": party["id"]}))
    await office.file(gift("2026-10-18", giver={"name": "青禾农业"}))
    assert await office.found(office.root, q=q) == [filed["id"]]


@pytest.mark.parametrize("q", ["李明", "liming", "lm", "limi"])
async def test_a_declarant_is_found_by_name_and_by_pinyin(office: Office, make_person: Make, q: str) -> None:
    other = await make_person(office.sister, name="赵强")
    filed = await office.file(gift("2026-10-18", giver={"name": "乙方"}))
    await office.file(gift("2026-10-18", giver={"name": "乙方"}), declarant=other["id"])
    assert await office.found(office.root, q=q) == [filed["id"]]
    persons = await office.get("/v1/persons", office.root, q=q)
    assert [one["id"] for one in persons["items"]] == [office.official["id"]]


async def test_a_person_who_is_renamed_is_found_by_the_new_name_alone(office: Office) -> None:
    filed = await office.file(gift("2026-10-18", giver={"name": "乙方"}))
    path = f"/v1/persons/{office.official['id']}"
    changed = await office.client.patch(path, json={"name": "黎鸣岐"}, headers={**office.root, "If-Match": '"1"'})
    assert changed.status_code == 200
    assert await office.found(office.root, q="mingqi") == [filed["id"]]
    assert await office.found(office.root, q="李明") == []


@pytest.mark.parametrize("q", ["恒元建设有限公司", "恒远建没", "恒远建有限公司", "恒远的建设", "恒建远设有限", "远建设有线公司"])
async def test_one_wrong_character_in_a_company_s_name_is_looked_past(office: Office, q: str) -> None:
    filed = await office.file(gift("2026-10-18", giver={"name": "恒远建设有限公司"}))
    await office.file(gift("2026-10-18", giver={"name": "永昌贸易有限公司"}))
    assert await office.found(office.root, q=q) == [filed["id"]]


@pytest.mark.parametrize("q", ["恒元", "恒元建", "横元建设有限", "恒元建设有限公司" * 8])
async def test_what_is_too_short_or_too_wrong_finds_nothing(office: Office, q: str) -> None:
    await office.file(gift("2026-10-18", giver={"name": "恒远建设有限公司"}))
    assert await office.found(office.root, q=q) == []


async def test_a_counterparty_is_looked_up_with_a_wrong_character_too(office: Office, make_counterparty: Make) -> None:
    right = await make_counterparty(name="恒远建设有限公司")
    await make_counterparty(name="永昌贸易有限公司")
    for q in ("恒远", "hyjs", "恒元建设有限公司"):
        page = await office.get("/v1/counterparties", office.declarant, q=q, count=True)
        assert ([one["id"] for one in page["items"]], page["count"]) == ([right["id"]], 1), q
    assert (await office.get("/v1/counterparties", office.declarant, q="恒大建筑有限公司", count=True))["count"] == 0


async def test_an_unregistered_name_is_not_found_by_a_similar_one(office: Office) -> None:
    await office.file(gift("2026-10-18", giver={"name": "恒远建设有限公司"}))
    for q in ("恒远建设有限公司", "恒元建设有限公司", "hyjs"):
        assert (await office.get("/v1/counterparties", office.stranger, q=q, count=True))["count"] == 0, q


async def test_names_that_the_release_before_has_written_are_found_after_the_next_round(
    app: FastAPI, database: Database, office: Office
) -> None:
    filed = await office.file(gift("2026-10-18", giver={"name": "恒远建设"}))
    async with work(database, "the release before") as unit:
        await unit.connection.execute(update(person).values(search_text=""))
        await unit.connection.execute(update(counterparty_name).values(search_text=""))
    assert await office.found(office.root, q="hyjs") == []
    await run_once(database, app.state.book)
    assert await office.found(office.root, q="hyjs") == [filed["id"]]
    assert await office.found(office.root, q="李明") == [filed["id"]]


async def test_where_a_name_is_found_as_written_the_similar_ones_are_not(office: Office) -> None:
    right = await office.file(gift("2026-10-18", giver={"name": "恒远建设有限公司"}))
    await office.file(gift("2026-10-18", giver={"name": "恒元建设有限公司"}))
    assert await office.found(office.root, q="恒远建设") == [right["id"]]


async def test_a_slip_of_the_pen_does_not_tell_what_others_have_declared(office: Office) -> None:
    own = await office.file(gift("2026-10-18", giver={"name": "恒远建设有限公司"}), by=office.declarant)
    assert await office.found(office.declarant, q="恒元建设有限公司") == [own["id"]]
    await office.file(gift("2026-10-18", giver={"name": "恒元建设有限公司"}), by=office.stranger)
    await office.discover(gift("2026-10-18", giver={"name": "恒元建设有限公司"}))
    assert await office.found(office.declarant, q="恒元建设有限公司") == [own["id"]]


async def test_a_similar_name_is_paged_through_like_any_other(office: Office) -> None:
    ids = [(await office.file(gift("2026-10-18", giver={"name": "恒远建设有限公司"})))["id"] for _ in range(3)]
    seen: list[str] = []
    after: dict[str, Any] = {}
    for _ in ids:
        page = await office.get("/v1/declarations", office.root, q="恒元建设有限公司", limit=1, **after)
        seen += [item["id"] for item in page["items"]]
        after = {"after": page["next"]}
    assert (seen, page["next"]) == (ids[::-1], None)


async def test_an_identifier_finds_by_its_beginning(office: Office, make_counterparty: Make) -> None:
    code = credit_code()
    party = await make_counterparty(name="恒远建设", identifier=code)
    filed = await office.file(gift("2026-10-18", giver={"id": party["id"]}))
    await office.file(gift("2026-10-18", giver={"name": "乙方"}))
    for q in (code, code.lower(), code[:6], code[:12]):
        assert await office.found(office.commission, q=q) == [filed["id"]], q
        assert [one["id"] for one in (await office.get("/v1/counterparties", office.root, q=q))["items"]] == [party["id"]], q
    assert await office.found(office.commission, q=code[:5]) == []
    assert await office.found(office.commission, q=code[1:]) == []


async def test_a_citizen_s_number_cannot_be_guessed_by_searching(office: Office, make_counterparty: Make) -> None:
    person = await make_counterparty(name="王建国", type="individual", identifier=CITIZEN)
    filed = await office.file(gift("2026-10-18", giver={"id": person["id"]}), by=office.declarant)
    for q in (CITIZEN, CITIZEN[:6]):
        assert await office.found(office.declarant, q=q) == []
        assert (await office.get("/v1/counterparties", office.declarant, q=q))["items"] == []
        assert await office.found(office.commission, q=q) == [filed["id"]]


async def test_a_client_s_reference_finds_and_follows_its_changes(office: Office) -> None:
    filed = await office.file(gift("2026-10-18"), by=office.declarant, client_reference="HR-2026/0815")
    assert await office.found(office.declarant, q="hr-2026/08") == [filed["id"]]
    headers = {**office.declarant, "If-Match": await office.etag(filed, office.declarant)}
    changed = await office.client.patch(f"/v1/declarations/{filed['id']}", json={"client_reference": "OA-77"}, headers=headers)
    assert changed.status_code == 200
    assert await office.found(office.declarant, q="2026/08") == []
    assert await office.found(office.declarant, q="oa-77") == [filed["id"]]
    assert await office.found(office.declarant, q="茶叶") == [filed["id"]]


@pytest.mark.parametrize("q", ["茶" * 200, "' OR 1=1 --", '{"茶"}', "\\", "{}", "NULL", "茶叶'; DROP TABLE person", "𠮷野", "🎁"])
async def test_no_words_are_too_odd_to_ask_for(office: Office, q: str) -> None:
    await office.file(gift("2026-10-18"))
    assert await office.found(office.root, q=q) == []
    odd = await office.file(gift("2026-10-18", line(description=q)))
    assert await office.found(office.root, q=q) == [odd["id"]]


async def test_words_longer_than_a_name_are_refused(office: Office) -> None:
    for path in ("/v1/declarations", "/v1/findings", "/v1/counterparties", "/v1/persons"):
        assert (await office.get(path, office.root, 422, q="茶" * 201))["errors"][0]["pointer"] == "/query/q"


async def test_words_and_every_other_filter_hold_together(office: Office, make_person: Make) -> None:
    other = await make_person(office.sister, name="周立")
    a = await office.file(gift("2026-10-10", line(action="kept"), giver={"name": "恒远建设"}))
    b = await office.file(gift("2026-10-18", giver={"name": "恒远建设"}), declarant=other["id"])
    await office.file(meal("2026-10-18", host={"name": "恒远建设"}), "meal")
    together: dict[str, Any] = {"q": "恒远", "kind": "gift"}
    assert await office.found(office.root, **together) == [b["id"], a["id"]]
    assert await office.found(office.root, **together, unit=office.sister["id"]) == [b["id"]]
    assert await office.found(office.root, **together, declarant=office.official["id"], min_level="breach") == [a["id"]]
    assert await office.found(office.root, **together, rule="gift.duty-related-kept", occurred_until="2026-10-11") == [a["id"]]
    assert await office.found(office.root, **together, rule="gift.duty-related-kept", occurred_from="2026-10-11") == []


async def test_findings_are_found_by_the_words_of_their_declarations(office: Office) -> None:
    kept = await office.file(gift("2026-10-10", line(action="kept"), giver={"name": "恒远建设有限公司"}))
    await office.file(gift("2026-10-10", line(action="kept"), giver={"name": "永昌贸易"}))
    for q in ("恒远", "hyjs", "恒元建设有限公司"):
        assert await _declared(office, office.commission, q=q) == {kept["id"]}
    assert await _declared(office, office.commission, q="恒远", min_level="refer") == set()
    assert await _declared(office, office.stranger, q="恒远") == set()


async def _declared(office: Office, by: Headers, **filters: Any) -> set[str]:
    page: Json = await office.get("/v1/findings", by, count=True, **filters)
    assert page["count"] == len(page["items"])
    return {one["declaration"] for one in page["items"]}
