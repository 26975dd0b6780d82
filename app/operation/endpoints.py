"""Doors for operators and their tools; they need no caller and show nothing of the register."""

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import Response

from app.kit.door import Door
from app.kit.migrations import head

from . import docs
from .readiness import require_ready
from .schemas import Alive, Ready

router = APIRouter(tags=["operation"], route_class=Door)
_NOT_READY = {
    "description": "尚未就绪，code 指明原因。Not ready; `code` names why.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemOut"}}},
}


@router.get("/healthz", summary="存活检查 Is it alive?")
async def read_health() -> Alive:
    """进程在运行即答复；不查数据库。The process runs; the database is not asked."""
    return Alive(status="alive")


@router.get("/readyz", summary="就绪检查 Is it ready?", responses={503: _NOT_READY})
async def read_readiness(request: Request) -> Ready:
    """数据库可用、结构为本版本、规则集已载入。The database answers, its tables are this release's, the law is loaded."""
    await require_ready(request.app.state.database)
    return Ready(status="ready", rulebook=request.app.state.book.version, revision=head())


@router.get("/metrics", include_in_schema=False)
async def read_metrics(request: Request) -> Response:
    """Prometheus metrics of this process, and of what waits in the background."""
    await request.app.state.waiting.look(request.app.state.database)
    return Response(generate_latest(request.app.state.registry), media_type=CONTENT_TYPE_LATEST)


@router.get("/docs", include_in_schema=False)
async def read_docs() -> Response:
    """The documentation for browsers."""
    return docs.page()


@router.get("/docs/assets/{name}", include_in_schema=False)
async def read_docs_asset(name: str) -> Response:
    """A file of the documentation."""
    return docs.asset(name)
