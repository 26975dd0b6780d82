"""What `qinqing serve` does: the checks before the port is opened, then uvicorn."""

import socket
from contextlib import suppress
from dataclasses import dataclass

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from .failures import WRONG_SETUP, fail

GRACE_SECONDS = 30
"""How long requests under way may take to end after SIGTERM."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen."""

    host: str
    port: int

    def listen(self) -> socket.socket:
        """A listening socket, so that two servers never share a port by accident."""
        listener = socket.socket(socket.AF_INET6 if ":" in self.host else socket.AF_INET)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((self.host, self.port))
            listener.listen(2048)
        except OSError as error:
            listener.close()
            reason = error.strerror or str(error)
            fail(
                f"无法监听 {self.host} 端口 {self.port}，可用 --port 另选。",
                f"Cannot listen at {self.host} port {self.port} ({reason}); choose another --port.",
            )
        return listener

    def url(self, listener: socket.socket) -> str:
        """Where a browser finds it; port 0 has become the one that was free."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{listener.getsockname()[1]}"


def refuse_workers_on_sqlite(app: FastAPI, workers: int) -> None:
    """SQLite takes one writer at a time, in one process."""
    if workers > 1 and app.state.database.embedded:
        fail(
            "SQLite 仅支持单进程；如需 --workers，请将 QINQING_DATABASE_URL 设为 PostgreSQL。",
            "SQLite serves one process; for --workers, set QINQING_DATABASE_URL to PostgreSQL, the store for more than one.",
            WRONG_SETUP,
        )


def run_server(app: FastAPI, listener: socket.socket, workers: int) -> None:
    """Answer until told to stop. Workers build their own application from the same environment."""
    config = uvicorn.Config(
        app if workers == 1 else "app.main:create_from_environment",
        factory=workers > 1,
        workers=workers,
        log_config=None,
        access_log=False,
        lifespan="on",
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    with suppress(KeyboardInterrupt):
        if workers == 1:
            uvicorn.Server(config).run(sockets=[listener])
        else:
            Multiprocess(config, sockets=[listener]).run()
