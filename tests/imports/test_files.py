"""Files as they come: encodings, delimiters, titles, workbooks, lines of JSON; and those that nobody should send."""

import csv
import io
import json
import tempfile
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from app.imports import files, layout
from app.imports.conventions import Translation
from app.imports.files import UnreadableError, csv_records
from app.imports.people import PersonRows

from .importing import PEOPLE, Desk, Json, counts, faults, person, table


def book(*rows: Any, merged: tuple[Any, ...] = (), sheet: str = "人员", before: str | None = None) -> bytes:
    """A workbook with rows on a sheet."""
    file = io.BytesIO()
    made = xlsxwriter.Workbook(file, {"in_memory": True})
    if before:
        made.add_worksheet(before)
    page, days = made.add_worksheet(sheet), made.add_format({"num_format": "yyyy-mm-dd"})
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            if isinstance(cell, date):
                page.write_datetime(number, place, datetime(cell.year, cell.month, cell.day, tzinfo=UTC).replace(tzinfo=None), days)
            else:
                page.write(number, place, cell)
    for one in merged:
        page.merge_range(*one)
    made.close()
    return file.getvalue()


TEXTS = {
    "utf-8": lambda text: text.encode(),
    "utf-8 with a mark": lambda text: text.encode("utf-8-sig"),
    "gb18030": lambda text: text.encode("gb18030"),
    "utf-16 as spreadsheets write it": lambda text: text.encode("utf-16"),
    "utf-16 without a mark": lambda text: text.encode("utf-16-le"),
    "utf-16 big-endian": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "semicolons": lambda text: text.replace(",", ";").encode(),
    "tabs": lambda text: text.replace(",", "\t").encode(),
    "wide commas": lambda text: text.replace(",", "，").encode(),
    "titles above": lambda text: ("某市人员信息表\r\n\r\n填表单位：某局,,填表日期：2026-11-29\r\n" + text).encode(),
    "old line ends": lambda text: text.replace("\r\n", "\r").encode(),
    "a byte order mark and blank rows": lambda text: (text + ",,,,\r\n \r\n\r\n").encode("utf-8-sig"),
}


@pytest.mark.parametrize("sort", TEXTS)
async def test_text_is_read_in_whatever_encoding_and_with_whatever_delimiter(desk: Desk, sort: str) -> None:
    await desk.factory.unit(code="U-1")
    done = await desk.taken_in(TEXTS[sort](table(PEOPLE, person("E1", 姓名="王芳"), person("E2", 职务="主任\n兼书记"))))
    assert (done["format"], counts(done)) == ("csv", (2, 0, 0, 0)), await desk.report(done)
    persons = await desk.persons()
    assert persons["E1"]["name"] == "王芳"
    assert persons["E2"]["position"] == "主任 兼书记"


async def test_a_workbook_gives_numbers_as_they_show_days_as_days_and_merged_cells_to_all(desk: Desk) -> None:
    await desk.factory.unit(code="U-1", name="甲局")
    content = book(
        ("某市人员信息表", "", "", "", "", "", "", "", ""),
        ("序号", *PEOPLE, "出生日期"),
        (1, 10017, "王芳", "", "科长", "是", "公务员", "正科", "否", date(1980, 5, 25)),
        (2, "E2", "李强", "", "科长", True, "公务员", "正科", "否", "1981年6月7日"),
        merged=((0, 0, 0, 8, "某市人员信息表"), (2, 3, 3, 3, "甲局")),
    )
    done = await desk.taken_in(content)
    assert (done["format"], counts(done)) == ("xlsx", (2, 0, 0, 0)), await desk.report(done)
    assert done["columns"][0] == {"heading": "序号", "column": None}
    persons = await desk.persons()
    assert {number: one["birth_on"] for number, one in persons.items()} == {"10017": "1980-05-25", "E2": "1981-06-07"}
    assert len({one["unit"] for one in persons.values()}) == 1


async def test_the_named_sheet_is_read_and_another_name_is_told(desk: Desk) -> None:
    await desk.factory.unit(code="U-1")
    content = book(PEOPLE, person("E1"), before="封面")
    assert counts(await desk.taken_in(content, sheet="人员")) == (1, 0, 0, 0)
    first = await desk.taken_in(content)
    assert (first["state"], first["failure"]["code"]) == ("failed", "headings-not-found")
    other = await desk.taken_in(content, sheet="没有")
    assert (other["state"], other["failure"]["code"]) == ("failed", "sheet-unknown")


async def test_lines_of_json_take_lists_and_objects(desk: Desk) -> None:
    unit = await desk.factory.unit(code="U-1", name="某局")
    whole = {
        "employee_number": "E1", "name": "王芳", "unit": "U-1", "party_member": True, "staff_class": "civil_servant", "rank": "section_chief",
        "is_leader": False, "relatives": [{"name": "张三", "relation": "spouse"}],
        "posts": [{"unit": "某局", "rank": "section_deputy", "is_leader": False, "staff_class": "公务员", "from_on": "2015-01-01"}],
    }  # fmt: skip
    content = "\n".join([json.dumps(whole, ensure_ascii=False), "", "{broken", "[1]", json.dumps({"name": "无名"})]).encode()
    done = await desk.taken_in(content)
    assert (done["format"], counts(done)) == ("ndjson", (1, 0, 0, 3))
    assert faults(await desk.report(done)) == [(row, "工号", "row-without-key") for row in ("3", "4", "5")]
    made = (await desk.persons())["E1"]
    assert made["relatives"] == [{"name": "张三", "relation": "spouse", "employer": None, "employer_kind": None}]
    assert (made["posts"][0]["unit"], made["posts"][0]["from_on"]) == (unit["id"], "2015-01-01")
    partly = await desk.taken_in(json.dumps({"employee_number": "E1", "rank": "副处"}).encode())
    assert counts(partly) == (0, 1, 0, 0)
    assert (await desk.persons())["E1"]["relatives"] == made["relatives"]


def bomb() -> bytes:
    """A workbook that would take gigabytes when unpacked."""
    plain = io.BytesIO(book(PEOPLE))
    file = io.BytesIO()
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in source.namelist():
            if entry != "xl/worksheets/sheet1.xml":
                archive.writestr(entry, source.read(entry))
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(60):
                sheet.write(b" " * 50_000_000)
    return file.getvalue()


def far_corner() -> bytes:
    """A workbook of a few bytes whose two cells are as far apart as cells can be."""
    file = io.BytesIO()
    made = xlsxwriter.Workbook(file, {"in_memory": True})
    page = made.add_worksheet()
    page.write(0, 0, "工号")
    page.write(1_048_575, 16_383, "x")
    made.close()
    return file.getvalue()


HOSTILE = {
    "a photo": (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "file-not-a-table"),
    "a document": (b"%PDF-1.7 ...", "file-not-a-table"),
    "nothing but blanks": (b" \r\n\r\n", "file-empty"),
    "an old workbook": (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "workbook-old-or-locked"),
    "half an archive": (b"PK\x03\x04" + b"\0" * 600, "workbook-broken"),
    "an array": (b'[{"employee_number": "E1"}]', "json-not-lines"),
    "no known encoding": ("工号,姓名\n".encode() + b"\xff\xff\xff\n", "encoding-unknown"),
    "no headings": (table(("甲", "乙"), ("1", "2")).encode(), "headings-not-found"),
    "two headings alike": (table(("工号", "职工号"), ("1", "2")).encode(), "column-twice"),
    "nobody meant": (table(("姓名", "单位"), ("1", "2")).encode(), "columns-missing"),
    "a quote that is never closed": (table(PEOPLE).encode() + b'"' + b"E1,x\n" * 300_000, "row-unreadable"),
    "an endless line": (table(PEOPLE).encode() + b"E," * 2_000_000, "row-too-long"),
    "a thousand and more columns": (table(PEOPLE, ["E"] * 1_200).encode(), "too-many-columns"),
    "an endless line of json": (b'{"employee_number": "' + b"E" * 2_000_000 + b'"}', "row-too-long"),
}


@pytest.mark.parametrize("sort", HOSTILE)
async def test_a_file_that_cannot_be_read_says_why_and_what_to_do(desk: Desk, sort: str) -> None:
    content, code = HOSTILE[sort]
    done = await desk.taken_in(content)
    assert (done["state"], done["failure"]["code"]) == ("failed", code)
    assert not done["failure"]["detail"].isascii()
    assert done["finished_at"] is not None


@pytest.mark.parametrize("make", [bomb, far_corner])
def test_a_workbook_that_would_fill_the_memory_is_refused(make: Any, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(make())
    with pytest.raises(UnreadableError) as refused:
        layout.opened(path, PersonRows(), None, Translation(None))
    assert refused.value.code in ("workbook-too-large", "too-many-columns")


async def test_characters_that_nobody_typed_are_left_out_and_others_are_told(desk: Desk) -> None:
    await desk.factory.unit(code="U-1")
    done = await desk.taken_in(table(PEOPLE, person("E\0001", 姓名="张\u200b明"), person("E2", 姓名="甲" * 300)).encode())
    assert counts(done) == (1, 0, 0, 1)
    assert (await desk.persons())["E1"]["name"] == "张明"
    assert faults(await desk.report(done)) == [("3", "姓名", "string-too-long")]


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters='\n,;\t"'), max_size=30)


@given(
    st.lists(st.lists(TEXT, min_size=3, max_size=3), min_size=1, max_size=20), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"])
)
def test_what_a_spreadsheet_writes_is_read_back(rows: list[list[str]], encoding: str) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([("工号", "姓名", "单位"), *rows])
    with tempfile.NamedTemporaryFile() as file:
        file.write(text.getvalue().encode(encoding))
        file.flush()
        read = [list(record.cells) for record in csv_records(Path(file.name))]
    assert read == [["工号", "姓名", "单位"], *rows]


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
@pytest.mark.parametrize("of", ["people", "units", "counterparties"])
async def test_a_template_is_read_as_what_it_is_a_template_for(desk: Desk, format_: str, of: str) -> None:
    answer = await desk.client.get(f"/v1/imports/templates/{of}?format={format_}", headers=dict(desk.root))
    assert answer.status_code == 200
    done = await desk.taken_in(answer.content, of)
    assert (done["state"], counts(done), done["rows"]["expected"]) == ("completed", (0, 0, 0, 0), 0)
    headings: list[Json] = done["columns"]
    assert headings
    assert all(one["column"] for one in headings)


def test_a_file_is_looked_at_by_its_content_alone(tmp_path: Path) -> None:
    path = tmp_path / "people.xlsx"
    path.write_bytes(table(PEOPLE).encode())
    assert files.format_of(path) is files.FileFormat.CSV
