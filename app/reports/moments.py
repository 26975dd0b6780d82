"""The instant as at which the register is asked for."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from app.audit.fields import Instant
from app.kit import clock
from app.kit.problems import register_message

register_message("instant_in_the_future", "不得晚于此刻。", "Not later than now.")


def _past(value: datetime) -> datetime:
    if value > clock.now():
        raise PydanticCustomError("instant_in_the_future", "not later than now")
    return value


PastInstant = Annotated[Instant, AfterValidator(_past)]
"""An instant that has come."""


async def _instant(
    as_at: Annotated[
        PastInstant | None,
        Query(
            description="该时刻的登记册：当时最新的版本、状态与筛查；其后提交的不列。往来对象、人员、单位的名称与来件编号为今日所载。"
            "The register as it stood at this instant: the newest revision, status and screening made by then; what was filed later is not there. "
            "Names of counterparties, persons and units, and the client's reference, are as on record today.",
            examples=["2026-11-25T08:00:00Z"],
        ),
    ] = None,
) -> datetime | None:
    return as_at


AskedInstant = Annotated[datetime | None, Depends(_instant)]
