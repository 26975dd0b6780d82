"""Answers as small as one asks: cut to some fields, compressed, and left out where the reader has them already."""

import gzip
import json
from typing import Any

import pytest

from tests.bodies import filed, gift, item

from .desk import PATH, Desk, made


def _names(value: Any) -> set[str]:
    return set(value)


async def test_an_answer_has_the_fields_that_were_asked_for_and_no_others(desk: Desk) -> None:
    declared = await desk.filed(gift())
    read = made(await desk.client.get(f"{PATH}/{declared['id']}?fields=id,screening.outcome,details.items.worth", headers=desk.official))
    assert read == {
        "id": declared["id"],
        "details": {"items": [{"worth": declared["details"]["items"][0]["worth"]}]},
        "screening": {"outcome": declared["screening"]["outcome"]},
    }


async def test_a_list_is_cut_item_by_item_and_goes_on_all_the_same(desk: Desk) -> None:
    notes = [await desk.filed(filed(gift(), note=str(number))) for number in range(3)]
    answer = await desk.client.get(f"{PATH}?limit=2&fields=id,note", headers=desk.official)
    page = made(answer)
    assert page["items"] == [{"id": one["id"], "note": one["note"]} for one in notes[:0:-1]]
    assert page["next"]
    assert "fields=id%2Cnote" in answer.headers["link"]


async def test_what_is_filed_and_what_is_tried_can_be_cut_too(desk: Desk) -> None:
    answered = made(await desk.client.post(f"{PATH}?fields=id,receipt", json=gift(), headers=desk.official), 201)
    assert _names(answered) == {"id", "receipt"}
    tried = made(await desk.client.post("/v1/previews?fields=screening.outcome", json=gift(), headers=desk.official))
    assert _names(tried) == {"screening"}
    assert _names(tried["screening"]) == {"outcome"}


async def test_a_part_of_a_field_that_is_asked_for_whole_takes_nothing_away(desk: Desk) -> None:
    declared = await desk.filed(gift())
    for fields in ("screening,screening.outcome", "screening.outcome,screening"):
        read = made(await desk.client.get(f"{PATH}/{declared['id']}?fields={fields}", headers=desk.official))
        assert read == {"screening": declared["screening"]}


async def test_free_json_can_be_asked_into(desk: Desk) -> None:
    declared = await desk.filed(gift())
    read = made(await desk.client.get(f"{PATH}/{declared['id']}?fields=screening.findings.evidence.whatever", headers=desk.official))
    assert all(found == {"evidence": {}} for found in read["screening"]["findings"])


@pytest.mark.parametrize(
    ("path", "fields", "code", "named"),
    [
        (PATH, "idd", "field-unknown", "idd"),
        (PATH, "items", "field-unknown", "details"),
        (PATH, "details.items.worthh,id", "field-unknown", "worth_basis"),
        (PATH, "id.more", "field-unknown", "id.more"),
        (PATH, "", "fields-malformed", "screening.outcome"),
        (PATH, "id,,kind", "field-unknown", "kind"),
        ("/v1/me", "task", "field-unknown", "tasks"),
    ],
)
async def test_a_field_that_there_is_not_is_refused_with_those_that_there_are(
    desk: Desk, path: str, fields: str, code: str, named: str
) -> None:
    answer = await desk.client.get(f"{path}?fields={fields}", headers=desk.official)
    assert answer.status_code == 422
    (fault,) = answer.json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/query/fields", code)
    assert named in fault["message"]


async def test_who_has_it_already_is_told_so(desk: Desk) -> None:
    declared = await desk.filed(gift())
    first = await desk.look(declared)
    known = {**desk.official, "If-None-Match": first.headers["etag"]}
    again = await desk.look(declared, known)
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert first.headers["cache-control"] == again.headers["cache-control"] == "private, no-cache"
    assert {"Authorization", "Accept-Language"} <= set(again.headers["vary"].split(", "))
    assert (await desk.look(declared, {**known, "Accept-Language": "en"})).status_code == 200
    await desk.patch(declared, {"note": "另附说明"})
    assert (await desk.look(declared, known)).json()["note"] == "另附说明"


@pytest.mark.parametrize("address", [PATH, "/v1/me", "/v1/rules", "/v1/lists", "/v1/me/accesses"])
async def test_lists_and_what_has_no_version_are_not_sent_twice_either(desk: Desk, address: str) -> None:
    await desk.filed(gift())
    first = await desk.client.get(address, headers=desk.official)
    tag = first.headers["etag"]
    for said in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = await desk.client.get(address, headers={**desk.official, "If-None-Match": said})
        assert (again.status_code, again.content) == (304, b"")
    await desk.client.get(address, headers={**desk.official, "If-None-Match": '"other"'})
    assert first.status_code == 200


async def test_the_tag_that_filing_gave_is_the_one_of_the_read_and_starts_a_change(desk: Desk) -> None:
    answer = await desk.post(gift())
    declared, tag = made(answer, 201), answer.headers["etag"]
    assert (await desk.look(declared, {**desk.official, "If-None-Match": tag})).status_code == 304
    english = (await desk.look(declared, {**desk.official, "Accept-Language": "en"})).headers["etag"]
    assert english != tag
    assert (await desk.patch(declared, {"note": "一"}, match=english)).status_code == 200
    assert (await desk.patch(declared, {"note": "二"}, match=tag)).status_code == 412


async def test_a_long_answer_is_compressed_for_who_takes_that_under_a_tag_of_its_own(desk: Desk) -> None:
    for _ in range(5):
        await desk.filed(gift(items=[item() for _ in range(5)]))
    coded = {**desk.official, "Accept-Encoding": "gzip"}
    plain = await desk.client.get(PATH, headers={**desk.official, "Accept-Encoding": "identity"})
    async with desk.client.stream("GET", PATH, headers=coded) as answer:
        body = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["vary"]
    assert json.loads(gzip.decompress(body)) == plain.json()
    assert len(body) * 5 < len(plain.content)
    assert answer.headers["etag"] != plain.headers["etag"]
    again = await desk.client.get(PATH, headers={**coded, "If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    declared = plain.json()["items"][0]
    read = await desk.look(declared, coded)
    assert read.headers["content-encoding"] == "gzip"
    assert (await desk.patch(declared, {"note": "改"}, match=read.headers["etag"])).status_code == 200


async def test_a_short_answer_and_an_error_are_sent_as_they_are(desk: Desk) -> None:
    answer = await desk.client.get("/v1/me?fields=scopes", headers={**desk.official, "Accept-Encoding": "gzip"})
    assert "content-encoding" not in answer.headers
    assert (await desk.client.get(f"{PATH}/none", headers=desk.official)).headers["cache-control"] == "no-store"


async def test_who_has_lost_access_is_told_nothing_of_what_was_read(desk: Desk) -> None:
    declared = await desk.filed(gift())
    tag = (await desk.look(declared, desk.commission)).headers["etag"]
    answer = await desk.look(declared, {"Authorization": "Bearer qq_lost", "If-None-Match": tag})
    assert answer.status_code == 401


async def test_the_answer_to_a_retry_carries_the_tag_of_the_first(desk: Desk) -> None:
    body, headers = gift(), {**desk.official, "Idempotency-Key": "once"}
    first = await desk.client.post(f"{PATH}?fields=id", json=body, headers=headers)
    again = await desk.client.post(f"{PATH}?fields=id", json=body, headers=headers)
    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
    assert again.headers["idempotent-replayed"] == "true"


async def test_nobody_unknown_learns_what_is_wrong_with_a_query(desk: Desk) -> None:
    for query in ("fields=nothing", "kinds=gift", "limit=1&limit=2"):
        assert (await desk.client.get(f"{PATH}?{query}")).status_code == 401
        assert (await desk.client.get(f"{PATH}?{query}", headers=desk.official)).status_code == 422
