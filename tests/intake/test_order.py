"""In whatever order a person's declarations come in, the same is found in the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, get_args

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.bodies import FULL, Json, filed, gift, item, meal, named, yuan
from tests.factories import Factory

from .desk import PATH, Headers, made

FIRST = date(2025, 1, 1)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database will do: the sums are the same statements on both."""
    return sqlite_url


lines = st.builds(
    lambda category, worth, action: item(category=category, worth=worth and yuan(worth), disposition={"action": action}),
    st.sampled_from(["goods", "prepaid_card", "other"]),
    st.sampled_from(["90.00", "199.00", "400.00", "9000.00", "21000.00", None]),
    st.sampled_from(["pending", "kept", "consumed", "refused"]),
)
givers = st.sampled_from(["甲公司", "乙公司"]).map(named)
relations = st.sampled_from(["supervised_current", "colleague", "unrelated", "friend_unrelated", "unknown"])
sources = st.sampled_from(["self", "self", "commission"])
gifts = st.builds(
    lambda giver, relation, source, entries: filed(gift(giver=giver, relation=relation, items=entries), source=source),
    givers,
    relations,
    sources,
    st.lists(lines, min_size=1, max_size=2),
)
meals = st.builds(lambda host, relation, source: filed(meal(host=host, relation=relation), source=source), givers, relations, sources)


@st.composite
def two_orders(draw: st.DrawFn) -> tuple[list[Json], list[Json]]:
    """Three declarations, each of a day of its own, and the same in another order."""
    days = draw(st.lists(st.integers(0, 400), min_size=3, max_size=3, unique=True))
    bodies = [_on(draw(gifts | meals), FIRST + timedelta(days=day)) for day in days]
    return bodies, draw(st.permutations(bodies))


def _on(body: Json, day: date) -> Json:
    first_day = "received_on" if body["kind"] == "gift" else "occurred_on"
    return {**body, "details": {**body["details"], first_day: str(day)}}


Way = Literal["filed", "drafted", "amended", "doubled"]
"""How a declaration comes to be what it is: at once, by a draft, by an amendment, or beside one that was withdrawn."""

examples = settings(
    max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@dataclass(frozen=True, slots=True)
class Register:
    """The register as one who may do everything uses it."""

    client: httpx.AsyncClient
    headers: Headers
    factory: Factory

    async def found(self, filings: Sequence[tuple[Json, Way]]) -> dict[str, Any]:
        """What is found in the end of a new person who has filed these, by day of conduct."""
        person = await self.factory.person(await self.factory.unit())
        for body, way in filings:
            await self._file(filed(body, declarant=person["id"]), way)
        read = made(await self.client.get(PATH, params={"declarant": person["id"], "status": "submitted"}, headers=self.headers))["items"]
        return {
            one["details"].get("received_on") or one["details"]["occurred_on"]: sorted(
                (shown["rule"], shown["level"], tuple(shown["missing_facts"])) for shown in one["screening"]["findings"]
            )
            for one in read
        }

    async def _file(self, body: Json, way: Way) -> None:
        if way == "drafted":
            await self._act("submission", await self._post({**body, "status": "draft"}))
        elif way == "amended":
            other = FULL[body["kind"]]()["details"]
            declared = await self._post({**body, "details": {**body["details"], "relation": other["relation"], "also_kin": True}})
            made(
                await self.client.patch(
                    f"{PATH}/{declared['id']}", json={"details": body["details"]}, headers={**self.headers, "If-Match": "*"}
                )
            )
        else:
            declared = await self._post(body)
        if way == "doubled":
            await self._post(body)
            await self._act("withdrawal", declared, {"reason": "重复申报"})

    async def _post(self, body: Json) -> Json:
        return made(await self.client.post(PATH, json=body, headers=self.headers), 201)

    async def _act(self, act: str, declared: Json, body: Json | None = None) -> None:
        made(await self.client.post(f"{PATH}/{declared['id']}/{act}", json=body, headers={**self.headers, "If-Match": "*"}))


@pytest.fixture
def register(client: httpx.AsyncClient, as_root: Headers, factory: Factory) -> Register:
    """The register of this test."""
    return Register(client, as_root, factory)


@given(orders=two_orders())
@examples
async def test_the_order_of_filing_does_not_change_what_is_found(register: Register, orders: tuple[list[Json], list[Json]]) -> None:
    one, other = [await register.found([(body, "filed") for body in bodies]) for bodies in orders]
    assert one == other


@given(orders=two_orders(), ways=st.tuples(*[st.sampled_from(get_args(Way))] * 3))
@examples
async def test_nor_does_the_way_that_led_there(register: Register, orders: tuple[list[Json], list[Json]], ways: tuple[Way, ...]) -> None:
    straight, roundabout = orders
    assert await register.found([(body, "filed") for body in straight]) == await register.found(list(zip(roundabout, ways, strict=True)))
