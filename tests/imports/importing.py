"""Handing files in, having them taken in, and reading what became of them."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from app.imports.carrying import carry_out
from app.kit.database import Database
from app.rulebook.book import Book
from tests.factories import Factory

PATH = "/v1/imports"
Json = dict[str, Any]
Headers = Mapping[str, str]

PEOPLE = ("工号", "姓名", "单位", "职务", "是否中共党员", "人员类别", "职级", "是否领导干部")


def table(*rows: Sequence[str], delimiter: str = ",") -> str:
    """Rows as a text file."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue()


def person(number: str, unit: str = "U-1", **over: str) -> list[str]:
    """A row about a person, under the headings of PEOPLE."""
    plain = {
        "工号": number,
        "姓名": "张明",
        "单位": unit,
        "职务": "科长",
        "是否中共党员": "是",
        "人员类别": "公务员",
        "职级": "正科",
        "是否领导干部": "否",
    }
    return list({**plain, **over}.values())


def people(*rows: Sequence[str]) -> bytes:
    """A file about persons."""
    return table(PEOPLE, *rows).encode()


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk."""

    database: Database
    book: Book
    client: httpx.AsyncClient
    factory: Factory
    root: Headers

    async def post(self, content: bytes, of: str = "people", by: Headers | None = None, **asked: Any) -> httpx.Response:
        """Hand a file in."""
        return await self.client.post(PATH, content=content, params={"of": of, **asked}, headers=dict(by or self.root))

    async def handed_in(self, content: bytes, of: str = "people", by: Headers | None = None, **asked: Any) -> Json:
        """An import that waits."""
        answer = await self.post(content, of, by, **asked)
        assert answer.status_code == 202, answer.text
        assert answer.headers["location"] == f"{PATH}/{answer.json()['id']}"
        waiting: Json = answer.json()
        return waiting

    async def carry_out(self, waiting: Json) -> None:
        """What a worker does."""
        await carry_out(self.database, self.book, UUID(waiting["id"]))

    async def taken_in(self, content: bytes, of: str = "people", by: Headers | None = None, **asked: Any) -> Json:
        """An import that has ended."""
        waiting = await self.handed_in(content, of, by, **asked)
        await self.carry_out(waiting)
        return await self.read(waiting, by)

    async def read(self, one: Json, by: Headers | None = None, expected: int = 200) -> Json:
        """How an import stands."""
        answer = await self.client.get(f"{PATH}/{one['id']}", headers=dict(by or self.root))
        assert answer.status_code == expected, answer.text
        said: Json = answer.json()
        return said

    async def report(self, one: Json, by: Headers | None = None) -> list[list[str]]:
        """The lines of its report, without the headings."""
        answer = await self.client.get(f"{PATH}/{one['id']}/report", headers=dict(by or self.root))
        assert answer.status_code == 200, answer.text
        return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))[1:]

    async def get(self, path: str, by: Headers | None = None) -> Json:
        """Read something else of the register."""
        answer = await self.client.get(path, headers=dict(by or self.root))
        assert answer.status_code == 200, answer.text
        said: Json = answer.json()
        return said

    async def persons(self) -> dict[str, Json]:
        """All persons, by number."""
        found: dict[str, Json] = {}
        path = "/v1/persons?limit=200"
        following: str | None = path
        while following:
            page = await self.get(following)
            found |= {one["employee_number"]: one for one in page["items"]}
            following = f"{path}&after={page['next']}" if page["next"] else None
        return found


def counts(done: Json) -> tuple[int, int, int, int]:
    """(created, changed, unchanged, failed)."""
    rows = done["rows"]
    return rows["created"], rows["changed"], rows["unchanged"], rows["failed"]


def faults(lines: Iterable[Sequence[str]]) -> list[tuple[str, str, str]]:
    """(row, column, code) of the lines of a report."""
    return [(line[0], line[1], line[2]) for line in lines]
