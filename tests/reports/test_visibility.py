"""Who sees which declaration: lists, counts and single reads agree, and what is somebody else's does not exist."""

from collections.abc import Awaitable, Callable
from itertools import product
from typing import Any

import pytest

from app.kit.ids import new_id
from tests.conftest import Make
from tests.screening.declaring import Headers, Json, Office, gift

PARTS = ("", "/revisions", "/screenings")
SCOPES: tuple[tuple[str, ...], ...] = (
    ("declarations:write",),
    ("declarations:read",),
    ("reviews:write",),
    ("declarations:file-for-others",),
    ("declarations:write", "declarations:read", "reviews:write"),
    ("people:read", "rulebook:write", "audit:read", "admin"),
)


@pytest.mark.parametrize(
    ("who", "sees"),
    [("declarant", True), ("delegate", True), ("commission", True), ("hr", False), ("stranger", False), ("sister_commission", False)],
)
async def test_an_own_declaration_is_seen_by_those_whom_it_concerns(office: Office, who: str, sees: bool) -> None:
    filed, by = await office.file(gift("2026-10-18"), by=office.declarant), getattr(office, who)
    for part in PARTS:
        await office.get(f"/v1/declarations/{filed['id']}{part}", by, 200 if sees else 404)
    assert await office.found(by) == ([filed["id"]] if sees else [])
    assert await office.found(by, q="茶叶") == ([filed["id"]] if sees else [])
    assert await office.found(by, rule="gift.not-surrendered") == ([filed["id"]] if sees else [])


@pytest.mark.parametrize(
    ("who", "sees"), [("declarant", True), ("delegate", True), ("hr", True), ("commission", True), ("stranger", False)]
)
async def test_what_hr_filed_is_seen_by_hr_as_well(office: Office, who: str, sees: bool) -> None:
    filed = await office.file(gift("2026-10-18"), by=office.hr, declarant=office.official["id"])
    assert filed["source"] == "hr"
    await office.read(filed, getattr(office, who), 200 if sees else 404)
    assert await office.found(getattr(office, who)) == ([filed["id"]] if sees else [])


@pytest.mark.parametrize(
    ("who", "sees"), [("declarant", True), ("delegate", True), ("hr", False), ("commission", False), ("stranger", False)]
)
async def test_a_draft_is_its_author_s_and_the_declarant_s(office: Office, who: str, sees: bool) -> None:
    draft = await office.file(gift("2026-10-18"), by=office.declarant, status="draft")
    for part in PARTS:
        await office.get(f"/v1/declarations/{draft['id']}{part}", getattr(office, who), 200 if sees else 404)
    assert await office.found(getattr(office, who)) == ([draft["id"]] if sees else [])


async def test_what_does_not_exist_looks_like_what_is_somebody_else_s(office: Office) -> None:
    filed = await office.file(gift("2026-10-18"), by=office.declarant)
    for part in PARTS:
        theirs = await office.get(f"/v1/declarations/{filed['id']}{part}", office.stranger, 404)
        nobody_s = await office.get(f"/v1/declarations/{new_id()}{part}", office.stranger, 404)
        assert {**theirs, "instance": ""} == {**nobody_s, "instance": ""}


async def test_a_delegate_sees_until_the_delegation_ends(office: Office) -> None:
    filed = await office.file(gift("2026-10-18"), by=office.declarant)
    given = (await office.get("/v1/delegations", office.root))["items"][0]
    ended = await office.client.delete(f"/v1/delegations/{given['id']}", headers={**office.root, "If-Match": '"1"'})
    assert ended.status_code == 204
    await office.read(filed, office.delegate, 404)
    assert await office.found(office.delegate) == []


async def test_a_declaration_stays_with_the_unit_in_which_it_was_filed(office: Office) -> None:
    filed = await office.file(gift("2026-10-18"), by=office.declarant)
    moved = await office.client.patch(
        f"/v1/persons/{office.official['id']}", json={"unit": office.sister["id"]}, headers={**office.root, "If-Match": '"1"'}
    )
    assert moved.status_code == 200
    await office.read(filed, office.sister_commission, 404)
    assert await office.found(office.commission) == [filed["id"]]
    assert await office.found(office.declarant) == [filed["id"]]


async def test_lists_counts_and_single_reads_agree_for_every_caller_and_record(
    office: Office, make_person: Make, make_key: Callable[..., Awaitable[str]]
) -> None:
    clerk = await make_person(office.sister)
    records = [
        await _record(office, declarant, source, status)
        for declarant, source, status in product((office.official, clerk), ("self", "hr", "commission"), ("submitted", "draft"))
    ]
    places: list[dict[str, Any]] = [
        {},
        {"unit": office.bureau},
        {"unit": office.sister},
        {"person": office.official},
        {"person": clerk, "unit": office.city},
    ]
    for scopes, place in product(SCOPES, places):
        by = {"Authorization": f"Bearer {await make_key(*scopes, **place)}"}
        read = [record["id"] for record in reversed(records) if await _reads(office, record, by)]
        assert await office.found(by) == read, (scopes, place)
        assert set(read) == {record["id"] for record in records if _may(office, record, scopes, place)}, (scopes, place)


async def _record(office: Office, declarant: Json, source: str, status: str) -> Json:
    return await office.file(gift("2026-10-18"), declarant=declarant["id"], source=source, status=status)


async def _reads(office: Office, record: Json, by: Headers) -> bool:
    codes = {(await office.client.get(f"/v1/declarations/{record['id']}{part}", headers=by)).status_code for part in PARTS}
    assert codes in ({200}, {404})
    return codes == {200}


def _may(office: Office, record: Json, scopes: tuple[str, ...], place: dict[str, Any]) -> bool:
    """Who may read what, in words of its own: nobody here has filed any of the records."""
    person = place.get("person")
    unit = place.get("unit") or (person and {"id": person["unit"]})
    reached = unit is None or unit["id"] in (office.city["id"], record["unit"])
    is_own = person is not None and person["id"] == record["declarant"]
    as_declarant = "declarations:write" in scopes and is_own and record["source"] != "commission"
    discovered_of_oneself = is_own and record["source"] == "commission"
    as_commission = (
        {"declarations:read", "reviews:write"} & set(scopes) and reached and record["status"] != "draft" and not discovered_of_oneself
    )
    return bool(as_declarant or as_commission)
