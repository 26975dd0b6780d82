"""Posts after resigning or retiring: the years in which the former field is closed (离职、退休后从业限制)."""

from dataclasses import replace
from datetime import timedelta

from ...citation import cite, discipline
from ...dates import add_years, iso, written
from ...facts import LeftReason
from ...finding import Hit, Level, Text
from ...rule import rule
from .details import OrganisationKind
from .matter import OutsidePost
from .wording import RESIGN, STATE_TIE, hit

_REASONS = {
    LeftReason.RESIGNED: Text("辞去公职", "resigned"),
    LeftReason.RETIRED: Text("退休", "retired"),
    LeftReason.DISMISSED: Text("离职", "left"),
    None: Text("离职", "left"),
}
_BUSINESS = frozenset({OrganisationKind.ENTERPRISE, OrganisationKind.INTERMEDIARY, OrganisationKind.OTHER})


@rule(
    "post.cooling-off",
    57,
    title=Text("离职、退休后从业限制期内任职", "Post within the years after leaving"),
    ban=9,
    basis=(
        cite("civil-service", "107", "2019-06-01", who="civil"),
        cite("civil-service", "102", "2006-01-01", "2019-06-01", who="civil", confidence="M"),
        cite("enterprise-posts", "2", "2013-10-19", who="leader", confidence="S", unsure="number"),
        cite("resigned-officials", None, "2017-05-26", who="resigned", confidence="S"),
        *discipline(("2018", "96", "M"), who="party&leader"),
        *discipline(("2023", "105(1)", "S")),
    ),
    text=Text(
        "辞去公职或退休后，领导成员和县处级以上人员三年内、其他人员两年内，到原任职务管辖地区和业务范围内或者与原工作业务直接相关的企业、"
        "中介机构等任职的，列为严重疑点；两项均未填明有关联且有一项不明的，作提示；均无关联的不列。"
        "适用于公务员、领导干部，自2024年1月1日起适用于全体党员干部；被辞退人员不适用。",
        "After resigning or retiring, for three years (leaders, division rank or above) or two (others), a post in an enterprise, "
        "intermediary or the like in the former jurisdiction, or directly related to the former work, is a serious matter; a notice "
        "when neither is stated to hold and one is not known; silent when neither holds. Binds civil servants and leaders, since "
        "2024-01-01 all Party members; not those who were dismissed.",
    ),
    limits=("post.cooling-off.senior", "post.cooling-off.other", "post.cooling-off.members-bound"),
)
def cooling_off(post: OutsidePost) -> Hit | None:
    """Counted from the day of leaving to the first day of the post after it."""
    left, begun = post.person.left_on, post.details.from_on
    if left is None or not (post.own and post.after_leaving and _bound(post)) or post.details.organisation_kind not in _BUSINESS:
        return None
    limit = "post.cooling-off.senior" if post.senior else "post.cooling-off.other"
    years = post.limits[limit]
    free_on = add_years(left, years)
    ties = {
        "in_former_jurisdiction": post.details.in_former_jurisdiction,
        "related_to_former_work": post.details.related_to_former_work,
    }
    missing = () if True in ties.values() else tuple(name for name, tie in ties.items() if tie is None)
    if max(begun, left) >= free_on or not (missing or True in ties.values()):
        return None
    evidence = {**ties, "free_on": iso(free_on), **post.limits_evidence(limit, "post.cooling-off.members-bound")}
    reason, last = _REASONS[post.person.left_reason], free_on - timedelta(days=1)
    span = Text(
        f"{written(left)}{reason.zh}，{years}年从业限制期至{written(last)}（含当日）。",
        f"The declarant {reason.en} on {left}, and {years} years bind until {last}, that day included.",
    )
    said = _unknown_tie(span) if missing else _tied(span)
    return replace(hit(post, Level.NOTICE if missing else Level.SERIOUS, said, evidence, STATE_TIE if missing else RESIGN), missing=missing)


def _tied(span: Text) -> Text:
    return Text(
        span.zh + "填报该单位在原任职务管辖地区和业务范围内，或者与原工作业务直接相关。",
        span.en + " The organisation is stated to be in the former jurisdiction, or directly related to the former work.",
    )


def _unknown_tie(span: Text) -> Text:
    return Text(
        span.zh + "该单位与原任职务或原工作业务是否有关尚不明确。",
        span.en + " Whether the organisation is tied to the former office or work is not known.",
    )


def _bound(post: OutsidePost) -> bool:
    """Civil servants and leaders; other Party members from the day on which the disciplinary regulations name them all."""
    member = "party" in post.tags and post.limits.get("post.cooling-off.members-bound") == "all"
    return "civil" in post.tags or post.person.is_leader or member
