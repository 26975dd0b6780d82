"""What to do, as typed steps: each remedy of the findings says what sort of step it is, and to whom one turns."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from app.rulebook.finding import Text
from app.screening.findings import Document


class AdviceStepKind(StrEnum):
    """The sorts of steps, in the order in which they are taken (谢绝退还、退出、上交、登记、结清、报批、补充、说明)."""

    REFUSE = "refuse"
    GIVE_UP = "give_up"
    ASK_FOR_APPROVAL = "ask_for_approval"
    HAND_OVER = "hand_over"
    DECLARE = "declare"
    PAY = "pay"
    SUPPLY_FACTS = "supply_facts"
    EXPLAIN = "explain"


class AdviceRecipient(StrEnum):
    """To whom a step leads."""

    OTHER_SIDE = "other_side"
    GIFT_REGISTRY = "gift_registry"
    TREASURY = "treasury"
    INTEGRITY_OFFICE = "integrity_office"
    ORGANISATION_DEPARTMENT = "organisation_department"
    RECEPTION_OFFICE = "reception_office"
    UNIT_HEAD_OR_HR = "unit_head_or_hr"


RECIPIENTS: Mapping[AdviceRecipient, Text] = MappingProxyType(
    {
        AdviceRecipient.OTHER_SIDE: Text("对方", "the other side"),
        AdviceRecipient.GIFT_REGISTRY: Text(
            "本单位礼品登记受理部门（纪检监察或者指定部门）", "the office of your unit that registers gifts"
        ),
        AdviceRecipient.TREASURY: Text("国库", "the treasury"),
        AdviceRecipient.INTEGRITY_OFFICE: Text("本单位廉政（纪检监察）部门", "the discipline-and-supervision office of your unit"),
        AdviceRecipient.ORGANISATION_DEPARTMENT: Text("组织（人事）部门", "the organisation (HR) department"),
        AdviceRecipient.RECEPTION_OFFICE: Text("接待主管部门", "the office in charge of receptions"),
        AdviceRecipient.UNIT_HEAD_OR_HR: Text("本单位负责人或者人事部门", "the head of your unit, or HR"),
    }
)


class _Sort(NamedTuple):
    kind: AdviceStepKind
    to: AdviceRecipient | None = None


_REGISTRY = _Sort(AdviceStepKind.HAND_OVER, AdviceRecipient.GIFT_REGISTRY)
_TO_TREASURY = _Sort(AdviceStepKind.HAND_OVER, AdviceRecipient.TREASURY)
_PAY_OTHER = _Sort(AdviceStepKind.PAY, AdviceRecipient.OTHER_SIDE)
_TO_UNIT = _Sort(AdviceStepKind.PAY, AdviceRecipient.INTEGRITY_OFFICE)
_GIVE_UP = _Sort(AdviceStepKind.GIVE_UP, AdviceRecipient.ORGANISATION_DEPARTMENT)
_TELL_ORGANISATION = _Sort(AdviceStepKind.EXPLAIN, AdviceRecipient.ORGANISATION_DEPARTMENT)
_EXPLAIN = _Sort(AdviceStepKind.EXPLAIN, AdviceRecipient.INTEGRITY_OFFICE)
_APPROVAL = _Sort(AdviceStepKind.ASK_FOR_APPROVAL, AdviceRecipient.UNIT_HEAD_OR_HR)
_SUPPLY = _Sort(AdviceStepKind.SUPPLY_FACTS)

SORTS: Mapping[str, _Sort] = MappingProxyType(
    {
        **dict.fromkeys(("register-and-surrender", "surrender", "surrender-excess", "declare-and-hand-in", "return-or-surrender"), _REGISTRY),
        **dict.fromkeys(("pay-to-treasury", "forward-to-treasury"), _TO_TREASURY),
        "register": _Sort(AdviceStepKind.DECLARE, AdviceRecipient.GIFT_REGISTRY),
        **dict.fromkeys(("settle-cost", "pay-own-share"), _PAY_OTHER),
        **dict.fromkeys(("report-and-settle", "repay-public-money", "repay-trip", "explain-price"), _TO_UNIT),
        **dict.fromkeys(
            (
                "dispose-and-report", "dispose-in-time", "give-back-shares-and-report", "resign-and-report", "resign-from-posts-beyond-limit",
                "stop-and-report-pay", "stop-trading-and-report", "withdraw-certificate", "have-family-business-corrected",
                "have-relatives-pay-returned",
            ),
            _GIVE_UP,
        ),
        **dict.fromkeys(("explain-and-return", "explain-or-return-card"), _Sort(AdviceStepKind.GIVE_UP, AdviceRecipient.OTHER_SIDE)),
        **dict.fromkeys(
            ("explain-ended-post", "explain-event", "explain-late-report", "report-post-after-leaving", "report-and-prove-disposal"),
            _TELL_ORGANISATION,
        ),
        **dict.fromkeys(("report-event", "supplement-report"), _Sort(AdviceStepKind.DECLARE, AdviceRecipient.ORGANISATION_DEPARTMENT)),
        **dict.fromkeys(
            (
                "explain", "explain-and-settle", "explain-celebration", "explain-delay", "explain-giving", "explain-work",
                "clarify-circumstances", "weigh-voluntariness",
            ),
            _EXPLAIN,
        ),
        "correct-reception-record": _Sort(AdviceStepKind.EXPLAIN, AdviceRecipient.RECEPTION_OFFICE),
        "ask-for-approval": _APPROVAL,
        **dict.fromkeys(("check-worth", "complete-work-meal", "prove-price"), _SUPPLY),
    }
)  # fmt: skip
"""By the action of a remedy; what begins with `state-` supplies facts."""

_STATING = "state-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to do: its sort, the words, the last day in time, to whom, for the sake of which rules, and the fields to fill in."""

    kind: AdviceStepKind
    text: Text
    due_on: date | None = None
    to: AdviceRecipient | None = None
    rules: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    helps: bool | None = None
    """Of asking for an approval: whether it would change the answer."""


def sort_of(action: str) -> _Sort | None:
    """What sort of step a remedy is; None for one that the table does not know, which only explains."""
    return _SUPPLY if action.startswith(_STATING) else SORTS.get(action)


def is_duty(found: Document) -> bool:
    """Whether a finding asks for something to be done and leaves nothing open: to hand in, to register, to pay one's share."""
    if found["remedy"] is None:
        return False
    sort = sort_of(found["remedy"]["action"]) or _EXPLAIN
    if sort.kind is AdviceStepKind.DECLARE:
        return True
    settles = sort.kind is AdviceStepKind.HAND_OVER or sort is _PAY_OTHER or found["remedy"]["due_on"] is not None
    return settles and not found["missing_facts"]


def ends_by_a_day(found: Document) -> bool:
    """Whether a finding asks for the matter itself to be given up, by a day that is set."""
    remedy = found["remedy"]
    return bool(remedy and remedy["due_on"]) and (sort_of(remedy["action"]) or _EXPLAIN).kind is AdviceStepKind.GIVE_UP


def steps_of(findings: Iterable[Document]) -> list[Step]:
    """The remedies of findings as steps; what several ask for by the same day is one step, so is handing in to the same office."""
    steps = dict[tuple[object, ...], Step]()
    for found in findings:
        if found["remedy"] is None:
            continue
        step = _step(found)
        key = (step.kind, step.to if step.kind is AdviceStepKind.HAND_OVER else step.text, step.due_on)
        same = steps.get(key)
        merged = same and replace(same, rules=same.rules + step.rules, facts=tuple(dict.fromkeys(same.facts + step.facts)))
        steps[key] = merged or step
    return list(steps.values())


def _step(found: Document) -> Step:
    remedy = found["remedy"]
    sort = sort_of(remedy["action"]) or _EXPLAIN
    return Step(
        kind=sort.kind,
        text=Text(**remedy["text"]),
        due_on=date.fromisoformat(remedy["due_on"]) if remedy["due_on"] else None,
        to=sort.to,
        rules=(found["rule"],),
        facts=tuple(found["missing_facts"]) if sort.kind is AdviceStepKind.SUPPLY_FACTS else (),
        helps=False if sort.kind is AdviceStepKind.ASK_FOR_APPROVAL else None,
    )


def in_order(steps: Iterable[Step]) -> Sequence[Step]:
    """By sort, those alike by their day, what has none last."""
    place = {kind: number for number, kind in enumerate(AdviceStepKind)}
    return sorted(steps, key=lambda step: (place[step.kind], step.due_on or date.max))
