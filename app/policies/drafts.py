"""Local standards (地方标准): drafted by one person, published by another, never changed afterwards."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, func, insert, select, update

from app.access.caller import Caller
from app.kit import clock
from app.kit.database import lock, locked
from app.kit.errors import Fault, Problem, Words, conflict, invalid, not_found
from app.kit.etags import require_match
from app.kit.ids import new_id
from app.kit.pages import Page
from app.ledger.lines import digest
from app.ledger.unit_of_work import Reading, Work
from app.people.visibility import in_reach, units_in_reach, unknown_unit
from app.rulebook.book import Book
from app.rulebook.local import LocalLimits
from app.rulebook.parameters import Limit

from .drafting import DraftState, LimitDraftIn, LocalValueIn
from .local import NONE, published, values_of
from .models import limit_draft


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftFilter:
    """Which drafts a list shows."""

    unit: UUID | None = None
    state: DraftState | None = None

    def narrow(self, statement: Select[Any]) -> Select[Any]:
        """The statement for these drafts alone."""
        if self.unit is not None:
            statement = statement.where(limit_draft.c.unit_id == self.unit)
        if self.state is not None:
            statement = statement.where(limit_draft.c.state == self.state)
        return statement


class LimitDrafts:
    """Drafts of the units that the caller reaches."""

    def __init__(self, view: Reading, caller: Caller) -> None:
        self.connection = view.connection
        self.caller = caller

    async def get(self, draft_id: UUID) -> RowMapping:
        """One draft.

        Raises:
            Problem: 404.
        """
        return await self._one(self._seen().where(limit_draft.c.id == draft_id))

    async def list(self, page: Page, asked: DraftFilter) -> list[RowMapping]:
        """A page of drafts, one more than asked for."""
        return list((await self.connection.execute(page.of(asked.narrow(self._seen()), limit_draft.c.id))).mappings())

    async def count(self, asked: DraftFilter) -> int:
        """How many there are in all."""
        return await self.connection.scalar(select(func.count()).select_from(asked.narrow(self._seen()).subquery())) or 0

    async def add(self, work: Work, book: Book, body: LimitDraftIn) -> RowMapping:
        """Draft values.

        Raises:
            Problem: 422 for a unit out of reach, an unknown limit, one that no unit may set, or a value that it cannot have.
        """
        faults = list(_faults(book, body.values))
        if body.unit not in await units_in_reach(self.connection, self.caller, [body.unit]):
            faults.insert(0, unknown_unit("/unit"))
        if faults:
            raise invalid(faults)
        row: dict[str, Any] = {
            "id": new_id(),
            "unit_id": body.unit,
            "values": [value.model_dump(mode="json") for value in body.values],
            "note": body.note,
            "state": DraftState.DRAFTED,
            "created_at": clock.now(),
            "created_by": work.actor,
            "created_by_person": self.caller.person,
            "version": 1,
        }
        await self.connection.execute(insert(limit_draft).values(row))
        work.record("limit-draft.created", row["id"], {"unit": body.unit, "values": digest(row["values"])})
        return await self.get(row["id"])

    async def discard(self, work: Work, draft_id: UUID, if_match: str) -> None:
        """Give a draft up; it stays on record.

        Raises:
            Problem: 404, 409 when it is published, 412.
        """
        row = await self._open(draft_id, if_match)
        await self._close(work, row, {"state": DraftState.DISCARDED})
        work.record("limit-draft.discarded", draft_id, {})

    async def publish(self, work: Work, draft_id: UUID, if_match: str) -> RowMapping:
        """Put a draft into force, as somebody else than who drafted it; one publication at a time, so that editions follow each other.

        Raises:
            Problem: 403 for who drafted it, 404, 409 when it is no longer a draft, 412.
        """
        await lock(self.connection, "local limits")
        row = await self._open(draft_id, if_match)
        self._require_second_person(row)
        editions = [NONE, *(await published(self.connection)).values()]
        whole = LocalLimits((*editions[-1].values, *values_of(row["unit_id"], row["values"])))
        edition = {"edition": len(editions), "digest": whole.digest}
        await self._close(work, row, {"state": DraftState.PUBLISHED, **edition})
        work.record("limit-draft.published", draft_id, {"unit": row["unit_id"], "values": digest(row["values"]), **edition})
        return await self.get(draft_id)

    async def _open(self, draft_id: UUID, if_match: str) -> RowMapping:
        """The draft, locked, if it is still one."""
        row = await self._one(locked(self._seen().where(limit_draft.c.id == draft_id)))
        require_match(if_match, row["version"])
        if row["state"] != DraftState.DRAFTED:
            raise conflict(
                "limit-draft-closed",
                Words("草稿已发布或已废弃", "The draft is published or discarded"),
                Words("已结束的草稿不再变更；如需调整，请另行起草。", "What is closed stays as it is; draft anew to change a limit."),
            )
        return row

    async def _close(self, work: Work, row: RowMapping, how: dict[str, Any]) -> None:
        closed = {"closed_at": clock.now(), "closed_by": work.actor, "version": row["version"] + 1, **how}
        await self.connection.execute(update(limit_draft).where(limit_draft.c.id == row["id"]).values(closed))

    def _require_second_person(self, row: RowMapping) -> None:
        """Neither the same credential nor, where both speak for somebody, the same person."""
        same_person = self.caller.person is not None and self.caller.person == row["created_by_person"]
        if self.caller.actor == row["created_by"] or same_person:
            raise Problem(
                403,
                "second-person-required",
                Words("须由另一人发布", "A second person must publish it"),
                Words(
                    "起草人不得发布自己的草稿，请由另一名有 rulebook:write 权限的人员核对后发布。",
                    "Who drafted it cannot publish it: somebody else with rulebook:write is to check and publish it.",
                ),
            )

    async def _one(self, asked: Select[Any]) -> RowMapping:
        row: RowMapping | None = (await self.connection.execute(asked)).mappings().first()
        if row is None:
            raise not_found(Words("标准草稿", "limit draft"))
        return row

    def _seen(self) -> Select[Any]:
        return select(limit_draft).where(in_reach(self.caller, limit_draft.c.unit_id))


_WHOLE = frozenset({"count", "days", "months", "years"})
_DECIMALS = {"CNY": 2, "percent": 4}


def _faults(book: Book, values: list[LocalValueIn]) -> Iterator[Fault]:
    """What keeps values from being compared by the rules."""
    seen = set[tuple[str, date]]()
    for place, value in enumerate(values):
        at, limit = f"/values/{place}", book.limits.get(value.limit)
        if limit is None:
            yield Fault(f"{at}/limit", "limit-unknown", _UNKNOWN)
        elif limit.national:
            yield Fault(f"{at}/limit", "limit-national", _NATIONAL)
        elif value.value is not None and not _measured(limit, Decimal(value.value)):
            yield Fault(f"{at}/value", "limit-value-unfit", _unfit(limit))
        if (value.limit, value.since) in seen:
            yield Fault(f"{at}/since", "limit-value-repeated", _REPEATED)
        seen.add((value.limit, value.since))


def _measured(limit: Limit, value: Decimal) -> bool:
    """Whether the value is one in the limit's unit."""
    decimals = -int(value.normalize().as_tuple().exponent)
    return decimals <= (0 if limit.unit in _WHOLE else _DECIMALS[limit.unit])


def _unfit(limit: Limit) -> Words:
    if limit.unit in _WHOLE:
        return Words(f"“{limit.title_zh}”须为整数。", f"“{limit.title_en}” is a whole number.")
    most = _DECIMALS[limit.unit]
    return Words(f"“{limit.title_zh}”最多{most}位小数。", f"“{limit.title_en}” has at most {most} decimals.")


_UNKNOWN = Words("没有这项标准；全部编号见 GET /v1/limits。", "No such limit; GET /v1/limits lists them all.")
_NATIONAL = Words(
    "该标准由全国性规定确定，不得另定本地标准；可自定的见 GET /v1/limits 中 local 为 true 者。",
    "A national norm sets this limit and leaves no room for a local one; those that units may set have `local: true` in GET /v1/limits.",
)
_REPEATED = Words("同一标准同一施行日只能有一个数值。", "One limit has one value from one day; give it once.")
