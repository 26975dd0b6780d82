"""Which approval covers what somebody declares: the same person, kind, sort and other side, on its days, granted before, within its conditions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from app.kit import clock
from app.rulebook.statement import Approved, Details

Stated = TypeVar("Stated", bound=Details)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """An approval that was granted to a person, as rules are told of it; `max_worth` is in CNY, None without such a condition."""

    id: UUID
    kind: str
    subject: str
    counterparty_id: UUID
    office: str
    granted_at: datetime
    valid_from_on: date
    expires_on: date
    max_worth: Decimal | None
    revoked_at: datetime | None

    @property
    def number(self) -> str:
        """What the approval is called on paper."""
        return number_of(self.id, self.granted_at)

    def covers(self, kind: str, details: Details, counterparty_id: UUID | None, recorded_at: datetime) -> bool:
        """Whether it covers a matter of the person that was put on record at an instant.

        It was granted before the first day, or on that day before the matter was on record; revoked after the last, or on that day after it.
        """
        if (self.kind, self.subject, self.counterparty_id) != (kind, details.approvable(), counterparty_id):
            return False
        first, last = details.approval_days()
        before = (clock.day_of(self.granted_at), self.granted_at) <= (first, recorded_at)
        stands = self.revoked_at is None or (last, recorded_at) < (clock.day_of(self.revoked_at), self.revoked_at)
        return before and stands and self.valid_from_on <= first and last <= self.expires_on and self._worth_within(details)

    def _worth_within(self, details: Details) -> bool:
        """A worth that is not stated in CNY is not known to be within."""
        if self.max_worth is None:
            return True
        worth = details.approval_worth()
        return worth is not None and worth <= self.max_worth


NO_GRANTS: Sequence[Grant] = ()


def number_of(approval_id: UUID, granted_at: datetime) -> str:
    """The year of the decision and the end of the id, as people write it down: 批-2026-3F9A01BC."""
    return f"批-{clock.day_of(granted_at).year}-{approval_id.hex[-8:].upper()}"


def with_approval(
    grants: Iterable[Grant], kind: str, details: Stated, counterparty_id: UUID | None, recorded_at: datetime
) -> tuple[Stated, str | None]:
    """(what is stated, with the fact of the first approval that covers it where it was left out; that approval's id)."""
    for grant in grants:
        if grant.covers(kind, details, counterparty_id, recorded_at):
            filled = details.approved_by(Approved(grant.office, grant.number, clock.day_of(grant.granted_at)))
            return filled, (None if filled is details else str(grant.id))
    return details, None
