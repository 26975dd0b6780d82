"""Networks: who is in them, what joins them, and in which forms they come."""

from typing import Any
from xml.etree import ElementTree as ET

import pytest

from app.reports.networks import walk
from tests.factories import Factory
from tests.people.asking import faults_of
from tests.screening.declaring import Headers, Json, Office, gift, line, meal, stake

_XML = "{http://graphml.graphdrawing.org/xmlns}"


async def network(office: Office, by: Headers | None = None, **params: Any) -> Json:
    return await office.get("/v1/network", by or office.commission, **params)


def names(graph: Json) -> set[str]:
    return {node["label"] for node in graph["nodes"]}


def joined(graph: Json, sort: str) -> list[tuple[str, str]]:
    """The ends of the edges of a sort, by name."""
    named = {node["id"]: node["label"] for node in graph["nodes"]}
    return [(named[edge["source"]], named[edge["target"]]) for edge in graph["edges"] if edge["type"] == sort]


async def two_officials(office: Office, factory: Factory) -> tuple[Json, Json, Json]:
    """李明 took something of 甲公司, and with 王芳 of 乙公司, which 集团 owns."""
    holding = await factory.counterparty(name="集团")
    one = await factory.counterparty(name="甲公司")
    two = await factory.counterparty(
        name="乙公司", parents=[holding["id"]], relations=[{"unit": office.bureau["id"], "relation": "supervised_current"}]
    )
    other = await factory.person(office.sister, name="王芳")
    await office.file(gift("2026-10-18", line(worth="300.00"), giver={"id": one["id"]}))
    await office.file(gift("2026-10-01", line(worth="100.00"), giver={"id": two["id"]}))
    await office.file(gift("2026-10-02", line(worth="150.00"), giver={"id": two["id"]}))
    await office.file(meal("2026-10-03", host={"id": two["id"]}), "meal", declarant=other["id"])
    return one, two, other


async def test_from_a_counterparty_one_step_leads_to_its_officials_and_two_beyond(office: Office, factory: Factory) -> None:
    one, two, _ = await two_officials(office, factory)
    near = await network(office, counterparty=one["id"])
    assert names(near) == {"甲公司", "李明", "住建局"}
    far = await network(office, counterparty=one["id"], depth=2)
    assert names(far) == {"甲公司", "李明", "住建局", "乙公司", "集团"}
    assert sorted(joined(far, "declared")) == [("李明", "乙公司"), ("李明", "甲公司")]
    assert joined(far, "owns") == [("集团", "乙公司")]
    assert joined(far, "belongs_to") == [("李明", "住建局")]
    assert joined(far, "related") == [("乙公司", "住建局")]
    weight = next(edge for edge in far["edges"] if edge["target"] == two["id"] and edge["type"] == "declared")
    assert (weight["key"], weight["kind"], weight["declarations"], weight["worth"]) == ("declared:gift", "gift", 2, "250.00")
    assert (weight["first_on"], weight["last_on"]) == ("2026-10-01", "2026-10-02")


async def test_from_an_official_two_steps_lead_to_who_declared_of_the_same(office: Office, factory: Factory) -> None:
    await two_officials(office, factory)
    near = await network(office, person=office.official["id"])
    assert names(near) == {"甲公司", "乙公司", "集团", "李明", "住建局"}
    far = await network(office, person=office.official["id"], depth=2)
    assert names(far) == names(near) | {"王芳", "水务局"}
    assert ("王芳", "乙公司") in joined(far, "declared")


async def test_from_a_unit_and_within_days(office: Office, factory: Factory) -> None:
    await two_officials(office, factory)
    assert names(await network(office, unit=office.sister["id"])) == {"水务局", "王芳", "乙公司", "集团"}
    late = await network(office, unit=office.city["id"], occurred_from="2026-10-02", occurred_until="2026-10-04")
    assert {"甲公司"} & names(late) == set()
    assert sorted(joined(late, "declared")) == [("李明", "乙公司"), ("王芳", "乙公司")]


async def test_who_transferred_a_share_is_joined_as_its_issuer_is(office: Office, factory: Factory) -> None:
    issuer, seller = await factory.counterparty(name="青禾农业"), await factory.counterparty(name="绿源投资")
    for acquired_from in (seller, issuer):
        details = stake("2026-09-01", issuer={"id": issuer["id"]}, acquired_from={"id": acquired_from["id"]})
        await office.file(details, "shareholding")
    told = await network(office, person=office.official["id"])
    counts = {edge["target"]: edge["declarations"] for edge in told["edges"] if edge["type"] == "declared"}
    assert counts == {issuer["id"]: 2, seller["id"]: 1}


async def test_graphml_holds_the_same_nodes_and_edges(office: Office, factory: Factory) -> None:
    one, _, _ = await two_officials(office, factory)
    told = await network(office, counterparty=one["id"], depth=2)
    by_format = await office.client.get(
        "/v1/network", params={"counterparty": one["id"], "depth": 2, "format": "graphml"}, headers=office.commission
    )
    accepting = {**office.commission, "Accept": "application/graphml+xml"}
    by_accept = await office.client.get("/v1/network", params={"counterparty": one["id"], "depth": 2}, headers=accepting)
    assert by_format.content == by_accept.content
    assert by_accept.headers["content-type"].startswith("application/graphml+xml")
    root = ET.fromstring(by_accept.content)  # noqa: S314  # our own answer
    graph = root.find(f"{_XML}graph")
    assert graph is not None
    nodes = [node.get("id") for node in graph.findall(f"{_XML}node")]
    edges = [(edge.get("source"), edge.get("target")) for edge in graph.findall(f"{_XML}edge")]
    assert nodes == [node["id"] for node in told["nodes"]]
    assert edges == [(edge["source"], edge["target"]) for edge in told["edges"]]
    declared = {key.get("id"): key.get("attr.name") for key in root.findall(f"{_XML}key")}
    assert {data.get("key") for data in graph.iter(f"{_XML}data")} <= set(declared)
    types = {key.get("attr.name"): key.get("attr.type") for key in root.findall(f"{_XML}key") if key.get("for") == "edge"}
    assert (types["worth"], types["declarations"], types["label"]) == ("double", "int", "string")
    plain = {"Accept": "application/json", **office.commission}
    as_json = await office.client.get("/v1/network", params={"counterparty": one["id"], "format": "json"}, headers=plain)
    assert as_json.headers["content-type"] == "application/json"


async def test_more_than_can_be_drawn_is_cut_and_says_so(office: Office, factory: Factory, monkeypatch: pytest.MonkeyPatch) -> None:
    one, _, _ = await two_officials(office, factory)
    monkeypatch.setattr(walk, "MOST_NODES", 2)
    told = await network(office, counterparty=one["id"], depth=2)
    assert (told["graph"]["truncated"], names(told)) == (True, {"甲公司", "李明", "住建局"})
    assert "缩短日期" in told["graph"]["notice"]
    monkeypatch.setattr(walk, "MOST_NODES", 500)
    assert (await network(office, counterparty=one["id"]))["graph"] == {"depth": 1, "truncated": False, "notice": None}


async def test_nobody_finds_themselves_or_what_lies_beyond_their_units(office: Office, factory: Factory, make_key: Any) -> None:
    one, two, other = await two_officials(office, factory)
    own = {"Authorization": f"Bearer {await make_key('declarations:read', person=office.official, unit=office.city)}"}
    before = await network(office, own, counterparty=two["id"], depth=2)
    assert "李明" not in names(before)
    await office.discover(gift("2026-10-19", giver={"id": two["id"]}))
    assert await network(office, own, counterparty=two["id"], depth=2) == before
    assert joined(await network(office, own, person=office.official["id"]), "declared") == []
    assert names(await network(office, office.sister_commission, counterparty=two["id"], depth=2)) == {"乙公司", "集团", "王芳", "水务局"}
    for params in ({"person": office.official["id"]}, {"unit": office.bureau["id"]}, {"counterparty": other["id"]}):
        await office.get("/v1/network", office.sister_commission, 404, **params)
    assert names(await network(office, office.sister_commission, counterparty=one["id"])) == {"甲公司"}


@pytest.mark.parametrize("who", ["declarant", "hr"])
async def test_it_is_for_the_commission_alone(office: Office, who: str) -> None:
    assert (await office.get("/v1/network", getattr(office, who), 403, unit=office.city["id"]))["code"] == "scope-missing"


async def test_one_start_is_asked_for_and_one_alone(office: Office) -> None:
    key = office.city["id"]
    for query, pointers in (
        ("", ["/query/counterparty"]),
        (f"unit={key}&person={key}", ["/query/person", "/query/unit"]),
        (f"unit={key}&depth=3", ["/query/depth"]),
        (f"unit={key}&format=svg", ["/query/format"]),
    ):
        answer = await office.client.get(f"/v1/network?{query}", headers=office.commission)
        assert [found for found, _ in faults_of(answer)] == pointers, query
