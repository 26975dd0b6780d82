"""What attaching costs: `python -m tests.benchmarks.attaching [COUNT] [AT_ONCE]` serves a register and sends photos of 12 megapixels.

Tells uploads a second, how long the sender waited, how many were left to the background, and the most memory that the serving process took.
"""

import asyncio
import io
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
from PIL import Image

from app.access.caller import Scope
from app.kit.database import Database
from app.kit.migrations import upgrade
from tests.bodies import gift
from tests.factories import Factory, insert_key

PORT = 8765


def photo() -> bytes:
    """A photo of some four megabytes, no two alike."""
    file = io.BytesIO()
    Image.frombytes("RGB", (500, 375), os.urandom(500 * 375 * 3)).resize((4000, 3000)).save(file, "JPEG", quality=90)
    return file.getvalue()


def memory_of(pid: int) -> int:
    """The most memory that a process has held, in megabytes."""
    told = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(next(line for line in told.splitlines() if line.startswith("VmHWM")).split()[1]) // 1024


async def sent(client: httpx.AsyncClient, declarations: list[str], places: asyncio.Semaphore, content: bytes) -> tuple[str, float]:
    """(what became of a photo, how long that took)."""
    async with places:
        begun, declared = time.perf_counter(), declarations.pop()
        answer = await client.post(f"/v1/declarations/{declared}/attachments", content=content, headers={"Content-Type": "image/jpeg"})
        assert answer.status_code == 201, answer.text
        return answer.json()["state"], time.perf_counter() - begun


async def measure(server: Any, key: str, count: int, at_once: int) -> None:
    """Send them and tell."""
    contents, headers = [photo() for _ in range(4)], {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{PORT}", headers=headers, timeout=120) as client:
        for _ in range(200):
            try:
                await client.get("/readyz")
                break
            except httpx.ConnectError:
                await asyncio.sleep(0.1)
        make = Factory(client, headers)
        official = await make.person(await make.unit())
        bodies = [{**gift(), "declarant": official["id"], "source": "self"} for _ in range(count)]
        declarations = [(await client.post("/v1/declarations", json=body)).json()["id"] for body in bodies]
        before, places, begun = memory_of(server.pid), asyncio.Semaphore(at_once), time.perf_counter()
        done = await asyncio.gather(*(sent(client, declarations, places, contents[number % 4]) for number in range(count)))
        took = time.perf_counter() - begun
    times = sorted(seconds for _, seconds in done)
    print(
        f"{count} photos of {len(contents[0]) / 1e6:.1f} MB, {at_once} at once: {count / took:.1f}/s; {dict(Counter(state for state, _ in done))}"
    )
    print(f"sender waited {times[len(times) // 2]:.2f} s, 95 of 100 up to {times[int(len(times) * 0.95)]:.2f} s")
    print(f"serving process: {before} MB before, at most {memory_of(server.pid)} MB")


async def key_of(url: str) -> str:
    """A key that may do everything."""
    database = Database(url)
    key = await insert_key(database, *Scope)
    await database.close()
    return key


def main() -> None:
    """Serve, send, tell."""
    count, at_once = (int(given) for given in [*sys.argv[1:], *("40", "8")[len(sys.argv) - 1 :]])
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/register.sqlite3"
        upgrade(url)
        key = asyncio.run(key_of(url))
        told = {**os.environ, "QINQING_DATABASE_URL": url, "QINQING_LOG_LEVEL": "ERROR"}
        command = [sys.executable, "-m", "app", "serve", "--port", str(PORT)]
        with subprocess.Popen(command, env=told, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
            try:
                asyncio.run(measure(server, key, count, at_once))
            finally:
                server.terminate()


if __name__ == "__main__":
    main()
