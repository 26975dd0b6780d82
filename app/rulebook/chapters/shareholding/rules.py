"""Business interests of the declarant: closely held shares, running a business, nominees, companies abroad."""

from dataclasses import replace
from typing import Any

from ...citation import cite, discipline
from ...finding import Hit, Level, Remedy, Text
from ...rule import rule
from .details import Acquisition, BusinessRole, Holder, HoldingType
from .matter import Shareholding

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

_DISPOSE = Remedy(
    "dispose-and-report",
    Text(
        "请向组织（人事）部门和廉政部门书面报告该投资，按要求转让、退出或者注销，并提交变更登记凭证。",
        "Report the interest in writing to the organisation department and the integrity office, then transfer it, withdraw or "
        "deregister as told, and hand in proof of it.",
    ),
    None,
)
_PROVE = Remedy(
    "report-and-prove-disposal",
    Text(
        "请向组织（人事）部门和廉政部门书面报告该投资的取得、收益和处置情况，并提交处置凭证。",
        "Report to the organisation department and the integrity office in writing how it was acquired, what it brought and how it was "
        "disposed of, and hand in proof.",
    ),
    None,
)
_LOOK_UP = Text(
    "此项禁止是否适用于该类人员，须先由审查人员核实，故仅作提示。",
    "Whether the ban binds this class of staff must be looked up first, so this is a notice only.",
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
    evidence = {**_stake(holding), **holding.jurisdiction_evidence}
    if holding.details.acquired_how is Acquisition.INHERITED:
        return _hit(holding, Level.NOTICE, Text("非上市企业股份系继承取得。", "Shares of an unlisted company were inherited."), evidence)
    if holding.in_jurisdiction or holding.details.disposal_refused:
        return _stepped_down(_hit(holding, Level.SERIOUS, _aggravated(holding), evidence), holding)
    said = Text(
        "本人持有非上市企业股份或合伙份额，与不得违规从事营利活动的要求不符。",
        "Shares of an unlisted company or partnership appear to conflict with the ban on business interests.",
    )
    if holding.in_jurisdiction is not None:
        return _stepped_down(_hit(holding, Level.BREACH, said, evidence), holding)
    said = Text(
        said.zh + "是否在管辖范围内不明，请一并核实。",
        said.en + " Whether the company is in your jurisdiction is not known; state it.",
    )
    return _stepped_down(_hit(holding, Level.BREACH, said, evidence, ("issuer_in_jurisdiction",)), holding)


def _aggravated(holding: Shareholding) -> Text:
    reasons = [
        (holding.in_jurisdiction, Text("企业在本人管辖地区或业务范围内", "the company is in the declarant's jurisdiction")),
        (holding.details.disposal_refused, Text("曾拒不按要求处置", "an order to dispose of them was refused")),
    ]
    found = [reason for holds, reason in reasons if holds]
    zh, en = "，".join(reason.zh for reason in found), " and ".join(reason.en for reason in found)
    return Text(
        f"本人持有非上市企业股份或合伙份额，{zh}。涉及该企业的公务请申请回避。",
        f"Shares of an unlisted company or partnership are concerned, and {en}. Stand aside in matters of the company.",
    )


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
    said = Text(
        "存在经商办企业的情形，且曾拒不按要求处置。" if refused else "存在经商办企业的情形。",
        "There is a role in running a business, and an order to give it up was refused."
        if refused
        else "There is a role in running a business.",
    )
    return _stepped_down(_hit(holding, Level.SERIOUS if refused else Level.BREACH, said, _stake(holding)), holding)


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
        "该投资由他人代本人持有。请说明代持原因、出资来源和代持人，并补报个人有关事项。",
        "The stake stands in the name of a nominee. Explain why, with whose money and by whom, and add it to the report of personal "
        "matters.",
    )
    return _hit(holding, Level.SERIOUS, said, _stake(holding) | {"nominee_name": holding.details.nominee_name})


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
        "涉及在国（境）外注册公司或投资入股。请说明资金来源。",
        "It is a company registered or invested in abroad. Say where the money came from.",
    )
    return _hit(holding, Level.SERIOUS, said, _stake(holding))


def _stake(holding: Shareholding) -> dict[str, Any]:
    said = holding.details
    return {
        "type": said.type.value,
        "holder": said.holder.value,
        "role": said.role.value,
        "share_percent": said.share_percent,
        "acquired_on": said.acquired_on.isoformat(),
        "acquired_how": said.acquired_how.value,
        "disposed_on": said.disposed_on.isoformat() if said.disposed_on else None,
        "disposal_refused": said.disposal_refused,
    }


def _hit(holding: Shareholding, level: Level, said: Text, evidence: dict[str, Any], missing: tuple[str, ...] = ()) -> Hit:
    """A suspicion led by the days of the stake, and followed by what to do with one still held or already gone."""
    since, until = holding.details.acquired_on, holding.details.disposed_on
    remedy = _PROVE if until else _DISPOSE
    message = Text(
        f"投资期间{since}至{until or '今'}：{said.zh}{remedy.text.zh}",
        f"Stake held from {since} to {until or 'today'}. {said.en} {remedy.text.en}",
    )
    return Hit(level=level, message=message, evidence=evidence, missing=missing, remedy=remedy)


def _stepped_down(hit: Hit, holding: Shareholding) -> Hit:
    """The hit as found, or as a notice for staff of whom it must first be looked up that the ban binds them."""
    if not holding.ban_to_be_looked_up:
        return hit
    message = Text(hit.message.zh + _LOOK_UP.zh, f"{hit.message.en} {_LOOK_UP.en}")
    evidence = hit.evidence | {"staff_class": holding.person.staff_class.value, "level_otherwise": hit.level.value}
    return replace(hit, level=Level.NOTICE, message=message, evidence=evidence)
