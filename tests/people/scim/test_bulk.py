"""Many operations in one request: each by itself, within limits that are told."""

from typing import Any

import httpx

from app.people.scim.resources import MOST_OPERATIONS
from tests.conftest import Make

from .asking import BASE, OFFICIAL, Hr, bulk, group, patch, user
from .conftest import Hiring


def _post(path: str, data: dict[str, Any], name: str = "x") -> dict[str, Any]:
    return {"method": "POST", "path": path, "bulkId": name, "data": data}


async def test_a_unit_and_its_people_are_pushed_at_once(hr: Hr) -> None:
    done = await hr.ask(
        "POST",
        "/Bulk",
        bulk(
            _post("/Users", user("bulkId:unit", "E1"), "one"),
            _post("/Users", user("bulkId:unit", "E2"), "two"),
            _post("/Groups", group("局", unit={"parent": "bulkId:top"}), "unit"),
            _post("/Groups", group("市"), "top"),
        ),
    )
    assert [one["status"] for one in done["Operations"]] == ["201"] * 4
    assert [one["bulkId"] for one in done["Operations"]] == ["one", "two", "unit", "top"]
    unit = done["Operations"][2]["location"].rpartition("/")[2]
    assert len((await hr.get(f"/Groups/{unit}"))["members"]) == 2


async def test_what_fails_leaves_the_rest_as_it_was_done(
    hr: Hr, client: httpx.AsyncClient, as_root: dict[str, str], make_unit: Make
) -> None:
    unit = await make_unit()
    kept = await hr.post("/Users", user(unit, "E0"))
    done = await hr.ask(
        "POST",
        "/Bulk",
        bulk(
            _post("/Users", user(unit, "E1"), "a"),
            _post("/Users", user(unit, "E1"), "b"),
            _post("/Users", user("nowhere", "E2"), "c"),
            {"method": "PATCH", "path": f"/Users/{kept['id']}", "data": patch({"op": "replace", "path": "title", "value": "处长"})},
            {"method": "PATCH", "path": f"/Users/{kept['id']}", "version": 'W/"1"', "data": patch({"op": "remove", "path": "title"})},
            {"method": "PUT", "path": f"/Users/{kept['id']}", "data": user(unit, "E0", displayName="李四")},
            {"method": "DELETE", "path": "/Users/01998b7c-0000-7000-8000-000000000000"},
            {"method": "DELETE", "path": f"/Users/{kept['id']}"},
            {"method": "DELETE", "path": "/Nothing/1"},
            {"method": "POST", "path": "/Me", "bulkId": "z", "data": user(unit, "E9")},
        ),
    )
    told = [(one["status"], one.get("response", {}).get("scimType")) for one in done["Operations"]]
    assert told == [
        ("201", None),
        ("409", "uniqueness"),
        ("400", "invalidValue"),
        ("200", None),
        ("412", None),
        ("200", None),
        ("404", None),
        ("204", None),
        ("404", None),
        ("400", "invalidValue"),
    ]
    assert done["Operations"][3]["version"] == 'W/"2"'
    assert "location" not in done["Operations"][1]
    assert [one["userName"] for one in (await hr.get("/Users"))["Resources"]] == ["E1"]
    person = (await client.get(f"/v1/persons/{kept['id']}", headers=as_root)).json()
    assert (person["name"], person["position"], person["left_on"] is not None) == ("李四", "处长", True)
    records = await client.get("/v1/ledger/checkpoint", headers=as_root)
    assert records.status_code < 500


async def test_a_request_stops_at_as_many_errors_as_the_client_accepts(hr: Hr, make_unit: Make) -> None:
    unit = await make_unit()
    wrong = [_post("/Users", user("nowhere", f"E{number}"), str(number)) for number in range(3)]
    done = await hr.ask("POST", "/Bulk", bulk(*wrong, _post("/Users", user(unit, "E9"), "last"), failOnErrors=2))
    assert [one["status"] for one in done["Operations"]] == ["400", "400"]
    assert (await hr.get("/Users"))["totalResults"] == 0


async def test_the_limits_are_those_that_the_service_tells(hr: Hr, make_unit: Make) -> None:
    told = (await hr.get("/ServiceProviderConfig"))["bulk"]
    assert told == {"supported": True, "maxOperations": MOST_OPERATIONS, "maxPayloadSize": 1_000_000}
    many = [{"method": "DELETE", "path": "/Users/x"}] * (MOST_OPERATIONS + 1)
    assert (await hr.ask("POST", "/Bulk", bulk(*many), status=413))["status"] == "413"
    huge = user(await make_unit(), displayName="长" * 400_000)
    refused = await hr.ask("POST", "/Users", huge, status=413)
    assert refused["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]


async def test_references_in_a_circle_are_refused(hr: Hr) -> None:
    done = await hr.ask(
        "POST",
        "/Bulk",
        bulk(
            _post("/Groups", group("甲", unit={"parent": "bulkId:b"}), "a"),
            _post("/Groups", group("乙", unit={"parent": "bulkId:a"}), "b"),
        ),
    )
    assert "409" in {one["status"] for one in done["Operations"]}


async def test_each_operation_is_held_to_what_the_caller_reaches(hr: Hr, hr_of: Hiring, make_unit: Make) -> None:
    mine, theirs = await make_unit(), await make_unit()
    stranger = await hr.post("/Users", user(theirs, "E1"))
    local = await hr_of("people:write", unit=mine)
    done = await local.ask(
        "POST",
        "/Bulk",
        bulk(
            {"method": "DELETE", "path": f"/Users/{stranger['id']}"},
            _post("/Users", user(theirs, "E2"), "a"),
            _post("/Users", user(mine, "E3"), "b"),
        ),
    )
    assert [one["status"] for one in done["Operations"]] == ["404", "400", "201"]
    reader = await hr_of("people:read", unit=mine)
    await reader.ask("POST", "/Bulk", bulk(_post("/Users", user(mine, "E4"))), status=403)


async def test_what_nobody_foresaw_is_an_error_of_one_operation_alone(hr: Hr, make_unit: Make) -> None:
    unit = await make_unit()
    answer = await hr.client.post(
        f"{BASE}/Bulk", content=b'{"schemas":[],"Operations":[{"method":"POST","path":"/Users","bulkId":"a","data":5}]}', headers=hr.headers
    )
    assert answer.status_code in (200, 400)
    done = await hr.ask("POST", "/Bulk", bulk(_post("/Users", {**user(unit), OFFICIAL: 5}, "a"), _post("/Users", user(unit, "E2"), "b")))
    assert [one["status"] for one in done["Operations"]] == ["400", "201"]
