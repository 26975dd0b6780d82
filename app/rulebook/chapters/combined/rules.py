"""Rules over everything that a person declared of one giver and its owners, across kinds."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from ...citation import cite
from ...dates import iso, written
from ...finding import Hit, Level, Remedy, Text
from ...matter import Counted, Matter
from ...money import yuan
from ...rule import rule
from ...totals import Total

AnyMatter = Matter[Any]


@dataclass(frozen=True, slots=True)
class Repetition:
    """Occasions of one giver within a window of days that end on `on`, the day included; `enough` of them ask for a look."""

    on: date
    within_days: int
    enough: int
    days: list[date]


@rule(
    "combined.split-or-repeated",
    23,
    title=Text("同一来源多次收受", "Repeated or split benefits of one giver"),
    ban=7,
    basis=(cite("graft-interpretation", "15", "2016-04-18", always=True),),
    text=Text(
        "同一赠送人及其关联方的礼品、宴请、活动合并计次：三十日内二次以上，或者二十四个月内三次以上的，提示核查是否化整为零、多次收受。"
        "亲友、自费、经准许的不计。此为筛查口径，不是法定标准。",
        "Gifts, meals and activities of one giver and its group are counted together: two or more occasions within 30 days, or three or "
        "more within 24 months, ask for a look at splitting or repetition. Kin, friends, what one paid for and what is permitted do not "
        "count. A screening practice, no statutory figure.",
    ),
    limits=("combined.close-days", "combined.close-count", "combined.long-days", "combined.long-count"),
)
def split_or_repeated(matter: AnyMatter) -> Hit | None:
    """One gift at a time may look harmless where the series does not."""
    own = sorted(matter.occasions)
    if not own:
        return None
    every = sorted([*own, *(day for earlier in matter.history.of_group for day in earlier.occasions)])
    found = _repetition(matter, own, every, "close") or _repetition(matter, own, every, "long")
    if not found:
        return None
    times, first = len(found.days), found.days[0]
    return Hit(
        level=Level.NOTICE,
        message=Text(
            f"截至{written(found.on)}的{found.within_days}日内，同一来源的礼品、宴请或者活动共{times}次（首次为{written(first)}），"
            f"达到{found.enough}次的核查线。请核实是否存在化整为零、多次收受，并说明往来情况。",
            f"In the {found.within_days} days up to {found.on} there were {times} gifts, meals or activities of one source, the first on "
            f"{first}; from {found.enough} on they ask for a look. Please check for splitting or repetition, and explain the dealings.",
        ),
        evidence={
            "within_days": found.within_days,
            "count": times,
            "days": [iso(day) for day in found.days[-LISTED:]],
            "declarations": _declarations([*matter.history.of_group, matter]),
        }
        | matter.relation_evidence
        | matter.limits_evidence(*split_or_repeated.limits),
        remedy=Remedy("explain", Text("请说明与该来源的往来情况。", "Explain the dealings with this source."), None),
    )


LISTED = 100
"""How many occasions evidence lists, newest first kept: a run may hold thousands."""


def _repetition(matter: AnyMatter, own: list[date], every: list[date], window: str) -> Repetition | None:
    """The first own occasion that has enough others in the days up to it."""
    enough = matter.limits[f"combined.{window}-count"]
    if len(every) < enough:
        return None
    span = matter.limits[f"combined.{window}-days"]
    for day in own:
        start, end = bisect_left(every, day - timedelta(days=span)), bisect_right(every, day)
        if end - start >= enough:
            return Repetition(day, span, enough, every[start:end])
    return None


@dataclass(frozen=True, slots=True)
class GroupSum:
    """What a person's declarations of one giver and its owners sum to, in CNY."""

    parts: list[tuple[AnyMatter, Counted]]

    @property
    def total(self) -> Decimal:
        """The known amounts together."""
        return sum((counted.amount for _, counted in self.parts), Decimal(0))

    @property
    def solicited(self) -> bool:
        """Whether one of the counted gifts was asked for."""
        return any(counted.solicited for _, counted in self.parts)

    @property
    def occasions(self) -> int:
        """On how many occasions the group gave."""
        return sum(len(matter.occasions) for matter, _ in self.parts)

    @property
    def missing(self) -> tuple[str, ...]:
        """The facts that keep the sum, or the circumstances, open."""
        lines = [line for _, counted in self.parts for line in counted.lines]
        open_facts = {
            "worth": any(counted.unknown for _, counted in self.parts),
            "exchange_rate": any(line.get("rate_missing") for line in lines),
            "giver_has_pending_matter": any(counted.pending_unknown for _, counted in self.parts),
        }
        return tuple(name for name, holds in open_facts.items() if holds)


@rule(
    "combined.criminal-threshold",
    24,
    title=Text("累计数额达到刑事标准", "Sum reaches a criminal-law amount"),
    ban=7,
    basis=(
        cite("criminal-law", "383", "1997-10-01", unsure="day", always=True),
        cite("criminal-law", "385", "1997-10-01", unsure="day", always=True),
        cite("graft-interpretation", "1", "2016-04-18", always=True),
        cite("graft-interpretation", "13(2)", "2016-04-18", always=True),
        cite("graft-interpretation", "15", "2016-04-18", always=True),
    ),
    text=Text(
        "同一与职务有关的赠送人及其关联方给予的财物性利益合并累计：一万元以上的提示人工核查有无特定情节，三万元以上的移送；"
        "一万元以上且索要并有三次以上往来，或者本人曾因贪污、受贿、挪用公款受过处分的，移送。已按期退还上交的、宴请、借款本金不计。"
        "2016年以前的行为亦以2016年数额衡量。数额达到不等于构成犯罪。",
        "Benefits of one duty-related giver and its group are summed across kinds: from CNY 10,000 a person checks the listed "
        "circumstances, from CNY 30,000 the matter is routed onwards; from CNY 10,000 too when a counted gift was asked for and there "
        "were three or more occasions, or with an earlier sanction for graft. What was returned or handed in in time, meals and loan "
        "principals are not counted. Conduct before 2016 is measured by the amounts of 2016. Reaching an amount does not establish an "
        "offence.",
    ),
    limits=("combined.examine", "combined.refer", "combined.solicited-count"),
)
def criminal_threshold(matter: AnyMatter) -> Hit | None:
    """The criminal law adds up what one giver gave, in whatever form, so the register does too."""
    own = matter.counted
    if not own.contributes:
        return None
    group = GroupSum([*([] if own.alone else _earlier_counted(matter)), (matter, own)])
    if group.total < matter.limits["combined.examine"]:
        return None
    refer = group.total >= matter.limits["combined.refer"] or bool(_circumstances(matter, group))
    return Hit(
        level=Level.REFER if refer else Level.NOTICE,
        message=_refer_words(matter, group) if refer else _notice_words(matter, group),
        evidence=_sum_evidence(matter, group, own),
        missing=() if refer else group.missing,
        remedy=Remedy("clarify-circumstances", Text("请核实累计数额及有关情节。", "Have the sum and its circumstances checked."), None),
    )


def _earlier_counted(matter: AnyMatter) -> list[tuple[AnyMatter, Counted]]:
    every = ((earlier, earlier.counted) for earlier in matter.history.of_group)
    return [(earlier, counted) for earlier, counted in every if not counted.alone]


def _circumstances(matter: AnyMatter, group: GroupSum) -> list[Text]:
    """The circumstances on record that lower the amount: repeated asking, or an earlier sanction for graft (解释 第一条)."""
    found = []
    if group.solicited and group.occasions >= matter.limits["combined.solicited-count"]:
        asked = Text(f"有索要情形、往来达{group.occasions}次", f"something was asked for and there were {group.occasions} occasions")
        found.append(asked)
    if matter.person.prior_graft_sanction:
        found.append(Text("有因贪污、受贿、挪用公款受过处分的记录", "an earlier sanction for graft is on record"))
    return found


def _notice_words(matter: AnyMatter, group: GroupSum) -> Text:
    day, total, examine = matter.window.end, yuan(group.total), yuan(matter.limits["combined.examine"])
    return Text(
        f"截至{written(day)}，同一来源给予的财物性利益累计{total}元，达到{examine}元的核查标准。请人工核查是否具有司法解释所列特定情节，"
        "未填事实请一并补充。",
        f"Up to {day}, benefits of one source sum to CNY {total}, which reaches CNY {examine}. Please have a person check the "
        "circumstances that the interpretation lists, and add the facts that are missing.",
    )


def _refer_words(matter: AnyMatter, group: GroupSum) -> Text:
    day, total, refer = matter.window.end, yuan(group.total), matter.limits["combined.refer"]
    reached, found = refer, Text("", "")
    if group.total < refer:
        reasons = _circumstances(matter, group)
        reached = matter.limits["combined.examine"]
        found = Text("，且" + "、".join(reason.zh for reason in reasons), "; besides, " + " and ".join(reason.en for reason in reasons))
    return Text(
        f"截至{written(day)}，同一来源给予的财物性利益累计{total}元，达到{yuan(reached)}元{found.zh}。请按程序移送纪检监察机关核查；"
        "本提示仅供核查，不对行为定性。",
        f"Up to {day}, benefits of one source sum to CNY {total}, which reaches CNY {yuan(reached)}{found.en}. Please route it to the "
        "supervisory organ to be looked into; this note establishes nothing.",
    )


def _sum_evidence(matter: AnyMatter, group: GroupSum, own: Counted) -> dict[str, Any]:
    return {
        "group_total": yuan(group.total),
        "this_declaration": yuan(own.amount),
        "person_total": yuan(group.total + matter.history.duty_related_cny),
        "declarations": [
            {"id": part.declared.id, "kind": part.kind, "counted": yuan(counted.amount), "worth_unknown": counted.unknown}
            for part, counted in group.parts
            if counted.contributes
        ],
        "lines": own.lines,
        "occasions": group.occasions,
        "solicited": group.solicited,
        "prior_graft_sanction": matter.person.prior_graft_sanction,
        **matter.relation_evidence,
        **matter.limits_evidence(*criminal_threshold.limits),
    }


def _declarations(matters: list[AnyMatter]) -> list[dict[str, Any]]:
    return [{"id": matter.declared.id, "kind": matter.kind, "occasions": times} for matter in matters if (times := len(matter.occasions))]


def group_total(matter: AnyMatter) -> list[Total]:
    """What the giver's group comes to with this matter, against the criminal-law amounts."""
    own = matter.counted
    if not own.contributes or own.alone:
        return []
    before = GroupSum(_earlier_counted(matter)).total
    title = Text("同一来源累计", "Benefits of one giver and its group")
    return [Total("combined.group", title, before, own.amount, matter.limits.standing(["combined.examine", "combined.refer"]))]
