"""Facets: everything that the filters find, counted, and nothing that the caller may not know of."""

from collections import Counter
from typing import Any

import pytest

from app.reports import facets as counting
from tests.people.asking import faults_of
from tests.reports.test_sorting import several
from tests.screening.declaring import Headers, Json, Office, gift, line, meal

ALL = "kind,status,level,unit,rule,ban,year"


async def facets(office: Office, by: Headers, path: str = "/v1/declarations", **params: Any) -> dict[str, dict[str | None, int]]:
    """The counts by facet and value."""
    told = (await office.get(path, by, **{"facets": ALL, "limit": 1, **params}))["facets"]
    assert not any(value["at_least"] for values in told.values() for value in values)
    return {facet: {value["value"]: value["count"] for value in values} for facet, values in told.items()}


async def test_what_is_found_is_counted_in_every_way(office: Office) -> None:
    declared = await several(office)
    await office.file(gift("2025-10-18", line(worth="20.00")))
    await office.file(gift("2026-10-18"), by=office.declarant, status="draft")
    told = await facets(office, office.commission)
    assert list(told) == ALL.split(",")
    assert told["kind"] == {"gift": 5, "meal": 2}
    assert list(told["kind"]) == ["gift", "meal"]
    assert told["status"] == {"submitted": 7}
    assert told["unit"] == {office.bureau["id"]: 7}
    assert told["year"] == {"2026": 6, "2025": 1}
    shown = (await office.get("/v1/declarations", office.commission, limit=200))["items"]
    assert told["level"] == Counter(one["screening"]["outcome"] for one in shown)
    assert told["rule"] == Counter(found["rule"] for one in shown for found in one["screening"]["findings"])
    bans = Counter(str(ban) for one in shown for ban in {found["ban"] for found in one["screening"]["findings"]} if ban)
    assert {ban: count for ban, count in told["ban"].items() if ban} == bans
    assert len(declared) == 6
    assert (await facets(office, office.declarant))["status"] == {"submitted": 7, "draft": 1}


async def test_filters_and_words_narrow_what_is_counted(office: Office) -> None:
    await several(office)
    assert (await facets(office, office.commission, kind="meal"))["kind"] == {"meal": 2}
    assert (await facets(office, office.commission, rule="gift.cash-like"))["kind"] == {"gift": 1}
    assert (await facets(office, office.commission, q="赵六"))["kind"] == {"meal": 1}
    assert (await facets(office, office.commission, q="恒远建没有限公司"))["kind"] == (
        await facets(office, office.commission, q="恒远建设有限公司")
    )["kind"]
    assert (await facets(office, office.commission, sort="-worth", occurred_from="2026-10-11"))["kind"] == {"gift": 2}
    for by in (office.stranger, office.sister_commission):
        assert await facets(office, by) == {facet: {} for facet in ALL.split(",")}


async def test_facets_come_only_when_asked_for_and_only_those(office: Office) -> None:
    await several(office)
    for path in ("/v1/declarations", "/v1/findings"):
        assert (await office.get(path, office.commission))["facets"] is None
        assert list((await office.get(path, office.commission, facets="year,kind"))["facets"]) == ["year", "kind"]
        for query in ("facets=worth", "facets=", "facets=kind,,level", "facets=kind;level"):
            answer = await office.client.get(f"{path}?{query}", headers=office.commission)
            assert faults_of(answer) == [("/query/facets", "enum")], query


async def test_findings_are_counted_as_they_are_listed(office: Office) -> None:
    await several(office)
    told = await facets(office, office.commission, "/v1/findings")
    listed = (await office.get("/v1/findings", office.commission, limit=200))["items"]
    for facet in ("kind", "level", "unit", "rule"):
        assert told[facet] == Counter(item[facet] for item in listed), facet
    assert told["year"] == Counter(item["occurred_from"][:4] for item in listed)
    assert (await facets(office, office.commission, "/v1/findings", min_level="serious"))["level"].keys() <= {"serious", "refer"}


async def test_what_the_commission_keeps_to_itself_is_counted_for_it_alone(office: Office) -> None:
    await office.inquire("2026-10-01")
    await office.file(gift("2026-09-25", line(action="returned", on="2026-10-12")), by=office.declarant)
    known, told = await facets(office, office.commission), await facets(office, office.declarant)
    assert (known["level"], known["rule"]) == ({"breach": 1}, {"gift.returned-after-inquiry": 1})
    assert (told["level"], told["rule"], told["ban"], told["kind"]) == ({"clear": 1}, {}, {}, {"gift": 1})
    assert await facets(office, office.declarant, "/v1/findings") == {facet: {} for facet in ALL.split(",")}
    assert (await facets(office, office.commission, "/v1/findings"))["rule"] == {"gift.returned-after-inquiry": 1}


async def test_a_great_deal_is_counted_in_part_and_every_count_says_so(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "MOST_COUNTED", 3)
    monkeypatch.setattr(counting, "MOST_VALUES", 1)
    for _ in range(2):
        await office.file(meal("2026-10-02"), "meal")
    whole: Json = (await office.get("/v1/declarations", office.commission, facets="kind"))["facets"]
    assert whole == {"kind": [{"value": "meal", "count": 2, "at_least": False}]}
    for _ in range(3):
        await office.file(gift("2026-10-18"))
    part: Json = (await office.get("/v1/declarations", office.commission, facets="kind"))["facets"]
    assert part == {"kind": [{"value": "gift", "count": 3, "at_least": True}]}
