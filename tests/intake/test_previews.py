"""May I accept this? The same body judged, nothing recorded."""

import re
from typing import NoReturn

import pytest

from app.kit.database import Database
from tests.bodies import FULL, KINDS, ago, filed, gift, item, meal, named, outside_post, yuan
from tests.conftest import Make

from .desk import PATH, Desk, faults, found, made, refusal, rows


@pytest.mark.parametrize("kind", KINDS)
async def test_a_preview_says_what_filing_would_say_and_records_nothing(desk: Desk, database: Database, kind: str) -> None:
    before = await rows(database)
    previewed = [await desk.preview(make()) for make in (KINDS[kind], FULL[kind])]
    assert await rows(database) == before
    for preview, make in zip(previewed, (KINDS[kind], FULL[kind]), strict=True):
        assert set(preview) == {"advice", "screening", "totals"}
        declared = await desk.filed(make())
        assert found(preview) == found(declared)
        assert preview["screening"]["outcome"] == declared["screening"]["outcome"]
        await desk.withdraw(declared)


async def test_a_preview_has_nothing_to_write_with(desk: Desk, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> NoReturn:
        raise AssertionError("a preview writes")

    monkeypatch.setattr(database, "writing", refuse)
    assert found(await desk.preview(gift(giver=named("从未听说的公司"))))["gift.not-surrendered"] == "notice"


async def test_what_one_thinks_of_accepting_may_lie_ahead(desk: Desk, database: Database) -> None:
    before = await rows(database)
    kept = item(category="prepaid_card", disposition={"action": "kept"})
    for body in (gift(received_on=ago(-30), items=[kept]), meal(occurred_on=ago(-1)), outside_post(from_on=ago(-365))):
        assert (await desk.preview(body))["screening"]["outcome"] in ("breach", "serious")
    assert faults(await desk.client.post("/v1/previews", json=gift(received_on="2024-02-30"), headers=desk.official))
    assert await rows(database) == before


async def test_a_preview_shows_what_the_year_s_sum_would_come_to_and_its_limit(desk: Desk) -> None:
    small = [item(worth=yuan("150.00"), disposition={"action": "consumed"})]
    for days in (1, 2, 3):
        await desk.filed(gift(received_on=f"2025-06-0{days}", relation="unrelated", items=small))
    preview = await desk.preview(gift(received_on="2025-06-30", relation="unrelated", items=small))
    total = next(total for total in preview["totals"] if total["id"] == "gift.annual-cap")
    assert {name: total[name] for name in ("before", "this", "after")} == {"before": "450.00", "this": "150.00", "after": "600.00"}
    limit = total["limits"][0]
    assert limit["value"] == "600"
    assert limit["instrument"]
    assert "gift.annual-cap" not in found(preview)
    more = await desk.preview(gift(received_on="2025-06-30", relation="unrelated", items=[{**small[0], "worth": yuan("150.01")}]))
    assert found(more)["gift.annual-cap"] == "breach"


async def test_a_preview_sums_over_what_was_filed_of_the_same_giver(desk: Desk, make_counterparty: Make) -> None:
    giver = {"id": (await make_counterparty())["id"]}
    card = item(category="prepaid_card", worth=yuan("9000.00"), disposition={"action": "kept"})
    await desk.filed(gift(giver=giver, items=[card]))
    preview = await desk.preview(gift(giver=giver, items=[{**card, "worth": yuan("21000.00")}]))
    assert found(preview)["combined.criminal-threshold"] == "refer"
    total = next(total for total in preview["totals"] if total["id"] == "combined.group")
    assert (total["before"], total["after"]) == ("9000.00", "30000.00")


async def test_a_preview_speaks_the_language_that_is_asked_for(desk: Desk) -> None:
    english = {**desk.official, "Accept-Language": "en"}
    preview = await desk.preview(gift(items=[item(description="tea")]), english)
    said = [shown["title"] + shown["message"] + shown["remedy"]["text"] for shown in preview["screening"]["findings"]]
    assert said
    assert not [words for words in said if re.search(r"[\u4e00-\u9fff]", words)]


async def test_a_preview_asks_for_the_same_rights_as_filing(desk: Desk, make_person: Make) -> None:
    colleague = await make_person(desk.unit)

    async def asked(body: dict[str, object], headers: dict[str, str]) -> tuple[int, str]:
        return refusal(await desk.client.post("/v1/previews", json=body, headers=headers))

    assert await asked(filed(gift(), declarant=colleague["id"]), desk.official) == (403, "scope-missing")
    assert await asked(filed(gift(), source="commission"), desk.official) == (403, "scope-missing")
    assert await asked(filed(gift(), declared_on=ago(1)), desk.official) == (403, "scope-missing")
    assert await asked(gift(), desk.hr) == (422, "invalid-request")
    ahead = filed(gift(), declarant=desk.person["id"], declared_on=ago(-1))
    assert faults(await desk.client.post("/v1/previews", json=ahead, headers=desk.hr)) == [("/declared_on", "day-in-the-future")]
    assert "screening" in await desk.preview(filed(gift(), declarant=colleague["id"]), desk.hr)


async def test_a_preview_tells_nothing_of_what_the_commission_keeps_to_itself(desk: Desk) -> None:
    handed_in = gift(received_on=ago(20), items=[item(disposition={"action": "surrendered", "on": ago(5), "receipt_number": "JJ-017"})])
    before = await desk.preview(handed_in)
    inquiry = {"person": desk.person["id"], "opened_on": ago(10), "reference": "案-1"}
    made(await desk.client.post("/v1/inquiries", json=inquiry, headers=desk.commission), 201)
    discovered = filed(gift(received_on=ago(25)), declarant=desk.person["id"], source="commission")
    await desk.filed(discovered, desk.commission)
    assert await desk.preview(handed_in) == before
    assert made(await desk.client.get(PATH, headers=desk.official))["items"] == []
