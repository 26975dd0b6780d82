"""Counterparties from files."""

from tests.bodies import filed, gift, named
from tests.factories import credit_code

from .importing import Desk, Json, counts, faults, table

HEADINGS = ("企业名称", "类型", "统一社会信用代码", "别名", "国别", "母公司", "与单位关系")


async def registered(desk: Desk) -> dict[str, Json]:
    found = (await desk.get("/v1/counterparties?limit=200&registered=true"))["items"]
    return {one["name"]: one for one in found}


async def test_owners_may_stand_anywhere_and_relations_name_units(desk: Desk) -> None:
    unit = await desk.factory.unit(code="ZJ", name="某局")
    top, low = credit_code(), credit_code()
    file = table(
        HEADINGS,
        ("恒远建设有限公司", "企业", low, "恒远建设；恒建", "CN", top, "ZJ/管理和服务对象/2024-01-01; 某局/下属/2020-01-01/2020年12月31日"),
        ("李四", "个人", "", "", "", "", ""),
        ("恒远集团", "企业", top, "", "CN", "远方控股", ""),
        ("远方控股", "境外机构", "", "", "HK", "", ""),
    ).encode()
    for dry in (True, False):
        done = await desk.taken_in(file, "counterparties", dry_run=dry)
        assert (done["state"], counts(done)) == ("completed", (4, 0, 0, 0)), await desk.report(done)
        assert bool(await registered(desk)) is not dry
    found = await registered(desk)
    company = found["恒远建设有限公司"]
    assert company["parents"] == [found["恒远集团"]["id"]]
    assert found["恒远集团"]["parents"] == [found["远方控股"]["id"]]
    assert company["aliases"] == ["恒远建设", "恒建"]
    assert [(one["unit"], one["relation"], one["from_on"], one["until_on"]) for one in company["relations"]] == [
        (unit["id"], "supervised_current", "2024-01-01", None),
        (unit["id"], "subordinate", "2020-01-01", "2020-12-31"),
    ]
    again = await desk.taken_in(file, "counterparties")
    assert counts(again) == (0, 0, 4, 0)
    assert await registered(desk) == found


async def test_a_wrong_check_digit_is_told_by_column_beside_what_else_is_wrong(desk: Desk) -> None:
    right = credit_code()
    wrong = right[:-1] + ("1" if right[-1] != "1" else "2")
    done = await desk.taken_in(
        table(HEADINGS, ("甲", "企业", wrong, "", "XX", "", "没有的局/下属"), ("乙", "企业", right, "", "", "", "")).encode(),
        "counterparties",
    )
    assert counts(done) == (1, 0, 0, 1)
    lines = await desk.report(done)
    assert faults(lines) == [
        ("2", "证照号码", "identifier-check-digit"),
        ("2", "国家或地区", "region-unknown"),
        ("2", "与单位关系", "unit-unknown"),
    ]
    assert lines[0][4:] == ["甲", "企业", wrong, "", "XX", "", "没有的局/下属"]


async def test_a_file_changes_what_it_says_and_leaves_the_rest(desk: Desk) -> None:
    unit = await desk.factory.unit(code="ZJ")
    made = await desk.factory.counterparty(name="旧名", aliases=["老店"], relations=[{"unit": unit["id"], "relation": "subordinate"}])
    done = await desk.taken_in(table(("名称", "证照号码"), ("新名", made["identifier"])).encode(), "counterparties")
    assert counts(done) == (0, 1, 0, 0)
    now = await desk.get(f"/v1/counterparties/{made['id']}")
    assert (now["name"], now["aliases"]) == ("新名", ["老店", "旧名"])
    assert now["relations"] == made["relations"]
    emptied = await desk.taken_in(table(("名称", "与单位关系"), ("新名", "")).encode(), "counterparties")
    assert counts(emptied) == (0, 1, 0, 0)
    assert (await desk.get(f"/v1/counterparties/{made['id']}"))["relations"] == []


async def test_a_name_that_declarations_have_entered_keeps_its_id(desk: Desk) -> None:
    unit = await desk.factory.unit()
    declarant = await desk.factory.person(unit)
    answer = await desk.client.post(
        "/v1/declarations", json=filed(gift(giver=named("远航公司")), declarant=declarant["id"]), headers=dict(desk.root)
    )
    assert answer.status_code == 201, answer.text
    entered = answer.json()["details"]["giver"]
    known = (await desk.get("/v1/counterparties?registered=false"))["items"]
    done = await desk.taken_in(table(("名称", "类型"), ("远航公司", "企业")).encode(), "counterparties")
    assert counts(done) == (1, 0, 0, 0)
    assert [one["id"] for one in (await registered(desk)).values()] == [one["id"] for one in known]
    assert entered


async def test_owners_in_a_circle_are_told(desk: Desk) -> None:
    file = table(
        HEADINGS, ("甲", "企业", "", "", "", "乙", ""), ("乙", "企业", "", "", "", "甲", ""), ("丙", "企业", "", "", "", "某公司", "")
    ).encode()
    done = await desk.taken_in(file, "counterparties")
    assert counts(done) == (0, 0, 0, 3)
    assert [code for _, _, code in faults(await desk.report(done))] == ["rows-in-circle", "rows-in-circle", "counterparty-unknown"]
