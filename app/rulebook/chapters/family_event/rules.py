"""The rule on reporting a family event and keeping to what was reported (操办婚丧喜庆事宜报告)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from ...benefits import CEREMONIES
from ...citation import cite, discipline
from ...dates import iso, written
from ...finding import Hit, Level, Remedy, Text
from ...rule import rule
from .matter import FamilyEvent, Scale

_UNITS = {"tables": Text("桌", "tables"), "guests": Text("人", "guests")}
_EXPLAIN_SCALE = Remedy(
    "explain-event",
    Text(
        "请向组织书面说明实际规模、费用、用车和收受礼金情况。",
        "Please explain the actual scale, the cost, the vehicles and the gifts to the organisation in writing.",
    ),
    None,
)
_REPORT = Remedy(
    "report-event",
    Text("请补充报告日期；尚未报告的，尽快补报。", "Please add the day of the report; if none was made yet, report it soon."),
    None,
)
_EXPLAIN_LATENESS = Remedy(
    "explain-late-report", Text("请说明未能事先报告的原因。", "Please explain why it was not reported beforehand."), None
)


@rule(
    "family-event.report",
    16,
    title=Text("婚丧喜庆事宜未按规定报告或者超出报告规模", "Family event not reported, or larger than reported"),
    ban=7,
    basis=(
        *discipline(("2015", "85", "S"), ("2018", "91", "S"), ("2023", "100", "I")),
        cite("local-ceremonies", None, "2013-01-01", confidence="S", unsure="day"),
        *discipline(("2018", "107", "I"), ("2023", "117", "S"), who="party&vehicle"),
    ),
    text=Text(
        "实际桌数或者人数超过报告数、超过当地公布的标准，分多处或者多次举办，或者使用公务用车的，列为违规疑点。未填报告日期的，"
        "或者事后才报告的，提示说明；丧事可以事后报告。全国没有统一的桌数、人数标准。",
        "More tables or guests than were reported or than a local standard allows, an event split over several venues or days, or an "
        "official vehicle used: a suspected breach. A notice when the day of the report is left out, or when it was reported only "
        "afterwards, which for funerals is in order. There is no national number of tables or guests.",
    ),
    limits=("family-event.tables", "family-event.guests"),
)
def report(event: FamilyEvent) -> Hit | None:
    """What was reported is compared with what took place; numbers exist only where a place published them."""
    beyond = list(_beyond(event))
    if beyond:
        zh, en = "；".join(words.zh for words in beyond), ". ".join(words.en for words in beyond)
        return _hit(event, Level.BREACH, Text(f"{zh}。", f"{en}."), _EXPLAIN_SCALE)
    reported = event.details.reported_on
    if reported is None:
        said = Text(
            "向组织报告的日期未填。操办婚丧喜庆事宜应当报告。", "The day of the report is not stated. Family events are to be reported."
        )
        return _hit(event, Level.NOTICE, said, _REPORT, ("reported_on",))
    return _late(event, reported) if event.reported_late else None


def _beyond(event: FamilyEvent) -> Iterator[Text]:
    """What went beyond the report or the local standard."""
    for scale in event.scales:
        yield from _too_large(scale)
    if event.details.split_venues:
        yield Text("分多处或者多次举办", "It was split over several venues or days")
    if event.details.official_vehicle:
        yield Text("使用了公务用车", "An official vehicle was used")


def _too_large(scale: Scale) -> Iterator[Text]:
    actual, unit = scale.actual, _UNITS[scale.name]
    if actual is None:
        return
    if scale.reported is not None and actual > scale.reported:
        zh = f"实际{actual}{unit.zh}，超过报告的{scale.reported}{unit.zh}"
        yield Text(zh, f"There were {actual} {unit.en}, more than the {scale.reported} reported")
    if scale.local is not None and actual > scale.local:
        zh = f"实际{actual}{unit.zh}，超过当地标准{scale.local}{unit.zh}"
        yield Text(zh, f"There were {actual} {unit.en}, more than the local standard of {scale.local}")


def _late(event: FamilyEvent, day: date) -> Hit:
    said = Text(
        f"报告日期{written(day)}，晚于举办日期。除丧事外，应当事先报告。",
        f"It was reported on {day}, after it took place. Except for funerals, the report comes first.",
    )
    hit = _hit(event, Level.NOTICE, said, _EXPLAIN_LATENESS)
    return replace(hit, evidence=hit.evidence | event.put_right_evidence(day))


def _hit(event: FamilyEvent, level: Level, said: Text, step: Remedy, missing: tuple[str, ...] = ()) -> Hit:
    day, named = event.details.occurred_on, CEREMONIES[event.details.type.value]
    message = Text(f"{written(day)}{named.zh}：{said.zh}{step.text.zh}", f"Family event of {day}: {named.en}. {said.en} {step.text.en}")
    return Hit(level=level, message=message, evidence=_evidence(event), missing=missing, remedy=step)


def _evidence(event: FamilyEvent) -> dict[str, Any]:
    said = event.details
    return {
        "type": said.type.value,
        "reported_on": iso(said.reported_on),
        **{scale.name: {"reported": scale.reported, "actual": scale.actual} for scale in event.scales},
        "split_venues": said.split_venues,
        "official_vehicle": said.official_vehicle,
        **event.limits_evidence(*report.limits),
    }
