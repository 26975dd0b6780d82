"""Rows about declarations of one kind, filed and judged as if each had come to the desk."""

import hashlib
from collections.abc import Sequence

import msgspec

from app.access.caller import Scope
from app.kit.errors import Words
from app.rulebook.contents import KINDS

from .fields import NAME, NUMBER, column_of
from .filing import Desk, settle_declarants
from .stating import Form
from .tables import Column, Outcome, Row, Run, Status, Ties


class DeclarationRows:
    """申报。Declarations of one kind."""

    needed: tuple[str, ...] = (NUMBER, NAME)
    scopes: tuple[Scope, ...] = (Scope.DECLARATIONS_FILE_FOR_OTHERS,)
    batch = 200

    def __init__(self, kind: str) -> None:
        title = KINDS[kind].title
        self.name = kind
        self.title = Words(title.zh, title.en)
        self.form = Form(kind)
        self.columns: Sequence[Column] = [column_of(one, kind) for one in self.form.fields]

    def ties(self, row: Row) -> Ties:
        """Items of one declaration stay together; by its mark a row is known again in a dry run, in which nothing is put on record."""
        return Ties(names=(_mark(row),), group=self.form.group_of(row))

    async def take(self, run: Run, rows: Sequence[Row]) -> Sequence[Outcome]:
        """Each declaration in a savepoint of its own."""
        stated = self.form.read(rows, run.conventions)
        await settle_declarants(run, stated)
        outcomes = await Desk(run, self.form).file(stated)
        if run.work is not None:
            return outcomes
        made = run.earlier.made(_mark(row) for row in rows)
        return [_again(outcome) if _mark(row) in made else outcome for row, outcome in zip(rows, outcomes, strict=True)]


def _again(outcome: Outcome) -> Outcome:
    return Outcome(outcome.number, Status.UNCHANGED, outcome.id) if outcome.status is Status.CREATED else outcome


def _mark(row: Row) -> str:
    """What the cells of a row say, as a digest."""
    said = sorted((name, str(cell)) for name, cell in row.cells.items())
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()
