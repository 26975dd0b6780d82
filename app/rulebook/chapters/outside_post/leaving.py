"""Posts after resigning or retiring: the years in which the former field is closed, consent and filing (离职、退休后从业限制)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from ...citation import cite, discipline
from ...dates import add_years, iso, written
from ...facts import LeftReason
from ...finding import Hit, Level, Text
from ...rule import rule
from .details import OrganisationKind, PostType
from .matter import OutsidePost
from .wording import REPORT_POST, RESIGN, STATE_TIE, hit

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


@rule(
    "post.leaver-unreported",
    58,
    title=Text("离职、退休后任职未经同意或者备案", "Post after leaving without consent or filing"),
    ban=9,
    basis=(
        cite("enterprise-posts", "2", "2013-10-19", who="notsocial", confidence="S", unsure="number"),
        cite("society-posts", None, "2014-06-25", who="social", confidence="S", unsure="number, day"),
    ),
    text=Text(
        "领导干部和县处级以上人员辞去公职或者退休后任职：在企业、中介机构等单位，三年内未征得组织（人事）部门同意的，三年后未备案的，"
        "列为违规疑点；在社会团体、基金会，未征得同意、未经批准又未备案的，列为违规疑点。在事业单位任职的除外。",
        "A post of leaders and those of division rank or above who resigned or retired. In an enterprise, intermediary or the like it is "
        "a breach without the organisation department's consent in the first three years, and without filing later; in a society or "
        "foundation it is one without any of consent, approval and filing. Public institutions are left out.",
    ),
    limits=("post.consent-after-leaving",),
)
def leaver_unreported(post: OutsidePost) -> Hit | None:
    """Consent, approval and filing left out mean that there are none; whether the former field is closed is judged apart."""
    left = post.person.left_on
    if left is None or not (post.own and post.after_leaving and post.senior):
        return None
    if post.details.organisation_kind is OrganisationKind.PUBLIC_INSTITUTION:
        return None
    return _society_unreported(post) if post.social else _business_unreported(post, left)


def _society_unreported(post: OutsidePost) -> Hit | None:
    stated = post.details
    if stated.consented_by_organisation_department or stated.approval or stated.filed_with:
        return None
    said = Text(
        "填报未征得组织（人事）部门同意，也未经批准、备案；离职、退（离）休后在社会团体、基金会任职，须按干部管理权限审批或者备案。",
        "It is stated without consent of the organisation department, and without approval or filing; posts in societies and foundations "
        "after leaving have to be approved or filed by the competent body.",
    )
    return hit(post, Level.BREACH, said, _reported(post), REPORT_POST)


def _business_unreported(post: OutsidePost, left: date) -> Hit | None:
    years = post.limits["post.consent-after-leaving"]
    free_on, begun = add_years(left, years), max(post.details.from_on, left)
    last, within = free_on - timedelta(days=1), begun < free_on
    if post.details.consented_by_organisation_department if within else post.details.filed_with:
        return None
    reason = _REASONS[post.person.left_reason]
    said = Text(
        f"{written(left)}{reason.zh}，满{years}年后任职，填报未向组织（人事）部门备案；此类任职须经审批并备案。",
        f"The declarant {reason.en} on {left}; the post begins {years} years later or more, and no filing with the organisation "
        "department is stated; such posts have to be approved and filed.",
    )
    if within:
        said = Text(
            f"{written(left)}{reason.zh}，{years}年内（至{written(last)}，含当日）任职须征得组织（人事）部门同意，填报未征得同意。",
            f"The declarant {reason.en} on {left}; for {years} years, until {last}, that day included, posts need the organisation "
            "department's consent, and none is stated.",
        )
    evidence = _reported(post) | {"consent_needed_until": iso(last)} | post.limits_evidence("post.consent-after-leaving")
    return hit(post, Level.BREACH, said, evidence, REPORT_POST)


def _reported(post: OutsidePost) -> dict[str, Any]:
    stated = post.details
    return {
        "consented_by_organisation_department": stated.consented_by_organisation_department,
        "approved_on": iso(stated.approval.on) if stated.approval else None,
        "filed_with": stated.filed_with,
    }


@rule(
    "post.independent-director",
    59,
    title=Text("离职、退休后任独立董事", "Independent director after leaving"),
    ban=9,
    basis=discipline(("2023", "105(2)", "S")),
    text=Text(
        "自2024年1月1日起，党员领导干部辞去公职或者退休后担任独立董事，未征得组织（人事）部门同意的，列为违规疑点。"
        "在职期间担任的，按在职领导干部在企业兼职判断。",
        "Since 2024-01-01 a post as independent director, held by a leader and Party member who resigned or retired, is a breach without "
        "the organisation department's consent. One begun in service is judged as a leader's post in an enterprise.",
    ),
)
def independent_director(post: OutsidePost) -> Hit | None:
    """The norm names listed companies and fund managers; whether the company is one cannot be stated, so it is asked."""
    left = post.person.left_on
    if left is None or not (post.own and post.after_leaving and post.person.is_leader):
        return None
    if post.details.post_type is not PostType.INDEPENDENT_DIRECTOR or post.details.consented_by_organisation_department:
        return None
    reason = _REASONS[post.person.left_reason]
    said = Text(
        f"{written(left)}{reason.zh}，填报担任独立董事，未征得组织（人事）部门同意；党员领导干部离职、退（离）休后担任上市公司、"
        "基金管理公司独立董事，须符合有关规定。请一并说明该公司是否为上市公司或者基金管理公司。",
        f"The declarant {reason.en} on {left} and is stated to be an independent director without the organisation department's consent; "
        "leaders who left may be independent directors of listed companies and fund managers only as the norms allow. Please state too "
        "whether the company is one of these.",
    )
    return hit(post, Level.BREACH, said, _reported(post), REPORT_POST)
