"""The columns of an export that is a table: flat, named in both languages, each of one sort."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, auto
from typing import Any, TypeAlias

import msgspec

from app.kit.errors import Words

Cell: TypeAlias = str | int | bool | Decimal | date | datetime | None
Record: TypeAlias = Mapping[str, Any]
"""A row as it was read, and the names that belong to its ids."""
Item: TypeAlias = Mapping[str, Any]
"""The same as the list shows it."""


class Sort(Enum):
    """What a column holds."""

    TEXT = auto()
    NUMBER = auto()
    FLAG = auto()
    MONEY = auto()
    DAY = auto()
    INSTANT = auto()


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `key` names it for machines, `title` for people."""

    key: str
    title: Words
    cell: Callable[[Record, Item], Cell]
    sort: Sort = Sort.TEXT

    @property
    def heading(self) -> str:
        """The title in both languages."""
        return f"{self.title.zh} {self.title.en}"


def _row(key: str, zh: str, en: str, sort: Sort = Sort.TEXT) -> Column:
    return Column(key, Words(zh, en), lambda row, _: _plain(row[key]), sort)


def _item(key: str, zh: str, en: str, sort: Sort = Sort.TEXT) -> Column:
    return Column(key, Words(zh, en), lambda _, item: _plain(item[key]), sort)


def _plain(value: Any) -> Any:
    """Enums and ids as text; the rest as it is."""
    return value if isinstance(value, Decimal | date | int) or value is None else str(value)


def _screened(name: str) -> Callable[[Record, Item], Cell]:
    return lambda _, item: item["screening"] and _plain(item["screening"][name])


def _rules(_: Record, item: Item) -> Cell:
    return " ".join(found["rule"] for found in item["screening"]["findings"]) if item["screening"] else None


def _basis(_: Record, item: Item) -> Cell:
    rows = msgspec.json.decode(item["basis"])
    return "；".join(" ".join(part for part in (row["instrument"], row["article"]) if part) for row in rows)


def _remedy(name: str) -> Callable[[Record, Item], Cell]:
    return lambda _, item: item["remedy"] and item["remedy"][name]


def _due(_: Record, item: Item) -> Cell:
    due = item["remedy"] and item["remedy"]["due_on"]
    return date.fromisoformat(due) if due else None


def _worth(row: Record, _: Item) -> Cell:
    return None if row["worth_cents"] is None else Decimal(row["worth_cents"]).scaleb(-2)


def _currency(row: Record, _: Item) -> Cell:
    return None if row["worth_cents"] is None else "CNY"


_OF_PERSONS = (
    _row("declarant_number", "申报人工号", "Declarant's number"),
    _row("declarant_name", "申报人", "Declarant"),
    _row("unit_name", "申报时单位", "Unit when filed"),
    _row("counterparty_name", "往来对象", "Other side"),
)

OF_DECLARATIONS: Sequence[Column] = (
    _row("id", "申报编号", "Declaration"),
    _item("kind", "类别", "Kind"),
    _item("status", "状态", "Status"),
    _item("source", "来源", "Source"),
    *_OF_PERSONS,
    _row("occurred_from", "行为首日", "First day", Sort.DAY),
    _row("occurred_until", "行为末日", "Last day", Sort.DAY),
    _row("declared_on", "申报日", "Declared on", Sort.DAY),
    Column("worth", Words("已知价值", "Known worth"), _worth, Sort.MONEY),
    Column("currency", Words("币种", "Currency"), _currency),
    Column("outcome", Words("最高级别", "Outcome"), _screened("outcome")),
    Column("rules", Words("疑点规则", "Rules found"), _rules),
    Column("judged_on", Words("筛查日", "Judged on"), _screened("judged_on"), Sort.DAY),
    Column("rulebook_version", Words("规则库版本", "Version of the law"), _screened("rulebook_version")),
    _row("revision", "版本", "Revision", Sort.NUMBER),
    _row("client_reference", "来件编号", "Client's reference"),
    _row("note", "说明", "Note"),
    _row("withdrawal_reason", "撤回理由", "Why withdrawn"),
    _row("created_at", "首次保存", "First kept", Sort.INSTANT),
)

OF_FINDINGS: Sequence[Column] = (
    _item("id", "疑点编号", "Finding"),
    _item("declaration", "申报编号", "Declaration"),
    _item("rule", "规则", "Rule"),
    _item("ban", "不准序号", "Ban", Sort.NUMBER),
    _item("level", "级别", "Level"),
    _item("title", "标题", "Title"),
    _item("message", "说明", "Message"),
    Column("basis", Words("依据", "Basis"), _basis),
    Column("remedy", Words("下一步", "Remedy"), _remedy("text")),
    Column("due_on", Words("期限", "Due on"), _due, Sort.DAY),
    _item("confidential", "保密", "Confidential", Sort.FLAG),
    _item("origin", "来源", "Origin"),
    _item("current", "现行", "Stands", Sort.FLAG),
    _item("withdrawal_reason", "撤销理由", "Why withdrawn"),
    _item("kind", "类别", "Kind"),
    *_OF_PERSONS,
    _row("occurred_from", "行为首日", "First day", Sort.DAY),
    _row("raised_at", "提出时刻", "Raised at", Sort.INSTANT),
)
