"""Pages of what stands in the book: its entries have names instead of ids, in a fixed order."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

from app.kit.errors import Fault, Words, invalid
from app.kit.pages import Page

from .schemas import Entry

E = TypeVar("E", bound=Entry)


def cut(entries: Sequence[E], page: Page) -> tuple[list[E], UUID | None]:
    """(the entries of the page, the key of the last one where others follow); a name-based UUID stands for each name.

    Raises:
        Problem: 422 for a cursor of another list, or of an entry that is no longer in the book.
    """
    keys = [uuid5(NAMESPACE_URL, entry.id) for entry in entries]
    if page.after is not None and page.after not in keys:
        said = Words(
            "游标不属于本列表或规则已更新，请从第一页重新读取。",
            "Not a cursor of this list, or the book has changed; start from the first page.",
        )
        raise invalid([Fault("/query/after", "cursor-invalid", said)])
    start = keys.index(page.after) + 1 if page.after is not None else 0
    end = start + page.limit
    return list(entries[start:end]), keys[end - 1] if end < len(entries) else None
