"""What officials are told, as tests ask for it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.kit.database import Database
from app.ledger.models import ledger_line
from app.ledger.sealing import Sealer
from app.ledger.unit_of_work import reading
from app.notices.models import notice
from app.notices.raising import NoticePolicy, Raising
from app.rulebook.book import Book
from tests.screening.declaring import Headers, Json, Office

NOTICES, DEVICES = "/v1/me/notices", "/v1/me/devices"
TOKEN = "d3adb33f" * 8


@dataclass(frozen=True, slots=True)
class Town:
    """An office, and whoever raises notices when a test says so."""

    office: Office
    database: Database
    book: Book

    async def look(self, policy: NoticePolicy | None = None) -> int:
        """Seal what was done and raise what is to be raised; how many notices that were."""
        await Sealer(self.database, None).seal()
        return await Raising(self.database, self.book, policy or NoticePolicy()).work_off()

    async def heard(self, by: Headers | None = None, **asked: Any) -> list[Json]:
        """What somebody was told, oldest first; the official unless said otherwise."""
        listed = await self.office.get(NOTICES, by or self.office.declarant, limit=200, count=True, **asked)
        assert listed["count"] == len(listed["items"])
        return list(reversed(listed["items"]))

    async def types(self, by: Headers | None = None) -> list[str]:
        """Their types alone."""
        return [one["type"] for one in await self.heard(by)]

    async def raised(self) -> list[Any]:
        """All that was raised for anybody."""
        async with reading(self.database) as view:
            return list((await view.connection.execute(select(notice).order_by(notice.c.id))).mappings())

    async def lines(self, action: str) -> list[Json]:
        """What the ledger tells of an action."""
        asked = select(ledger_line.c.content).where(ledger_line.c.action == action).order_by(ledger_line.c.id)
        async with reading(self.database) as view:
            return list(await view.connection.scalars(asked))

    async def register(self, by: Headers | None = None, expected: int = 201, **over: Any) -> Json:
        """A device."""
        body = {"platform": "apns", "token": TOKEN, **over}
        answer = await self.office.client.post(DEVICES, json=body, headers=by or self.office.declarant)
        assert answer.status_code == expected, answer.text
        made: Json = answer.json()
        return made

    async def devices(self, by: Headers | None = None) -> list[Json]:
        """Somebody's devices."""
        listed = await self.office.get(DEVICES, by or self.office.declarant, count=True)
        assert listed["count"] == len(listed["items"])
        items: list[Json] = listed["items"]
        return items
