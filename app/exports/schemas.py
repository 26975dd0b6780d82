"""Exports as they are asked for and told of."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from app.declarations.schemas import Status
from app.kit.errors import Language
from app.reports.filters import SUM, Conduct, Filters, FindingFilters, Suspicion
from app.reports.moments import PastInstant
from app.reviews.rendering import Origin
from app.rulebook.contents import KINDS
from app.rulebook.finding import Level
from app.rulebook.statement import Day, Flag, Name


class ExportFormat(StrEnum):
    """What an export is written as."""

    CSV = "csv"
    XLSX = "xlsx"
    NDJSON = "ndjson"
    PARQUET = "parquet"


class ExportState(StrEnum):
    """How far an export has come."""

    WAITING = "waiting"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"
    EXPIRED = "expired"


def _known_kind(value: str) -> str:
    if value not in KINDS:
        raise PydanticCustomError("enum", "one of the kinds", {"expected": ", ".join(KINDS)})
    return value


Kind = Annotated[str, AfterValidator(_known_kind), Field(json_schema_extra={"enum": [*KINDS]})]


class FiltersIn(BaseModel):
    """What both lists may be narrowed by, under the names of their query parameters."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind | None = Field(default=None, description="类别。Kind.")
    declarant: UUID | None = Field(default=None, description="申报人。Declarant.")
    unit: UUID | None = Field(default=None, description="单位及其下级。Unit, with all below it.")
    counterparty: UUID | None = Field(default=None, description="往来对象。The other side, a second one included.")
    occurred_from: Day | None = Field(default=None, description="行为末日不早于该日。Conduct that lasts to this day or beyond.")
    occurred_until: Day | None = Field(default=None, description="行为首日不晚于该日。Conduct that began by this day.")
    rule: Annotated[str, Field(max_length=60)] | None = Field(default=None, description="规则编号。Rule id.", examples=["gift.cash-like"])
    ban: Annotated[int, Field(strict=True, ge=1, le=11)] | None = Field(default=None, description="十一个不准的序号。Number of the ban.")
    min_level: Level | None = Field(default=None, description="最低等级。Least level of a finding.")
    q: Name | None = Field(default=None, description="文字，同列表的 q。Text, as in `q` of the list.")

    def conduct(self) -> Conduct:
        """Whose conduct, of which kind, with whom and when."""
        return Conduct(**{name: getattr(self, name) for name in _CONDUCT})

    def suspicion(self) -> Suspicion:
        """What a finding is asked for by."""
        return Suspicion(rule=self.rule, ban=self.ban, min_level=self.min_level)


_CONDUCT = ("kind", "declarant", "unit", "counterparty", "occurred_from", "occurred_until")


class DeclarationFiltersIn(FiltersIn):
    """The filters of `GET /v1/declarations`."""

    status: Status | None = Field(default=None, description="状态。Status.")
    min_worth: Annotated[str, Field(pattern=SUM)] | None = Field(
        default=None, description="已知价值不低于（人民币元）。Least known worth in CNY.", examples=["1000"]
    )

    def filters(self, as_at: datetime | None) -> Filters:
        """What they narrow the list to."""
        worth = Decimal(self.min_worth) if self.min_worth else None
        return Filters(conduct=self.conduct(), suspicion=self.suspicion(), status=self.status, min_worth=worth, q=self.q, as_at=as_at)


class FindingFiltersIn(FiltersIn):
    """The filters of `GET /v1/findings`."""

    declaration: UUID | None = Field(default=None, description="所涉申报。The declaration concerned.")
    origin: Origin | None = Field(default=None, description="规则筛查所得，或由人提出。Found by a rule, or raised by hand.")
    current: Flag = Field(
        default=True, description="现行疑点；false 则为已被取代或撤销的。Findings that stand; with false, those that no longer do."
    )

    def filters(self) -> FindingFilters:
        """What they narrow the list to."""
        return FindingFilters(
            conduct=self.conduct(),
            suspicion=self.suspicion(),
            declaration=self.declaration,
            origin=self.origin,
            current=self.current,
            q=self.q,
        )


class _Asked(BaseModel):
    """What every export states."""

    model_config = ConfigDict(extra="forbid")

    format: ExportFormat = Field(
        description="格式：csv（UTF-8 带 BOM，公式字符已中和）、xlsx、ndjson（每行即列表的一项）、parquet。csv in UTF-8 with a mark, formulas made harmless; "
        "xlsx; ndjson, each line an item of the list; parquet."
    )


class DeclarationsExportIn(_Asked):
    """申报的导出。Declarations, as a file."""

    of: Literal["declarations"] = Field(description="导出申报。Declarations.")
    filters: DeclarationFiltersIn = Field(
        default=DeclarationFiltersIn(), description="同申报列表的查询参数。The query parameters of the list of declarations."
    )
    as_at: PastInstant | None = Field(
        default=None,
        description="该时刻的登记册，同列表的 as_at。The register as it stood at this instant, as in the list.",
        examples=["2026-11-25T08:00:00Z"],
    )


class FindingsExportIn(_Asked):
    """疑点的导出。Findings, as a file."""

    of: Literal["findings"] = Field(description="导出疑点。Findings.")
    filters: FindingFiltersIn = Field(
        default=FindingFiltersIn(), description="同疑点列表的查询参数。The query parameters of the list of findings."
    )


if TYPE_CHECKING:
    ExportIn: TypeAlias = DeclarationsExportIn | FindingsExportIn
else:
    ExportIn = TypeAliasType("ExportIn", Annotated[DeclarationsExportIn | FindingsExportIn, Field(discriminator="of")])


class ExportFailureOut(BaseModel):
    """Why an export could not be made."""

    code: str = Field(description="稳定的错误代码。Stable, kebab-case.", examples=["too-many-rows"])
    detail: str = Field(description="如何处理。What to do about it.")


ExportedList = TypeAliasType(
    "ExportedList", Annotated[Literal["declarations", "findings"], Field(description="所导出的列表。The list that is exported.")]
)


class ExportOut(BaseModel):
    """An export: a job, then a file."""

    id: UUID = Field(description="编号。Its id.")
    of: ExportedList = Field(description="所导出的列表。The list that is exported.")
    format: ExportFormat = Field(description="格式。What it is written as.")
    language: Language = Field(
        description="疑点文字的语言，依请求的 Accept-Language。Language of the findings' texts, as the request asked for by Accept-Language."
    )
    filters: dict[str, JsonValue] = Field(description="筛选条件。The filters.")
    as_at: datetime | None = Field(description="所导出的时刻；空为当前。The instant as at which it stands; empty for the present.")
    state: ExportState = Field(description="等待、进行、可下载、失败、已过期。Waiting, running, ready, failed or expired.")
    expected: int = Field(description="请求时符合条件的行数。Rows that matched when it was asked for.")
    rows: int = Field(description="已写入的行数。Rows written so far.")
    bytes: int | None = Field(description="文件大小；完成前为空。Size of the file; empty before it is ready.")
    digest: str | None = Field(description="文件的 SHA-256（十六进制）。SHA-256 of the file, hex.")
    manifest: dict[str, JsonValue] | None = Field(
        description="文件自带的说明：筛选条件、规则库版本、读取时刻、行数、内容摘要（各行以 ndjson 表示时的 SHA-256）。What the file says of itself: filters, "
        "version of the law, instant of reading, rows, and a digest of its content, SHA-256 over its rows as ndjson, alike in every format."
    )
    failure: ExportFailureOut | None = Field(description="失败的原因。Why it failed, if it did.")
    created_at: datetime = Field(description="请求的时刻。When it was asked for.")
    expires_at: datetime = Field(description="此后不可下载。After this it is gone.")
    download: str | None = Field(description="下载地址；不可下载时为空。Where the file is read; empty unless it is ready.")


def sought(of: str, filters: Any, as_at: datetime | None) -> Filters | FindingFilters:
    """The filters of an export that was kept."""
    if of == "findings":
        return FindingFiltersIn.model_validate(filters).filters()
    return DeclarationFiltersIn.model_validate(filters).filters(as_at)
