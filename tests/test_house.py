"""The house keeps its own rules: floors, transactions, guards, documents that are true to the code."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import typer
from fastapi.dependencies.models import Dependant
from fastapi.routing import RouteContext, iter_route_contexts

from app.access.caller import Scope
from app.access.dependencies import Disclosing, Looking, Writing, authenticate
from app.cli.main import cli
from app.main import create_app
from app.policies.document import written
from app.rulebook.book import Book
from app.rulebook.contents import CHAPTERS
from app.settings import Settings

ROOT = Path(__file__).parent.parent
CODE = sorted((ROOT / "app").rglob("*.py"))
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
OPEN = {"/healthz", "/readyz", "/metrics", "/openapi.json", "/docs", "/docs/assets/{name}", "/v1/calendars/{file}"}
"""What answers without a key: nothing of it holds a record; a calendar, which no key can be given to, is opened by the 256 random bits in its address."""
IMPERSONAL = {
    "api-keys",
    "reviewers",
    "exports",
    "imports",
    "units",
    "delegations",
    "counterparties",
    "statistics",
    "rulebook",
    "limit-drafts",
    "ledger",
    "accesses",
    "campaigns",
    "webhooks",
    "notices",
    "uploads",
}
"""Tags of what is read without a trace: names who acts, what is counted, the law, ids and digests, the addresses of devices, but no official's record; an export leaves its own when it is made, an upload is shown to who began it."""
OWN = {
    "/v1/me",
    "/v1/me/accesses",
    "/v1/me/obligations",
    "/v1/me/tasks",
    "/v1/me/notices",
    "/v1/me/devices",
    "/v1/me/devices/{device_id}",
    "/v1/me/calendar",
    "/v1/changes",
}
"""What shows the caller's own records and no others."""


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> list[RouteContext]:
    """Every route of the service."""
    return list(iter_route_contexts(_service(tmp_path_factory.mktemp("house")).routes))


def _service(folder: Path) -> Any:
    return create_app(Settings(database_url=f"sqlite:///{folder}/house.sqlite3"))


def _place(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def _depends_on(dependant: Dependant, call: object) -> bool:
    return dependant.call is call or any(_depends_on(below, call) for below in dependant.dependencies)


def test_a_room_imports_only_rooms_below_it() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    said = subprocess.run([lint, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout


def test_the_law_needs_the_standard_library_and_pydantic_alone() -> None:
    allowed = sys.stdlib_module_names | {"pydantic", "pydantic_core"}
    strangers = {
        f"{_place(file)}: {name}"
        for file in CODE
        if "rulebook" in file.relative_to(ROOT).parts
        for name in _imported(ast.parse(file.read_text(encoding="utf-8")))
        if name.partition(".")[0] not in allowed and not name.startswith("app.rulebook")
    }
    assert not strangers


def _imported(tree: ast.AST) -> Iterator[str]:
    """The modules that a file imports by full name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module


@pytest.mark.parametrize(
    ("pattern", "home"),
    [
        (r"\.commit\(", set()),
        (r"\.begin\(", {"app/kit/database.py"}),
        (r"\.writing\(", {"app/ledger/unit_of_work.py"}),
    ],
)
def test_only_the_unit_of_work_opens_and_ends_transactions(pattern: str, home: set[str]) -> None:
    assert {_place(file) for file in CODE if re.search(pattern, file.read_text(encoding="utf-8"))} <= home


def test_no_route_is_unguarded(routes: list[RouteContext]) -> None:
    unguarded = [route.path for route in routes if route.path not in OPEN and not _depends_on(route.dependant, authenticate)]
    assert not unguarded
    assert any(route.path == "/v1/declarations" for route in routes)


def test_a_read_has_nothing_to_write_with(routes: list[RouteContext]) -> None:
    open_work = get_args(Writing)[1].dependency
    reads = [route for route in routes if route.path not in OPEN and (route.methods or set()) <= {"GET", "HEAD"}]
    assert reads
    assert not [route.path for route in reads if _depends_on(route.dependant, open_work)]


def test_every_read_of_personal_records_says_whose_they_are(routes: list[RouteContext]) -> None:
    look, disclose = (get_args(reading)[1].dependency for reading in (Looking, Disclosing))
    guarded = [route for route in routes if route.path not in OPEN]
    silent = [route for route in guarded if _depends_on(route.dependant, look)]
    assert silent
    assert not [route.path for route in silent if route.path not in OWN and not set(route.tags) <= IMPERSONAL]
    telling = {route.name for route in guarded if _depends_on(route.dependant, disclose)}
    assert telling >= {"list_persons", "read_declaration", "list_screenings", "read_finding", "read_inquiry", "preview_declaration"}


def test_every_operation_is_told_in_both_languages(routes: list[RouteContext], tmp_path: Path) -> None:
    told = _service(tmp_path).state.summaries
    assert {route.name for route in routes if hasattr(route, "operation_id") and route.include_in_schema} <= set(told)
    assert not [name for name, words in told.items() if words.zh.isascii() or not words.en.isascii()]


def test_the_published_openapi_is_the_code_s(tmp_path: Path) -> None:
    published = json.loads((ROOT / "openapi" / "openapi.json").read_text(encoding="utf-8"))
    generated = json.loads(json.dumps(_service(tmp_path).openapi()))
    assert published == generated, "openapi/openapi.json is out of date; run: qinqing export-openapi"


def test_the_rulebook_to_read_is_the_law_that_judges() -> None:
    published = (ROOT / "docs" / "rulebook.md").read_text(encoding="utf-8")
    assert published == written(Book(CHAPTERS)), "docs/rulebook.md is out of date; run: qinqing export-rulebook"


def test_every_operation_is_named_like_its_function_and_described(routes: list[RouteContext]) -> None:
    operations = [route for route in routes if hasattr(route, "operation_id") and route.include_in_schema]
    names = [route.name for route in operations]
    assert len(names) == len(set(names))
    assert not [route.name for route in operations if not route.summary or not route.description or not route.tags]


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented_with_its_default(name: str) -> None:
    default = Settings.model_fields[name].default
    shown = "none" if default is None else str(default)
    assert re.search(rf"^\| `QINQING_{name.upper()}` \| `?{re.escape(shown)}`? \|", OPERATIONS, re.MULTILINE)


def test_no_setting_is_documented_that_does_not_exist() -> None:
    documented = set(re.findall(r"`QINQING_([A-Z_]+)`", OPERATIONS))
    assert documented == {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("scope", list(Scope))
def test_every_scope_is_documented(scope: Scope) -> None:
    assert f"| `{scope}` |" in OPERATIONS


def _commands(command: Any, path: str = "qinqing") -> Iterator[str]:
    """The full names of a command line's commands."""
    below = getattr(command, "commands", {})
    if not below:
        yield path
    for name, part in below.items():
        yield from _commands(part, f"{path} {name}")


def test_every_command_is_documented_and_no_other() -> None:
    documented = re.findall(r"^\| `(qinqing [a-z -]+)` \|", OPERATIONS, re.MULTILINE)
    assert sorted(documented) == sorted(_commands(typer.main.get_command(cli)))


@pytest.mark.parametrize("document", DOCUMENTS, ids=_place)
def test_every_file_that_a_document_names_exists(document: Path) -> None:
    named = re.findall(r"`((?:\.ci|app|docs|migrations|openapi|requirements|tests)/[\w./-]*)`", document.read_text(encoding="utf-8"))
    linked = re.findall(r"\]\(([\w./-]+)\)", document.read_text(encoding="utf-8"))
    missing = [name for name in named if not (ROOT / name).exists()] + [name for name in linked if not (document.parent / name).exists()]
    assert not missing


def test_no_file_has_outgrown_itself() -> None:
    assert not [_place(file) for file in CODE if len(file.read_text(encoding="utf-8").splitlines()) > 350]


def test_nothing_is_left_for_later() -> None:
    later = re.compile("TO" + "DO|FIX" + "ME")
    tests = sorted((ROOT / "tests").rglob("*.py"))
    assert not [_place(file) for file in [*CODE, *tests] if later.search(file.read_text(encoding="utf-8"))]
