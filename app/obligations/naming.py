"""What an obligation is called, what it rests on, and when it is reminded of: its campaign's, or its duty's."""

from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.kit.errors import Words
from app.kit.statements import one_of
from app.rulebook.book import Book

from .duties import REMIND_DAYS, duties
from .models import campaign
from .moving import Row


class About(NamedTuple):
    """What obligations of one cause have in common."""

    title: Words
    basis: list[dict[str, Any]]
    remind_days: list[int]


async def about_each(connection: AsyncConnection, book: Book, rows: Iterable[Row]) -> dict[UUID, About]:
    """By obligation; one statement for all their campaigns."""
    known = list(rows)
    ids = {row["campaign_id"] for row in known if row["campaign_id"]}
    asked = select(*campaign.c["id", "title", "title_en", "basis", "remind_days"]).where(one_of(campaign.c.id, list(ids)))
    campaigns = {row["id"]: _of_campaign(row) for row in (await connection.execute(asked)).mappings()} if ids else {}
    return {row["id"]: campaigns[row["campaign_id"]] if row["campaign_id"] else _of_duty(row, book) for row in known}


def _of_campaign(row: Row) -> About:
    return About(Words(row["title"], row["title_en"] or row["title"]), row["basis"], row["remind_days"])


def _of_duty(row: Row, book: Book) -> About:
    duty = duties()[row["type"]]
    return About(Words(duty.title, duty.title_en), duty.cited(row["event_on"], book), list(REMIND_DAYS))
