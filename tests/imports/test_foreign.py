"""Eight thousand rows of other governments' registers, dirt and all: nothing is lost, nothing is guessed, and what is sound is on record and judged."""

import json
from collections import Counter
from typing import Any
from uuid import UUID

import pytest

from app.ledger.unit_of_work import work
from app.screening.service import Screening

from .foreign import AUSTRALIA, CHINESE, DEPARTMENTS, UK, Gift, Official, Register, officials, register, with_real_days
from .importing import Desk, Json, people, person

MANY = 2_700


async def _put_on_record(desk: Desk, *of: Official) -> dict[str, str]:
    """The officials, taken in from a file; their numbers by id."""
    for name in DEPARTMENTS:
        await desk.factory.unit(name=name)
    done = await desk.taken_in(people(*(person(one.number, one.department, 姓名=one.name) for one in of)))
    assert done["rows"]["created"] == len(of)
    return {one["id"]: number for number, one in (await desk.persons()).items()}


def _counts(done: Json) -> dict[str, int]:
    return {name: many for name, many in done["rows"].items() if name not in ("expected", "done") and many}


async def _gifts(desk: Desk, numbers: dict[str, str]) -> tuple[Counter[Gift], list[Json]]:
    """Every gift on record, as the file should have stated it."""
    found, following = [], "/v1/declarations?kind=gift&limit=200"
    while following:
        page = await desk.get(following)
        found += page["items"]
        following = f"/v1/declarations?kind=gift&limit=200&after={page['next']}" if page["next"] else ""
    return Counter(_gift(one, numbers) for one in found), found


def _gift(one: Json, numbers: dict[str, str]) -> Gift:
    details = one["details"]
    (item,) = details["items"]
    worth: dict[str, Any] = item["worth"] or {"amount": None, "currency": None}
    return Gift(
        numbers[one["declarant"]],
        details["received_on"],
        details["giver"]["name"],
        item["description"],
        worth["amount"],
        worth["currency"],
        item["worth_basis"],
        item["disposition"]["action"],
    )


async def _takes_in(desk: Desk, made: Register, content: bytes) -> None:
    """Every row comes to what it must, and the report holds those that failed, with why and as they were."""
    done = await desk.taken_in(content, "gift", mapping=json.dumps(made.mapping))
    assert done["state"] == "completed", done
    assert done["rows"]["expected"] == done["rows"]["done"] == len(made.rows)
    assert _counts(done) == made.expected()
    top = len(made.titles) + 3
    wrong = {str(top + place): row for place, row in enumerate(made.rows) if row.status == "failed"}
    report = await desk.report(done)
    assert {line[0]: line[2] for line in report} == {number: row.code for number, row in wrong.items()}
    for line in report:
        assert [cell.strip() for cell in line[4:]] == [_told(cell) for cell in wrong[line[0]].cells]


def _told(cell: Any) -> str:
    """A cell as the report shows it: no formula."""
    said = str(cell)
    return (f"'{said}" if said.startswith(("-", "=", "+", "@")) else said).strip()


@pytest.mark.parametrize(
    ("source", "form"), [(UK, "workbook"), (AUSTRALIA, "utf-8"), (CHINESE, "gb18030")], ids=["merged-workbook", "utf-8", "gb18030"]
)
async def test_a_published_register_is_taken_in_without_loss_or_guess(desk: Desk, source: Any, form: str) -> None:
    of = officials(150, chinese=source is CHINESE)
    numbers = await _put_on_record(desk, *of)
    made = register(source, of, MANY, seed=7)
    content = with_real_days(made, seed=8).workbook() if form == "workbook" else made.text(form)
    await _takes_in(desk, made, content)
    on_record, declarations = await _gifts(desk, numbers)
    assert on_record == Counter(row.gift for row in made.rows if row.gift)
    assert all(one["screening"]["judged_on"] and one["source"] == "hr" for one in declarations)
    async with work(desk.database, "test") as unit:
        screening = Screening(unit, desk.book)
        changed = [one["id"] for one in declarations[:: len(declarations) // 50] if await screening.screen_again(UUID(one["id"]))]
    assert changed == []
    again = await desk.taken_in(content, "gift", mapping=json.dumps(made.mapping))
    expected = made.expected()
    assert _counts(again) == {
        **{name: expected[name] for name in ("nil", "failed")},
        "unchanged": expected["created"] + expected["unchanged"],
    }
    assert len((await _gifts(desk, numbers))[1]) == len(declarations)
