"""The service keeps to its own OpenAPI: what schemathesis makes of the description is answered as the description says."""

import asyncio
import tomllib
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from fastapi import FastAPI
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema
from schemathesis.python import asgi

from app.access.caller import Scope
from app.attachments.uploading.protocol import MEDIA_TYPE
from app.kit import clock
from app.kit.selecting import PARAMETER
from app.ledger.sealing import Sealer
from app.main import close, create_app
from app.notices.raising import NoticePolicy, Raising
from app.settings import Settings

from .attachments.files import png
from .factories import Factory, insert_key

ROOT = Path(__file__).parent.parent
LOOPBACK = "127.0.0.0/8"
EXAMPLES = 4
"""How many requests fuzzing makes up for an operation; the phase before it tries every limit that the description states."""

schemathesis.serializer.alias(MEDIA_TYPE, "application/octet-stream")


@schemathesis.hook
def before_load_schema(_context: Any, raw_schema: dict[str, Any]) -> None:
    """An answer that is cut to some `fields` lacks the others, and the key of the examples stands for one request alone: both have tests of their own."""
    for methods in raw_schema["paths"].values():
        for operation in methods.values():
            kept = [one for one in operation.get("parameters", ()) if one["name"] not in (PARAMETER, "Idempotency-Key")]
            operation["parameters"] = kept


@pytest.fixture
def service(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[FastAPI]:
    """The service with its background work, as it runs on an embedded database; whatever name a webhook is given stands for this host."""

    async def here(*_: object) -> list[str]:
        return ["127.0.0.1"]

    monkeypatch.setattr("app.webhooks.addresses._resolved", here)
    yield create_app(Settings(database_url=sqlite_url, log_level="ERROR", webhook_allowed_networks=LOOPBACK))
    asgi.shutdown_lifespans()


@pytest.fixture
def configuration(sqlite_url: str) -> SchemathesisConfig:
    """The repository's own, for a register that is not empty; the same requests each time, and nothing kept on disk."""
    stated: dict[str, Any] = tomllib.loads((ROOT / "schemathesis.toml").read_text(encoding="utf-8"))
    stated["generation"] |= {"max-examples": EXAMPLES, "deterministic": True, "database": "none"}
    stated["cache"] = {"enabled": False}
    filled = asyncio.run(_fill(sqlite_url))
    return SchemathesisConfig.from_dict(stated | filled | {"operations": [*stated["operations"], *filled["operations"]]})


async def _fill(url: str) -> dict[str, Any]:
    """One record of each sort, as configuration: an official who may do everything, and what stands for path parameters."""
    app = create_app(Settings(database_url=url, webhook_allowed_networks=LOOPBACK))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        root = {"Authorization": f"Bearer {await insert_key(app.state.database, *Scope)}"}
        make = Factory(client, root)
        unit = await make.unit()
        official, other, party = await make.person(unit), await make.person(unit), await make.counterparty()
        by = {"Authorization": f"Bearer {await insert_key(app.state.database, *Scope, unit=unit, person=official)}"}

        async def post(path: str, body: dict[str, Any]) -> str:
            answer = await client.post(path, json=body, headers=by)
            assert answer.status_code == 201, answer.text
            return str(answer.json()["id"])

        raising = Raising(app.state.database, app.state.book, NoticePolicy())
        await raising.work_off()
        declared = [await post("/v1/declarations", example["value"]) for example in _examples(app, "/v1/declarations")]
        gone = await post("/v1/declarations", next(iter(_examples(app, "/v1/declarations")))["value"])
        draft = await post("/v1/declarations", {**next(iter(_examples(app, "/v1/declarations")))["value"], "status": "draft"})
        others = {"kind": "gift", "declarant": other["id"], "source": "hr"}
        theirs = await post("/v1/declarations", {**next(iter(_examples(app, "/v1/declarations")))["value"], **others})
        soon = str(clock.today() + timedelta(days=30))
        suspected = {
            "ban": 4,
            "level": "notice",
            "title": "须说明",
            "message": "须核实。",
            "basis": [{"instrument": "条例", "since": "2020-01-01"}],
        }
        hook = await post("/v1/webhooks", {"url": "http://127.0.0.1:9/", "topics": ["unit.*"]})
        file = {"of": "declarations", "format": "ndjson"}
        await Sealer(app.state.database, None).seal()
        await raising.work_off()
        led = await client.patch(f"/v1/units/{unit['id']}", json={"head": other["id"]}, headers={**by, "If-Match": "*"})
        assert led.status_code == 200, led.text
        asked = next(iter(_examples(app, "/v1/approvals")))["value"]
        ids = {
            "approval_id": await post("/v1/approvals", {**asked, "asked_of": "hr"}),
            "export_id": (await client.post("/v1/exports", json=file, headers=by)).json()["id"],
            "import_id": (await client.post("/v1/imports?of=people", content="工号\nE1".encode(), headers=by)).json()["id"],
            "finding_id": await post("/v1/findings", {"declaration": theirs, **suspected}),
            "webhook_id": hook,
            "notice_id": (await client.get("/v1/me/notices", headers=by)).json()["items"][0]["id"],
            "device_id": await post("/v1/me/devices", {"platform": "apns", "token": "d3adb33f" * 8}),
            "file": (await client.post("/v1/me/calendar", json={}, headers=by)).json()["path"][len("/v1/calendars/") :],
            "delivery_id": (await client.post(f"/v1/webhooks/{hook}/ping", headers=by)).json()["id"],
            "scim_user_id": (await make.person(unit))["id"],
            "scim_group_id": unit["id"],
            "urn": "urn:ietf:params:scim:schemas:core:2.0:User",
            "name": "User",
            "attachment_id": (await client.post(f"/v1/declarations/{declared[0]}/attachments", content=png(), headers=by)).json()["id"],
            "upload_id": (await begun(client, declared[0], by)).rpartition("/")[2],
            "unit_id": unit["id"],
            "person_id": official["id"],
            "counterparty_id": party["id"],
            "declaration_id": declared[0],
            "review_id": await post("/v1/reviews", {"person": other["id"], "kind": "gift", "text": "来信反映"}),
            "reviewer_id": await post("/v1/reviewers", {"person": other["id"], "unit": unit["id"]}),
            "snooze_id": await post(
                "/v1/snoozes", {"person": other["id"], "rule": "meal.alcohol", "until_on": soon, "comment": "另案核查"}
            ),
            "inquiry_id": await post("/v1/inquiries", {"person": other["id"], "opened_on": "2026-01-05", "reference": "核字第1号"}),
            "delegation_id": await post("/v1/delegations", {"delegate": other["id"], "from_on": "2026-01-05"}),
            "rate_id": await post("/v1/exchange-rates", {"currency": "EUR", "on": "2026-01-05", "rate": "8.1", "source": "外汇交易中心"}),
            "api_key_id": await post("/v1/api-keys", {"name": "将撤销", "scopes": ["people:read"], "unit": unit["id"]}),
            "line_id": (await client.get(f"/v1/declarations/{declared[0]}", headers=by)).json()["receipt"]["line"],
            "number": "000.p/1",
            "rule_id": "gift.cash-like",
            "limit_id": "gift.annual-cap",
        }
    await close(app)
    return {
        "headers": by,
        "parameters": {"header.If-Match": "*", **{f"path.{name}": value for name, value in ids.items()}},
        "operations": [
            {"include-path": "/v1/declarations/{declaration_id}/withdrawal", "parameters": {"path.declaration_id": gone}},
            {"include-path": "/v1/declarations/{declaration_id}/submission", "parameters": {"path.declaration_id": draft}},
            {
                "include-path": "/v1/imports",
                "include-method": "POST",
                "parameters": {"query.mapping": '{"currency": "GBP"}'},
            },  # JSON in text
            {"include-path": "/v1/previews", "phases": {"coverage": {"enabled": False}}},  # it takes the body of a declaration
            {"include-path": "/v1/approvals", "include-method": "POST", "phases": {"coverage": {"enabled": False}}},  # so does it
        ],
    }


async def begun(client: httpx.AsyncClient, declaration: str, by: dict[str, str]) -> str:
    """The address of an upload that waits for its first part."""
    answer = await client.post(f"/v1/declarations/{declaration}/uploads", headers={**by, "Tus-Resumable": "1.0.0", "Upload-Length": "8"})
    assert answer.status_code == 201, answer.text
    return answer.headers["location"]


def _examples(app: FastAPI, path: str) -> Iterable[dict[str, Any]]:
    examples: dict[str, dict[str, Any]] = app.openapi()["paths"][path]["post"]["requestBody"]["content"]["application/json"]["examples"]
    return examples.values()


def complaints(event: events.EngineEvent) -> Iterator[str]:
    """What is wrong according to one event."""
    if isinstance(event, events.ScenarioFinished):
        for checked in event.recorder.checks.values():
            for check in checked:
                if check.status is Status.FAILURE and check.failure_info:
                    yield f"{event.recorder.label}: {check.failure_info.failure}\n{check.failure_info.code_sample}"
    elif isinstance(event, events.NonFatalError):
        yield f"{event.label}: {event.value!r}"
    elif isinstance(event, events.FatalError):
        yield repr(event.exception)


def test_every_answer_is_one_that_the_description_foresees(service: FastAPI, configuration: SchemathesisConfig) -> None:
    schema = schemathesis.openapi.from_asgi("/openapi.json", service, config=configuration)
    told = list(from_schema(schema).execute())
    assert not [complaint for event in told for complaint in complaints(event)]
    scenarios = [event.recorder for event in told if isinstance(event, events.ScenarioFinished)]
    assert len({recorder.label for recorder in scenarios}) >= schema.statistic.operations.total
    done = {
        recorder.label
        for recorder in scenarios
        for sent in recorder.interactions.values()
        if sent.response and sent.response.status_code < 300
    }
    assert {"POST /v1/declarations", "GET /v1/declarations", "GET /v1/declarations/{declaration_id}", "POST /v1/previews"} <= done
    assert {"GET /v1/ledger/checkpoint", "GET /v1/ledger/lines", "GET /v1/ledger/lines/{line_id}"} <= done
    assert {"GET /scim/v2/Users", "GET /scim/v2/Groups/{scim_group_id}", "DELETE /scim/v2/Users/{scim_user_id}"} <= done
    assert {"GET /v1/reviews/{review_id}", "POST /v1/reviews/{review_id}/disposition"} <= done
    assert {"GET /v1/approvals", "GET /v1/approvals/{approval_id}"} <= done
    assert {"POST /v1/exports", "GET /v1/exports", "GET /v1/exports/{export_id}"} <= done
    assert {"POST /v1/imports", "GET /v1/imports", "GET /v1/imports/{import_id}", "GET /v1/imports/{import_id}/report"} <= done
    assert {"GET /v1/me/notices", "GET /v1/notices/{notice_id}", "POST /v1/me/calendar"} <= done
    assert {"GET /v1/findings/{finding_id}", "POST /v1/findings/{finding_id}/withdrawal"} <= done
