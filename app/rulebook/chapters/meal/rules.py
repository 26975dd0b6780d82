"""Meals that somebody else pays for: the duty-related host, the private club, the permitted work meal."""

from ...citation import cite, discipline
from ...finding import Hit, Level, Remedy, Text
from ...money import yuan
from ...rule import rule
from ...statement import Relation
from .matter import Meal

_INTEGRITY_CODE = ("integrity-1997", "5", "1997-01-01", "2016-01-01")

_EXPLAIN = Remedy(
    "report-and-settle",
    Text(
        "请向本单位廉政部门书面说明用餐事由、参加人员和费用，应由本人承担的部分及时结清并留存凭证。",
        "Explain the reason, the company and the cost in writing to the integrity office; settle the own share and keep the receipt.",
    ),
    None,
)

_WORDS = {
    "repeated": Text("多次接受宴请", "it happened repeatedly"),
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
            "How the host stands to the declarant's duty is not known, so it cannot be ruled out that duty was touched. State the "
            "relation.",
        )
        return _treated(meal, Level.NOTICE, said, ("relation",))
    return _treated_by_duty_related(meal) if meal.duty_related else None


def _treated_by_duty_related(meal: Meal) -> Hit:
    """What decides in favour of the declarant, or only lacks a fact, comes before what weighs against."""
    if meal.work_meal:
        said = Text(
            "情形与正面清单工作餐相符，但缺少批准或费用情况。请补填批准文号、本人费用结清日期或人均费用。",
            "It has the shape of a permitted work meal, but its approval or cost is not stated. Add the approval, the day on which the "
            "own share was paid, or the cost a head.",
        )
        return _treated(meal, Level.NOTICE, said, meal.lacking)
    if meal.aggravating:
        return _treated(meal, Level.SERIOUS, _weighing(meal))
    if meal.trifling:
        line = meal.limits["meal.trifle-per-head"]
        said = Text(
            f"宴请方与本人职务有关，为人均{meal.per_head}元的单次便餐，低于{line}元提示线，由审查人员判断。请说明事由。",
            f"The host is related to the declarant's duty. A single simple meal at {meal.per_head} yuan a head, below the line of "
            f"{line}, is for a person to judge. Explain the occasion.",
        )
        return _treated(meal, Level.NOTICE, said)
    said = Text(
        "宴请方与本人职务有关，费用非本人承担，且不属于正面清单允许的工作餐。请书面说明并结清本人费用。",
        "The host is related to the declarant's duty and bore the cost, and it is no work meal that the positive list permits. Explain "
        "in writing and settle the own share.",
    )
    return _treated(meal, Level.BREACH, said, ("exchange_rate",) if meal.rate_missing(meal.details.cost_per_head) else ())


def _weighing(meal: Meal) -> Text:
    reasons = [_WORDS[name] for name in meal.aggravating]
    return Text(
        f"宴请方与本人职务有关，费用非本人承担，且{'、'.join(reason.zh for reason in reasons)}。请停止此类用餐，书面说明并结清本人费用。",
        f"The host is related to the declarant's duty and bore the cost; besides, {', and '.join(reason.en for reason in reasons)}. "
        "Take no more such meals, explain in writing and settle the own share.",
    )


def _treated(meal: Meal, level: Level, said: Text, missing: tuple[str, ...] = ()) -> Hit:
    day, times = meal.details.occurred_on, meal.details.times
    evidence = {
        **meal.relation_evidence,
        "payer": meal.details.payer.value,
        "times": times,
        "circumstances": list(meal.aggravating),
        "cost_per_head": None if meal.per_head is None else yuan(meal.per_head),
        "repeated_from": meal.limit_evidence("meal.repeated"),
        "trifle_below": meal.limit_evidence("meal.trifle-per-head"),
    }
    run = Text(f"{day}起共{times}次用餐：", f"{times} meals from {day}. ")
    once = Text(f"{day}用餐：", f"Meal of {day}. ")
    lead = run if times > 1 else once
    return Hit(level=level, message=Text(lead.zh + said.zh, lead.en + said.en), evidence=evidence, missing=missing, remedy=_EXPLAIN)


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
            f"{day}用餐：地点为私人会所或私人餐馆，此类场所不论与谁同餐、由谁付费均应回避。请说明事由和同餐人员。",
            f"Meal of {day}. It was taken in a private club or private dining house, which officials are to avoid whoever hosts and "
            "whoever pays. Explain the occasion and the company.",
        ),
        evidence={"venue": meal.details.venue.value, "payer": meal.details.payer.value, **meal.relation_evidence},
        remedy=_EXPLAIN,
    )


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
    paid = said.own_share_paid_on
    return Hit(
        level=Level.RECORD,
        message=Text(
            f"{said.occurred_on}的工作餐符合正面清单，予以记录。请留存批准材料或付费凭证备查。",
            f"The work meal of {said.occurred_on} is one that the positive list permits and is put on record. Keep the approval or the "
            "receipt at hand.",
        ),
        evidence={
            **meal.relation_evidence,
            "approval": said.approval,
            "own_share_paid_on": paid.isoformat() if paid else None,
            "cost_per_head": None if meal.per_head is None else yuan(meal.per_head),
            "standard_per_head": meal.limit_evidence("meal.work-meal-per-head"),
        },
    )
