"""Meals that somebody else pays for: the duty-related host, the private club, the permitted work meal."""

from ...citation import cite, discipline
from ...dates import iso, written
from ...finding import Hit, Level, Remedy, Text
from ...money import yuan, yuan_if_known
from ...rule import rule
from ...statement import Payer, Relation
from .details import MealType
from .matter import Meal
from .wording import lead_of

_INTEGRITY_CODE = ("integrity-1997", "5", "1997-01-01", "2016-01-01")

_EXPLAIN = Remedy(
    "report-and-settle",
    Text(
        "请向本单位廉政部门书面说明用餐事由、参加人员和费用，应由本人承担的部分及时结清并留存凭证。",
        "Explain the reason, the company and the cost in writing to the integrity office; settle the own share and keep the receipt.",
    ),
    None,
)

_STATE_RELATION = Remedy(
    "state-relation",
    Text("请核实并补充宴请方与本人职务的关系。", "Establish how the host stands to your duty and add it."),
    None,
)
_COMPLETE = Remedy(
    "complete-work-meal",
    Text(
        "请补充批准文号、本人费用结清日期或者人均费用。", "Add the approval, the day on which the own share was paid, or the cost a head."
    ),
    None,
)
_PAYERS = {
    Payer.HOST: Text("费用由宴请方承担", "the host bore the cost"),
    Payer.COMPANY: Text("费用由企业承担", "a company bore the cost"),
    Payer.SUBORDINATE: Text("费用由下属承担", "a subordinate bore the cost"),
    Payer.OTHER: Text("费用由他人承担", "somebody else bore the cost"),
}
_CIRCUMSTANCES = {
    "during_inspection": Text("正值检查、执法或评审期间", "an inspection, enforcement or review was under way"),
    "high_end_alcohol": Text("提供了高档酒水", "high-end alcohol was served"),
    "luxury_dishes": Text("提供了高档菜肴", "luxury dishes were served"),
}


@rule(
    "meal.duty-related-host",
    28,
    title=Text("接受与职务有关的一方宴请", "Meal paid for by a duty-related host"),
    ban=6,
    basis=(
        *discipline(("2015", "86", "M"), ("2018", "92", "S"), ("2023", "101", "S")),
        cite("sanctions", "34(2)", "2020-07-01"),
        cite(*_INTEGRITY_CODE, confidence="S", unsure="title, day"),
    ),
    text=Text(
        "参加与职务有关的一方（含出资的下属）安排的宴请，且费用不由本人、分摊或公款承担的，列为违规疑点。"
        "一并申报三次以上、正值检查期间、提供高档酒水或高档菜肴的，列为严重疑点。"
        "关系不明的、除批准情况外均符合正面清单工作餐条件的、人均低于简餐提示线的单次便餐，仅作提示。",
        "Fires for a meal attended whose cost somebody else than the declarant or the state bore, when the host, or a subordinate who "
        "paid, is related to the declarant's duty: breach; serious when three or more meals are declared, during an inspection, or with "
        "high-end alcohol or luxury dishes. Notice when the relation is unknown, when only the approval keeps it from being a permitted "
        "work meal, or when it was a single simple meal below the local line a head.",
    ),
    limits=("meal.repeated", "meal.trifle-per-head", "meal.work-meal-per-head"),
)
def duty_related_host(meal: Meal) -> Hit | None:
    """Who pays and who they are decide; the price only tells a trifle from the rest."""
    if not meal.treated or meal.permitted:
        return None
    if meal.relation is Relation.UNKNOWN:
        said = Text(
            "宴请方与本人职务的关系不明，尚不能排除可能影响公正执行公务。请核实并补充该关系。",
            "How the host stands to the declarant's duty is not known, so it cannot be ruled out that duty was touched. Please find out "
            "and state it.",
        )
        return _treated(meal, Level.NOTICE, said, ("relation",), _STATE_RELATION)
    return _treated_by_duty_related(meal) if meal.duty_related else None


def _treated_by_duty_related(meal: Meal) -> Hit:
    """What decides in favour of the declarant, or only lacks a fact, comes before what weighs against."""
    if meal.work_meal:
        said = Text(
            f"{_tie(meal).zh}；其他情形与正面清单允许的工作餐相符，但批准或费用情况未填。请补充批准文号、本人费用结清日期或人均费用。",
            f"{_tie(meal).en}. It otherwise looks like a permitted work meal, but its approval or cost is not "
            "stated. Please add the approval, the day on which the own share was paid, or the cost a head.",
        )
        return _treated(meal, Level.NOTICE, said, meal.lacking, _COMPLETE)
    if meal.aggravating:
        return _treated(meal, Level.SERIOUS, _weighing(meal))
    if meal.trifling:
        cost, line = yuan_if_known(meal.per_head), yuan(meal.limits["meal.trifle-per-head"])
        said = Text(
            f"{_tie(meal).zh}，为人均{cost}元的单次便餐，低于{line}元的提示线，由审查人员判断。请说明事由。",
            f"{_tie(meal).en}. It was a single simple meal at CNY {cost} a head, below the line of CNY {line}, "
            "and is for a person to judge. Please explain the occasion.",
        )
        return _treated(meal, Level.NOTICE, said)
    paid = _PAYERS[meal.details.payer]
    said = Text(
        f"{_tie(meal).zh}，{paid.zh}，且不属于正面清单允许的工作餐。请书面说明并结清本人费用。",
        f"{_tie(meal).en}, {paid.en}, and it is no work meal that the positive list permits. Please explain in "
        "writing and settle the own share.",
    )
    return _treated(meal, Level.BREACH, said, ("exchange_rate",) if meal.rate_missing(meal.details.cost_per_head) else ())


def _tie(meal: Meal) -> Text:
    """Who is tied to the declarant's duty: the host, or else the subordinate who paid."""
    if meal.relation is meal.implied_relation and meal.overridden:
        return Text("出资的下属与本人职务有关", "The subordinate who paid is related to the declarant's duty")
    return Text("宴请方与本人职务有关", "The host is related to the declarant's duty")


def _repeated(meal: Meal) -> Text:
    times, enough = meal.details.times, meal.limits["meal.repeated"]
    return Text(f"一并申报{times}次，达到{enough}次", f"{times} meals are declared together, and from {enough} on they count as repeated")


def _weighing(meal: Meal) -> Text:
    reasons = [_CIRCUMSTANCES.get(name) or _repeated(meal) for name in meal.aggravating]
    paid = _PAYERS[meal.details.payer]
    return Text(
        f"{_tie(meal).zh}，{paid.zh}，且{'，'.join(reason.zh for reason in reasons)}。请停止此类用餐，书面说明并结清本人费用。",
        f"{_tie(meal).en}, and {paid.en}; besides, {' and '.join(reason.en for reason in reasons)}. "
        "Please take no more such meals, explain in writing and settle the own share.",
    )


def _treated(meal: Meal, level: Level, said: Text, missing: tuple[str, ...] = (), remedy: Remedy = _EXPLAIN) -> Hit:
    evidence = {
        **meal.relation_evidence,
        "payer": meal.details.payer.value,
        "times": meal.details.times,
        "circumstances": list(meal.aggravating),
        "cost_per_head": yuan_if_known(meal.per_head),
        **meal.limits_evidence(*duty_related_host.limits),
    }
    lead = lead_of(meal)
    return Hit(level=level, message=Text(lead.zh + said.zh, lead.en + said.en), evidence=evidence, missing=missing, remedy=remedy)


@rule(
    "meal.private-club",
    29,
    title=Text("出入私人会所用餐", "Meal in a private club"),
    ban=6,
    basis=(
        *discipline(("2015", "87", "S"), ("2018", "93", "S"), ("2023", "102", "S")),
        cite("reception", "10(2)", "2013-12-01", who="reception", confidence="S"),
        cite("sanctions", "34(2)", "2020-07-01", who="dr"),
        cite(*_INTEGRITY_CODE, who="dr", confidence="S", unsure="title, day"),
    ),
    text=Text(
        "在私人会所或“一桌餐”等私人餐馆用餐的，无论与谁同餐、由谁付费，均列为严重疑点；企业食堂和家庭住所不属于会所。"
        "非中共党员仅在公务接待或与职务有关的宴请中适用。",
        "A meal attended in a private club, or in a private dining house that works like one, is a serious matter whoever hosts and "
        "whoever pays; company canteens and homes are no clubs. Those who are not Party members are bound only at official receptions "
        "and by duty-related hosts.",
    ),
)
def private_club(meal: Meal) -> Hit | None:
    """The venue alone decides."""
    if not meal.attended or not meal.in_club:
        return None
    day = meal.details.occurred_on
    return Hit(
        level=Level.SERIOUS,
        message=Text(
            f"{written(day)}用餐：地点为私人会所或者“一桌餐”等私人餐馆，此类场所不论与谁同餐、由谁付费均不得出入。请说明事由和同餐人员。",
            f"Meal of {day}. It was taken in a private club or private dining house, which officials may not frequent whoever hosts and "
            "whoever pays. Please explain the occasion and the company.",
        ),
        evidence={"venue": meal.details.venue.value, "payer": meal.details.payer.value, **meal.relation_evidence},
        remedy=_EXPLAIN,
    )


_EXPLAIN_CELEBRATION = Remedy(
    "explain-celebration",
    Text(
        "请说明参加缘由、是否报经单位批准以及费用承担情况。",
        "Please explain why you took part, whether your unit approved it, and who bore the cost.",
    ),
    None,
)


@rule(
    "meal.celebration",
    39,
    title=Text("参加庆祝宴请", "Meal at a celebration"),
    ban=6,
    basis=(cite("guangzhou-guide", None, "2024-09-01", confidence="S"),),
    text=Text(
        "自2024年9月1日起，参加企业等单位的节庆、庆典、庆功宴等庆祝宴请的，提示说明，不论由谁付费；亲友的庆祝宴请除外。"
        "所据为外地行为指引范例，适用前须经本地确认。",
        "Since 2024-09-01 a meal at a celebration of a company or the like asks for an explanation, whoever paid; those of kin and "
        "private friends do not. The guide relied on is a model from another city and needs local confirmation.",
    ),
)
def celebration(meal: Meal) -> Hit | None:
    """Celebrations of companies are their own affair, which officials as a rule do not attend."""
    if not meal.attended or meal.details.type is not MealType.CELEBRATION or meal.relation.private:
        return None
    lead = lead_of(meal)
    message = Text(
        f"{lead.zh}性质为庆祝宴请；节庆、庆典、庆功宴等内部庆祝活动一般不参加。{_EXPLAIN_CELEBRATION.text.zh}",
        f"{lead.en}It is stated as a celebration; as a rule officials take no part in the internal festivities of companies and the like. "
        f"{_EXPLAIN_CELEBRATION.text.en}",
    )
    evidence = {"type": meal.details.type.value, "payer": meal.details.payer.value, **meal.relation_evidence}
    return Hit(level=Level.NOTICE, message=message, evidence=evidence, remedy=_EXPLAIN_CELEBRATION)


@rule(
    "meal.permitted-work-meal",
    41,
    title=Text("正面清单允许的工作餐", "Work meal permitted by the positive list"),
    ban=6,
    basis=(
        cite("jinan-measures", None, "2019-01-04", confidence="S"),
        cite("guangzhou-guide", None, "2024-09-01", confidence="S"),
    ),
    text=Text(
        "经单位批准或已结清本人费用，在公开商务活动或上门服务期间，于食堂、普通餐馆接受的一次无烟酒、无高档菜肴的工作餐，且不在检查期间、"
        "不超过当地公布的人均标准的，记录在案，不再作宴请或转嫁费用的疑点。所据为外地正面清单范例，适用前须经本地确认。",
        "Records a single plain work meal (no alcohol, cigarettes or luxury dishes, no inspection under way) at a public business event "
        "or during service on site, in a canteen or ordinary restaurant, approved by the unit or with the own share paid, and within a "
        "local standard a head where one is published. It then raises no finding of a duty-related host or of cost shifted. The lists "
        "relied on are models from other cities and need local confirmation.",
    ),
    limits=("meal.work-meal-per-head",),
    permits=("meal.duty-related-host", "gift.cost-shifted"),
)
def permitted_work_meal(meal: Meal) -> Hit | None:
    """The positive list: what a work meal must look like stands on the matter."""
    if not meal.permitted:
        return None
    said = meal.details
    return Hit(
        level=Level.RECORD,
        message=Text(
            f"{written(said.occurred_on)}的工作餐属正面清单允许的范围，予以记录。请留存批准材料或者付费凭证备查。",
            f"The work meal of {said.occurred_on} is one that the positive list permits and is put on record. Please keep the approval or "
            "the receipt at hand.",
        ),
        evidence={
            **meal.relation_evidence,
            "approval": said.approval,
            "own_share_paid_on": iso(said.own_share_paid_on),
            "cost_per_head": yuan_if_known(meal.per_head),
            **meal.limits_evidence("meal.work-meal-per-head"),
        },
    )
