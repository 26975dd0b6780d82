"""May I accept this? What the findings come to for somebody who has not accepted yet: an answer, why, and what to do instead.

Nothing here is law. It reads the findings, and has the same rules judge the same matter as it would be if it were accepted, or approved first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.kit.ids import new_id
from app.rulebook.book import Book, Judgement
from app.rulebook.finding import Level, Text
from app.rulebook.statement import Approved
from app.rulebook.totals import Total
from app.screening.findings import Document, document
from app.screening.judging import AnyMatter

from .steps import AdviceRecipient, AdviceStepKind, Step, ends_by_a_day, in_order, is_duty, steps_of
from .wording import APPROVE_FIRST, ASK_A_PERSON, DECLARE, REFUSE, SUPPLY, act_of, said_of


class AdviceAnswer(StrEnum):
    """The answer as a whole (可以、可以但须办理、先报批、不可以、尚不能确定)."""

    YES = "yes"
    YES_WITH_DUTIES = "yes_with_duties"
    ASK_FIRST = "ask_first"
    NO = "no"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The limit that matters, in CNY, and the sum that nears it: without this matter and with it, None where nothing is summed."""

    id: str
    title: Text
    value: Decimal
    instrument: str
    article: str
    before: Decimal | None = None
    after: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """The answer in both languages, with what it rests on."""

    answer: AdviceAnswer
    text: Text
    reason: Document | None
    basis: Sequence[Document]
    compared: Compared | None
    steps: Sequence[Step]
    approval_helps: bool | None
    """Whether an approval obtained beforehand would change the answer; None where none can be asked for."""


_NONE = 0
_RECORD, _NOTICE, _BREACH = Level.RECORD.weight, Level.NOTICE.weight, Level.BREACH.weight
_IMAGINED = "拟申请批准"


def advise(book: Book, shown: Sequence[Document], matter: AnyMatter) -> Advice:
    """The advice on a matter that was judged to these findings, which the declarant is shown; one more judging at most, and nothing is read."""
    accepted, approved = _if_accepted(book, matter), _if_approved(book, matter)
    facing = accepted if accepted is not None else shown
    answer = _answer(shown, facing, approved, matter)
    reason = _reason(answer, shown, facing, approved)
    compared = _compared(book, answer, reason, matter)
    numbers = (compared.title, compared.before, compared.after, compared.value) if compared else None
    return Advice(
        answer=answer,
        text=said_of(book, answer.value, matter, reason, numbers),
        reason=reason,
        basis=reason["basis"] if reason else _basis_of_declaring(book, answer, matter),
        compared=compared,
        steps=in_order(_steps(answer, shown, facing, matter)),
        approval_helps=None if approved is None else answer is AdviceAnswer.ASK_FIRST,
    )


def _if_accepted(book: Book, matter: AnyMatter) -> list[Document] | None:
    """What keeping it would come to, where it is still undecided."""
    details = matter.details.accepted()
    return None if details is matter.details else _documents(book, book.judge_otherwise(matter, details))


def _if_approved(book: Book, matter: AnyMatter) -> list[Document] | None:
    """What it would come to with an approval of today, where one can still be asked for and is not stated."""
    details, today = matter.details, matter.today
    if details.approvable() is None or details.approval_days()[0] < today:
        return None
    approved = details.approved_by(Approved(_IMAGINED, _IMAGINED, today))
    return None if approved is details else _documents(book, book.judge_otherwise(matter, approved))


def _documents(book: Book, judgement: Judgement) -> list[Document]:
    return [document(found, new_id(), book) for found in judgement.findings if not found.confidential]


def _weight(findings: Sequence[Document]) -> int:
    return max((Level(found["level"]).weight for found in findings), default=_NONE)


def _answer(shown: Sequence[Document], facing: Sequence[Document], approved: Sequence[Document] | None, matter: AnyMatter) -> AdviceAnswer:
    """A suspected breach is no, unless an approval lets it pass; what only asks for something to be done is yes; other notices are for a person."""
    weight = max(_weight(facing), _weight(shown))
    if approved is not None and weight >= _NOTICE and _weight(approved) < min(weight, _BREACH):
        return AdviceAnswer.ASK_FIRST
    if weight >= _BREACH:
        return AdviceAnswer.NO
    if weight == _NOTICE:
        notices = [found for found in (*shown, *facing) if found["level"] == Level.NOTICE]
        if any(ends_by_a_day(found) for found in notices):
            return AdviceAnswer.NO
        return AdviceAnswer.YES_WITH_DUTIES if all(is_duty(found) for found in notices) else AdviceAnswer.UNCLEAR
    return AdviceAnswer.YES_WITH_DUTIES if matter.declared_under else AdviceAnswer.YES


def _reason(
    answer: AdviceAnswer, shown: Sequence[Document], facing: Sequence[Document], approved: Sequence[Document] | None
) -> Document | None:
    """The gravest finding; where an approval helps, of those that it takes away; where it is not clear, of those that leave it open."""
    candidates = list(facing)
    if answer is AdviceAnswer.ASK_FIRST:
        left = {(found["rule"], found["level"]) for found in approved or ()}
        candidates = [found for found in facing if (found["rule"], found["level"]) not in left]
    elif answer is AdviceAnswer.UNCLEAR:
        candidates = [found for found in (*facing, *shown) if not is_duty(found)]
    return max(candidates, key=lambda found: (Level(found["level"]).weight, bool(found["missing_facts"])), default=None)


def _basis_of_declaring(book: Book, answer: AdviceAnswer, matter: AnyMatter) -> Sequence[Document]:
    """Where nothing is found and yet it is to be declared: what binds this person to that."""
    if answer is not AdviceAnswer.YES_WITH_DUTIES or matter.declared_under is None:
        return []
    rows = [row for row in book.rules[matter.declared_under].basis if row.stands(matter.window.end, matter.tags)]
    titled = [(book.title_of(row.instrument), row) for row in rows]
    return [
        {"instrument": title, "article": row.article, "since": row.since.isoformat(), "confirmed": row.confirmed} for title, row in titled
    ]


def _compared(book: Book, answer: AdviceAnswer, reason: Document | None, matter: AnyMatter) -> Compared | None:
    """The limit that the reason compares with and the sum that nears it; where nothing forbids, the one that the sum comes nearest to."""
    read = book.rules[reason["rule"]].limits if reason else ()
    of_reason = [one for one in _nearing(book, book.totals(matter)) if one.id in read]
    if of_reason or answer in (AdviceAnswer.NO, AdviceAnswer.ASK_FIRST):
        return of_reason[0] if of_reason else None
    of_kind = book.kinds[matter.kind].totals
    nearing = _nearing(book, of_kind(matter) if of_kind else ())
    return max(nearing, key=lambda one: (one.after or 0) / one.value) if nearing else _in_evidence(book, reason)


def _nearing(book: Book, totals: Sequence[Total]) -> list[Compared]:
    return [
        Compared(
            id=limit, title=Text(book.limits[limit].title_zh, book.limits[limit].title_en), value=Decimal(value.value),
            instrument=book.title_of(value.instrument), article=value.article, before=total.before, after=total.before + total.this,
        )
        for total in totals
        if total.this > 0
        for limit, value in total.limits.items()
        if isinstance(value.value, Decimal | int) and value.value > 0
    ]  # fmt: skip


def _in_evidence(book: Book, reason: Document | None) -> Compared | None:
    """A sum of money that the reason's evidence was compared with."""
    for limit, seen in ((reason or {}).get("evidence", {}).get("limits") or {}).items():
        if seen["unit"] == "CNY" and (value := _amount(seen["value"])) is not None:
            title = Text(book.limits[limit].title_zh, book.limits[limit].title_en)
            return Compared(id=limit, title=title, value=value, instrument=seen["instrument"], article=seen["article"])
    return None


def _amount(text: str) -> Decimal | None:
    """None for a limit that says `none`."""
    return Decimal(text) if text[:1].isdigit() else None


def _steps(answer: AdviceAnswer, shown: Sequence[Document], facing: Sequence[Document], matter: AnyMatter) -> list[Step]:
    """What the findings ask for, with what comes before: refusing, asking for an approval, putting it on record, asking a person."""
    steps = [step for step in steps_of(shown) if _serves(answer, step, shown)]
    if answer is AdviceAnswer.ASK_FIRST:
        day = matter.details.approval_days()[0]
        steps.append(
            Step(kind=AdviceStepKind.ASK_FOR_APPROVAL, text=APPROVE_FIRST, due_on=day, to=AdviceRecipient.UNIT_HEAD_OR_HR, helps=True)
        )
    if answer is AdviceAnswer.NO and _undecided(shown, facing, matter):
        steps.append(Step(kind=AdviceStepKind.REFUSE, text=REFUSE[act_of(matter)], to=AdviceRecipient.OTHER_SIDE))
    if matter.declared_under and answer is not AdviceAnswer.NO and not any(step.kind in _ON_RECORD for step in steps):
        steps.append(
            Step(
                kind=AdviceStepKind.DECLARE,
                text=DECLARE,
                due_on=matter.due_on,
                to=AdviceRecipient.GIFT_REGISTRY,
                rules=(matter.declared_under,),
            )
        )
    steps += _wanting(answer, shown, steps)
    if answer is AdviceAnswer.UNCLEAR and not any(step.kind in (AdviceStepKind.SUPPLY_FACTS, AdviceStepKind.EXPLAIN) for step in steps):
        steps.append(Step(kind=AdviceStepKind.EXPLAIN, text=ASK_A_PERSON, to=AdviceRecipient.INTEGRITY_OFFICE))
    return steps


def _serves(answer: AdviceAnswer, step: Step, shown: Sequence[Document]) -> bool:
    """Not to ask for an approval where it comes otherwise: by a step of its own, or in vain, because something graver stands."""
    if answer is AdviceAnswer.ASK_FIRST:
        return step.kind is not AdviceStepKind.ASK_FOR_APPROVAL and not (step.facts and set(step.facts) <= _APPROVALS)
    graver = any(found["rule"] not in step.rules and Level(found["level"]).weight >= _BREACH for found in shown)
    return step.kind is not AdviceStepKind.ASK_FOR_APPROVAL or not graver


_APPROVALS = frozenset({"approval", "approved"})


def _wanting(answer: AdviceAnswer, shown: Sequence[Document], steps: Sequence[Step]) -> list[Step]:
    """Facts that findings want and no remedy asks for, as one step."""
    asked = {fact for step in steps for fact in step.facts} | (_APPROVALS if answer is AdviceAnswer.ASK_FIRST else set())
    wanting = [(fact, found["rule"]) for found in shown for fact in found["missing_facts"] if fact not in asked]
    if not wanting:
        return []
    facts, rules = (tuple(dict.fromkeys(names)) for names in zip(*wanting, strict=True))
    return [Step(kind=AdviceStepKind.SUPPLY_FACTS, text=SUPPLY, rules=rules, facts=facts)]


_ON_RECORD = (AdviceStepKind.HAND_OVER, AdviceStepKind.DECLARE)


def _undecided(shown: Sequence[Document], facing: Sequence[Document], matter: AnyMatter) -> bool:
    """Whether it can still be refused: it lies ahead, or it is kept for the time being."""
    return facing is not shown or matter.details.span()[0] >= matter.today
