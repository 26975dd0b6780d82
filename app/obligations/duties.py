"""Duties to report that the law itself sets: from whom, of what, and by when; dated and cited data, never numbers in code."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from sqlalchemy import and_, false, or_, true
from sqlalchemy.sql.elements import ColumnElement

from app.people.models import person
from app.rulebook.book import Book
from app.rulebook.citation import Confidence
from app.rulebook.contents import KINDS
from app.rulebook.facts import LeftReason, Rank, StaffClass
from app.rulebook.parameters import RulebookError, read_toml
from app.rulebook.statement import Flag

YEARLY_REPORT = "yearly_report"
NEW_POST = "new_post_declaration"
LEAVING = "leaving_declaration"

REMIND_DAYS = (14, 7, 1)
"""How many days before the last one a reminder goes out, unless a campaign says otherwise."""

_MonthDay = Annotated[str, Field(pattern=r"^[0-9]{2}-[0-9]{2}$")]


class Circle(BaseModel):
    """Persons who are bound: everything that is said must hold; what is not said does not matter."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    staff_classes: list[StaffClass] = Field(
        default=[], max_length=9, description="人员类别；空为不限。Classes of staff; none: any.", examples=[["civil_servant"]]
    )
    min_rank: Rank | None = Field(default=None, description="最低职级（含）。Lowest rank.", examples=["division_deputy"])
    leaders_only: Flag = Field(default=False, description="仅领导干部。Leaders alone.")
    party_members_only: Flag = Field(default=False, description="仅中共党员。Party members alone.")

    def fits(self, row: Mapping[str, Any]) -> bool:
        """Whether somebody with this post is in the circle; who is not said to be in the Party is not."""
        return (
            (not self.staff_classes or row["staff_class"] in self.staff_classes)
            and (self.min_rank is None or Rank(row["rank"]).at_least(self.min_rank))
            and (not self.leaders_only or row["is_leader"])
            and (not self.party_members_only or bool(row.get("party_member")))
        )

    def holds(self) -> ColumnElement[bool]:
        """The person is in the circle, by the record of today."""
        said: list[ColumnElement[bool]] = [true()]
        if self.staff_classes:
            said.append(person.c.staff_class.in_([one.value for one in self.staff_classes]))
        if self.min_rank is not None:
            said.append(person.c.rank.in_([rank.value for rank in Rank if rank.at_least(self.min_rank)]))
        if self.leaders_only:
            said.append(person.c.is_leader)
        if self.party_members_only:
            said.append(person.c.party_member)
        return and_(*said)


def in_a_circle(circles: list[Circle]) -> ColumnElement[bool]:
    """One of the circles holds the person; without any, everybody is bound."""
    return or_(false(), *(circle.holds() for circle in circles)) if circles else true()


def fits_a_circle(circles: Sequence[Circle], row: Mapping[str, Any]) -> bool:
    """The same of one post at hand."""
    return not circles or any(circle.fits(row) for circle in circles)


class Basis(BaseModel):
    """One row of a duty's legal basis."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    instrument: str
    article: str | None = None
    since: date
    confidence: Confidence

    @property
    def confirmed(self) -> bool:
        """False while the row rests on inference or memory."""
        return self.confidence not in ("I", "M")


class Version(Basis):
    """How a duty's last day is reckoned from a day on."""

    days: int | None = Field(default=None, ge=1)
    due: _MonthDay | None = None
    opens: _MonthDay | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "Version":
        if (self.days is None) == (self.due is None) or (self.due is None) != (self.opens is None):
            raise ValueError("give either `days`, or `due` with `opens`")
        return self


class Duty(BaseModel):
    """A duty to report (报告义务): its kinds, whom it binds, its basis, and its dated versions, oldest first."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: str
    title: str
    title_en: str
    kinds: list[str] = Field(min_length=1)
    circles: list[Circle] = Field(min_length=1)
    reasons: list[LeftReason] = []
    basis: list[Basis] = Field(min_length=1)
    versions: list[Version] = Field(min_length=1)

    def on(self, day: date) -> Version | None:
        """The version in force on a day; None before the first."""
        return next((version for version in reversed(self.versions) if version.since <= day), None)

    def cited(self, day: date, book: Book) -> list[dict[str, Any]]:
        """The rows in force on a day as findings show them; a version that awaits confirmation leaves none of them confirmed."""
        version = self.on(day)
        sure = version is not None and version.confirmed
        return [
            {
                "instrument": book.title_of(row.instrument),
                "article": row.article,
                "since": row.since.isoformat(),
                "confirmed": sure and row.confirmed,
            }
            for row in self.basis
            if row.since <= day
        ]


def after_event(version: Version, on: date) -> date:
    """The last day of a version that counts days from an event, whose own day does not count (民法典 201, by analogy)."""
    return on + timedelta(days=version.days or 0)


def of_year(version: Version, year: int) -> tuple[date, date]:
    """(the day a yearly report on that year opens, its last day), both in the year after."""
    return date.fromisoformat(f"{year + 1}-{version.opens}"), date.fromisoformat(f"{year + 1}-{version.due}")


@cache
def duties() -> Mapping[str, Duty]:
    """All duties, by type.

    Raises:
        RulebookError: with the file and the duty at fault; versions out of order or unknown kinds do not load.
    """
    path = Path(__file__).with_name("duties.toml")
    try:
        read = {name: Duty(type=name, **body) for name, body in read_toml(path).items()}
    except (ValidationError, TypeError) as error:
        raise RulebookError(f"{path}:1: {error}") from error
    for name, duty in read.items():
        days = [version.since for version in duty.versions]
        if days != sorted(set(days)) or not set(duty.kinds) <= set(KINDS):
            raise RulebookError(f"{path}:1: duty {name}: versions follow each other by `since`, and kinds are kinds of declaration")
    return read
