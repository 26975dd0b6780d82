"""What the ledger shows of itself, and the access log to auditors."""

import base64
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import RowMapping

from app.ledger.lines import Line

_HASHES = "自下而上的哈希，base64。Hashes from the bottom up, base64."


class LineOut(BaseModel):
    """A sealed line."""

    model_config = ConfigDict(json_schema_extra={"description": "台账的一条记录。A line of the ledger."})

    id: UUID = Field(description="编号，即回执中的 line。Its id, the `line` of a receipt.")
    position: int = Field(description="在树中的位置，从 0 起连续。Its place in the tree, from 0 without a gap.")
    recorded_at: datetime = Field(description="写入时间。When it was written.")
    actor: str = Field(description="操作凭证。The credential that acted.")
    action: str = Field(description="事项，如 declaration.submitted。The act.")
    subject: UUID = Field(description="所涉记录的编号。The record that it concerns.")
    content: dict[str, Any] = Field(description="摘要与事实，不含个人信息。Digests and plain facts, no personal data.")
    leaf: str = Field(
        description="参与计算哈希的原文：leaf_hash 为 SHA-256(0x00 || 其 UTF-8 字节)。The text that is hashed: SHA-256(0x00 || its bytes in UTF-8)."
    )
    leaf_hash: str = Field(description="叶哈希（RFC 6962），base64。Leaf hash.")

    @classmethod
    def of(cls, row: RowMapping) -> "LineOut":
        """A row of the ledger."""
        return cls(
            id=row["id"],
            position=row["position"],
            recorded_at=row["at"],
            actor=row["actor"],
            action=row["action"],
            subject=row["subject"],
            content=row["content"],
            leaf=Line.of(row).leaf.decode(),
            leaf_hash=plain(row["leaf_hash"]),
        )


class ProofOut(BaseModel):
    """That a line is in the tree of some size."""

    model_config = ConfigDict(json_schema_extra={"description": "包含证明（RFC 9162 第 2.1.3 节）。An inclusion proof."})

    line: UUID = Field(description="记录编号。The line.")
    leaf_index: int = Field(description="在树中的位置。Its place in the tree.")
    leaf_hash: str = Field(description="叶哈希，base64。Leaf hash.")
    tree_size: int = Field(description="树的大小。Size of the tree.")
    hashes: list[str] = Field(description=_HASHES)
    root: str = Field(description="该大小的根哈希，base64。Root of that size.")
    checkpoint: str | None = Field(
        description="该大小的签名检查点；未签发则为空。The signed checkpoint of that size; empty where none is kept."
    )


class ConsistencyOut(BaseModel):
    """That one tree begins another."""

    model_config = ConfigDict(json_schema_extra={"description": "一致性证明（RFC 9162 第 2.1.4 节）。A consistency proof."})

    first: int = Field(description="较早的大小。The smaller size.")
    second: int = Field(description="较晚的大小。The larger size.")
    hashes: list[str] = Field(description=_HASHES)
    first_root: str = Field(description="较早的根哈希，base64。Root of the smaller size.")
    second_root: str = Field(description="较晚的根哈希，base64。Root of the larger size.")


class AccessOut(BaseModel):
    """One answer that held somebody's records."""

    model_config = ConfigDict(json_schema_extra={"description": "一次查阅。One answer that held somebody's records."})

    id: UUID = Field(description="编号，即台账记录 record.read 的 subject。Its id, the `subject` of its line in the ledger.")
    accessed_at: datetime = Field(description="查阅时间。When.")
    actor: str = Field(description="查阅凭证。The credential that read.")
    reader: UUID | None = Field(description="查阅人；密钥不代表人员的为空。The person who read; none for a key that speaks for nobody.")
    operation: str = Field(description="操作（operationId）。The operation.", examples=["read_declaration"])
    request_id: str = Field(description="请求编号。The request id.")
    persons: list[UUID] = Field(description="被查阅人；本人不得知悉者不列。Whose records, as far as they may know of them.")

    @classmethod
    def of(cls, row: RowMapping, persons: list[UUID]) -> "AccessOut":
        """A row of the log."""
        same = {name: row[name] for name in ("id", "actor", "operation", "request_id")}
        return cls(**same, accessed_at=row["at"], reader=row["person_id"], persons=persons)


def plain(digest: bytes) -> str:
    """A hash as JSON shows it."""
    return base64.b64encode(digest).decode()
