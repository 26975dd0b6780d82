"""Who is told what: nothing that the commission alone may know leaves by somebody else's webhook, and nothing beyond a unit."""

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import select

from app.ledger.sealing import sealed_lines
from app.ledger.unit_of_work import reading
from app.webhooks.models import webhook
from tests.screening.declaring import Headers, Office, gift, meal

from .receiving import Receiver, listening
from .subscribing import PATH, Exchange, eventually

MakeKey = Callable[..., Awaitable[str]]


@pytest.fixture
def calling(make_key: MakeKey) -> Callable[..., Awaitable[Headers]]:
    """`await calling(*scopes, unit=, person=)`: the headers of such a caller."""

    async def make(*scopes: str, **over: object) -> Headers:
        return {"Authorization": f"Bearer {await make_key(*scopes, **over)}"}

    return make


Calling = Callable[..., Awaitable[Headers]]


async def settled(exchange: Exchange, office: Office, *receivers: Receiver) -> None:
    """Everything so far has been told: all of them have taken a last change of the bureau, and what came with it is written down."""
    path = f"/v1/units/{office.bureau['id']}"
    await exchange.client.patch(path, json={"name": "最后"}, headers={**exchange.root, "If-Match": "*"})
    await exchange.seal()
    urls = [receiver.url for receiver in receivers]

    async def all_told() -> bool | None:
        async with reading(exchange.database) as view:
            behind = select(webhook.c.id).where(webhook.c.url.in_(urls), webhook.c.position < await sealed_lines(view))
            return True if await view.connection.scalar(behind) is None else None

    await eventually(all_told)


@pytest.mark.parametrize("scopes", [("admin",), ("admin", "people:read", "people:write", "audit:read")])
async def test_who_is_not_of_the_commission_is_told_nothing_of_an_inquiry_and_what_comes_of_it(
    exchange: Exchange, receiver: Receiver, office: Office, calling: Calling, scopes: tuple[str, ...]
) -> None:
    filed = await office.file(gift("2026-01-05"), by=office.declarant)
    await exchange.subscribe(receiver, "declaration.*", "person.*", "unit.changed", by=await calling(*scopes))
    async with listening() as commission:
        await exchange.subscribe(commission, "*")
        exchange.start()
        await office.inquire("2026-01-10")
        found = await office.discover(gift("2026-02-05"))
        await settled(exchange, office, receiver, commission)
        assert receiver.types() == ["unit.changed"]
        told = set(commission.types())
        assert {"inquiry.opened", "declaration.submitted", "declaration.screened"} <= told
        subjects = {one.data["subject"] for one in commission.received}
        assert {found["id"], filed["id"]} <= subjects
        assert office.official["id"] not in str([one.body for one in commission.received if one.json["type"].startswith("inquiry")])


async def test_a_commission_s_key_that_speaks_for_a_person_is_told_no_more_than_others(
    exchange: Exchange, receiver: Receiver, office: Office, calling: Calling
) -> None:
    member = await calling("declarations:read", "reviews:write", "people:read", person=office.official, unit=office.city)
    await exchange.subscribe(receiver, "*", by=member)
    exchange.start()
    await office.file(gift("2026-01-05"), by=office.declarant)
    await office.inquire("2026-01-10")
    await office.discover(meal("2026-02-05"), "meal")
    await settled(exchange, office, receiver)
    assert sorted(receiver.types()) == ["declaration.screened", "declaration.submitted", "unit.changed"]


@pytest.mark.parametrize("topic", ["inquiry.opened", "inquiry.*", "review.*", "finding.raised", "record.read"])
async def test_confidential_topics_are_for_offices_with_their_scopes_alone(
    exchange: Exchange, receiver: Receiver, office: Office, calling: Calling, topic: str
) -> None:
    body = {"url": receiver.url, "topics": [topic]}
    operator = await exchange.client.post(PATH, json=body, headers=await calling("admin"))
    assert (operator.status_code, operator.json()["code"]) == (403, "scope-missing")
    scopes = ("declarations:read", "reviews:write", "audit:read", "admin")
    personal = await exchange.client.post(PATH, json=body, headers=await calling(*scopes, person=office.official))
    assert personal.status_code == 422
    assert personal.json()["errors"][0]["code"] == "topic-confidential"
    office_key = await exchange.client.post(PATH, json=body, headers=await calling(*scopes))
    assert office_key.status_code == 201


async def test_a_webhook_of_a_unit_is_told_of_that_unit_alone(exchange: Exchange, office: Office, calling: Calling) -> None:
    async with listening() as bureau, listening() as sister, listening() as city:
        for receiver, unit in ((bureau, office.bureau), (sister, office.sister), (city, office.city)):
            key = await calling("admin", "declarations:read", "reviews:write", unit=unit)
            made = await exchange.subscribe(receiver, "*", by=key)
            assert made["unit"] == unit["id"]
        exchange.start()
        filed = await office.file(gift("2026-01-05"), by=office.declarant)
        await office.inquire("2026-01-10")
        await settled(exchange, office, bureau, city)
        assert filed["id"] in {one.data["subject"] for one in bureau.received}
        assert {"inquiry.opened", "review.opened"} <= set(bureau.types())
        own = {one.id for one in bureau.received if one.json["type"] != "webhook.created"}
        assert own <= {one.id for one in city.received}
        assert set(sister.types()) <= {"webhook.created"}


async def test_what_stands_in_no_unit_needs_a_webhook_of_the_whole_register(
    exchange: Exchange, receiver: Receiver, office: Office, calling: Calling
) -> None:
    by = await calling("people:read", unit=office.bureau)
    answer = await exchange.client.post(PATH, json={"url": receiver.url, "topics": ["counterparty.*"]}, headers=by)
    assert answer.json()["errors"][0]["code"] == "topic-without-unit"


async def test_drafts_are_told_to_nobody(exchange: Exchange, receiver: Receiver, office: Office) -> None:
    await exchange.subscribe(receiver, "*")
    exchange.start()
    await office.file(meal("2026-10-05"), "meal", by=office.declarant, status="draft")
    await settled(exchange, office, receiver)
    assert not [one for one in receiver.types() if one.startswith("declaration")]
    answer = await exchange.client.post(PATH, json={"url": receiver.url, "topics": ["declaration.drafted"]}, headers=exchange.root)
    assert answer.json()["errors"][0]["code"] == "topic-unknown"


async def test_an_operator_without_the_commission_s_scopes_sees_and_ends_its_webhook_but_neither_turns_nor_reads_it(
    exchange: Exchange, receiver: Receiver, office: Office, calling: Calling
) -> None:
    made = await exchange.subscribe(receiver, "declaration.*")
    del office
    operator = await calling("admin")
    assert (await exchange.get(f"{PATH}/{made['id']}", operator))["url"] == receiver.url
    path = f"{PATH}/{made['id']}"
    assert (await exchange.get(f"{path}/deliveries", operator, 403))["code"] == "scope-missing"
    assert (await exchange.patch(made, operator, 403, url=f"{receiver.url}&elsewhere=1"))["code"] == "scope-missing"
    for act, body in (("secret", None), ("ping", None), ("replay", {"from_position": 0})):
        assert (await exchange.post(f"{path}/{act}", body, operator, 403))["code"] == "scope-missing"
    gone = await exchange.client.delete(path, headers={**operator, "If-Match": "*"})
    assert gone.status_code == 204
    await exchange.get(path, expected=404)


async def test_who_did_not_make_it_and_is_no_operator_of_its_unit_does_not_see_it(
    exchange: Exchange, receiver: Receiver, office: Office, calling: Calling
) -> None:
    made = await exchange.subscribe(receiver, "person.*", unit=office.bureau["id"])
    for other in (await calling("people:read"), await calling("admin", unit=office.sister)):
        await exchange.get(f"{PATH}/{made['id']}", other, 404)
        assert (await exchange.get(PATH, other))["items"] == []
    assert len((await exchange.get(PATH, await calling("admin", unit=office.city)))["items"]) == 1


async def test_a_webhook_cannot_be_made_for_units_beyond_reach(
    exchange: Exchange, receiver: Receiver, office: Office, calling: Calling
) -> None:
    body = {"url": receiver.url, "topics": ["person.*"], "unit": office.sister["id"]}
    answer = await exchange.client.post(PATH, json=body, headers=await calling("people:read", unit=office.bureau))
    assert answer.json()["errors"][0]["code"] == "unit-unknown"
