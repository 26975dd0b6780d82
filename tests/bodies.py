"""Bodies of declarations: the least that each kind takes, and every field that it knows.

    gift(relation="kin")                  a gift with the least that must be stated, but of kin
    gift(items=[item(worth=yuan("88"))])  one line of 88 yuan
    filed(meal(), source="hr")            a meal with fields of the envelope
    FULL["loan"]()                        a loan with every field that there is

Days are told by how long ago they were, so that nothing grows old.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from app.kit import clock

Json = dict[str, Any]
Make = Callable[..., Json]

COMPANY = "恒远建设有限公司"


def ago(days: int) -> str:
    """The day so many days before today."""
    return str(clock.today() - timedelta(days=days))


def yuan(amount: str, currency: str = "CNY") -> Json:
    """A sum of money."""
    return {"amount": amount, "currency": currency}


def named(name: str = COMPANY, **over: Any) -> Json:
    """A counterparty by its name."""
    return {"name": name, **over}


def filed(body: Json, **envelope: Any) -> Json:
    """The body with fields of the envelope: `declarant`, `source`, `status`, `declared_on`, `client_reference`, `note`."""
    return {**body, **_plain(envelope)}


def item(**over: Any) -> Json:
    """One line of a gift: tea for 300 yuan, not yet handed in."""
    line = {
        "category": "goods", "description": "龙井茶两盒", "worth": yuan("300.00"), "worth_basis": "market",
        "disposition": {"action": "pending"},
    }  # fmt: skip
    return {**line, **_plain(over)}


def gift(**over: Any) -> Json:
    """A gift of a supervised company, received ten days ago."""
    details = {
        "received_on": ago(10), "received_away": False, "giver": named(), "relation": "supervised_current", "also_kin": False,
        "direction": "received", "setting": "domestic", "receiver": "self", "occasion": "visit", "channel": "in_person",
        "public_event": False, "items": [item()],
    }  # fmt: skip
    return _body("gift", details, over)


def meal(**over: Any) -> Json:
    """A private dinner, paid by its host, a supervised company."""
    details = {
        "occurred_on": ago(10), "host": named(), "relation": "supervised_current", "also_kin": False, "type": "private",
        "venue": "restaurant", "payer": "host", "alcohol": "none", "tobacco": False, "luxury_dishes": False, "during_inspection": False,
        "disposition": "attended",
    }  # fmt: skip
    return _body("meal", details, over)


def activity(**over: Any) -> Json:
    """A day of golf, paid by a supervised company."""
    details = {
        "from_on": ago(10), "until_on": ago(10), "type": "golf", "arranged_by": named(), "relation": "supervised_current",
        "also_kin": False, "payer": "host", "with_family": False, "overnight": False, "sightseeing": False, "disposition": "attended",
    }  # fmt: skip
    return _body("activity", details, over)


def loan(**over: Any) -> Json:
    """A car lent by a supervised company, still in use."""
    details = {
        "direction": "borrowed", "subject": "vehicle", "other_party": named(), "relation": "supervised_current", "also_kin": False,
        "from_on": ago(10), "costs_borne_by_other": False,
    }  # fmt: skip
    return _body("loan", details, over)


def family_event(**over: Any) -> Json:
    """A wedding of which nothing more is known."""
    details = {"occurred_on": ago(10), "type": "wedding", "split_venues": False, "official_vehicle": False}
    return _body("family_event", details, over)


def shareholding(**over: Any) -> Json:
    """A share of an unlisted company, bought in the declarant's own name."""
    details = {
        "issuer": named(), "type": "unlisted", "holder": "self", "role": "none", "acquired_on": ago(10), "acquired_how": "purchased",
        "disposal_refused": False,
    }  # fmt: skip
    return _body("shareholding", details, over)


def outside_post(**over: Any) -> Json:
    """A paid adviser's post in a company, not approved."""
    details = {
        "organisation": named(), "organisation_kind": "enterprise", "title": "技术顾问", "post_type": "adviser", "holder": "self",
        "real_work": True, "from_on": ago(10), "pay_per_year": yuan("12000.00"), "equity": False, "assigned_by_unit": False,
        "consented_by_organisation_department": False, "professional_innovation": False, "disposition": "held",
    }  # fmt: skip
    return _body("outside_post", details, over)


KINDS: dict[str, Make] = {make.__name__: make for make in (gift, meal, activity, loan, family_event, shareholding, outside_post)}
"""The least of each kind, by its name."""

_GIVER = {"type": "enterprise", "identifier": "91110000600037341L", "region": "CN"}

_REST: dict[str, Callable[[], Json]] = {
    "gift": lambda: {
        "returned_to_unit_on": ago(9), "returned_to_country_on": ago(9), "giver": named(**_GIVER), "aware_on": ago(10),
        "giver_has_pending_matter": True, "reciprocated": yuan("50.00"), "returned_attempts": 2, "approved": False, "solicited": False,
        "items": [
            item(quantity=3, times=2, until_on=ago(8)),
            item(category="fee", fee={"work": "lecture", "hours": 2.5, "title": "full", "real_work": True}),
            item(category="below_price_deal", worth=yuan("900.00", "USD"), paid_price=yuan("100.00", "USD")),
            item(disposition={"action": "surrendered", "on": ago(7), "receipt_number": "JJ-017", "handlers": 2}, worth=None),
        ],
    },
    "meal": lambda: {
        "until_on": ago(8), "times": 2, "host": named(**_GIVER), "place": "园区职工食堂", "own_share_due": True, "own_share_paid_on": ago(8),
        "guests": 12, "companions": 4, "meal_number_in_visit": 2, "official_letter": "京开函〔2024〕12号", "approval": "批准单 12",
        "guest_list_filed": True, "cost": yuan("800.00"), "cost_per_head": yuan("50.00"),
    },
    "activity": lambda: {
        "until_on": ago(8), "arranged_by": named(**_GIVER), "own_share": yuan("100.00"), "worth": yuan("400.00"), "approved": False, "times": 2,
    },
    "loan": lambda: {
        "other_party": named(**_GIVER), "repaid_on": ago(1), "principal": yuan("100000.00"), "annual_rate_percent": "12.5",
        "interest_received": yuan("300.00"), "duty_affected": False,
    },
    "family_event": lambda: {
        "reported_on": ago(20), "reported_tables": 15, "actual_tables": 16, "reported_guests": 150, "actual_guests": 162,
        "gifts_total": yuan("20000.00"), "gifts_from_duty_related": yuan("600.00"), "gifts_outside_family": yuan("5000.00"),
    },
    "shareholding": lambda: {
        "issuer": named(**_GIVER), "nominee_name": "王建国", "share_percent": "12.5", "cost": yuan("50000.00"), "market_value": yuan("80000.00"),
        "acquired_from": named("启明科技有限公司"), "relation": "supervised_former", "disposed_on": ago(2), "issuer_in_jurisdiction": True,
        "issuer_trades_with_own_unit": False, "issuer_trades_with_relatives_employer": False,
        "annual_report": {"year": 2025, "included": True, "amount": yuan("50000.00")}, "returns_received": yuan("1000.00"),
    },
    "outside_post": lambda: {
        "organisation": named(**_GIVER), "relation": "supervised_current", "until_on": ago(-90), "term_number": 2,
        "approval": {"by": "中共某区委组织部", "number": "组函〔2024〕8号", "on": ago(30)}, "filed_with": "某区委组织部",
        "in_former_jurisdiction": False, "related_to_former_work": False,
    },
}  # fmt: skip

FULL: dict[str, Make] = {kind: (lambda kind=kind, **over: KINDS[kind](**{**_REST[kind](), **over})) for kind in KINDS}
"""Every field of each kind, by its name; what a test cares about it gives as `over`."""


def _body(kind: str, details: Json, over: Json) -> Json:
    return {"kind": kind, "details": {**details, **_plain(over)}}


def _plain(over: Json) -> Json:
    return {name: str(value) if isinstance(value, date) else value for name, value in over.items()}
