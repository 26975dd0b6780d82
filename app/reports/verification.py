"""Persons, units, counterparties, nil returns and approvals, as `qinqing verify-ledger` holds them against their lines."""

from app.approvals.models import approval
from app.approvals.records import ACTS, approval_digests
from app.audit.records import Records
from app.counterparties.models import counterparty
from app.counterparties.records import KEPT_AS, counterparty_digests
from app.kit.errors import Words
from app.obligations.models import nil_return
from app.obligations.nil_returns import nil_return_digests
from app.people.models import person, unit
from app.people.records import person_digests, unit_digests

RECORDS = (
    Records(Words("人员", "Person"), person, ("person.created", "person.changed"), "person.removed", person_digests),
    Records(Words("单位", "Unit"), unit, ("unit.created", "unit.changed"), "unit.removed", unit_digests),
    Records(
        Words("往来对象", "Counterparty"),
        counterparty,
        ("counterparty.entered", "counterparty.identified", "counterparty.registered", "counterparty.changed"),
        "counterparty.removed",
        counterparty_digests,
        KEPT_AS,
    ),
    Records(
        Words("零报告", "Nil return"), nil_return, ("nil-return.filed", "nil-return.withdrawn"), "nil-return.removed", nil_return_digests
    ),
    Records(Words("报批事项", "Approval"), approval, ACTS, "approval.removed", approval_digests),
)
