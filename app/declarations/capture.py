"""When somebody said something where there was no network, by the clock of their device, and which day that makes the day of declaration.

A device's clock may be wrong by years, so that what it says is measured by what it says when it sends. Both days are kept: late by network is not
late by person.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, NamedTuple, TypeAlias

from pydantic import AfterValidator, BaseModel, Field
from pydantic_core import PydanticCustomError

from app.audit.fields import Instant
from app.kit import clock
from app.kit.problems import register_message
from app.ledger.lines import instant
from app.rulebook.facts import Captured

KEPT_OFFLINE_DAYS = 7
"""How many days an act may lie on a device and still count as of its capture, unless the operator says otherwise."""

Document: TypeAlias = Mapping[str, Any]
"""A capture as rows keep it and answers show it: plain instants, no personal data."""

_EARLIEST, _LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)

register_message(
    "device_clock_implausible", "须在 1970 年至 2199 年之间，请检查设备时钟。", "Must lie between 1970 and 2199; check the device's clock."
)


def _plausible(value: datetime) -> datetime:
    """Devices start in 1970 without a battery; beyond these years no difference of clocks can be reckoned."""
    if not _EARLIEST <= value < _LATEST:
        raise PydanticCustomError("device_clock_implausible", "must lie between 1970 and 2199")
    return value


DeviceInstant = Annotated[Instant, AfterValidator(_plausible)]
"""An instant by the clock of a device, right or wrong."""

CapturedAt = Annotated[
    DeviceInstant | None,
    Field(
        description="离线记录的时刻，以设备时钟计；须与发送时刻一并报送方可校正，见 capture。"
        "When it was recorded without a network, by the device's clock; put right by when the device says that it sends. See `capture`.",
        examples=["2026-11-25T08:00:00Z"],
    ),
]


class CaptureCounts(StrEnum):
    """Which day is the day of declaration: that of capture, that of receipt, or one that was stated for a paper record."""

    CAPTURE = "capture"
    RECEIPT = "receipt"
    STATED = "stated"


class CaptureOut(BaseModel):
    """When an act without a network was recorded and when it arrived; the law counts one of the two."""

    captured_at: datetime = Field(description="设备所记时刻，原样保留。As the device's clock said.", examples=["2016-11-22T08:00:00Z"])
    corrected_at: datetime = Field(
        description="按时钟差校正后的时刻；时钟差不明的同 captured_at。The same by the register's clock; as stated where the difference is unknown.",
        examples=["2026-11-25T08:00:00Z"],
    )
    received_at: datetime = Field(description="登记册收到的时刻。When the register received it.", examples=["2026-11-28T08:00:00Z"])
    clock_offset_seconds: int | None = Field(
        description="登记册时钟减设备时钟，秒；未报发送时刻的为空。The register's clock less the device's, in seconds; null where it did not say when it sent.",
        examples=[315_532_800],
    )
    counts: CaptureCounts = Field(
        description="以何者为申报日：记录之日、收到之日，或补录时所填之日。Whether the day of capture, of receipt, or one stated is the day of declaration.",
        examples=["capture"],
    )


class Arrival(NamedTuple):
    """The day of declaration, and the capture to be kept if there was one."""

    on: date
    capture: Document | None


@dataclass(frozen=True, slots=True)
class Device:
    """What is known of the clock of the device that sends: what it said on sending, if it did; and how long something may have lain there."""

    sent_at: datetime | None = None
    longest: timedelta = timedelta(days=KEPT_OFFLINE_DAYS)
    received_at: datetime = field(default_factory=clock.now)

    def arrival(self, captured_at: datetime | None, *, since: date, stated: date | None = None) -> Arrival:
        """The day on which something counts as declared; never in the future, nor before `since`, when there was something to declare."""
        received_on = clock.day_of(self.received_at)
        if captured_at is None:
            return Arrival(stated or received_on, None)
        corrected = captured_at + (self.received_at - self.sent_at if self.sent_at else timedelta(0))
        on = clock.day_of(corrected)
        in_time = timedelta(0) <= self.received_at - corrected <= self.longest and on >= since
        counts = CaptureCounts.STATED if stated else CaptureCounts.CAPTURE if in_time and self.longest else CaptureCounts.RECEIPT
        return Arrival(stated or (on if counts is CaptureCounts.CAPTURE else received_on), self._document(captured_at, corrected, counts))

    def told(self, captured_at: datetime | None) -> dict[str, Any]:
        """A capture for the line of an act whose day nothing depends on."""
        kept = self.arrival(captured_at, since=date.min).capture
        return {} if kept is None else {"captured": {name: value for name, value in kept.items() if name != "counts"}}

    def _document(self, captured_at: datetime, corrected: datetime, counts: CaptureCounts) -> Document:
        return {
            "captured_at": instant(captured_at.astimezone(UTC)),
            "corrected_at": instant(corrected.astimezone(UTC)),
            "received_at": instant(self.received_at),
            "clock_offset_seconds": round((self.received_at - self.sent_at).total_seconds()) if self.sent_at else None,
            "counts": counts.value,
        }


def captured(document: Document | None) -> Captured | None:
    """A kept capture as the rules take it: by days."""
    if document is None:
        return None
    corrected, received = (datetime.fromisoformat(document[name]) for name in ("corrected_at", "received_at"))
    return Captured(clock.day_of(corrected), clock.day_of(received), document["counts"] == CaptureCounts.CAPTURE)
