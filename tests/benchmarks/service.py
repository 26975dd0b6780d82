"""The service as an operator starts it: `qinqing serve` in a process of its own, on loopback."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Service:
    """A running service."""

    pid: int
    port: int
    seconds_to_ready: float

    def megabytes(self) -> float:
        """Resident memory of the largest process that answers."""
        return max(_resident(pid) for pid in self._processes())

    def processor_seconds(self) -> float:
        """Processor time that the processes have taken so far, in user and kernel mode together."""
        return sum(_processor_seconds(pid) for pid in self._processes())

    def _processes(self) -> list[int]:
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text(encoding="ascii").split()
        return [self.pid, *(int(pid) for pid in children)]


def _resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(url: str, workers: int) -> Iterator[Service]:
    """The service for as long as the block runs, with its logs in a file that is thrown away."""
    command = [sys.executable, "-m", "app", "serve", "--port", "0", "--workers", str(workers)]
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said, tempfile.TemporaryFile("w+") as logged:
        begun = time.perf_counter()
        process = subprocess.Popen(command, stdout=said, stderr=logged, env={**os.environ, "QINQING_DATABASE_URL": url})
        try:
            port = _port(process, Path(f"/proc/self/fd/{said.fileno()}"), Path(f"/proc/self/fd/{logged.fileno()}"))
            _wait_until_ready(port)
            yield Service(process.pid, port, time.perf_counter() - begun)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=40)


def _port(process: "subprocess.Popen[bytes]", said: Path, logged: Path) -> int:
    """The port that it prints."""
    while process.poll() is None:
        found = re.search(r"http://127\.0\.0\.1:(\d+)/docs", said.read_text(encoding="utf-8"))
        if found:
            return int(found[1])
        time.sleep(0.002)
    raise RuntimeError(logged.read_text(encoding="utf-8"))


def _wait_until_ready(port: int) -> None:
    for _ in range(10_000):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return
        except OSError:
            time.sleep(0.002)
    raise RuntimeError("the service does not become ready")
