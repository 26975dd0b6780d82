"""Withdrawing: kept with its reason, counted no longer."""

from tests.bodies import ago, gift, named
from tests.tags import version

from .desk import PATH, Desk, faults, found, made, refusal


async def test_what_is_withdrawn_stays_on_record_with_its_reason(desk: Desk) -> None:
    declared = await desk.filed(gift())
    answer = await desk.withdraw(declared, match='"1"', reason="重复申报，以 OA-2026-0815 为准")
    withdrawn = made(answer)
    assert (withdrawn["status"], withdrawn["withdrawal_reason"]) == ("withdrawn", "重复申报，以 OA-2026-0815 为准")
    assert (withdrawn["revision"], version(answer)) == (2, 2)
    assert withdrawn["details"] == declared["details"]
    assert withdrawn["screening"] == declared["screening"]
    assert await desk.read(declared) == withdrawn
    assert await desk.read(declared, desk.commission) == withdrawn
    revisions = made(await desk.look(declared, below="/revisions"))["items"]
    assert [kept["status"] for kept in revisions] == ["withdrawn", "submitted"]
    assert [one["id"] for one in made(await desk.client.get(PATH, headers=desk.official))["items"]] == [declared["id"]]


async def test_what_is_withdrawn_is_no_longer_summed_over(desk: Desk) -> None:
    first = await desk.filed(gift(received_on=ago(20)))
    later = await desk.filed(gift(received_on=ago(10)))
    unrelated = await desk.filed(gift(received_on=ago(9), giver=named("乙公司")))
    assert found(later)["combined.split-or-repeated"] == "notice"
    await desk.withdraw(first)
    answer = await desk.look(later)
    assert "combined.split-or-repeated" not in found(answer.json())
    assert version(answer) == 2
    assert version(await desk.look(unrelated)) == 1
    after = await desk.filed(gift(received_on=ago(15)))
    assert "combined.split-or-repeated" not in found(after)


async def test_it_takes_a_reason(desk: Desk) -> None:
    declared = await desk.filed(gift())
    address, headers = f"{PATH}/{declared['id']}/withdrawal", {**desk.official, "If-Match": "*"}
    for body, code in (
        ({}, "missing"),
        ({"reason": None}, "string-type"),
        ({"reason": " "}, "text-blank"),
        ({"reason": "字" * 201}, "string-too-long"),
    ):
        assert faults(await desk.client.post(address, json=body, headers=headers)) == [("/reason", code)]
    answer = await desk.client.post(address, json={"reason": "重复", "by": "x"}, headers=headers)
    assert faults(answer) == [("/by", "extra-forbidden")]
    assert (await desk.read(declared))["status"] == "submitted"


async def test_what_is_withdrawn_does_not_change_any_more(desk: Desk) -> None:
    declared = await desk.filed(gift())
    blind = await desk.client.post(f"{PATH}/{declared['id']}/withdrawal", json={"reason": "重复"}, headers=desk.official)
    assert refusal(blind) == (428, "precondition-required")
    assert refusal(await desk.withdraw(declared, match='"2"')) == (412, "precondition-failed")
    await desk.withdraw(declared)
    for answer in (await desk.withdraw(declared), await desk.patch(declared, {"note": "?"})):
        assert refusal(answer) == (409, "declaration-withdrawn")
        assert "另行申报" in answer.json()["detail"]
    assert refusal(await desk.submit(declared)) == (409, "declaration-not-a-draft")
    assert refusal(await desk.withdraw(declared, match='"1"')) == (412, "precondition-failed")


async def test_nothing_that_was_declared_is_ever_erased_or_overwritten(desk: Desk) -> None:
    for declared in (await desk.filed(gift()), await desk.drafted(gift())):
        for method in ("DELETE", "PUT"):
            answer = await desk.client.request(method, f"{PATH}/{declared['id']}", headers={**desk.official, "If-Match": "*"})
            assert (refusal(answer), answer.headers["allow"]) == ((405, "method-not-allowed"), "GET, PATCH")
        assert await desk.read(declared) == declared
