"""Meals of one host on one day that several officials declared, or whose notes name a colleague who declared none (同席)."""

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

from sqlalchemy import CTE, RowMapping, Select, exists, func, or_, select

from app.access.caller import Caller
from app.access.disclosure import Disclosure
from app.declarations.models import declaration
from app.kit.errors import Words
from app.kit.pages import Place, PlacedPage
from app.kit.statements import one_of
from app.people.models import person
from app.people.visibility import of_others
from app.rulebook.chapters.meal.details import MealDisposition
from app.rulebook.facts import Source

from .leads import Leads, Names, said
from .window import Window


class Sitting(NamedTuple):
    """One host's group on one day."""

    head: UUID
    day: date


Named: TypeAlias = dict[UUID, UUID]
"""Who is named in a note and did not declare, each with the declaration whose note it is."""


class SharedMeals:
    """What one caller may lay side by side."""

    def __init__(self, view: Disclosure, caller: Caller, *, english: bool) -> None:
        self.view = view
        self.connection = view.connection
        self.caller = caller
        self.english = english

    async def page(self, window: Window, page: PlacedPage) -> Leads:
        """The newest first."""
        found = await self._found(window)
        shown, following = page.of(found.items(), lambda one: Place(-one[0].day.toordinal(), one[0].head.hex))
        meals = await self._meals(window, [sitting for sitting, _ in shown])
        every = [row for rows in meals.values() for row in rows]
        parties = {row[side] for row in every for side in ("head_id", "counterparty_id")}
        persons = {row["declarant_id"] for row in every} | {one for _, named in shown for one in named}
        names = await Names.read(self.view, persons=persons, parties=parties)
        items = [self._told(sitting, named, meals[sitting], names) for sitting, named in shown]
        return Leads(window, items, following, len(found) if page.count else None)

    async def _found(self, window: Window) -> dict[Sitting, Named]:
        meals = _attended(self.caller, window).cte("meals")
        key = meals.c.head_id, meals.c.occurred_from
        several = select(*key).group_by(*key).having(func.count(meals.c.declarant_id.distinct()) > 1)
        found: dict[Sitting, Named] = {Sitting(*row): {} for row in await self.connection.execute(several)}
        for head, day, declared, official in await self.connection.execute(_named(self.caller, meals)):
            found.setdefault(Sitting(head, day), {}).setdefault(official, declared)
        return found

    async def _meals(self, window: Window, sittings: Collection[Sitting]) -> dict[Sitting, list[RowMapping]]:
        """The meals of each, in the order in which they were declared."""
        found: dict[Sitting, list[RowMapping]] = {sitting: [] for sitting in sittings}
        meals = _attended(self.caller, window, declaration.c.details).subquery("meals")
        days, groups = {one.day for one in sittings}, sorted({one.head for one in sittings})
        asked = select(meals).where(meals.c.occurred_from.in_(days), one_of(meals.c.head_id, groups)).order_by(meals.c.id)
        for row in (await self.connection.execute(asked)).mappings():
            found.get(Sitting(row["head_id"], row["occurred_from"]), []).append(row)
        return found

    def _told(self, sitting: Sitting, named: Named, meals: list[RowMapping], names: Names) -> dict[str, Any]:
        declarants = {row["declarant_id"] for row in meals if row["source"] != Source.COMMISSION}
        companions = max((row["details"].get("companions") or 0 for row in meals), default=0)
        return {
            "group": names.party(sitting.head),
            "occurred_on": sitting.day,
            "declared_by": len(declarants),
            "companions": companions or None,
            "not_declared": [{**names.official(one), "named_in": named[one]} for one in sorted(named)],
            "meals": [_meal(row, names) for row in meals],
            "message": said(
                _words(names.parties[sitting.head], sitting.day, len(declarants), companions, named, names), english=self.english
            ),
        }


def _attended(caller: Caller, window: Window, *columns: Any) -> Select[Any]:
    row = declaration.c
    taken = row.details["disposition"].as_string() == MealDisposition.ATTENDED
    return window.declared(caller, "meal", row.source, row.note, *columns, only=[taken])


def _named(caller: Caller, meals: CTE) -> Select[Any]:
    """Colleagues of who declared, then in service, whose name stands in the note and who declared no such meal; never the caller."""
    theirs, named = meals.alias("theirs"), meals.c.note.contains(person.c.name)
    declared = exists().where(
        theirs.c.head_id == meals.c.head_id,
        theirs.c.occurred_from == meals.c.occurred_from,
        theirs.c.declarant_id == person.c.id,
        theirs.c.source != Source.COMMISSION,
    )
    in_service = or_(person.c.left_on.is_(None), person.c.left_on >= meals.c.occurred_from)
    asked = select(meals.c.head_id, meals.c.occurred_from, meals.c.id, person.c.id.label("official_id"))
    asked = asked.join_from(meals, person, person.c.unit_id == meals.c.unit_id).where(
        meals.c.note.is_not(None), func.length(person.c.name) > 1
    )
    return asked.where(named, person.c.id != meals.c.declarant_id, of_others(caller, person.c.id), in_service, ~declared).order_by(
        meals.c.id, person.c.id
    )


def _meal(row: RowMapping, names: Names) -> dict[str, Any]:
    stated = row["details"]
    return {
        "declaration": row["id"],
        **names.official(row["declarant_id"]),
        "unit": row["unit_id"],
        "source": row["source"],
        "host": names.party(row["counterparty_id"]),
        "place": stated.get("place"),
        "guests": stated.get("guests"),
        "companions": stated.get("companions"),
    }


def _words(host: str, day: date, declared: int, companions: int, named: Named, names: Names) -> Words:
    zh = f"{day}，{declared}人申报了{host}或其关联企业的宴请"
    en = f"On {day}, {declared} declared a meal with {host} or its group"
    if companions:
        zh, en = f"{zh}，所述陪餐人数为{companions}人", f"{en}; {companions} companions are stated"
    if named:
        called = [names.persons[one] for one in sorted(named)]
        zh, en = (
            f"{zh}；说明中提到的{'、'.join(called)}未见申报",
            f"{en}; {', '.join(called)}, named in a note, did not as far as you can see",
        )
    return Words(f"{zh}。", f"{en}.")
