"""What is found when a day has passed with neither declaration nor nil return: a finding in form, and no more than a suspicion.

It is no rule's: the rules judge what was declared, and this is about what was not. It stands beside the obligation in place of a declaration, is open to
the official, and ends with the obligation's being met, waived or void. A notice first; a suspected breach only once the last day that the law itself sets
has passed, and only where every text that it rests on is confirmed.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from app.rulebook.contents import KINDS
from app.rulebook.finding import Level

from .moving import Row

REMEDY = "declare-or-nil-return"


def level_of(lawful_until: date | None, basis: Sequence[Mapping[str, Any]], today: date) -> Level:
    """How much it asks for."""
    by_law = lawful_until is not None and lawful_until < today
    return Level.BREACH if by_law and basis and all(row["confirmed"] for row in basis) else Level.NOTICE


def absence_document(row: Row, absence_id: UUID, about: Mapping[str, Any], kinds: Sequence[str], today: date) -> dict[str, Any]:
    """The finding as it is kept for ever, in both languages; `about` has the title and the basis, `kinds` are those that nothing accounts for."""
    due, title = row["due_on"], about["title"]
    zh = "、".join(KINDS[kind].title.zh for kind in kinds)
    en = ", ".join(KINDS[kind].title.en for kind in kinds)
    return {
        "id": str(absence_id),
        "rule": None,
        "ban": None,
        "level": level_of(row["lawful_until"], about["basis"], today).value,
        "title": {"zh": "到期未申报，也未作零报告", "en": "Neither declared nor returned nil by the last day"},
        "message": {
            "zh": f"「{title.zh}」应于 {due.isoformat()} 前（含当日）完成；截至 {today.isoformat()}，以下类别既无申报，也无零报告：{zh}。",
            "en": f"“{title.en}” was due by {due.isoformat()}; as of {today.isoformat()} there is neither a declaration nor a nil return of: {en}.",
        },
        "basis": list(about["basis"]),
        "evidence": {
            "obligation": str(row["id"]),
            "due_on": due.isoformat(),
            "lawful_until": row["lawful_until"] and row["lawful_until"].isoformat(),
            "recorded_on": today.isoformat(),
            "outstanding_kinds": list(kinds),
        },
        "remedy": {
            "action": REMEDY,
            "text": {
                "zh": "请即补报；确无应报事项的，请作零报告。",
                "en": "Declare now; if there is nothing to declare, make a nil return.",
            },
            "due_on": None,
        },
        "missing_facts": [],
        "confidential": False,
    }
