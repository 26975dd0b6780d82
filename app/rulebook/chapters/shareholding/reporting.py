"""The yearly report of personal matters: stakes left out of it, or stated too low (漏报、隐瞒不报)."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from ...citation import cite, discipline
from ...dates import iso, written
from ...facts import Rank, StaffClass
from ...finding import Hit, Level, Remedy, Text
from ...money import Money, yuan
from ...rule import rule
from .details import AnnualReport, Holder, HoldingType
from .matter import Shareholding
from .wording import HOLDERS, hit, shown, stated_sum

_REPORTED_HOLDERS = frozenset({Holder.SELF, Holder.NOMINEE, Holder.SPOUSE, Holder.CHILD})
_AT_MARKET_VALUE = frozenset({HoldingType.LISTED, HoldingType.FUND, HoldingType.INSURANCE})

_SUPPLEMENT = Remedy(
    "supplement-report",
    Text(
        "请向组织（人事）部门补报、更正，并书面说明原因。",
        "Add it to the report with the organisation department, or correct it there, and explain in writing.",
    ),
    None,
)
_STATE_REPORT = Remedy(
    "state-annual-report",
    Text(
        "请核对该年度个人有关事项报告并补充上述内容；未报告的，请向组织（人事）部门补报。",
        "Check the report of personal matters of that year and add this; what was not reported is to be reported to the organisation "
        "department.",
    ),
    None,
)


@rule(
    "shareholding.report-omitted",
    49,
    title=Text("未如实报告个人有关事项", "Stake left out of the yearly report, or stated too low"),
    ban=9,
    basis=(
        cite("reporting", "4", "2017-02-08", confidence="S"),
        cite("reporting", "5", "2017-02-08", confidence="S"),
        cite("verification", "3", "2017-02-08", who="under", confidence="S"),
        cite("verification", "4", "2017-02-08", who="omitted", confidence="S"),
        cite("sanctions", "29(2)", "2020-07-01"),
        *discipline(("2015", "67", "S"), ("2018", "73", "S"), ("2023", "81", "I")),
    ),
    text=Text(
        "县处级副职以上人员和国有企业领导人员，本人、代持人、配偶、子女在该年度内持有的投资（信托除外），次年1月31日后仍未列入年度个人有关事项"
        "报告的，列为严重疑点；列入而金额低于投资价值的，列为违规疑点，没有起点（上市公司股票、基金、保险按市值，其他按出资额）。"
        "报告情况、报告金额或者投资价值未填的，作提示。报告年度之后取得的不列。",
        "For officials of division rank or above and leaders of state enterprises: a stake of the declarant, a nominee, spouse or child "
        "(trusts apart), held in the year reported on and still not in its report after 31 January of the next year, is a serious "
        "matter; one reported below its worth is a breach, without any minimum (listed shares, funds and insurance at market value, "
        "everything else at cost). A notice where the report, the sum reported or the worth is not stated. Silent for what was acquired "
        "after the year.",
    ),
    limits=("shareholding.report.due", "shareholding.report.first-year"),
)
def report_omitted(holding: Shareholding) -> Hit | None:
    """Everything is reported together once a year, so a stake is late only after that day."""
    year, due, stated = holding.report_year, holding.report_due_on, holding.details.annual_report
    if not _to_report(holding) or year is None or due is None or holding.today <= due:
        return None
    if stated is None:
        said = Text(
            f"{year}年末仍持有，而年度个人有关事项报告情况未填；{year}年度的情况应当在{written(due)}前（含当日）报告。",
            f"It was held at the end of {year}, and nothing is stated of the report of personal matters; that of {year} was due by {due}.",
        )
        return replace(_hit(holding, Level.NOTICE, said, _STATE_REPORT), missing=("annual_report",))
    if stated.included:
        return _compared(holding, stated)
    said = Text(
        f"未列入{year}年度个人有关事项报告，该报告应当在{written(due)}前（含当日）提交。",
        f"It is stated to be left out of the report of personal matters of {year}, which was due by {due}.",
    )
    return replace(_hit(holding, Level.SERIOUS, said, _SUPPLEMENT), tags=frozenset({"omitted"}))


def _to_report(holding: Shareholding) -> bool:
    """Whether the declarant reports personal matters at all, and stakes of this kind and holder among them."""
    person = holding.person
    soe_leader = person.staff_class is StaffClass.SOE_MANAGEMENT and person.is_leader
    reports = person.rank.at_least(Rank.DIVISION_DEPUTY) or soe_leader
    return reports and holding.details.holder in _REPORTED_HOLDERS and holding.details.type is not HoldingType.TRUST


def _compared(holding: Shareholding, report: AnnualReport) -> Hit | None:
    """The sum reported against what the stake is worth: a cent less is less."""
    name, value = _worth(holding)
    facts = {"annual_report.amount": report.amount, name: value}
    missing = tuple(fact for fact, money in facts.items() if money is None)
    if report.amount is None or value is None:
        return replace(_hit(holding, Level.NOTICE, _left_out(report.year, missing), _STATE_REPORT), missing=missing)
    compared = _in_one_currency(holding, report.amount, value)
    if compared is None:
        return replace(
            _hit(holding, Level.NOTICE, _incomparable(report.amount, _SUMS[name], value), _STATE_REPORT), missing=("exchange_rate",)
        )
    if compared[0] >= compared[1]:
        return None
    reported, worth, what = stated_sum(report.amount), stated_sum(value), _SUMS[name]
    rate = _converted(compared) if report.amount.currency != value.currency else Text("", "")
    said = Text(
        f"{report.year}年度个人有关事项报告填报{reported.zh}，低于{what.zh}{worth.zh}{rate.zh}。",
        f"The report of personal matters of {report.year} states {reported.en}, which is less than the {what.en} of {worth.en}{rate.en}.",
    )
    return replace(_hit(holding, Level.BREACH, said, _SUPPLEMENT), tags=frozenset({"under"}))


def _converted(sums: tuple[Decimal, Decimal]) -> Text:
    ours, theirs = (yuan(amount) for amount in sums)
    return Text(f"（折合人民币{ours}元和{theirs}元）", f" (CNY {ours} and CNY {theirs} at the rate of the day of acquisition)")


def _incomparable(amount: Money, what: Text, value: Money) -> Text:
    reported, worth = stated_sum(amount), stated_sum(value)
    return Text(
        f"报告填报{reported.zh}，{what.zh}{worth.zh}；登记的汇率中没有可用的，无法比较。",
        f"The report of personal matters states {reported.en}, and the {what.en} is {worth.en}; no exchange rate on record lets them be "
        "compared.",
    )


_SUMS = {
    "annual_report.amount": Text("报告金额", "sum reported"),
    "market_value": Text("市值或评估值", "market or assessed value"),
    "cost": Text("出资额", "cost"),
}


def _worth(holding: Shareholding) -> tuple[str, Money | None]:
    """The fact that the sum reported is compared with, and what is stated of it."""
    if holding.details.type in _AT_MARKET_VALUE:
        return "market_value", holding.details.market_value
    return "cost", holding.details.cost


def _in_one_currency(holding: Shareholding, reported: Money, worth: Money) -> tuple[Decimal, Decimal] | None:
    """Both sums in their own currency or in CNY; None where the register has no rate between the two."""
    if reported.currency == worth.currency:
        return reported.amount, worth.amount
    ours, theirs = holding.in_cny(reported), holding.in_cny(worth)
    return None if ours is None or theirs is None else (ours, theirs)


def _left_out(year: int, missing: tuple[str, ...]) -> Text:
    be = "is" if len(missing) == 1 else "are"
    zh, en = "、".join(_SUMS[name].zh for name in missing), " and the ".join(_SUMS[name].en for name in missing)
    return Text(
        f"已列入{year}年度个人有关事项报告，但{zh}未填，无法核对是否足额。",
        f"It is in the report of personal matters of {year}; the {en} {be} left out, so that the two sums cannot be compared.",
    )


def _hit(holding: Shareholding, level: Level, said: Text, remedy: Remedy) -> Hit:
    who = HOLDERS[holding.details.holder]
    words = Text(f"填报该投资由{who.zh}持有。{said.zh}", f"The stake is stated to be held by {who.en}. {said.en}")
    return hit(holding, level, words, _evidence(holding), remedy)


def _evidence(holding: Shareholding) -> dict[str, Any]:
    stated, (name, worth) = holding.details.annual_report, _worth(holding)
    return {
        "rank": holding.person.rank.value,
        "report_year": holding.report_year,
        "report_due_on": iso(holding.report_due_on),
        "included": stated.included if stated else None,
        "amount_reported": shown(stated.amount) if stated else None,
        name: shown(worth),
        **holding.limits_evidence(*report_omitted.limits),
    }
