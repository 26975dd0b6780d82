"""The access log as auditors read it."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.factories import Factory
from tests.people.asking import faults_of
from tests.reviews.raising import put
from tests.screening.conftest import Travel
from tests.screening.declaring import Json, Office, gift

from .conftest import Auditor, Headers

Keys = Callable[..., Awaitable[str]]


async def listed(office: Office, by: Headers, **params: Any) -> list[tuple[str, list[str]]]:
    """(which operation, whose records) of each access, newest first; the count is the same."""
    body = await office.get("/v1/accesses", by, limit=200, count=True, **params)
    assert body["count"] == len(body["items"])
    return [(item["operation"], item["persons"]) for item in body["items"]]


@pytest.fixture
async def other(office: Office, factory: Factory) -> Json:
    """A colleague of the official."""
    return await factory.person(office.bureau, name="孙立")


@pytest.fixture
async def read(office: Office, other: Json, travel: Travel) -> Json:
    """A declaration of the official, read by the commission on one day; and both persons, read by HR on the next two."""
    declared = await office.file(gift("2026-10-01"))
    await office.read(declared, office.commission)
    travel("2026-10-21")
    await office.get(f"/v1/persons/{other['id']}", office.hr)
    travel("2026-10-22T00:00:00+08:00")
    await office.get("/v1/persons", office.hr, limit=200)
    return declared


@pytest.mark.usefixtures("read")
async def test_auditors_see_who_was_shown_whose_records(auditor: Auditor, office: Office, other: Json) -> None:
    bureau = sorted(one["id"] for one in (await office.get("/v1/persons", office.root, unit=office.bureau["id"]))["items"])
    everything = await listed(office, auditor.headers)
    assert everything[1:] == [
        ("list_persons", bureau),
        ("read_person", [other["id"]]),
        ("read_declaration", [office.official["id"]]),
    ]
    (line,) = (await auditor.get("lines", action="record.read", limit=1, count=True))["items"]
    newest = (await office.get("/v1/accesses", auditor.headers))["items"][0]
    assert (line["subject"], line["actor"], line["content"]["persons"]) == (newest["id"], newest["actor"], len(newest["persons"]))


@pytest.mark.usefixtures("read")
async def test_the_log_is_narrowed_by_person_credential_and_days(auditor: Auditor, office: Office, other: Json) -> None:
    assert [name for name, _ in await listed(office, auditor.headers, person=other["id"])] == ["list_persons", "read_person"]
    hr = (await office.get("/v1/accesses", auditor.headers))["items"][0]["actor"]
    assert [name for name, _ in await listed(office, auditor.headers, actor=hr)] == ["list_persons", "read_person"]
    days = {"from": "2026-10-21", "until": "2026-10-21"}
    assert [name for name, _ in await listed(office, auditor.headers, **days)] == ["read_person"]
    assert [name for name, _ in await listed(office, auditor.headers, **{"from": "2026-10-22"})] == ["list_persons"]
    assert await listed(office, auditor.headers, until="2026-10-19") == []


@pytest.mark.usefixtures("read")
async def test_the_log_is_paged(auditor: Auditor, office: Office) -> None:
    for narrowed in ({}, {"person": office.official["id"]}):
        whole = (await office.get("/v1/accesses", auditor.headers, **narrowed))["items"]
        one_by_one, after = [], None
        while True:
            page = await office.get("/v1/accesses", auditor.headers, limit=1, **narrowed, **({"after": after} if after else {}))
            one_by_one += page["items"]
            after = page["next"]
            if after is None:
                break
        assert one_by_one == whole
        assert len(whole) >= 2


@pytest.mark.usefixtures("read")
async def test_the_log_is_for_auditors_and_leaves_no_trace_itself(auditor: Auditor, office: Office) -> None:
    for by in (office.declarant, office.hr, office.commission):
        assert (await office.get("/v1/accesses", by, 403))["code"] == "scope-missing"
    assert await listed(office, auditor.headers) == await listed(office, auditor.headers)
    wrong = await office.client.get("/v1/accesses", params={"person": "x", "from": "gestern"}, headers=auditor.headers)
    assert faults_of(wrong) == [("/query/person", "uuid-parsing"), ("/query/from", "day-malformed")]


async def test_nobody_is_named_who_may_not_know_of_the_record(auditor: Auditor, office: Office, read: Json) -> None:
    hidden = await put(office, read)
    inquiry = await office.inquire("2026-08-01")
    for path in (f"findings/{hidden['id']}", f"inquiries/{inquiry['id']}"):
        await office.get(f"/v1/{path}", office.commission)
    assert (await listed(office, auditor.headers))[:2] == [("read_inquiry", []), ("read_finding", [])]


async def test_an_auditor_who_is_an_official_learns_nothing_of_an_inquiry(
    auditor: Auditor, office: Office, read: Json, other: Json, make_key: Keys
) -> None:
    official = {"Authorization": f"Bearer {await make_key('audit:read', person=office.official)}"}
    before = await listed(office, official)
    assert before == [("read_person", [other["id"]])], "neither what is theirs, nor a list that holds it"
    inquiry = await office.inquire("2026-08-01")
    await office.read(read, office.commission)
    await office.get(f"/v1/inquiries/{inquiry['id']}", office.commission)
    assert await listed(office, official) == before
    assert await listed(office, official, person=office.official["id"]) == []
    assert (await auditor.get("lines", official, action="record.read", count=True))["count"] == 0
    for one in (await auditor.get("lines", action="record.read"))["items"]:
        assert await auditor.refused(f"lines/{one['id']}", official) == (404, "not-found")
