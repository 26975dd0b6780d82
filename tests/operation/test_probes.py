"""What orchestration and monitoring rely on."""

from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from app.kit.migrations import head
from app.ledger.sealing import Sealer
from app.main import create_app
from app.settings import Settings
from tests.conftest import Make
from tests.working import work_off


async def ask(settings: Settings, path: str, **headers: str) -> httpx.Response:
    service = create_app(settings)
    async with (
        service.router.lifespan_context(service),
        httpx.AsyncClient(transport=httpx.ASGITransport(service), base_url="http://test") as client,
    ):
        return await client.get(path, headers=headers)


async def test_a_living_process_says_so_without_asking_who_wants_to_know(client: httpx.AsyncClient) -> None:
    answer = await client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


async def test_a_ready_service_names_its_law_and_its_tables(client: httpx.AsyncClient, app: FastAPI) -> None:
    answer = await client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ready", "rulebook": app.state.book.version, "revision": head()}


async def test_a_database_that_nobody_migrated_is_not_ready(tmp_path: Path) -> None:
    answer = await ask(Settings(database_url=f"sqlite:///{tmp_path / 'new.sqlite3'}"), "/readyz")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "database-not-migrated"
    assert "qinqing migrate" in answer.json()["detail"]


@pytest.mark.parametrize("url", ["postgresql://nobody:secret@127.0.0.1:1/none", "sqlite:////nowhere/at/all.sqlite3"])
async def test_a_database_that_does_not_answer_is_not_ready(url: str) -> None:
    answer = await ask(Settings(database_url=url), "/readyz", **{"Accept-Language": "en"})
    assert answer.status_code == 503
    assert answer.json()["code"] == "database-unreachable"
    assert answer.json()["detail"] == "The database does not answer."
    assert answer.headers["retry-after"]


async def test_a_process_lives_without_its_database() -> None:
    answer = await ask(Settings(database_url="postgresql://nobody@127.0.0.1:1/none"), "/healthz")
    assert answer.status_code == 200


async def test_metrics_count_by_address_template_and_never_name_a_record(client: httpx.AsyncClient, as_root: dict[str, str]) -> None:
    key = "01a20b8c-34c0-7748-8eb7-5e7eab33df1a"
    await client.get(f"/v1/api-keys/{key}", headers=as_root)
    await client.get("/v1/no/such/张三")
    answer = await client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert 'qinqing_requests_total{method="GET",route="/v1/api-keys/{api_key_id}",status="404"} 1.0' in answer.text
    assert 'route="unmatched",status="404"' in answer.text
    assert "process_cpu_seconds_total" in answer.text
    assert key not in answer.text
    assert "张三" not in answer.text


async def test_metrics_tell_which_jobs_wait(
    app: FastAPI, client: httpx.AsyncClient, as_root: dict[str, str], make_unit: Make, make_person: Make
) -> None:
    async def waiting() -> list[str]:
        return [line for line in (await client.get("/metrics", headers=as_root)).text.splitlines() if line.startswith("qinqing_jobs{")]

    await make_person(await make_unit())
    assert await waiting() == ['qinqing_jobs{status="todo",task="personnel.follow"} 1.0']
    await work_off(app)
    assert await waiting() == []


async def test_metrics_tell_how_long_lines_wait_for_the_sealer(app: FastAPI, client: httpx.AsyncClient, as_root: dict[str, str]) -> None:
    async def metrics() -> dict[str, float]:
        told = (line.split(" ") for line in (await client.get("/metrics")).text.splitlines() if line.startswith("qinqing_ledger"))
        return {name: float(value) for name, value in told}

    await client.post("/v1/units", json={"name": "某局", "kind": "government"}, headers=as_root)
    waiting = await metrics()
    assert waiting["qinqing_ledger_unsealed_lines"] >= 1
    assert waiting["qinqing_ledger_unsealed_seconds"] > 0
    await Sealer(app.state.database, None).seal()
    assert await metrics() == {"qinqing_ledger_unsealed_lines": 0, "qinqing_ledger_unsealed_seconds": 0}


async def test_metrics_of_the_process_are_told_without_its_database() -> None:
    answer = await ask(Settings(database_url="postgresql://nobody@127.0.0.1:1/none"), "/metrics")
    assert answer.status_code == 200
    assert "qinqing_declarations_due NaN" in answer.text
