"""An export as answers show it."""

from typing import Any

from sqlalchemy import RowMapping

from app.kit.errors import Words

from .schemas import ExportFailureOut, ExportOut, ExportState
from .service import state_of

_FAILURES = {
    "format-not-installed": Words(
        "后台进程未安装 parquet 组件：请管理员执行 pip install 'qinqing[parquet]'，或者改用其他格式。",
        "Parquet is not installed where exports are made: ask the operator for pip install 'qinqing[parquet]', or take another format.",
    ),
    "too-many-rows": Words(
        "请求之后行数已超出工作表的上限，请缩小范围或者改用 csv。",
        "There are by now more rows than a sheet takes; narrow them, or take csv.",
    ),
    "not-made": Words("多次尝试未成，请告知管理员。", "It was tried several times in vain; tell the operator."),
}
_AS_KEPT = ("id", "of", "format", "language", "filters", "as_at", "expected", "rows", "bytes", "manifest", "created_at", "expires_at")


def rendered(row: RowMapping, *, english: bool) -> ExportOut:
    """The row as told to who asked for it."""
    state = state_of(row)
    kept: dict[str, Any] = {name: row[name] for name in _AS_KEPT}
    return ExportOut(
        **kept,
        state=state,
        digest=row["digest"] and row["digest"].hex(),
        failure=_failure(row["failure"], english=english) if row["failure"] else None,
        download=f"/v1/exports/{row['id']}/file" if state is ExportState.READY else None,
    )


def _failure(code: str, *, english: bool) -> ExportFailureOut:
    said = _FAILURES[code]
    return ExportFailureOut(code=code, detail=said.en if english else said.zh)
