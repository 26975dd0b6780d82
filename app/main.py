"""Builds the application from its settings: one database, one rulebook, every router."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware

from app.access.key_ring import KeyRing
from app.api import DESCRIPTION, TAGS, named_as_written, open_doors
from app.attachments.endpoints import PATHS as ATTACHMENTS
from app.attachments.uploading.endpoints import PATHS as UPLOADS
from app.exports.formats import MEDIA as FILES
from app.imports.endpoints import PATH as IMPORTS
from app.kit import openapi, problems
from app.kit.database import Database
from app.kit.door import Door
from app.kit.errors import Words
from app.kit.front import Front
from app.kit.logs import configure_logs
from app.kit.memory import keep_loaded
from app.ledger.key_file import KeyFileError, signing_key
from app.operation.waiting import Waiting
from app.rulebook.book import Book
from app.rulebook.contents import CHAPTERS
from app.samples import SAMPLES
from app.settings import Settings
from app.worker import Policies, run_for_ever

log = logging.getLogger("qinqing.main")

LEAST_CODED = 1_000
"""Bytes below which an answer fits one packet anyway."""
CODING_LEVEL = 4
"""Of zlib: a list of fifty to an eighth of its size; level 9 takes three times as long for a tenth less."""
NEVER_CODED = (*DEFAULT_EXCLUDED_CONTENT_TYPES, *FILES.values(), "application/octet-stream", "application/pdf", "image/*")
"""Files keep their digests and byte ranges, pictures are small already."""

UPKEEP_GRACE_SECONDS = 5.0
"""How long background work under way may take to end when the service stops; each declaration is a unit of work of its own."""


def create_app(settings: Settings) -> FastAPI:
    """The service.

    Raises:
        RulebookError: the law cannot be read; the service must not start without it.
    """
    registry = CollectorRegistry()
    for collector in (ProcessCollector, PlatformCollector, GCCollector):
        collector(registry=registry)
    app = FastAPI(
        title="亲清 Qinqing",
        summary="公职人员廉洁申报登记册。An open register of integrity declarations.",
        description=DESCRIPTION,
        version="0.1.0",
        openapi_tags=TAGS,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        redirect_slashes=False,
        generate_unique_id_function=named_as_written,
        servers=[
            {
                "url": "/",
                "x-internal": False,
                "description": "提供本文档的登记册，无论生产、测试（staging）或本机（local）。The register that serves this document: production, staging or local.",
            }
        ],
        contact={"name": "本登记册的运营单位 The operator of this register"},
        license_info={"name": "Apache 2.0", "identifier": "Apache-2.0"},
        separate_input_output_schemas=True,
    )
    app.router.route_class = Door
    app.state.settings = settings
    app.state.registry = registry
    app.state.waiting = Waiting(registry)
    app.state.book = Book(CHAPTERS)
    app.state.database = Database(settings.database_url, pool_size=settings.database_pool)
    app.state.key_ring = KeyRing(app.state.database, settings.key_cache_seconds)
    app.state.issuer = _issuer(settings)
    app.state.policies = Policies.of(settings, app.state.database)
    app.state.attachments = app.state.policies.attachments
    open_doors(app)
    app.state.summaries = _summaries(app)
    problems.install(app)
    app.openapi = lambda: openapi.described(app, SAMPLES)  # type: ignore[method-assign]
    roomier = {IMPORTS: settings.import_bytes, ATTACHMENTS: settings.attachment_bytes, UPLOADS: settings.attachment_bytes}
    app.add_middleware(GZipMiddleware, minimum_size=LEAST_CODED, compresslevel=CODING_LEVEL, exclude_content_types=NEVER_CODED)
    app.add_middleware(Front, body_limit=settings.body_limit, registry=registry, roomier=roomier)
    return app


def _summaries(app: FastAPI) -> dict[str, Words]:
    """What each operation does, in words; a summary is Chinese, a blank, English."""
    summaries = ((str(route.name), getattr(route, "summary", None)) for route in iter_route_contexts(app.routes))
    return {name: Words(*summary.split(" ", 1)) for name, summary in summaries if summary}


def _issuer(settings: Settings) -> Any:
    """The configured issuer of tokens. What asks it and checks them takes a fifth of the start, so it is loaded only for those who have one."""
    if settings.oidc_issuer is None:
        return None
    from app.access.oidc import Issuer  # noqa: PLC0415  # as said above

    return Issuer(settings.oidc_issuer, settings.oidc_audience)


async def close(app: FastAPI) -> None:
    """Let go of what the application holds open."""
    if app.state.issuer is not None:
        await app.state.issuer.client.aclose()
    await app.state.database.close()


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """An embedded database has its background work done here; at the end, close what was opened."""
    keep_loaded()
    stopping = asyncio.Event()
    upkeep = asyncio.create_task(_upkeep(app, stopping)) if app.state.database.embedded else None
    yield
    stopping.set()
    if upkeep is not None:
        await _ended(upkeep)
    await close(app)


async def _upkeep(app: FastAPI, stopping: asyncio.Event) -> None:
    """A key that has become unusable since the start is no reason to stop: lines are sealed all the same, and the log says so."""
    try:
        key = signing_key(app.state.database, app.state.settings.ledger_key_file)
    except KeyFileError:
        log.exception("the ledger's key cannot be used")
        key = None
    await run_for_ever(app.state.database, app.state.book, stopping, key=key, policies=app.state.policies)


async def _ended(upkeep: "asyncio.Task[None]") -> None:
    """Wait for the work under way, which a cancellation would cut off from its database; a long round is cut off in the end."""
    await asyncio.wait({upkeep}, timeout=UPKEEP_GRACE_SECONDS)
    upkeep.cancel()
    with suppress(asyncio.CancelledError):
        await upkeep


def create_from_environment() -> FastAPI:
    """The service of a worker process, which knows nothing but its environment."""
    settings = Settings()
    configure_logs(settings.log_level)
    return create_app(settings)
