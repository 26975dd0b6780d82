"""A calendar to subscribe to: opened by its secret alone, unchanged as long as nothing has changed, without names or amounts."""

import logging
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from icalendar import Calendar

from tests.obligations.owing import Desk
from tests.screening.conftest import Travel
from tests.screening.declaring import Headers, Json, Office, gift, line

LINK = "/v1/me/calendar"


async def make(office: Office, by: Headers | None = None, **over: Any) -> Json:
    answer = await office.client.post(LINK, json=over, headers=by or office.declarant)
    assert answer.status_code == 201, answer.text
    made: Json = answer.json()
    return made


async def fetch(office: Office, path: str, **headers: str) -> httpx.Response:
    return await office.client.get(path, headers=headers)


def strictly(content: bytes) -> Any:
    """What any reader of RFC 5545 may rely on: lines end with CRLF and have at most 75 octets, each whole in UTF-8."""
    assert content.endswith(b"\r\n")
    for one in content.removesuffix(b"\r\n").split(b"\r\n"):
        assert len(one) <= 75
        assert one.decode().isprintable()
    return Calendar.from_ical(content)


async def test_what_is_due_is_an_all_day_event_with_an_alarm(desk: Desk, office: Office) -> None:
    filed = await office.file(gift("2026-10-18", line(description="一只名贵手表")), by=office.declarant)
    await desk.open()
    owed = await desk.only()
    answer = await fetch(office, (await make(office))["path"])
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    calendar = strictly(answer.content)
    assert (calendar["x-wr-calname"], calendar["version"], calendar["x-published-ttl"]) == ("廉洁申报日程", "2.0", "PT6H")
    assert calendar["refresh-interval"].dt == timedelta(hours=6)
    first, second = calendar.walk("VEVENT")
    assert (first["summary"], first["dtstart"].dt, first["dtend"].dt) == ("礼品与礼金申报事项到期", date(2026, 11, 18), date(2026, 11, 19))
    assert first["url"] == f"http://test/v1/declarations/{filed['id']}"
    assert (second["summary"], second["dtstart"].dt) == ("廉洁申报事项到期", date(2026, 11, 30))
    assert second["url"] == f"http://test/v1/obligations/{owed['id']}"
    tasks = (await office.get("/v1/me/tasks", office.declarant))["items"]
    assert [one["uid"] for one in (first, second)] == [f"{task['id']}@qinqing.invalid" for task in tasks]
    for event in (first, second):
        (alarm,) = event.walk("VALARM")
        assert (event["transp"], alarm["action"], alarm["trigger"].dt) == ("TRANSPARENT", "DISPLAY", timedelta(hours=-15))
    for private in ("恒远", "手表", "300", office.official["name"], "持股专项"):
        assert private not in answer.text


async def test_the_language_is_chosen_with_the_link(desk: Desk, office: Office) -> None:
    await desk.open()
    answer = await fetch(office, (await make(office, language="en"))["path"], **{"Accept-Language": "zh"})
    assert [event["summary"] for event in strictly(answer.content).walk("VEVENT")] == ["Integrity matter due"]


async def test_what_has_not_changed_is_not_sent_again(desk: Desk, office: Office, travel: Travel) -> None:
    campaign = await desk.open()
    path = (await make(office))["path"]
    first = await fetch(office, path)
    assert first.headers["cache-control"] == "private, no-cache"
    assert first.headers["referrer-policy"] == "no-referrer"
    travel("2026-11-05")
    again = await fetch(office, path)
    assert (again.content, again.headers["etag"], again.headers["last-modified"]) == (
        first.content,
        first.headers["etag"],
        first.headers["last-modified"],
    )
    for known in (
        {"If-None-Match": first.headers["etag"]},
        {"If-None-Match": f'"x", W/{first.headers["etag"]}'},
        {"If-None-Match": first.headers["etag"].removesuffix('"') + '-gz"'},
        {"If-Modified-Since": first.headers["last-modified"]},
    ):
        answer = await fetch(office, path, **known)
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", first.headers["etag"])
    for other in ({"If-None-Match": '"x"', "If-Modified-Since": first.headers["last-modified"]}, {"If-Modified-Since": "yesterday"}):
        assert (await fetch(office, path, **other)).status_code == 200
    await desk.nil(campaign)
    done = await fetch(office, path, **{"If-Modified-Since": first.headers["last-modified"]})
    assert (done.status_code, strictly(done.content).walk("VEVENT")) == (200, []), "what is gone is a change too"
    assert done.headers["etag"] != first.headers["etag"]


async def test_a_day_that_is_put_off_moves_its_event(desk: Desk, office: Office) -> None:
    campaign = await desk.open()
    path = (await make(office))["path"]
    (before,) = strictly((await fetch(office, path)).content).walk("VEVENT")
    await desk.change(f"/v1/campaigns/{campaign['id']}", desk.city_hr, due_on="2026-12-31")
    (after,) = strictly((await fetch(office, path)).content).walk("VEVENT")
    assert (after["uid"], after["dtstart"].dt) == (before["uid"], date(2026, 12, 31))
    assert after["sequence"] > before["sequence"]


async def test_the_link_tells_of_itself_coarsely_and_never_its_secret(office: Office, travel: Travel) -> None:
    assert (await office.get(LINK, office.declarant, 404))["code"] == "not-found"
    made = await make(office, expires_on="2026-12-31")
    secret = made.pop("path").removeprefix("/v1/calendars/").removesuffix(".ics")
    assert len(secret) == 43
    assert await office.get(LINK, office.declarant) == made
    assert made["fetched_on"] is None
    travel("2026-10-21")
    await fetch(office, f"/v1/calendars/{secret}.ics")
    told = await office.get(LINK, office.declarant)
    assert told == {**made, "fetched_on": "2026-10-21"}
    assert secret not in str(told)


async def test_another_link_a_revocation_and_a_last_day_end_it(office: Office, travel: Travel) -> None:
    first = (await make(office))["path"]
    second = (await make(office, expires_on="2026-10-31"))["path"]
    assert [(await fetch(office, path)).status_code for path in (first, second)] == [404, 200]
    travel("2026-11-01")
    assert (await fetch(office, second)).status_code == 404
    third = (await make(office))["path"]
    assert (await office.client.delete(LINK, headers=office.declarant)).status_code == 428
    assert (await office.client.delete(LINK, headers={**office.declarant, "If-Match": '"1"'})).status_code == 204
    assert (await fetch(office, third)).status_code == 404
    assert (await office.client.delete(LINK, headers={**office.declarant, "If-Match": '"1"'})).status_code == 404


async def test_it_ends_with_the_service_of_its_owner(office: Office, travel: Travel) -> None:
    path = (await make(office))["path"]
    change = {"left_on": "2026-10-25", "left_reason": "resigned"}
    changed = await office.client.patch(f"/v1/persons/{office.official['id']}", json=change, headers={**office.root, "If-Match": "*"})
    assert changed.status_code == 200
    travel("2026-10-25")
    assert (await fetch(office, path)).status_code == 200
    travel("2026-10-26")
    assert (await fetch(office, path)).status_code == 404
    answer = await office.client.post(LINK, json={}, headers=office.declarant)
    assert (answer.status_code, answer.json()["code"]) == (403, "not-in-service")


@pytest.mark.parametrize("secret", ["x", "A" * 43, "A" * 42 + "é", "A" * 4000, "%00" * 43])
async def test_a_guess_is_answered_like_a_link_that_was_revoked(office: Office, secret: str) -> None:
    revoked = (await make(office))["path"]
    await make(office)
    answers = [await fetch(office, path) for path in (revoked, f"/v1/calendars/{secret}.ics")]
    said = [{**answer.json(), "instance": None} for answer in answers]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert said[0] == said[1]


async def test_the_secret_stands_in_no_log_metric_line_or_stored_answer(
    office: Office, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        headers = {**office.declarant, "Idempotency-Key": "calendar-1"}
        path = (await office.client.post(LINK, json={}, headers=headers)).json()["path"]
        assert (await fetch(office, path)).status_code == 200
        assert (await fetch(office, path.replace("/v1/calendars/", "/v1/calendars/x"))).status_code == 404
        again = await office.client.post(LINK, json={}, headers=headers)
    assert (again.status_code, again.json()["code"]) == (409, "secret-shown-once")
    secret = path.removeprefix("/v1/calendars/").removesuffix(".ics")
    metrics = (await office.client.get("/metrics")).text
    assert 'route="/v1/calendars/{file}"' in metrics
    written = capsys.readouterr()
    ours = "".join(record.getMessage() for record in caplog.records if not record.name.startswith(("httpx", "aiosqlite", "asyncio")))
    assert secret not in metrics + written.out + written.err + ours
    assert "/v1/calendars/{file}" in written.out + written.err + ours
    lines = await office.get("/v1/ledger/lines", office.root, limit=200)
    assert secret not in str(lines)


async def test_what_the_commission_keeps_to_itself_is_in_no_calendar(office: Office, travel: Travel) -> None:
    await office.file(gift("2026-10-18"), by=office.declarant)
    path = (await make(office))["path"]
    before = await fetch(office, path)
    travel("2026-10-20T18:00:00+08:00")
    await office.inquire("2026-10-12")
    await office.discover(gift("2026-10-10"))
    after = await fetch(office, path)
    assert (after.content, after.headers["etag"], after.headers["last-modified"]) == (
        before.content,
        before.headers["etag"],
        before.headers["last-modified"],
    )


async def test_a_last_day_that_is_past_is_refused(office: Office) -> None:
    answer = await office.client.post(LINK, json={"expires_on": "2026-10-19"}, headers=office.declarant)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "day-past")
    assert (await office.client.post(LINK, json={}, headers=office.root)).json()["code"] == "no-person"
