"""Business interests of the declarant: closely held shares, running a business, nominees, companies abroad, partners of a state enterprise."""

from dataclasses import replace

from ...citation import cite, discipline
from ...facts import StaffClass
from ...finding import Hit, Level, Remedy, Text
from ...rule import rule
from .details import Acquisition, BusinessRole, Holder, HoldingType
from .matter import Shareholding
from .wording import hit, stepped_down

# The Civil Servants Law of 2005 banned business outright; since 2019 only business "against the provisions concerned" is banned.
_PUBLIC_SERVICE = (
    cite("civil-service", "59(16)", "2019-06-01", who="civil"),
    cite("civil-service", "53", "2006-01-01", "2019-06-01", who="civil", confidence="M"),
    cite("sanctions", "36", "2020-07-01"),
    cite("civil-sanctions-2007", "27", "2007-06-01", "2020-07-01", who="civil"),
    cite("soe-sanctions", "21(1)", "2024-09-01", who="soe"),
)
_SOE_2009 = cite("soe-2009", "5(1)", "2009-07-01", who="soe&leader", confidence="S", unsure="day")
_HOLDS_UNLISTED = discipline(("2015", "88(1)(2)", "S"), ("2018", "94(1)(2)", "S"), ("2023", "103(1)(2)", "S"))

_STATE_DEALINGS = Remedy(
    "state-dealings-with-own-unit",
    Text(
        "请核实并补充该企业与本单位有无业务往来或者关联。",
        "Establish whether the company deals with, or is related to, the declarant's own unit and add it.",
    ),
    None,
)


@rule(
    "shareholding.unlisted",
    43,
    title=Text("持有非上市公司（企业）股份", "Shares of an unlisted company"),
    ban=9,
    basis=(*_HOLDS_UNLISTED, *_PUBLIC_SERVICE, _SOE_2009),
    text=Text(
        "本人或由他人代持非上市公司股份、合伙份额的，列为违规疑点；发行企业在本人管辖范围内，或者拒不按要求处置的，列为严重疑点；"
        "继承取得的作提示。基层人员和事业单位专业技术人员仅作提示。",
        "Shares of an unlisted company or a partnership, held by the declarant or a nominee, are a breach; serious when the issuer is "
        "in the declarant's jurisdiction, as stated or as the register knows, or when disposal was refused. Inherited ones are a "
        "notice, as are those of grassroots staff and professional staff of public institutions.",
    ),
)
def unlisted(holding: Shareholding) -> Hit | None:
    """Any share at all; the sum plays no part."""
    if not holding.own or holding.details.type not in (HoldingType.UNLISTED, HoldingType.PARTNERSHIP):
        return None
    evidence = holding.jurisdiction_evidence
    if holding.details.acquired_how is Acquisition.INHERITED:
        inherited = Text("所持非上市企业股份或者合伙份额系继承取得。", "Shares of an unlisted company or partnership were inherited.")
        return hit(holding, Level.NOTICE, inherited, evidence)
    if holding.in_jurisdiction or holding.details.disposal_refused:
        return stepped_down(hit(holding, Level.SERIOUS, _aggravated(holding), evidence), holding)
    said = Text(
        "填报由本人持有或者他人代持非上市企业股份、合伙份额，涉及不得违规从事营利活动的规定。",
        "Shares of an unlisted company or partnership are stated, which touches the ban on business interests.",
    )
    if holding.in_jurisdiction is not None:
        return stepped_down(hit(holding, Level.BREACH, said, evidence), holding)
    said = Text(
        said.zh + "该企业是否在本人管辖地区或者业务范围内未填，请一并补充。",
        said.en + " Whether the company is in the declarant's jurisdiction is not stated; please add it.",
    )
    found = replace(hit(holding, Level.BREACH, said, evidence), missing=("issuer_in_jurisdiction",))
    return stepped_down(found, holding)


def _aggravated(holding: Shareholding) -> Text:
    reasons = [
        (holding.in_jurisdiction, Text("该企业在本人管辖地区或者业务范围内", "the company is in the declarant's jurisdiction")),
        (holding.details.disposal_refused, Text("填报曾拒不按要求处置", "an order to dispose of them was refused")),
    ]
    found = [reason for holds, reason in reasons if holds]
    zh, en = "，".join(reason.zh for reason in found), " and ".join(reason.en for reason in found)
    return Text(
        f"填报由本人持有或者他人代持非上市企业股份、合伙份额，{zh}。涉及该企业的公务请申请回避。",
        f"Shares of an unlisted company or partnership are stated, and {en}. Please stand aside in matters of the company.",
    )


_ROLES = {
    BusinessRole.LEGAL_REPRESENTATIVE: Text("担任企业法定代表人", "A role as legal representative"),
    BusinessRole.PARTNER: Text("为合伙人", "A role as partner"),
    BusinessRole.DIRECTOR: Text("担任企业董事", "A role as director"),
    BusinessRole.SUPERVISOR: Text("担任企业监事", "A role as supervisor"),
    BusinessRole.EXECUTIVE: Text("担任企业高级管理人员", "A role as executive"),
    BusinessRole.ACTUAL_CONTROLLER: Text("为企业实际控制人", "A role as actual controller"),
}


@rule(
    "shareholding.runs-business",
    44,
    title=Text("经商办企业", "Running a business"),
    ban=9,
    basis=(
        *discipline(("2015", "88(1)(1)", "S"), ("2018", "94(1)(1)", "S"), ("2023", "103(1)(1)", "S")),
        *_PUBLIC_SERVICE,
        _SOE_2009,
    ),
    text=Text(
        "本人或由他人代持，在企业担任法定代表人、合伙人、董事、监事、高管或为实际控制人，或者设有个人独资企业、个体工商户的，列为违规疑点；"
        "拒不按要求处置的，列为严重疑点。基层人员和事业单位专业技术人员仅作提示。",
        "A role in a business (legal representative, partner, director, supervisor, executive, actual controller), or a sole "
        "proprietorship or individual business, held by the declarant or a nominee, is a breach; serious when disposal was refused. A "
        "notice for grassroots staff and professional staff of public institutions.",
    ),
)
def runs_business(holding: Shareholding) -> Hit | None:
    """A role counts beside the shares that come with it."""
    in_charge = holding.details.role is not BusinessRole.NONE
    if not holding.own or not (in_charge or holding.one_person_business):
        return None
    refused = holding.details.disposal_refused
    part = _ROLES.get(holding.details.role, Text("设有个人独资企业或者个体工商户", "A sole proprietorship or individual business"))
    again = Text("，且曾拒不按要求处置", "; an order to give it up was refused") if refused else Text("", "")
    said = Text(f"填报{part.zh}，涉及经商办企业的规定{again.zh}。", f"{part.en} is stated, which touches the ban on business{again.en}.")
    return stepped_down(hit(holding, Level.SERIOUS if refused else Level.BREACH, said), holding)


@rule(
    "shareholding.nominee",
    45,
    title=Text("由他人代持", "Held through a nominee"),
    ban=9,
    basis=(*_HOLDS_UNLISTED, *discipline(("2015", "67", "S"), ("2018", "73", "S"), ("2023", "81", "I")), *_PUBLIC_SERVICE),
    text=Text(
        "任何类型的投资由他人代本人持有的，列为严重疑点，涉及营利活动和如实报告两方面要求。",
        "Any stake that somebody else holds for the declarant is a serious matter: it touches both the ban on business and the duty to "
        "report.",
    ),
)
def nominee(holding: Shareholding) -> Hit | None:
    """Whatever is held, holding it in another's name hides it."""
    if holding.details.holder is not Holder.NOMINEE:
        return None
    said = Text(
        "填报该投资由他人代本人持有。请说明代持原因、出资来源和代持人，并补报个人有关事项。",
        "The stake is stated to be held by a nominee. Please explain why, with whose money and by whom, and add it to the report of "
        "personal matters.",
    )
    return hit(holding, Level.SERIOUS, said, {"nominee_name": holding.details.nominee_name})


@rule(
    "shareholding.offshore",
    46,
    title=Text("在国（境）外注册公司或者投资入股", "Company registered or invested in abroad"),
    ban=9,
    basis=(
        *discipline(("2015", "88(1)(5)", "S"), ("2018", "94(1)(5)", "S"), ("2023", "103(1)(5)", "S")),
        *_PUBLIC_SERVICE,
    ),
    text=Text(
        "本人或由他人代持，在国（境）外注册公司或投资入股的，列为严重疑点，不另按非上市股份判断。",
        "A company registered or invested in abroad, by the declarant or through a nominee, is a serious matter; it is not judged as "
        "unlisted shares besides.",
    ),
)
def offshore(holding: Shareholding) -> Hit | None:
    """Takes the place of the rule on unlisted shares."""
    if not holding.own or holding.details.type is not HoldingType.OFFSHORE:
        return None
    said = Text(
        "填报在国（境）外注册公司或者投资入股。请说明资金来源。",
        "A company registered or invested in abroad is stated. Please explain where the money came from.",
    )
    return hit(holding, Level.SERIOUS, said)


@rule(
    "shareholding.soe-related",
    50,
    title=Text("国有企业管理人员在有业务关系的企业投资", "Stake of a state-enterprise manager in a related company"),
    ban=9,
    basis=(_SOE_2009, cite("soe-sanctions", "21(2)", "2024-09-01", who="soe")),
    text=Text(
        "国有企业管理人员本人或由他人代持，在与本单位有业务往来或者关联的非上市企业、合伙、独资、个体、境外公司投资入股的，列为严重疑点；"
        "有无往来未填的，作提示。2024年9月1日前仅适用于领导人员。",
        "A manager of a state enterprise, or a nominee, holds a stake in an unlisted company, partnership, sole or individual business or "
        "company abroad that deals with, or is related to, the manager's own unit: a serious matter; a notice when that is left out. "
        "Before 2024-09-01 it binds leaders alone.",
    ),
)
def soe_related(holding: Shareholding) -> Hit | None:
    """Beside the ban on unlisted shares: here the tie to the own unit decides. The dated rows tell from when it binds whom."""
    trades = holding.details.issuer_trades_with_own_unit
    soe = holding.person.staff_class is StaffClass.SOE_MANAGEMENT
    if not (soe and holding.own and holding.closely_held) or trades is False:
        return None
    evidence = {"issuer_trades_with_own_unit": trades, "is_leader": holding.person.is_leader}
    if trades is None:
        said = Text(
            "该企业与本单位有无业务往来或者关联未填，国有企业管理人员不得在此类企业投资入股。",
            "Whether the company deals with, or is related to, the declarant's own unit is not stated; managers of state enterprises may "
            "not invest in such companies.",
        )
        return replace(hit(holding, Level.NOTICE, said, evidence, _STATE_DEALINGS), missing=("issuer_trades_with_own_unit",))
    said = Text(
        "填报该企业与本单位有业务往来或者关联，国有企业管理人员不得在此类企业投资入股。涉及该企业的业务请申请回避。",
        "The company is stated to deal with, or to be related to, the declarant's own unit, and managers of state enterprises may not "
        "invest in such companies. Please stand aside in business with it.",
    )
    return hit(holding, Level.SERIOUS, said, evidence)
