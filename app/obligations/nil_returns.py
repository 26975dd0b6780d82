"""Nil returns (零报告): filed by the official, a delegate or HR; taken back with a reason; never deleted, also where a declaration contradicts them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, false, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.access.caller import COMMISSION, Caller, Scope
from app.declarations.capture import Arrival, Device
from app.declarations.models import declaration
from app.declarations.repository import captured_in
from app.declarations.schemas import Status
from app.declarations.visibility import visible as visible_declarations
from app.kit import clock
from app.kit.database import locked
from app.kit.errors import Fault, Problem, Words, conflict, invalid, not_found
from app.kit.etags import require_match, stale
from app.kit.ids import new_id
from app.kit.pages import Page
from app.kit.statements import one_of
from app.ledger.lines import digest
from app.ledger.unit_of_work import Reading, Work
from app.people.models import person
from app.people.visibility import in_reach, own, unknown_person

from .accounting import account_for, names, touches
from .campaigns import visible as visible_campaigns
from .models import campaign, nil_return, obligation
from .schemas import NilReturnIn
from .states import UNMET

FILERS = (Scope.DECLARATIONS_WRITE, Scope.DECLARATIONS_FILE_FOR_OTHERS)
_READERS = (*COMMISSION, Scope.DECLARATIONS_FILE_FOR_OTHERS)
_MOST_CONTRADICTIONS = 100
_NIL_RETURN = Words("零报告", "nil return")
STATED = ("nil-return.filed", "nil-return.withdrawn")
"""The acts for which there is a receipt."""

_DIGESTED = ("person_id", "campaign_id", "obligation_id", "kinds", "period_from", "period_until", "filed_on", "withdrawal_reason")


Rows: TypeAlias = list[RowMapping]
Contradictions: TypeAlias = dict[UUID, list[UUID]]
"""By nil return, the declarations that say otherwise."""


class Asked(NamedTuple):
    """What a nil return answers: a campaign, or an obligation that has none."""

    campaign: UUID | None
    obligation: UUID | None
    kinds: list[str]
    period_from: date
    period_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NilReturnFilter:
    """Which nil returns a list shows."""

    person: UUID | None = None
    campaign: UUID | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """What must hold."""
        equal = {"person_id": self.person, "campaign_id": self.campaign}
        return [nil_return.c[name] == value for name, value in equal.items() if value is not None]


def nil_return_digest(values: Any) -> str:
    """The digest of a nil return, of the values that are written or were read: the ledger proves it without holding it."""
    return digest({**{name: values[name] for name in _DIGESTED}, **captured_in(values["capture"])})


async def nil_return_digests(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, str]:
    """The digests of nil returns as they stand."""
    rows = (await connection.execute(select(nil_return).where(one_of(nil_return.c.id, list(ids))))).mappings()
    return {row["id"]: nil_return_digest(row) for row in rows}


def visible(caller: Caller) -> ColumnElement[bool]:
    """One's own and those of whom one acts for; for the commission and whoever files for others, those of units within reach."""
    ways: list[ColumnElement[bool]] = [false()]
    if caller.may(Scope.DECLARATIONS_WRITE):
        ways.append(own(caller, nil_return.c.person_id))
    if caller.may(*_READERS):
        ways.append(in_reach(caller, nil_return.c.unit_id))
    return or_(*ways)


class NilReturns:
    """The nil returns that a caller sees."""

    def __init__(self, view: Reading, caller: Caller) -> None:
        self.connection = view.connection
        self.caller = caller

    async def get(self, nil_return_id: UUID) -> RowMapping:
        """One of them.

        Raises:
            Problem: 404.
        """
        asked: Select[Any] = select(nil_return).where(nil_return.c.id == nil_return_id, visible(self.caller))
        row: RowMapping | None = (await self.connection.execute(asked)).mappings().first()
        if row is None:
            raise not_found(_NIL_RETURN)
        return row

    async def list(self, page: Page, asked: NilReturnFilter) -> list[RowMapping]:
        """A page of them, one more than asked for."""
        seen = select(nil_return).where(visible(self.caller), *asked.conditions())
        return list((await self.connection.execute(page.of(seen, nil_return.c.id))).mappings())

    async def count(self, asked: NilReturnFilter) -> int:
        """How many there are in all."""
        counted = select(func.count()).select_from(nil_return).where(visible(self.caller), *asked.conditions())
        return await self.connection.scalar(counted) or 0

    async def among(self, ids: Sequence[UUID]) -> Rows:
        """Those of the ids that the caller sees."""
        asked = select(nil_return).where(one_of(nil_return.c.id, list(ids)), visible(self.caller))
        return list((await self.connection.execute(asked)).mappings())

    async def contradictions(self, rows: Sequence[RowMapping]) -> Contradictions:
        """By nil return, the declarations that say otherwise, of those that the caller may read: what the official may not know of is not among theirs."""
        said = select(nil_return.c.id, declaration.c.id.label("declaration_id"))
        said = said.join_from(nil_return, declaration, declaration.c.declarant_id == nil_return.c.person_id).where(
            one_of(nil_return.c.id, [row["id"] for row in rows]),
            nil_return.c.withdrawn_at.is_(None),
            declaration.c.status == Status.SUBMITTED,
            names(nil_return.c.kinds, declaration.c.kind),
            touches(nil_return),
            visible_declarations(self.caller),
        )
        found = Contradictions()
        for row in (await self.connection.execute(said.order_by(declaration.c.id))).mappings():
            against = found.setdefault(row["id"], [])
            if len(against) < _MOST_CONTRADICTIONS:
                against.append(row["declaration_id"])
        return found

    async def file(self, work: Work, body: NilReturnIn, device: Device | None = None) -> tuple[RowMapping, bool]:
        """Put a nil return on record; (it, whether it is new): one that stands and says as much is answered again.

        The person's row is held, as who files a declaration holds it, so that of two at once each sees the other.

        Raises:
            Problem: 403, 404 for a person out of reach; 409 when the campaign is closed and nothing is owed; 422.
        """
        whose = await self._filed_for(body.person or self.caller.person)
        asked = await self._asked(body, whose["id"])
        same = nil_return.c.person_id == whose["id"], nil_return.c.withdrawn_at.is_(None)
        standing = select(nil_return.c.id, nil_return.c.kinds).where(*same, _for(asked)).order_by(nil_return.c.id)
        for row in (await self.connection.execute(standing)).mappings():
            if set(body.kinds) <= set(row["kinds"]):
                return await self.get(row["id"]), False
        arrival = (device or Device()).arrival(body.captured_at, since=asked.period_from)
        filed = self._row(work, whose, asked, body.kinds, arrival)
        await self.connection.execute(insert(nil_return).values(filed))
        await account_for(work, whose["id"])
        return await self._read(filed["id"]), True

    def _row(self, work: Work, whose: RowMapping, asked: Asked, kinds: Sequence[str], arrival: Arrival) -> dict[str, Any]:
        row: dict[str, Any] = {
            "id": new_id(),
            "person_id": whose["id"],
            "unit_id": whose["unit_id"],
            "campaign_id": asked.campaign,
            "obligation_id": asked.obligation,
            "kinds": list(kinds),
            "period_from": asked.period_from,
            "period_until": asked.period_until,
            "filed_on": arrival.on,
            "capture": arrival.capture,
            "filed_at": clock.now(),
            "filed_by": work.actor,
            "withdrawn_at": None,
            "withdrawal_reason": None,
            "version": 1,
        }
        told = {"campaign": asked.campaign, "version": 1, "digest": nil_return_digest(row), **captured_in(arrival.capture)}
        return {**row, "receipt": work.record("nil-return.filed", row["id"], told).receipt()}

    async def withdraw(self, work: Work, nil_return_id: UUID, if_match: str, reason: str) -> RowMapping:
        """Take one back, as when something has turned up; it stays to be read, and what it met is owed again.

        Raises:
            Problem: 403, 404, 409 when it was taken back before, 412.
        """
        whose = await self._filed_for((await self.get(nil_return_id))["person_id"], _NIL_RETURN)
        row = await self.get(nil_return_id)
        require_match(if_match, row["version"])
        if row["withdrawn_at"] is not None:
            raise _withdrawn_already()
        after = {**row, "withdrawn_at": clock.now(), "withdrawal_reason": reason, "version": row["version"] + 1}
        told = {"campaign": row["campaign_id"], "version": after["version"], "digest": nil_return_digest(after)}
        after["receipt"] = work.record("nil-return.withdrawn", nil_return_id, told).receipt()
        changed = {name: after[name] for name in ("withdrawn_at", "withdrawal_reason", "version", "receipt")}
        same = (nil_return.c.id == nil_return_id) & (nil_return.c.version == row["version"])
        if not (await self.connection.execute(update(nil_return).where(same).values(changed))).rowcount:
            raise stale()
        await account_for(work, whose["id"])
        return await self._read(nil_return_id)

    async def _read(self, nil_return_id: UUID) -> RowMapping:
        return (await self.connection.execute(select(nil_return).where(nil_return.c.id == nil_return_id))).mappings().one()

    async def _filed_for(self, person_id: UUID | None, sought: Words | None = None) -> RowMapping:
        """The person for whom the caller may file, held until commit: oneself, whom one acts for, or for others those within reach."""
        if person_id is None:
            said = Words("此密钥不代表任何人员，请填写报告人。", "This key speaks for nobody; name whose nil return it is.")
            raise invalid([Fault("/person", "missing", said)])
        standing = own(self.caller, person.c.id).label("is_own"), in_reach(self.caller, person.c.unit_id).label("reached")
        asked = select(person.c.id, person.c.unit_id, *standing).where(person.c.id == person_id)
        row: RowMapping | None = (await self.connection.execute(locked(asked, of=person))).mappings().first()
        if row is not None and row["is_own"] and self.caller.may(Scope.DECLARATIONS_WRITE):
            return row
        self.caller.require(Scope.DECLARATIONS_FILE_FOR_OTHERS)
        if row is None or not row["reached"]:
            raise not_found(sought) if sought else invalid([unknown_person("/person")])
        return row

    async def _asked(self, body: NilReturnIn, person_id: UUID) -> Asked:
        """What the nil return answers, all of whose kinds it may name."""
        if (body.campaign is None) == (body.obligation is None):
            raise invalid([_ONE_OF_BOTH])
        asked = await (self._of_campaign(body, person_id) if body.campaign else self._of_obligation(body, person_id))
        strange = [place for place, kind in enumerate(body.kinds) if kind not in asked.kinds]
        if strange:
            said = Words(
                f"不在此次申报的类别之内；可填：{'、'.join(asked.kinds)}。", f"Not asked for here; there are: {', '.join(asked.kinds)}."
            )
            raise invalid([Fault(f"/kinds/{place}", "kind-not-asked-for", said) for place in strange])
        return asked

    async def _of_campaign(self, body: NilReturnIn, person_id: UUID) -> Asked:
        owed = select(func.count()).where(
            obligation.c.campaign_id == campaign.c.id, obligation.c.person_id == person_id, obligation.c.state.in_(UNMET)
        )
        asked = select(campaign, owed.scalar_subquery().label("owed")).where(campaign.c.id == body.campaign, visible_campaigns(self.caller))
        row = (await self.connection.execute(asked)).mappings().first()
        if row is None:
            raise invalid(
                [
                    Fault(
                        "/campaign",
                        "campaign-unknown",
                        Words("没有这次集中申报，请查询后填写其编号。", "No such campaign; look its id up."),
                    )
                ]
            )
        if row["closed_at"] is not None and not row["owed"]:
            raise _closed()
        return Asked(row["id"], None, row["kinds"], row["period_from"], row["period_until"])

    async def _of_obligation(self, body: NilReturnIn, person_id: UUID) -> Asked:
        asked = select(obligation).where(obligation.c.id == body.obligation, obligation.c.person_id == person_id)
        row = (await self.connection.execute(asked)).mappings().first()
        if row is None or row["campaign_id"] is not None:
            said = Words(
                "该人员没有这一应报事项，或其属于集中申报，请改填 campaign。",
                "No such obligation of this person, or it has a campaign; name that.",
            )
            raise invalid([Fault("/obligation", "obligation-unknown", said)])
        return Asked(None, row["id"], row["kinds"], row["period_from"], row["period_until"])


def _for(asked: Asked) -> ColumnElement[bool]:
    return nil_return.c.campaign_id == asked.campaign if asked.campaign else nil_return.c.obligation_id == asked.obligation


_ONE_OF_BOTH = Fault(
    "/campaign",
    "nil-return-needs-one",
    Words("campaign 与 obligation 须且只能填写其一。", "Give either `campaign` or `obligation`: not both, not neither."),
)


def _closed() -> Problem:
    return conflict(
        "campaign-closed",
        Words("该集中申报已关闭", "The campaign is closed"),
        Words("该人员在此次申报中已无应报事项，无需零报告。", "The person owes nothing in it any more, so that no nil return is needed."),
    )


def _withdrawn_already() -> Problem:
    return conflict(
        "nil-return-withdrawn",
        Words("该零报告已撤回", "The nil return was withdrawn before"),
        Words(
            "已撤回的零报告不再更改；仍无应报事项的，请另行报告。",
            "It no longer changes; file another if there is nothing to declare after all.",
        ),
    )
