"""A line of the ledger: its canonical form and its RFC 6962 leaf hash."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

_canonical = msgspec.json.Encoder(order="sorted")


def canonical(content: Any) -> bytes:
    """JSON with sorted keys and no blanks, UTF-8 (RFC 8785 for the strings, whole numbers and flags that lines hold)."""
    return _canonical.encode(content)


def digest(content: Any) -> str:
    """SHA-256 of the canonical form, hex: lines carry digests of records, not the personal data in them."""
    return hashlib.sha256(canonical(content)).hexdigest()


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of a Merkle leaf, SHA-256(0x00 || leaf) (RFC 6962, section 2.1)."""
    return hashlib.sha256(b"\x00" + leaf).digest()


@dataclass(frozen=True, slots=True)
class Line:
    """One act, as it is written and hashed."""

    id: UUID
    at: datetime
    actor: str
    action: str
    subject: UUID
    content: Mapping[str, Any]

    @classmethod
    def of(cls, row: Any) -> "Line":
        """A line that was written, from its columns."""
        return cls(row["id"], row["at"], row["actor"], row["action"], row["subject"], row["content"])

    @property
    def leaf(self) -> bytes:
        """The bytes that the log hashes: every column of the line."""
        return canonical(
            {
                "id": self.id,
                "at": self.at.isoformat(),
                "actor": self.actor,
                "action": self.action,
                "subject": self.subject,
                "content": self.content,
            }
        )

    @property
    def hash(self) -> bytes:
        """The leaf hash."""
        return leaf_hash(self.leaf)

    def receipt(self) -> dict[str, str]:
        """What the caller keeps as proof that the line was written: its id, instant and leaf hash (base64)."""
        return receipt(self.id, self.at, self.hash)


def receipt(line: UUID, at: datetime, leaf: bytes) -> dict[str, str]:
    """The receipt of a line that has this leaf hash."""
    return {"line": str(line), "recorded_at": instant(at), "leaf_hash": base64.b64encode(leaf).decode()}


def instant(at: datetime) -> str:
    """RFC 3339 in UTC, to the microsecond."""
    return at.isoformat().replace("+00:00", "Z")
