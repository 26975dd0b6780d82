"""Recusal (回避): who may not work on a review, as far as the register can tell (监察法、公务员法关于回避的规定).

A reviewer stands back from kin, from whoever has made them a delegate, and from counterparties that they hold, work for or took from:
computed from the reviewer's own filed declarations and the groups of the counterparties in them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, or_, select, union

from app.access.caller import Caller
from app.counterparties.groups import in_one_group
from app.declarations.models import declaration
from app.declarations.schemas import Status
from app.declarations.visibility import is_as_commission
from app.kit import clock
from app.kit.errors import Problem, Words
from app.kit.statements import one_of
from app.ledger.unit_of_work import Reading
from app.people.models import delegation, person
from app.rulebook.contents import KINDS
from app.rulebook.facts import Source
from app.screening.models import finding

from .models import review


@dataclass(frozen=True, slots=True, kw_only=True)
class Interest:
    """Why somebody stands back: the words, and the own declaration that tells it, if one does."""

    words: Words
    declaration: RowMapping | None = None


class Recusal:
    """Who may not work on what concerns one person and some counterparties."""

    def __init__(self, view: Reading, person_id: UUID, parties: Collection[UUID]) -> None:
        self.view = view
        self.connection = view.connection
        self.person_id = person_id
        self.parties = [*parties]

    @classmethod
    async def of_review(cls, view: Reading, row: Mapping[str, Any]) -> "Recusal":
        """From a review: its counterparty, and everybody on the other side of what its findings are about."""
        in_it = declaration.c.id.in_(select(finding.c.declaration_id).where(finding.c.review_id == row["id"]))
        asked = union(
            select(review.c.counterparty_id).where(review.c.id == row["id"]),
            *(select(party).where(in_it) for party in (declaration.c.counterparty_id, declaration.c.further_counterparty_id)),
        )
        parties = (await view.connection.scalars(asked)).all()
        return cls(view, row["person_id"], [party for party in parties if party is not None])

    async def require_impartial(self, caller: Caller) -> None:
        """Refuse a caller who must stand back; a key that speaks for nobody has no interests that the register knows.

        What the commission discovered of the caller is not counted, as a refusal would tell them of it.

        Raises:
            Problem: 403 with the reason.
        """
        if caller.person is not None:
            found = (await self.interests([caller.person], openly=True)).get(caller.person)
            if found is not None:
                raise recused(found.words)

    async def require_impartial_reviewer(self, caller: Caller, reviewer_id: UUID) -> None:
        """The same for whom somebody else assigns, who reads no more of the reason than of the declaration that tells it.

        Raises:
            Problem: 403.
        """
        found = (await self.interests([reviewer_id], openly=reviewer_id == caller.person)).get(reviewer_id)
        if found is None:
            return
        told = found.declaration
        if told is None or reviewer_id == caller.person or await is_as_commission(self.view, caller, reviewer_id, told["unit_id"]):
            raise recused(found.words)
        raise recused(_UNTOLD)

    async def interests(self, reviewers: Collection[UUID], *, openly: bool) -> dict[UUID, Interest]:
        """Those of the reviewers who must stand back, with one reason each; `openly` leaves out what the commission discovered of them."""
        found = {row["declarant_id"]: _dealing(row) for row in await self._dealings(reviewers, openly=openly)}
        found |= {delegate: Interest(words=_DELEGATE) for delegate in await self._delegates(reviewers)}
        found |= {one: Interest(words=_KIN) for one in await self._kin(reviewers)}
        return found | ({self.person_id: Interest(words=_ONESELF)} if self.person_id in reviewers else {})

    async def _dealings(self, reviewers: Collection[UUID], *, openly: bool) -> list[RowMapping]:
        """What the reviewers declared of the counterparties' groups, the newest last."""
        if not self.parties:
            return []
        row = declaration.c
        asked = (
            select(row.id, row.declarant_id, row.unit_id, row.kind, row.occurred_from)
            .where(one_of(row.declarant_id, [*reviewers]), row.status == Status.SUBMITTED)
            .where(in_one_group(self.parties, row.counterparty_id, row.further_counterparty_id))
            .order_by(row.occurred_from, row.id)
        )
        if openly:
            asked = asked.where(row.source != Source.COMMISSION)
        return list((await self.connection.execute(asked)).mappings())

    async def _delegates(self, reviewers: Collection[UUID]) -> list[UUID]:
        row, today = delegation.c, clock.today()
        running = row.ended_at.is_(None), row.from_on <= today, or_(row.until_on.is_(None), row.until_on >= today)
        asked = select(row.delegate_id).where(row.person_id == self.person_id, one_of(row.delegate_id, [*reviewers]), *running)
        return list((await self.connection.scalars(asked)).all())

    async def _kin(self, reviewers: Collection[UUID]) -> list[UUID]:
        """Whose relatives on record bear the name of the person under review, or the other way round."""
        asked = select(person.c.id, person.c.name, person.c.relatives).where(one_of(person.c.id, [self.person_id, *reviewers]))
        rows = {row["id"]: row for row in (await self.connection.execute(asked)).mappings()}
        reviewed = rows.pop(self.person_id, None)
        return [one for one, row in rows.items() if reviewed and (_names(row, reviewed) or _names(reviewed, row))]


def _names(row: RowMapping, other: RowMapping) -> bool:
    return any(relative["name"] == other["name"] for relative in row["relatives"])


def _dealing(row: RowMapping) -> Interest:
    title, day, one = KINDS[row["kind"]].title, row["occurred_from"], row["id"]
    return Interest(words=_said_of(title.zh, title.en, day, one), declaration=row)


def _said_of(zh: str, en: str, day: date, one: UUID) -> Words:
    return Words(
        f"审查人员本人于 {day} 的申报（{zh}，编号 {one}）涉及同一往来对象或其关联方，应当回避。",
        f"The reviewer's own declaration of {day} ({en}, id {one}) concerns the same counterparty or its group; somebody else must act.",
    )


_UNTOLD = Words(
    "该审查人员与同一往来对象或其关联方有利害关系，应当回避，请改派他人。",
    "This reviewer has an interest of their own in the counterparty or its group; assign somebody else.",
)
_ONESELF = Words("不得审查本人的事项，应当回避。", "Nobody reviews their own affairs; somebody else must act.")
_KIN = Words(
    "登记的亲属姓名表明审查人员与被审查人可能是近亲属，应当回避。",
    "By the names of relatives on record the reviewer may be kin of the person under review; somebody else must act.",
)
_DELEGATE = Words(
    "审查人员是被审查人的代办人，应当回避。",
    "The reviewer files and reads for the person under review as a delegate; somebody else must act.",
)


def recused(reason: Words) -> Problem:
    """403 that says why."""
    return Problem(403, "recused", Words("应当回避", "A reviewer must stand back"), reason)
