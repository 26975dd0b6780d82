"""Rules on what is borrowed of, and lent to, those whose affairs touch the declarant's duty (借用、民间借贷)."""

from decimal import Decimal
from typing import Any

from ...citation import cite, discipline
from ...dates import iso, written
from ...facts import StaffClass
from ...finding import Hit, Level, Remedy, Text
from ...rule import rule
from ...statement import Relation
from .details import LoanDirection, LoanSubject
from .matter import Loan

_NOT_MEMBERS = cite("sanctions", "33(1)(2)", "2020-07-01", who="nonparty")

_EXPLAIN = Remedy(
    "explain-and-return",
    Text(
        "请书面说明借用事由、期限、费用和审批情况；尚未归还的，尽快归还并留存凭证。",
        "Explain in writing why it was borrowed, for how long, at whose cost and with whose approval; return what is still there, and keep "
        "proof.",
    ),
    None,
)
_EXPLAIN_RETURN = Remedy(
    "explain-and-settle",
    Text(
        "请书面说明出借经过、资金来源、约定利率和已收利息，并附借据、转账凭证，按本单位廉政部门意见处理。",
        "Explain in writing how it came to the loan, where the money came from, the rate agreed and the interest received, with the papers, "
        "and settle it as the integrity office says.",
    ),
    None,
)
_STATE_RELATION = Remedy(
    "state-relation", Text("请核实并补充对方与本人职务的关系。", "Establish how the other party stands to your duty and add it."), None
)
_STATE_DUTY = Remedy(
    "state-effect-on-duty",
    Text(
        "请补充是否影响公正执行公务，并说明对方有无事项由本人经办。",
        "Add whether duty was affected, and whether you handled matters of theirs.",
    ),
    None,
)
_STATE_RETURN = Remedy("state-interest", Text("请补充年利率和已收利息。", "Add the yearly rate and the interest received."), None)

_BORROWED = {
    LoanSubject.MONEY: Text("钱款", "money"),
    LoanSubject.HOUSING: Text("住房", "housing"),
    LoanSubject.VEHICLE: Text("车辆", "a vehicle"),
    LoanSubject.OTHER: Text("财物", "property"),
}


@rule(
    "loan.use-of-property",
    19,
    title=Text("借用与职务有关者的钱款、住房、车辆等", "Money, housing or a vehicle borrowed of a duty-related party"),
    ban=8,
    basis=(
        *discipline(("2018", "90(1)", "S"), ("2023", "99(1)", "S")),
        cite("soe-2009", "5(2)", "2009-07-01", who="soe&leader", confidence="S", unsure="day"),
        _NOT_MEMBERS,
    ),
    text=Text(
        "借用管理和服务对象等与职务有关者的钱款、住房、车辆等，借用持续至2024年1月1日以后的，或者填报为影响公正执行公务的，列为违规疑点；"
        "此前仅在影响公务时才为条例所禁止，故是否影响未填或者填报为不影响的，提示。国有企业领导人员不论何时均列为违规疑点。"
        "非中共党员（国有企业领导人员除外）、对方同时为亲属的，以及关系不明的，仅作提示。向亲友、同事及其他无关者借用的不提示；"
        "2018年10月1日以前，除国有企业领导人员外没有条文，不提示。",
        "Money, housing, a vehicle or the like borrowed of a duty-related party: a suspected breach where the use reaches 2024-01-01, or "
        "where duty is stated to have been affected. Before that day the ban asked for an effect on duty, so that a notice is given where "
        "none is stated. Leaders of state-owned enterprises: a suspected breach at any time. Only a notice for those who are not Party "
        "members (such leaders apart), where the other party is also kin, and where the relation is unknown. Nothing for loans of kin, "
        "friends, colleagues and unrelated people, nor before 2018-10-01, when no norm stood but for such leaders.",
    ),
    limits=("loan.effect-on-duty",),
)
def use_of_property(loan: Loan) -> Hit | None:
    """What is borrowed saves as much as what is given, and leaves a debt of thanks besides."""
    if loan.details.direction is not LoanDirection.BORROWED:
        return None
    if loan.relation is Relation.UNKNOWN:
        return _hit(loan, Level.NOTICE, _RELATION_UNKNOWN, _STATE_RELATION, ("relation", *_effect_missing(loan)))
    if not loan.duty_related:
        return None
    soe_leader = loan.person.is_leader and loan.person.staff_class is StaffClass.SOE_MANAGEMENT
    return _levelled(loan, _EXPLAIN, anyhow=soe_leader, high=False)


@rule(
    "loan.interest",
    20,
    title=Text("向与职务有关者出借钱款获取利息", "Interest on money lent to a duty-related party"),
    ban=8,
    basis=(*discipline(("2018", "90(2)", "S"), ("2023", "99(2)", "S")), _NOT_MEMBERS),
    text=Text(
        "向管理和服务对象等与职务有关者出借钱款并约定或者收取利息，借贷持续至2024年1月1日以后的，或者填报为影响公正执行公务的，列为违规疑点；"
        "此前是否影响公务未填或者填报为不影响的，提示。非中共党员、对方同时为亲属、关系不明的，以及利率和利息均未填的，仅作提示。"
        "无息出借的、向亲友等无关者出借的不提示；2018年10月1日以前没有条文，不提示。仅在公布了高额回报利率线并达到该线时，列为严重疑点。"
        "已收利息全额计入同一对象的累计数额。",
        "Money lent to a duty-related party at interest, agreed or received: a suspected breach where the loan reaches 2024-01-01, or where "
        "duty is stated to have been affected; before that a notice. Only a notice for those who are not Party members, where the other "
        "party is also kin, where the relation is unknown, and where neither rate nor interest is stated. Nothing for loans without "
        "interest or to people outside duty, nor before 2018-10-01, when no norm stood. Serious only against a rate for high returns, "
        "where one is published. Interest received counts in full in the sum of the other party.",
    ),
    limits=("loan.effect-on-duty", "loan.high-return-rate"),
)
def interest(loan: Loan) -> Hit | None:
    """A return that a borrower in need of the lender's goodwill pays is more than the price of money."""
    if loan.details.direction is not LoanDirection.LENT or loan.free:
        return None
    unstated = loan.return_missing
    if loan.relation is Relation.UNKNOWN:
        return _hit(loan, Level.NOTICE, _RELATION_UNKNOWN, _STATE_RELATION, ("relation", *unstated, *_effect_missing(loan)))
    if not loan.duty_related:
        return None
    if unstated:
        return _hit(loan, Level.NOTICE, _RETURN_UNSTATED, _STATE_RETURN, (*unstated, *_effect_missing(loan)))
    return _levelled(loan, _EXPLAIN_RETURN, anyhow=False, high=_high(loan))


def _may_affect(loan: Loan) -> bool:
    """Whether the ban of the day already reaches what may affect duty, not only what does."""
    may: bool = loan.limits.get("loan.effect-on-duty") == "may-affect"
    return may


def _effect_missing(loan: Loan) -> tuple[str, ...]:
    """The effect on duty, where the ban of the day turns on it and it is not stated."""
    return ("duty_affected",) if loan.details.duty_affected is None and not _may_affect(loan) else ()


def _high(loan: Loan) -> bool:
    """Whether the rate reaches a published line for high returns; while none is published, never."""
    line, rate = loan.limits.get("loan.high-return-rate"), loan.rate
    return line is not None and line != "none" and rate is not None and rate >= Decimal(line)


def _levelled(loan: Loan, remedy: Remedy, *, anyhow: bool, high: bool) -> Hit:
    """By the day, the effect on duty and whom the ban names; `anyhow` where it binds whatever the effect."""
    if loan.details.also_kin:
        return _hit(loan, Level.NOTICE, _ALSO_KIN, remedy, () if anyhow else _effect_missing(loan))
    if not (anyhow or loan.person.party_member):
        return _hit(loan, Level.NOTICE, _NO_MEMBER, remedy, _effect_missing(loan))
    if anyhow:
        return _hit(loan, Level.BREACH, _LEADERS, remedy)
    if not (_may_affect(loan) or loan.details.duty_affected):
        missing = _effect_missing(loan)
        return _hit(loan, Level.NOTICE, _EFFECT_OPEN if missing else _NO_EFFECT, _STATE_DUTY if missing else remedy, missing)
    said = _MAY_AFFECT if _may_affect(loan) else _AFFECTED
    return _hit(loan, Level.SERIOUS if high else Level.BREACH, _above_line(loan, said) if high else said, remedy)


def _above_line(loan: Loan, said: Text) -> Text:
    line = loan.limits["loan.high-return-rate"]
    return Text(
        f"年利率达到{line}%的高额回报提示线。{said.zh}", f"The yearly rate reaches the line of {line} percent for high returns. {said.en}"
    )


_RELATION_UNKNOWN = Text(
    "与对方的关系填报为不明，登记信息中亦无记载，尚不能排除与本人职务有关。请核实后补充",
    "How the other party stands to the declarant's duty is not known, nor does the register know it, so that a tie to duty cannot be ruled "
    "out. Please find out and state it",
)
_RETURN_UNSTATED = Text(
    "对方与本人职务有关，年利率和已收利息均未填，无法判断是否获取回报。请补充",
    "The other party is related to the declarant's duty, and neither the rate nor the interest is stated, so that nobody can tell whether "
    "there was a return. Please add both",
)
_ALSO_KIN = Text(
    "对方既是亲属，又与本人职务有关，是否属于正常的亲属往来，由审查人员判断。请说明事由、期限和有无请托",
    "The other party is kin and also related to the declarant's duty; whether this is ordinary help among kin is for a person to judge. "
    "Please explain why, for how long, and whether a favour was asked",
)
_NO_MEMBER = Text(
    "对方与本人职务有关。条例的该项规定约束中共党员，其他公职人员是否适用须由审查人员核实，故仅作提示。请说明事由",
    "The other party is related to the declarant's duty. The ban is one for Party members; whether it reaches other public officials must "
    "be looked up, so this is a notice only. Please explain the occasion",
)
_LEADERS = Text(
    "对方与本人职务有关；国有企业领导人员不得借用管理和服务对象的财物。请书面说明并尽快归还",
    "The other party is related to the declarant's duty, and leaders of state-owned enterprises may not borrow from those whom they "
    "supervise or serve. Please explain in writing and return it soon",
)
_EFFECT_OPEN = Text(
    "对方与本人职务有关；依当日规定，影响公正执行公务的不得为之，而是否影响未填。请补充",
    "The other party is related to the declarant's duty. The rules of that day forbid it where it affects the fair exercise of duty, and "
    "whether it did is not stated. Please add it",
)
_NO_EFFECT = Text(
    "对方与本人职务有关；依当日规定，影响公正执行公务的不得为之，填报为不影响，由审查人员核实。请说明依据",
    "The other party is related to the declarant's duty. The rules of that day forbid it where it affects the fair exercise of duty; it is "
    "stated not to have done so, which a person is to check. Please explain on what grounds",
)
_AFFECTED = Text(
    "对方与本人职务有关，且填报为影响公正执行公务；依当日规定不得为之。请书面说明并纠正",
    "The other party is related to the declarant's duty, and duty is stated to have been affected, which the rules of that day forbid. "
    "Please explain in writing and put it right",
)
_MAY_AFFECT = Text(
    "对方与本人职务有关；依当日规定，可能影响公正执行公务的即不得为之。请书面说明并纠正",
    "The other party is related to the declarant's duty, and the rules of that day forbid what may affect its fair exercise. Please explain "
    "in writing and put it right",
)


def _hit(loan: Loan, level: Level, said: Text, remedy: Remedy, missing: tuple[str, ...] = ()) -> Hit:
    what = _what(loan)
    return Hit(
        level=level,
        message=Text(f"{what.zh}。{said.zh}。", f"{what.en}. {said.en}."),
        evidence=_evidence(loan),
        missing=missing,
        remedy=remedy,
    )


def _what(loan: Loan) -> Text:
    """What was borrowed or lent, from when until when, with which a message begins."""
    first, last, thing = loan.details.from_on, loan.details.repaid_on, _BORROWED[loan.details.subject]
    until = Text(f"，至{written(last)}归还", f", returned on {last}") if last else Text("，尚未归还", ", not returned yet")
    if loan.details.direction is LoanDirection.BORROWED:
        return Text(f"{written(first)}起借用他人{thing.zh}{until.zh}", f"Borrowed from {first} on: {thing.en}{until.en}")
    gain = loan.said_return
    return Text(f"{written(first)}起出借{thing.zh}{until.zh}，{gain.zh}", f"Lent from {first} on: {thing.en}{until.en}, {gain.en}")


def _evidence(loan: Loan) -> dict[str, Any]:
    said = loan.details
    about = {"subject": said.subject.value, "from_on": iso(said.from_on), "repaid_on": iso(said.repaid_on), "also_kin": said.also_kin}
    effect = {"duty_affected": said.duty_affected, "costs_borne_by_other": said.costs_borne_by_other}
    if said.direction is LoanDirection.BORROWED:
        return about | effect | loan.relation_evidence | loan.limits_evidence("loan.effect-on-duty")
    return about | effect | loan.return_evidence | loan.relation_evidence | loan.limits_evidence(*interest.limits)
