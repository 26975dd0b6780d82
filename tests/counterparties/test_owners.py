"""The closure of ownership, which groups are summed over."""

from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.counterparties.models import counterparty_owner
from app.counterparties.owners import closure
from app.kit.database import Database
from app.ledger.unit_of_work import reading
from tests.conftest import Make
from tests.people.asking import Client, Headers, match

Names = dict[UUID, str]


async def owners(database: Database, **named: dict[str, Any]) -> dict[str, str]:
    """By the names given, the names of all owners, itself among them."""
    names = {UUID(party["id"]): name for name, party in named.items()}
    async with reading(database) as view:
        pairs = (await view.connection.execute(select(counterparty_owner))).all()
    return {name: "".join(sorted(names[upper] for lower, upper in pairs if lower == own)) for own, name in names.items()}


async def test_owners_of_owners_own_and_a_change_reaches_all_that_is_owned(
    client: Client, as_root: Headers, database: Database, make_counterparty: Make
) -> None:
    a, b = await make_counterparty(), await make_counterparty()
    c = await make_counterparty(parents=[a["id"]])
    d = await make_counterparty(parents=[c["id"], b["id"]])
    e = await make_counterparty(parents=[d["id"], a["id"]])
    parties = {"a": a, "b": b, "c": c, "d": d, "e": e}
    assert await owners(database, **parties) == {"a": "a", "b": "b", "c": "ac", "d": "abcd", "e": "abcde"}
    path = f"/v1/counterparties/{c['id']}"
    assert (await client.patch(path, json={"parents": []}, headers={**as_root, **match()})).status_code == 200
    assert await owners(database, **parties) == {"a": "a", "b": "b", "c": "c", "d": "bcd", "e": "abcde"}
    assert (await client.patch(path, json={"parents": [b["id"]]}, headers={**as_root, **match(2)})).status_code == 200
    assert await owners(database, **parties) == {"a": "a", "b": "b", "c": "bc", "d": "bcd", "e": "abcde"}
    sold = await client.patch(f"/v1/counterparties/{e['id']}", json={"parents": None}, headers={**as_root, **match()})
    assert sold.json()["parents"] == []
    assert await owners(database, **parties) == {"a": "a", "b": "b", "c": "bc", "d": "bcd", "e": "e"}


@given(st.lists(st.sets(st.integers(0, 9)), min_size=1, max_size=10))
def test_the_closure_holds_exactly_what_can_be_reached(drawn: list[set[int]]) -> None:
    """Each may be owned by those before it; the last five are entered anew above the first five."""
    ids = [UUID(int=number) for number in range(len(drawn))]
    edges = {ids[own]: {ids[upper] for upper in uppers if upper < own} for own, uppers in enumerate(drawn)}

    def reached(own: UUID) -> set[UUID]:
        return {own}.union(*(reached(upper) for upper in edges[own]))

    known, fresh = ids[:5], ids[5:]
    assert closure({own: edges[own] for own in fresh}, {own: reached(own) for own in known}) == {own: reached(own) for own in fresh}
