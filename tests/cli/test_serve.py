"""`qinqing serve`: ready at once on SQLite, careful on PostgreSQL, clear about what keeps it from starting."""

import json
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from .conftest import ROOT, Shell


def test_an_empty_folder_becomes_a_register_that_answers(shell: Shell) -> None:
    with shell.serving() as served:
        ready = httpx.get(f"{served.url}/readyz")
        assert (ready.status_code, ready.json()["status"]) == (200, "ready")
        assert "server" not in ready.headers
        assert httpx.get(f"{served.url}/v1/persons").status_code == 401
        log = [json.loads(line) for line in served.stop().splitlines()]
    assert (shell.folder / "qinqing.sqlite3").exists()
    assert {"answered", "Application shutdown complete."} <= {line["event"] for line in log}


def test_what_was_written_is_there_after_a_restart(shell: Shell) -> None:
    key = shell.qinqing("keys", "create", "--name", "人事", "--all-scopes").stdout.strip()
    headers = {"Authorization": f"Bearer {key}"}
    with shell.serving() as served:
        unit = httpx.post(f"{served.url}/v1/units", json={"name": "某局", "kind": "government"}, headers=headers).json()
        served.stop(signal.SIGKILL)
    with shell.serving() as served:
        assert httpx.get(f"{served.url}/v1/units/{unit['id']}", headers=headers).json() == unit


def test_ctrl_c_ends_it_without_a_traceback(shell: Shell) -> None:
    with shell.serving() as served:
        log = served.stop(signal.SIGINT)
    assert served.process.returncode == 0
    assert "Traceback" not in log


def test_sqlite_serves_one_process(shell: Shell) -> None:
    done = shell.qinqing("serve", "--workers", "2")
    assert done.returncode == 2
    assert "PostgreSQL" in done.stderr
    assert not (shell.folder / "qinqing.sqlite3").exists()


def test_postgresql_is_never_migrated_by_serving(shell: Shell, postgresql_url: str) -> None:
    unmigrated = postgresql_url.rsplit("/", 1)[0] + "/postgres"
    done = shell.qinqing("serve", database_url=unmigrated)
    assert done.returncode == 1
    assert "qinqing migrate" in done.stderr


def test_on_postgresql_several_processes_serve(shell: Shell, postgresql_url: str) -> None:
    key = shell.qinqing("keys", "create", "--name", "人事", "--all-scopes", database_url=postgresql_url).stdout.strip()
    with shell.serving("--workers", "2", database_url=postgresql_url, database_pool="2") as served:
        with ThreadPoolExecutor(8) as callers:
            body = {"name": "某局", "kind": "government"}
            headers = {"Authorization": f"Bearer {key}"}
            made = list(
                callers.map(lambda _: httpx.post(f"{served.url}/v1/units", json=body, headers=headers, timeout=30).status_code, range(40))
            )
        assert made == [201] * 40
        served.stop()
    assert served.process.returncode == 0


def test_a_port_that_is_taken_is_named(shell: Shell) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = shell.qinqing("serve", "--port", port)
    assert done.returncode == 1
    assert port in done.stderr
    assert "Address already in use" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("body_limit", "much"),
        ("log_level", "LOUD"),
        ("database_pool", "0"),
        ("database_url", "nonsense"),
        ("database_url", "mysql://a:secret@b/c"),
        ("database_url", "sqlite://"),
        ("database_url", "postgresql://a:secret@b:port/c"),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not_shown(shell: Shell, setting: str, value: str) -> None:
    done = shell.qinqing("serve", **{setting: value})
    assert done.returncode == 2
    assert done.stderr.startswith(f"qinqing: QINQING_{setting.upper()}: ")
    assert "secret" not in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("url", ["postgresql://qinqing:secret@127.0.0.1:1/none", "sqlite:////nowhere/at/all.sqlite3"])
def test_a_database_that_does_not_answer_is_said_so(shell: Shell, url: str) -> None:
    done = shell.qinqing("serve", database_url=url)
    assert done.returncode == 1
    assert "QINQING_DATABASE_URL" in done.stderr
    assert "secret" not in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_is_no_database_is_said_so_and_left_alone(shell: Shell) -> None:
    (shell.folder / "qinqing.sqlite3").write_text("我的日记" * 100, encoding="utf-8")
    done = shell.qinqing("serve")
    assert done.returncode == 1
    assert "not a database" in done.stderr
    assert "Traceback" not in done.stderr
    assert (shell.folder / "qinqing.sqlite3").read_text(encoding="utf-8") == "我的日记" * 100


def test_a_database_that_is_not_there_is_named_by_postgresql(shell: Shell, postgresql_url: str) -> None:
    done = shell.qinqing("serve", database_url=f"{postgresql_url}_not")
    assert done.returncode == 1
    assert "does not exist" in done.stderr


@pytest.mark.parametrize(
    ("find", "put"),
    [("article = ", "artikel = "), ("article = ", "= article = "), ('instrument = "', 'instrument = "no-such-')],
    ids=["a field that does not exist", "not TOML", "an instrument that nobody knows"],
)
@pytest.mark.parametrize(("table", "named"), [("meal/limits.toml", "meal"), ("gift/catalogue.toml", "茅台")])
def test_law_that_cannot_be_read_keeps_the_service_from_starting(tmp_path: Path, table: str, named: str, find: str, put: str) -> None:
    for part in ("app", "migrations"):
        shutil.copytree(ROOT / part, tmp_path / "code" / part, ignore=shutil.ignore_patterns("__pycache__"))
    limits = tmp_path / "code" / "app" / "rulebook" / "chapters" / table
    limits.write_text(limits.read_text(encoding="utf-8").replace(find, put, 1), encoding="utf-8")
    done = Shell(tmp_path, tmp_path / "code").qinqing("serve", "--port", "0")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert table in done.stderr or named in done.stderr
    assert not (tmp_path / "qinqing.sqlite3").exists()


def test_a_demonstration_prints_keys_and_a_request_that_finds_something(shell: Shell) -> None:
    for _ in range(2):
        with shell.serving("--demo") as served:
            keys = re.findall(r"qq_[\w-]{43}", served.said)
            assert len(set(keys)) >= 4
            [request] = re.findall(r"^curl .*?\n\n", served.said, re.DOTALL | re.MULTILINE)
            body = json.loads(shlex.split(request)[-1])
            headers = {"Authorization": shlex.split(request)[shlex.split(request).index("-H") + 1].partition(": ")[2]}
            filed = httpx.post(f"{served.url}/v1/declarations", json=body, headers=headers)
            assert filed.status_code == 201
            assert filed.json()["screening"]["findings"]


def test_background_work_runs_beside_the_service_until_it_is_stopped(shell: Shell, postgresql_url: str) -> None:
    worker = subprocess.Popen(
        [sys.executable, "-m", "app", "worker"], env=shell.environment({"database_url": postgresql_url}), stderr=subprocess.PIPE
    )
    with pytest.raises(subprocess.TimeoutExpired):
        worker.wait(3)
    worker.terminate()
    _, log = worker.communicate(timeout=30)
    assert b"round failed" not in log
