"""How findings on shareholdings speak: the days of the stake, who holds it, what evidence shows of it, and the next steps."""

from typing import Any

from ...dates import iso, written
from ...finding import Hit, Level, Remedy, Text, to_be_looked_up
from ...money import Money, yuan
from .details import Holder
from .matter import Shareholding

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
STATE_JURISDICTION = Remedy(
    "state-jurisdiction",
    Text(
        "请核实并补充该企业是否在本人管辖地区或者业务范围内。",
        "Establish whether the company is in the declarant's jurisdiction and add it.",
    ),
    None,
)
HOLDERS = {
    Holder.SELF: Text("本人", "the declarant"),
    Holder.NOMINEE: Text("代持人", "a nominee"),
    Holder.SPOUSE: Text("配偶", "the spouse"),
    Holder.CHILD: Text("子女", "a child"),
    Holder.CHILD_SPOUSE: Text("子女的配偶", "a child's spouse"),
    Holder.PARENT: Text("父母", "a parent"),
}
"""Who holds a stake, as messages say it."""


def hit(holding: Shareholding, level: Level, said: Text, evidence: dict[str, Any] | None = None, remedy: Remedy | None = None) -> Hit:
    """A suspicion led by the days of the stake, and followed by what to do with one still held or already gone."""
    since, until = holding.details.acquired_on, holding.details.disposed_on
    step = remedy or next_step(holding)
    message = Text(
        f"投资期间{written(since)}至{written(until) if until else '今'}：{said.zh}{step.text.zh}",
        f"Stake held from {since} to {until or 'today'}. {said.en} {step.text.en}",
    )
    return Hit(level=level, message=message, evidence=stake_evidence(holding) | (evidence or {}), remedy=step)


def next_step(holding: Shareholding, while_held: Remedy = _DISPOSE) -> Remedy:
    """What to do with a stake while it is held; one that is gone can only be explained."""
    return _PROVE if holding.details.disposed_on else while_held


def stake_evidence(holding: Shareholding) -> dict[str, Any]:
    """The facts of the stake that every finding on it shows."""
    said = holding.details
    return {
        "type": said.type.value,
        "holder": said.holder.value,
        "role": said.role.value,
        "share_percent": said.share_percent,
        "acquired_on": iso(said.acquired_on),
        "acquired_how": said.acquired_how.value,
        "disposed_on": iso(said.disposed_on),
        "disposal_refused": said.disposal_refused,
    }


def stated_sum(money: Money) -> Text:
    """A sum as it was stated, in its own currency."""
    unit = "元" if money.currency == "CNY" else f"（{money.currency}）"
    return Text(f"{yuan(money.amount)}{unit}", f"{money.currency} {yuan(money.amount)}")


def shown(money: Money | None) -> dict[str, Any] | None:
    """A sum as evidence shows it; None where it is not stated."""
    return money.model_dump(mode="json") if money else None


def stepped_down(found: Hit, holding: Shareholding) -> Hit:
    """The hit as found, or as a notice for staff whom the ban may not bind."""
    return to_be_looked_up(found, holding.person.staff_class) if holding.ban_to_be_looked_up else found
