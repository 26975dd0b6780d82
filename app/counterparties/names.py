"""Names as references are matched: folded, so that full-width and half-width forms of one name are one."""

import hashlib
import unicodedata

_LENGTH = 200


def name_key(text: str) -> str:
    """The name in NFKC, trimmed; a name that this makes longer than the column is cut and told apart by its SHA-256."""
    key = unicodedata.normalize("NFKC", text).strip()
    if len(key) <= _LENGTH:
        return key
    digest = hashlib.sha256(key.encode()).hexdigest()
    return key[: _LENGTH - len(digest)] + digest
