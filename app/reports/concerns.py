"""What concerns a person, in the declarant's view: a task, or news that asks for nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from app.kit import clock
from app.rulebook.finding import Level

_NAMESPACE = UUID("6f1d6a53-6c0b-5d6e-9d39-0b2f4f6b7a10")
_AT_ONCE = frozenset({Level.BREACH, Level.SERIOUS, Level.REFER})


class NoticeType(StrEnum):
    """Why a notice is raised."""

    TASK_ARISEN = "task-arisen"
    TASK_DUE = "task-due"
    TASK_OVERDUE = "task-overdue"
    FACTS_REQUESTED = "facts-requested"
    FINDING_SHOWN = "finding-shown"
    APPROVAL_REQUESTED = "approval-requested"
    APPROVAL_DECIDED = "approval-decided"


class ActMethod(StrEnum):
    """How an act is asked for."""

    POST = "POST"
    PATCH = "PATCH"


class Act(NamedTuple):
    """A request that settles a task."""

    method: ActMethod
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """One thing that concerns a person: a task where it has an `action`, else news.

    `about` is what makes it the same the next time it is found; `since` is when it arose, `version` moves with what it says; `notice` is as what
    it is first told of, None where nobody needs to be told.
    """

    person: UUID
    about: str
    since: datetime
    version: int
    text: str
    notice: NoticeType | None
    action: str | None = None
    acts: tuple[Act, ...] = ()
    due_on: date | None = None
    declaration: UUID | None = None
    kind: str | None = None
    review: UUID | None = None
    obligation: UUID | None = None
    approval: UUID | None = None
    rule: str | None = None
    level: Level | None = None

    @property
    def id(self) -> UUID:
        """The same each time (RFC 9562, version 5)."""
        return uuid5(_NAMESPACE, self.about)

    @property
    def subject(self) -> tuple[str, UUID]:
        """The record that it is about: what sort, and its id."""
        named = {"declaration": self.declaration, "review": self.review, "obligation": self.obligation, "approval": self.approval}
        return next((sort, record) for sort, record in named.items() if record is not None)

    @property
    def overdue(self) -> bool:
        """Whether its day has passed; the day itself is in time."""
        return self.due_on is not None and self.due_on < clock.today()

    @property
    def days_left(self) -> int | None:
        """0 on the last day, negative once it has passed."""
        return None if self.due_on is None else (self.due_on - clock.today()).days

    @property
    def at_once(self) -> bool:
        """A suspected breach that no day is set for."""
        return self.due_on is None and self.level in _AT_ONCE

    @property
    def place(self) -> int:
        """How urgent it is, lowest first: what is to be done at once, what has a day, what has none, drafts."""
        return 0 if self.at_once else 1 if self.due_on else 2 if self.level else 3

    @property
    def urgency(self) -> tuple[int, int, str]:
        """Its place in a list, the soonest due first; those alike by the age of the record, then the gravest first."""
        mild = 9 - (self.level.weight if self.level else 0)
        return self.place, self.due_on.toordinal() if self.due_on else 0, f"{self.subject[1].hex}{mild}{self.id.hex}"

    def told(self) -> Mapping[str, Any]:
        """The task as answers show it."""
        return {
            "id": self.id,
            "declaration": self.declaration,
            "kind": self.kind,
            "review": self.review,
            "obligation": self.obligation,
            "approval": self.approval,
            "rule": self.rule,
            "level": self.level,
            "action": self.action,
            "text": self.text,
            "due_on": self.due_on and self.due_on.isoformat(),
            "days_left": self.days_left,
            "overdue": self.overdue,
            "acts": [act._asdict() for act in self.acts],
        }
