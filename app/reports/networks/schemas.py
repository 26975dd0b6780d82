"""What exposure and the network answer."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field
from typing_extensions import TypeAliasType

from app.declarations.schemas import DeclarationKind, ScreeningOutcome

NodeType = TypeAliasType("NodeType", Annotated[Literal["person", "counterparty", "unit"], Field(description="节点是什么。What a node is.")])
EdgeType = TypeAliasType(
    "EdgeType", Annotated[Literal["declared", "owns", "belongs_to", "related"], Field(description="边是什么。What an edge tells.")]
)


class NamedCounterpartyOut(BaseModel):
    """A counterparty by name."""

    id: UUID = Field(description="往来对象编号。Id of the counterparty.")
    name: str = Field(description="名称。Name.")


class SumsOut(BaseModel):
    """Declarations, added up."""

    declarations: int = Field(description="已提交且未撤回的申报份数。Declarations filed and not withdrawn.")
    kinds: dict[str, int] = Field(description="各类别的份数。How many of each kind.", examples=[{"gift": 3, "meal": 1}])
    worth: str | None = Field(
        description="已知价值合计（人民币元），收受与赠送合计；均不详则空。Known worths together, in CNY, of what was received and given; null if none is known.",
        examples=["1888.00"],
    )
    worth_unknown: int = Field(description="其中价值不详的份数。How many of them are of unknown worth.")
    first_on: date | None = Field(description="最早的行为首日。The earliest first day of conduct.")
    last_on: date | None = Field(description="最晚的行为首日。The latest first day of conduct.")
    level: ScreeningOutcome = Field(description="现行疑点的最高级别。The highest level among the findings that stand.")


class ExposedTotalsOut(SumsOut):
    """Everything together."""

    officials: int = Field(description="申报人数。Officials who declared.")


class ExposedUnitOut(ExposedTotalsOut):
    """What officials declared while in one unit."""

    unit: UUID = Field(description="申报时所在单位。The unit that they were in when they declared.")
    name: str = Field(description="单位名称。Its name.")


class ExposedYearOut(ExposedTotalsOut):
    """What was declared of conduct that began in one year."""

    year: int = Field(description="行为首日所在年度。Year of the first day of conduct.")


class ExposedOfficialOut(SumsOut):
    """What one official declared."""

    person: UUID = Field(description="申报人。The official.")
    name: str = Field(description="姓名。Name.")
    units: list[UUID] = Field(description="申报时所在单位。The units that they were in when they declared.")


class ExposureOut(BaseModel):
    """Everyone who declared something of a counterparty or its group."""

    counterparty: UUID = Field(description="所问往来对象。The counterparty asked about.")
    group: list[NamedCounterpartyOut] = Field(
        description="与其有共同所有者的往来对象，至多 200 个，所问者居首。Those that share an owner with it, 200 at most, itself first."
    )
    group_size: int = Field(description="共多少个，均已计入。How many they are; all of them are counted.")
    totals: ExposedTotalsOut = Field(description="全部合计。Everything together.")
    by_unit: list[ExposedUnitOut] = Field(description="按单位，已知价值多者在前。By unit, the greatest known worth first.")
    by_year: list[ExposedYearOut] = Field(description="按年度。By year.")
    items: list[ExposedOfficialOut] = Field(
        description="本页申报人，已知价值多者在前。The officials of the page, the greatest known worth first."
    )
    next: str | None = Field(description="下一页的游标；末页为空。Cursor of the next page; empty on the last.")
    count: int | None = Field(description="申报人总数，仅在要求时给出。How many officials in all, when asked for.")


class NodeOut(BaseModel):
    """An official, a counterparty or a unit."""

    id: UUID = Field(description="编号。Id.")
    type: NodeType = Field(description="人员、往来对象或单位。What it is.")
    label: str = Field(description="姓名或名称。Name.")
    counterparty_type: str | None = Field(
        default=None, description="往来对象的类型。Sort of a counterparty, if known.", examples=["enterprise"]
    )


class EdgeOut(BaseModel):
    """What joins two of them, from `source` to `target`."""

    source: UUID = Field(description="起点编号。Where it starts.")
    target: UUID = Field(description="终点编号。Where it leads.")
    key: str = Field(description="同一起止点之间的区分。Tells apart those with the same ends.", examples=["declared:gift"])
    type: EdgeType = Field(
        description="申报、出资或控制、申报时所在单位、与单位的关系。"
        "Declared something of; owns; was in that unit when declaring; stands to that unit as the register has it."
    )
    label: str = Field(description="供显示的文字。Words to show.")
    kind: DeclarationKind | None = Field(default=None, description="申报类别。Kind of what was declared.")
    declarations: int | None = Field(default=None, description="申报份数。How many declarations.")
    worth: str | None = Field(
        default=None, description="已知价值合计（人民币元）；均不详则空。Known worths together, in CNY; null if none is known."
    )
    worth_unknown: int | None = Field(default=None, description="价值不详的份数。How many are of unknown worth.")
    first_on: date | None = Field(
        default=None, description="最早的行为首日；关系的起始日。The earliest first day; of a relation, its first."
    )
    last_on: date | None = Field(default=None, description="最晚的行为首日；关系的截止日。The latest first day; of a relation, its last.")
    level: ScreeningOutcome | None = Field(default=None, description="现行疑点的最高级别。The highest level among the findings that stand.")


class AboutNetworkOut(BaseModel):
    """What is to be said of the whole."""

    depth: int = Field(description="所走步数。Steps taken.")
    truncated: bool = Field(description="是否只是一部分。Whether this is only a part.")
    notice: str | None = Field(description="只列一部分时，如何缩小范围。Where it is only a part, what to do.")


class NetworkOut(BaseModel):
    """A directed graph in node-link form, as networkx, D3 and Cytoscape read it."""

    directed: Literal[True] = Field(description="有向。Edges have a direction.")
    multigraph: Literal[True] = Field(description="同一起止点可有多条边。Two nodes may be joined more than once.")
    graph: AboutNetworkOut = Field(description="总体说明。What is to be said of the whole.")
    nodes: list[NodeOut] = Field(description="节点。The nodes.")
    edges: list[EdgeOut] = Field(description="边。The edges.")
