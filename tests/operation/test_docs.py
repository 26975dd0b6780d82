"""The documentation page works in a closed network and lets nothing else in."""

import re
from pathlib import Path

import httpx
import pytest


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """The page needs no database."""
    return f"sqlite:///{tmp_path / 'none.sqlite3'}"


async def test_the_page_and_all_that_it_asks_for_come_from_here(client: httpx.AsyncClient) -> None:
    page = await client.get("/docs")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    asked = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert asked
    for address in asked:
        if not address.startswith("data:"):
            assert "//" not in address
            assert (await client.get(f"/{address}")).status_code == 200


async def test_the_page_may_run_no_script_but_ours(client: httpx.AsyncClient) -> None:
    page = await client.get("/docs")
    policy = dict(directive.split(" ", 1) for directive in page.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert not re.search(r"<script(?![^>]*src=)|\son\w+=|javascript:", page.text)


async def test_the_page_shows_a_version_of_openapi_that_its_script_can_read(client: httpx.AsyncClient) -> None:
    version = (await client.get("/openapi.json")).json()["openapi"]
    assert version.startswith("3.1.")
    assert "openapi: 3.1.x" in (await client.get("/docs/assets/swagger-ui-bundle.js")).text


@pytest.mark.parametrize("name", ["nothing.js", "..%2fdocs.py", "%2e%2e%2f%2e%2e%2fmain.py"])
async def test_no_other_file_can_be_had(client: httpx.AsyncClient, name: str) -> None:
    assert (await client.get(f"/docs/assets/{name}")).status_code == 404


async def test_assets_are_kept_by_browsers_and_answers_of_the_register_are_not(client: httpx.AsyncClient) -> None:
    assert "max-age" in (await client.get("/docs/assets/start.js")).headers["cache-control"]
    assert (await client.get("/healthz")).headers["cache-control"] == "no-store"
