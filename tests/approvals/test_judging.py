"""A granted approval is a fact that the rules read: filled in where it covers what is declared, and excusing nothing that approvals cannot excuse."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, event, true

from app.kit import clock
from app.kit.database import Database
from app.ledger.unit_of_work import reading
from app.policies.local import standing_limits
from app.screening.declarant import read_declarant
from app.screening.dossiers import read_dossiers
from app.screening.judging import Judging, substance
from app.screening.passes import Views
from app.screening.together import judge_together
from tests.bodies import Json, activity, meal, named, outside_post, yuan
from tests.conftest import Make
from tests.intake.desk import made
from tests.screening.conftest import Travel

from .asking import DAY, Bureau, evidence, findings, given, ride, society_post, work_meal

LATER = "2026-10-26"


@pytest.mark.parametrize("make", [work_meal, ride, given, society_post])
async def test_what_was_approved_beforehand_is_judged_as_approved(bureau: Bureau, travel: Travel, make: Callable[..., Json]) -> None:
    before = findings(await bureau.preview(make()))
    assert before
    granted = await bureau.granted(make())
    preview = await bureau.preview(make())
    assert preview["advice"]["answer"] in ("yes", "unclear"), preview
    assert preview["advice"]["approval_helps"] is None
    travel("2026-11-02")
    declared = await bureau.file(make())
    assert {rule for rule, level in before.items() if level != "record"} - set(findings(declared))
    assert all(finding["evidence"]["granted_approval"] == granted["id"] for finding in declared["screening"]["findings"])
    assert declared["details"].get("approval") is None
    assert declared["details"].get("approved") is None


async def test_the_evidence_names_the_approval_and_the_number_is_read(bureau: Bureau, travel: Travel) -> None:
    granted = await bureau.granted(work_meal())
    travel(LATER)
    declared = await bureau.file(work_meal())
    assert findings(declared) == {"meal.permitted-work-meal": "record"}
    seen = evidence(declared, "meal.permitted-work-meal")
    assert (seen["approval"], seen["granted_approval"]) == (granted["number"], granted["id"])


async def test_what_the_declaration_states_itself_stands(bureau: Bureau, travel: Travel) -> None:
    await bureau.granted(work_meal())
    travel(LATER)
    stated = await bureau.file(work_meal(approval="批准单 12"))
    assert evidence(stated, "meal.permitted-work-meal")["approval"] == "批准单 12"
    assert "granted_approval" not in evidence(stated, "meal.permitted-work-meal")
    await bureau.granted(ride("2026-10-28"))
    travel("2026-10-29")
    denied = await bureau.file(ride("2026-10-28", approved=False))
    assert "breach" in findings(denied).values()


async def test_an_approval_excuses_nothing_that_approvals_cannot_excuse(bureau: Bureau, travel: Travel, make_person: Make) -> None:
    bodies = [meal(occurred_on=DAY), activity(from_on=DAY, until_on=DAY), outside_post(from_on=DAY, title="顾问")]
    before = [findings(await bureau.preview(body)) for body in bodies]
    for body in bodies:
        asked = await bureau.ask(body)
        assert (asked["assessment"]["answer"], asked["assessment"]["approval_helps"]) == ("no", False)
        await bureau.grant(asked)
    travel(LATER)
    after = [findings(await bureau.file(body)) for body in bodies]
    assert after[0] == before[0]
    assert after[1].items() >= before[1].items()
    assert set(before[2]) - set(after[2]) == {"post.unapproved"}
    assert after[2]["post.paid"] == "breach"
    assert await make_person(bureau.unit)


@pytest.mark.parametrize(
    "declared",
    [
        lambda: work_meal(host=named("另一家公司")),
        lambda: work_meal(type="public_business_event"),
        lambda: work_meal("2026-10-24"),
        lambda: work_meal("2026-10-22"),
        lambda: work_meal(until_on="2026-10-24", times=2),
        lambda: work_meal(cost_per_head=yuan("60.01")),
        lambda: work_meal(cost_per_head=None),
        lambda: work_meal(cost_per_head=yuan("10.00", "USD")),
    ],
)
async def test_what_it_does_not_cover_is_judged_as_without_it(bureau: Bureau, travel: Travel, declared: Callable[[], Json]) -> None:
    await bureau.granted(work_meal(), valid_from_on=DAY, expires_on=DAY, conditions={"max_worth": yuan("60.00")})
    travel(LATER)
    found = findings(await bureau.file(declared()))
    assert "meal.permitted-work-meal" not in found
    assert "meal.duty-related-host" in found
    assert "meal.permitted-work-meal" in findings(await bureau.file(work_meal(cost_per_head=yuan("60.00"))))
    stranger = await bureau.file(work_meal(cost_per_head=yuan("60.00")), bureau.stranger)
    assert "meal.permitted-work-meal" not in findings(stranger)


async def test_one_that_is_given_on_the_day_itself_covers_what_is_declared_after_it(bureau: Bureau, travel: Travel) -> None:
    travel(f"{DAY}T09:00:00+08:00")
    asked = await bureau.ask(work_meal())
    travel(f"{DAY}T13:00:00+08:00")
    early = await bureau.file(work_meal())
    travel(f"{DAY}T14:00:00+08:00")
    await bureau.grant(asked)
    assert "meal.permitted-work-meal" in findings(await bureau.file(work_meal()))
    await bureau.work_off()
    assert "meal.permitted-work-meal" not in findings(await bureau.declared(early))


async def test_a_post_declared_in_advance_is_judged_again_when_it_is_approved_or_that_is_revoked(bureau: Bureau) -> None:
    declared = await bureau.file(society_post())
    assert findings(declared)["post.unapproved"] == "breach"
    granted = await bureau.granted(society_post())
    await bureau.work_off()
    approved = await bureau.declared(declared)
    assert "post.unapproved" not in findings(approved)
    await bureau.revoke(granted)
    await bureau.work_off()
    assert findings(await bureau.declared(declared))["post.unapproved"] == "breach"
    revisions = made(await bureau.client.get(f"/v1/declarations/{declared['id']}/screenings", headers=bureau.official))["items"]
    assert len(revisions) == 3


async def test_what_went_before_a_revocation_stays_covered(bureau: Bureau, travel: Travel) -> None:
    granted = await bureau.granted(work_meal(), expires_on="2026-12-31")
    travel(LATER)
    declared = await bureau.file(work_meal())
    await bureau.revoke(granted)
    await bureau.work_off()
    assert "meal.permitted-work-meal" in findings(await bureau.declared(declared))
    travel("2026-10-29")
    assert "meal.permitted-work-meal" in findings(await bureau.file(work_meal()))
    assert "meal.permitted-work-meal" not in findings(await bureau.file(work_meal("2026-10-28")))


async def test_an_approved_meal_is_no_occasion_for_those_that_follow(bureau: Bureau, travel: Travel) -> None:
    await bureau.granted(work_meal())
    travel("2026-10-28")
    await bureau.file(work_meal())
    other = await bureau.file(meal(occurred_on="2026-10-26"))
    assert "combined.split-or-repeated" not in findings(other)


async def test_a_pass_over_many_comes_to_the_same(bureau: Bureau, travel: Travel, database: Database) -> None:
    made_of = [work_meal, ride, given, society_post]
    for make in made_of:
        await bureau.granted(make())
    await bureau.revoke(await bureau.granted(work_meal("2026-10-24"), expires_on="2026-10-30"))
    travel("2026-11-02")
    for make in made_of:
        await bureau.file(make())
        await bureau.file(make(), bureau.stranger)
    await bureau.file(work_meal("2026-10-24"))
    book, compared = bureau.app.state.book, 0
    async with reading(database) as view:
        local = await standing_limits(view.connection)
        for dossier in await read_dossiers(view.connection, true(), clock.today(), lock=False):
            views, judging = Views(book, dossier, clock.today(), local), Judging(view, book)
            assert await read_declarant(view.connection, dossier.declarant.id, lock=False) == dossier.declarant
            assert len(dossier.declarant.grants) == (5 if dossier.declarant.id == UUID(bureau.person["id"]) else 0)
            judgements = judge_together(book, [(views.shelf, place) for place in range(len(views.shelf.filed))])
            for place, filed in enumerate(views.shelf.filed):
                details = book.details(filed.row["kind"]).model_validate_json(filed.row["details"])
                alone = await judging.judge(judging.matter_of(dict(filed.row), details), dossier.declarant)
                assert substance(views.in_both(place, judgements[place]).shown) == substance(alone.shown)
                compared += 1
    assert compared == 9


@pytest.fixture
def said() -> Iterator[list[str]]:
    """Every statement that is sent."""
    statements: list[str] = []

    def note(*about: Any) -> None:
        statements.append(about[2])

    event.listen(Engine, "before_cursor_execute", note)
    yield statements
    event.remove(Engine, "before_cursor_execute", note)


async def test_who_was_never_granted_anything_pays_no_statement_for_it(bureau: Bureau, travel: Travel, said: list[str]) -> None:
    await bureau.granted(work_meal("2026-12-01"))
    travel(LATER)
    counted = []
    for by in (bureau.stranger, bureau.stranger, bureau.official, bureau.official):
        said.clear()
        await bureau.file(ride(), by)
        counted.append(len(said))
    assert counted[3] == counted[1] + 1
    said.clear()
    made(await bureau.client.get("/v1/me", headers=bureau.stranger))
    assert not [one for one in said if "first_on" in one]
    made(await bureau.client.get("/v1/me", headers=bureau.head))
    assert len([one for one in said if "first_on" in one]) == 1
