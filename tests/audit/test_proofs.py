"""Proofs hold against RFC 9162 as it is written, and against a verifier of the C2SP formats that others wrote, where it is installed."""

from typing import Any

import pytest

from tests.ledger import rfc
from tests.ledger.sealing import KEY, write

from .conftest import Auditor, digest

SIZES = (1, 2, 255, 256, 257, 300)


async def grow(auditor: Auditor, size: int) -> None:
    """Write and seal until there are so many lines."""
    await auditor.sealer.seal()
    there = (await auditor.get("lines", count=True, limit=1))["count"]
    await write(auditor.sealer.database, size - there)
    await auditor.sealer.seal()


async def test_every_line_proves_that_it_is_in_the_signed_tree(auditor: Auditor) -> None:
    await grow(auditor, 300)
    newest = await auditor.get("lines", limit=200)
    lines = newest["items"] + (await auditor.get("lines", limit=200, after=newest["next"]))["items"]
    assert len(lines) == 300
    for line in lines[::23]:
        proof = await auditor.get(f"lines/{line['id']}/proof")
        assert (proof["leaf_index"], proof["tree_size"], proof["leaf_hash"]) == (line["position"], 300, line["leaf_hash"])
        assert _holds(proof)
        assert KEY.verifier.opened(proof["checkpoint"]).root == digest(proof["root"])
    proof = await auditor.get(f"lines/{lines[-1]['id']}/proof", size=257)
    assert proof["tree_size"] == 257
    assert _holds(proof)


def _holds(proof: dict[str, Any]) -> bool:
    hashes = [digest(one) for one in proof["hashes"]]
    return rfc.is_included(digest(proof["leaf_hash"]), proof["leaf_index"], proof["tree_size"], hashes, digest(proof["root"]))


async def test_every_older_tree_begins_every_newer_one(auditor: Auditor) -> None:
    await grow(auditor, 300)
    for second in SIZES:
        for first in [size for size in SIZES if size <= second]:
            proof = await auditor.get("consistency", first=first, second=second)
            hashes = [digest(one) for one in proof["hashes"]]
            assert rfc.is_consistent(first, second, hashes, digest(proof["first_root"]), digest(proof["second_root"]))
    empty = await auditor.get("consistency", first=0, second=300)
    assert (empty["hashes"], digest(empty["first_root"])) == ([], rfc.root([]))


async def test_sizes_that_the_tree_never_had_are_refused(auditor: Auditor) -> None:
    await grow(auditor, 5)
    asked: dict[str, Any]
    for asked, field in (({"first": 1, "second": 6}, "second"), ({"first": 4, "second": 3}, "first")):
        answer = await auditor.ask("consistency", None, **asked)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, f"/query/{field}")
    last = (await auditor.get("lines", limit=1))["items"][0]
    for size in (4, 6):
        assert await auditor.refused(f"lines/{last['id']}/proof", size=size) == (422, "invalid-request")


async def test_tiles_never_change_and_end_where_the_tree_ends(auditor: Auditor) -> None:
    await grow(auditor, 300)
    full = await auditor.ask("tile/0/000")
    assert (len(full.content), full.headers["content-type"]) == (256 * 32, "application/octet-stream")
    assert "immutable" in full.headers["cache-control"]
    part = await auditor.ask("tile/0/001.p/44")
    assert len(part.content) == 44 * 32
    assert (await auditor.ask("tile/1/000.p/1")).content == rfc.root([full.content[at : at + 32] for at in range(0, 256 * 32, 32)])
    await grow(auditor, 520)
    assert (await auditor.ask("tile/0/001.p/44")).content == part.content
    assert (await auditor.ask("tile/0/000")).content == full.content
    assert await auditor.refused("tile/2/000.p/1") == (404, "not-found")
    assert await auditor.refused("tile/64/000") == (422, "invalid-request")
    for nowhere in ("002", "002.p/9", "000.p/256", "000.p/0", "x000/001", "1", "x001/000", "000.p/", "abc", "x999/x999/x999/x999/999"):
        for level in ("0", "entries"):
            assert await auditor.refused(f"tile/{level}/{nowhere}") == (404, "not-found")


async def test_without_a_signature_there_is_no_checkpoint_and_the_answer_says_what_to_do(auditor: Auditor) -> None:
    for path in ("checkpoint", "key"):
        answer = await auditor.client.get(f"/v1/ledger/{path}", headers=auditor.headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "no-checkpoint")
        assert "QINQING_LEDGER_KEY_FILE" in answer.json()["detail"]


async def test_a_verifier_that_others_wrote_accepts_the_whole_log(auditor: Auditor) -> None:
    tlog = pytest.importorskip("aics_tlog", reason="needs Python 3.12")
    await grow(auditor, 300)
    note = await auditor.ask("checkpoint")
    assert note.headers["content-type"] == "text/plain; charset=utf-8"
    vkey = (await auditor.ask("key")).text
    opened = tlog.verify_checkpoint(tlog.parse_note(note.text), tlog.parse_vkey(vkey.strip()), expected_origin=KEY.name)
    assert opened.ok, opened
    checkpoint = tlog.parse_checkpoint(tlog.parse_note(note.text).text)
    assert checkpoint.size == 300
    paths = ("tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000", "tile/entries/001.p/44")
    mirror = tlog.MemoryTileReader({path: (await auditor.ask(path)).content for path in paths})
    report = tlog.audit_tiles(mirror, checkpoint.size, checkpoint.root)
    assert (report.size, report.tiles, report.bundles) == (300, 3, 2)
    read = tlog.VerifiedTileReader(mirror, checkpoint.size, checkpoint.root)
    line = (await auditor.get("lines", limit=1))["items"][0]
    assert read.entry(299).decode() == line["leaf"]
    proof = await auditor.get(f"lines/{line['id']}/proof")
    hashes = [digest(one) for one in proof["hashes"]]
    assert tlog.verify_leaf_inclusion(line["leaf"].encode(), 299, 300, hashes, checkpoint.root)
    assert not tlog.verify_leaf_inclusion(line["leaf"].encode() + b" ", 299, 300, hashes, checkpoint.root)
    older = await auditor.get("consistency", first=255, second=300)
    hashes = [digest(one) for one in older["hashes"]]
    assert tlog.verify_consistency(255, 300, digest(older["first_root"]), checkpoint.root, hashes)
    forged = tlog.parse_vkey(KEY.new("log.example/register").verifier.text)
    assert not tlog.verify_checkpoint(tlog.parse_note(note.text), forged).ok
