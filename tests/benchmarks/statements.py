"""Declarations as officials make them, from the everyday to the grave, with how often each occurs in a register."""

import random
from datetime import date
from typing import Any
from uuid import UUID

Body = dict[str, Any]

_CNY = "CNY"
_EXCHANGE = {"relation": "supervised_current", "also_kin": False}


GIVEN = "龙井茶两盒"
"""What nearly every gift is."""


def given(number: int) -> str:
    """What the n-th gift is."""
    return GIVEN if number % 1_000 else "紫砂壶一把"


def gift(day: date, giver: Body, *, category: str = "goods", amount: str = "300.00", action: str = "pending") -> Body:
    """A gift of a company that the declarant's unit supervises."""
    item = {
        "category": category,
        "description": GIVEN,
        "worth": {"amount": amount, "currency": _CNY},
        "worth_basis": "market",
        "disposition": {"action": action},
    }
    return {
        "received_on": str(day),
        "received_away": False,
        "giver": giver,
        **_EXCHANGE,
        "direction": "received",
        "setting": "domestic",
        "receiver": "self",
        "occasion": "visit",
        "channel": "in_person",
        "public_event": False,
        "giver_has_pending_matter": False,
        "items": [item],
    }


def meal(day: date, host: Body, *, venue: str = "company_canteen", alcohol: str = "none") -> Body:
    """A work meal on an inspection tour."""
    return {
        "occurred_on": str(day),
        "host": host,
        **_EXCHANGE,
        "type": "on_site_work_meal",
        "venue": venue,
        "payer": "host",
        "alcohol": alcohol,
        "tobacco": False,
        "luxury_dishes": False,
        "during_inspection": False,
        "own_share_due": True,
        "own_share_paid_on": str(day),
        "disposition": "attended",
    }


def loan(day: date, party: Body) -> Body:
    """Money borrowed of a company."""
    return {
        "direction": "borrowed",
        "subject": "money",
        "other_party": party,
        **_EXCHANGE,
        "from_on": str(day),
        "principal": {"amount": "80000.00", "currency": _CNY},
        "annual_rate_percent": "0",
        "costs_borne_by_other": False,
    }


def activity(day: date, host: Body) -> Body:
    """A day trip."""
    return {
        "from_on": str(day),
        "until_on": str(day),
        "type": "travel",
        "arranged_by": host,
        **_EXCHANGE,
        "payer": "host",
        "with_family": False,
        "worth": {"amount": "600.00", "currency": _CNY},
        "overnight": False,
        "sightseeing": True,
        "disposition": "attended",
    }


def family_event(day: date, _party: Body) -> Body:
    """A wedding within the limits."""
    return {
        "occurred_on": str(day),
        "type": "wedding",
        "reported_on": str(day),
        "reported_tables": 15,
        "actual_tables": 15,
        "reported_guests": 140,
        "actual_guests": 140,
        "split_venues": False,
        "gifts_from_duty_related": {"amount": "0.00", "currency": _CNY},
        "official_vehicle": False,
    }


def sorts(day: date, party: Body) -> list[tuple[int, str, Body]]:
    """(how many in 10,000, kind, details) of every sort of declaration that a filled register holds."""
    return [
        (2500, "gift", gift(day, party, amount="180.00", action="refused")),
        (1500, "gift", gift(day, party, action="refused")),
        (480, "gift", gift(day, party)),
        (20, "gift", gift(day, party, category="prepaid_card", amount="2000.00")),
        (3000, "meal", meal(day, party)),
        (495, "meal", meal(day, party, venue="restaurant", alcohol="ordinary")),
        (5, "meal", meal(day, party, venue="private_club", alcohol="high_end")),
        (1000, "activity", activity(day, party)),
        (500, "loan", loan(day, party)),
        (500, "family_event", family_event(day, party)),
    ]


def new_gift(chance: random.Random, day: date, person: UUID, giver: Body) -> Body:
    """The body of a filing: a small gift, worth something else each time."""
    details = gift(day, giver, amount=f"{chance.randrange(50, 400)}.00")
    return {"kind": "gift", "declarant": str(person), "details": details}
