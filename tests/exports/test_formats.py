"""Each format, read back by a reader that others use."""

import hashlib
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.exports import formats
from tests.people.asking import faults_of
from tests.screening.declaring import Office, finding, gift, line, meal

from .exporting import TABLES, Desk, as_csv, as_ndjson, as_parquet, as_xlsx


@pytest.mark.parametrize("name", TABLES)
async def test_a_table_holds_what_was_declared_in_chinese_with_days_and_money(desk: Desk, office: Office, name: str) -> None:
    filed = await office.file(gift("2026-10-05", line(worth="1888.50")), by=office.declarant, client_reference="OA-1", note="初次，\n两行")
    read = TABLES[name](await desk.file(office.commission, format=name))
    day, money = ("2026-10-05", "1888.50") if name == "csv" else (date(2026, 10, 5), Decimal("1888.50"))
    assert read.column("申报编号") == [filed["id"]]
    assert read.column("申报人 ") == [office.official["name"]]
    assert read.column("申报人工号") == [office.official["employee_number"]]
    assert read.column("申报时单位") == [office.bureau["name"]]
    assert read.column("往来对象") == ["恒远建设有限公司"]
    assert read.column("说明") == ["初次，\n两行"]
    assert read.column("行为首日") == [day]
    assert read.column("已知价值") == [money]
    assert read.column("币种") == ["CNY"]
    assert read.column("最高级别") == [filed["screening"]["outcome"]]
    assert read.column("疑点规则")[0].split() == [found["rule"] for found in filed["screening"]["findings"]]
    assert read.column("规则库版本") == [filed["screening"]["rulebook_version"]]


async def test_ndjson_holds_the_items_of_the_list_to_the_letter(desk: Desk, office: Office) -> None:
    for day in ("2026-10-05", "2026-10-06"):
        await office.file(gift(day), by=office.declarant)
    _, items = as_ndjson(await desk.file(office.commission, format="ndjson"))
    assert items == (await office.get("/v1/declarations", office.commission))["items"]
    _, found = as_ndjson(await desk.file(office.commission, of="findings", format="ndjson"))
    assert found == (await office.get("/v1/findings", office.commission))["items"]
    english = {**office.commission, "Accept-Language": "en"}
    _, said = as_ndjson(await desk.file(english, of="findings", format="ndjson"))
    assert said == (await office.get("/v1/findings", english))["items"] != found


@pytest.mark.parametrize("name", TABLES)
async def test_findings_are_a_table_too(desk: Desk, office: Office, name: str) -> None:
    filed = await office.file(gift("2026-10-05"), by=office.declarant)
    found = finding(filed, "gift.not-surrendered")
    read = TABLES[name](await desk.file(office.commission, of="findings", format=name, filters={"rule": "gift.not-surrendered"}))
    assert read.column("疑点编号") == [found["id"]]
    assert read.column("申报编号") == [filed["id"]]
    assert read.column("说明") == [found["message"]]
    assert found["basis"][0]["instrument"] in read.column("依据")[0]
    assert str(read.column("期限")[0]) == found["remedy"]["due_on"]
    assert read.column("往来对象") == ["恒远建设有限公司"]
    assert str(read.column("现行")[0]).lower() == "true"


async def test_every_file_says_what_it_holds(desk: Desk, office: Office) -> None:
    await office.file(gift("2026-10-05"), by=office.declarant)
    await office.file(meal("2026-10-05"), "meal", by=office.declarant)
    filters = {"kind": "gift", "unit": office.bureau["id"]}
    version = (await office.get("/v1/rulebook", office.commission))["version"]
    manifests = []
    for name in ("csv", "xlsx", "parquet", "ndjson"):
        ready = await desk.made(office.commission, format=name, filters=filters)
        content = (await desk.download(ready, office.commission)).content
        manifest = as_ndjson(content)[0] if name == "ndjson" else TABLES[name](content).manifest
        assert manifest == ready["manifest"] | {name: manifest[name] for name in ("read_at",)}
        assert (ready["digest"], ready["bytes"], ready["rows"]) == (hashlib.sha256(content).hexdigest(), len(content), 1)
        assert (manifest["export"], manifest["of"], manifest["filters"], manifest["rows"]) == (ready["id"], "declarations", filters, 1)
        assert manifest["rulebook_version"] == version
        manifests.append(manifest)
    rows = content.split(b"\n", 1)[1]
    assert {manifest["content_digest"] for manifest in manifests} == {hashlib.sha256(rows).hexdigest()}


@pytest.mark.parametrize("said", ["=1+1", "+8613800000000", "-2", "@SUM(A1)", "＝1+1", '=HYPERLINK("http://x","y")'])
async def test_what_a_spreadsheet_would_take_for_a_formula_is_text(desk: Desk, office: Office, said: str) -> None:
    await office.file(gift("2026-10-05", giver={"name": said}), by=office.declarant, note=said)
    assert as_csv(await desk.file(office.commission)).column("说明") == [f"'{said}"]
    assert as_csv(await desk.file(office.commission)).column("往来对象") == [f"'{said}"]
    content = await desk.file(office.commission, format="xlsx")
    assert as_xlsx(content).column("说明") == [said]
    assert b"<f>" not in _sheet(content)
    assert as_parquet(await desk.file(office.commission, format="parquet")).column("说明") == [said]


def _sheet(content: bytes) -> bytes:
    import io  # noqa: PLC0415
    import zipfile  # noqa: PLC0415

    return zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("name", TABLES)
async def test_an_export_of_nothing_has_its_headings(desk: Desk, office: Office, name: str) -> None:
    read = TABLES[name](await desk.file(office.commission, format=name))
    assert (read.rows, read.names[0], read.manifest["rows"]) == ([], "申报编号 Declaration", 0)


async def test_without_its_library_parquet_is_refused_with_the_remedy(desk: Desk, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = await desk.asked(office.commission, format="parquet")
    monkeypatch.setattr(formats, "find_spec", lambda _: None)
    answer = await desk.post(office.commission, format="parquet")
    assert faults_of(answer) == [("/format", "format-not-installed")]
    assert "qinqing[parquet]" in answer.json()["errors"][0]["message"]
    await desk.maker.work_off()
    failed = await desk.read(waiting, office.commission)
    assert (failed["state"], failed["failure"]["code"], failed["download"]) == ("failed", "format-not-installed", None)
    assert (await desk.download(failed, office.commission)).json()["code"] == "export-failed"


@pytest.mark.parametrize("name", [*TABLES, "ndjson"])
async def test_a_file_of_several_batches_holds_every_row_once(
    desk: Desk, office: Office, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("app.exports.reading.BATCH", 2)
    ids = [(await office.file(meal("2026-10-05"), "meal", by=office.declarant))["id"] for _ in range(5)]
    content = await desk.file(office.commission, format=name)
    read: list[Any] = [item["id"] for item in as_ndjson(content)[1]] if name == "ndjson" else TABLES[name](content).column("申报编号")
    assert read == ids[::-1]
