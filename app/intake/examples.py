"""One declaration of each kind as a client would send it, for the interface's documentation."""

from typing import Any

from app.approvals.schemas import APPROVABLE
from app.rulebook.contents import KINDS

_COMPANY = {"name": "恒远建设有限公司", "type": "enterprise", "region": "CN"}

_DETAILS: dict[str, dict[str, Any]] = {
    "gift": {
        "received_on": "2025-03-03",
        "received_away": False,
        "giver": _COMPANY,
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
                "disposition": {"action": "surrendered", "on": "2025-03-05", "receipt_number": "JJ-2025-017", "handlers": 2},
            }
        ],
    },
    "meal": {
        "occurred_on": "2025-03-03",
        "host": _COMPANY,
        "relation": "supervised_current",
        "also_kin": False,
        "type": "on_site_work_meal",
        "place": "项目部食堂",
        "venue": "company_canteen",
        "payer": "host",
        "own_share_due": True,
        "own_share_paid_on": "2025-03-04",
        "alcohol": "none",
        "tobacco": False,
        "luxury_dishes": False,
        "cost_per_head": {"amount": "28.00", "currency": "CNY"},
        "during_inspection": False,
        "disposition": "attended",
    },
    "activity": {
        "from_on": "2025-03-08",
        "until_on": "2025-03-08",
        "type": "golf",
        "arranged_by": _COMPANY,
        "relation": "supervised_current",
        "also_kin": False,
        "payer": "host",
        "with_family": False,
        "overnight": False,
        "sightseeing": False,
        "disposition": "declined",
    },
    "loan": {
        "direction": "borrowed",
        "subject": "vehicle",
        "other_party": {"name": "王建国", "type": "individual"},
        "relation": "friend_unrelated",
        "also_kin": False,
        "from_on": "2025-03-01",
        "repaid_on": "2025-03-10",
        "costs_borne_by_other": False,
        "duty_affected": False,
    },
    "family_event": {
        "occurred_on": "2025-05-01",
        "type": "wedding",
        "reported_on": "2025-04-15",
        "reported_tables": 15,
        "actual_tables": 15,
        "reported_guests": 150,
        "actual_guests": 142,
        "split_venues": False,
        "gifts_total": {"amount": "20000.00", "currency": "CNY"},
        "gifts_from_duty_related": {"amount": "0.00", "currency": "CNY"},
        "official_vehicle": False,
    },
    "shareholding": {
        "issuer": {"name": "启明科技有限公司", "type": "enterprise"},
        "type": "unlisted",
        "holder": "self",
        "role": "none",
        "share_percent": "12.5",
        "cost": {"amount": "50000.00", "currency": "CNY"},
        "acquired_on": "2021-03-15",
        "acquired_how": "purchased",
        "disposal_refused": False,
        "issuer_in_jurisdiction": False,
        "issuer_trades_with_own_unit": False,
        "annual_report": {"year": 2024, "included": True, "amount": {"amount": "50000.00", "currency": "CNY"}},
    },
    "outside_post": {
        "organisation": {"name": "某市建筑学会", "type": "social_organisation"},
        "organisation_kind": "social_organisation",
        "title": "理事",
        "post_type": "honorary",
        "holder": "self",
        "real_work": True,
        "from_on": "2025-06-01",
        "approval": {"by": "中共某区委组织部", "number": "组函〔2025〕8号", "on": "2025-05-20"},
        "pay_per_year": {"amount": "0.00", "currency": "CNY"},
        "equity": False,
        "assigned_by_unit": False,
        "consented_by_organisation_department": True,
        "professional_innovation": False,
        "disposition": "held",
    },
}

EXAMPLES: dict[str, Any] = {
    kind: {"summary": f"{chapter.title.zh} {chapter.title.en}", "value": {"kind": kind, "details": _DETAILS[kind]}}
    for kind, chapter in KINDS.items()
}
"""By kind, as OpenAPI names examples."""

_SOON = "2030-03-08"
_PRESENT = {"category": "souvenir", "description": "瓷器一件", "worth_basis": "market", "disposition": {"action": "pending"}}
_ASKED_FOR: dict[str, dict[str, Any]] = {
    "gift": {
        "direction": "given", "setting": "foreign_affairs", "relation": "foreign_counterpart", "received_on": _SOON, "items": [_PRESENT],
    },
    "meal": {"occurred_on": _SOON, "own_share_paid_on": None},
    "activity": {"from_on": _SOON, "until_on": _SOON, "type": "vehicle_ride", "disposition": "attended"},
    "outside_post": {"from_on": _SOON, "approval": None},
}  # fmt: skip

APPROVAL_EXAMPLES: dict[str, Any] = {
    kind: {
        "summary": f"{chapter.title.zh} {chapter.title.en}",
        "value": {
            "kind": kind, "asked_of": "unit_head", "reason": "工作需要，特此报批。", "details": {**_DETAILS[kind], **_ASKED_FOR[kind]},
        },
    }
    for kind, chapter in APPROVABLE.items()
}  # fmt: skip
"""A request for an approval of each kind that can be approved."""
