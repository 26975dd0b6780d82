"""Business of the family: spouse, children and the children's spouses of those in office (配偶、子女及其配偶经商办企业)."""

from dataclasses import replace

from ...citation import cite, discipline
from ...facts import Rank
from ...finding import Hit, Level, Remedy, Text
from ...rule import rule
from .details import BusinessRole
from .matter import Shareholding
from .wording import HOLDERS, STATE_JURISDICTION, hit, next_step

_HAVE_CORRECTED = Remedy(
    "have-family-business-corrected",
    Text(
        "请督促其退出该经营活动，或者由本人服从职务调整，并向组织（人事）部门书面报告纠正情况。",
        "Have the business given up, or accept another post, and report to the organisation department in writing how it was put right.",
    ),
    None,
)


@rule(
    "shareholding.family-business",
    51,
    title=Text("配偶、子女及其配偶经商办企业", "Business of the spouse, a child or a child's spouse"),
    ban=9,
    basis=(
        *discipline(("2018", "97", "M"), ("2023", "107", "S"), who="party&leader"),
        cite("sanctions", "33(2)", "2020-07-01"),
        cite("civil-service", "74(2)", "2019-06-01", who="civil&leader"),
        cite("relatives-business", None, "2022-06-01", who="bureau+", confidence="S", unsure="text, day"),
    ),
    text=Text(
        "配偶、子女及其配偶持有非上市企业、合伙、个体、独资或者境外公司权益，或者在企业任职的：企业在本人管辖范围内或者本人为厅局级副职以上，"
        "而拒不按要求纠正的，列为严重疑点；领导干部的家属在本人管辖范围内经营、是否管辖不明，或者本人为厅局级副职以上的，作提示，"
        "列出纠正任务，法律未定期限；非领导干部的家属拒不纠正而是否管辖不明的，亦作提示。",
        "The spouse, a child or a child's spouse holds a stake in an unlisted company, partnership, sole or individual business or company "
        "abroad, or has a role in a business. Serious when an order to put it right was refused and the business is in the declarant's "
        "jurisdiction or the declarant of bureau rank or above, leader or not. For leaders a notice, with the task to have it corrected "
        "and no statutory day, when it is in the jurisdiction, when that is not known, or from bureau rank; for "
        "others a notice when correction was refused and the jurisdiction is not known.",
    ),
)
def family_business(holding: Shareholding) -> Hit | None:
    """The task is to have it corrected; only a refusal weighs more."""
    in_business = holding.closely_held or holding.details.role is not BusinessRole.NONE
    senior, refused = holding.person.rank.at_least(Rank.BUREAU_DEPUTY), holding.details.disposal_refused
    if not holding.of_family or not in_business:
        return None
    if refused and (holding.in_jurisdiction or senior):
        return _hit(holding, Level.SERIOUS, _told(holding, senior=senior, refused=True))
    if not (holding.person.is_leader or refused):
        return None
    if holding.in_jurisdiction is None:
        return _unknown(holding)
    if not (holding.in_jurisdiction or senior):
        return None
    return _hit(holding, Level.NOTICE, _told(holding, senior=senior, refused=False))


def _told(holding: Shareholding, *, senior: bool, refused: bool) -> Text:
    reasons = [
        (holding.in_jurisdiction, Text("该企业在本人管辖地区或者业务范围内", "the business is in the declarant's jurisdiction")),
        (senior, Text("本人为厅局级副职以上", "the declarant is of bureau rank or above")),
        (refused, Text("填报曾拒不按要求纠正", "an order to put it right was refused")),
    ]
    found = [reason for holds, reason in reasons if holds]
    zh, en = "，".join(reason.zh for reason in found), ", and ".join(reason.en for reason in found)
    return Text(
        f"{zh}。公职人员的配偶、子女及其配偶不得违规从事可能影响其公正执行公务的经营活动，本人须督促纠正。",
        f"{en[0].upper()}{en[1:]}. The spouse, children and children's spouses of officials may not, against the norms, carry "
        "on business that may touch the fair exercise of duty; the declarant has to see that it is put right.",
    )


def _unknown(holding: Shareholding) -> Hit:
    said = Text(
        "该企业是否在本人管辖地区或者业务范围内未填；在管辖范围内的，须督促纠正。",
        "Whether the business is in the declarant's jurisdiction is not stated; if it is, it has to be put right.",
    )
    return replace(_hit(holding, Level.NOTICE, said, STATE_JURISDICTION), missing=("issuer_in_jurisdiction",))


def _hit(holding: Shareholding, level: Level, said: Text, remedy: Remedy | None = None) -> Hit:
    who, works = HOLDERS[holding.details.holder], holding.details.role is not BusinessRole.NONE
    part = Text("，且其在该企业任职或者控制该企业", ", who has a role in the business") if works else Text("", "")
    words = Text(f"填报该投资由{who.zh}持有{part.zh}。{said.zh}", f"The stake is stated to be held by {who.en}{part.en}. {said.en}")
    evidence = holding.jurisdiction_evidence | {"rank": holding.person.rank.value, "is_leader": holding.person.is_leader}
    return hit(holding, level, words, evidence, remedy or next_step(holding, _HAVE_CORRECTED))
