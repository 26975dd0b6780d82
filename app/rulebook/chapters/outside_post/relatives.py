"""Posts of relatives: pay without work from those whom the declarant's duty touches (亲属挂名领薪)."""

from dataclasses import replace

from ...citation import cite, discipline
from ...finding import Hit, Level, Text
from ...rule import rule
from ...statement import Relation
from .details import PostHolder
from .matter import OutsidePost
from .wording import HAVE_PAY_RETURNED, STATE_RELATION, hit, pay_of

_HOLDERS = {
    PostHolder.SPOUSE: Text("配偶", "The spouse"),
    PostHolder.CHILD: Text("子女", "A child"),
    PostHolder.CHILD_SPOUSE: Text("子女的配偶", "A child's spouse"),
    PostHolder.OTHER_RELATIVE: Text("其他亲属", "A relative"),
}


@rule(
    "post.relative-paid-without-work",
    52,
    title=Text("亲属挂名领取报酬", "Relative paid without work"),
    ban=9,
    basis=(
        *discipline(("2018", "87(2)", "S"), ("2023", "96(2)", "M")),
        cite("graft-opinions-2007", "6", "2007-07-08", confidence="S"),
    ),
    text=Text(
        "配偶、子女及其配偶等亲属任职而不实际工作却领取报酬，任职单位与本人职务有关，或者在本人原任职务管辖范围内的，列为严重疑点；"
        "该单位与本人职务的关系未填或者不明的，提示补充；确与职务无关的不列。",
        "A spouse, child, child's spouse or other relative is paid for a post without doing real work: a serious matter when the "
        "organisation is related to the declarant's duty or lies in the former jurisdiction; a notice when how it stands to that duty is "
        "left out or unknown; silent when there is no such tie.",
    ),
)
def relative_paid_without_work(post: OutsidePost) -> Hit | None:
    """Who pays a relative for nothing pays for something else; any pay counts."""
    paid = post.details.pay_per_year.amount > 0 and not post.details.real_work
    if not post.held or post.details.holder is PostHolder.SELF or not paid:
        return None
    ties = [
        (post.duty_related, Text("该单位与本人职务有关", "the organisation is related to the declarant's duty")),
        (
            post.details.in_former_jurisdiction,
            Text("该单位在本人原任职务管辖范围内", "the organisation lies in the declarant's former jurisdiction"),
        ),
    ]
    found = [tie for holds, tie in ties if holds]
    if found:
        zh, en = "，".join(tie.zh for tie in found), " and ".join(tie.en for tie in found)
        said = Text(
            f"{zh}。亲属不得在此类单位不实际工作而领取报酬。",
            f"{en[0].upper()}{en[1:]}; relatives may not be paid there without doing real work.",
        )
        return _hit(post, Level.SERIOUS, said)
    return _unknown_tie(post) if post.relation is Relation.UNKNOWN else None


def _unknown_tie(post: OutsidePost) -> Hit:
    said = Text(
        "该单位与本人职务的关系未填或者不明，登记信息中亦无记载。",
        "How the organisation stands to the declarant's duty is not stated, and the register knows nothing of it.",
    )
    return replace(_hit(post, Level.NOTICE, said), missing=("relation",))


def _hit(post: OutsidePost, level: Level, said: Text) -> Hit:
    who, pay = _HOLDERS[post.details.holder], pay_of(post)
    words = Text(
        f"填报{who.zh}在该单位任职，不实际工作而有{pay.zh}。{said.zh}",
        f"{who.en} is stated to have {pay.en} without doing real work. {said.en}",
    )
    evidence = {
        "holder": post.details.holder.value,
        "real_work": post.details.real_work,
        "pay_per_year": post.details.pay_per_year.model_dump(mode="json"),
        "in_former_jurisdiction": post.details.in_former_jurisdiction,
        **post.relation_evidence,
    }
    return hit(post, level, words, evidence, HAVE_PAY_RETURNED if level is Level.SERIOUS else STATE_RELATION)
