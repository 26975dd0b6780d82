"""Who pays in the end: private meals at public cost, and the share that is still owed (公款吃喝、伙食费交纳)."""

from datetime import date

from ...citation import cite, discipline
from ...dates import add_months, iso, written
from ...finding import Hit, Level, Remedy, Text
from ...rule import rule
from ...statement import Payer
from .details import MealType
from .matter import Meal
from .wording import lead_of

_PRIVATE = {
    MealType.PRIVATE: Text("性质为私人宴请", "It is stated as private"),
    MealType.CELEBRATION: Text("性质为庆祝宴请", "It is stated as a celebration"),
}
_REPAY = Remedy(
    "repay-public-money",
    Text(
        "请核对结算凭证，退还已由公款支付的费用，并向本单位财务、廉政部门说明。",
        "Please check the bill, pay back what public money paid, and explain it to the finance and integrity offices of your unit.",
    ),
    None,
)


@rule(
    "meal.public-funds",
    30,
    title=Text("公款支付私人宴请", "Private meal at public cost"),
    ban=6,
    basis=(
        *discipline(("2018", "103", "S"), ("2023", "113", "S")),
        cite("reception", "6", "2013-12-01", confidence="S"),
        cite("sanctions", "35(3)", "2020-07-01"),
    ),
    text=Text(
        "私人宴请、庆祝宴请的费用由公款承担的，列为违规疑点，不论宴请方是谁。公务接待另按接待规定判断。",
        "A private meal or a celebration at public cost is a breach, whoever hosted it. Official receptions are judged by the rules on "
        "receptions.",
    ),
)
def public_funds(meal: Meal) -> Hit | None:
    """Public money feeds official business alone."""
    named = _PRIVATE.get(meal.details.type)
    if named is None or not meal.attended or meal.details.payer is not Payer.PUBLIC_FUNDS:
        return None
    lead = lead_of(meal)
    message = Text(
        f"{lead.zh}{named.zh}，费用由公款承担；公款不得用于公务活动以外的宴请。{_REPAY.text.zh}",
        f"{lead.en}{named.en}, and public money bore the cost, which it may do for official business alone. {_REPAY.text.en}",
    )
    evidence = {
        "type": meal.details.type.value,
        "payer": meal.details.payer.value,
        "times": meal.details.times,
        **meal.relation_evidence,
    }
    return Hit(level=Level.BREACH, message=message, evidence=evidence, remedy=_REPAY)


@rule(
    "meal.own-share-unpaid",
    36,
    title=Text("应交伙食费未结清", "Own share of a meal still owed"),
    ban=6,
    basis=(
        cite("thrift", "21", "2013-11-18", "2025-05-02", confidence="S"),
        cite("thrift", "23-25", "2025-05-02", confidence="S", unsure="number"),
    ),
    text=Text(
        "填报应交本人伙食费而未填结清日期的，自用餐之日起一个月内提示结清，逾期列为违规疑点。一个月为本系统筛查口径，不是法定期限。",
        "Where the declarant owes a share of the cost and no day of payment is stated: a notice to pay within a month of the meal, a "
        "breach afterwards. The month is a screening practice, no statutory deadline.",
    ),
    limits=("meal.own-share-months",),
)
def own_share_unpaid(meal: Meal) -> Hit | None:
    """Who was fed on official business pays by the standard; a month is time enough."""
    said = meal.details
    if not meal.attended or said.own_share_due is not True or said.own_share_paid_on is not None:
        return None
    due_on = add_months(said.occurred_on, meal.limits["meal.own-share-months"])
    late = meal.today > due_on
    evidence = {"own_share_due": True, "settle_by": iso(due_on), "times": said.times, **meal.limits_evidence("meal.own-share-months")}
    return Hit(
        level=Level.BREACH if late else Level.NOTICE,
        message=_late_words(meal, due_on) if late else _due_words(meal, due_on),
        evidence=evidence,
        remedy=Remedy("pay-own-share", _PAY, None if late else due_on),
    )


_PAY = Text(
    "请按标准结清本人伙食费，补充结清日期并留存凭证。",
    "Pay your share by the standard, add the day of payment and keep the receipt.",
)


def _due_words(meal: Meal, due_on: date) -> Text:
    lead = lead_of(meal)
    return Text(
        f"{lead.zh}填报应交本人伙食费，未填结清日期。请于{written(due_on)}（含当日）以前按标准结清，补充结清日期并留存凭证。",
        f"{lead.en}The declarant owes a share of the cost, and no day of payment is stated. Please pay it by {due_on}, that day included, "
        "add the day of payment and keep the receipt.",
    )


def _late_words(meal: Meal, due_on: date) -> Text:
    lead = lead_of(meal)
    return Text(
        f"{lead.zh}填报应交本人伙食费，至{written(due_on)}（筛查期限，含当日）仍未填结清日期；应由本人交纳的费用须按标准交纳。"
        "请立即结清，补充结清日期并说明迟延原因。",
        f"{lead.en}The declarant owes a share of the cost, and no payment is stated up to {due_on}, the day by which this register looks "
        "for one. One's own share is to be paid by the standard. Please pay it at once, add the day and explain the delay.",
    )
