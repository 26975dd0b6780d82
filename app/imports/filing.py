"""Declarations of a table filed at the desk: for whom, whether on record already, and then judged and kept like any other.

What the desk does once for each declaration it does here once for each declarant of a chunk where that comes to the same: asking whether the caller may
file, locking and reading the declarant, and letting reviews take up what was found.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, or_, select

from app.counterparties.models import counterparty_name
from app.counterparties.names import name_key
from app.counterparties.references import lock_names
from app.declarations.models import declaration, declaration_revision
from app.declarations.schemas import Filing
from app.declarations.visibility import visible
from app.intake.days import require_past
from app.intake.parties import parties_known
from app.intake.rights import may_file
from app.intake.service import Intake
from app.kit import clock
from app.kit.database import locked
from app.kit.errors import Problem, Words
from app.kit.ids import new_id
from app.kit.statements import one_of
from app.ledger.unit_of_work import Reading, Work
from app.people.called import units_called
from app.people.models import person
from app.people.visibility import in_reach, own, unknown_person, unknown_unit
from app.rulebook.facts import Source
from app.rulebook.finding import Level
from app.screening.declarant import Declarant, read_declarant, units_above

from .cells import folded
from .fields import NAME, NUMBER, UNIT
from .stating import Form, Stated
from .tables import Outcome, RowFault, Run, Status


async def settle_declarants(run: Run, stated: Sequence[Stated]) -> None:
    """Find whom each declaration is of: by number, or by a name that only one bears, in the unit that is named or anywhere in reach."""
    asking = [one for one in stated if not one.nil and not one.faults]
    units = await units_called(run.view, run.caller, {one.said[UNIT] for one in asking if one.said.get(UNIT)})
    persons = await _persons(run, asking)
    for one in asking:
        among = units.get(one.said.get(UNIT) or "", None) if one.said.get(UNIT) else None
        if among == []:
            one.fault(RowFault(UNIT, "unit-unknown", unknown_unit("").message))
        else:
            _settle(one, persons, among)


class _Person(NamedTuple):
    id: UUID
    number: str
    name: str
    units: frozenset[str]
    """The unit and all above it."""


async def _persons(run: Run, asking: Iterable[Stated]) -> list[_Person]:
    """Everybody in reach who bears one of the numbers or names."""
    numbers = {one.said[NUMBER] for one in asking if one.said.get(NUMBER)}
    names = {one.said[NAME] for one in asking if one.said.get(NAME) and not one.said.get(NUMBER)}
    if not (numbers or names):
        return []
    row, connection = person.c, run.view.connection
    asked = select(row.id, row.employee_number, row.name, row.unit_id).where(
        or_(row.employee_number.in_(numbers), row.name.in_(names)), or_(own(run.caller, row.id), in_reach(run.caller, row.unit_id))
    )
    found = (await connection.execute(asked)).all()
    above = await units_above(connection, {each.unit_id for each in found})
    return [_Person(each.id, each.employee_number, each.name, frozenset(above[each.unit_id])) for each in found]


def _settle(one: Stated, persons: Sequence[_Person], units: Sequence[UUID] | None) -> None:
    number, name = one.said.get(NUMBER), one.said.get(NAME)
    if number is None and name is None:
        one.fault(RowFault(NUMBER, "missing", Words("请填写申报人的工号或姓名。", "Give the declarant's number or name.")))
        return
    column = NUMBER if number is not None else NAME
    found = [each for each in persons if (each.number == number if number is not None else each.name == name)]
    if units is not None:
        found = [each for each in found if not each.units.isdisjoint(map(str, units))]
    if len(found) != 1:
        wrong = RowFault(column, "person-ambiguous", _SEVERAL) if found else RowFault(column, "person-unknown", unknown_person("").message)
        one.fault(wrong)
    elif number is not None and name is not None and folded(found[0].name) != folded(name):
        one.fault(RowFault(NAME, "person-differs", _DIFFERS))
    else:
        one.declarant = found[0].id


@dataclass(slots=True)
class _Kept:
    """A declaration on record, with what it has stated in any of its revisions."""

    id: UUID
    details: list[Any]


class Desk:
    """Files what a chunk states, within its unit of work; in a dry run it looks whether it could be filed."""

    def __init__(self, run: Run, form: Form) -> None:
        self.run = run
        self.form = form
        self.intake = Intake(run.work, run.book, run.caller) if run.work is not None else None
        self._kept: dict[tuple[UUID, str], _Kept] = {}
        self._declarants: dict[UUID, Declarant] = {}
        self._may: dict[tuple[UUID, Source | None, date | None], Source] = {}
        self._touched: set[UUID] = set()

    async def file(self, stated: Sequence[Stated]) -> list[Outcome]:
        """What becomes of each; those of earlier conduct first, so that few have to be judged twice."""
        sound = sorted((one for one in stated if one.declarant and one.filing and not one.faults), key=_conduct)
        if self.run.work is not None:
            await _lock(self.run.work, sound)
        await self._look_up(self.run.view, sound)
        outcomes = {one.rows[0].number: await self._one(one) for one in sound}
        if self.intake is not None:
            for declarant in sorted(self._touched):
                await self.intake.opening.take_up(declarant)
        return [made for one in stated for made in _of_rows(one, outcomes.get(one.rows[0].number))]

    async def _look_up(self, view: Reading, sound: Sequence[Stated]) -> None:
        """What is on record under the references of the chunk, as far as the caller may know of it: what they see, and what HR has entered in their reach.

        Whoever hands in a row must not learn by it that the official, or the commission, has stated the same.
        """
        persons = list({one.declarant for one in sound if one.declarant})
        references = {one.reference(self.form.kind) for one in sound}
        row, kept = declaration.c, declaration_revision.c
        asked = (
            select(row.id, row.declarant_id, row.client_reference, kept.details)
            .join(declaration_revision, kept.declaration_id == row.id)
            .where(one_of(row.declarant_id, persons), row.client_reference.in_(references), row.kind == self.form.kind)
            .where(or_(visible(self.run.caller), and_(row.source == Source.HR, in_reach(self.run.caller, row.unit_id))))
        )
        for found in (await view.connection.execute(asked)).all() if sound else ():
            self._kept.setdefault((found.declarant_id, found.client_reference), _Kept(found.id, [])).details.append(found.details)

    async def _one(self, one: Stated) -> tuple[Status, UUID | None]:
        assert one.declarant is not None  # noqa: S101  # what is sound has one
        assert one.filing is not None  # noqa: S101
        reference = one.reference(self.form.kind)
        filing = one.filing.model_copy(update={"declarant": one.declarant, "client_reference": reference})
        states = filing.details.model_dump(mode="json")
        kept = self._kept.get((one.declarant, reference))
        if kept is not None:
            if states not in kept.details:
                one.fault(_taken(reference))
            return (Status.FAILED if one.faults else Status.UNCHANGED), kept.id
        try:
            made = await self._filed(filing)
        except Problem as problem:
            for fault in problem.faults:
                self.form.refuse(one, fault)
            if not problem.faults:
                one.fault(RowFault(None, problem.code, problem.detail))
            return Status.FAILED, None
        self._kept[one.declarant, reference] = _Kept(made, [states])
        return Status.CREATED, made

    async def _filed(self, filing: Filing) -> UUID:
        """The new declaration, or in a dry run one that could be.

        Raises:
            Problem: as at the desk.
        """
        source = await self._source(filing)
        if self.intake is None:
            require_past(filing.details, filing.declared_on or clock.today())
            await parties_known(self.run.view, filing.details)
            return new_id()
        declarant = await self._declarant(filing)
        async with self.intake.work.attempt():
            declared, _, later = await self.intake.file(filing, declarant, source)
        if later or declared["shown_outcome"] >= Level.BREACH.weight:
            self._touched.add(declarant.id)
        made: UUID = declared["id"]
        return made

    async def _source(self, filing: Filing) -> Source:
        assert filing.declarant is not None  # noqa: S101
        asked = filing.declarant, filing.source, filing.declared_on
        if asked not in self._may:
            self._may[asked] = (await may_file(self.run.view, self.run.caller, filing))[1]
        return self._may[asked]

    async def _declarant(self, filing: Filing) -> Declarant:
        """The declarant, who is locked."""
        assert filing.declarant is not None  # noqa: S101
        if filing.declarant not in self._declarants:
            self._declarants[filing.declarant] = await read_declarant(self.run.view.connection, filing.declarant, lock=True)
        return self._declarants[filing.declarant]


async def _lock(work: Work, sound: Sequence[Stated]) -> None:
    """Hold all declarants, then all names that the register does not know yet, each in one order, so that chunks do not wait for each other crosswise."""
    ids = list({one.declarant for one in sound if one.declarant})
    await work.connection.execute(locked(select(person.c.id).where(one_of(person.c.id, ids)).order_by(person.c.id)))
    keys = {name_key(party.name) for one in sound if one.filing for _, party in one.filing.details.parties_named() if party.name}
    known = set(await work.connection.scalars(select(counterparty_name.c.name_key).where(counterparty_name.c.name_key.in_(keys))))
    await lock_names(work, keys - known)


def _conduct(one: Stated) -> Any:
    assert one.filing is not None  # noqa: S101
    return one.filing.details.span()[0], one.filing.declared_on or clock.today(), one.rows[0].number


def _of_rows(one: Stated, outcome: tuple[Status, UUID | None] | None) -> list[Outcome]:
    """The outcome of each row of a declaration: where one is wrong, none is taken in."""
    if one.nil:
        return [Outcome(row.number, Status.NIL) for row in one.rows]
    if one.faults or outcome is None:
        return [Outcome(row.number, Status.FAILED, None, tuple(one.faults.get(row.number, [_WITH_ANOTHER]))) for row in one.rows]
    return [Outcome(row.number, *outcome) for row in one.rows]


def _taken(reference: str) -> RowFault:
    if reference.startswith("import-"):
        return RowFault(None, "declaration-repeated", _REPEATED)
    return RowFault("client_reference", "reference-taken", _TAKEN)


_WITH_ANOTHER = RowFault(None, "row-with-another", Words("同一份申报的另一行有误。", "Another row of the same declaration is wrong."))
_SEVERAL = Words("有几人用此姓名，请填写工号，或写明单位。", "Several persons bear this name; give the employee number, or the unit.")
_DIFFERS = Words("该工号登记的是另一姓名，请核对工号与姓名。", "The number is on record for another name; check both.")
_TAKEN = Words(
    "该申报人名下已有此编号的申报，内容不同：要更正的请修改该申报；另一份申报请用另一编号；各项须在相邻各行。",
    "The declarant has a declaration of this reference that states something else: amend that one, give another one another reference, and keep items in neighbouring rows.",
)
_REPEATED = Words(
    "同一人已有同日、同一对方、同一内容、同一金额的申报，其余各项不同：要更正的请修改该申报；确为另一事项的请填写来件编号。",
    "The declarant has a declaration of the same day, party, thing and sum that differs in the rest: amend that one, or give a matter of its own a reference.",
)
