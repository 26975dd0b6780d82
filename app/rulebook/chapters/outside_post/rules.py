"""Posts of the declarant: enterprises, approval, pay, what professional staff are allowed, certificates lent, judges and prosecutors."""

from ...citation import cite, discipline
from ...dates import iso, written
from ...facts import LeftReason, StaffClass
from ...finding import Hit, Level, Text
from ...rule import rule
from .details import OrganisationKind
from .matter import OutsidePost
from .wording import APPROVE, HAND_OVER_PAY, RESIGN, WITHDRAW_CERTIFICATE, evidence_of, hit, lead_of, pay_of, stepped_down

_POSTS_AND_PAY = discipline(("2015", "88(3)", "S"), ("2018", "94(3)", "S"), ("2023", "103(3)", "S"))
_SOE_2009 = cite("soe-2009", "5(6)", "2009-07-01", who="soe&leader", confidence="S", unsure="day")
_INNOVATION = cite("innovation-2017", None, "2017-03-10", confidence="S~", unsure="day")


@rule(
    "post.in-service-leader",
    53,
    title=Text("在职领导干部在企业兼职", "Leader in service with a post in an enterprise"),
    ban=9,
    basis=(
        cite("enterprise-posts", "1", "2013-10-19", confidence="S", unsure="number"),
        cite("civil-service", "59(16)", "2019-06-01", who="civil"),
        cite("civil-service", "53", "2006-01-01", "2019-06-01", who="civil", confidence="M"),
        cite("sanctions", "36", "2020-07-01"),
        *_POSTS_AND_PAY,
    ),
    text=Text(
        "自2013年10月19日起，机关和事业单位管理岗位的在职领导干部在企业兼职（任职）的，列为严重疑点；已经批准的、"
        "名誉性的、不取酬的同样适用。"
        "由本单位委派的、仅出借证书的除外。",
        "Since 2013-10-19 a post in an enterprise is a serious matter for leaders in service, of public organs and of the management of "
        "public institutions; an approval does not excuse it, and honorary or unpaid posts count. Posts that the unit assigned, and "
        "certificates merely lent, are left to other rules.",
    ),
    limits=("post.enterprise-posts-in-service",),
)
def in_service_leader(post: OutsidePost) -> Hit | None:
    """One post is more than the number allowed, which is nought."""
    bound = post.person.is_leader and post.cadre and post.in_service
    apart = post.details.assigned_by_unit or post.certificate_only
    if not post.own or not bound or apart or post.details.organisation_kind is not OrganisationKind.ENTERPRISE:
        return None
    if post.limits["post.enterprise-posts-in-service"] > 0:
        return None
    said = Text(
        "填报为在职领导干部在企业兼职（任职）；在职领导干部不得在企业兼职，已经批准、名誉性质或者不取酬的同样适用。",
        "A leader in service is stated to hold a post in an enterprise; none may be held, be it approved, honorary or unpaid.",
    )
    return hit(post, Level.SERIOUS, said, post.limits_evidence("post.enterprise-posts-in-service"), RESIGN)


@rule(
    "post.unapproved",
    54,
    title=Text("未经批准兼职", "Outside post without approval"),
    ban=9,
    basis=(
        cite("civil-service", "44", "2019-06-01", who="civil"),
        cite("civil-service", "42", "2006-01-01", "2019-06-01", who="civil", confidence="M"),
        cite("sanctions", "36", "2020-07-01"),
        cite("soe-sanctions", "21(3)", "2024-09-01", who="soe"),
        _SOE_2009,
        *_POSTS_AND_PAY,
    ),
    text=Text(
        "在职期间在任何单位兼职而未经批准，或者批准日期晚于任职开始日期的，列为违规疑点；由本单位委派的、仅出借证书的除外。"
        "基层人员仅作提示。",
        "A post in any organisation, begun in service without an approval or before it was given, is a breach; posts that the unit "
        "assigned and certificates merely lent are left out. A notice for grassroots staff.",
    ),
)
def unapproved(post: OutsidePost) -> Hit | None:
    """An approval left out means that there is none."""
    if not (post.own and post.in_service) or post.details.assigned_by_unit or post.certificate_only or post.approved_in_time:
        return None
    approval, begun = post.details.approval, post.details.from_on
    said = Text("批准情况未填，按未经批准对待。", "No approval is stated, which counts as none.")
    if approval is not None:
        said = Text(
            f"批准日期{written(approval.on)}，晚于任职开始日期{written(begun)}。",
            f"The approval of {approval.on} came after the first day of the post, {begun}.",
        )
    put_right = post.put_right_evidence(approval.on) if approval else {}
    evidence = {"approved_on": iso(approval.on) if approval else None} | put_right
    return stepped_down(post, hit(post, Level.BREACH, said, evidence, APPROVE))


@rule(
    "post.paid",
    55,
    title=Text("兼职取酬", "Paid outside post"),
    ban=9,
    basis=(
        cite("civil-service", "44", "2019-06-01", who="civil&inservice"),
        cite("civil-service", "42", "2006-01-01", "2019-06-01", who="civil&inservice", confidence="M"),
        cite("enterprise-posts", "3", "2013-10-19", confidence="S"),
        cite("society-posts", None, "2014-06-25", who="retired&social", confidence="S", unsure="number, day"),
        cite("sanctions", "36", "2020-07-01", who="inservice"),
        cite("soe-sanctions", "21(4)", "2024-09-01", who="soe"),
        _SOE_2009,
        *_POSTS_AND_PAY,
    ),
    text=Text(
        "在职期间兼职，或者领导干部退休后任职，领取报酬的列为违规疑点，取得股权的列为严重疑点；由本单位委派的同样不得取酬。"
        "辞去公职人员和退休的非领导干部可以取酬。基层人员仅作提示。",
        "Pay for a post begun in service, or held by a retired leader, is a breach, equity a serious matter; that the unit assigned the "
        "post does not excuse pay. Those who resigned, and retired non-leaders, may earn. A notice for grassroots staff.",
    ),
)
def paid(post: OutsidePost) -> Hit | None:
    """Any pay at all: the sum allowed is nought."""
    retired_leader = post.after_leaving and post.person.left_reason is LeftReason.RETIRED and post.person.is_leader
    pay, equity = post.details.pay_per_year, post.details.equity
    if not post.own or not (post.in_service or retired_leader) or not (pay.amount or equity):
        return None
    gains = [Text("股权", "equity")] if equity else []
    if pay.amount:
        gains.append(pay_of(post))
    said = Text(
        f"填报有{'、'.join(gain.zh for gain in gains)}；此类任职不得领取报酬，也不得取得股权。",
        f"The post is stated to bring {' and '.join(gain.en for gain in gains)}; posts of this sort may bring neither pay nor equity.",
    )
    evidence = {"pay_per_year": pay.model_dump(mode="json"), "equity": equity}
    return stepped_down(post, hit(post, Level.SERIOUS if equity else Level.BREACH, said, evidence, HAND_OVER_PAY))


@rule(
    "post.professional-exemption",
    62,
    title=Text("专业技术人员经批准兼职创新", "Approved innovation work of professional staff"),
    ban=9,
    basis=(_INNOVATION, cite("innovation-2019", None, "2019-12-27", confidence="S~", unsure="day")),
    text=Text(
        "事业单位专业技术人员（不含领导人员）自2017年3月10日起开始的兼职创新、在职创办企业，事先经单位批准的，记录在案，可以取酬或持股，"
        "不再作未经批准、兼职取酬的疑点。",
        "Records innovation work, begun since 2017-03-10, of professional staff of public institutions who are no leaders and whose "
        "unit approved it beforehand. It may be paid, in equity too, and raises no finding of an unapproved or paid post.",
    ),
    permits=("post.unapproved", "post.paid"),
)
def professional_exemption(post: OutsidePost) -> Hit | None:
    """The exemption covers what began after it was issued, whenever it ended."""
    professional = post.person.staff_class is StaffClass.INSTITUTION_PROFESSIONAL and not post.person.is_leader
    covered = post.details.professional_innovation and post.approved_in_time and post.details.from_on >= _INNOVATION.since
    if not (post.own and post.in_service and professional and covered):
        return None
    approval, lead = post.details.approval, lead_of(post)
    message = Text(
        f"{lead.zh}属专业技术人员经批准的兼职创新或者在职创办企业，予以记录。请留存批准文件，情况变动时及时报告。",
        f"{lead.en}It is innovation work that the unit approved for its professional staff, and is put on record. Please keep the approval "
        "and report changes.",
    )
    evidence = evidence_of(post) | {"approved_on": iso(approval.on) if approval else None}
    return Hit(level=Level.RECORD, message=message, evidence=evidence)


@rule(
    "post.certificate-only",
    60,
    title=Text("出借职业资格证书", "Professional certificate lent"),
    ban=9,
    basis=(*_POSTS_AND_PAY, cite("sanctions", "36", "2020-07-01")),
    text=Text(
        "职业资格证书登记在外单位而不实际工作的（挂证），列为违规疑点，不另按在职领导干部兼职、未经批准兼职和兼职个数判断；"
        "取酬的另行判断。",
        "A professional certificate registered with an organisation without real work there is a breach. It is not judged as a leader's "
        "post, as an unapproved post or in the number of posts besides; pay for it is.",
    ),
)
def certificate_only(post: OutsidePost) -> Hit | None:
    """Nobody works, yet the organisation counts one more qualified person."""
    if not (post.own and post.certificate_only) or post.details.real_work:
        return None
    said = Text(
        "填报职业资格证书登记在该单位而不实际工作；此类出借证书的做法涉及不得违规兼职的规定。",
        "A professional certificate is stated to be registered there without real work; lending it touches the ban on outside posts.",
    )
    return hit(post, Level.BREACH, said, {"real_work": post.details.real_work}, WITHDRAW_CERTIFICATE)


@rule(
    "post.judge-prosecutor",
    61,
    title=Text("法官、检察官在外兼职", "Outside post of a judge or prosecutor"),
    ban=9,
    basis=(
        cite("judges", "22", "2019-10-01", who="judge", unsure="day"),
        cite("prosecutors", "23", "2019-10-01", who="prosecutor", unsure="day"),
    ),
    text=Text(
        "在职法官、检察官在企业、其他营利性组织、事业单位等兼职的，列为严重疑点，经批准的同样适用；社会团体、基金会的职务除外。",
        "An outside post of a judge or prosecutor in service is a serious matter, in an enterprise, another organisation for profit, a "
        "public institution or the like; an approval does not excuse it. Posts in societies and foundations are left out.",
    ),
)
def judge_prosecutor(post: OutsidePost) -> Hit | None:
    """Beside the rules for all: no approval opens these posts to them."""
    office = _OFFICES.get(post.person.staff_class)
    if office is None or not (post.own and post.in_service) or post.social:
        return None
    said = Text(
        f"填报为在职{office.zh}在外兼职；{office.zh}不得兼任企业、其他营利性组织或者事业单位的职务，经批准的同样适用。",
        f"A {office.en} in service is stated to hold the post; a {office.en} may hold none in an enterprise, another organisation for "
        "profit or a public institution, be it approved or not.",
    )
    return hit(post, Level.SERIOUS, said, {"staff_class": post.person.staff_class.value}, RESIGN)


_OFFICES = {StaffClass.JUDGE: Text("法官", "judge"), StaffClass.PROSECUTOR: Text("检察官", "prosecutor")}
