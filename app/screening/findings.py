"""Findings as they are kept and shown: texts in both languages when judged, one of them when read."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias
from uuid import UUID

import msgspec
from sqlalchemy import RowMapping

from app.rulebook.book import Book
from app.rulebook.citation import Citation
from app.rulebook.finding import OUTCOMES, Finding, Level, Remedy

Document: TypeAlias = dict[str, Any]
"""A finding as JSON, its title, message and remedy in both languages."""


def document(finding: Finding, finding_id: UUID, book: Book) -> Document:
    """A finding as it is kept for ever: the law may be worded anew, what was said then stays.

    Evidence becomes the JSON that it is kept as, so that a new judgement compares with the old one.
    """
    return {
        "id": str(finding_id),
        "rule": finding.rule,
        "ban": finding.ban,
        "level": finding.level.value,
        "title": finding.title._asdict(),
        "message": finding.message._asdict(),
        "basis": [_cited(row, book) for row in finding.basis],
        "evidence": msgspec.json.decode(msgspec.json.encode(finding.evidence)),
        "remedy": _remedy(finding.remedy),
        "missing_facts": list(finding.missing_facts),
        "confidential": finding.confidential,
    }


def _cited(row: Citation, book: Book) -> Document:
    return {"instrument": book.title_of(row.instrument), "article": row.article, "since": row.since.isoformat(), "confirmed": row.confirmed}


def _remedy(remedy: Remedy | None) -> Document | None:
    if remedy is None:
        return None
    return {"action": remedy.action, "text": remedy.text._asdict(), "due_on": remedy.due_on and remedy.due_on.isoformat()}


def gist(finding: Finding, book: Book) -> tuple[Any, ...]:
    """What a finding says, for digests: the same JSON as `gist_of_kept` makes of its document, made without one."""
    basis = [(book.title_of(row.instrument), row.article, row.since, row.confirmed) for row in finding.basis]
    said = (finding.rule, finding.ban, finding.level, finding.title, finding.message, basis)
    return *said, finding.evidence, finding.remedy, finding.missing_facts, finding.confidential


def gist_of_kept(kept: Document) -> tuple[Any, ...]:
    """What a kept finding says, without the id that each judging gives anew."""
    basis = [(row["instrument"], row["article"], row["since"], row["confirmed"]) for row in kept["basis"]]
    said = (kept["rule"], kept["ban"], kept["level"], _both(kept["title"]), _both(kept["message"]), basis)
    remedy = kept["remedy"] and (kept["remedy"]["action"], _both(kept["remedy"]["text"]), kept["remedy"]["due_on"])
    return *said, kept["evidence"], remedy, kept["missing_facts"], kept["confidential"]


def _both(text: Mapping[str, str]) -> tuple[str, str]:
    return text["zh"], text["en"]


class Said(msgspec.Struct):
    """Words in both languages."""

    zh: str
    en: str


class _Remedy(msgspec.Struct):
    action: str
    text: Said
    due_on: str | None


class _Kept(msgspec.Struct):
    """A kept finding; what no reader changes stays unparsed."""

    id: str
    rule: str | None
    ban: int | None
    level: str
    title: Said
    message: Said
    basis: msgspec.Raw
    evidence: msgspec.Raw
    remedy: _Remedy | None
    missing_facts: msgspec.Raw
    confidential: bool


_decoder = msgspec.json.Decoder(_Kept | list[_Kept])


def _kept_in(stored: str) -> list[_Kept]:
    """The findings of a screening, or the one that a reviewer raised."""
    found = _decoder.decode(stored)
    return [found] if isinstance(found, _Kept) else found


def read_findings(stored: str | None, *, english: bool) -> list[Document]:
    """Kept findings in one language, ready to be encoded."""
    return [] if stored is None else [_shown(kept, english=english) for kept in _kept_in(stored)]


def read_finding(stored: str, finding_id: UUID, *, english: bool) -> Document:
    """One of the kept findings in one language."""
    return next(_shown(kept, english=english) for kept in _kept_in(stored) if kept.id == str(finding_id))


def _shown(kept: _Kept, *, english: bool) -> Document:
    def say(words: Said) -> str:
        return words.en if english else words.zh

    remedy = kept.remedy and {"action": kept.remedy.action, "text": say(kept.remedy.text), "due_on": kept.remedy.due_on}
    return {
        "id": kept.id,
        "rule": kept.rule,
        "ban": kept.ban,
        "level": kept.level,
        "title": say(kept.title),
        "message": say(kept.message),
        "basis": kept.basis,
        "evidence": kept.evidence,
        "remedy": remedy,
        "missing_facts": kept.missing_facts,
        "confidential": kept.confidential,
    }


def known_findings(kept: RowMapping | Mapping[str, Any]) -> Sequence[Document]:
    """The findings of a kept screening in the commission's view, which is the declarant's where none is kept beside it."""
    fuller: Sequence[Document] | None = kept["commission_findings"]
    return kept["findings"] if fuller is None else fuller


def stored(document: Document | Sequence[Document]) -> str:
    """A JSON document just made, as the database would give it back."""
    return msgspec.json.encode(document).decode()


def outcome_of(findings: Sequence[Document]) -> str:
    """The highest level among the findings shown to this reader."""
    return OUTCOMES[max((Level(found["level"]).weight for found in findings), default=0)]
