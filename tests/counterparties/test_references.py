"""Whom a reference means, and the rows that declarations enter."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, func, select

from app.counterparties.models import counterparty, counterparty_name, counterparty_owner
from app.counterparties.references import resolve, resolve_or_add
from app.kit.database import Database
from app.kit.errors import Problem
from app.kit.ids import new_id
from app.ledger.models import ledger_line
from app.ledger.unit_of_work import reading, work
from app.rulebook.statement import CounterpartyReference
from tests.conftest import Make
from tests.factories import credit_code
from tests.people.asking import MEAL, Calling, Client, Headers, listed, match
from tests.tags import version

CITIZEN = "360426199101010071"


async def entered(database: Database, **reference: Any) -> str:
    """The id that a declaration with this reference refers to."""
    async with work(database, "test") as unit:
        return str(await resolve_or_add(unit, CounterpartyReference(**reference), "/details/giver"))


async def known(database: Database, **reference: Any) -> str | None:
    """The id that a preview with this reference would refer to."""
    async with reading(database) as view:
        found = await resolve(view, CounterpartyReference(**reference), "/details/giver")
    return None if found is None else str(found)


async def rows(database: Database) -> int:
    async with reading(database) as view:
        return await view.connection.scalar(select(func.count()).select_from(counterparty)) or 0


async def test_an_id_means_the_registered_counterparty_that_bears_it(database: Database, make_counterparty: Make) -> None:
    made = await make_counterparty()
    assert await known(database, id=made["id"]) == made["id"]
    assert await entered(database, id=made["id"]) == made["id"]


async def test_an_id_that_is_not_registered_is_refused_where_it_stands(database: Database) -> None:
    unregistered = await entered(database, name="某公司")
    for unknown in (unregistered, str(new_id())):
        with pytest.raises(Problem) as refused:
            await entered(database, id=unknown)
        assert refused.value.status == 422
        assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [("/details/giver/id", "counterparty-unknown")]


async def test_an_identifier_means_its_bearer_whatever_the_name(database: Database, make_counterparty: Make) -> None:
    made, other = await make_counterparty(), await make_counterparty()
    assert await entered(database, name="随便什么名字", identifier=made["identifier"]) == made["id"]
    assert await entered(database, name=other["name"], identifier=made["identifier"]) == made["id"]


@pytest.mark.parametrize("written", ["恒远建设(北京)有限公司", "\u3000恒远建设（北京）有限公司 ", "ＨＹ", "HY", "恒远"])
async def test_a_name_or_an_alias_means_the_only_one_that_bears_it(database: Database, make_counterparty: Make, written: str) -> None:
    made = await make_counterparty(name="恒远建设（北京）有限公司", aliases=["HY", "恒远"])
    assert await known(database, name=written) == made["id"]
    assert await entered(database, name=written) == made["id"]
    assert await rows(database) == 1


async def test_a_name_that_two_bear_means_neither_but_always_the_same(database: Database, make_counterparty: Make) -> None:
    one = await make_counterparty(name="张伟", type="individual", identifier=None)
    two = await make_counterparty(name="某厂", aliases=["张伟"])
    assert await known(database, name="张伟") is None
    third = await entered(database, name="张伟")
    assert third not in (one["id"], two["id"])
    assert await entered(database, name="张伟") == third
    assert await known(database, name="张伟") == third


async def test_an_unknown_name_is_entered_once_with_what_is_stated(client: Client, as_root: Headers, database: Database) -> None:
    own = await entered(database, name="ＡＢＣ咨询公司", type="foreign_body", region="HK")
    assert await entered(database, name="ABC咨询公司") == own
    assert await known(database, name="ABC咨询公司") == own
    shown = (await client.get(f"/v1/counterparties/{own}", headers=as_root)).json()
    assert (shown["name"], shown["type"], shown["region"], shown["registered"]) == ("ＡＢＣ咨询公司", "foreign_body", "HK", False)
    async with reading(database) as view:
        assert (await view.connection.execute(select(counterparty_owner))).all() == [(UUID(own), UUID(own))]
        assert (await view.connection.execute(select(counterparty_name.c.counterparty_id, counterparty_name.c.name_key))).all() == [
            (UUID(own), "ABC咨询公司")
        ]
        lines = select(ledger_line.c.subject).where(ledger_line.c.action == "counterparty.entered")
        assert list(await view.connection.scalars(lines)) == [UUID(own)]


async def test_an_unregistered_identifier_always_means_the_same(database: Database) -> None:
    one, two = credit_code(), credit_code()
    by_name = await entered(database, name="甲公司")
    assert await entered(database, name="甲公司", identifier=one) == by_name
    assert await entered(database, name="甲公司（曾用名乙）", identifier=one) == by_name
    assert await known(database, name="丙公司", identifier=one) == by_name
    assert await entered(database, name="丁公司", identifier=two) != by_name
    assert await rows(database) == 2


async def test_an_empty_name_is_not_resolved_to_whatever_has_no_identifier(database: Database) -> None:
    first = await entered(database, name="甲公司")
    assert await entered(database, name="乙公司") != first


@pytest.mark.parametrize(
    ("reference", "fault"),
    [
        ({"identifier": "91110000600037341M", "type": "enterprise"}, ("/details/giver/identifier", "identifier-check-digit")),
        ({"identifier": "360426199101010072"}, ("/details/giver/identifier", "identifier-check-digit")),
        ({"identifier": "111111111111111"}, ("/details/giver/identifier", "identifier-malformed")),
        ({"region": "XX"}, ("/details/giver/region", "region-unknown")),
    ],
)
async def test_a_reference_that_cannot_be_is_refused_in_previews_too(
    database: Database, reference: dict[str, Any], fault: tuple[str, str]
) -> None:
    for ask in (known, entered):
        with pytest.raises(Problem) as refused:
            await ask(database, name="某公司", **reference)
        assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [fault]


async def test_many_at_once_enter_one_row(database: Database) -> None:
    assert len(set(await asyncio.gather(*(entered(database, name="某公司") for _ in range(6))))) == 1
    identifier = credit_code()
    by_identifier = await asyncio.gather(*(entered(database, name=f"{number}公司", identifier=identifier) for number in "甲乙丙丁"))
    assert len(set(by_identifier)) == 1
    assert await rows(database) == 2


async def test_an_identifier_noted_and_entered_at_once_is_kept_by_one(database: Database) -> None:
    identifier = credit_code()
    first = await entered(database, name="甲公司")
    ids = await asyncio.gather(
        entered(database, name="甲公司", identifier=identifier), entered(database, name="乙公司", identifier=identifier)
    )
    assert ids[0] == first
    assert await known(database, name="丙公司", identifier=identifier) in ids


async def test_what_is_on_record_is_found_in_one_statement(database: Database, make_counterparty: Make) -> None:
    made = await make_counterparty(aliases=["恒远"])
    async with work(database, "test") as unit:
        said: list[str] = []
        event.listen(unit.connection.sync_connection, "before_cursor_execute", lambda *about: said.append(about[2]))
        for reference in ({"id": made["id"]}, {"name": "恒远"}, {"name": "别的", "identifier": made["identifier"]}):
            assert str(await resolve_or_add(unit, CounterpartyReference(**reference), "")) == made["id"]
        assert len(said) == 3


async def test_registering_a_name_takes_over_what_was_declared_under_it(client: Client, as_root: Headers, database: Database) -> None:
    own = await entered(database, name="恒远建设（北京）有限公司")
    body = {"name": "恒远建设(北京)有限公司", "type": "enterprise", "identifier": credit_code(), "aliases": ["恒远"]}
    made = await client.post("/v1/counterparties", json=body, headers=as_root)
    assert (made.status_code, made.json()["id"], made.json()["registered"]) == (201, own, True)
    assert made.json()["aliases"] == ["恒远"]
    assert version(made) == 2
    for reference in ({"id": own}, {"name": "恒远"}, {"name": "恒远建设(北京)有限公司"}, {"name": "x", "identifier": body["identifier"]}):
        assert await entered(database, **reference) == own
    assert await rows(database) == 1


async def test_taking_over_goes_by_identifier_then_name_then_alias(client: Client, as_root: Headers, database: Database) -> None:
    identifier = credit_code()
    by_alias = await entered(database, name="恒远")
    by_name = await entered(database, name="恒远建设")
    by_identifier = await entered(database, name="曾用名公司", identifier=identifier)
    body = {"name": "恒远建设", "type": "enterprise", "aliases": ["恒远"], "identifier": identifier}
    first = (await client.post("/v1/counterparties", json=body, headers=as_root)).json()
    assert (first["id"], first["aliases"]) == (by_identifier, ["恒远", "曾用名公司"])
    assert await entered(database, name="曾用名公司") == by_identifier
    second = (await client.post("/v1/counterparties", json={**body, "identifier": None}, headers=as_root)).json()
    assert second["id"] == by_name
    third = (await client.post("/v1/counterparties", json={**body, "name": "恒远二", "identifier": None}, headers=as_root)).json()
    assert third["id"] == by_alias


async def test_registering_and_declaring_a_name_at_once_leaves_one_row(client: Client, as_root: Headers, database: Database) -> None:
    body = {"name": "某公司", "type": "enterprise"}
    made, own = await asyncio.gather(client.post("/v1/counterparties", json=body, headers=as_root), entered(database, name="某公司"))
    assert (made.status_code, made.json()["id"]) == (201, own)
    assert await rows(database) == 1


async def test_what_is_not_registered_is_registered_before_it_is_changed(client: Client, as_root: Headers, database: Database) -> None:
    path = f"/v1/counterparties/{await entered(database, name='某公司')}"
    refused = await client.patch(path, json={"region": "CN"}, headers={**as_root, **match()})
    assert (refused.status_code, refused.json()["code"]) == (409, "counterparty-not-registered")
    assert await listed(client, as_root, "/v1/counterparties", registered=False) == {path.rpartition("/")[2]}
    assert (await client.delete(path, headers={**as_root, **match()})).status_code == 204


async def test_an_unregistered_name_tells_of_a_declaration_and_is_not_shown_to_those_who_pick(
    client: Client, calling: Calling, database: Database, make_unit: Make
) -> None:
    own = await entered(database, name="张三", type="individual", identifier=CITIZEN)
    unit = await make_unit()
    for blind in (
        await calling("declarations:write"),
        await calling("people:read", unit=unit),
        await calling("declarations:read", unit=unit),
    ):
        assert await listed(client, blind, "/v1/counterparties", q="张三") == set()
        assert await listed(client, blind, "/v1/counterparties", identifier=CITIZEN) == set()
        assert (await client.get(f"/v1/counterparties/{own}", headers=blind)).status_code == 404


async def test_a_declaration_and_its_counterparty(
    client: Client, as_root: Headers, calling: Calling, make_unit: Make, make_person: Make
) -> None:
    """What is declared of a name is seen in the unit that it was declared in, keeps the counterparty, and follows it into the register."""
    unit, other = await make_unit(), await make_unit()
    person = await make_person(unit)
    body = {"declarant": person["id"], "kind": "meal", "details": MEAL, "source": "self"}
    filed = await client.post("/v1/declarations", json=body, headers=as_root)
    assert filed.status_code == 201, filed.text
    reader, stranger = await calling("declarations:read", unit=unit), await calling("declarations:read", unit=other)
    (own,) = await listed(client, reader, "/v1/counterparties", registered=False)
    assert await listed(client, stranger, "/v1/counterparties") == set()
    assert (await client.get(f"/v1/counterparties/{own}", headers=stranger)).status_code == 404
    refused = await client.delete(f"/v1/counterparties/{own}", headers={**as_root, **match()})
    assert (refused.status_code, refused.json()["code"]) == (409, "counterparty-in-use")
    made = await client.post("/v1/counterparties", json={"name": "恒远建设有限公司", "type": "enterprise"}, headers=as_root)
    assert made.json()["id"] == own
    assert await listed(client, as_root, "/v1/declarations", counterparty=own) == {filed.json()["id"]}
    wrong = {**body, "details": {**MEAL, "host": {"name": "某公司", "identifier": "91110000600037341M"}}}
    answer = await client.post("/v1/declarations", json=wrong, headers=as_root)
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [
        ("/details/host/identifier", "identifier-check-digit")
    ]
