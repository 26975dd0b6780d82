"""Campaigns and what people owe, as tests ask for them."""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.jobs.tasks import Tools
from app.kit.database import Database
from app.ledger.models import ledger_line
from app.ledger.unit_of_work import reading
from app.obligations.passing import do_what_is_due
from app.rulebook.book import Book
from app.worker import follow_personnel
from tests.factories import Factory
from tests.screening.declaring import Headers, Json, Office, stake

CAMPAIGNS, OBLIGATIONS, NIL_RETURNS = "/v1/campaigns", "/v1/obligations", "/v1/nil-returns"


@dataclass(frozen=True, slots=True)
class Desk:
    """What HR does, and what the day does by itself."""

    office: Office
    factory: Factory
    database: Database
    book: Book
    city_hr: Headers
    bureau_hr: Headers

    def body(self, **over: Any) -> Json:
        """A campaign over the bureau: holdings of 2026, due on the 30th of November."""
        return {
            "title": "持股专项申报",
            "kinds": ["shareholding"],
            "period_from": "2026-01-01",
            "period_until": "2026-12-31",
            "due_on": "2026-11-30",
            "unit": self.office.bureau["id"],
            **over,
        }

    async def open(self, by: Headers | None = None, **over: Any) -> Json:
        """A campaign that must be opened."""
        answer = await self.office.client.post(CAMPAIGNS, json=self.body(**over), headers=by or self.city_hr)
        assert answer.status_code == 201, answer.text
        opened: Json = answer.json()
        assert await self.office.get(f"{CAMPAIGNS}/{opened['id']}", by or self.city_hr) == opened
        return opened

    async def owed(self, person: Json | None = None, by: Headers | None = None, **asked: Any) -> list[Json]:
        """What somebody owes, the official unless said otherwise, as the city's HR sees it."""
        whose = person or self.office.official
        listed = await self.office.get(OBLIGATIONS, by or self.city_hr, person=whose["id"], count=True, **asked)
        assert listed["count"] == len(listed["items"])
        items: list[Json] = listed["items"]
        return items

    async def only(self, person: Json | None = None, by: Headers | None = None) -> Json:
        """The one thing that somebody owes or has owed."""
        (one,) = await self.owed(person, by)
        return one

    async def nil(self, campaign: Json, by: Headers | None = None, expected: int = 201, **over: Any) -> Json:
        """A nil return of the official's, in their own name."""
        body = {"campaign": campaign["id"], "kinds": ["shareholding"], **over}
        answer = await self.office.client.post(NIL_RETURNS, json=body, headers=by or self.office.declarant)
        assert answer.status_code == expected, answer.text
        filed: Json = answer.json()
        return filed

    async def act(self, path: str, by: Headers, if_match: str = "*", expected: int = 200, **body: Any) -> Json:
        """A change of state."""
        answer = await self.office.client.post(path, json=body or None, headers={**by, "If-Match": if_match})
        assert answer.status_code == expected, answer.text
        done: Json = answer.json()
        return done

    async def change(self, record: str, by: Headers, expected: int = 200, **fields: Any) -> Json:
        """A PATCH."""
        answer = await self.office.client.patch(record, json=fields, headers={**by, "If-Match": "*"})
        assert answer.status_code == expected, answer.text
        changed: Json = answer.json()
        return changed

    async def person(self, **over: Any) -> Json:
        """A member of the bureau."""
        return await self.factory.person(over.pop("unit", self.office.bureau), **over)

    async def move(self, person: Json, **fields: Any) -> Json:
        """A change of the personnel record, followed."""
        changed = await self.change(f"/v1/persons/{person['id']}", self.office.root, **fields)
        await self.day()
        return changed

    async def declare(self, acquired_on: str = "2026-05-01", **over: Any) -> Json:
        """The official declares a holding."""
        return await self.office.file(stake(acquired_on), "shareholding", by=self.office.declarant, **over)

    async def day(self) -> int:
        """The background work of the day."""
        await follow_personnel(Tools(self.database, self.book), {})
        return await do_what_is_due(self.database, self.book)

    async def lines(self, of: Json) -> list[tuple[str, Json]]:
        """What the ledger tells of a record, in order."""
        asked = (
            select(ledger_line.c.action, ledger_line.c.content).where(ledger_line.c.subject == UUID(of["id"])).order_by(ledger_line.c.id)
        )
        async with reading(self.database) as view:
            return [(row.action, row.content) for row in await view.connection.execute(asked)]

    async def told(self, of: Json) -> Counter[str]:
        """How often each act on a record was told."""
        return Counter(action for action, _ in await self.lines(of))
