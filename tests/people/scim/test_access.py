"""Who may ask SCIM for what, what is written down of it, and how refusals are said."""

import httpx
import pytest
from fastapi import FastAPI

from tests.conftest import Make

from .asking import BASE, MEDIA, Hr, bulk, group, patch, user
from .conftest import Hiring

ONE = "01998b7c-0000-7000-8000-000000000000"
READS = ["", "/Users", "/Groups", f"/Users/{ONE}", f"/Groups/{ONE}"]
DESCRIBED = ["/ServiceProviderConfig", "/ResourceTypes", "/ResourceTypes/User", "/Schemas"]


@pytest.mark.parametrize("path", [*READS, *DESCRIBED, "/Me"])
async def test_nobody_unknown_is_answered(client: httpx.AsyncClient, path: str) -> None:
    for headers in ({}, {"Authorization": "Bearer qq_wrong"}):
        answer = await client.get(BASE + path, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["content-type"] == MEDIA
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert answer.json()["status"] == "401"


async def test_a_scope_that_is_missing_is_named(hr_of: Hiring, make_unit: Make) -> None:
    unit = await make_unit()
    reader, stranger = await hr_of("people:read"), await hr_of("declarations:read")
    assert "people:write" in (await reader.ask("POST", "/Users", user(unit), status=403))["detail"]
    for method, path in (("PUT", f"/Users/{ONE}"), ("PATCH", f"/Groups/{ONE}"), ("DELETE", f"/Users/{ONE}"), ("POST", "/Bulk")):
        await reader.ask(method, path, bulk() if path == "/Bulk" else patch(), status=403)
    for path in READS:
        assert "people:read" in (await stranger.get(path, status=403))["detail"]
    await stranger.ask("POST", "/.search", {"schemas": []}, status=403)
    for path in DESCRIBED:
        await stranger.get(path)


async def test_a_person_reads_oneself(hr: Hr, hr_of: Hiring, make_unit: Make) -> None:
    made = await hr.post("/Users", user(await make_unit()))
    mine = await hr_of("declarations:write", person=made["id"])
    me = await mine.get("/Me")
    assert me == made
    assert await mine.get("/Me", params={"attributes": "title,userName"}) == {
        "schemas": made["schemas"][:1],
        "id": made["id"],
        "userName": "E1",
    }
    await mine.get(f"/Users/{made['id']}", status=403)
    await mine.ask("PATCH", "/Me", patch({"op": "replace", "path": "title", "value": "x"}), status=405)
    assert "/Users" in (await hr.get("/Me", status=404))["detail"]


async def test_who_was_shown_is_written_down(
    hr: Hr, hr_of: Hiring, client: httpx.AsyncClient, as_root: dict[str, str], make_unit: Make
) -> None:
    unit, empty = await make_unit(), await make_unit()
    made = [await hr.post("/Users", user(unit, number)) for number in ("E1", "E2")]
    await hr.get("/Users")
    await hr.ask("POST", "/Users/.search", {"schemas": [], "filter": 'userName eq "E1"'})
    await hr.get(f"/Users/{made[1]['id']}")
    await hr.get(f"/Groups/{unit['id']}")
    await hr.get(f"/Groups/{unit['id']}", params={"excludedAttributes": "members"})
    await hr.get(f"/Groups/{empty['id']}")
    await hr.get("/Users/01998b7c-0000-7000-8000-000000000000", status=404)
    told = (await client.get("/v1/accesses", headers=as_root)).json()["items"]
    assert [(one["operation"], len(one["persons"])) for one in reversed(told)] == [
        ("list_scim_users", 2),
        ("search_scim_users", 1),
        ("read_scim_user", 1),
        ("read_scim_group", 2),
    ]
    own = await hr_of("declarations:write", person=made[0]["id"])
    seen = (await client.get("/v1/me/accesses", headers=own.headers)).json()["items"]
    assert len(seen) == 3


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/Nothing", 404),
        ("GET", "/Users/", 404),
        ("GET", "/Users/a/b", 404),
        ("GET", "/Users/%2e%2e", 404),
        ("GET", "/Users/' or 1=1", 404),
        ("GET", "/Users/%00", 404),
        ("GET", f"/Users/{'9' * 3000}", 404),
        ("GET", "/Schemas/urn:x", 404),
        ("GET", "/ResourceTypes/Device", 404),
        ("GET", f"/Users/{ONE}", 404),
        ("GET", "/Users/.search", 405),
        ("GET", "/Bulk", 405),
        ("PUT", "/Users", 405),
        ("DELETE", "/Groups", 405),
        ("POST", "/Schemas", 405),
        ("POST", "/Me", 405),
    ],
)
async def test_what_is_not_there_is_said_in_scim(hr: Hr, method: str, path: str, status: int) -> None:
    refused = await hr.ask(method, path, status=status)
    assert refused["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    assert refused["status"] == str(status)


async def test_other_media_are_refused(hr: Hr) -> None:
    refused = await hr.ask("POST", "/Groups", group(), headers={"Content-Type": "text/xml"}, status=415)
    assert refused["status"] == "415"


async def test_discovery_is_not_filtered(hr: Hr) -> None:
    for path in DESCRIBED:
        await hr.get(path, params={"filter": 'id eq "x"'}, status=403)


async def test_what_is_published_is_what_is_kept(hr: Hr) -> None:
    service = await hr.get("/ServiceProviderConfig")
    assert {name: service[name]["supported"] for name in ("patch", "bulk", "filter", "sort", "etag", "changePassword")} == {
        "patch": True,
        "bulk": True,
        "filter": True,
        "sort": True,
        "etag": True,
        "changePassword": False,
    }
    assert service["authenticationSchemes"][0]["type"] == "oauthbearertoken"
    assert service["pagination"]["cursor"] is True
    types = (await hr.get("/ResourceTypes"))["Resources"]
    assert {one["name"]: [each["required"] for each in one["schemaExtensions"]] for one in types} == {
        "User": [False, True],
        "Group": [False],
    }
    for schema in (await hr.get("/Schemas"))["Resources"]:
        assert await hr.get(f"/Schemas/{schema['id']}") == schema
        assert all(not attribute["description"].isascii() for attribute in schema["attributes"])


async def test_a_request_sent_again_with_its_key_is_done_once(hr: Hr, make_unit: Make) -> None:
    body, key = user(await make_unit()), {"Idempotency-Key": "same"}
    first = await hr.client.post(f"{BASE}/Users", json=body, headers={**hr.headers, **key})
    again = await hr.client.post(f"{BASE}/Users", json=body, headers={**hr.headers, **key})
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert again.headers["location"] == first.headers["location"]


async def test_the_doors_are_described(app: FastAPI) -> None:
    paths = app.openapi()["paths"]
    post = paths[f"{BASE}/Users"]["post"]
    assert set(post["requestBody"]["content"]) == {MEDIA}
    assert set(post["responses"]) == {"201", "400", "401", "403", "404", "409", "413", "415", "default"}
    for methods in (methods for path, methods in paths.items() if path.startswith(BASE)):
        for operation in methods.values():
            assert all(set(told.get("content", {MEDIA: 0})) == {MEDIA} for told in operation["responses"].values())
