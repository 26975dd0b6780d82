"""The other commands."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.kit.migrations import head

from .conftest import Shell


def test_without_a_command_all_are_named(shell: Shell) -> None:
    said = shell.qinqing()
    for command in ("serve", "migrate", "keys", "export-openapi"):
        assert command in said.stdout + said.stderr


@pytest.mark.parametrize("store", ["sqlite", "postgresql"])
def test_migrate_brings_the_tables_forward_and_says_where_they_stand(shell: Shell, store: str, request: pytest.FixtureRequest) -> None:
    url = "sqlite:///new.sqlite3" if store == "sqlite" else request.getfixturevalue("postgresql_url")
    for _ in range(2):
        done = shell.qinqing("migrate", database_url=url)
        assert (done.returncode, done.stderr) == (0, "")
        assert head() in done.stdout
    with shell.serving(database_url=url):
        pass


def test_the_description_is_the_same_each_time_and_needs_no_database(shell: Shell) -> None:
    unreachable = "postgresql://nobody@127.0.0.1:1/none"
    assert shell.qinqing("export-openapi", database_url=unreachable).returncode == 0
    first = (shell.folder / "openapi" / "openapi.json").read_text(encoding="utf-8")
    again = subprocess.run(
        [sys.executable, "-m", "app", "export-openapi", "-"],
        cwd=shell.folder,
        capture_output=True,
        encoding="utf-8",
        check=True,
        env={**shell.environment({}), "PYTHONHASHSEED": "1"},
    )
    assert again.stdout == first
    described = json.loads(first)
    assert described["openapi"].startswith("3.1.")
    assert "/v1/declarations" in described["paths"]
    assert list(shell.folder.iterdir()) == [shell.folder / "openapi"]


def test_it_runs_as_any_user_from_any_folder_without_a_home(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app", "--help"],
        cwd="/",
        env={"PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
    assert os.listdir(tmp_path) == []  # noqa: PTH208


def test_rescreening_can_be_tried_and_says_what_a_day_looks_like(shell: Shell) -> None:
    tried = shell.qinqing("rescreen", "--dry-run", "--since", "2026-01-01")
    assert (tried.returncode, tried.stderr) == (0, "")
    assert "nothing was changed" in tried.stdout
    wrong = shell.qinqing("rescreen", "--since", "01.01.2026")
    assert wrong.returncode == 2
    assert "Traceback" not in wrong.stderr


def test_the_rulebook_to_read_needs_no_database(shell: Shell) -> None:
    done = shell.qinqing("export-rulebook", "-", database_url="postgresql://nobody@127.0.0.1:1/none")
    assert done.returncode == 0
    assert "gift.cash-like" in done.stdout
