"""Delivery: signed, at least once, in the order of each subject, whoever is killed."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
import time_machine
from standardwebhooks import WebhookVerificationError

from app.kit import clock
from app.webhooks import deliverer as delivering
from app.webhooks.courier import Courier
from app.webhooks.deliverer import Deliverer
from tests.screening.declaring import Office, gift, meal

from .receiving import Received, Receiver, answering, listening
from .subscribing import PATH, Exchange


async def changed(exchange: Exchange, unit: dict[str, Any], times: int = 1) -> None:
    """Change a unit so often, and seal that."""
    for number in range(times):
        answer = await exchange.client.patch(
            f"/v1/units/{unit['id']}", json={"name": f"某局 {number}"}, headers={**exchange.root, "If-Match": "*"}
        )
        assert answer.status_code == 200, answer.text
    await exchange.seal()


async def test_a_message_holds_ids_and_an_address_and_is_signed(exchange: Exchange, receiver: Receiver, office: Office) -> None:
    made = await exchange.subscribe(receiver, "declaration.submitted")
    exchange.start()
    filed = await office.file(meal("2026-10-05"), "meal", by=office.declarant)
    await exchange.seal()
    (got,) = await receiver.until(1)
    said = got.verified(made["secret"])
    line = filed["receipt"]["line"]
    assert got.id == line
    assert said["type"] == "declaration.submitted"
    assert said["data"] == {
        "id": line,
        "subject": filed["id"],
        "position": said["data"]["position"],
        "link": f"/v1/declarations/{filed['id']}",
    }
    assert (await exchange.get(f"/v1/ledger/lines/{line}"))["position"] == said["data"]["position"]
    assert said["timestamp"] == filed["receipt"]["recorded_at"]
    assert got.path == "/hooks?for=qinqing"
    assert got.headers["content-type"] == "application/json"
    with pytest.raises(WebhookVerificationError):
        got.verified("whsec_" + "A" * 43 + "=")
    (told,) = await exchange.until(made, "delivered")
    assert (told["message"], told["attempts"], told["tries"][0]["status"]) == (line, 1, 200)


async def test_only_what_was_subscribed_to_is_told_and_only_from_then_on(exchange: Exchange, receiver: Receiver, office: Office) -> None:
    await office.file(meal("2026-10-05"), "meal", by=office.declarant)
    await exchange.subscribe(receiver, "declaration.*", "unit.changed")
    exchange.start()
    await changed(exchange, office.bureau)
    await office.file(gift("2026-10-05"), by=office.declarant)
    await exchange.seal()
    await receiver.until(3)
    await asyncio.sleep(0.1)
    assert sorted(receiver.types()) == ["declaration.screened", "declaration.submitted", "unit.changed"]


async def test_messages_of_a_subject_come_in_order_also_when_one_must_be_tried_again(
    exchange: Exchange, receiver: Receiver, office: Office
) -> None:
    made = await exchange.subscribe(receiver, "unit.changed")
    refused, good = 2, receiver.behave

    async def refusing_at_first(received: Received, writer: asyncio.StreamWriter) -> bool:
        nonlocal refused
        if received.data["subject"] == office.bureau["id"] and refused:
            refused -= 1
            return await answering(503)(received, writer)
        return await good(received, writer)

    receiver.behave = refusing_at_first
    exchange.start()
    for _ in range(3):
        await changed(exchange, office.bureau)
        await changed(exchange, office.sister)
    await exchange.until(made, "delivered", 6)
    for unit in (office.bureau, office.sister):
        positions = [one.data["position"] for one in receiver.received if one.data["subject"] == unit["id"]]
        assert positions == sorted(positions)
    assert [one["attempts"] for one in await exchange.deliveries(made, subject=office.bureau["id"])] == [1, 1, 3]
    attempts = [one.id for one in receiver.received if one.data["subject"] == office.bureau["id"]]
    assert attempts[0] == attempts[1] == attempts[2]


async def test_what_waits_for_one_subject_keeps_no_other_waiting(exchange: Exchange, receiver: Receiver, office: Office) -> None:
    made, good = await exchange.subscribe(receiver, "unit.changed"), receiver.behave

    async def never_for_one(received: Received, writer: asyncio.StreamWriter) -> bool:
        return await (answering(500) if received.data["subject"] == office.bureau["id"] else good)(received, writer)

    receiver.behave = never_for_one
    exchange.start()
    for _ in range(5):
        await changed(exchange, office.bureau)
        await changed(exchange, office.sister)
    assert len(await exchange.until(made, "delivered", 5)) == 5
    waiting = await exchange.deliveries(made, subject=office.bureau["id"])
    assert {one["state"] for one in waiting} <= {"waiting", "dead"}
    tried = {one.data["position"] for one in receiver.received if one.data["subject"] == office.bureau["id"]}
    assert len(tried) < 5 or all(one["state"] == "dead" for one in waiting[1:])


async def test_who_is_killed_after_sending_leaves_it_to_the_next_under_the_same_id(
    exchange: Exchange, receiver: Receiver, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await exchange.subscribe(receiver, "unit.changed")
    killed = Deliverer(exchange.database, exchange.policy)
    stopping = asyncio.Event()

    async def never_written(*_: Any) -> None:
        await asyncio.Event().wait()

    with monkeypatch.context() as during:
        during.setattr(Courier, "_keep", never_written)
        await killed.tend(stopping)
        await changed(exchange, office.bureau, 2)
        await killed.wake()
        await receiver.until(2)
        for serving in killed._serving.values():
            serving.task.cancel()
    assert await exchange.deliveries(made) == []
    if not exchange.database.embedded:
        other = exchange.start()
        await asyncio.sleep(0.2)
        assert len(receiver.received) == 2
        await exchange.close()
        assert not other._serving
    with time_machine.travel(clock.now() + timedelta(seconds=delivering.HELD_SECONDS + 1)):
        exchange.start()
        await exchange.until(made, "delivered", 2)
    ids = [one.id for one in receiver.received]
    assert ids[:2] == ids[2:]


async def test_who_has_lost_a_webhook_can_write_nothing_more(
    exchange: Exchange, receiver: Receiver, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, stopping = await exchange.subscribe(receiver, "unit.changed"), asyncio.Event()
    late = Deliverer(exchange.database, exchange.policy)
    keep, held_back = Courier._keep, asyncio.Event()

    async def late_keep(self: Courier, new: Any, old: Any) -> None:
        await held_back.wait()
        await keep(self, new, old)

    monkeypatch.setattr(Courier, "_keep", late_keep)
    await late.tend(stopping)
    await changed(exchange, office.bureau)
    await late.wake()
    await receiver.until(1)
    (serving,) = late._serving.values()
    with time_machine.travel(clock.now() + timedelta(seconds=delivering.HELD_SECONDS + 1)):
        monkeypatch.setattr(Courier, "_keep", keep)
        exchange.start()
        if exchange.database.embedded:
            await exchange.patch(made, description="另一版本")
        await exchange.until(made, "delivered", 1)
        held_back.set()
        await serving.task
        assert len(await exchange.deliveries(made)) == 1


async def test_two_deliverers_tell_each_line_once(exchange: Exchange, office: Office) -> None:
    async with listening() as one, listening() as two:
        for receiver in (one, two):
            await exchange.subscribe(receiver, "unit.changed")
        exchange.start()
        exchange.start()
        await changed(exchange, office.bureau, 10)
        for receiver in (one, two):
            await receiver.until(10)
            await asyncio.sleep(0.1)
            assert len(receiver.received) == len({got.id for got in receiver.received}) == 10


async def test_an_endpoint_gets_some_messages_at_once_and_no_more(exchange: Exchange, receiver: Receiver, office: Office) -> None:
    await exchange.subscribe(receiver, "declaration.submitted")
    good = receiver.behave

    async def slow(received: Received, writer: asyncio.StreamWriter) -> bool:
        await asyncio.sleep(0.02)
        return await good(received, writer)

    receiver.behave = slow
    for _ in range(30):
        await office.file(meal("2026-10-05"), "meal", by=office.declarant)
    await exchange.seal()
    exchange.start()
    await receiver.until(30)
    assert 2 <= receiver.most_at_once <= 8


async def test_a_dead_letter_is_listed_and_tried_again_by_hand(
    exchange: Exchange, receiver: Receiver, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.webhooks.schedule.LIFE", timedelta(seconds=0.05))
    made, good = await exchange.subscribe(receiver, "unit.changed"), receiver.behave
    receiver.behave = answering(404)
    exchange.start()
    await changed(exchange, office.bureau)
    (dead,) = await exchange.until(made, "dead")
    assert dead["next_attempt_at"] is None
    assert {one["outcome"] for one in dead["tries"]} == {"refused"}
    receiver.behave = good
    again = await exchange.post(f"{PATH}/{made['id']}/deliveries/{dead['id']}/retry")
    assert again["state"] == "waiting"
    (delivered,) = await exchange.until(made, "delivered")
    assert (delivered["id"], delivered["attempts"]) == (dead["id"], dead["attempts"] + 1)


async def test_one_that_is_gone_is_disabled_and_the_ledger_knows(exchange: Exchange, receiver: Receiver, office: Office) -> None:
    made, good = await exchange.subscribe(receiver, "unit.changed"), receiver.behave
    receiver.behave = answering(410)
    exchange.start()
    await changed(exchange, office.bureau)
    told = await exchange.until_disabled(made)
    assert told["disabled_reason"] == "gone"
    await exchange.post(f"{PATH}/{made['id']}/ping", expected=409)
    await exchange.seal()
    (line,) = (await exchange.get("/v1/ledger/lines", action="webhook.disabled"))["items"]
    assert (line["subject"], line["content"]) == (made["id"], {"reason": "gone"})
    await changed(exchange, office.bureau)
    receiver.behave = good
    enabled = await exchange.patch(made, enabled=True)
    assert (enabled["enabled"], enabled["disabled_reason"]) == (True, None)
    assert len(await exchange.until(made, "delivered", 2)) == 2


async def test_one_that_takes_nothing_for_days_is_disabled(
    exchange: Exchange, receiver: Receiver, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.webhooks.courier.DISABLED_AFTER", timedelta(seconds=0.2))
    made = await exchange.subscribe(receiver, "unit.changed")
    receiver.behave = answering(500)
    exchange.start()
    await changed(exchange, office.bureau)
    told = await exchange.until_disabled(made)
    assert told["disabled_reason"] == "failing"
    assert told["failing_since"] is not None


async def test_an_endpoint_that_is_down_is_left_alone_and_gets_everything_when_it_is_back(
    exchange: Exchange, receiver: Receiver, office: Office
) -> None:
    made, good = await exchange.subscribe(receiver, "declaration.submitted"), receiver.behave
    receiver.behave = answering(502)
    filed = [(await office.file(meal("2026-10-05"), "meal", by=office.declarant))["id"] for _ in range(40)]
    await exchange.seal()
    exchange.start()
    await receiver.until(15)
    receiver.behave = good
    await exchange.until(made, "delivered", 40)
    assert {one["subject"] for one in await exchange.deliveries(made, state="delivered")} == set(filed)
    assert (await exchange.get(f"{PATH}/{made['id']}"))["failing_since"] is None


async def test_a_test_message_tells_what_came_of_it(exchange: Exchange, receiver: Receiver) -> None:
    made = await exchange.subscribe(receiver, "unit.changed")
    exchange.start()
    answer = await exchange.client.post(f"{PATH}/{made['id']}/ping", headers=exchange.root)
    assert answer.status_code == 202
    (got,) = await receiver.until(1)
    assert got.verified(made["secret"])["type"] == "webhook.ping"
    assert got.data == {"id": answer.json()["id"], "subject": made["id"], "position": None, "link": f"{PATH}/{made['id']}"}
    await exchange.until(made, "delivered")
    told = await exchange.get(answer.headers["location"])
    assert (told["state"], told["type"], told["subject"]) == ("delivered", "webhook.ping", made["id"])


async def test_for_a_day_the_former_secret_signs_too(exchange: Exchange, receiver: Receiver, office: Office) -> None:
    made = await exchange.subscribe(receiver, "unit.changed")
    exchange.start()
    fresh = await exchange.post(f"{PATH}/{made['id']}/secret", expected=200)
    assert fresh["former_secret_until"] is not None
    await changed(exchange, office.bureau)
    (got,) = await receiver.until(1)
    assert got.verified(made["secret"]) == got.verified(fresh["secret"])
    assert len(got.headers["webhook-signature"].split(" ")) == 2
    with time_machine.travel(clock.now() + timedelta(hours=24, seconds=1)):
        await changed(exchange, office.bureau)
        got = (await receiver.until(2))[-1]
        assert got.verified(fresh["secret"])
        with pytest.raises(WebhookVerificationError):
            got.verified(made["secret"])
        assert (await exchange.get(f"{PATH}/{made['id']}"))["former_secret_until"] is None


async def replayed(exchange: Exchange, made: dict[str, Any], position: int) -> None:
    """A replay while nobody delivers: what somebody is just sending when they lose the webhook is sent again by the next."""
    await exchange.close()
    await exchange.post(f"{PATH}/{made['id']}/replay", {"from_position": position})
    exchange.start()


async def test_a_replay_tells_everything_from_a_position_on_again(exchange: Exchange, receiver: Receiver, office: Office) -> None:
    made = await exchange.subscribe(receiver, "unit.changed")
    exchange.start()
    await changed(exchange, office.bureau, 3)
    await exchange.until(made, "delivered", 3)
    second = receiver.received[1]
    await replayed(exchange, made, second.data["position"])
    await receiver.until(5)
    await exchange.until(made, "delivered", 5)
    assert [one.id for one in receiver.received[3:]] == [one.id for one in receiver.received[1:3]]
    await replayed(exchange, made, 0)
    await receiver.until(8)
    await exchange.until(made, "delivered", 8)
    await replayed(exchange, made, 2**62)
    await changed(exchange, office.bureau)
    await receiver.until(9)
    await asyncio.sleep(0.1)
    assert len(receiver.received) == 9


async def test_what_was_delivered_long_ago_is_forgotten(exchange: Exchange, receiver: Receiver, office: Office) -> None:
    made = await exchange.subscribe(receiver, "unit.changed")
    deliverer = exchange.start()
    await changed(exchange, office.bureau)
    await exchange.until(made, "delivered")
    await deliverer.prune()
    assert len(await exchange.deliveries(made)) == 1
    with time_machine.travel(clock.now() + timedelta(days=31)):
        await deliverer.prune()
    assert await exchange.deliveries(made) == []


async def test_the_background_work_delivers(exchange: Exchange, receiver: Receiver, office: Office) -> None:
    from app.worker import Policies, run_for_ever  # noqa: PLC0415

    await exchange.subscribe(receiver, "unit.changed")
    stopping = asyncio.Event()
    background = asyncio.create_task(
        run_for_ever(exchange.database, exchange.app.state.book, stopping, policies=Policies(webhooks=exchange.policy))
    )
    await changed(exchange, office.bureau)
    await receiver.until(1)
    stopping.set()
    await background


async def test_metrics_tell_of_deliveries(exchange: Exchange, receiver: Receiver, office: Office, client: httpx.AsyncClient) -> None:
    made = await exchange.subscribe(receiver, "unit.changed")
    receiver.behave = answering(500)
    exchange.start()
    await changed(exchange, office.bureau)
    await receiver.until(2)
    await exchange.close()
    told = dict(line.split(" ") for line in (await client.get("/metrics")).text.splitlines() if line.startswith("qinqing_webhook"))
    assert float(told["qinqing_webhook_deliveries_waiting"]) == 1
    assert float(told["qinqing_webhook_oldest_seconds"]) > 0
    assert float(told["qinqing_webhook_deliveries_dead"]) == 0
    assert float(told['qinqing_webhook_attempts{outcome="failed"}']) >= 2
    assert float(told['qinqing_webhook_attempts{outcome="delivered"}']) == 0
    assert made["id"] not in str(told)
