"""What one has to do, as a list of its own: ids that stay, days left, the act that settles it, filters and pages."""

from typing import Any

import pytest

from tests.obligations.conftest import desk
from tests.obligations.owing import Desk
from tests.screening.conftest import Travel
from tests.screening.declaring import Json, Office, gift, line, meal

__all__ = ["desk"]

PATH = "/v1/me/tasks"


async def tasks(office: Office, **asked: Any) -> list[Json]:
    listed = await office.get(PATH, office.declarant, count=True, **asked)
    assert listed["count"] == len(listed["items"])
    items: list[Json] = listed["items"]
    return items


async def several(office: Office, desk: Desk) -> tuple[Json, Json, Json]:
    kept = await office.file(gift("2026-09-25", line(action="kept")), by=office.declarant)
    soon = await office.file(gift("2026-10-15", giver={"name": "乙公司"}), by=office.declarant)
    draft = await office.file(meal("2026-10-18"), "meal", by=office.declarant, status="draft")
    await desk.open()
    return kept, soon, draft


async def test_tasks_are_those_of_me_with_ids_that_stay(office: Office, desk: Desk, travel: Travel) -> None:
    await several(office, desk)
    listed = await tasks(office)
    assert listed == (await office.get("/v1/me", office.declarant))["tasks"]
    ids = [one["id"] for one in listed]
    assert len(set(ids)) == len(ids) > 4
    travel("2026-10-22")
    assert [one["id"] for one in await tasks(office)] == ids
    english = await office.get(PATH, {**office.declarant, "Accept-Language": "en"})
    assert [one["id"] for one in english["items"]] == ids


async def test_a_task_says_how_many_days_are_left_and_what_settles_it(office: Office, desk: Desk, travel: Travel) -> None:
    _, soon, draft = await several(office, desk)
    (owed,) = await tasks(office, action="declare-or-nil-return")
    assert (owed["due_on"], owed["days_left"]) == ("2026-11-30", 41)
    assert owed["acts"] == [{"method": "POST", "path": "/v1/declarations"}, {"method": "POST", "path": "/v1/nil-returns"}]
    (written,) = await tasks(office, action="submit-draft")
    assert (written["acts"], written["days_left"]) == ([{"method": "POST", "path": f"/v1/declarations/{draft['id']}/submission"}], None)
    (pending,) = [one for one in await tasks(office) if one["declaration"] == soon["id"]]
    assert pending["acts"] == [{"method": "PATCH", "path": f"/v1/declarations/{soon['id']}"}]
    travel("2026-12-03")
    assert [(one["days_left"], one["overdue"]) for one in await tasks(office, action="declare-or-nil-return")] == [(-3, True)]
    act = written["acts"][0]
    sent = await office.client.request(act["method"], act["path"], headers={**office.declarant, "If-Match": "*"})
    assert sent.status_code == 200
    assert await tasks(office, action="submit-draft") == []


async def test_filters_narrow_the_list(office: Office, desk: Desk, travel: Travel) -> None:
    await several(office, desk)
    everything = await tasks(office)
    assert await tasks(office, due_until="2026-11-20") == [one for one in everything if one["due_on"] and one["due_on"] <= "2026-11-20"]
    assert await tasks(office, overdue=True) == []
    travel("2026-11-20")
    late = await tasks(office, overdue=True)
    assert late
    assert all(one["overdue"] for one in late)
    assert len(await tasks(office, overdue=False)) == len(everything) - len(late)


@pytest.mark.parametrize("query", [{"due_until": "soon"}, {"overdue": "perhaps"}, {"action": "DROP"}, {"colour": "red"}, {"after": "x"}])
async def test_other_filters_are_refused(office: Office, query: dict[str, str]) -> None:
    refused = await office.get(PATH, office.declarant, 422, **query)
    assert [fault["pointer"] for fault in refused["errors"]] == [f"/query/{next(iter(query))}"]


async def test_pages_follow_each_other(office: Office, desk: Desk) -> None:
    await several(office, desk)
    everything, seen, after = await tasks(office), list[Json](), None
    while True:
        answer = await office.client.get(PATH, params={"limit": 2, **({"after": after} if after else {})}, headers=office.declarant)
        body = answer.json()
        seen += body["items"]
        after = body["next"]
        assert ("link" in answer.headers) == (after is not None)
        if after is None:
            break
    assert {one["id"] for one in seen} == {one["id"] for one in everything}
    assert [one["due_on"] for one in seen] == [one["due_on"] for one in everything]
    assert len(seen) == len(everything)


async def test_who_has_nothing_to_do_sees_nothing(office: Office, desk: Desk) -> None:
    await several(office, desk)
    for by in (office.stranger, office.root, office.commission):
        assert [one for one in (await office.get(PATH, by))["items"] if not one["obligation"]] == []
