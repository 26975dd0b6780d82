"""What a person states: the field types that every kind of declaration shares, strict and said in two languages."""

import re
from abc import abstractmethod
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, ClassVar, LiteralString, NamedTuple, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

EARLIEST = date(1949, 10, 1)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_UNREADABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def _day_from_text(value: Any) -> Any:
    """A day as it is written; one that the calendar does not have is left to be refused as such."""
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return value
    elif not isinstance(value, date):
        raise PydanticCustomError("day_malformed", "a day is written YYYY-MM-DD with ASCII digits, such as 2024-05-25")
    if value < EARLIEST:
        raise PydanticCustomError("day_too_early", "a day before 1949-10-01 cannot be declared")
    return value


Day = Annotated[date, BeforeValidator(_day_from_text, json_schema_input_type=date)]
"""A calendar day in Asia/Shanghai, `YYYY-MM-DD`, not before 1949-10-01."""


def _readable(value: str) -> str:
    """Text that a person can read and a file can hold: no control characters, no bidi overrides, no lone surrogates."""
    found = _UNREADABLE.search(value)
    if found:
        code = f"U+{ord(found[0]):04X}"
        raise PydanticCustomError("text_unreadable", "contains the character {code}, which cannot be shown; remove it", {"code": code})
    return value


def _name(value: str) -> str:
    trimmed = _readable(value).strip()
    if not trimmed:
        raise PydanticCustomError("text_blank", "must hold at least one visible character")
    return trimmed


Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_name)]
"""A name or a short label, 1 to 200 characters, not blank; trimmed."""

Note = Annotated[str, Field(max_length=4000), AfterValidator(_readable)]
"""Free text of up to 4,000 characters."""

Count = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
"""A whole number from 0 to a million."""

Times = Annotated[int, Field(strict=True, ge=1, le=10_000)]
"""How often, at least once."""

Percent = Annotated[str, Field(pattern=r"^[0-9]{1,4}(\.[0-9]{1,4})?$", examples=["12.5"])]
"""A percentage as a decimal string, not negative."""

Flag = Annotated[bool, Field(strict=True)]


class Relation(StrEnum):
    """How the other side stands to the declarant's duty; the first six are duty-related (管理和服务对象等)."""

    SUPERVISED_CURRENT = "supervised_current"
    SUPERVISED_FORMER = "supervised_former"
    SUPERVISED_PROSPECTIVE = "supervised_prospective"
    SUBORDINATE = "subordinate"
    BUSINESS_LINKED_TO_DUTY = "business_linked_to_duty"
    OTHER_DUTY_RELATED = "other_duty_related"
    COLLEAGUE = "colleague"
    SUPERIOR_OR_OWN_UNIT = "superior_or_own_unit"
    KIN = "kin"
    FRIEND_UNRELATED = "friend_unrelated"
    FOREIGN_COUNTERPART = "foreign_counterpart"
    UNRELATED = "unrelated"
    UNKNOWN = "unknown"

    @property
    def duty_related(self) -> bool:
        """Whether gifts from such a giver may touch the fair exercise of duty."""
        return self in DUTY_RELATED

    @property
    def private(self) -> bool:
        """Kin and friends without a tie to duty (亲友)."""
        return self in (Relation.KIN, Relation.FRIEND_UNRELATED)


DUTY_RELATED = frozenset(list(Relation)[:6])


class PartyType(StrEnum):
    """What sort of person or body a counterparty is."""

    ENTERPRISE = "enterprise"
    SOLE_PROPRIETOR = "sole_proprietor"
    INDIVIDUAL = "individual"
    PUBLIC_BODY = "public_body"
    SOCIAL_ORGANISATION = "social_organisation"
    FOREIGN_BODY = "foreign_body"
    FOREIGN_INDIVIDUAL = "foreign_individual"


class Payer(StrEnum):
    """Who bore the cost of a meal or an activity."""

    SELF = "self"
    SHARED = "shared"
    HOST = "host"
    COMPANY = "company"
    SUBORDINATE = "subordinate"
    PUBLIC_FUNDS = "public_funds"
    OTHER = "other"


Region = Annotated[str, Field(pattern="^[A-Z]{2}$", examples=["CN"], description="ISO 3166-1 alpha-2；港澳台为 HK、MO、TW。")]
Identifier = Annotated[
    str,
    Field(
        pattern="^[0-9A-Z]{15,18}$",
        examples=["91110000600037341L"],
        description="统一社会信用代码（18位）或居民身份证号码（18位），校验位须正确。USCC or citizen id; the check digit is verified.",
    ),
]


def not_before(first: LiteralString, last: LiteralString) -> Any:
    """A validator for two fields of a model: the last day, where it is stated, is not before the first one."""

    def in_order(_: type[BaseModel], value: date | None, info: ValidationInfo) -> date | None:
        start = info.data.get(first)
        if value and start and value < start:
            raise PydanticCustomError(f"{last}_before_{first}", f"`{last}` lies before `{first}`")
        return value

    return field_validator(last)(classmethod(in_order))


class CounterpartyReference(BaseModel):
    """The other side of a matter: a registered counterparty by `id`, or a name with what is known of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: UUID | None = Field(default=None, description="登记的往来对象编号。Id of a registered counterparty.")
    name: Name | None = Field(default=None, description="名称；未登记时必填。Name, needed without id.", examples=["北京某某科技有限公司"])
    type: PartyType | None = Field(default=None, description="对方类型。What sort of person or body it is.")
    identifier: Identifier | None = Field(
        default=None, description="统一社会信用代码或居民身份证号码。Unified social credit code, or citizen's number."
    )
    region: Region | None = Field(default=None, description="国家或地区，ISO 3166-1 二字母代码。Country or region, ISO 3166-1 alpha-2.")

    @model_validator(mode="after")
    def _named_or_known(self) -> "CounterpartyReference":
        if (self.id is None) == (self.name is None):
            raise PydanticCustomError("reference_needs_id_or_name", "give either `id` or `name`, not both and not neither")
        return self


class Approved(NamedTuple):
    """What a unit approved beforehand (事前批准): who did, under which number and on which day."""

    by: str
    number: str
    on: date


class Details(BaseModel):
    """What must be stated for one kind of matter. Unknown fields are refused; a fact left out stays `null`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    first_day: ClassVar[str]
    """The field that holds the first day of the conduct."""

    in_advance: ClassVar[bool] = False
    """Whether the matter may be declared before its first day."""

    @abstractmethod
    def span(self) -> tuple[date, date | None]:
        """First day of the conduct, and its last; None while it continues."""

    def parties_named(self) -> list[tuple[str, CounterpartyReference]]:
        """(field, reference) of those on the other side, the one whose group is summed over first; empty for kinds without."""
        return []

    def settled_days(self) -> list[tuple[str, date | None]]:
        """(JSON pointer, day) of facts that have happened once they are stated: none may lie in the future."""
        return []

    def approvable(self) -> str | None:
        """What an approval would be of, such as the sort of meal: one of a ride covers no golf. None where no rule asks for an approval."""
        return None

    def approval_days(self) -> tuple[date, date]:
        """The first and last day that an approval must cover."""
        first, last = self.span()
        return first, last or first

    def approved_by(self, approval: Approved) -> Self:  # noqa: ARG002  # for kinds that ask for one
        """The same with the approval filled in, where the statement itself leaves it out."""
        return self

    def approval_worth(self) -> Decimal | None:
        """What an approval up to a worth is held against, in CNY; None where that is not known."""
        return None

    def accepted(self) -> Self:
        """The same with what is still undecided kept: what somebody asks for who thinks of accepting."""
        return self
