"""Declarations against the ledger: each revision gives the digest that its line holds, and none is missing."""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, exists, select

from app.audit.records import batches, each
from app.audit.verification import Difference
from app.kit.errors import Words
from app.ledger.models import ledger_line
from app.ledger.unit_of_work import Reading

from .models import declaration, declaration_revision
from .repository import STATED, revision_digest

_BATCH = 500
_STATEMENT = ("details", "note", "declared_on", "status", "capture")
_line = ledger_line.c


async def differences(view: Reading) -> AsyncIterator[Difference]:
    """All declarations that are not what was stated, a batch at a time by id."""

    async def compare(ids: Sequence[UUID]) -> Iterable[Difference]:
        return await _compared(view, ids)

    async for ids in batches(view, declaration):
        async for found in each(ids, compare, lambda one: Difference(_said(one, "无法读取。", "cannot be read."))):
            yield found
    async for found in _gone(view):
        yield found


async def _gone(view: Reading) -> AsyncIterator[Difference]:
    """Lines whose declaration is not there, a batch at a time by id."""
    told = select(_line.id, _line.position, _line.subject).where(
        _line.action.in_(STATED), ~exists().where(declaration.c.id == _line.subject)
    )
    after, full = UUID(int=0), True
    while full:
        rows = (await view.connection.execute(told.where(_line.id > after).order_by(_line.id).limit(_BATCH))).all()
        for line, position, subject in rows:
            yield Difference(_said(subject, "整份缺失。", "is gone."), position, line)
        after, full = rows[-1][0] if rows else after, len(rows) == _BATCH


async def _compared(view: Reading, ids: Sequence[UUID]) -> Iterator[Difference]:
    kept, own = declaration_revision.c, declaration.c
    columns = [own[name] for name in ("id", "revision", "source", "declarant_id", *_STATEMENT)]
    declared = (await view.connection.execute(select(*columns).where(own.id.in_(ids)))).mappings().all()
    stated = select(*(kept[name] for name in ("declaration_id", "revision", *_STATEMENT))).where(kept.declaration_id.in_(ids))
    told = select(_line.id, _line.position, _line.subject, _line.content).where(_line.subject.in_(ids), _line.action.in_(STATED))
    revisions, lines = defaultdict[UUID, dict[int, RowMapping]](dict), defaultdict[UUID, dict[int, RowMapping]](dict)
    for row in (await view.connection.execute(stated)).mappings():
        revisions[row["declaration_id"]][row["revision"]] = row
    for row in (await view.connection.execute(told)).mappings():
        lines[row["subject"]][row["content"]["revision"]] = row
    return (found for one in declared for found in _wrong_with(one, revisions[one["id"]], lines[one["id"]]))


def _wrong_with(declared: RowMapping, revisions: Mapping[int, RowMapping], lines: Mapping[int, RowMapping]) -> Iterator[Difference]:
    """What is wrong with one declaration."""
    own, newest = declared["id"], max(lines, default=0)
    for number in sorted({*revisions, *lines}):
        revision, line = revisions.get(number), lines.get(number)
        if line is None:
            yield Difference(_said(own, f"第 {number} 版没有台账记录。", f"has a revision {number} without a line."))
        elif revision is None:
            yield Difference(_said(own, f"第 {number} 版缺失。", f"has lost its revision {number}."), line["position"], line["id"])
        elif not _gives(line, {**declared, **revision}):
            zh, en = f"第 {number} 版与当时所述不同", f"is not in revision {number} what was stated"
            yield Difference(_said(own, zh + "。", en + "."), line["position"], line["id"])
    if newest and (declared["revision"] != newest or not _gives(lines[newest], {**declared})):
        said = _said(own, "现行内容与最新一版所述不同。", "as it stands is not what its newest revision states.")
        yield Difference(said, lines[newest]["position"], lines[newest]["id"])


def _gives(line: RowMapping, statement: Mapping[str, Any]) -> bool:
    return bool(revision_digest(dict(statement)) == line["content"]["digest"])


def _said(declaration_id: UUID, zh: str, en: str) -> Words:
    return Words(f"申报 {declaration_id} {zh}", f"Declaration {declaration_id} {en}")
