"""Raising a finding by hand, and withdrawing it: what a person judges where no rule can; a suspicion like any other, never a verdict."""

from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, insert, select, update

from app.access.caller import Caller
from app.declarations.models import declaration
from app.declarations.schemas import Status
from app.declarations.visibility import visible
from app.kit import clock
from app.kit.database import locked
from app.kit.errors import Problem, Words, conflict, not_found
from app.kit.etags import require_match, stale
from app.kit.ids import new_id
from app.ledger.lines import digest
from app.ledger.unit_of_work import Work
from app.people.models import person
from app.people.visibility import in_reach
from app.rulebook.finding import Level
from app.screening.findings import Document
from app.screening.models import finding

from .models import raised_finding
from .opening import Opening
from .rendering import read_told, version_of
from .schemas import FindingIn, RemedyIn

AS_ASKED = "as-asked"
"""The action of a remedy that a reviewer put into words: do as the text says."""


class Raising:
    """Findings by hand, within one unit of work, by a reviewer, on declarations of others within reach.

    The ledger is told their digests alone, since more people read it than may know of them.
    """

    def __init__(self, work: Work, caller: Caller) -> None:
        self.work = work
        self.connection = work.connection
        self.caller = caller

    async def enter(self, body: FindingIn) -> RowMapping:
        """Put a suspicion on record beside the declaration's screening, which stays what the law made of it.

        Raises:
            Problem: 404 for a declaration out of sight or reach; 403 for one's own; 409 for one that is not filed.
        """
        declared = await self._reviewed(body.declaration, Words("申报", "declaration"))
        if declared["status"] != Status.SUBMITTED:
            raise _not_filed()
        written = _document(body, new_id())
        about = {
            "id": UUID(written["id"]),
            "declaration_id": declared["id"],
            "ban": body.ban,
            "level": Level(body.level).weight,
            "for_declarant": not body.confidential,
            "for_commission": True,
            "current": True,
        }
        kept = {
            "finding_id": about["id"],
            "revision": declared["revision"],
            "document": written,
            "raised_at": clock.now(),
            "raised_by": self.work.actor,
            "version": 1,
        }
        self.work.record("finding.raised", about["id"], {"digest": digest({"declaration": declared["id"], **written})})
        await self.connection.execute(insert(finding).values(about))
        await self.connection.execute(insert(raised_finding).values(kept))
        if about["level"] >= Level.BREACH.weight:
            await Opening(self.work).take_up(declared["declarant_id"])
        return await read_told(self.work, self.caller, about["id"])

    async def withdraw(self, finding_id: UUID, reason: str, if_match: str) -> RowMapping:
        """Withdraw what was raised by hand; it stays to be read, with the reason.

        Raises:
            Problem: 404, 412; 403 on one's own declaration; 409 for what a rule has found, or what was withdrawn before.
        """
        row = await read_told(self.work, self.caller, finding_id)
        await self._reviewed(row["declaration_id"], Words("疑点", "finding"))
        if row["version"] is None:
            raise _found_by_a_rule()
        require_match(if_match, version_of(row))
        if row["withdrawal_reason"] is not None:
            raise _withdrawn_already()
        same = (raised_finding.c.finding_id == finding_id) & (raised_finding.c.version == row["version"])
        withdrawn = update(raised_finding).where(same).values(withdrawal_reason=reason, version=row["version"] + 1)
        if not (await self.connection.execute(withdrawn)).rowcount:
            raise stale()
        await self.connection.execute(update(finding).where(finding.c.id == finding_id).values(current=False))
        self.work.record("finding.withdrawn", finding_id, {"digest": digest({"finding": finding_id, "reason": reason})})
        return await read_told(self.work, self.caller, finding_id)

    async def _reviewed(self, declaration_id: UUID, sought: Words) -> RowMapping:
        """A declaration of somebody else in the caller's reach, held as it stands until commit: whoever amends it meanwhile comes after.

        The declarant is locked first, as who files does, since a finding may open a review of theirs.
        """
        row = declaration.c
        whose = select(person.c.id).join(declaration, row.declarant_id == person.c.id).where(row.id == declaration_id)
        await self.connection.execute(locked(whose, of=person))
        asked = select(row.id, row.declarant_id, row.status, row.revision, in_reach(self.caller, row.unit_id).label("reached"))
        seen = locked(asked.where(row.id == declaration_id, visible(self.caller)), of=declaration)
        declared: RowMapping | None = (await self.connection.execute(seen)).mappings().first()
        if declared is None:
            raise not_found(sought)
        if declared["declarant_id"] == self.caller.person:
            raise _of_oneself()
        if not declared["reached"]:
            raise not_found(sought)
        return declared


async def supersede_raised(work: Work, declaration_id: UUID) -> None:
    """What was raised by hand no longer stands when its declaration changes; it stays to be read."""
    standing = (finding.c.declaration_id == declaration_id, finding.c.screening_id.is_(None), finding.c.current)
    raised = raised_finding.c.finding_id.in_(select(finding.c.id).where(*standing))
    await work.connection.execute(update(raised_finding).where(raised).values(version=raised_finding.c.version + 1))
    await work.connection.execute(update(finding).where(*standing).values(current=False))


def _document(body: FindingIn, finding_id: UUID) -> Document:
    """The finding as it is kept for ever, shaped like a rule's; the reviewer's words are told to every reader as they were written."""
    return {
        "id": str(finding_id),
        "rule": None,
        "ban": body.ban,
        "level": body.level,
        "title": _as_written(body.title),
        "message": _as_written(body.message),
        "basis": [row.model_dump(mode="json") for row in body.basis],
        "evidence": {},
        "remedy": body.remedy and _remedy(body.remedy),
        "missing_facts": body.missing_facts,
        "confidential": body.confidential,
    }


def _remedy(remedy: RemedyIn) -> dict[str, Any]:
    return {"action": AS_ASKED, "text": _as_written(remedy.text), "due_on": remedy.due_on and remedy.due_on.isoformat()}


def _as_written(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}


def _of_oneself() -> Problem:
    return Problem(
        403,
        "own-declaration",
        Words("不得审查本人的申报", "Nobody reviews their own declaration"),
        Words(
            "涉及本人申报的疑点，须由其他审查人员提出或撤销；如需更正，请修改申报。",
            "A colleague must raise or withdraw what concerns yourself; to correct the declaration, amend it.",
        ),
    )


def _not_filed() -> Problem:
    return conflict(
        "declaration-not-filed",
        Words("该申报不在提交状态", "The declaration is not filed"),
        Words(
            "对草稿和已撤回的申报不能提出疑点；另有发现的，请以纪检发现另行登记。",
            "Drafts and withdrawn declarations take no findings; enter what was discovered as a declaration of source `commission`.",
        ),
    )


def _found_by_a_rule() -> Problem:
    return conflict(
        "finding-of-a-rule",
        Words("规则所得的疑点不能撤销", "What a rule has found is not withdrawn"),
        Words(
            "申报内容有误的，由申报人修改申报，随即重新筛查；只有由人提出的疑点可以撤销。",
            "If the facts are wrong, the declarant amends the declaration, which is then judged anew; only findings raised by hand are withdrawn.",
        ),
    )


def _withdrawn_already() -> Problem:
    return conflict(
        "finding-withdrawn",
        Words("该疑点已撤销", "The finding was withdrawn before"),
        Words("已撤销的疑点不再更改；如有新的疑点，请另行提出。", "It no longer changes; raise a new one if there is a new suspicion."),
    )
