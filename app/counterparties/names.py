"""Names as references are matched: folded, so that full-width and half-width forms of one name are one."""

import hashlib
import unicodedata
from typing import Any
from uuid import UUID

from app.kit.searching import sounding

_LENGTH = 200


def name_key(text: str) -> str:
    """The name in NFKC, trimmed; a name that this makes longer than the column is cut and told apart by its SHA-256."""
    key = unicodedata.normalize("NFKC", text).strip()
    if len(key) <= _LENGTH:
        return key
    digest = hashlib.sha256(key.encode()).hexdigest()
    return key[: _LENGTH - len(digest)] + digest


def name_row(counterparty_id: UUID, key: str) -> dict[str, Any]:
    """The row by which a name finds a counterparty: references by the key, people by what it holds and how it is read."""
    return {"counterparty_id": counterparty_id, "name_key": key, "search_text": sounding(key)}
