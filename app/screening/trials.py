"""Trying a draft of local standards on what is filed, and following what its publication touches."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import select

from app.access.caller import COMMISSION, Caller
from app.declarations.models import declaration
from app.declarations.visibility import visible
from app.kit.errors import Words, conflict, not_found
from app.ledger.unit_of_work import Reading, Work
from app.people.models import unit
from app.policies.drafting import DraftState
from app.policies.drafts import LimitDrafts
from app.policies.schemas import TextOut
from app.rulebook.book import Book
from app.rulebook.finding import Level

from .impact import Impact
from .passes import Move
from .sweeping import AT_ONCE_DECLARATIONS, Progress, Purpose, Sweeps, do_at_once


class SweepState(StrEnum):
    """Whether everything has been judged."""

    RUNNING = "running"
    DONE = "done"


class ProgressOut(BaseModel):
    """How far judging has come; the counts of what was judged grow until it is done."""

    state: SweepState = Field(description="进行中、已完成。Running or done.")
    planned: int = Field(description="计划筛查的申报数（约数）。About how many declarations are to be judged.")
    judged: int = Field(description="已筛查的申报数。How many have been judged so far.")
    failed: int = Field(description="未能筛查完毕的人数，原因见运行日志。For how many persons judging failed; the log says why.")
    since: date | None = Field(description="仅涉及延续至该日或之后的行为。Only conduct that lasted to this day or beyond.")
    rulebook_version: str = Field(description="所据规则版本。The version of the law that it rests on.")
    started_at: datetime = Field(description="开始时刻。When it began.")
    finished_at: datetime | None = Field(description="完成时刻。When it was done.")


class RescreeningOut(ProgressOut):
    """The judging anew of all that a publication touches."""

    changed: int = Field(description="结果有变化的申报数。How many came out differently.")

    @classmethod
    def of(cls, progress: Progress) -> "RescreeningOut":
        """From how it stands."""
        counts = {name: sum(part[name] for part in progress.results) for name in ("judged", "changed", "failed")}
        return cls(**_shared(progress), **counts)


class MovedOut(BaseModel):
    """Findings of one rule, in one unit, that the draft would bring, take away or change in level."""

    rule: str = Field(description="规则编号。Id of the rule.", examples=["gift.annual-cap"])
    title: TextOut = Field(description="规则名称。Title of the rule.")
    unit: UUID = Field(description="申报时所在单位。The unit in which they were filed.")
    unit_name: str = Field(description="单位名称。Its name.")
    before: Level | None = Field(description="现行标准下的等级；空为无此疑点。The level as the law stands; none where it finds nothing.")
    after: Level | None = Field(description="草案标准下的等级；空为无此疑点。The level with the draft; none where it finds nothing.")
    declarations: int = Field(description="申报数。How many declarations.")
    examples: list[UUID] = Field(description="举例；仅列调用者可读的申报。Some of them, as far as the caller may read them.")


class ImpactOut(ProgressOut):
    """What a draft would change in what is filed, as declarants are shown it.

    Inquiries and what the commission put on record are left out, so that nobody learns of them from a count.
    """

    touched: int = Field(description="评判时用到草案标准的申报数。How many were judged by a limit that the draft changes.")
    declarations_newly_flagged: int = Field(description="新增疑点的申报数。How many declarations would gain a finding.")
    declarations_no_longer_flagged: int = Field(description="不再有某项疑点的申报数。How many would lose one.")
    newly_flagged: list[MovedOut] = Field(description="新增的疑点，按规则、等级、单位。Findings that would come, by rule, level and unit.")
    no_longer_flagged: list[MovedOut] = Field(description="不再成立的疑点。Findings that would go.")
    level_changed: list[MovedOut] = Field(description="等级变化的疑点。Findings whose level would change.")


def _shared(progress: Progress) -> dict[str, Any]:
    row = progress.sweep
    return {
        "state": SweepState.RUNNING if progress.running else SweepState.DONE,
        "planned": progress.declarations,
        "since": row["since"],
        "rulebook_version": row["rulebook_version"],
        "started_at": row["created_at"],
        "finished_at": progress.finished_at,
    }


class Trials:
    """What drafts within the caller's reach would change, and have changed."""

    def __init__(self, view: Reading, book: Book, caller: Caller) -> None:
        self.view = view
        self.book = book
        self.caller = caller
        self.drafts = LimitDrafts(view, caller)
        self.sweeps = Sweeps(view)

    async def reckon(self, work: Work, draft_id: UUID) -> Progress:
        """Reckon the impact of a draft: a small one at once, a large one in the background; one that is under way is not begun again.

        Raises:
            Problem: 404, 409 for a draft that is closed.
        """
        draft = await self.drafts.get(draft_id)
        if draft["state"] != DraftState.DRAFTED:
            said = Words("仅可评估尚未发布的草稿。", "Only a draft that is not published has an impact to reckon.")
            raise conflict("limit-draft-closed", Words("草稿已发布或已废弃", "The draft is published or discarded"), said)
        newest = await self.sweeps.newest(Purpose.IMPACT, draft_id)
        if newest and newest.running:
            return newest
        sweep_id = await self.sweeps.plan(work, self.book, Purpose.IMPACT, draft)
        if (await self.sweeps.progress(sweep_id)).declarations <= AT_ONCE_DECLARATIONS:
            await do_at_once(work, self.book, sweep_id)
        return await self.sweeps.progress(sweep_id)

    async def newest(self, draft_id: UUID, purpose: Purpose) -> Progress:
        """How the newest impact, or the re-screening, of a draft stands.

        Raises:
            Problem: 404 for a draft out of reach, or while there is none.
        """
        await self.drafts.get(draft_id)
        newest = await self.sweeps.newest(purpose, draft_id)
        if newest is None:
            raise not_found(Words("影响评估", "impact report") if purpose is Purpose.IMPACT else Words("重新筛查", "re-screening"))
        return newest

    async def report(self, progress: Progress) -> ImpactOut:
        """The impact, with the names of rules and units."""
        impact = Impact.merged(progress.results)
        names = await self._names({UUID(unit_id) for unit_id, _ in impact.moves})
        readable = await self._readable(example for named in impact.examples.values() for example in named)
        moved = [
            MovedOut(
                rule=move.rule,
                title=TextOut.of(self.book.rules[move.rule].title),
                unit=UUID(unit_id),
                unit_name=names[UUID(unit_id)],
                before=move.before,
                after=move.after,
                declarations=times,
                examples=[example for example in impact.examples[unit_id, move] if UUID(example) in readable],
            )
            for (unit_id, move), times in sorted(impact.moves.items(), key=_most_first)
        ]
        return ImpactOut(
            **_shared(progress),
            judged=impact.judged,
            failed=impact.failed,
            touched=impact.touched,
            declarations_newly_flagged=impact.newly_flagged,
            declarations_no_longer_flagged=impact.no_longer_flagged,
            newly_flagged=[each for each in moved if each.before is None],
            no_longer_flagged=[each for each in moved if each.after is None],
            level_changed=[each for each in moved if each.before and each.after],
        )

    async def _names(self, units: set[UUID]) -> dict[UUID, str]:
        rows = await self.view.connection.execute(select(unit.c.id, unit.c.name).where(unit.c.id.in_(units)))
        return {row.id: row.name for row in rows}

    async def _readable(self, examples: Iterable[str]) -> set[UUID]:
        """Those that the caller may read with the commission's eyes."""
        if not self.caller.may(*COMMISSION):
            return set()
        asked = select(declaration.c.id).where(declaration.c.id.in_([UUID(one) for one in examples]), visible(self.caller))
        return set(await self.view.connection.scalars(asked))


def _most_first(item: tuple[tuple[str, Move], int]) -> tuple[int, str, str]:
    (unit_id, move), times = item
    return -times, move.rule, unit_id
