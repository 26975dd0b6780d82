"""An import as answers show it."""

from typing import Any

from sqlalchemy import RowMapping

from app.kit.errors import Words

from .conventions import MappingIn
from .kinds import KINDS
from .schemas import ColumnOut, ImportFailureOut, ImportKind, ImportOut, RowsOut
from .service import counts_of

_FAILURES = {
    "file-empty": Words("文件是空的，请核对后重新上传。", "The file is empty; check it and send it again."),
    "file-not-a-table": Words("不是表格文件；请上传 csv、xlsx 或 ndjson。", "Not a table; send csv, xlsx or ndjson."),
    "json-not-lines": Words(
        "JSON 数组不能逐行读取；请改为 ndjson，每行一个对象。", "An array cannot be read line by line; send ndjson, an object a line."
    ),
    "workbook-old-or-locked": Words(
        "旧版 xls 或加密的工作簿；请在电子表格中另存为不加密的 xlsx 或 csv。",
        "A workbook of the old sort (xls), or one with a password; save it as xlsx without a password, or as csv.",
    ),
    "workbook-locked": Words("工作簿已加密，请去除密码后另存。", "The workbook has a password; save it without."),
    "workbook-binary": Words("xlsb 不能读取，请另存为 xlsx 或 csv。", "Not readable as xlsb; save it as xlsx or csv."),
    "workbook-broken": Words("工作簿已损坏，请重新另存为 xlsx 或 csv。", "The workbook is damaged; save it anew as xlsx or csv."),
    "workbook-too-large": Words(
        "工作表解开后过大；请删除表外的空白格式，或者分批、另存为 csv。",
        "The sheet takes too much when unpacked; remove formats beyond the table, split it, or save it as csv.",
    ),
    "sheet-unknown": Words("工作簿中没有这张工作表，请核对 sheet。", "The workbook has no such sheet; check `sheet`."),
    "too-many-columns": Words("列数过多，至多 1000 列。", "Too many columns; at most 1,000."),
    "encoding-unknown": Words(
        "字符编码不是 UTF-8、GB18030 或 UTF-16；请另存为“CSV UTF-8”。",
        "Encoded neither in UTF-8 nor in GB18030 or UTF-16; save it as CSV UTF-8.",
    ),
    "row-unreadable": Words("该行无法读取，请检查引号与内容。", "The row cannot be read; look at its quotes and its content."),
    "row-too-long": Words("该行没有尽头：多半是引号未成对，请更正。", "The row has no end: most likely a quote is not closed; correct it."),
    "column-twice": Words("有两列表头相同，请删去其一。", "Two columns have the same heading; remove one."),
    "not-done": Words("多次尝试未成，请告知管理员。", "It was tried several times in vain; tell the operator."),
}
_AS_KEPT = (
    "id",
    "of",
    "dry_run",
    "file_name",
    "sheet",
    "format",
    "bytes",
    "state",
    "created_at",
    "started_at",
    "finished_at",
    "expires_at",
)


def rendered(row: RowMapping, *, english: bool) -> ImportOut:
    """The row as told to who asked for it."""
    kept: dict[str, Any] = {name: row[name] for name in _AS_KEPT}
    counts = counts_of(row)
    return ImportOut(
        **kept,
        digest=row["digest"].hex(),
        mapping=row["mapping"] and MappingIn(**row["mapping"]),
        columns=None if row["columns"] is None else [ColumnOut(**one) for one in row["columns"]],
        rows=RowsOut(expected=row["expected"], done=sum(counts.values()), **counts),
        failure=_failure(row, english=english) if row["failure"] else None,
        report=f"/v1/imports/{row['id']}/report" if row["failed"] else None,
    )


def _failure(row: RowMapping, *, english: bool) -> ImportFailureOut:
    said = _FAILURES.get(row["failure"]) or _headings(ImportKind(row["of"]))
    return ImportFailureOut(code=row["failure"], detail=said.en if english else said.zh, row=row["failure_row"])


def _headings(of: ImportKind) -> Words:
    """What is said where the headings are not those of the kind: they are named, and where a template is."""
    kind = KINDS[of]
    needed = [column.title for column in kind.columns if column.name in kind.needed]
    zh, en = "、".join(title.zh for title in needed), " or ".join(title.en for title in needed)
    where = f"GET /v1/imports/templates/{of}"
    return Words(
        f"未找到表头，至少须有“{zh}”之一；模板见 {where}。",
        f"No headings found; the least is one of: {en}. A template is at {where}.",
    )
