"""Doors of the ledger and of the access log (scope `audit:read`)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import PlainTextResponse

from app.access.caller import Caller, Scope
from app.access.dependencies import AnyCaller, Looking, Requires
from app.kit.door import Door
from app.kit.pages import AskedPage, PageOut, link_header
from app.rulebook.statement import Day

from .accesses import Accesses, AccessFilter
from .fields import Instant
from .schemas import AccessOut, ConsistencyOut, LineOut
from .service import LARGEST, Audit, LineFilter
from .tiles import Address, Tiles

router = APIRouter(prefix="/v1/ledger", tags=["ledger"], route_class=Door)
accesses_router = APIRouter(prefix="/v1/accesses", tags=["accesses"], route_class=Door)
Auditor = Annotated[Caller, Requires(Scope.AUDIT_READ)]
Actor = Annotated[
    str | None, Query(min_length=1, max_length=300, pattern=r"^[^\x00]*$", description="操作凭证。The credential that acted.")
]
TileNumber = Annotated[
    str,
    Path(description="编号，如 000、x001/067；未满者加 .p/<宽度>。Its number; `.p/<width>` for part of one.", examples=["000"]),
]


_FOR_EVER = {"Cache-Control": "private, max-age=31536000, immutable"}
"""What a tile's address gives never changes; private, as the address needs a key."""


class TileResponse(Response):
    """Bytes."""

    media_type = "application/octet-stream"


async def _line_filter(
    subject: Annotated[UUID | None, Query(description="所涉记录。The record concerned.")] = None,
    action: Annotated[
        str | None, Query(max_length=60, pattern=r"^[a-z.-]+$", description="事项，如 declaration.submitted。The act.")
    ] = None,
    actor: Actor = None,
    since: Annotated[Instant | None, Query(description="不早于此刻。Written at this instant or later.")] = None,
) -> LineFilter:
    return LineFilter(subject=subject, action=action, actor=actor, since=since)


@router.get("/checkpoint", summary="签名检查点 The newest signed checkpoint", response_class=PlainTextResponse)
async def read_checkpoint(caller: Auditor, view: Looking) -> Response:
    """C2SP tlog-checkpoint：来源、大小、根哈希及签名。请定期存于运营方不能更改之处。Origin, size, root and signature; keep copies out of the operator's reach."""
    return PlainTextResponse((await Audit(view, caller).checkpoint())["note"])


@router.get("/key", summary="验证公钥 The verifier key", response_class=PlainTextResponse)
async def read_verifier_key(caller: AnyCaller, view: Looking) -> Response:
    """最新检查点的验证公钥（signed-note 的 vkey）；请经其他途径核对。The key that checks the newest checkpoint; compare it with one that you got another way."""
    return PlainTextResponse((await Audit(view, caller).checkpoint())["verifier_key"] + "\n")


@router.get("/tile/entries/{number:path}", summary="记录包 A bundle of entries", response_class=TileResponse)
async def read_entries(number: TileNumber, caller: Auditor, view: Looking) -> Response:
    """C2SP tlog-tiles 记录包：每条为两字节长度加原文；仅限不代表任何人员的密钥。Lines as they are hashed, each after its length in two bytes; for keys that speak for nobody."""
    return TileResponse(await Tiles(view, caller).entries(Address.parse(number)), headers=_FOR_EVER)


@router.get("/tile/{level}/{number:path}", summary="哈希瓦片 A tile of hashes", response_class=TileResponse)
async def read_tile(
    level: Annotated[int, Path(ge=0, le=63, description="层，0 为叶。Level; 0 holds leaves.")],
    number: TileNumber,
    caller: Auditor,
    view: Looking,
) -> Response:
    """C2SP tlog-tiles 瓦片，至多 256 个哈希。Up to 256 hashes, one after the other."""
    return TileResponse(await Tiles(view, caller).hashes(level, Address.parse(number)), headers=_FOR_EVER)


@router.get("/lines", summary="台账记录列表 List lines")
async def list_lines(
    request: Request,
    response: Response,
    page: AskedPage,
    asked: Annotated[LineFilter, Depends(_line_filter)],
    caller: Auditor,
    view: Looking,
) -> PageOut[LineOut]:
    """已封存的记录，最新在前；代表某人员的密钥看不到可能出自核查的记录。Sealed lines, newest first; who speaks for a person is not shown those that may come of an inquiry."""
    audit = Audit(view, caller)
    rows, following = page.cut(await audit.lines(page, asked), lambda row: UUID(int=row["position"]))
    response.headers.update(link_header(request, following))
    return PageOut(items=[LineOut.of(row) for row in rows], next=following, count=await audit.count(asked) if page.count else None)


@router.get("/lines/{line_id}", summary="读取台账记录 Read a line")
async def read_line(line_id: UUID, caller: Auditor, view: Looking) -> LineOut:
    """读取一条已封存的记录。One sealed line."""
    return LineOut.of(await Audit(view, caller).line(line_id))


@router.get("/consistency", summary="一致性证明 Prove that nothing was rewritten")
async def read_consistency(
    first: Annotated[int, Query(ge=0, le=LARGEST, description="较早的大小。The smaller size.", examples=[1024])],
    second: Annotated[int, Query(ge=0, le=LARGEST, description="较晚的大小。The larger size.", examples=[2048])],
    caller: Auditor,
    view: Looking,
) -> ConsistencyOut:
    """证明较早的树是较晚的树的开头：其间只有追加，没有更改。That the first tree begins the second: lines were added, none changed."""
    return await Audit(view, caller).consistency(first, second)


async def _access_filter(
    person: Annotated[UUID | None, Query(description="被查阅人。Whose records were read.")] = None,
    actor: Actor = None,
    from_on: Annotated[Day | None, Query(alias="from", description="自该日（北京时间）起。On this day or later.")] = None,
    until_on: Annotated[Day | None, Query(alias="until", description="至该日（北京时间）止。On this day or earlier.")] = None,
) -> AccessFilter:
    return AccessFilter(person=person, actor=actor, from_on=from_on, until_on=until_on)


@accesses_router.get("", summary="查阅记录 List accesses")
async def list_accesses(
    request: Request,
    response: Response,
    page: AskedPage,
    asked: Annotated[AccessFilter, Depends(_access_filter)],
    caller: Auditor,
    view: Looking,
) -> PageOut[AccessOut]:
    """谁查阅了谁的档案，最新在前。Who was shown whose records, newest first.

    本人不得知悉其存在的记录（核查、保密疑点、纪检发现）不列其人；代表某人员的密钥看不到对本人的查阅，亦看不到未列任何人的查阅。

    Where an official may not know of a record (inquiries, confidential findings, what was discovered), the official is not named. A key that speaks
    for a person is shown neither what was read of that person, which `GET /v1/me/accesses` tells, nor accesses that name nobody.
    """
    accesses = Accesses(view, caller)
    rows, following = page.cut(await accesses.list(page, asked))
    response.headers.update(link_header(request, following))
    items = [AccessOut.of(row, persons) for row, persons in await accesses.with_persons(rows)]
    return PageOut(items=items, next=following, count=await accesses.count(asked) if page.count else None)
