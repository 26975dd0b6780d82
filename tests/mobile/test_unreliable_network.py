"""Whatever the network does and the phone's clock says, the register ends up with what the official meant, each once."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import httpx

from app.kit import clock
from app.kit.database import Database
from app.ledger.sealing import Sealer
from tests.cli.conftest import Shell
from tests.factories import Factory

from .phone import Phone
from .proxy import Network

SEEDS = (1, 2, 3)
CLOCKS = (timedelta(0), timedelta(days=3652), timedelta(days=-3652))
ACTS = 18


async def live(phone: Phone, network: Network) -> None:
    """A while of use with a network that comes and goes, and then one that can be relied on."""
    for _ in range(ACTS):
        phone.use()
        if phone.random.random() < 0.5:
            await phone.send()
        if phone.random.random() < 0.2:
            await phone.catch_up()
    for _ in range(200):
        if not phone.queue:
            break
        await phone.send()
    network.reliable = True
    await network.settle()
    while phone.queue:
        await phone.send()


async def declared_by(client: httpx.AsyncClient, phone: Phone) -> list[dict[str, Any]]:
    """All that the register holds of the phone's official."""
    listed = await client.get("/v1/declarations", params={"limit": 200}, headers={"Authorization": f"Bearer {phone.key}"})
    items: list[dict[str, Any]] = listed.json()["items"]
    return items


def require_as_meant(phone: Phone, held: list[dict[str, Any]]) -> None:
    """Each declaration is there once, as it was last meant to be, in as many revisions as there were acts."""
    assert not phone.refused
    assert len(held) == len(phone.meant)
    assert {one["client_id"]: _as_it_stands(one) for one in held} == {
        one.client_id: (one.status, one.place, one.note, one.revisions) for one in phone.meant.values()
    }


def _as_it_stands(one: dict[str, Any]) -> tuple[Any, ...]:
    return one["status"], one["details"]["place"], one["note"], one["revision"]


def require_right_clock(phone: Phone, held: list[dict[str, Any]]) -> None:
    """Every capture is put right to within a minute, and its day counts."""
    for one in held:
        captured, corrected = (datetime.fromisoformat(one["capture"][name]) for name in ("captured_at", "corrected_at"))
        assert abs(captured - phone.wrong_by - corrected) < timedelta(minutes=1)
        assert abs(one["capture"]["clock_offset_seconds"] + phone.wrong_by.total_seconds()) < 60
        assert one["declared_on"] in {str(clock.today()), str(clock.day_of(corrected))}
        assert one["capture"]["counts"] == ("capture" if one["status"] == "submitted" else one["capture"]["counts"])


async def test_the_register_ends_up_with_what_was_meant_each_once(database_url: str, tmp_path: Path) -> None:
    embedded = database_url.startswith("sqlite")
    more = () if embedded else ("--workers", "2")
    shell = Shell(tmp_path)
    key = shell.qinqing("keys", "create", "--name", "测试", "--all-scopes", database_url=database_url).stdout.strip()
    with shell.serving(*more, database_url=database_url, database_pool="4", log_level="ERROR") as served:
        async with httpx.AsyncClient(base_url=served.url, timeout=30) as client:
            make = Factory(client, {"Authorization": f"Bearer {key}"})
            unit = await make.unit()
            phones, networks = list[Phone](), list[Network]()
            for seed, wrong_by in zip(SEEDS, CLOCKS, strict=True):
                body = {"name": f"手机{seed}", "scopes": ["declarations:write"], "person": (await make.person(unit))["id"]}
                secret = (await client.post("/v1/api-keys", json=body, headers=dict(make.headers))).json()["key"]
                networks.append(Network(served.url, seed))
                phones.append(Phone("", secret, wrong_by, Random(seed)))  # noqa: S311  # to do the same again
            await asyncio.gather(*(_lives(phone, network) for phone, network in zip(phones, networks, strict=True)))
            if not embedded:
                await _seal(database_url)
            for phone in phones:
                held = await declared_by(client, phone)
                require_as_meant(phone, held)
                require_right_clock(phone, held)
                phone.url = served.url
                await _caught_up(phone, held)
    happened = sum((network.happened for network in networks), start=type(networks[0].happened)())
    assert set(Network.MISHAPS) <= set(happened)


async def _lives(phone: Phone, network: Network) -> None:
    async with network.up():
        phone.url = network.url
        await live(phone, network)


async def _seal(url: str) -> None:
    """The worker's part, where the serving process does not do it."""
    database = Database(url)
    await Sealer(database, None).seal()
    await database.close()


async def _caught_up(phone: Phone, held: list[dict[str, Any]]) -> None:
    """What the phone has caught up with is what the register holds; the last lines are sealed within a second."""
    standing = {one["client_id"]: one for one in held}
    for _ in range(50):
        while await phone.catch_up():
            pass
        if phone.held == standing:
            return
        await asyncio.sleep(0.2)
    assert phone.held == standing
