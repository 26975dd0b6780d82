"""Reads the worked cases of the chapters (`cases.toml`) and plays them against the book.

A case states only what differs from the chapter's `defaults`:

    [[case]]
    rule = "gift.cash-like"            # the rule that the case is about
    title = "..."                      # zh
    title_en = "..."
    judged_on = 2024-03-01
    person = { rank = "section_chief", inside_information = [ { issuer = "...", from_on = 2024-01-01 } ], relatives_employers = [ "fund_manager" ] }
    party = { relations = [ { relation = "supervised_current" } ] }
    details = { items = [ ... ] }      # merged over defaults.details, lists replaced whole
    source = "self"
    declared_on = 2024-02-20
    inquiries = [ 2024-02-01 ]
    fires = { "gift.cash-like" = "serious" }
    silent = [ "gift.duty-related-kept" ]
    missing = { "rule" = ["fact"] }    # optional
    due_on = { "rule" = 2024-03-10 }   # optional
    basis = { "rule" = ["discipline 97"] }   # optional: "instrument-key article"
    own_accord = { "rule" = true }     # optional: the mark on what was late and has been put right; "none" where nothing has
    closed = true                      # optional: nothing else fires

    [[case.history]]                   # earlier declarations of the person: kind, details, source, declared_on, party, same_group
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from app.rulebook.book import Book, Judgement
from app.rulebook.chapter import Chapter
from app.rulebook.facts import Declared, EmployerKind, Facts, KnownRelation, LeftReason, Party, Person, Rank, Source, StaffClass
from app.rulebook.money import Rate, Rates
from app.rulebook.statement import PartyType, Relation

UNIT = "unit"
PERSON = {"party_member": True, "staff_class": "civil_servant", "rank": "section_chief", "is_leader": False}


@dataclass(frozen=True)
class WorkedCase:
    """One case of a chapter, ready to be judged."""

    chapter: Chapter
    defaults: Mapping[str, Any]
    body: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.body['rule']}: {self.body['title_en']}"

    def facts(self, book: Book) -> Facts:
        """The facts of the case, with what it leaves out taken from the chapter's defaults."""
        history = [self._declared(book, number, item) for number, item in enumerate(self.body.get("history", []))]
        declared = self._declared(book, len(history), self.body)
        return Facts(
            declared=declared,
            person=person_from({**PERSON, **self.defaults.get("person", {}), **self.body.get("person", {})}),
            judged_on=self.body["judged_on"],
            related=history,
            inquiries=tuple(self.body.get("inquiries", ())),
            rates=Rates(Rate(r["currency"], r["on"], Decimal(r["rate"])) for r in self.body.get("rates", ())),
        )

    def _declared(self, book: Book, number: int, item: Mapping[str, Any]) -> Declared:
        kind = item.get("kind") or self.defaults.get("kind") or self.chapter.name
        base = self.defaults.get("details", {}) if kind == (self.defaults.get("kind") or self.chapter.name) else {}
        details = book.details(kind).model_validate(merged(base, item.get("details", {})))
        party = party_from({**self.defaults.get("party", {}), **item.get("party", {})})
        return Declared(
            id=str(number), kind=kind, details=details, source=Source(item.get("source", "self")),
            declared_on=item.get("declared_on", self.body["judged_on"]),
            recorded_at=datetime(2000, 1, 1, tzinfo=UTC) + timedelta(hours=number),
            parties={field: party for field, _ in details.parties_named()},
            same_group=item.get("same_group", True),
        )  # fmt: skip


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Details of a case over the defaults: tables merge, everything else is replaced; TOML days become text as in JSON."""
    out = {key: plain(value) for key, value in base.items()}
    for key, value in over.items():
        both_tables = isinstance(value, Mapping) and isinstance(out.get(key), dict) and "amount" not in value and "name" not in value
        out[key] = merged(out[key], value) if both_tables else plain(value)
    return {key: value for key, value in out.items() if value != "left out"}


def plain(value: Any) -> Any:
    """TOML as JSON would carry it."""
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if value == "null":
        return None
    return value.isoformat() if isinstance(value, date) else value


def person_from(body: Mapping[str, Any]) -> Person:
    """A person of a case; the unit is always the same one."""
    given = dict(body)
    for key, kind in (("staff_class", StaffClass), ("rank", Rank), ("left_reason", LeftReason)):
        if key in given:
            given[key] = kind(given[key])
    known, employers = given.pop("inside_information", ()), given.pop("relatives_employers", ())
    given["inside_information"] = tuple((one["issuer"], one["from_on"], one.get("until_on")) for one in known)
    given["relatives_employers"] = tuple(EmployerKind(employer) for employer in employers)
    return Person(units=(UNIT,), **given)


def party_from(body: Mapping[str, Any]) -> Party:
    """A counterparty of a case; its relations are to the person's unit unless they name another."""
    relations = tuple(
        KnownRelation(unit=r.get("unit", UNIT), relation=Relation(r["relation"]), from_on=r.get("from_on"), until_on=r.get("until_on"))
        for r in body.get("relations", ())
    )
    kind = PartyType(body["type"]) if "type" in body else None
    return Party(id=body.get("id"), names=frozenset(body.get("names", ())), type=kind, region=body.get("region"), relations=relations)


def worked_cases(book: Book) -> Iterator[WorkedCase]:
    """Every case of every chapter."""
    for chapter in book.chapters:
        cases = chapter.cases()
        for body in cases.get("case", ()):
            yield WorkedCase(chapter, cases.get("defaults", {}), body)


def judge(book: Book, case: WorkedCase) -> Judgement:
    """What the book says of a case."""
    return book.judge(case.facts(book))
