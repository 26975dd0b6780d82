"""Local standards: drafted by one, tried on history, published by another, and then obeyed in the unit and below."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.kit.ids import new_id
from app.ledger.models import ledger_line
from app.ledger.unit_of_work import reading
from app.rulebook.book import Book
from app.screening import sweeping
from app.screening.service import Screening
from app.screening.sweeper import Sweeper
from app.worker import run_once
from tests.people.asking import faults_of
from tests.working import work_off

from .conftest import Travel
from .declaring import Headers, Json, Office, cny, finding, gift, line, rules

CAP = "gift.annual-cap"
MakeKey = Callable[..., Awaitable[str]]


def small(received_on: str, worth: str = "150.00", **over: Any) -> Json:
    """A small gift of a friend, kept, which the yearly cap adds up."""
    kept = line(worth=worth, action="kept", on=received_on)
    return gift(received_on, kept, giver={"name": "王五"}, relation="colleague", **over)


def value(limit: str = CAP, since: str = "2026-01-01", most: str | None = "200", **over: Any) -> Json:
    """A local value with its source."""
    return {"limit": limit, "since": since, "value": most, "instrument": "某市礼品登记办法", "article": "第六条", **over}


class Owners:
    """Two owners of rules in the city, and what they do."""

    def __init__(self, office: Office, drafter: Headers, publisher: Headers) -> None:
        self.office = office
        self.client = office.client
        self.drafter = drafter
        self.publisher = publisher

    async def draft(self, *values: Json, unit: Json | None = None) -> Json:
        """Draft values for the bureau, or another unit."""
        body = {"unit": (unit or self.office.bureau)["id"], "values": list(values) or [value()]}
        answer = await self.client.post("/v1/limit-drafts", json=body, headers=self.drafter)
        assert answer.status_code == 201, answer.text
        assert answer.headers["location"] == f"/v1/limit-drafts/{answer.json()['id']}"
        made: Json = answer.json()
        return made

    async def impact(self, draft: Json, by: Headers | None = None) -> Json:
        """Reckon the impact of a draft, which is small enough to be answered at once."""
        answer = await self.client.post(f"/v1/limit-drafts/{draft['id']}/impact", headers=by or self.drafter)
        assert answer.status_code == 200, answer.text
        told: Json = answer.json()
        return told

    async def publication(self, draft: Json, by: Headers | None = None, match: str = '"1"', key: str | None = None) -> httpx.Response:
        """The answer to a publication."""
        headers = {**(by or self.publisher), "If-Match": match} | ({"Idempotency-Key": key} if key else {})
        return await self.client.post(f"/v1/limit-drafts/{draft['id']}/publication", headers=headers)

    async def publish(self, app: FastAPI, *values: Json, unit: Json | None = None) -> Json:
        """Draft and publish values, and wait until what they touch is judged anew."""
        draft = await self.draft(*values, unit=unit)
        answer = await self.publication(draft)
        assert answer.status_code == 200, answer.text
        await work_off(app)
        published: Json = answer.json()
        return published

    async def rescreening(self, draft: Json) -> Json:
        """How far that has come."""
        return await self.office.get(f"/v1/limit-drafts/{draft['id']}/rescreening", self.drafter)


@pytest.fixture
async def owners(office: Office, make_key: MakeKey) -> Owners:
    drafter, publisher = [{"Authorization": f"Bearer {await make_key('rulebook:write', unit=office.city)}"} for _ in range(2)]
    return Owners(office, drafter, publisher)


async def test_what_is_published_is_obeyed_cited_and_judged_anew(app: FastAPI, office: Office, owners: Owners) -> None:
    first, second = [await office.file(small(day), by=office.declarant) for day in ("2026-03-01", "2026-04-01")]
    assert CAP not in {*rules(first), *rules(second)}
    before = (await office.get("/v1/rulebook", office.declarant))["version"]
    published = await owners.publish(app)
    assert (published["state"], published["edition"]) == ("published", 1)
    now = await office.read(second, office.declarant)
    assert rules(now)[CAP] == "breach"
    assert "200.00元" in finding(now, CAP)["message"]
    compared = finding(now, CAP)["evidence"]["limits"][CAP]
    assert compared == {
        "value": "200.00", "unit": "CNY", "instrument": "某市礼品登记办法", "article": "第六条", "published_by": office.bureau["id"],
    }  # fmt: skip
    assert finding(now, CAP)["basis"][-1] == {
        "instrument": "某市礼品登记办法",
        "article": "第六条",
        "since": "2026-01-01",
        "confirmed": True,
    }
    assert CAP not in rules(await office.read(first, office.declarant))
    version = (await office.get("/v1/rulebook", office.declarant))["version"]
    assert version == now["screening"]["rulebook_version"] != before
    progress = await owners.rescreening(published)
    assert {name: progress[name] for name in ("state", "planned", "judged", "changed", "failed")} == {
        "state": "done", "planned": 2, "judged": 2, "changed": 1, "failed": 0,
    }  # fmt: skip
    third = await office.file(small("2026-05-01"), by=office.declarant)
    assert (rules(third)[CAP], third["screening"]["rulebook_version"]) == ("breach", version)
    assert await run_once(app.state.database, app.state.book) == 0


async def test_previews_and_totals_show_the_local_value(app: FastAPI, office: Office, owners: Owners) -> None:
    await owners.publish(app)
    answer = await office.client.post("/v1/previews", json={"kind": "gift", "details": small("2026-05-01")}, headers=office.declarant)
    [total] = answer.json()["totals"]
    assert total["limits"] == [{"id": CAP, "value": "200", "instrument": "某市礼品登记办法", "article": "第六条"}]


async def test_other_units_and_earlier_conduct_are_left_alone(app: FastAPI, office: Office, owners: Owners) -> None:
    early = [await office.file(small(day), by=office.declarant) for day in ("2025-11-01", "2025-12-31")]
    others = [await office.file(small(day), by=office.stranger) for day in ("2026-03-01", "2026-04-01")]
    published = await owners.publish(app)
    assert (await owners.rescreening(published))["changed"] == 0
    for filed in [*early, *others]:
        assert CAP not in rules(await office.read(filed, office.root))


@pytest.mark.parametrize(("unit", "expected"), [("city", "300"), ("bureau", "200"), ("sister", "300")])
async def test_the_nearest_unit_above_with_a_value_of_its_own_counts(
    app: FastAPI, office: Office, owners: Owners, unit: str, expected: str
) -> None:
    await owners.publish(app, value(most="200"), unit=office.bureau)
    await owners.publish(app, value(most="300", since="2026-02-01"), unit=office.city)
    body = await office.get(f"/v1/limits/{CAP}", office.root, unit=getattr(office, unit)["id"], as_of="2026-06-01")
    assert (body["value"], body["local"]) == (expected, True)
    assert body["published_by"] == (office.bureau if unit == "bureau" else office.city)["id"]
    listed = await office.get("/v1/limits", office.root, limit=200, unit=getattr(office, unit)["id"], as_of="2026-06-01")
    assert next(limit for limit in listed["items"] if limit["id"] == CAP) == body
    assert [each["value"] for each in body["values"]] == (["600", "200", "300"] if unit == "bureau" else ["600", "300"])
    national = await office.get(f"/v1/limits/{CAP}", office.root)
    assert (national["value"], national["published_by"], len(national["values"])) == ("600", None, 1)


async def test_a_value_stands_from_its_day_until_it_is_ended_or_corrected(app: FastAPI, office: Office, owners: Owners) -> None:
    await owners.publish(app, value(most="200"), value(most=None, since="2026-06-01"), value(most="250.50", since="2026-09-01"))

    async def on(day: str) -> str:
        return (await office.get(f"/v1/limits/{CAP}", office.root, unit=office.bureau["id"], as_of=day))["value"]  # type: ignore[no-any-return]

    days = ("2025-12-31", "2026-01-01", "2026-05-31", "2026-06-01", "2026-08-31", "2026-09-01")
    assert [await on(day) for day in days] == ["600", "200", "200", "600", "600", "250.50"]
    await owners.publish(app, value(most="220"))
    assert [await on(day) for day in days] == ["600", "220", "220", "600", "600", "250.50"]


async def test_the_unit_of_the_day_of_conduct_counts(app: FastAPI, office: Office, owners: Owners) -> None:
    await owners.publish(app, value(since="2020-01-01"))
    post = {
        "unit": office.sister["id"], "position": "科长", "rank": "section_chief", "is_leader": False, "staff_class": "civil_servant",
        "from_on": "2020-01-01", "until_on": "2025-12-31",
    }  # fmt: skip
    path = f"/v1/persons/{office.official['id']}"
    tag = (await office.client.get(path, headers=office.root)).headers["etag"]
    assert (await office.client.patch(path, json={"posts": [post]}, headers={**office.root, "If-Match": tag})).status_code == 200
    await work_off(app)
    assert CAP not in rules(await office.file(small("2025-10-01", "190.00", occasion="none"), by=office.declarant))
    at_sister = await office.file(small("2025-11-01", "190.00"), by=office.declarant)
    await office.file(small("2026-02-01", "190.00"), by=office.declarant)
    in_bureau = await office.file(small("2026-03-01", "190.00"), by=office.declarant)
    assert (CAP in rules(at_sister), CAP in rules(in_bureau)) == (False, True)
    former = await owners.publish(app, value(since="2020-01-01", most="100"), unit=office.sister)
    assert (await owners.rescreening(former))["changed"] == 2
    assert CAP in rules(await office.read(at_sister, office.declarant))


async def test_the_impact_tells_what_would_change_and_changes_nothing(app: FastAPI, office: Office, owners: Owners) -> None:
    low, high = await office.file(small("2026-03-01"), by=office.declarant), await office.file(small("2026-04-01"), by=office.declarant)
    await owners.publish(app, value(most="250"))
    flagged = await office.read(high, office.declarant)
    draft = await owners.draft(value(most="100"), value("gift.register", most="500"), value("gift.surrender", most="500"))
    told = await owners.impact(draft)
    assert (told["state"], told["judged"], told["touched"]) == ("done", 2, 2)
    newly = [(each["rule"], each["before"], each["after"], each["unit"], each["declarations"]) for each in told["newly_flagged"]]
    assert (CAP, None, "breach", office.bureau["id"], 1) in newly
    assert told["declarations_newly_flagged"] == 1
    assert told["newly_flagged"][0]["unit_name"] == "住建局"
    assert await office.get(f"/v1/limit-drafts/{draft['id']}/impact", owners.drafter) == told
    assert await office.read(high, office.declarant) == flagged
    lenient = await owners.impact(await owners.draft(value(most="900")))
    [gone] = lenient["no_longer_flagged"]
    assert (gone["rule"], gone["before"], gone["after"], gone["title"]["en"]) == (CAP, "breach", None, gone["title"]["en"])
    assert (lenient["declarations_no_longer_flagged"], lenient["newly_flagged"], lenient["level_changed"]) == (1, [], [])
    assert CAP not in rules(await office.read(low, office.declarant))


async def test_a_draft_that_no_judgement_reads_touches_nothing(office: Office, owners: Owners) -> None:
    await office.file(small("2026-03-01"), by=office.declarant)
    told = await owners.impact(await owners.draft(value("family-event.tables", most="20")))
    assert (told["judged"], told["touched"], told["newly_flagged"]) == (1, 0, [])


async def test_examples_are_named_to_those_alone_who_may_read_them(office: Office, owners: Owners, make_key: MakeKey) -> None:
    filed = [await office.file(small(day), by=office.declarant) for day in ("2026-03-01", "2026-04-01")]
    draft = await owners.draft()
    scopes = ("rulebook:write", "declarations:read")
    reader = {"Authorization": f"Bearer {await make_key(*scopes, unit=office.city)}"}
    [told] = (await owners.impact(draft, reader))["newly_flagged"]
    assert (told["declarations"], told["examples"]) == (1, [filed[1]["id"]])
    [told] = (await office.get(f"/v1/limit-drafts/{draft['id']}/impact", owners.drafter))["newly_flagged"]
    assert (told["declarations"], told["examples"]) == (1, [])


async def test_nothing_that_the_commission_put_on_record_shows_in_an_impact(office: Office, owners: Owners) -> None:
    await office.discover(small("2026-03-01"))
    await office.discover(small("2026-04-01"))
    await office.inquire("2026-05-01")
    told = await owners.impact(await owners.draft())
    assert (told["judged"], told["touched"], told["newly_flagged"]) == (0, 0, [])


async def test_publication_takes_a_second_person(office: Office, owners: Owners, make_key: MakeKey) -> None:
    def who(secret: str) -> Headers:
        return {"Authorization": f"Bearer {secret}"}

    alone = await owners.publication(await owners.draft(), owners.drafter)
    assert (alone.status_code, alone.json()["code"]) == (403, "second-person-required")
    mine = [who(await make_key("rulebook:write", person=office.official, unit=office.city)) for _ in range(2)]
    body = {"unit": office.bureau["id"], "values": [value()]}
    drafted = (await office.client.post("/v1/limit-drafts", json=body, headers=mine[0])).json()
    same_person = await owners.publication(drafted, mine[1])
    assert (same_person.status_code, same_person.json()["code"]) == (403, "second-person-required")
    assert (await owners.publication(drafted, owners.publisher)).status_code == 200


async def test_what_is_closed_stays_as_it_is(office: Office, owners: Owners) -> None:
    draft = await owners.draft()
    path = f"/v1/limit-drafts/{draft['id']}"
    assert (await office.client.post(f"{path}/publication", headers=owners.publisher)).status_code == 428
    assert (await owners.publication(draft, match='"7"')).status_code == 412
    first, again = [await owners.publication(draft, key="publish-1") for _ in range(2)]
    assert (first.status_code, again.headers["idempotent-replayed"], again.content) == (200, "true", first.content)
    for act in (owners.publication(draft, match='"2"'), office.client.delete(path, headers={**owners.drafter, "If-Match": '"2"'})):
        refused = await act
        assert (refused.status_code, refused.json()["code"]) == (409, "limit-draft-closed")
    assert (await office.client.post(f"{path}/impact", headers=owners.drafter)).json()["code"] == "limit-draft-closed"
    other = await owners.draft()
    gone = await office.client.delete(f"/v1/limit-drafts/{other['id']}", headers={**owners.drafter, "If-Match": '"1"'})
    assert gone.status_code == 204
    assert (await owners.publication(other, match='"2"')).status_code == 409
    listed = await office.get("/v1/limit-drafts", owners.drafter, count=True)
    assert ([each["state"] for each in listed["items"]], listed["count"]) == (["discarded", "published"], 2)
    only = await office.get("/v1/limit-drafts", owners.drafter, state="published", unit=office.bureau["id"])
    assert [each["id"] for each in only["items"]] == [draft["id"]]


async def test_of_two_publishers_at_once_one_wins(app: FastAPI, office: Office, owners: Owners) -> None:
    draft, other = await owners.draft(), await owners.draft(value(most="300"))
    answers = await asyncio.gather(*(owners.publication(each) for each in (draft, draft, other)))
    assert sorted(answer.status_code for answer in answers) in ([200, 200, 409], [200, 200, 412])
    await work_off(app)
    editions = [each["edition"] for each in (await office.get("/v1/limit-drafts", owners.drafter))["items"]]
    assert sorted(editions) == [1, 2]


async def test_who_is_filing_meanwhile_is_judged_by_what_is_published(app: FastAPI, office: Office, owners: Owners) -> None:
    draft = await owners.draft(value(most="100"))

    async def file(number: int) -> Json:
        return await office.file(small(f"2026-03-{number + 1:02}"), by=office.declarant)

    first = asyncio.gather(*(file(number) for number in range(3)))
    publication = asyncio.create_task(owners.publication(draft))
    filed = [*await first, *await asyncio.gather(*(file(number) for number in range(3, 6)))]
    assert (await publication).status_code == 200
    await work_off(app)
    for one in filed:
        assert rules(await office.read(one, office.declarant))[CAP] == "breach"


async def test_out_of_reach_or_without_the_scope_there_is_nothing(office: Office, owners: Owners, make_key: MakeKey) -> None:
    draft = await owners.draft(unit=office.sister)
    bureau = {"Authorization": f"Bearer {await make_key('rulebook:write', unit=office.bureau)}"}
    path = f"/v1/limit-drafts/{draft['id']}"
    for method, of in (("GET", path), ("POST", f"{path}/impact"), ("GET", f"{path}/impact"), ("GET", f"{path}/rescreening")):
        assert (await office.client.request(method, of, headers=bureau)).status_code == 404
        refused = await office.client.request(method, of, headers=office.commission)
        assert (refused.status_code, "rulebook:write" in refused.json()["detail"]) == (403, True)
    assert (await owners.publication(draft, bureau)).status_code == 404
    assert (await office.get("/v1/limit-drafts", bureau))["items"] == []
    body = {"unit": office.sister["id"], "values": [value()]}
    assert faults_of(await office.client.post("/v1/limit-drafts", json=body, headers=bureau)) == [("/unit", "unit-unknown")]
    assert (await office.client.get(f"{path}/impact", headers=owners.drafter)).status_code == 404
    assert (await office.client.get(f"{path}/rescreening", headers=owners.drafter)).status_code == 404


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], ("/values", "too-short")),
        ([value("gift.no-such")], ("/values/0/limit", "limit-unknown")),
        ([value("combined.refer", most="100000")], ("/values/0/limit", "limit-national")),
        ([value(), value("gift.repeated", most="2.5")], ("/values/1/value", "limit-value-unfit")),
        ([value(most="199.999")], ("/values/0/value", "limit-value-unfit")),
        ([value(most="-1")], ("/values/0/value", "string-pattern-mismatch")),
        ([value(most="两百")], ("/values/0/value", "string-pattern-mismatch")),
        ([value(), value(most="300")], ("/values/1/since", "limit-value-repeated")),
        ([value(since="2026-02-30")], ("/values/0/since", "date-from-datetime-parsing")),
        ([value(instrument=" ")], ("/values/0/instrument", "text-blank")),
        ([{**value(), "article": None}], ("/values/0/article", "string-type")),
        ([{**value(), "sources": "?"}], ("/values/0/sources", "extra-forbidden")),
    ],
)
async def test_values_that_cannot_be_are_refused_with_the_field(
    office: Office, owners: Owners, values: list[Json], expected: tuple[str, str]
) -> None:
    body = {"unit": office.bureau["id"], "values": values}
    assert expected in faults_of(await office.client.post("/v1/limit-drafts", json=body, headers=owners.drafter))


class Killed(BaseException):
    """The process is gone."""


async def test_a_sweep_that_is_killed_goes_on_where_it_was(
    app: FastAPI, office: Office, owners: Owners, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "PART_DECLARATIONS", 1)
    people = [await owners_person(office, number) for number in range(4)]
    for one in people:
        for day in ("2026-03-01", "2026-04-01"):
            await office.file(small(day), declarant=one["id"])
    keep, kept = Screening.keep, 0

    async def kill(self: Screening, changes: Any) -> None:
        nonlocal kept
        await keep(self, changes)
        kept += 1
        if kept == 3:
            raise Killed

    draft = await owners.draft()
    with monkeypatch.context() as patching:
        patching.setattr(Screening, "keep", kill)
        assert (await owners.publication(draft)).status_code == 200
        with pytest.raises(Killed):
            await Sweeper(app.state.database, app.state.book, 1).work_off()
    half = await owners.rescreening(draft)
    assert (half["state"], half["planned"], half["judged"], half["changed"]) == ("running", 8, 4, 2)
    await work_off(app)
    whole = await owners.rescreening(draft)
    assert (whole["state"], whole["judged"], whole["changed"], whole["finished_at"] is None) == ("done", 8, 4, False)
    async with reading(app.state.database) as view:
        lines = (await view.connection.scalars(select(ledger_line.c.subject).where(ledger_line.c.action == "declaration.screened"))).all()
    assert len(lines) == 8 + 4


async def owners_person(office: Office, number: int) -> Json:
    body = {
        "employee_number": f"R-{number}", "name": f"周{number}", "unit": office.bureau["id"], "party_member": True,
        "staff_class": "civil_servant", "rank": "section_chief", "is_leader": False, "prior_graft_sanction": False,
    }  # fmt: skip
    answer = await office.client.post("/v1/persons", json=body, headers=office.root)
    assert answer.status_code == 201, answer.text
    made: Json = answer.json()
    return made


async def test_a_large_impact_is_reckoned_in_the_background(
    app: FastAPI, office: Office, owners: Owners, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.screening.trials.AT_ONCE_DECLARATIONS", 1)
    for day in ("2026-03-01", "2026-04-01"):
        await office.file(small(day), by=office.declarant)
    draft = await owners.draft()
    path = f"/v1/limit-drafts/{draft['id']}/impact"
    begun = await office.client.post(path, headers=owners.drafter)
    assert (begun.status_code, begun.headers["location"], begun.json()["state"], begun.json()["judged"]) == (202, path, "running", 0)
    await work_off(app)
    told = await office.get(path, owners.drafter)
    assert (told["state"], told["judged"], len(told["newly_flagged"])) == ("done", 2, 1)


async def test_a_meal_s_local_standard_and_a_national_none(app: FastAPI, office: Office, owners: Owners) -> None:
    """What the nation leaves to the places is silent until one of them speaks."""
    event = {
        "occurred_on": "2026-05-01", "type": "wedding", "reported_on": "2026-04-10", "reported_tables": 30, "actual_tables": 25,
        "split_venues": False, "official_vehicle": False, "gifts_total": cny("0.00"),
    }  # fmt: skip
    filed = await office.file(event, "family_event", by=office.declarant)
    assert "family-event.report" not in rules(filed)
    await owners.publish(app, value("family-event.tables", most="20"), unit=office.city)
    now = await office.read(filed, office.declarant)
    assert rules(now)["family-event.report"] == "breach"
    assert "超过当地标准20桌" in finding(now, "family-event.report")["message"]


async def test_no_draft_and_no_unit_by_that_id(office: Office, owners: Owners) -> None:
    assert (await owners.publication({"id": str(new_id())})).status_code == 404
    assert (await office.client.get(f"/v1/limit-drafts/{new_id()}", headers=owners.drafter)).status_code == 404


async def test_the_worker_of_another_process_finds_it_too(app: FastAPI, office: Office, owners: Owners, travel: Travel) -> None:
    del travel
    filed = [await office.file(small(day), by=office.declarant) for day in ("2026-03-01", "2026-04-01")]

    draft = await owners.draft()
    assert (await owners.publication(draft)).status_code == 200
    assert (await owners.rescreening(draft))["state"] == "running"
    assert CAP not in rules(await office.read(filed[1], office.declarant))
    await work_off(app)
    assert CAP in rules(await office.read(filed[1], office.declarant))


async def test_one_whose_declarations_cannot_be_judged_keeps_nobody_waiting(
    app: FastAPI, office: Office, owners: Owners, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed = [await office.file(small(day), by=office.declarant) for day in ("2026-03-01", "2026-04-01")]
    broken = await owners_person(office, 1)
    await office.file({**small("2026-03-01"), "giver": {"name": "赵六"}}, declarant=broken["id"])
    judge_each = Book.judge_each

    def judge(self: Book, matters: Any) -> Any:
        if any(matter.details.giver.name == "赵六" for matter in matters):
            raise RuntimeError("a rule at fault")
        return judge_each(self, matters)

    draft = await owners.draft()
    with monkeypatch.context() as patching:
        patching.setattr(Book, "judge_each", judge)
        told = await owners.impact(draft)
        assert (told["state"], told["judged"], told["failed"], told["declarations_newly_flagged"]) == ("done", 2, 1, 1)
        assert (await owners.publication(draft)).status_code == 200
        await work_off(app)
    progress = await owners.rescreening(draft)
    assert (progress["state"], progress["judged"], progress["failed"], progress["changed"]) == ("done", 2, 1, 1)
    assert CAP in rules(await office.read(filed[1], office.declarant))
