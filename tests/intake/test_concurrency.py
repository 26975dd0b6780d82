"""Many at once: nothing is lost, nothing is done twice, and the sums see each other."""

import asyncio
from collections import Counter

from sqlalchemy import func, select

from app.counterparties.models import counterparty
from app.kit.database import Database
from tests.bodies import ago, filed, gift, item, meal, named, shareholding, yuan
from tests.conftest import Make

from .desk import PATH, Calling, Desk, found, made, refusal, rows


async def test_of_two_revisions_at_once_one_is_412(desk: Desk) -> None:
    declared = await desk.filed(gift())
    answers = await asyncio.gather(*(desk.patch(declared, {"note": note}, match='"1"') for note in "甲乙"))
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    kept = next(made(answer) for answer in answers if answer.status_code == 200)
    assert await desk.read(declared) == kept
    assert len(made(await desk.look(declared, below="/revisions"))["items"]) == 2


async def test_of_an_amendment_and_a_withdrawal_at_once_one_is_412(desk: Desk) -> None:
    declared = await desk.filed(gift())
    answers = await asyncio.gather(desk.patch(declared, {"note": "改"}, match='"1"'), desk.withdraw(declared, match='"1"'))
    assert sorted(answer.status_code for answer in answers) == [200, 412]


async def test_a_draft_is_submitted_once(desk: Desk) -> None:
    draft = await desk.drafted(gift())
    answers = await asyncio.gather(*(desk.submit(draft) for _ in range(3)))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 2}
    assert len(made(await desk.look(draft, below="/screenings"))["items"]) == 1


async def test_changes_from_whatever_version_stands_all_succeed(desk: Desk) -> None:
    declared = await desk.filed(gift())
    answers = await asyncio.gather(*(desk.patch(declared, {"note": note}) for note in "甲乙丙丁"))
    assert sorted(made(answer)["revision"] for answer in answers) == [2, 3, 4, 5]


async def test_the_same_key_twice_at_once_makes_one_record(desk: Desk, database: Database) -> None:
    headers = {**desk.official, "Idempotency-Key": "a7c0-1"}
    answers = await asyncio.gather(*(desk.post(gift(), headers) for _ in range(5)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    first = next(answer for answer in answers if answer.status_code == 201)
    assert {answer.content for answer in answers if answer.status_code == 201} == {first.content}
    again = await desk.post(gift(), headers)
    assert (again.status_code, again.content, again.headers["idempotent-replayed"]) == (201, first.content, "true")
    assert again.headers["location"] == first.headers["location"]
    assert refusal(await desk.post(gift(relation="kin"), headers)) == (422, "idempotency-key-reused")
    assert (await rows(database))["declaration"] == 1


async def test_two_filings_of_one_giver_at_once_see_each_other(desk: Desk) -> None:
    await asyncio.gather(*(desk.filed(gift(received_on=ago(days), giver=named("新来的公司"))) for days in (20, 10)))
    declared = made(await desk.client.get(PATH, headers=desk.official))["items"]
    repeated = {one["details"]["received_on"]: "combined.split-or-repeated" in found(one) for one in declared}
    assert repeated == {ago(20): False, ago(10): True}
    assert len({one["counterparty"] for one in declared}) == 1


async def test_twenty_filings_of_one_person_at_once_are_summed_in_order(desk: Desk) -> None:
    line = item(category="other", worth=yuan("60.00"), disposition={"action": "consumed"})
    body = gift(relation="unrelated", items=[line])
    days = [str(1 + number // 2).zfill(2) for number in range(20)]
    bodies = [{**body, "details": {**body["details"], "received_on": f"2024-0{1 + number % 2}-{day}"}} for number, day in enumerate(days)]
    await asyncio.gather(*(desk.filed(one) for one in bodies))
    declared = made(await desk.client.get(PATH, headers=desk.official))["items"]
    in_order = sorted(declared, key=lambda one: str(one["details"]["received_on"]))
    assert ["gift.annual-cap" in found(one) for one in in_order] == [False] * 10 + [True] * 10


async def test_twenty_people_file_at_once(desk: Desk, database: Database, calling: Calling, make_person: Make) -> None:
    people = [await make_person(desk.unit) for _ in range(20)]
    keys = [await calling("declarations:write", person=person) for person in people]
    before = await rows(database)
    declared = await asyncio.gather(*(desk.filed(meal(host=named("同一家新公司")), key) for key in keys))
    assert [one["declarant"] for one in declared] == [person["id"] for person in people]
    assert len({one["counterparty"] for one in declared}) == 1
    after = await rows(database)
    assert after["declaration"] - before["declaration"] == after["screening"] - before["screening"] == 20
    async with database.reading() as connection:
        assert await connection.scalar(select(func.count()).where(counterparty.c.name == "同一家新公司")) == 1


async def test_hr_and_the_official_file_at_once(desk: Desk) -> None:
    of_hr = filed(gift(received_on=ago(20)), declarant=desk.person["id"])
    await asyncio.gather(desk.filed(of_hr, desk.hr), desk.filed(gift(received_on=ago(10))))
    declared = made(await desk.client.get(PATH, headers=desk.official))["items"]
    assert sum("combined.split-or-repeated" in found(one) for one in declared) == 1


async def test_two_that_name_the_same_new_companies_crosswise_do_not_wait_for_each_other(
    desk: Desk, calling: Calling, make_person: Make
) -> None:
    colleague = await calling("declarations:write", person=await make_person(desk.unit))
    for round_ in range(10):
        one, other = named(f"甲公司{round_}"), named(f"乙公司{round_}")
        crosswise = await asyncio.gather(
            desk.filed(shareholding(issuer=one, acquired_from=other)), desk.filed(shareholding(issuer=other, acquired_from=one), colleague)
        )
        assert crosswise[0]["counterparty"] != crosswise[1]["counterparty"]
