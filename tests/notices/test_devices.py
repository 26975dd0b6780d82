"""Devices: registered, updated, moved with the phone, and ended with whoever may have none any more."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from app.access.keys import digest_of
from app.access.models import api_key
from app.kit import clock
from app.ledger.unit_of_work import reading, work
from app.notices.models import device
from app.reports.concerns import NoticeType
from app.settings import Settings
from tests.screening.conftest import Travel
from tests.screening.declaring import Office
from tests.tags import version
from tests.working import work_off

from .hearing import DEVICES, TOKEN, Town

OTHER = "cafebabe" * 8


async def kept(town: Town) -> list[Any]:
    async with reading(town.database) as view:
        return list((await view.connection.execute(select(device))).mappings())


async def remove_dead(town: Town) -> None:
    from app.notices.entitlement import remove_dead as end  # noqa: PLC0415

    async with work(town.database, "test") as unit:
        await end(unit)


async def test_a_token_is_kept_encrypted_and_shown_by_its_end_alone(town: Town) -> None:
    made = await town.register(client_id="ios-1")
    assert made == {
        "id": made["id"], "platform": "apns", "token_end": TOKEN[-4:], "topics": made["topics"], "language": "zh", "client_id": "ios-1",
        "registered_at": made["registered_at"], "changed_at": made["changed_at"],
    }  # fmt: skip
    assert made["topics"] == [kind.value for kind in NoticeType]
    assert await town.devices() == [made]
    (row,) = await kept(town)
    assert TOKEN not in str(dict(row))
    assert TOKEN.encode() not in row["token"]
    assert await town.lines("device.registered") == [{"platform": "apns", "topics": made["topics"]}]


async def test_the_same_token_or_installation_again_is_an_update(town: Town) -> None:
    first = await town.register(client_id="ios-1")
    again = await town.register(expected=200, client_id="ios-1", topics=["task-due"], language="en")
    assert (again["id"], again["topics"], again["language"]) == (first["id"], ["task-due"], "en")
    fresh = await town.register(expected=200, client_id="ios-1", token=OTHER)
    assert (fresh["id"], fresh["token_end"]) == (first["id"], OTHER[-4:])
    assert len(await town.devices()) == 1
    await town.register(client_id="ios-2")
    assert len(await town.devices()) == 2


async def test_a_phone_that_changes_hands_takes_its_token_along(town: Town, office: Office) -> None:
    await town.register()
    moved = await town.register(office.stranger)
    assert await town.devices() == []
    assert await town.devices(office.stranger) == [moved]
    assert await town.lines("device.removed") == [{"reason": "moved"}]
    mine = await town.register(token=OTHER)
    answer = await office.client.patch(f"{DEVICES}/{mine['id']}", json={"token": TOKEN}, headers={**office.declarant, "If-Match": '"1"'})
    assert (answer.status_code, answer.json()["token_end"], version(answer)) == (200, TOKEN[-4:], 2)
    assert await town.devices(office.stranger) == []


async def test_a_device_is_changed_from_the_version_that_was_read(town: Town, office: Office) -> None:
    made = await town.register()
    path = f"{DEVICES}/{made['id']}"
    assert version(await office.client.get(path, headers=office.declarant)) == 1
    for match, expected in ((None, 428), ('"7"', 412), ('"1"', 200)):
        headers = {**office.declarant, **({"If-Match": match} if match else {})}
        answer = await office.client.patch(path, json={"topics": ["task-overdue"]}, headers=headers)
        assert answer.status_code == expected, answer.text
    assert (await town.devices())[0]["topics"] == ["task-overdue"]
    for method, sent in (("GET", {}), ("PATCH", {"json": {"language": "en"}}), ("DELETE", {})):
        answer = await office.client.request(method, path, headers={**office.stranger, "If-Match": "*"}, **sent)  # type: ignore[arg-type]
        assert answer.status_code == 404, "somebody else's is not there"
    assert (await office.client.delete(path, headers={**office.declarant, "If-Match": '"2"'})).status_code == 204
    assert await town.devices() == []


@pytest.mark.parametrize(
    ("over", "pointer"),
    [
        ({"platform": "pager"}, "/platform"),
        ({"token": "short"}, "/token"),
        ({"token": "x" * 4097}, "/token"),
        ({"token": "令牌" * 20}, "/token"),
        ({"topics": []}, "/topics"),
        ({"topics": ["all"]}, "/topics/0"),
        ({"language": "fr"}, "/language"),
        ({"colour": "red"}, "/colour"),
    ],
)
async def test_what_is_no_device_is_refused_with_its_field(office: Office, over: dict[str, Any], pointer: str) -> None:
    answer = await office.client.post(DEVICES, json={"platform": "fcm", "token": TOKEN, **over}, headers=office.declarant)
    assert (answer.status_code, [fault["pointer"] for fault in answer.json()["errors"]]) == (422, [pointer])


async def test_nobody_has_more_than_twenty(town: Town, office: Office) -> None:
    for number in range(20):
        await town.register(token=f"{number:04d}{TOKEN}")
    answer = await office.client.post(DEVICES, json={"platform": "apns", "token": OTHER}, headers=office.declarant)
    assert (answer.status_code, answer.json()["code"]) == (409, "too-many-devices")
    await town.register(expected=200, token=f"0003{TOKEN}")


async def test_without_a_key_to_keep_tokens_under_there_are_none(app: FastAPI, office: Office, settings: Settings) -> None:
    settings.webhook_key_file.unlink()  # type: ignore[union-attr]
    answer = await office.client.post(DEVICES, json={"platform": "apns", "token": TOKEN}, headers=office.declarant)
    assert (answer.status_code, answer.json()["code"]) == (409, "webhook-key-missing")
    del app


async def test_devices_end_with_the_service_of_their_owner(town: Town, office: Office, app: FastAPI, travel: Travel) -> None:
    await town.register()
    change = {"left_on": "2026-10-25", "left_reason": "resigned"}
    path = f"/v1/persons/{office.official['id']}"
    assert (await office.client.patch(path, json=change, headers={**office.root, "If-Match": "*"})).status_code == 200
    travel("2026-10-25")
    await remove_dead(town)
    assert len(await town.devices()) == 1
    travel("2026-10-26")
    await remove_dead(town)
    assert await town.devices() == []
    assert await town.lines("device.removed") == [{"reason": "no-longer-entitled"}]
    answer = await office.client.post(DEVICES, json={"platform": "apns", "token": TOKEN}, headers=office.declarant)
    assert (answer.status_code, answer.json()["code"]) == (403, "not-in-service")
    await work_off(app)


@pytest.mark.parametrize("how", ["revoked", "expired"])
async def test_devices_end_with_the_key_that_registered_them(
    town: Town, office: Office, make_key: Callable[..., Awaitable[str]], travel: Travel, how: str
) -> None:
    secret = await make_key("declarations:write", person=office.official, expires_on="2026-10-31")
    await town.register({"Authorization": f"Bearer {secret}"})
    await town.register(token=OTHER)
    if how == "revoked":
        async with work(town.database, "test") as unit:
            this = api_key.c.secret_digest == digest_of(secret)
            await unit.connection.execute(update(api_key).where(this).values(revoked_at=clock.now()))
    else:
        travel("2026-11-01")
    await remove_dead(town)
    assert [one["token_end"] for one in await town.devices()] == [OTHER[-4:]]


async def test_who_speaks_for_nobody_has_no_devices(office: Office) -> None:
    answer = await office.client.post(DEVICES, json={"platform": "apns", "token": TOKEN}, headers=office.root)
    assert (answer.status_code, answer.json()["code"]) == (403, "no-person")
    assert UUID(answer.json()["instance"])
