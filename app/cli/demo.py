"""Demonstration data: a small development zone with people, companies and declarations, and keys to try them with.

Seeding again adds nothing but fresh keys: a secret that was shown once cannot be shown twice.
"""

import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import select

from app.access.caller import CONSOLE, Scope
from app.access.keys import ApiKeys, KeyRequest
from app.counterparties.schemas import CounterpartyIn
from app.counterparties.service import Counterparties
from app.declarations.schemas import DeclarationIn
from app.intake.service import Intake
from app.kit import clock
from app.kit.database import Database
from app.kit.etags import etag
from app.ledger.unit_of_work import Work, work
from app.people.models import person, unit
from app.people.persons import Persons
from app.people.schemas import PersonIn, UnitChange, UnitIn
from app.people.units import Units
from app.rulebook.book import Book

ZONE = "DEMO"
OFFICIAL = "DEMO-001"
"""The code of the demonstration zone, and the employee number of its official: by them the data are found again."""

KEYS: tuple[tuple[str, str, frozenset[Scope]], ...] = (
    ("操作员 operator", "every scope, the whole register", frozenset(Scope)),
    ("公职人员 official", "files own declarations", frozenset({Scope.DECLARATIONS_WRITE})),
    (
        "人事 HR",
        "people and filing for others in the zone",
        frozenset({Scope.PEOPLE_WRITE, Scope.PEOPLE_READ, Scope.DECLARATIONS_FILE_FOR_OTHERS}),
    ),
    (
        "纪检 commission",
        "reads and reviews in the zone",
        frozenset({Scope.DECLARATIONS_READ, Scope.REVIEWS_WRITE, Scope.RULEBOOK_WRITE, Scope.AUDIT_READ}),
    ),
)


async def seed(database: Database, book: Book, address: str) -> str:
    """Write what is not there yet; answers keys and a curl line, ready to be printed."""
    async with work(database, CONSOLE.actor) as unit_of_work:
        zone = await unit_of_work.connection.scalar(select(unit.c.id).where(unit.c.code == ZONE)) or await _people(unit_of_work, book)
        official = await unit_of_work.connection.scalar(select(person.c.id).where(person.c.employee_number == OFFICIAL))
        keys = {name: await _key(unit_of_work, name, scopes, zone, official) for name, _, scopes in KEYS}
    return _told(keys, address)


async def _people(unit_of_work: Work, book: Book) -> UUID:
    """Units, persons, companies, and a few declarations; the zone's id."""
    units, persons = Units(unit_of_work, CONSOLE), Persons(unit_of_work, CONSOLE)
    zone = await units.add(unit_of_work, UnitIn.model_validate({"name": "示范经济技术开发区管委会", "code": ZONE, "kind": "government"}))
    below = {"name": "规划建设局", "code": "DEMO-01", "parent": zone["id"], "kind": "government", "jurisdiction": ["建筑业", "房地产业"]}
    bureau = await units.add(unit_of_work, UnitIn.model_validate(below))
    about = {"party_member": True, "staff_class": "civil_servant"}
    official = await persons.add(
        unit_of_work,
        PersonIn.model_validate(
            {
                **about,
                "employee_number": OFFICIAL,
                "name": "李明",
                "unit": bureau["id"],
                "position": "局长",
                "rank": "division_chief",
                "is_leader": True,
            }
        ),
    )
    colleague = {**about, "employee_number": "DEMO-002", "name": "王芳", "unit": bureau["id"], "rank": "section_chief", "is_leader": False}
    other = await persons.add(unit_of_work, PersonIn.model_validate(colleague))
    director = {**about, "employee_number": "DEMO-003", "name": "周正", "unit": zone["id"], "rank": "bureau_deputy", "is_leader": True}
    head = await persons.add(unit_of_work, PersonIn.model_validate(director))
    await units.change(unit_of_work, zone["id"], etag(zone["version"]), UnitChange.model_validate({"head": head["id"]}))
    builder = {
        "name": "恒远建设有限公司",
        "aliases": ["恒远建设"],
        "type": "enterprise",
        "region": "CN",
        "relations": [{"unit": bureau["id"], "relation": "supervised_current", "from_on": "2020-01-01"}],
    }
    await Counterparties(unit_of_work, CONSOLE).add(unit_of_work, CounterpartyIn.model_validate(builder))
    desk, today = Intake(unit_of_work, book, CONSOLE), clock.today()
    for body in _declarations(official["id"], other["id"], today):
        await desk.submit(TypeAdapter(DeclarationIn).validate_python(body))
    return UUID(str(zone["id"]))


def _declarations(official: UUID, other: UUID, today: date) -> list[dict[str, Any]]:
    """A gift still to be handed in, a permitted work meal, an unlisted stake."""
    meal = {
        "occurred_on": str(today - timedelta(days=20)),
        "host": {"name": "恒远建设"},
        "relation": "supervised_current",
        "also_kin": False,
        "type": "on_site_work_meal",
        "venue": "company_canteen",
        "payer": "host",
        "alcohol": "none",
        "tobacco": False,
        "luxury_dishes": False,
        "during_inspection": False,
        "own_share_due": True,
        "own_share_paid_on": str(today - timedelta(days=20)),
        "disposition": "attended",
    }
    stake = {
        "issuer": {"name": "启明科技有限公司", "type": "enterprise"},
        "type": "unlisted",
        "holder": "self",
        "role": "none",
        "acquired_on": "2024-03-01",
        "acquired_how": "purchased",
        "cost": {"amount": "50000.00", "currency": "CNY"},
        "disposal_refused": False,
        "issuer_in_jurisdiction": False,
    }
    filed = {"source": "self", "status": "submitted"}
    return [
        {**filed, "declarant": official, "kind": "gift", "details": gift(today - timedelta(days=5))},
        {**filed, "declarant": other, "kind": "meal", "details": meal},
        {**filed, "declarant": other, "kind": "shareholding", "details": stake},
    ]


def gift(received_on: date) -> dict[str, Any]:
    """A shopping card of a supervised company, not yet handed in."""
    return {
        "received_on": str(received_on),
        "received_away": False,
        "giver": {"name": "恒远建设"},
        "relation": "supervised_current",
        "also_kin": False,
        "direction": "received",
        "setting": "domestic",
        "receiver": "self",
        "occasion": "visit",
        "channel": "in_person",
        "public_event": False,
        "giver_has_pending_matter": False,
        "items": [
            {
                "category": "prepaid_card",
                "description": "购物卡",
                "worth": {"amount": "500.00", "currency": "CNY"},
                "worth_basis": "market",
                "disposition": {"action": "pending"},
            }
        ],
    }


async def _key(unit_of_work: Work, name: str, scopes: frozenset[Scope], zone: UUID, official: UUID | None) -> str:
    """A key for one of the roles; the operator's reaches the whole register."""
    whole, own = Scope.ADMIN in scopes, scopes == {Scope.DECLARATIONS_WRITE}
    request = KeyRequest(name=name, scopes=scopes, unit=None if whole or own else zone, person=official if own else None)
    _, secret = await ApiKeys(unit_of_work).add(unit_of_work, request, CONSOLE)
    return secret


def _told(keys: dict[str, str], address: str) -> str:
    """Keys and a curl line that files a gift kept beyond the month and so shows findings."""
    body = json.dumps({"kind": "gift", "details": gift(clock.today() - timedelta(days=45))}, ensure_ascii=False)
    lines = ["演示密钥（仅此一次显示） Keys, shown this once:"]
    lines += [f"  {name:<24} {keys[name]}   {what}" for name, what, _ in KEYS]
    lines += [
        "",
        "申报一件礼品并查看疑点 File a gift and see what is found:",
        f"curl -s {address}/v1/declarations -H 'Authorization: Bearer {keys['公职人员 official']}' \\",
        f"  -H 'Content-Type: application/json' -d '{body}'",
        "",
    ]
    return "\n".join(lines)
