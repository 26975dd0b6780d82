"""Who attaches, who sees, and what is written down of those who looked."""

from uuid import UUID

import pytest
from sqlalchemy import select

from app.kit import clock
from app.kit.database import Database
from app.ledger.models import ledger_line
from app.ledger.sealing import Sealer
from app.ledger.unit_of_work import reading
from tests.screening.declaring import Headers, Json, Office, gift

from . import files
from .attaching import Desk

WHAT = ("", "content", "thumbnail")


def path_of(declared: str) -> str:
    return f"/v1/declarations/{declared}/attachments"


async def sees(desk: Desk, made: Json, by: Headers, expected: int) -> None:
    """Every door says the same."""
    for what in WHAT:
        assert (await desk.get(made, what, by)).status_code == expected
    assert (await desk.office.client.get(path_of(made["declaration"]), headers=by)).status_code == expected


async def test_who_sees_the_declaration_sees_what_is_attached_and_nobody_else(desk: Desk) -> None:
    office = desk.office
    made = await desk.attached(await desk.declared(), files.jpeg())
    for by in (office.declarant, office.delegate, office.commission, office.root):
        await sees(desk, made, by, 200)
    for by in (office.stranger, office.sister_commission, office.hr):
        await sees(desk, made, by, 404)


async def test_a_draft_s_attachments_are_its_declarant_s_alone(desk: Desk) -> None:
    made = await desk.attached(await desk.declared(status="draft"), files.jpeg())
    await sees(desk, made, desk.office.declarant, 200)
    for by in (desk.office.commission, desk.office.hr, desk.office.stranger):
        await sees(desk, made, by, 404)


async def test_who_may_change_the_declaration_attaches(desk: Desk) -> None:
    office, declared = desk.office, await desk.declared()
    await desk.attached(declared, files.jpeg(), office.delegate)
    for by, status in ((office.commission, 403), (office.stranger, 404), (office.sister_commission, 404), (office.hr, 404)):
        assert (await desk.post(declared, files.png(), by)).status_code == status
    filed = await office.file(gift(str(clock.today())), by=office.hr, declarant=office.official["id"], source="hr")
    made = await desk.attached(filed["id"], files.png(), office.hr)
    await sees(desk, made, office.declarant, 200)


async def test_what_the_commission_attaches_to_what_it_discovered_is_unknown_to_the_declarant(desk: Desk) -> None:
    office = desk.office
    found = (await office.discover(gift(str(clock.today()))))["id"]
    made = await desk.attached(found, files.jpeg(), office.commission)
    await sees(desk, made, office.commission, 200)
    for by in (office.declarant, office.delegate, office.hr, office.stranger):
        await sees(desk, made, by, 404)
        assert (await desk.post(found, files.png(), by)).status_code == 404
        assert (await desk.begin(found, 10, by)).status_code == 404
    seen = await office.get("/v1/me/accesses", office.declarant)
    assert seen["items"] == []


async def test_an_attachment_is_found_below_its_own_declaration_alone(desk: Desk) -> None:
    made = await desk.attached(await desk.declared(), files.jpeg())
    elsewhere = {**made, "declaration": await desk.declared()}
    for what in WHAT:
        assert (await desk.get(elsewhere, what)).status_code == 404


@pytest.mark.parametrize("what", [*WHAT, "list"])
async def test_who_looks_at_somebody_else_s_attachment_leaves_a_trace(desk: Desk, what: str) -> None:
    office = desk.office
    made = await desk.attached(await desk.declared(), files.jpeg())
    await (
        office.client.get(path_of(made["declaration"]), headers=office.commission)
        if what == "list"
        else desk.get(made, what, office.commission)
    )
    seen = await office.get("/v1/me/accesses", office.declarant)
    assert len(seen["items"]) == 1
    await desk.get(made, "" if what == "list" else what)
    assert len((await office.get("/v1/me/accesses", office.declarant))["items"]) == 1


async def test_others_attachments_are_neither_removed_nor_withdrawn(desk: Desk) -> None:
    office = desk.office
    made = await desk.attached(await desk.declared(status="draft"), files.jpeg())
    address = f"{path_of(made['declaration'])}/{made['id']}"
    for by in (office.commission, office.stranger, office.hr):
        assert (await office.client.delete(address, headers={**by, "If-Match": "*"})).status_code == 404
        asked = await office.client.post(f"{address}/withdrawal", json={"reason": "无"}, headers={**by, "If-Match": "*"})
        assert asked.status_code == 404


async def test_the_ledger_is_told_of_each_act_by_digests_alone(desk: Desk) -> None:
    office = desk.office
    made = await desk.attached(await desk.declared(), files.jpeg(), file_name="张三收据.jpg")
    address = f"{path_of(made['declaration'])}/{made['id']}"
    await office.client.post(f"{address}/withdrawal", json={"reason": "误传张三收据"}, headers={**office.declarant, "If-Match": "*"})
    async with reading(desk.app.state.database) as view:
        told = select(ledger_line).where(ledger_line.c.subject == UUID(made["id"])).order_by(ledger_line.c.id)
        lines = (await view.connection.execute(told)).mappings().all()
    assert [line["action"] for line in lines] == ["attachment.added", "attachment.withdrawn"]
    assert {line["content"]["received"] for line in lines} == {made["received"]["sha256"]}
    assert {line["content"]["kept"] for line in lines} == {made["kept"]["sha256"]}
    assert "张三" not in str(lines)


async def test_a_device_catches_up_with_what_became_of_a_file(desk: Desk, office: Office, database: Database) -> None:
    declared = await desk.declared(client_id="0d0c7c0e-30f1-4ce4-9a5a-0e4a2e2f7b11")
    attached = await desk.attached("0d0c7c0e-30f1-4ce4-9a5a-0e4a2e2f7b11", files.jpeg(), client_id="7d444840-9dc0-41d1-b245-5ffdce74fad2")
    assert attached["declaration"] == declared
    for named in (declared, "0d0c7c0e-30f1-4ce4-9a5a-0e4a2e2f7b11"):
        assert (await desk.get({**attached, "declaration": named}, "content")).status_code == 200
        listed = await office.get(f"/v1/declarations/{named}/attachments", office.declarant)
        assert [one["id"] for one in listed["items"]] == [attached["id"]]
    await Sealer(database, None).seal()
    told = (await office.get("/v1/changes", office.declarant))["items"]
    (file,) = [one for one in told if one["type"] == "attachment"]
    assert (file["id"], file["client_id"], file["record"]) == (attached["id"], attached["client_id"], attached)
