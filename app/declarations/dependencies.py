"""What doors ask of a device that sends what it had recorded without a network."""

from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Header, Request

from .capture import Device, DeviceInstant

_SAID = (
    "设备发送时其时钟所示的时刻，用以校正 captured_at；不在幂等键的比对之内，每次重发各填其时。"
    "What the device's clock says on sending, by which `captured_at` is put right; no part of what an Idempotency-Key compares, so each retry says its own."
)


async def _device(
    request: Request, sent_at: Annotated[DeviceInstant | None, Header(description=_SAID, examples=["2026-11-28T08:00:00Z"])] = None
) -> Device:
    return Device(sent_at, timedelta(days=request.app.state.settings.offline_days))


SendingDevice = Annotated[Device, Depends(_device)]
"""The clock of whoever sends."""
