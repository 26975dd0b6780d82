"""Doors of the ledger (scope `audit:read`)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import PlainTextResponse

from app.access.caller import Caller, Scope
from app.access.dependencies import AnyCaller, Looking, Requires
from app.kit.door import Door
from app.kit.pages import AskedPage, PageOut, link_header

from .fields import Instant
from .schemas import ConsistencyOut, LineOut
from .service import LARGEST, Audit, LineFilter
from .tiles import Address, Tiles

router = APIRouter(prefix="/v1/ledger", tags=["ledger"], route_class=Door)
Auditor = Annotated[Caller, Requires(Scope.AUDIT_READ)]
Size = Annotated[int, Query(ge=0, le=LARGEST)]
TileNumber = Annotated[str, Path(description="编号，如 000、x001/067；未满者加 .p/<宽度>。Its number; `.p/<width>` for part of one.")]


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
    actor: Annotated[
        str | None, Query(min_length=1, max_length=300, pattern=r"^[^\x00]*$", description="操作凭证。The credential that acted.")
    ] = None,
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
async def read_consistency(first: Size, second: Size, caller: Auditor, view: Looking) -> ConsistencyOut:
    """证明较早的树是较晚的树的开头：其间只有追加，没有更改。That the first tree begins the second: lines were added, none changed."""
    return await Audit(view, caller).consistency(first, second)
