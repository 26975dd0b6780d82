"""The ledger as an operator keeps and checks it."""

import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from app.ledger.key_file import read_key_file
from app.ledger.notes import SigningKey, VerifierKey

from .conftest import Served, Shell

PATIENCE_SECONDS = 20


def sealed(served: Served, key: str, path: str) -> httpx.Response:
    """An address of the ledger as soon as it has what is asked for."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        answer = httpx.get(f"{served.url}/v1/ledger/{path}", headers={"Authorization": f"Bearer {key}"})
        if answer.status_code == 200 or time.monotonic() > deadline:
            return answer
        time.sleep(0.1)


def test_a_register_that_is_served_seals_and_signs_by_itself_and_tampering_is_found(shell: Shell) -> None:
    key = shell.qinqing("keys", "create", "--name", "审计", "--scope", "audit:read", "--scope", "people:write").stdout.strip()
    with shell.serving() as served:
        headers = {"Authorization": f"Bearer {key}"}
        assert httpx.post(f"{served.url}/v1/units", json={"name": "某局", "kind": "government"}, headers=headers).status_code == 201
        begun = time.monotonic()
        line = sealed(served, key, "tile/0/000.p/2")
        assert line.status_code == 200
        assert time.monotonic() - begun < 5
        note = sealed(served, key, "checkpoint").text
        verifier = VerifierKey.parse(sealed(served, key, "key").text)
    assert verifier.opened(note).size == 2
    assert shell.qinqing("ledger-key").stdout.strip() == verifier.text
    (shell.folder / "kept").write_text(note, encoding="utf-8")
    whole = shell.qinqing("verify-ledger", "--checkpoint", "kept", "--verifier-key", verifier.text)
    assert whole.returncode == 0, whole
    assert "2 lines" in whole.stdout
    with sqlite3.connect(shell.folder / "qinqing.sqlite3") as tampering:
        tampering.execute("UPDATE ledger_line SET actor = 'nobody' WHERE position = 1")
        (changed,) = tampering.execute("SELECT id FROM ledger_line WHERE position = 1").fetchone()
    found = shell.qinqing("verify-ledger", "--checkpoint", "kept")
    assert found.returncode == 1
    assert f"position 1, line {changed[:8]}" in found.stdout
    assert "1 differences" in found.stdout
    (shell.folder / "qinqing.sqlite3.ledger-key").unlink()
    alone = shell.qinqing("verify-ledger", database_url="sqlite:///qinqing.sqlite3")
    assert (alone.returncode, "--verifier-key" in alone.stderr) == (1, True)
    stranger = SigningKey.new(verifier.name).verifier.text
    assert "bears no valid signature" in shell.qinqing("verify-ledger", "--verifier-key", stranger).stdout


def test_the_key_of_a_server_is_made_where_it_is_configured(shell: Shell) -> None:
    server = {"database_url": "postgresql://nobody@127.0.0.1:1/none", "ledger_key_file": "key"}
    made = shell.qinqing("ledger-key", "--origin", "registry.example.cn/ledger", **server)
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout.strip() == read_key_file(shell.folder / "key").verifier.text
    assert made.stdout.startswith("registry.example.cn/ledger+")
    assert shell.qinqing("ledger-key", **server).stdout == made.stdout
    assert shell.qinqing("ledger-key", "--origin", "another", **server).returncode == 2


@pytest.mark.parametrize(
    ("arguments", "settings"),
    [
        (("ledger-key",), {"database_url": "postgresql://nobody@127.0.0.1:1/none"}),
        (("ledger-key", "--origin", "a b"), {"ledger_key_file": "key"}),
        (("ledger-key",), {"ledger_key_file": "nowhere/key"}),
        (("serve", "--port", "0"), {"ledger_key_file": "nowhere/key"}),
        (("worker",), {"ledger_key_file": "nowhere/key"}),
        (("verify-ledger", "--verifier-key", "x"), {}),
        (("verify-ledger", "--checkpoint", "nowhere"), {}),
    ],
)
def test_a_wrong_setup_is_said_in_one_line(shell: Shell, arguments: tuple[str, ...], settings: dict[str, str]) -> None:
    said = shell.qinqing(*arguments, **settings)
    assert said.returncode == 2, said
    assert "Traceback" not in said.stderr
    assert said.stderr.count("\n") == 1


def test_verifying_changes_nothing_not_even_the_tables(shell: Shell) -> None:
    said = shell.qinqing("verify-ledger")
    assert said.returncode == 1
    assert "qinqing migrate" in said.stderr
    assert not Path(shell.folder / "qinqing.sqlite3.ledger-key").exists()


def test_a_worker_seals_beside_postgresql_and_signs_with_the_key_that_it_is_given(shell: Shell, postgresql_url: str) -> None:
    server = {"database_url": postgresql_url, "ledger_key_file": "key"}
    vkey = shell.qinqing("ledger-key", "--origin", "registry.example.cn/ledger", **server).stdout.strip()
    key = shell.qinqing("keys", "create", "--name", "审计", "--scope", "audit:read", database_url=postgresql_url).stdout.strip()
    with shell.serving(database_url=postgresql_url) as served:
        assert httpx.get(f"{served.url}/v1/ledger/checkpoint", headers={"Authorization": f"Bearer {key}"}).json()["code"] == "no-checkpoint"
        worker = subprocess.Popen([sys.executable, "-m", "app", "worker"], cwd=shell.folder, env=shell.environment(server))
        try:
            note = sealed(served, key, "checkpoint")
            assert note.status_code == 200
            assert VerifierKey.parse(vkey).opened(note.text).size == 1
            assert sealed(served, key, "key").text.strip() == vkey
        finally:
            worker.send_signal(signal.SIGINT)
            assert worker.wait(timeout=30) == 0
    whole = shell.qinqing("verify-ledger", "--verifier-key", vkey, database_url=postgresql_url)
    assert whole.returncode == 0, whole
