"""The command as an operator runs it: a process of its own, in an empty folder."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True, slots=True)
class Served:
    """A service that answers at `url`; what it wrote to stderr is known when it has ended."""

    url: str
    said: str
    process: subprocess.Popen[str]

    def stop(self, by: signal.Signals = signal.SIGTERM) -> str:
        """End it as an init system does; its log."""
        self.process.send_signal(by)
        _, log = self.process.communicate(timeout=30)
        return log


@dataclass(frozen=True, slots=True)
class Shell:
    """Runs `qinqing` in a folder, with settings by their names without prefix."""

    folder: Path
    code: Path = ROOT

    def environment(self, settings: dict[str, str]) -> dict[str, str]:
        """Nothing of the tester's own, warnings as errors."""
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(self.code),
            "PYTHONWARNINGS": "error",
            "COLUMNS": "200",
            **{f"QINQING_{name.upper()}": value for name, value in settings.items()},
        }

    def qinqing(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "app", *arguments],
            cwd=self.folder,
            env=self.environment(settings),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    @contextmanager
    def serving(self, *arguments: str, **settings: str) -> Iterator[Served]:
        """Serve at a free port until the block ends."""
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "serve", "--port", "0", *arguments],
            cwd=self.folder,
            env=self.environment(settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        said = ""
        try:
            while not said.endswith("/docs\n"):
                line = process.stdout.readline()
                if not line:
                    raise RuntimeError(process.communicate(timeout=30)[1])
                said += line
            url = said.splitlines()[-1].removesuffix("/docs")
            httpx.get(f"{url}/healthz", timeout=60)
            yield Served(url, said, process)
        finally:
            if process.poll() is None:
                process.terminate()
                process.communicate(timeout=30)


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A shell in an empty folder."""
    return Shell(tmp_path)
