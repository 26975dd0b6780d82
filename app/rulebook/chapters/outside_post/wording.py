"""How findings on posts speak: the span of the post, what evidence shows of it, and the next steps."""

from typing import Any

from ...dates import iso, written
from ...finding import Hit, Level, Remedy, Text, to_be_looked_up
from ...money import yuan
from .matter import OutsidePost

RESIGN = Remedy(
    "resign-and-report",
    Text(
        "请辞去该职务，并向组织（人事）部门提交辞职材料。",
        "Resign from the post and hand in proof of it to the organisation department.",
    ),
    None,
)
APPROVE = Remedy(
    "ask-for-approval",
    Text(
        "请按干部管理权限报批；未获批准的，辞去该职务。",
        "Ask the competent body for approval; resign from the post if it is not given.",
    ),
    None,
)
HAND_OVER_PAY = Remedy(
    "stop-and-report-pay",
    Text(
        "请停止领取报酬、退出所取得的股权，已领取部分按组织（人事）部门意见处理。",
        "Take no more pay and give up any equity; deal with what was received as the organisation department says.",
    ),
    None,
)

REPORT_POST = Remedy(
    "report-post-after-leaving",
    Text(
        "请向原单位和组织（人事）部门补报，办理同意或者备案手续；未获同意的，辞去该职务。",
        "Report the post to the former unit and the organisation department and obtain the consent or filing; resign from it if consent "
        "is not given.",
    ),
    None,
)
WITHDRAW_CERTIFICATE = Remedy(
    "withdraw-certificate",
    Text(
        "请办理证书注销或者转出，并向组织（人事）部门书面说明登记、使用和报酬情况。",
        "Have the certificate deregistered or withdrawn, and explain to the organisation department in writing how it was registered and "
        "used and what it paid.",
    ),
    None,
)
STATE_TIE = Remedy(
    "state-tie-to-former-work",
    Text(
        "请核实并补充是否在原任职务管辖范围内、是否与原工作业务直接相关。",
        "State whether it is in the former jurisdiction and whether it is directly related to the former work.",
    ),
    None,
)
STATE_RELATION = Remedy(
    "state-relation",
    Text("请核实并补充该单位与本人职务的关系。", "Establish how the organisation stands to your duty and add it."),
    None,
)
STATE_BIRTH = Remedy(
    "state-day-of-birth",
    Text("请向组织（人事）部门补登出生日期。", "Have the day of birth put on record by the organisation department."),
    None,
)
HAVE_PAY_RETURNED = Remedy(
    "have-relatives-pay-returned",
    Text(
        "请向组织（人事）部门书面说明该亲属任职、工作和报酬情况，督促其不再领取并退还已领取的报酬。",
        "Explain to the organisation department in writing what the relative's post, work and pay were, and have no more taken and what "
        "was taken returned.",
    ),
    None,
)
_WHETHER_ENDED_OR_NOT = frozenset({STATE_TIE, STATE_RELATION, STATE_BIRTH, HAVE_PAY_RETURNED})
_EXPLAIN_ENDED = Remedy(
    "explain-ended-post",
    Text(
        "该任职已经结束，请向组织（人事）部门书面说明任职经过、批准和报酬情况。",
        "The post has ended. Explain to the organisation department in writing how it came about, who approved it and what it paid.",
    ),
    None,
)


def hit(post: OutsidePost, level: Level, said: Text, evidence: dict[str, Any], remedy: Remedy) -> Hit:
    """A suspicion led by the days of the post and followed by the next step, which for a post that has ended is to explain it."""
    step = _EXPLAIN_ENDED if post.ended and remedy not in _WHETHER_ENDED_OR_NOT else remedy
    lead = lead_of(post)
    message = Text(f"{lead.zh}{said.zh}{step.text.zh}", f"{lead.en}{said.en} {step.text.en}")
    return Hit(level=level, message=message, evidence=evidence_of(post) | evidence, remedy=step)


def lead_of(post: OutsidePost) -> Text:
    """The days of the post, with which every message begins."""
    begun, until = post.details.from_on, post.details.until_on
    if until:
        return Text(f"任职期间{written(begun)}至{written(until)}：", f"Post from {begun} to {until}. ")
    return Text(f"{written(begun)}起任职：", f"Post {'since' if begun <= post.today else 'from'} {begun}. ")


def evidence_of(post: OutsidePost) -> dict[str, Any]:
    """The facts of the post that every finding on it shows."""
    stated = post.details
    return {
        "organisation_kind": stated.organisation_kind.value,
        "post_type": stated.post_type.value,
        "from_on": iso(stated.from_on),
        "until_on": iso(stated.until_on),
        "in_service": post.in_service,
        "left_on": iso(post.person.left_on),
    }


def pay_of(post: OutsidePost) -> Text:
    """The pay of a year as it was stated, in its own currency."""
    pay = post.details.pay_per_year
    unit = "元" if pay.currency == "CNY" else f"（{pay.currency}）"
    return Text(f"年报酬{yuan(pay.amount)}{unit}", f"pay of {pay.currency} {yuan(pay.amount)} a year")


def stepped_down(post: OutsidePost, found: Hit) -> Hit:
    """The hit as found, or as a notice for staff whom the norm may not bind."""
    return to_be_looked_up(found, post.person.staff_class) if post.ban_to_be_looked_up else found
