"""One declaration: what it states, what was found, and how both came about."""

from app.kit import clock
from tests.screening.declaring import Office, finding, gift, line, meal, rules


async def test_a_declaration_reads_as_it_was_answered_when_filed(office: Office) -> None:
    body = {"kind": "gift", "details": gift("2026-10-18"), "client_reference": "HR-2026-17", "note": "会后收到"}
    filed = await office.client.post("/v1/declarations", json=body, headers=office.declarant)
    read = await office.client.get(filed.headers["location"], headers=office.declarant)
    assert (read.json(), read.headers["etag"]) == (filed.json(), filed.headers["etag"])
    assert {name: read.json()[name] for name in ("client_reference", "note", "status", "source", "revision", "declared_on")} == {
        "client_reference": "HR-2026-17", "note": "会后收到", "status": "submitted", "source": "self", "revision": 1, "declared_on": "2026-10-20",
    }  # fmt: skip
    assert read.json()["screening"]["judged_on"] == str(clock.today())
    assert (await office.get("/v1/rulebook", office.declarant))["version"] == read.json()["screening"]["rulebook_version"]


async def test_words_come_in_the_reader_s_language_and_facts_in_none(office: Office) -> None:
    filed = await office.file(gift("2026-10-18"), by=office.declarant)
    english = await office.read(filed, {**office.declarant, "Accept-Language": "en-GB,zh;q=0.5"})
    ours, theirs = finding(filed, "gift.not-surrendered"), finding(english, "gift.not-surrendered")
    for name in ("title", "message"):
        assert ours[name] != theirs[name]
        assert theirs[name].isascii() or "茶叶" in theirs[name]
    assert ours["remedy"]["text"] != theirs["remedy"]["text"]
    for name in ("id", "rule", "ban", "level", "evidence", "missing_facts", "confidential", "basis"):
        assert ours[name] == theirs[name]
    listed = (await office.get("/v1/declarations", {**office.declarant, "Accept-Language": "en"}))["items"]
    assert listed == [english]
    past = (await office.get(f"/v1/declarations/{filed['id']}/screenings", {**office.declarant, "Accept-Language": "en"}))["items"]
    assert past[0]["findings"] == english["screening"]["findings"]


async def test_a_draft_has_not_been_judged(office: Office) -> None:
    draft = await office.file(gift("2026-10-18"), by=office.declarant, status="draft")
    assert draft["screening"] is None
    assert (await office.get(f"/v1/declarations/{draft['id']}/screenings", office.declarant, count=True)) == {
        "items": [],
        "next": None,
        "count": 0,
    }
    assert [item["status"] for item in (await office.get(f"/v1/declarations/{draft['id']}/revisions", office.declarant))["items"]] == [
        "draft"
    ]


async def test_every_state_and_every_judgement_is_kept_newest_first(office: Office) -> None:
    filed = await office.file(gift("2026-10-18"), by=office.declarant)
    headers = {**office.declarant, "If-Match": await office.etag(filed, office.declarant)}
    path, handed_in = f"/v1/declarations/{filed['id']}", line(action="surrendered", on="2026-10-19", receipt_number="收字1号")
    amended = await office.client.patch(path, json={"details": {"items": [handed_in]}, "note": "已上交"}, headers=headers)
    assert rules(amended.json()) == {}
    headers["If-Match"] = amended.headers["etag"]
    assert (await office.client.post(f"{path}/withdrawal", json={"reason": "误报"}, headers=headers)).status_code == 200
    states = (await office.get(f"{path}/revisions", office.declarant))["items"]
    assert [(state["revision"], state["status"], state["note"]) for state in states] == [
        (3, "withdrawn", "已上交"), (2, "submitted", "已上交"), (1, "submitted", None),
    ]  # fmt: skip
    assert states[2]["details"] == filed["details"]
    judged = (await office.get(f"{path}/screenings", office.declarant))["items"]
    assert [(past["revision"], past["outcome"]) for past in judged] == [(2, "clear"), (1, "notice")]
    assert judged[1]["findings"] == filed["screening"]["findings"]


async def test_what_is_clear_says_so(office: Office) -> None:
    filed = await office.file(meal("2026-10-18"), "meal")
    assert (filed["screening"]["outcome"], filed["screening"]["findings"]) == ("clear", [])
    assert await office.found(office.commission, min_level="record") == []
