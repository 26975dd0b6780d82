"""Imports as they are told of."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from pydantic import BaseModel, Field

from app.rulebook.contents import KINDS

from .conventions import MappingIn
from .files import FileFormat

_OF_THE_REGISTER = {"PEOPLE": "people", "UNITS": "units", "COUNTERPARTIES": "counterparties"}

if TYPE_CHECKING:

    class ImportKind(StrEnum):
        """What the rows of a file are: records of the register, or declarations of one kind."""

        PEOPLE = "people"
        UNITS = "units"
        COUNTERPARTIES = "counterparties"
else:
    ImportKind = StrEnum("ImportKind", _OF_THE_REGISTER | {kind.upper(): kind for kind in KINDS})
    ImportKind.__doc__ = "What the rows of a file are: records of the register, or declarations of one kind."


class ImportState(StrEnum):
    """How far an import has come."""

    RECEIVING = "receiving"
    WAITING = "waiting"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class ColumnOut(BaseModel):
    """A heading of the file."""

    heading: str = Field(description="文件中的表头。The heading as the file has it.")
    column: str | None = Field(description="所识别的列；空则未识别，其内容不予读取。The column that it is; empty: not known, and not read.")


class RowsOut(BaseModel):
    """What became of rows so far, or in a dry run, what would."""

    expected: int | None = Field(description="文件的数据行数；读完文件后给出。Rows of the file, once it was looked through.")
    done: int = Field(description="已处理的行数。Rows done so far.")
    created: int = Field(description="新建。Put on record.")
    changed: int = Field(description="更改。Changed.")
    unchanged: int = Field(description="与登记册一致。As on record already.")
    nil: int = Field(
        description="“无”“Nil return”等零报告，不登记。Rows that say that there was nothing (nil returns); nothing is put on record for them."
    )
    failed: int = Field(description="未能导入，详见报告。Not taken in; the report says why.")


class ImportFailureOut(BaseModel):
    """Why the file as a whole could not be read."""

    code: str = Field(description="稳定的错误代码。Stable, kebab-case.", examples=["headings-not-found"])
    detail: str = Field(description="如何处理。What to do about it.")
    row: int | None = Field(description="所在行。The row where it shows.")


class ImportOut(BaseModel):
    """An import: a file, taken in row by row."""

    id: UUID = Field(description="编号。Its id.")
    of: ImportKind = Field(description="所导入的内容。What its rows are.")
    dry_run: bool = Field(description="试运行：仅告知结果，不作写入。Tells what would be done and writes nothing.")
    file_name: str | None = Field(description="文件名。Name of the file.")
    sheet: str | None = Field(description="工作表；空为第一张。The sheet; empty: the first.")
    mapping: MappingIn | None = Field(description="所说明的表头、用词与默认值。What was said of its headings, words and silences.")
    format: FileFormat | None = Field(description="依内容识别的格式。The format, as its content tells.")
    bytes: int = Field(description="文件大小。Size of the file.")
    digest: str = Field(description="文件的 SHA-256（十六进制）。SHA-256 of the file, hex.")
    state: ImportState = Field(
        description="接收、等待、进行、完成、失败、已取消。Being received, waiting, running, completed, failed or cancelled."
    )
    columns: list[ColumnOut] | None = Field(description="文件的表头及所识别的列。The headings, and what they were recognised as.")
    rows: RowsOut = Field(description="各行的结果。What became of the rows.")
    failure: ImportFailureOut | None = Field(description="文件无法读取的原因。Why the file could not be read, if so.")
    created_at: datetime = Field(description="请求的时刻。When it was asked for.")
    started_at: datetime | None = Field(description="开始的时刻。When it was begun.")
    finished_at: datetime | None = Field(description="结束的时刻。When it ended.")
    expires_at: datetime = Field(description="此后连同报告一并删除。After this it is erased with its report.")
    report: str | None = Field(
        description="未导入各行的报告；没有则为空。Where the report of rows that failed is read; empty when none has."
    )
