"""Filing each kind: the answer, its receipt, and what stays on record."""

import re
from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel
from sqlalchemy import select

from app.kit import clock
from app.kit.database import Database
from app.ledger.lines import Line
from app.ledger.models import ledger_line
from app.rulebook.chapters.gift.details import GiftDisposition, GiftFee, GiftItem
from app.rulebook.contents import KINDS as CHAPTERS
from tests.bodies import FULL, KINDS, Json, ago, filed, gift, item, named
from tests.conftest import Make
from tests.tags import version

from .desk import PATH, Desk, found, made

FIELDS = {
    "id", "kind", "status", "source", "declarant", "unit", "counterparty", "details", "revision", "declared_on", "client_reference", "note",
    "withdrawal_reason", "created_at", "screening", "receipt",
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("sort", ["least", "full"])
async def test_every_kind_is_filed_judged_and_read_back(desk: Desk, kind: str, sort: str) -> None:
    body = (KINDS if sort == "least" else FULL)[kind]()
    answer = await desk.post(body)
    declared = made(answer, 201)
    assert answer.headers["location"] == f"{PATH}/{declared['id']}"
    assert version(answer) == 1
    assert set(declared) == FIELDS
    assert (declared["kind"], declared["status"], declared["source"], declared["revision"]) == (kind, "submitted", "self", 1)
    assert (declared["declarant"], declared["unit"]) == (desk.person["id"], desk.unit["id"])
    assert declared["declared_on"] == declared["screening"]["judged_on"] == str(clock.today())
    assert declared["screening"]["outcome"] in ("clear", "record", "notice", "breach", "serious", "refer")
    _assert_stated(body["details"], declared["details"])
    read = await desk.look(declared)
    assert (read.json(), read.headers["etag"]) == (declared, answer.headers["etag"])


def _assert_stated(sent: Any, kept: Any) -> None:
    """What was sent is kept as it was sent; what was left out stands beside it."""
    if isinstance(sent, dict):
        for name, value in sent.items():
            _assert_stated(value, kept[name])
    elif isinstance(sent, list):
        assert len(sent) == len(kept)
        for one, other in zip(sent, kept, strict=True):
            _assert_stated(one, other)
    else:
        assert sent == kept


@pytest.mark.parametrize("kind", KINDS)
def test_the_full_bodies_state_every_field_that_there_is(kind: str) -> None:
    assert set(FULL[kind]()["details"]) == set(CHAPTERS[kind].details.model_fields)


@pytest.mark.parametrize(("part", "model"), [(None, GiftItem), ("fee", GiftFee), ("disposition", GiftDisposition)])
def test_the_lines_of_the_full_gift_state_every_field_that_there_is(part: str | None, model: type[BaseModel]) -> None:
    lines = FULL["gift"]()["details"]["items"]
    stated = [line if part is None else line.get(part, {}) for line in lines]
    assert set().union(*stated) == set(model.model_fields)


async def test_a_finding_says_what_is_suspected_on_which_basis_and_what_to_do(desk: Desk) -> None:
    declared = await desk.filed(gift(received_on=ago(10)))
    for shown in declared["screening"]["findings"]:
        assert shown["title"]
        assert shown["message"]
        assert shown["basis"]
        assert not shown["confidential"]
    pending = next(shown for shown in declared["screening"]["findings"] if shown["remedy"] and shown["remedy"]["due_on"])
    assert (pending["rule"], pending["level"]) == ("gift.not-surrendered", "notice")
    assert pending["remedy"]["due_on"] > str(clock.today())


async def test_what_is_clear_is_said_to_be_clear(desk: Desk) -> None:
    declared = await desk.filed(gift(items=[item(disposition={"action": "refused"})]))
    assert declared["screening"] | {"outcome": "clear", "findings": []} == declared["screening"]


async def test_words_come_in_the_language_that_is_asked_for(desk: Desk) -> None:
    body = gift(items=[item(description="tea")])
    chinese, english = await desk.filed(body), await desk.filed(body, {**desk.official, "Accept-Language": "en"})
    for declared, wanted in ((chinese, True), (english, False)):
        said = [shown["title"] + shown["message"] for shown in declared["screening"]["findings"]]
        assert [bool(re.search(r"[\u4e00-\u9fff]", words)) for words in said] == [wanted] * len(said)
    assert found(chinese)["gift.not-surrendered"] == found(english)["gift.not-surrendered"]


async def test_everything_of_the_envelope_is_kept(desk: Desk) -> None:
    body = filed(
        gift(),
        client_reference="OA-2026-0815",
        note="收件时本人\n不在办公室。",
        source="self",
        status="submitted",
        declared_on=clock.today(),
    )
    declared = await desk.filed(body)
    assert {name: declared[name] for name in ("client_reference", "note", "source")} == {
        name: body[name] for name in ("client_reference", "note", "source")
    }
    assert declared["withdrawal_reason"] is None


async def test_the_same_name_is_the_same_giver_whoever_writes_it(desk: Desk) -> None:
    one, other = await desk.filed(gift(giver=named("恒远建设（集团）"))), await desk.filed(gift(giver=named(" 恒远建设(集团) ")))
    assert one["counterparty"] == other["counterparty"]
    assert one["counterparty"] is not None


async def test_a_registered_giver_is_named_by_id(desk: Desk, make_counterparty: Make) -> None:
    registered = await make_counterparty()
    assert (await desk.filed(gift(giver={"id": registered["id"]})))["counterparty"] == registered["id"]


async def test_the_receipt_is_recomputable_from_the_ledger_line(desk: Desk, database: Database) -> None:
    declared = await desk.filed(gift())
    lines = await _lines(database, declared)
    assert [line["action"] for line in lines] == ["declaration.submitted", "declaration.screened"]
    line = lines[0]
    written = Line(line["id"], line["at"], line["actor"], line["action"], line["subject"], line["content"])
    assert written.receipt() == declared["receipt"]
    assert written.hash == line["leaf_hash"]
    assert line["actor"].startswith("key:")


async def test_the_ledger_holds_digests_and_no_personal_data(desk: Desk, database: Database) -> None:
    declared = await desk.filed(filed(gift(giver=named("欧阳建设")), note="欧阳先生来访"))
    async with database.reading() as connection:
        told = str((await connection.execute(select(ledger_line.c.content))).all())
    assert "欧阳" not in told
    assert declared["details"]["items"][0]["description"] not in told


async def _lines(database: Database, declared: Json) -> list[Any]:
    async with database.reading() as connection:
        asked = select(ledger_line).where(ledger_line.c.subject == UUID(declared["id"])).order_by(ledger_line.c.id)
        return list((await connection.execute(asked)).mappings())
