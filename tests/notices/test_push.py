"""A push gateway is told by webhook, reads what to bring where, relays it, and says what is dead; it learns neither who nor what."""

from collections.abc import Awaitable, Callable
from typing import Any

from tests.obligations.owing import Desk
from tests.reviews.cases import Commission
from tests.screening.conftest import Travel
from tests.screening.declaring import Headers, Json, Office, gift, line, stake
from tests.webhooks.receiving import Receiver
from tests.webhooks.subscribing import Exchange

from .hearing import DEVICES, TOKEN, Town

Keys = Callable[..., Awaitable[str]]


async def relay(make_key: Keys, **over: Any) -> Headers:
    return {"Authorization": f"Bearer {await make_key('notices:relay', **over)}"}


async def newest(town: Town, by: Headers) -> Json:
    """The official's newest notice as a gateway reads it."""
    return await town.office.get(f"/v1/notices/{(await town.heard())[-1]['id']}", by)


async def test_a_gateway_hears_of_a_notice_and_brings_it_to_the_devices_that_want_it(
    exchange: Exchange, receiver: Receiver, town: Town, desk: Desk, office: Office, make_key: Keys
) -> None:
    await town.register(client_id="ios-1")
    await town.register(token="f" * 32, platform="fcm", language="en", topics=["task-arisen"])
    await town.register(token="e" * 32, platform="hms", topics=["task-overdue"])
    gateway = await relay(make_key)
    made = await exchange.subscribe(receiver, "notice.raised", by=gateway)
    exchange.start()
    await desk.open()
    await town.look()
    mine = (await town.heard())[0]["id"]
    await exchange.seal()
    got = {one.data["subject"]: one for one in await receiver.until(len(await town.raised()))}
    said = got[mine].verified(made["secret"])
    assert said["type"] == "notice.raised"
    assert set(said["data"]) == {"id", "subject", "position", "link"}
    pushed = await office.get(said["data"]["link"], gateway)
    shown = [(one["platform"], one["token"], one["title"], one["body"]) for one in pushed["devices"]]
    assert shown == [
        ("apns", TOKEN, "廉洁申报提醒", "您有一项廉洁申报事项将于 11 月 30 日到期。"),
        ("fcm", "f" * 32, "Integrity register", "An integrity matter of yours is due on 30 November."),
    ]
    assert pushed["collapse_key"].isalnum()
    assert len(pushed["collapse_key"]) <= 64
    assert pushed["expires_at"].startswith("2026-10-27T04:00:")
    for private in (office.official["id"], office.official["name"], "持股"):
        assert private not in str(pushed)
    dead = {"devices": [{"id": one["id"], "version": one["version"]} for one in pushed["devices"]]}
    change = {"token": "a" * 32}
    (ios,) = [one for one in await town.devices() if one["client_id"]]
    path = f"{DEVICES}/{ios['id']}"
    assert (await office.client.patch(path, json=change, headers={**office.declarant, "If-Match": "*"})).status_code == 200
    answer = await office.client.post(f"/v1/notices/{mine}/undeliverable", json=dead, headers=gateway)
    assert (answer.status_code, answer.json()) == (200, {"removed": 1}), "the token that was refreshed meanwhile stays"
    assert [one["token_end"] for one in await town.devices()] == ["eeee", "aaaa"]
    again = await office.client.post(f"/v1/notices/{mine}/undeliverable", json=dead, headers=gateway)
    assert again.json() == {"removed": 0}


async def test_what_was_read_replaced_or_has_expired_is_brought_nowhere(
    town: Town, desk: Desk, office: Office, travel: Travel, make_key: Keys
) -> None:
    gateway = await relay(make_key)
    await town.register()
    await desk.open()
    await town.look()
    (first,) = await town.heard()
    path = f"/v1/notices/{first['id']}"
    assert len((await office.get(path, gateway))["devices"]) == 1
    travel("2026-10-28")
    assert (await office.get(path, gateway))["devices"] == []
    travel("2026-11-29")
    await town.look()
    (_, second) = await town.heard()
    pushed = await office.get(f"/v1/notices/{second['id']}", gateway)
    assert (len(pushed["devices"]), pushed["expires_at"]) == (1, "2026-11-30T16:00:00Z")
    travel("2026-10-21")
    assert (await office.get(path, gateway))["devices"] == [], "a later one has taken its place"
    travel("2026-11-29")
    await office.client.post("/v1/me/notices/read", json={"up_to": second["id"]}, headers=office.declarant)
    assert (await office.get(f"/v1/notices/{second['id']}", gateway))["devices"] == []


async def test_a_screen_does_not_tell_that_a_reviewer_asks(town: Town, commission: Commission, office: Office, make_key: Keys) -> None:
    gateway = await relay(make_key)
    await town.register()
    await office.file(gift("2026-10-18", line(action="kept")), by=office.declarant)
    await office.file(stake("2024-01-01"), "shareholding", by=office.declarant)
    await town.look()
    (found,) = [one["id"] for one in await town.heard() if one["due_on"] is None]
    news = (await office.get(f"/v1/notices/{found}", gateway))["devices"][0]["body"]
    await commission.act((await commission.list())[0], "request", text="请说明来由。", due_on="2026-11-30")
    await town.look()
    assert (await town.types())[-1] == "facts-requested"
    asked = (await newest(town, gateway))["devices"][0]["body"]
    assert asked == "您有一项廉洁申报事项将于 11 月 30 日到期。"
    assert news == "您有一条新的廉洁申报提醒，请登录查看。"


async def test_who_may_relay(town: Town, desk: Desk, office: Office, make_key: Keys) -> None:
    await town.register()
    await desk.open()
    await town.look()
    path = f"/v1/notices/{(await town.heard())[0]['id']}"
    assert (await office.get(path, office.declarant, 403))["code"] == "scope-missing"
    assert (await office.get(path, office.commission, 403))["code"] == "scope-missing"
    assert (await office.get(path, {}, 401))["code"] == "unauthenticated"
    assert len((await office.get(path, office.root))["devices"]) == 1
    assert len((await office.get(path, await relay(make_key, unit=office.city)))["devices"]) == 1
    await office.get(path, await relay(make_key, unit=office.sister), 404)
    answer = await office.client.post(f"{path}/undeliverable", json={"devices": []}, headers=office.root)
    assert answer.status_code == 422


async def test_a_device_that_counts_no_more_is_left_out_at_once(
    town: Town, desk: Desk, office: Office, travel: Travel, make_key: Keys
) -> None:
    gateway = await relay(make_key)
    await town.register(
        {"Authorization": f"Bearer {await make_key('declarations:write', person=office.official, expires_on='2026-10-20')}"}
    )
    await desk.open()
    await town.look()
    assert len((await newest(town, gateway))["devices"]) == 1
    travel("2026-10-21")
    assert (await newest(town, gateway))["devices"] == []
