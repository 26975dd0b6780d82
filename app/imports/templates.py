"""Templates: what a file of a kind looks like, with what each column takes and an example that is passed over when it is left in."""

import csv
import io
from enum import StrEnum

from app.kit.spreadsheets import MARK

from .tables import Column, Kind

MEDIA = {
    "csv": "text/csv; charset=utf-8; header=present",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class TemplateFormat(StrEnum):
    """What a template is written as."""

    CSV = "csv"
    XLSX = "xlsx"


def template(kind: Kind, format_: TemplateFormat) -> bytes:
    """A template of the kind."""
    return _xlsx(kind) if format_ is TemplateFormat.XLSX else _csv(kind)


def said_of(column: Column) -> str:
    """What a column takes, in both languages, and whether it must be there."""
    must = "必填 required; " if column.required else ""
    return f"{must}{column.description.zh} {column.description.en}"


def _csv(kind: Kind) -> bytes:
    """Explanations stand above the headings, where titles may."""
    text = io.StringIO(newline="")
    rows = [[read(column) for column in kind.columns] for read in (said_of, lambda column: column.heading, lambda column: column.example)]
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return (MARK + text.getvalue()).encode()


def _xlsx(kind: Kind) -> bytes:
    """The first sheet is to be filled in, all cells as text, so that numbers keep their noughts; the second explains it."""
    from xlsxwriter import Workbook  # noqa: PLC0415  # loaded by who writes one

    file = io.BytesIO()
    book = Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    text, bold = book.add_format({"num_format": "@"}), book.add_format({"bold": True, "num_format": "@"})
    sheet = book.add_worksheet(f"{kind.title.zh} {kind.title.en}"[:31])
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(kind.columns) - 1, 18, text)
    about = book.add_worksheet("说明 About")
    about.set_column(0, 0, 30)
    about.set_column(1, 1, 100)
    for place, column in enumerate(kind.columns):
        sheet.write_string(0, place, column.heading, bold)
        sheet.write_string(1, place, column.example, text)
        about.write_string(place, 0, column.heading)
        about.write_string(place, 1, said_of(column))
    book.close()
    return file.getvalue()
