"""Reviews as they go in and out, with those who take them on and what is left alone for a while."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import RowMapping

from app.declarations.capture import CapturedAt
from app.kit import clock
from app.kit.patches import partial
from app.kit.problems import register_message
from app.rulebook.contents import CHAPTERS, KINDS
from app.rulebook.finding import Level
from app.rulebook.statement import Day, Flag

from .events import ReviewEventType
from .schemas import FindingRecordOut, NotPast, Said
from .workflow import Disposition, ReviewAct, ReviewState

LONGEST = timedelta(days=366)
RULES = frozenset(rule.id for chapter in CHAPTERS for rule in chapter.rules)

register_message("day_too_far", "不得晚于一年之后。", "At most a year from now.")
register_message("rule_unknown", "没有这条规则，规则见 /v1/rules。", "No such rule; see /v1/rules.")
register_message(
    "absence_in_part",
    "absent_until 须与 absent_from 同时填写，且不得早于它。",
    "`absent_until` goes with `absent_from` and is not before it.",
)


def _within_a_year(value: date) -> date:
    if value > clock.today() + LONGEST:
        raise PydanticCustomError("day_too_far", "at most a year from now")
    return value


def _known_kind(value: str) -> str:
    if value not in KINDS:
        raise PydanticCustomError("enum", "one of the kinds", {"expected": "、".join(KINDS)})
    return value


def _known_rule(value: str) -> str:
    if value not in RULES:
        raise PydanticCustomError("rule_unknown", "no such rule")
    return value


Kind = Annotated[str, AfterValidator(_known_kind), Field(json_schema_extra={"enum": [*KINDS]})]
NextDay = Annotated[NotPast, AfterValidator(_within_a_year)]
"""Today or a later day, within a year."""

DueDay = Annotated[Day, AfterValidator(_within_a_year)]


class ReviewIn(BaseModel):
    """A review that a reviewer opens: of a person's dealings with one counterparty, or of one kind of conduct."""

    model_config = ConfigDict(extra="forbid")

    person: UUID = Field(description="被审查人。The person under review.")
    counterparty: UUID | None = Field(
        default=None, description="往来对象，含其关联方；与 kind 只填其一。The counterparty with its group; either this or `kind`."
    )
    kind: Kind | None = Field(default=None, description="无往来对象时的申报类别。The kind of conduct where nobody is on the other side.")
    text: Said = Field(description="缘由，至多 4000 字。Why it is opened.", examples=["群众来信反映，须予核实。"])
    findings: list[UUID] = Field(
        default=[], max_length=200, description="一并纳入的现行疑点。Standing findings of the person that it takes up."
    )


class AssignmentIn(BaseModel):
    """Who takes a review on."""

    model_config = ConfigDict(extra="forbid")

    reviewer: UUID | None = Field(
        default=None,
        description="承办人（人员编号）；空则由登记册按单位远近、在岗与在办件数选派。"
        "The person who takes it on; by default the register chooses: the nearest unit, not away, the fewest reviews under way.",
    )
    text: Said | None = Field(default=None, description="交办意见。A word to go with it.")


class RequestIn(BaseModel):
    """Facts that the official is asked for; from then on the official knows of the review."""

    model_config = ConfigDict(extra="forbid")

    text: Said = Field(
        description="请其说明的事项，将告知本人。What is asked; the official reads it.",
        examples=["请说明茶叶的去向。"],
    )
    due_on: NextDay = Field(description="答复期限，一年以内。Last day for the answer, within a year.")


class AnswerIn(BaseModel):
    """What the official says to a request."""

    model_config = ConfigDict(extra="forbid")

    text: Said = Field(
        description="答复，至多 4000 字。The answer, up to 4,000 characters.",
        examples=["已于当日上交，申报已更正。"],
    )
    declaration: UUID | None = Field(
        default=None, description="据此更正的申报，id 或 client_id。A declaration that was amended for it, by its id or client_id."
    )
    captured_at: CapturedAt = None


class DispositionIn(BaseModel):
    """What a review comes to. A person's word; the findings stay as they are."""

    model_config = ConfigDict(extra="forbid")

    disposition: Disposition = Field(
        description="处置：无问题、更正事实、上交、退还、谈话提醒、批评教育、责令改正、诫勉、移送。What it comes to."
    )
    text: Said = Field(description="理由。The reasons.", examples=["经核实，礼品已上交，不再处理。"])
    effective_on: DueDay | None = Field(
        default=None, description="生效日，缺省为今天，不早于立项。Effective from; today by default, not before the review was opened."
    )
    tell: Flag = Field(default=False, description="是否告知本人处置及理由。Whether the official is told the disposition with its reasons.")


class ReopeningIn(BaseModel):
    """Why a review is taken up again."""

    model_config = ConfigDict(extra="forbid")

    text: Said = Field(description="重新办理的理由。The reason.", examples=["发现新的线索。"])


class DecisionOut(BaseModel):
    """A disposition that stands (处置)."""

    disposition: Disposition = Field(description="处置。What it came to.")
    text: str = Field(description="理由。The reasons.")
    effective_on: date = Field(description="生效日。Effective from.")


class ReviewOut(BaseModel):
    """A review, as the commission sees it; the official sees what was asked and told, and null elsewhere."""

    id: UUID = Field(description="编号。Its id.")
    person: UUID = Field(description="被审查人。The person under review.")
    unit: UUID | None = Field(description="立项时所在单位。The unit in which it was opened.")
    counterparty: UUID | None = Field(description="往来对象，含其关联方。The counterparty, with its group.")
    kind: str | None = Field(
        description="无往来对象时的申报类别。The kind of conduct where nobody is on the other side.", examples=["meal"]
    )
    state: ReviewState = Field(description="状态：待分派、已分派、待答复、已答复、已办结。Where it stands.")
    acts: list[ReviewAct] = Field(description="此状态下可办理的事项。What can be done next.")
    assignee: UUID | None = Field(description="承办人。Who takes it on.")
    due_on: date | None = Field(description="等待答复的期限。The last day for the answer that is waited for.")
    overdue: bool = Field(description="答复是否逾期。Whether that day has passed.")
    decision: DecisionOut | None = Field(
        description="处置；未办结或未告知的为空。The disposition, if there is one, or the official was told."
    )
    level: Level | None = Field(description="现行疑点的最高级别。Highest level of the findings that stand.")
    standing: int | None = Field(description="现行疑点数。How many findings stand.")
    own_accord: int | None = Field(
        description="其中逾期后主动纠正的（容错纠错）。Those of them on what was late and put right of one's own accord, before any inquiry."
    )
    opened_at: datetime | None = Field(description="立项时刻。When it was opened.")
    closed_at: datetime | None = Field(description="办结时刻。When it was closed.")


class ReviewEventOut(BaseModel):
    """Something that happened in a review."""

    id: UUID = Field(description="编号。Its id.")
    at: datetime = Field(description="时刻。When.")
    actor: str | None = Field(
        description="操作凭证；登记册自行办理的以及对本人为空。The credential; null where the register acted, and to the official."
    )
    type: ReviewEventType = Field(description="事项。What happened.")
    old: dict[str, Any] | None = Field(description="变更前。Values before.")
    new: dict[str, Any] | None = Field(description="变更后。Values after.", examples=[{"state": "waiting", "due_on": "2026-11-10"}])
    text: str | None = Field(description="说明。What was said.")


class ReviewRecordOut(ReviewOut):
    """A review with its findings and events."""

    findings: list[FindingRecordOut] = Field(
        description="所涉疑点，现行的在前，至多 200 项。Its findings, those that stand first, up to 200; the official sees those asked about."
    )
    events: list[ReviewEventOut] = Field(
        description="经过，最新在前，至多 200 条；其余见 /events。What happened, newest first, up to 200; see /events for all."
    )


class _ReviewerFields(BaseModel):
    model_config = ConfigDict(extra="forbid")

    person: UUID = Field(description="审查人员。Who reviews.")
    unit: UUID = Field(description="负责的单位及其下级。For which unit, with all below.")
    absent_from: Day | None = Field(default=None, description="离岗首日。First day away.")
    absent_until: Day | None = Field(default=None, description="离岗末日；空则至另行更改。Last day away; none: until it is changed.")


class ReviewerIn(_ReviewerFields):
    """Somebody who takes on the reviews of a unit and of all below it."""

    @field_validator("absent_until")
    @classmethod
    def _after_its_first_day(cls, value: date | None, info: ValidationInfo) -> date | None:
        first = info.data.get("absent_from")
        if value is not None and (first is None or value < first):
            raise PydanticCustomError("absence_in_part", "goes with `absent_from` and is not before it")
        return value


@partial
class ReviewerChange(_ReviewerFields):
    """The fields of a reviewer that change."""


class ReviewerOut(BaseModel):
    """A reviewer (承办人)."""

    id: UUID = Field(description="编号。Its id.")
    person: UUID = Field(description="审查人员。Who reviews.")
    unit: UUID = Field(description="负责的单位及其下级。For which unit, with all below.")
    absent_from: date | None = Field(description="离岗首日。First day away.")
    absent_until: date | None = Field(description="离岗末日。Last day away.")
    open_reviews: int = Field(description="在办件数，不含对查询者本人的。Reviews under way, none into oneself counted.")

    @classmethod
    def of(cls, row: RowMapping) -> "ReviewerOut":
        """From its row."""
        return cls(**{name: row[name] for name in cls.model_fields if name in row}, person=row["person_id"], unit=row["unit_id"])


class SnoozeIn(BaseModel):
    """One rule that shall open no review of one person and counterparty until a day."""

    model_config = ConfigDict(extra="forbid")

    person: UUID = Field(description="所涉人员。The person.")
    rule: Annotated[str, Field(max_length=60), AfterValidator(_known_rule)] = Field(
        description="规则编号。The rule.", examples=["meal.alcohol"]
    )
    counterparty: UUID | None = Field(
        default=None,
        description="往来对象，含其关联方；空则为无往来对象的事项。The counterparty with its group; none: what has nobody on the other side.",
    )
    until_on: NextDay = Field(
        description="末日，一年以内；此后自动恢复。Last day, within a year; after it the finding is taken up by itself."
    )
    comment: Said = Field(description="理由。The reason.", examples=["已由上级纪委统一核查。"])


class SnoozeOut(BaseModel):
    """What is left alone for a while (暂缓)."""

    id: UUID = Field(description="编号。Its id.")
    person: UUID = Field(description="所涉人员。The person.")
    rule: str = Field(description="规则编号。The rule.")
    counterparty: UUID | None = Field(description="往来对象，含其关联方。The counterparty with its group.")
    until_on: date = Field(description="末日。Last day.")
    comment: str = Field(description="理由。The reason.")
    created_at: datetime = Field(description="设定时刻。When it was set.")
    created_by: str = Field(description="操作凭证。The credential that set it.")
    ended_at: datetime | None = Field(description="提前终止的时刻。When it was ended before its day, if it was.")

    @classmethod
    def of(cls, row: RowMapping) -> "SnoozeOut":
        """From its row."""
        named = {"person": row["person_id"], "counterparty": row["counterparty_id"]}
        return cls(**{name: row[name] for name in cls.model_fields if name in row}, **named)
