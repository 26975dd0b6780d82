"""The rulebook's parts as answers show them."""

from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, Field

from app.rulebook.citation import Citation
from app.rulebook.finding import Text
from app.rulebook.instruments import Instrument
from app.rulebook.lists import Ban, ListedConduct
from app.rulebook.parameters import Limit, LimitValue


class TextOut(BaseModel):
    """Words in both languages."""

    zh: str
    en: str

    @classmethod
    def of(cls, text: Text) -> "TextOut":
        """From the rulebook's pair."""
        return cls(zh=text.zh, en=text.en)


class RulebookOut(BaseModel):
    """Which state of the law judges now."""

    version: str = Field(description="摘要的前十二位。The first twelve digits of the digest.")
    digest: str = Field(description="规则全文的 SHA-256。SHA-256 over every file of the rulebook.")
    rules: int
    limits: int
    instruments: int
    kinds: list[str]


class CitationOut(BaseModel):
    """One dated row of a rule's basis."""

    instrument: str
    article: str | None
    since: date
    until: date | None = Field(description="不再施行之日（不含）。First day on which it no longer stands.")
    who: list[str] = Field(description="须同时具备的条件标签。Tags that must all hold.")
    confidence: str = Field(description="核对程度：P 原文、S 转引、S~ 镜像、I 推断、M 待核。How it was verified.")
    confirmed: bool

    @classmethod
    def of(cls, citation: Citation, instruments: dict[str, Instrument]) -> "CitationOut":
        """From a citation and the instruments by key."""
        return cls(
            instrument=instruments[citation.instrument].title,
            article=citation.article,
            since=citation.since,
            until=citation.until,
            who=sorted(citation.who),
            confidence=citation.confidence,
            confirmed=citation.confirmed,
        )


class LimitValueOut(BaseModel):
    """A value from a day on, with its source."""

    since: date
    value: str
    instrument: str
    article: str
    confidence: str
    note: str | None

    @classmethod
    def of(cls, value: LimitValue, instruments: dict[str, Instrument]) -> "LimitValueOut":
        """From the rulebook's value."""
        told = value.value
        return cls(
            since=value.since,
            value=str(told) if not isinstance(told, Decimal) else f"{told:f}",
            instrument=instruments[value.instrument].title,
            article=value.article,
            confidence=value.confidence,
            note=value.note,
        )


class LimitOut(BaseModel):
    """A limit: the value of the day asked for, and all its values, oldest first."""

    id: str
    title: TextOut
    unit: str
    as_of: date
    value: str | None = Field(description="当日有效值；尚未施行则为空。The value of that day, if one stood.")
    values: list[LimitValueOut]

    @classmethod
    def of(cls, limit: Limit, day: date, instruments: dict[str, Instrument]) -> "LimitOut":
        """From the rulebook's limit."""
        values = [LimitValueOut.of(value, instruments) for value in limit.values]
        standing = limit.on(day)
        current = LimitValueOut.of(standing, instruments).value if standing else None
        title = TextOut(zh=limit.title_zh, en=limit.title_en)
        return cls(id=limit.id, title=title, unit=limit.unit, as_of=day, value=current, values=values)


class RuleOut(BaseModel):
    """A rule in short."""

    id: str
    number: int
    title: TextOut
    ban: int | None
    kind: str = Field(description="所属章节。The chapter.")
    confidential: bool
    permits: list[str] = Field(description="成立时排除的规则。The rules that it switches off.")


class WorkedCaseOut(BaseModel):
    """A worked case: how the rule comes out on invented facts."""

    title: TextOut
    judged_on: date
    facts: dict[str, Any]
    fires: dict[str, str]
    silent: list[str]


class RuleDetailOut(RuleOut):
    """A rule with its text, basis, limits and worked cases."""

    text: TextOut
    as_of: date
    basis: list[CitationOut] = Field(description="当日施行的依据。What stood on the day asked for.")
    limits: list[LimitOut]
    suppressed_by: list[str]
    cases: list[WorkedCaseOut]


class BanOut(BaseModel):
    """One of the eleven bans, with the rules that serve it."""

    number: int
    title: TextOut
    for_a_person: TextOut = Field(description="须由人判断的部分。What only a person can judge.")
    rules: list[str]

    @classmethod
    def of(cls, ban: Ban, rules: list[str]) -> "BanOut":
        """From the rulebook's ban and the rules that name it."""
        judged = TextOut(zh=ban.for_a_person, en=ban.for_a_person_en)
        return cls(number=ban.number, title=TextOut(zh=ban.title, en=ban.title_en), for_a_person=judged, rules=rules)


class ListedConductOut(BaseModel):
    """An entry of the positive or the encouraged list."""

    title: TextOut
    rules: list[str]
    source: str

    @classmethod
    def of(cls, entry: ListedConduct, instruments: dict[str, Instrument]) -> "ListedConductOut":
        """From the rulebook's entry."""
        return cls(title=TextOut(zh=entry.title, en=entry.title_en), rules=list(entry.rules), source=instruments[entry.source].title)


class ListsOut(BaseModel):
    """The three lists (规范性正面清单、禁止性负面清单、鼓励性引导清单)."""

    regulated: list[ListedConductOut]
    banned: list[BanOut]
    encouraged: list[ListedConductOut]


class InstrumentOut(BaseModel):
    """A law, regulation or document that rules cite."""

    key: str
    title: TextOut
    issuer: str | None
    number: str | None
    since: str | None
    note: str | None
    rules: list[str]
