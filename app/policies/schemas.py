"""The rulebook's parts as answers show them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from app.rulebook.book import Book
from app.rulebook.citation import Citation
from app.rulebook.finding import Text
from app.rulebook.instruments import Instrument
from app.rulebook.lists import Ban, ListedConduct
from app.rulebook.local import LocalLimits, LocalValue
from app.rulebook.parameters import Limit, LimitValue


class TextOut(BaseModel):
    """Words in both languages."""

    zh: str = Field(description="中文。Chinese.")
    en: str = Field(description="英文。English.")

    @classmethod
    def of(cls, text: Text) -> "TextOut":
        """From the rulebook's pair."""
        return cls(zh=text.zh, en=text.en)


@dataclass(frozen=True, slots=True)
class Place:
    """A unit that limits are asked for, with those above it, nearest first, and what they have published."""

    unit: UUID
    chain: tuple[str, ...]
    local: LocalLimits

    def standing(self, limit: str, day: date) -> LocalValue | None:
        """The local value of a day."""
        return self.local.on(day, limit, self.chain)

    def values(self, limit: str) -> list[LocalValue]:
        """All local values."""
        return [value for unit in self.chain for value in self.local.of(unit, limit)]


class Entry(BaseModel):
    """Something in the book that has a name of its own."""

    id: str


class RulebookOut(BaseModel):
    """Which state of the law judges now."""

    version: str = Field(
        description="规则与已发布的本地标准合并摘要的前十二位，即筛查所记的版本。The first twelve digits over the rulebook and all local standards: what screenings name.",
        examples=["5f2b0c6d9e1a"],
    )
    digest: str = Field(description="规则全文的 SHA-256。SHA-256 over every file of the rulebook.")
    local_digest: str | None = Field(
        description="已发布本地标准的 SHA-256；没有则为空。SHA-256 over all local standards, if there are any."
    )
    rules: int = Field(description="规则数。How many rules.")
    limits: int = Field(description="标准数。How many limits.")
    instruments: int = Field(description="依据文件数。How many instruments.")
    kinds: list[str] = Field(description="申报类别。The kinds of declarations.")


class CitationOut(BaseModel):
    """One dated row of a rule's basis."""

    instrument: str = Field(description="文件名称。Title of the instrument.")
    article: str | None = Field(description="条款；文件无条号时为空。Article, if numbered.")
    since: date = Field(description="施行日。In force since.")
    until: date | None = Field(description="不再施行之日；空则现行。First day on which it no longer stands; none while it does.")
    who: list[str] = Field(description="须同时具备的条件标签。Tags that must all hold.")
    confidence: str = Field(description="核对程度：P 原文、S 转引、S~ 镜像、I 推断、M 待核。How it was verified.")
    confirmed: bool = Field(description="条款是否已经核对原文。False while the citation awaits confirmation.")

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

    since: date = Field(description="施行日。In force since.")
    value: str | None = Field(
        description="数值，十进制字符串；空为该单位自该日起不再有本地标准。The value, a decimal string; null where a unit's own standard ends.",
        examples=["200"],
    )
    instrument: str = Field(description="出处。Title of the instrument that sets it.")
    article: str = Field(description="条款。Article.")
    confidence: str = Field(description="核对程度：P 原文、S 转引、S~ 镜像、I 推断、M 待核。How it was verified.")
    note: str | None = Field(description="说明。A note.")
    published_by: UUID | None = Field(
        description="发布该本地标准的单位；空为全国标准。The unit whose local standard it is; none for a national one."
    )

    @classmethod
    def of(cls, value: LimitValue | LocalValue, book: Book) -> "LimitValueOut":
        """From the rulebook's value; who publishes a local one has read its text."""
        return cls(
            since=value.since,
            value=_text(value),
            instrument=book.title_of(value.instrument),
            article=value.article,
            confidence="P" if isinstance(value, LocalValue) else value.confidence,
            note=value.note,
            published_by=UUID(value.unit) if isinstance(value, LocalValue) else None,
        )


def _text(value: LimitValue | LocalValue) -> str | None:
    told = value.value
    return f"{told:f}" if isinstance(told, Decimal) else None if told is None else str(told)


class LimitOut(Entry):
    """A limit: the value of the day asked for, and all its values, oldest first."""

    id: str = Field(description="标准编号。Id of the limit.", examples=["gift.annual-cap"])
    title: TextOut = Field(description="名称。Title.")
    unit: str = Field(description="计量单位：CNY、months、days、years、count、text 等。What it is measured in.", examples=["CNY"])
    for_unit: UUID | None = Field(description="所问的单位；空则未限定单位。The unit asked for, if any.")
    as_of: date = Field(description="所问之日。The day asked for.")
    value: str | None = Field(description="当日有效值；尚未施行则为空。The value of that day, if one stood.", examples=["600"])
    published_by: UUID | None = Field(
        description="当日有效值为本地标准的，其发布单位。The unit whose local standard that value is, if it is one."
    )
    local: bool = Field(description="单位可否自定本地标准。Whether units may set one of their own.")
    values: list[LimitValueOut] = Field(
        description="历次数值，由早到晚；指定单位时含其与上级的本地标准。All its values, oldest first; with a unit, also its own and those of the units above."
    )

    @classmethod
    def of(cls, limit: Limit, day: date, book: Book, place: "Place | None" = None) -> "LimitOut":
        """From the rulebook's limit, as it applies at a place."""
        every: list[LimitValue | LocalValue] = [*limit.values, *(place.values(limit.id) if place else ())]
        values = sorted(every, key=lambda value: value.since)
        standing = (place.standing(limit.id, day) if place else None) or limit.on(day)
        current = LimitValueOut.of(standing, book) if standing else None
        return cls(
            id=limit.id,
            title=TextOut(zh=limit.title_zh, en=limit.title_en),
            unit=limit.unit,
            for_unit=place.unit if place else None,
            as_of=day,
            value=current and current.value,
            published_by=current and current.published_by,
            local=not limit.national,
            values=[LimitValueOut.of(value, book) for value in values],
        )


class RuleOut(Entry):
    """A rule in short."""

    id: str = Field(description="规则编号。Id of the rule.", examples=["gift.cash-like"])
    number: int = Field(description="序号。Its number.")
    title: TextOut = Field(description="名称。Title.")
    ban: int | None = Field(description="所属十一个不准的序号。Number of the ban that it serves.")
    kind: str = Field(description="所属章节。The chapter.", examples=["gift"])
    confidential: bool = Field(description="结果是否仅供纪检监察机关。Whether its findings are for the commission alone.")
    permits: list[str] = Field(
        description="成立时排除、或者就其准许部分不再提示的规则。The rules that it switches off, wholly or for what it permits."
    )


class WorkedCaseOut(BaseModel):
    """A worked case: how the rule comes out on invented facts."""

    title: TextOut = Field(description="标题。Title.")
    judged_on: date = Field(description="判断之日。The day on which it is judged.")
    facts: dict[str, Any] = Field(description="设定的事实。The facts supposed.")
    fires: dict[str, str] = Field(description="成立的规则及等级。Rules that fire, with their level.")
    silent: list[str] = Field(description="不成立的规则。Rules that stay silent.")


class RuleDetailOut(RuleOut):
    """A rule with its text, basis, limits and worked cases."""

    text: TextOut = Field(description="说明：何时成立、何种等级。When it fires and at which level.")
    as_of: date = Field(description="所问之日。The day asked for.")
    basis: list[CitationOut] = Field(description="当日施行的依据。What stood on the day asked for.")
    limits: list[LimitOut] = Field(description="所用标准。The limits that it reads.")
    suppressed_by: list[str] = Field(description="可排除本规则的规则。The permitting rules that switch it off.")
    cases: list[WorkedCaseOut] = Field(description="例案。Worked cases.")


class BanOut(BaseModel):
    """One of the eleven bans, with the rules that serve it."""

    number: int = Field(ge=1, le=11, description="序号。Number.")
    title: TextOut = Field(description="名称。Title.")
    for_a_person: TextOut = Field(description="须由人判断的部分。What only a person can judge.")
    rules: list[str] = Field(description="服务于该项的规则。The rules that serve it.")

    @classmethod
    def of(cls, ban: Ban, rules: list[str]) -> "BanOut":
        """From the rulebook's ban and the rules that name it."""
        judged = TextOut(zh=ban.for_a_person, en=ban.for_a_person_en)
        return cls(number=ban.number, title=TextOut(zh=ban.title, en=ban.title_en), for_a_person=judged, rules=rules)


class ListedConductOut(BaseModel):
    """An entry of the positive or the encouraged list."""

    title: TextOut = Field(description="内容。What it says.")
    rules: list[str] = Field(description="相应的准许规则。The permitting rules that serve it.")
    switches_off: list[str] = Field(description="由此不再提示的规则。The rules that stay silent for it.")
    source: str = Field(description="出处。Title of the instrument.")

    @classmethod
    def of(cls, entry: ListedConduct, book: Book) -> "ListedConductOut":
        """From the rulebook's entry."""
        silent = dict.fromkeys(other for rule in entry.rules for other in book.permitted_by(rule))
        title, source = TextOut(zh=entry.title, en=entry.title_en), book.instruments[entry.source].title
        return cls(title=title, rules=list(entry.rules), switches_off=list(silent), source=source)


class ListsOut(BaseModel):
    """The three lists (规范性正面清单、禁止性负面清单、鼓励性引导清单)."""

    regulated: list[ListedConductOut] = Field(description="规范性正面清单。What is permitted, and how.")
    banned: list[BanOut] = Field(description="禁止性负面清单（十一个不准）。The eleven bans.")
    encouraged: list[ListedConductOut] = Field(description="鼓励性引导清单。What is encouraged.")


class InstrumentOut(Entry):
    """A law, regulation or document that rules cite."""

    id: str = Field(description="文件编号。Id of the instrument.", examples=["sanctions"])
    title: TextOut = Field(description="名称，与疑点所引一致。Title, as findings cite it.")
    issuer: str | None = Field(description="发布机关。Who issued it.")
    number: str | None = Field(description="文号。Its number.")
    since: str | None = Field(description="施行日期。In force since, as far as known.")
    note: str | None = Field(description="说明。A note.")
    rules: list[str] = Field(description="引用它的规则。The rules that cite it.")
