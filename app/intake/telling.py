"""Advice as answers show it, in one language."""

from typing import Any

from app.rulebook.finding import Text
from app.rulebook.money import yuan, yuan_if_known
from app.rulebook.statement import Details

from .advice import Advice, Compared
from .steps import RECIPIENTS, AdviceStepKind, Step
from .titles import title_of

APPROVALS = "/v1/approvals"
_LINKS = {AdviceStepKind.ASK_FOR_APPROVAL: APPROVALS, AdviceStepKind.DECLARE: "/v1/declarations"}


def render_advice(advice: Advice, details: type[Details], *, english: bool) -> dict[str, Any]:
    """The advice in one language; facts are called by what the kind's details call them."""
    compared = advice.compared
    return {
        "answer": advice.answer,
        "text": _say(advice.text, english=english),
        "rule": advice.reason and advice.reason["rule"],
        "basis": advice.basis,
        "limit": compared and _limit(compared, english=english),
        "approval_helps": advice.approval_helps,
        "steps": [_step(step, details, english=english) for step in advice.steps],
    }


def _say(text: Text, *, english: bool) -> str:
    return text.en if english else text.zh


def _limit(compared: Compared, *, english: bool) -> dict[str, Any]:
    return {
        "id": compared.id,
        "title": _say(compared.title, english=english),
        "value": yuan(compared.value),
        "before": yuan_if_known(compared.before),
        "after": yuan_if_known(compared.after),
        "instrument": compared.instrument,
        "article": compared.article,
    }


def _step(step: Step, details: type[Details], *, english: bool) -> dict[str, Any]:
    return {
        "kind": step.kind,
        "text": _say(step.text, english=english),
        "due_on": step.due_on,
        "to": step.to,
        "to_name": step.to and _say(RECIPIENTS[step.to], english=english),
        "rules": list(step.rules),
        "facts": [{"name": fact, "title": _say(title_of(details, fact), english=english)} for fact in step.facts],
        "helps": step.helps,
        "link": _LINKS.get(step.kind),
    }
