"""What an independent judge says: every check of `scim test` against the service as it is served."""

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from app.access.caller import Scope
from app.kit.database import Database
from app.main import create_app
from app.settings import Settings
from tests.factories import insert_key


@pytest.fixture
def served(settings: Settings) -> Iterator[str]:
    """The address of the service on loopback."""
    server = uvicorn.Server(uvicorn.Config(create_app(settings), port=0, log_level="critical", loop="asyncio", ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}/scim/v2"
    server.should_exit = True
    thread.join()


async def _key(url: str) -> str:
    database = Database(url)
    try:
        return await insert_key(database, Scope.PEOPLE_WRITE)
    finally:
        await database.close()


def test_an_independent_judge_finds_nothing_wrong(served: str, database_url: str) -> None:
    key = asyncio.run(_key(database_url))
    judge = [str(Path(sys.executable).with_name("scim")), "--url", served, "test"]
    environment = {"SCIM_CLI_HEADERS": f"Authorization: Bearer {key}", "PATH": "", "PYTHONUTF8": "1"}
    said = subprocess.run(judge, capture_output=True, text=True, check=False, env=environment)
    verdicts = [line for line in said.stdout.splitlines() if line.startswith(("SUCCESS", "ERROR", "SKIPPED", "CRITICAL"))]
    assert said.returncode == 0, said.stdout + said.stderr
    assert len(verdicts) >= 100
    assert all(line.startswith("SUCCESS") for line in verdicts)
