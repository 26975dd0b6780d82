"""Listed shares: free as such, closed to those whose duty, knowledge or family touches the issuer (证券投资行为)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from ...citation import cite, discipline
from ...dates import add_months, iso, written
from ...facts import EmployerKind, StaffClass
from ...finding import Hit, Level, Remedy, Text, strongest
from ...rule import rule
from .details import HoldingType
from .matter import Shareholding
from .wording import HOLDERS, hit, next_step

_LEAVE_ALONE = Remedy(
    "stop-trading-and-report",
    Text(
        "请停止买卖该股票，向组织（人事）部门和廉政部门书面报告持有和交易情况，并按要求处置。",
        "Trade the shares no more; report the holding and all trades in writing to the organisation department and the integrity "
        "office, and dispose of them as told.",
    ),
    None,
)
_STATE_TIES = Remedy(
    "state-ties-to-issuer",
    Text("请核实并补充上述情况。", "Establish this and add it."),
    None,
)
_SECURITIES_TRADE = frozenset({EmployerKind.SECURITIES_FIRM, EmployerKind.FUND_MANAGER, EmployerKind.SECURITIES_INTERMEDIARY})


@rule(
    "shareholding.restricted-listed",
    48,
    title=Text("买卖、持有受限制的上市公司股票", "Listed shares that are closed to the declarant"),
    ban=9,
    basis=(
        cite("securities-officials", "3", "2001-04-03", confidence="S", unsure="number"),
        cite("securities-law", "40", "2020-03-01", who="securities"),
        cite("securities-law", "50", "2020-03-01", who="inside"),
        *discipline(("2015", "88(1)(3)", "S"), ("2018", "94(1)(3)", "S"), ("2023", "103(1)(3)", "S")),
    ),
    text=Text(
        "上市公司股票本身不受限制，以下情形列为严重疑点：证券监管人员及其家属持有的；本人或由他人代持、公司在本人管辖范围内的；"
        "掌握该公司内幕信息期间至离开岗位后三个月内买入，或者此前持有而在掌握之日起一个月内未处理的（不论由谁持有，期限未满的提示按期处理）；"
        "本人或由他人代持，有亲属在证券公司、基金管理公司、证券服务机构任职，且公司与该机构有业务关系的。是否管辖、有无业务关系未填的作提示。"
        "基金不在此列。",
        "Listed shares are free as such. A serious matter are those of staff of a securities regulator and of their family; those of the "
        "declarant or a nominee whose issuer is in the declarant's jurisdiction; those, whoever holds them, bought while the declarant "
        "has inside information on the issuer or within three months of leaving the post, or held before and not disposed of within one "
        "month (a notice while it runs); and those of the declarant or a nominee whose issuer deals with a securities firm, fund manager "
        "or securities intermediary that employs a relative. A notice where jurisdiction or such dealings are left out. Funds never.",
    ),
    limits=("shareholding.inside.bound-after", "shareholding.inside.dispose-within"),
)
def restricted_listed(holding: Shareholding) -> Hit | None:
    """Any one reason is enough; the message tells all those of the highest level."""
    if holding.details.type is not HoldingType.LISTED:
        return None
    reasons = [reason for look in (_regulator, _jurisdiction, _inside, _relatives) for reason in look(holding)]
    merged = strongest(reasons)
    if merged is None:
        return None
    told = [reason.message for reason in reasons if reason.level is merged.level]
    who = HOLDERS[holding.details.holder]
    said = Text(
        f"填报由{who.zh}持有上市公司股票。{''.join(words.zh for words in told)}",
        f"Listed shares are stated to be held by {who.en}. {' '.join(words.en for words in told)}",
    )
    step = merged.remedy or (next_step(holding, _LEAVE_ALONE) if merged.level is Level.SERIOUS else _STATE_TIES)
    return replace(hit(holding, merged.level, said, merged.evidence, step), missing=merged.missing, tags=merged.tags)


def _regulator(holding: Shareholding) -> Iterator[Hit]:
    if holding.person.staff_class is not StaffClass.SECURITIES_REGULATOR:
        return
    said = Text(
        "本人为证券监管机构工作人员，此类人员及其父母、配偶、子女及其配偶不得买卖、持有股票。",
        "The declarant is staff of a securities regulator; such staff, their parents, spouses, children and the children's spouses may "
        "neither trade nor hold shares.",
    )
    yield Hit(level=Level.SERIOUS, message=said, evidence={"staff_class": holding.person.staff_class.value})


def _jurisdiction(holding: Shareholding) -> Iterator[Hit]:
    if not holding.own or holding.in_jurisdiction is False:
        return
    if holding.in_jurisdiction:
        said = Text(
            "该公司在本人管辖地区或者业务范围内，不得买卖此类公司的股票，也不得借他人名义持有、买卖。",
            "The company is in the declarant's jurisdiction; shares of such companies may not be traded, nor be held or traded in another's "
            "name.",
        )
        yield Hit(level=Level.SERIOUS, message=said, evidence=holding.jurisdiction_evidence)
        return
    said = Text("该公司是否在本人管辖地区或者业务范围内未填。", "Whether the company is in the declarant's jurisdiction is not stated.")
    yield Hit(level=Level.NOTICE, message=said, evidence=holding.jurisdiction_evidence, missing=("issuer_in_jurisdiction",))


def _relatives(holding: Shareholding) -> Iterator[Hit]:
    employers = [kind.value for kind in holding.person.relatives_employers if kind in _SECURITIES_TRADE]
    trades = holding.details.issuer_trades_with_relatives_employer
    if not holding.own or not employers or trades is False:
        return
    evidence = {"relatives_employers": employers, "issuer_trades_with_relatives_employer": trades}
    if trades:
        said = Text(
            "有亲属在证券公司、基金管理公司或者证券服务机构任职，而该公司与其任职机构有业务关系，此类公司的股票不得买卖。",
            "A relative works for a securities firm, fund manager or securities intermediary with which the company deals, and shares of "
            "such companies may not be traded.",
        )
        yield Hit(level=Level.SERIOUS, message=said, evidence=evidence)
        return
    said = Text(
        "有亲属在证券公司、基金管理公司或者证券服务机构任职，该公司与其任职机构有无业务关系未填。",
        "A relative works for a securities firm, fund manager or securities intermediary, and whether the company deals with it is not "
        "stated.",
    )
    yield Hit(level=Level.NOTICE, message=said, evidence=evidence, missing=("issuer_trades_with_relatives_employer",))


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A span in which the declarant has inside information on the issuer, with the days on which it stops to bind and to allow.

    Shares may be bought again after `bound_until`, None while the span is open; those held before must be gone by `dispose_by`.
    """

    since: date
    until: date | None
    bound_until: date | None
    dispose_by: date

    @property
    def said(self) -> Text:
        """The span, as messages tell it."""
        if self.until is None:
            return Text(
                f"本人自{written(self.since)}起掌握该公司内幕信息",
                f"The declarant has had inside information on the company since {self.since}",
            )
        return Text(
            f"本人于{written(self.since)}至{written(self.until)}掌握该公司内幕信息",
            f"The declarant had inside information on the company from {self.since} to {self.until}",
        )


def _inside(holding: Shareholding) -> Iterator[Hit]:
    """Knowledge binds every holder: it closes the share for a span, and opens a month to part with what was held before."""
    for since, until in holding.inside_information:
        bound = until and add_months(until, holding.limits["shareholding.inside.bound-after"])
        known = Knowledge(since, until, bound, add_months(since, holding.limits["shareholding.inside.dispose-within"]))
        found = _bought_knowing(holding, known) if holding.details.acquired_on >= since else _held_before(holding, known)
        if found:
            yield replace(found, tags=frozenset({"inside"}))


def _bought_knowing(holding: Shareholding, known: Knowledge) -> Hit | None:
    bought = holding.details.acquired_on
    if known.bound_until and bought > known.bound_until:
        return None
    told = known.said
    if known.bound_until is None:
        said = Text(
            f"{told.zh}，该股票于{written(bought)}取得；掌握内幕信息期间不得买卖该公司股票。",
            f"{told.en}, and the shares were acquired on {bought}; while it lasts, shares of the company may not be traded.",
        )
    else:
        said = Text(
            f"{told.zh}，此后仍受约束至{written(known.bound_until)}（含当日）；该股票于{written(bought)}取得，在不得买卖的期间内。",
            f"{told.en} and stays bound until {known.bound_until}, that day included; the shares were acquired on {bought}, in the time in "
            "which they may not be traded.",
        )
    limits = holding.limits_evidence("shareholding.inside.bound-after")
    return Hit(level=Level.SERIOUS, message=said, evidence=_span(known, bound_until=known.bound_until) | limits)


def _held_before(holding: Shareholding, known: Knowledge) -> Hit | None:
    gone, due = holding.details.disposed_on, known.dispose_by
    held_until = gone or holding.today
    if held_until < known.since or (gone and gone <= due):
        return None
    evidence = _span(known, dispose_by=due) | holding.limits_evidence("shareholding.inside.dispose-within")
    norm = Text(
        f"{known.said.zh}；此前持有的股票应当在{written(due)}前（含当日）处理",
        f"{known.said.en}; shares held before had to be disposed of by {due}, that day included",
    )
    if held_until <= due:
        running = Text(f"{norm.zh}，目前尚在期限内。", f"{known.said.en}; shares held before must be disposed of; the month still runs.")
        return Hit(level=Level.NOTICE, message=running, evidence=evidence, remedy=_dispose_by(due))
    became = Text(f"至{written(gone)}才处置", f"these went on {gone}") if gone else Text("至今尚未处置", "these are still held")
    put_right = holding.put_right_evidence(gone, known.since) if gone else {}
    return Hit(level=Level.SERIOUS, message=Text(f"{norm.zh}，{became.zh}。", f"{norm.en}; {became.en}."), evidence=evidence | put_right)


def _dispose_by(due: date) -> Remedy:
    said = Text(
        f"请在{written(due)}前（含当日）依规处理该股票，并书面报告处理情况。",
        f"Dispose of the shares as the norms allow by {due}, that day included, and report it in writing.",
    )
    return Remedy("dispose-in-time", said, due)


def _span(known: Knowledge, **days: date | None) -> dict[str, object]:
    span = {"from_on": known.since, "until_on": known.until} | days
    return {"inside_information": {name: iso(day) for name, day in span.items()}}
