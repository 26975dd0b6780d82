"""Property borrowed from, and money lent to, those whose affairs touch the declarant's duty (借用钱款、住房、车辆，民间借贷获取大额回报)."""

from typing import Any

from ...citation import cite, discipline
from ...dates import iso, written
from ...finding import Hit, Level, Remedy, Text
from ...rule import rule
from ...statement import Relation
from .details import LoanDirection
from .matter import Loan

_GIVE_BACK = Remedy(
    "return-and-report",
    Text(
        "请尽快归还并按市场标准结清费用，向本单位廉政部门书面说明事由、期间和归还情况。",
        "Return it soon, settle the cost at market rates, and explain the reason, the time and the return to the integrity office in writing.",
    ),
    None,
)
_EXPLAIN_RETURN = Remedy(
    "explain-return-on-loan",
    Text(
        "请向本单位廉政部门书面说明出借事由、利率和收益，按要求收回借款、处理收益。",
        "Explain to the integrity office in writing why it was lent, at which rate and with what return; recover it and settle the return as "
        "told.",
    ),
    None,
)
_STATE_RELATION = Remedy(
    "state-relation",
    Text("请核实并补充对方与本人职务的关系。", "Establish how the other party stands to your duty and add it."),
    None,
)
_STATE_TERMS = Remedy(
    "state-terms",
    Text("请补充年利率和已收利息，没有的填零。", "Add the annual rate and the interest received, zero if there is none."),
    None,
)
_UNKNOWN = Text(
    "对方与本人职务的关系不明，尚不能排除可能影响公正执行公务。",
    "How the other party stands to the declarant's duty is not known, so it cannot be ruled out that duty was touched.",
)


@rule(
    "loan.use-of-property",
    19,
    title=Text("借用与职务有关一方的钱款、住房、车辆", "Property borrowed from somebody duty-related"),
    ban=8,
    basis=(
        *discipline(("2018", "90(1)", "S"), ("2023", "99(1)", "S")),
        cite("soe-2009", "5(2)", "2009-07-01", who="soe&leader", confidence="S", unsure="day"),
        cite("sanctions", "33(1)(2)", "2020-07-01", who="nonparty"),
    ),
    text=Text(
        "借用与职务有关一方的钱款、住房、车辆等：2024年1月1日起可能影响公正执行公务即为违规疑点，此前以影响公正执行公务为条件，是否影响未填的提示补充；"
        "国有企业领导人员不论时间均为违规疑点。对方同时为亲属的、非中共党员（国有企业领导人员除外）以及关系不明的，作提示。向亲友、同事及其他"
        "无关者借用的不列。费用由对方承担的另有规则。",
        "Money, housing, a vehicle or the like borrowed from somebody duty-related: since 2024-01-01 a suspected breach as soon as duty may be "
        "affected; before that only where it was, and a notice where that is left out. For leaders of state enterprises a suspected breach at "
        "any time. A notice where the other party is also kin, for those who are not Party members (such leaders apart), and where the relation "
        "is unknown. Silent for kin, friends, colleagues and other unrelated lenders. Costs that the other side bears have a rule of their own.",
    ),
    limits=("loan.effect-on-duty",),
)
def use_of_property(loan: Loan) -> Hit | None:
    """What is lent to an official for nothing is paid for in another way."""
    if loan.details.direction is not LoanDirection.BORROWED:
        return None
    if loan.relation is Relation.UNKNOWN:
        return _hit(loan, Level.NOTICE, _UNKNOWN, _STATE_RELATION, ("relation",))
    if not loan.duty_related:
        return None
    firm = loan.of_soe_leader or loan.firmly_barred
    level = Level.BREACH if firm and not loan.details.also_kin else Level.NOTICE
    return _hit(loan, level, _tied(loan, level), _GIVE_BACK, _effect_missing(loan, level))


@rule(
    "loan.interest",
    20,
    title=Text("向与职务有关一方放贷取息", "Interest from lending to somebody duty-related"),
    ban=8,
    basis=(
        *discipline(("2018", "90(2)", "S"), ("2023", "99(2)", "S")),
        cite("sanctions", "33(1)(2)", "2020-07-01", who="nonparty"),
    ),
    text=Text(
        "向与职务有关一方出借款项并取得或者约定利息的：2024年1月1日起为违规疑点，此前以影响公正执行公务为条件，是否影响未填的提示补充；达到当地公布的"
        "大额回报利率的，列为严重疑点。利率和利息均未填的、对方同时为亲属的、非中共党员以及关系不明的，作提示。明确无息的不列。",
        "Money lent to somebody duty-related for interest, received or agreed: a suspected breach since 2024-01-01; before that only where duty "
        "was affected, and a notice where that is left out; serious from a rate that the place has published as a large return. A notice where "
        "rate and interest are both left out, where the other party is also kin, for those who are not Party members, and where the relation is "
        "unknown. Silent where no interest is stated to be taken.",
    ),
    limits=("loan.effect-on-duty", "loan.high-return-rate"),
)
def interest(loan: Loan) -> Hit | None:
    """A high return from somebody who depends on the lender's office is a benefit in the form of a price."""
    if loan.details.direction is not LoanDirection.LENT or loan.free_of_interest:
        return None
    if loan.relation is Relation.UNKNOWN:
        return _hit(loan, Level.NOTICE, _UNKNOWN, _STATE_RELATION, ("relation", *loan.terms_missing))
    if not loan.duty_related:
        return None
    if loan.terms_missing:
        said = Text(
            "对方与本人职务有关，利率和已收利息均未填，无法核对是否取得回报。",
            "The other party is related to the declarant's duty. Neither the rate nor the interest is stated, so that nobody can tell whether "
            "there was a return.",
        )
        return _hit(loan, Level.NOTICE, said, _STATE_TERMS, loan.terms_missing)
    firm = loan.firmly_barred and not loan.details.also_kin
    level = Level.NOTICE if not firm else Level.SERIOUS if loan.of_high_return else Level.BREACH
    return _hit(loan, level, _tied(loan, level), _EXPLAIN_RETURN, _effect_missing(loan, level))


def _effect_missing(loan: Loan, level: Level) -> tuple[str, ...]:
    """Whether duty was affected matters where it alone keeps the notice from being more."""
    decides = level is Level.NOTICE and loan.effect_decides and not loan.details.also_kin
    return ("duty_affected",) if decides and loan.details.duty_affected is None else ()


def _tied(loan: Loan, level: Level) -> Text:
    """What the finding rests on, and why it is no more than a notice."""
    terms = _terms(loan)
    if loan.details.also_kin:
        why = Text(
            "；对方同时为亲属，由审查人员结合往来情况判断。", "; the other party is also kin, so a person judges from their dealings."
        )
    elif _effect_missing(loan, level):
        why = Text(
            "；当时的规定以影响公正执行公务为条件，是否影响未填，请补充。",
            "; the norm of that time asks whether duty was affected, which is not stated. Please add it.",
        )
    elif level is Level.NOTICE:
        why = Text("；是否影响公正执行公务由审查人员判断。", "; whether duty was affected is for a person to judge.")
    else:
        why = Text("，可能影响公正执行公务。", ", which may affect the fair exercise of duty.")
    return Text(f"对方与本人职务有关{terms.zh}{why.zh}", f"The other party is related to the declarant's duty{terms.en}{why.en}")


def _terms(loan: Loan) -> Text:
    rate, said = loan.details.annual_rate_percent, loan.details
    if said.direction is LoanDirection.BORROWED:
        return Text("", "")
    received = loan.in_cny(said.interest_received)
    zh = (f"，年利率{rate}%" if rate is not None else "") + (f"，已收利息{received:.2f}元" if received is not None else "")
    en = (f", at {rate} % a year" if rate is not None else "") + (f", with CNY {received:.2f} received" if received is not None else "")
    return Text(zh, en)


def _hit(loan: Loan, level: Level, said: Text, remedy: Remedy, missing: tuple[str, ...] = ()) -> Hit:
    since, until, what = loan.details.from_on, loan.details.repaid_on, loan.named
    message = Text(
        f"{what.zh}（{written(since)}至{written(until) if until else '今'}）：{said.zh}{remedy.text.zh}",
        f"{what.en}, from {since} to {until or 'today'}. {said.en} {remedy.text.en}",
    )
    limits = loan.limits_evidence(*(interest if loan.details.direction is LoanDirection.LENT else use_of_property).limits)
    return Hit(
        level=level, message=message, evidence={**_terms_seen(loan), **loan.relation_evidence, **limits}, missing=missing, remedy=remedy
    )


def _terms_seen(loan: Loan) -> dict[str, Any]:
    said = loan.details
    return {
        "direction": said.direction.value,
        "subject": said.subject.value,
        "from_on": iso(said.from_on),
        "repaid_on": iso(said.repaid_on),
        "principal": said.principal.model_dump(mode="json") if said.principal else None,
        "annual_rate_percent": said.annual_rate_percent,
        "interest_received": said.interest_received.model_dump(mode="json") if said.interest_received else None,
        "duty_affected": said.duty_affected,
        "also_kin": said.also_kin,
    }
