"""Structured logs, one JSON object a line on stderr, without personal data: no paths, queries, bodies or exception texts."""

import logging
import sys

import structlog
from structlog.typing import EventDict, Processor


def configure_logs(level: str = "INFO") -> None:
    """Send structlog's and the standard library's records through one JSON renderer.

    Libraries are heard from WARNING up alone: below, they tell of statements with their values, and of addresses.
    """
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper("iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _plain,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(logging.getLevelName(level), logging.WARNING))
    for ours in ("qinqing", "uvicorn"):
        logging.getLogger(ours).setLevel(level)
    logging.getLogger("uvicorn.access").disabled = True


def place_of(error: BaseException) -> str:
    """File and line where an error arose: what a log may say of it, as its text may quote somebody's data."""
    frames = error.__traceback__
    while frames and frames.tb_next:
        frames = frames.tb_next
    return f"{frames.tb_frame.f_code.co_filename}:{frames.tb_lineno}" if frames else "unknown"


def _plain(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Errors by kind and place; no colours, which uvicorn adds for terminals."""
    event.pop("color_message", None)
    told = event.pop("exc_info", None)
    error = sys.exc_info()[1] if told is True else told[1] if isinstance(told, tuple) else told
    if isinstance(error, BaseException):
        event.update(error=type(error).__name__, place=place_of(error))
    return event
