"""Whatever is changed behind the register's back is found, and told at its line."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, insert, select, text, update

from app.audit import verification
from app.audit.verification import Difference, Verification
from app.declarations.models import declaration, declaration_revision
from app.declarations.verification import differences
from app.kit.database import Database
from app.kit.ids import new_id
from app.ledger.lines import Line
from app.ledger.merkle import WIDTH
from app.ledger.models import ledger_checkpoint, ledger_line, ledger_tile
from app.ledger.notes import Checkpoint, SigningKey
from app.ledger.sealing import Sealer
from app.ledger.unit_of_work import reading, work
from tests.ledger import rfc
from tests.ledger.sealing import KEY, head, sealed, write
from tests.screening.declaring import Office, gift

from .conftest import Auditor

LINES = 600
VICTIM = 317


async def found(database: Database, *kept: Checkpoint, keys: tuple[SigningKey, ...] = (KEY,)) -> list[Difference]:
    """All that a verification tells of the ledger and of the declarations."""
    async with reading(database) as view:
        of_ledger = Verification(view, [key.verifier for key in keys], kept).differences()
        return [one async for one in of_ledger] + [one async for one in differences(view)]


def told(differences: list[Difference]) -> list[tuple[int | None, str]]:
    return [(one.position, one.what.en) for one in differences]


@pytest.fixture
async def ledger(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """Six hundred sealed lines, looked at in parts."""
    monkeypatch.setattr(verification, "STEP", WIDTH)
    for lines in (100, LINES - 100):
        await write(database, lines)
        await Sealer(database, KEY).seal()
    return database


@pytest.fixture
async def victim(ledger: Database) -> UUID:
    """The line that is tampered with."""
    line: UUID = (await sealed(ledger))[VICTIM]["id"]
    return line


async def tamper(database: Database, *statements: Any) -> None:
    async with work(database, "tamperer") as unit:
        for statement in statements:
            await unit.connection.execute(statement)


async def test_an_honest_ledger_has_no_differences(ledger: Database) -> None:
    assert not await found(ledger)
    await write(ledger, 3)
    assert not await found(ledger), "lines that wait to be sealed are none"


@pytest.mark.parametrize("column", ["id", "at", "actor", "action", "subject", "content", "leaf_hash"])
async def test_a_changed_column_is_found_at_its_line(ledger: Database, victim: UUID, column: str) -> None:
    line = (await sealed(ledger))[VICTIM]
    other = {
        "id": new_id(),
        "at": line["at"] + timedelta(microseconds=1),
        "actor": "somebody",
        "action": "thing.undone",
        "subject": new_id(),
        "content": {"number": 0},
        "leaf_hash": bytes(32),
    }[column]
    await tamper(ledger, update(ledger_line).where(ledger_line.c.id == victim).values({column: other}))
    (difference,) = await found(ledger)
    assert (difference.position, difference.line) == (VICTIM, other if column == "id" else victim)
    assert difference.what.en == (
        "The hash stored with it is not its own." if column == "leaf_hash" else "Its columns do not give its hash."
    )


async def test_a_line_rewritten_with_its_hash_is_found(ledger: Database, victim: UUID) -> None:
    line = dict((await sealed(ledger))[VICTIM], actor="somebody")
    await tamper(ledger, update(ledger_line).where(ledger_line.c.id == victim).values(actor="somebody", leaf_hash=_hash(line)))
    assert told(await found(ledger)) == [(VICTIM, "It is not what was sealed, or the tree was altered.")]


def _hash(line: dict[str, Any]) -> bytes:
    return Line.of(line).hash


async def test_a_line_that_is_gone_is_found(ledger: Database, victim: UUID) -> None:
    await tamper(ledger, delete(ledger_line).where(ledger_line.c.id == victim))
    assert told(await found(ledger)) == [(VICTIM, "The line is gone.")]


async def test_a_line_taken_out_of_its_place_is_found(ledger: Database, victim: UUID) -> None:
    await tamper(ledger, update(ledger_line).where(ledger_line.c.id == victim).values(position=None))
    assert told(await found(ledger)) == [(VICTIM, "The line is gone.")]


async def test_two_lines_that_have_changed_places_are_found(ledger: Database, victim: UUID) -> None:
    other = (await sealed(ledger))[VICTIM + 1]["id"]
    place = update(ledger_line)
    await tamper(
        ledger,
        place.where(ledger_line.c.id == victim).values(position=None),
        place.where(ledger_line.c.id == other).values(position=VICTIM),
        place.where(ledger_line.c.id == victim).values(position=VICTIM + 1),
    )
    assert [one.position for one in await found(ledger)] == [VICTIM, VICTIM + 1]


async def test_a_line_that_cannot_be_read_does_not_end_the_search(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    await write(database, 20)
    await Sealer(database, KEY).seal()
    await tamper(
        database, text("UPDATE ledger_line SET content = '{' WHERE position = 7"), text("UPDATE ledger_line SET at = '' WHERE position = 9")
    )
    assert told(await found(database)) == [(7, "The line cannot be read."), (9, "The line cannot be read.")]
    await database.close()


async def test_a_line_that_waits_and_was_changed_is_found(ledger: Database) -> None:
    (line,) = await write(ledger)
    await tamper(ledger, update(ledger_line).where(ledger_line.c.id == line).values(actor="somebody"))
    (difference,) = await found(ledger)
    assert (difference.position, difference.line) == (None, line)


async def test_a_line_put_behind_the_newest_checkpoint_is_found(ledger: Database) -> None:
    (line,) = await write(ledger)
    await tamper(ledger, update(ledger_line).where(ledger_line.c.id == line).values(position=LINES))
    assert told(await found(ledger)) == [(LINES, "There are lines beyond the newest checkpoint.")]


async def test_changed_tiles_are_found(ledger: Database) -> None:
    level = ledger_tile.c.level
    await tamper(ledger, update(ledger_tile).where(level == 1).values(hashes=bytes(64)))
    assert told(await found(ledger)) == [(None, "Tile 0 of level 1 is not made of those below.")] * 2
    await tamper(ledger, update(ledger_tile).where(level == 0, ledger_tile.c.number == 2).values(hashes=b""))
    missing = [position for position, what in told(await found(ledger)) if what == "The tree holds no hash for it."]
    assert missing == list(range(512, LINES))
    assert not [what for _, what in told(await found(ledger)) if "checkpoint" in what], "the lines themselves still give its root"


async def test_a_history_rewritten_in_lines_and_tiles_breaks_the_checkpoint(ledger: Database, victim: UUID) -> None:
    line = dict((await sealed(ledger))[VICTIM], actor="somebody")
    async with reading(ledger) as view:
        tile: Any = await view.connection.scalar(select(ledger_tile.c.hashes).where(ledger_tile.c.level == 0, ledger_tile.c.number == 1))
    place = (VICTIM - 256) * 32
    forged = tile[:place] + _hash(line) + tile[place + 32 :]
    await tamper(
        ledger,
        update(ledger_line).where(ledger_line.c.id == victim).values(actor="somebody", leaf_hash=_hash(line)),
        update(ledger_tile).where(ledger_tile.c.level == 0, ledger_tile.c.number == 1).values(hashes=forged),
    )
    said = [what for _, what in told(await found(ledger))]
    assert f"The root of the first {LINES} lines is not that of the checkpoint stored here." in said
    assert f"What was signed as the checkpoint of size {LINES} is not this tree." in said


async def test_a_checkpoint_of_another_key_or_another_tree_is_found(ledger: Database) -> None:
    stranger = SigningKey.new(KEY.name)
    root = (await head(ledger))["root"]
    unsigned = [(None, f"The checkpoint of size {LINES} bears no valid signature of a trusted key.")]
    assert told(await found(ledger, keys=(stranger,))) == unsigned
    assert not await found(ledger, keys=(stranger, KEY))
    for note in (stranger.signed(LINES, root), KEY.signed(LINES, root).replace("\n600\n", "\n599\n"), "", "—"):
        await tamper(ledger, update(ledger_checkpoint).values(note=note))
        assert told(await found(ledger)) == unsigned
    await tamper(ledger, update(ledger_checkpoint).values(note=KEY.signed(LINES, bytes(32))))
    assert told(await found(ledger)) == [(None, f"What was signed as the checkpoint of size {LINES} is not this tree.")]


async def test_a_checkpoint_kept_elsewhere_finds_a_fork_and_a_ledger_cut_short(ledger: Database) -> None:
    leaves = [row["leaf_hash"] for row in await sealed(ledger)]
    honest = Checkpoint(KEY.name, 200, rfc.root(leaves[:200]))
    assert not await found(ledger, honest)
    said = await found(ledger, honest, honest._replace(root=bytes(32)), honest._replace(size=LINES + 1))
    assert told(said) == [
        (None, f"A checkpoint kept elsewhere has {LINES + 1} lines, the ledger only {LINES}."),
        (None, "The root of the first 200 lines is not that of the checkpoint kept elsewhere."),
    ]


@pytest.fixture
async def filed(auditor: Auditor, office: Office) -> dict[str, Any]:
    """A declaration with two revisions, among others; all is as it was written until a test changes something."""
    await office.file(gift("2026-10-02"), by=office.declarant, status="draft")
    declared = await office.file(gift("2026-10-01"))
    amended = await office.client.patch(
        f"/v1/declarations/{declared['id']}", json={"note": "补充"}, headers={**office.root, "If-Match": "*"}
    )
    assert amended.status_code == 200
    await office.inquire("2026-08-01")
    await auditor.sealer.seal()
    assert not await found(auditor.sealer.database)
    revised: dict[str, Any] = amended.json()
    return revised


async def test_all_that_a_line_may_hold_is_read_as_it_was_written(auditor: Auditor, office: Office) -> None:
    for path, body in (
        ("exchange-rates", {"currency": "EUR", "on": "2026-01-05", "rate": "8.10", "source": "外汇交易中心"}),
        ("api-keys", {"name": "将撤销", "scopes": ["people:read"], "unit": office.bureau["id"], "expires_on": "2027-01-01"}),
        ("counterparties", {"name": "某公司", "type": "enterprise", "region": "CN", "aliases": ["𠮷野家"]}),
    ):
        answer = await office.client.post(f"/v1/{path}", json=body, headers=office.root)
        assert answer.status_code == 201, answer.text
    await auditor.sealer.seal()
    assert not await found(auditor.sealer.database)


@pytest.mark.parametrize(
    ("column", "value"),
    [("details", {"worth": "1.00"}), ("note", "改"), ("declared_on", "2020-01-01"), ("status", "withdrawn")],
)
async def test_a_changed_statement_is_found_at_its_line(auditor: Auditor, filed: dict[str, Any], column: str, value: Any) -> None:
    database, own = auditor.sealer.database, UUID(filed["id"])
    async with reading(database) as view:
        day: Any = await view.connection.scalar(select(declaration.c.declared_on))
    value = day - timedelta(days=400) if column == "declared_on" else value
    of_revision = declaration_revision.c
    first = (of_revision.declaration_id == own) & (of_revision.revision == 1)
    await tamper(database, update(declaration_revision).where(first).values({column: value}))
    (one,) = await found(database)
    lines = await auditor.get("lines", subject=own, action="declaration.submitted")
    assert (str(one.line), one.position) == (lines["items"][0]["id"], lines["items"][0]["position"])
    assert "is not in revision 1 what was stated" in one.what.en
    await tamper(database, update(declaration).where(declaration.c.id == own).values({column: value}))
    assert f"Declaration {own} as it stands is not what its newest revision states." in [what for _, what in told(await found(database))]


@pytest.mark.parametrize("column", ["source", "declarant_id", "revision"])
async def test_whose_it_is_and_from_whom_cannot_be_changed(auditor: Auditor, office: Office, filed: dict[str, Any], column: str) -> None:
    own = UUID(filed["id"])
    other = {"source": "hr", "revision": 1}.get(column) or UUID((await _colleague(office))["id"])
    await tamper(auditor.sealer.database, update(declaration).where(declaration.c.id == own).values({column: other}))
    assert f"Declaration {own} as it stands is not what its newest revision states." in [
        what for _, what in told(await found(auditor.sealer.database))
    ]


async def _colleague(office: Office) -> dict[str, Any]:
    listed = await office.get("/v1/persons", office.root, limit=1)
    colleague: dict[str, Any] = listed["items"][0]
    assert colleague["id"] != office.official["id"]
    return colleague


async def test_revisions_and_declarations_that_are_gone_or_were_slipped_in_are_found(auditor: Auditor, filed: dict[str, Any]) -> None:
    database, own, of_revision = auditor.sealer.database, UUID(filed["id"]), declaration_revision.c
    async with reading(database) as view:
        kept = dict(
            (await view.connection.execute(select(declaration_revision).where(of_revision.declaration_id == own))).mappings().all()[0]
        )
    await tamper(database, insert(declaration_revision).values({**kept, "revision": 3}))
    assert told(await found(database)) == [(None, f"Declaration {own} has a revision 3 without a line.")]
    await tamper(database, delete(declaration_revision).where(of_revision.declaration_id == own, of_revision.revision != 2))
    (gone,) = await found(database)
    assert (gone.what.en, gone.position is not None) == (f"Declaration {own} has lost its revision 1.", True)


async def test_a_declaration_that_is_gone_is_found(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    async with work(database, "test") as unit:
        line = unit.record("declaration.submitted", new_id(), {"revision": 1, "digest": ""})
    await Sealer(database, KEY).seal()
    (difference,) = await found(database)
    assert (difference.line, difference.what.en) == (line.id, f"Declaration {line.subject} is gone.")
    await database.close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_statement_that_cannot_be_read_does_not_end_the_search(auditor: Auditor, filed: dict[str, Any]) -> None:
    hexadecimal = UUID(filed["id"]).hex
    broken = text(f"UPDATE declaration_revision SET declared_on = '?' WHERE declaration_id = '{hexadecimal}' AND revision = 1")  # noqa: S608
    await tamper(auditor.sealer.database, broken)
    assert told(await found(auditor.sealer.database)) == [(None, f"Declaration {filed['id']} cannot be read.")]
