"""Activities that somebody duty-related arranges, and study trips that turn into sightseeing."""

from typing import Any

from ...citation import cite, discipline
from ...dates import iso, written
from ...finding import Hit, Level, Remedy, Text
from ...money import yuan, yuan_if_known
from ...rule import rule
from ...statement import Payer, Relation
from .details import ActivityType
from .matter import Activity

_EXPLAIN = Remedy(
    "report-and-settle",
    Text(
        "请向本单位廉政部门书面说明事由、同行人员和费用，并结清应由本人承担的部分。",
        "Please explain the reason, the company and the cost to the integrity office in writing, and settle the own part.",
    ),
    None,
)
_STATE_RELATION = Remedy(
    "state-relation",
    Text(
        "请核实并补充安排方与本人职务的关系。",
        "Please find out how the arranger stands to your duty and state it.",
    ),
    None,
)
_STATE_SHARE = Remedy(
    "state-own-share",
    Text(
        "请补充总价值和本人已付部分，并留存付费凭证。",
        "Please state the worth of it all and what you paid, and keep the receipt.",
    ),
    None,
)
_REPAY = Remedy(
    "repay-trip",
    Text(
        "请核对行程和结算凭证，退还应由本人承担的部分，并书面说明。",
        "Please check the itinerary and the bill, pay back what is yours to bear, and explain in writing.",
    ),
    None,
)
_PAYERS = {
    Payer.SHARED: Text("费用虽有分摊，本人未付足", "the cost was shared without the declarant paying the whole part"),
    Payer.HOST: Text("费用由安排方承担", "the arranger bore the cost"),
    Payer.COMPANY: Text("费用由企业承担", "a company bore the cost"),
    Payer.SUBORDINATE: Text("费用由下属承担", "a subordinate bore the cost"),
    Payer.PUBLIC_FUNDS: Text("费用由公款承担", "public money bore the cost"),
    Payer.OTHER: Text("费用由他人承担", "somebody else bore the cost"),
}
_CIRCUMSTANCES = {
    "overnight": Text("在外过夜", "it lasted overnight"),
    "with_family": Text("携带家属同行", "family took part"),
}


@rule(
    "activity.paid-by-duty-related",
    37,
    title=Text("接受与职务有关的一方安排的活动", "Activity paid for by somebody duty-related"),
    ban=6,
    basis=(
        *discipline(("2015", "86", "M"), ("2018", "92", "S"), ("2023", "101", "S")),
        cite("sanctions", "34(2)", "2020-07-01"),
        cite("graft-interpretation", "12", "2016-04-18"),
        cite("integrity-1997", "5", "1997-01-01", "2016-01-01", confidence="S", unsure="title, day"),
    ),
    text=Text(
        "参加与职务有关的一方（含出资的下属）安排的旅游、健身、娱乐等活动，费用不由本人或者公款承担的，列为违规疑点；过夜、携带家属"
        "或者一并申报三次以上的，列为严重疑点。费用分摊且本人所付不低于总价值的不列；分摊而金额未填的、关系不明的，作提示。"
        "经批准搭乘企业交通工具的不列。",
        "Fires for travel, fitness, entertainment or the like whose cost neither the declarant nor public money bore, when the "
        "arranger, or a subordinate who paid, is related to the declarant's duty: breach; serious overnight, with family, or when three "
        "or more times are declared. Silent when the cost was shared and the own share covers the whole worth; a notice when it was "
        "shared and a sum is left out, or when the relation is unknown. Approved rides in a company's vehicle are left out.",
    ),
    limits=("activity.repeated",),
)
def paid_by_duty_related(activity: Activity) -> Hit | None:
    """Paying a part clears nothing: what counts is whether anybody else bore some of it."""
    unknown = activity.relation is Relation.UNKNOWN
    if not activity.treated or activity.paid_in_full or not (activity.duty_related or unknown):
        return None
    if unknown:
        said = Text(
            "安排方与本人职务的关系不明，尚不能排除可能影响公正执行公务。",
            "How the arranger stands to the declarant's duty is not known, so it cannot be ruled out that duty was touched.",
        )
        return _treated(activity, Level.NOTICE, said, ("relation", *activity.share_missing), _STATE_RELATION)
    if activity.share_missing:
        said = Text(
            f"{_tie(activity).zh}，费用为分摊，但总价值或者本人已付部分不详，无法核对本人是否付足。",
            f"{_tie(activity).en}. The cost was shared, but the worth or the own share is not known, so nobody can tell if it was paid "
            "in full.",
        )
        return _treated(activity, Level.NOTICE, said, activity.share_missing, _STATE_SHARE)
    level = Level.SERIOUS if activity.aggravating else Level.BREACH
    return _treated(activity, level, _paid_for(activity), (), _EXPLAIN)


def _tie(activity: Activity) -> Text:
    """Who is tied to the declarant's duty: the arranger, or else the subordinate who paid."""
    if activity.relation is activity.implied_relation and activity.overridden:
        return Text("出资的下属与本人职务有关", "The subordinate who paid is related to the declarant's duty")
    return Text("安排方与本人职务有关", "The arranger is related to the declarant's duty")


def _paid_for(activity: Activity) -> Text:
    paid, sums = _PAYERS[activity.details.payer], _sums(activity)
    reasons = [_CIRCUMSTANCES.get(name) or _repeated(activity) for name in activity.aggravating]
    zh = f"，且{'，'.join(reason.zh for reason in reasons)}" if reasons else ""
    en = f"; besides, {' and '.join(reason.en for reason in reasons)}" if reasons else ""
    return Text(
        f"{_tie(activity).zh}，{paid.zh}{sums.zh}{zh}。可能影响公正执行公务的活动安排，不论价值均不得接受。",
        f"{_tie(activity).en}, and {paid.en}{sums.en}{en}. Activities that may touch the fair exercise of duty may not be accepted at any "
        "worth.",
    )


def _sums(activity: Activity) -> Text:
    """The sums compared, where the cost was shared."""
    worth, share = activity.worth_cny(), activity.own_share
    if activity.details.payer is not Payer.SHARED or worth is None or share is None:
        return Text("", "")
    return Text(f"（价值{yuan(worth)}元，已付{yuan(share)}元）", f" (worth CNY {yuan(worth)}, paid CNY {yuan(share)})")


def _repeated(activity: Activity) -> Text:
    times, enough = activity.details.times, activity.limits["activity.repeated"]
    return Text(f"一并申报{times}次，达到{enough}次", f"{times} times are declared together, and from {enough} on they count as repeated")


def _treated(activity: Activity, level: Level, said: Text, missing: tuple[str, ...], step: Remedy) -> Hit:
    evidence = {
        **activity.relation_evidence,
        **_seen(activity),
        "worth_cny": yuan_if_known(activity.worth_cny()),
        "own_share_cny": yuan_if_known(activity.own_share),
        "circumstances": list(activity.aggravating),
        **activity.limits_evidence("activity.repeated"),
    }
    return Hit(level=level, message=_led(activity, said, step), evidence=evidence, missing=missing, remedy=step)


def _led(activity: Activity, said: Text, step: Remedy) -> Text:
    """What is said, led by the activity and its days and followed by the next step."""
    first, last, what = activity.details.from_on, activity.details.until_on, activity.named
    if first == last:
        lead = Text(f"{written(first)}{what.zh}：", f"{what.en} of {first}. ")
    else:
        lead = Text(f"{written(first)}至{written(last)}{what.zh}：", f"{what.en} from {first} to {last}. ")
    return Text(f"{lead.zh}{said.zh}{step.text.zh}", f"{lead.en}{said.en} {step.text.en}")


def _seen(activity: Activity) -> dict[str, Any]:
    said = activity.details
    return {
        "type": said.type.value,
        "payer": said.payer.value,
        "from_on": iso(said.from_on),
        "until_on": iso(said.until_on),
        "times": said.times,
    }


@rule(
    "activity.company-trip",
    38,
    title=Text("借学习考察等名义游览", "Sightseeing on a study trip or at public cost"),
    ban=6,
    basis=(
        *discipline(("2018", "105", "I"), ("2023", "115(3)", "S")),
        cite("reception", "5", "2013-12-01", confidence="S"),
        cite("sanctions", "35(3)", "2020-07-01"),
    ),
    text=Text(
        "学习考察包含观光游览且费用不由本人承担的，或者用公款旅游的，不论由谁安排，列为违规疑点；已经批准的同样适用。"
        "由与职务有关的一方付费的旅游，由其他规则判断。",
        "A study trip that included sightseeing and that the declarant did not pay for, or travel for sightseeing at public cost, is a "
        "breach whoever arranged it; an approval does not excuse the sightseeing. Travel that somebody duty-related paid for is for "
        "another rule.",
    ),
)
def company_trip(activity: Activity) -> Hit | None:
    """An approval covers the study, not the sights."""
    kind, payer = activity.details.type, activity.details.payer
    study = kind is ActivityType.STUDY_TRIP and payer is not Payer.SELF
    travel = kind is ActivityType.TRAVEL and payer is Payer.PUBLIC_FUNDS
    if not (activity.attended and activity.details.sightseeing and (study or travel)):
        return None
    paid, norm = Text("费用由各方分摊", "the cost was shared") if payer is Payer.SHARED else _PAYERS[payer], _NORMS[kind]
    said = Text(
        f"填报包含观光游览，{paid.zh}。{norm.zh}，已经批准的同样适用。",
        f"It is stated to have included sightseeing, and {paid.en}. {norm.en}, approved or not.",
    )
    evidence = {**_seen(activity), "sightseeing": True, "approved": activity.details.approved, **activity.relation_evidence}
    return Hit(level=Level.BREACH, message=_led(activity, said, _REPAY), evidence=evidence, remedy=_REPAY)


_NORMS = {
    ActivityType.STUDY_TRIP: Text("学习考察不得安排观光游览", "Study trips may include none"),
    ActivityType.TRAVEL: Text("公款不得用于旅游", "Public money may not pay for travel of this sort"),
}
