"""API keys as they go in and out."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import RowMapping

from app.rulebook.statement import Day, Name

from .caller import Scope
from .keys import KeyRequest


class ApiKeyIn(BaseModel):
    """A key to be made."""

    model_config = ConfigDict(extra="forbid")

    name: Name = Field(description="用途说明。What the key is for.", examples=["人事系统"])
    scopes: list[Scope] = Field(min_length=1, max_length=20, description="权限。Scopes.")
    person: UUID | None = Field(default=None, description="代表的人员。The person that the key speaks for.")
    unit: UUID | None = Field(
        default=None,
        description="管辖的单位及其下级；空则为该人员所在单位，未指定人员则为全部。The unit at and below which it reaches; the person's, else all.",
    )
    expires_on: Day | None = Field(
        default=None, description="最后有效日（北京时间）；空则长期有效。Last day on which it is valid; none: until revoked."
    )

    def request(self) -> KeyRequest:
        """As the service takes it."""
        return KeyRequest(name=self.name, scopes=frozenset(self.scopes), person=self.person, unit=self.unit, expires_on=self.expires_on)


class ApiKeyOut(BaseModel):
    """A key without its secret."""

    id: UUID = Field(description="编号。Its id.")
    name: str = Field(description="用途说明。What the key is for.")
    scopes: list[Scope] = Field(description="权限。Scopes.")
    person: UUID | None = Field(description="代表的人员。The person that the key speaks for.")
    unit: UUID | None = Field(description="管辖的单位及其下级。The unit at and below which it reaches.")
    expires_on: date | None = Field(description="最后有效日（北京时间）。Last day on which it is valid.")
    created_at: datetime = Field(description="签发时刻。When it was made.")
    revoked_at: datetime | None = Field(description="撤销时刻；空则未撤销。When it was revoked, if it was.")

    @classmethod
    def of(cls, row: RowMapping) -> "ApiKeyOut":
        """From its row."""
        return cls(**_fields(row))


class ApiKeyMade(ApiKeyOut):
    """A key with its secret, shown this once."""

    key: str = Field(description="密钥，仅此一次显示。The secret, shown once.", repr=False)

    @classmethod
    def with_secret(cls, row: RowMapping, secret: str) -> "ApiKeyMade":
        """From its row and the secret just made."""
        return cls(key=secret, **_fields(row))


def _fields(row: RowMapping) -> dict[str, object]:
    same = {name: row[name] for name in ("id", "name", "scopes", "expires_on", "created_at", "revoked_at")}
    return {**same, "person": row["person_id"], "unit": row["unit_id"]}
