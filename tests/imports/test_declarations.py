"""Declarations from files: read, filed and judged as if each had come to the desk."""

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest

from app.imports.declarations import DeclarationRows
from app.imports.tables import Outcome, Row, Run

from .importing import PEOPLE, Desk, Json, faults, person, table


class KilledError(BaseException):
    """The end of a worker."""


GIFT = {
    "工号": "E1",
    "收受日期": "2024年5月25日",
    "赠送人": "恒远建设有限公司",
    "与赠送人的关系": "管理和服务对象",
    "赠送人是否同时为亲属": "否",
    "是否在外地收受": "否",
    "收受或赠送": "收受",
    "国内交往或对外公务活动": "国内",
    "实际收受人": "本人",
    "事由": "端午",
    "送达方式": "快递",
    "是否在公开活动中统一发放": "否",
    "礼品名称": "龙井茶两盒",
    "类别": "礼品",
    "价值": "1,888.00",
    "估价依据": "市价",
    "处置情况": "上交",
    "处理日期": "2024.6.3",
    "申报日": "2024/6/1",
}


def gifts(*rows: dict[str, Any]) -> bytes:
    """A file of gifts, each as GIFT but for what is said."""
    full = [{**GIFT, **row} for row in rows]
    headings = list(dict.fromkeys(name for row in full for name in row))
    return table(headings, *([str(row.get(name, "")) for name in headings] for row in full)).encode()


async def declarations(desk: Desk, **asked: Any) -> list[Json]:
    """All declarations, oldest first."""
    query = "&".join(f"{name}={value}" for name, value in {"limit": 200, **asked}.items())
    return list(reversed((await desk.get(f"/v1/declarations?{query}"))["items"]))


def outcome(done: Json) -> dict[str, int]:
    """What became of rows, without noughts."""
    return {name: many for name, many in done["rows"].items() if name not in ("expected", "done") and many}


async def officials(desk: Desk, *numbers: str) -> list[Json]:
    unit = await desk.factory.unit(code="U-1", name="某局")
    return [await desk.factory.person(unit, employee_number=number, name=f"张{number}") for number in numbers or ("E1",)]


async def test_a_row_is_filed_and_judged_and_the_same_file_again_files_nothing(desk: Desk) -> None:
    (person,) = await officials(desk)
    file = gifts({})
    assert outcome(await desk.taken_in(file, "gift")) == {"created": 1}
    (filed,) = await declarations(desk)
    assert (filed["declarant"], filed["source"], filed["declared_on"], filed["status"]) == (person["id"], "hr", "2024-06-01", "submitted")
    details = filed["details"]
    assert (details["received_on"], details["giver"]["name"], details["relation"]) == (
        "2024-05-25",
        "恒远建设有限公司",
        "supervised_current",
    )
    assert (details["occasion"], details["channel"], details["received_away"]) == ("dragon_boat", "courier", False)
    (item,) = details["items"]
    assert (item["description"], item["category"], item["worth_basis"]) == ("龙井茶两盒", "goods", "market")
    assert item["worth"] == {"amount": "1888.00", "currency": "CNY"}
    assert (item["disposition"]["action"], item["disposition"]["on"]) == ("surrendered", "2024-06-03")
    assert filed["screening"]["rulebook_version"]
    by_hand = {"kind": "gift", "declarant": person["id"], "details": details, "declared_on": "2024-06-01", "source": "hr"}
    answer = await desk.client.post("/v1/previews", json=by_hand, headers=dict(desk.root))
    assert answer.status_code == 200, answer.text
    assert outcome(await desk.taken_in(file, "gift")) == {"unchanged": 1}
    assert outcome(await desk.taken_in(file, "gift", dry_run=True)) == {"unchanged": 1}
    assert await declarations(desk) == [filed]


async def test_what_is_found_is_taken_up_by_reviews(desk: Desk) -> None:
    await officials(desk)
    rows = [{"处置情况": "自留", "处理日期": "", "礼品名称": name} for name in ("茶叶", "白酒")]
    assert outcome(await desk.taken_in(gifts(*rows), "gift")) == {"created": 2}
    assert {one["screening"]["outcome"] for one in await declarations(desk)} <= {"breach", "serious"}
    reviews = (await desk.get("/v1/reviews"))["items"]
    assert len(reviews) == 1


async def test_a_dry_run_says_the_same_and_files_nothing(desk: Desk) -> None:
    await officials(desk)
    file = gifts({}, {}, {"价值": "50-80元"}, {"礼品名称": "Nil return", "赠送人": "", "价值": "", "收受日期": ""}, {"工号": "E9"})
    tried = await desk.taken_in(file, "gift", dry_run=True)
    assert await declarations(desk) == []
    done = await desk.taken_in(file, "gift")
    assert outcome(tried) == outcome(done) == {"created": 1, "unchanged": 1, "nil": 1, "failed": 2}
    assert (
        faults(await desk.report(tried))
        == faults(await desk.report(done))
        == [("4", "本项全部价值（含多次）", "amount-is-a-range"), ("6", "申报人工号", "person-unknown")]
    )


async def test_rows_that_share_a_reference_are_the_items_of_one_declaration(desk: Desk) -> None:
    await officials(desk)
    rows = [{"编号": "G-7", "礼品名称": name, "价值": worth} for name, worth in (("茶叶", "300"), ("白酒", "约500元"), ("画", "不详"))]
    done = await desk.taken_in(gifts(*rows, {"编号": "G-8"}), "gift")
    assert outcome(done) == {"created": 4}
    first, second = await declarations(desk)
    assert (first["client_reference"], second["client_reference"]) == ("G-7", "G-8")
    items = [(one["description"], one["worth"] and one["worth"]["amount"], one["worth_basis"]) for one in first["details"]["items"]]
    assert items == [("茶叶", "300.00", "market"), ("白酒", "500.00", "estimate"), ("画", None, "unknown")]
    assert "约500元" in first["note"]
    assert outcome(await desk.taken_in(gifts(*rows, {"编号": "G-8"}), "gift")) == {"unchanged": 4}
    other = await desk.taken_in(gifts({"编号": "G-7", "礼品名称": "玉"}), "gift")
    assert faults(await desk.report(other)) == [("2", "来件编号", "reference-taken")]


async def test_where_one_row_of_a_declaration_is_wrong_none_is_filed(desk: Desk) -> None:
    await officials(desk)
    rows = [
        {"编号": "G-7", "礼品名称": "茶叶"},
        {"编号": "G-7", "礼品名称": "白酒", "价值": "五百左右吧"},
        {"编号": "G-7", "礼品名称": "画", "事由": "中秋"},
    ]
    done = await desk.taken_in(gifts(*rows), "gift")
    assert await declarations(desk) == []
    assert faults(await desk.report(done)) == [
        ("2", "", "row-with-another"),
        ("3", "本项全部价值（含多次）", "amount-malformed"),
        ("4", "事由", "rows-disagree"),
    ]


async def test_items_stay_together_where_a_batch_would_end_between_them(desk: Desk, monkeypatch: Any) -> None:
    monkeypatch.setattr("app.imports.declarations.DeclarationRows.batch", 2)
    await officials(desk)
    rows = [{"编号": f"G-{number // 3}", "礼品名称": f"茶叶{number}"} for number in range(9)]
    assert outcome(await desk.taken_in(gifts(*rows), "gift")) == {"created": 9}
    assert [len(one["details"]["items"]) for one in await declarations(desk)] == [3, 3, 3]


async def test_a_fault_of_the_register_is_told_at_its_column(desk: Desk) -> None:
    await officials(desk)
    rows = [
        {"申报日": "2030-01-01"},
        {"礼品名称": "茶叶", "类别": ""},
        {"礼品名称": "酒", "赠送人统一社会信用代码": "91110000600037341M"},
        {"礼品名称": "画", "处理日期": "2020-01-01"},
        {"礼品名称": "扇", "赠送人": ""},
    ]
    done = await desk.taken_in(gifts(*rows), "gift")
    assert [(row, code) for row, _, code in faults(await desk.report(done))] == [
        ("2", "day-in-the-future"),
        ("3", "missing"),
        ("4", "identifier-check-digit"),
        ("5", "day-before-receipt"),
        ("6", "missing"),
    ]
    assert [column for _, column, _ in faults(await desk.report(done))] == [
        "申报日",
        "类别",
        "赠送人：统一社会信用代码或居民身份证号码",
        "处置日期",
        "赠送人",
    ]


async def test_a_declarant_is_found_by_a_name_that_one_person_alone_bears_in_the_unit(desk: Desk) -> None:
    above = await desk.factory.unit(code="A", name="市局")
    below = await desk.factory.unit(code="B", name="一科", parent=above["id"])
    other = await desk.factory.unit(code="C", name="另一局")
    person = await desk.factory.person(below, name="李娜")
    await desk.factory.person(other, name="李娜")
    await desk.factory.person(other, name="王芳", employee_number="E5")
    rows = [
        {"工号": "", "姓名": "李娜", "单位": "市局"},
        {"工号": "", "姓名": "李娜", "单位": "", "礼品名称": "酒"},
        {"工号": "", "姓名": "赵六", "单位": "", "礼品名称": "酒"},
        {"工号": "", "姓名": "李娜", "单位": "没有的局", "礼品名称": "酒"},
        {"工号": "E5", "姓名": "李娜", "礼品名称": "酒"},
        {"工号": "", "姓名": "", "礼品名称": "酒"},
    ]
    done = await desk.taken_in(gifts(*rows), "gift")
    assert [code for *_, code in faults(await desk.report(done))] == [
        "person-ambiguous",
        "person-unknown",
        "unit-unknown",
        "person-differs",
        "missing",
    ]
    assert [one["declarant"] for one in await declarations(desk)] == [person["id"]]


async def test_who_may_not_file_for_somebody_does_not_by_a_file(desk: Desk, make_key: Any) -> None:
    await officials(desk)
    elsewhere = await desk.factory.unit(name="别的局")
    hr = {"Authorization": f"Bearer {await make_key('declarations:file-for-others', unit=elsewhere)}"}
    done = await desk.taken_in(gifts({}), "gift", by=hr)
    assert faults(await desk.report(done, by=hr)) == [("2", "申报人工号", "person-unknown")]
    refused = await desk.post(gifts({}), "gift", by={"Authorization": f"Bearer {await make_key('people:write')}"})
    assert refused.status_code == 403
    mine = {"Authorization": f"Bearer {await make_key('declarations:file-for-others')}"}
    commission = await desk.taken_in(gifts({"来源": "纪检发现"}), "gift", by=mine)
    assert [code for *_, code in faults(await desk.report(commission, by=mine))] == ["scope-missing"]


async def test_every_kind_is_imported_from_its_own_template(desk: Desk) -> None:
    await officials(desk)
    for kind, rows in {
        "meal": {
            "用餐日期": "2024-05-25",
            "宴请方或接待单位": "某公司",
            "宴请方与本人职务的关系": "朋友",
            "对方是否同时为亲属": "否",
            "用餐性质": "私人",
            "场所类型": "餐馆",
        }
        | {
            "费用由谁承担": "AA",
            "酒水": "无",
            "是否提供香烟": "否",
            "是否有高档或野生保护动物菜肴": "否",
            "是否在检查、执法、评审期间": "否",
            "是否参加": "参加",
        },
        "activity": {
            "开始日期": "2024-05-25",
            "结束日期": "2024-05-26",
            "活动类型": "旅游",
            "安排方": "某公司",
            "安排方与本人职务的关系": "朋友",
            "对方是否同时为亲属": "否",
        }
        | {"费用由谁承担": "自费", "是否携带家属": "否", "是否过夜": "是", "是否包含观光游览": "是", "是否参加": "参加"},
        "loan": {
            "借入或借出": "借入",
            "标的": "资金",
            "对方": "赵六",
            "与对方的关系": "朋友",
            "对方是否同时为亲属": "否",
            "起始日": "2024-05-25",
            "本金": "5万元",
            "年利率": "3.5%",
        }
        | {"费用是否由对方承担": "否"},
        "family_event": {
            "举办日期": "2024-05-25",
            "事宜类型": "婚礼",
            "是否分多处、多次举办": "否",
            "是否使用公务用车": "否",
            "实际桌数": "12桌",
        },
        "shareholding": {
            "所投资的企业或发行人": "某股份公司",
            "类型": "股票",
            "持有人": "配偶",
            "持有人在企业的职务或身份": "无",
            "取得日期": "2021-03-15",
            "取得方式": "购买",
        }
        | {"是否拒不按要求处置": "否", "持股比例": "0.5", "报告所属年度": "2023", "是否已填报": "是"},
        "outside_post": {
            "兼职单位": "某学会",
            "单位性质": "协会",
            "职务名称": "理事",
            "职务类型": "理事",
            "任职人": "本人",
            "是否实际工作": "是",
            "开始日期": "2024-05-25",
        }
        | {
            "年度报酬合计": "0",
            "是否取得股权": "否",
            "是否由本单位委派": "否",
            "是否征得组织部门同意": "是",
            "是否属于专业技术人员兼职创新或在职创办企业": "否",
            "是否任职": "任职",
        },
    }.items():
        full = {"工号": "E1", **rows}
        file = table(list(full), list(full.values())).encode()
        done = await desk.taken_in(file, kind)
        assert outcome(done) == {"created": 1}, (kind, await desk.report(done))
        assert outcome(await desk.taken_in(file, kind)) == {"unchanged": 1}
        (filed,) = await declarations(desk, kind=kind)
        assert filed["kind"] == kind


async def test_what_the_headings_words_and_silences_of_a_file_stand_for_is_said_beside_it(desk: Desk) -> None:
    await officials(desk)
    mapping = {
        "columns": {
            "Who": "declarant.employee_number",
            "Gift": "items.description",
            "Given by": "giver.name",
            "When": "received_on",
            "Fate": "items.disposition.action",
            "Over £140": None,
        },
        "defaults": {
            "relation": "foreign_counterpart",
            "also_kin": False,
            "received_away": False,
            "direction": "received",
            "setting": "foreign_affairs",
            "receiver": "self",
            "occasion": "visit",
            "channel": "in_person",
            "public_event": False,
            "items.category": "goods",
            "items.worth_basis": "estimate",
        },
        "words": {"items.disposition.action": {"Purchased by the official": "kept"}},
        "currency": "GBP",
    }
    rows = [
        ["Who", "When", "Gift", "Given by", "Value (£)", "Over £140", "Fate"],
        ["E1", "03/02/2023", "Vase", "Foreign ministry", "250", "Yes", "Purchased by the official"],
        ["E1", "28/02/2023", "Book", "Foreign ministry", "N/A", "No", "Held by Department"],
    ]
    done = await desk.taken_in(table(*rows).encode(), "gift", mapping=json.dumps(mapping))
    assert outcome(done) == {"created": 2}, await desk.report(done)
    assert done["mapping"]["currency"] == "GBP"
    first, second = await declarations(desk)
    assert (first["details"]["received_on"], second["details"]["received_on"]) == ("2023-02-03", "2023-02-28")
    assert first["details"]["items"][0]["worth"] == {"amount": "250.00", "currency": "GBP"}
    assert [one["details"]["items"][0]["disposition"]["action"] for one in (first, second)] == ["kept", "surrendered"]
    assert (second["details"]["items"][0]["worth"], second["details"]["items"][0]["worth_basis"]) == (None, "unknown")


async def test_a_mapping_that_speaks_of_no_column_is_refused(desk: Desk) -> None:
    wrong = {"columns": {"Gift": "items.colour"}, "defaults": {"size": "1"}, "words": {"giver.name": {"x": "y"}}}
    answer = await desk.post(gifts({}), "gift", mapping=json.dumps(wrong))
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [
        ("/query/mapping/columns/Gift", "column-unknown"),
        ("/query/mapping/defaults/size", "column-unknown"),
    ]
    for mapping, code in (("{", "json-invalid"), ('{"size": 1}', "extra-forbidden"), ('{"currency": "ABC"}', "currency-unknown")):
        answer = await desk.post(gifts({}), "gift", mapping=mapping)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)
        assert answer.json()["errors"][0]["pointer"].startswith("/query/mapping")


async def test_days_of_people_are_read_in_the_order_that_the_file_gives_away(desk: Desk) -> None:
    await desk.factory.unit(code="U-1")
    headings, rows = [*PEOPLE, "出生日期"], [[*person("E1"), "03/02/1980"], [*person("E2"), "28/02/1980"], [*person("E3"), "1980-01-01"]]
    alone = await desk.taken_in(table(headings, rows[0]).encode(), dry_run=True)
    assert faults(await desk.report(alone)) == [("2", "出生日期", "day-ambiguous")]
    stated = await desk.taken_in(table(headings, rows[0]).encode(), dry_run=True, mapping=json.dumps({"day_order": "month_first"}))
    assert outcome(stated) == {"created": 1}
    assert outcome(await desk.taken_in(table(headings, *rows).encode())) == {"created": 3}
    assert {number: one["birth_on"] for number, one in (await desk.persons()).items()} == {
        "E1": "1980-02-03",
        "E2": "1980-02-28",
        "E3": "1980-01-01",
    }


async def test_a_worker_that_dies_half_way_leaves_nothing_out_and_nothing_twice(desk: Desk, monkeypatch: Any) -> None:
    monkeypatch.setattr("app.imports.declarations.DeclarationRows.batch", 2)
    await officials(desk)
    waiting = await desk.handed_in(gifts(*({"礼品名称": f"茶叶{number}"} for number in range(7))), "gift")
    done, take = 0, DeclarationRows.take

    async def dying(self: DeclarationRows, run: Run, rows: Sequence[Row]) -> Sequence[Outcome]:
        nonlocal done
        outcomes = await take(self, run, rows)
        done += 1
        if done == 3:
            raise KilledError
        return outcomes

    monkeypatch.setattr(DeclarationRows, "take", dying)
    with pytest.raises(KilledError):
        await desk.carry_out(waiting)
    assert len(await declarations(desk)) == 4
    await desk.carry_out(waiting)
    assert outcome(await desk.read(waiting)) == {"created": 7}
    assert sorted(one["details"]["items"][0]["description"] for one in await declarations(desk)) == [f"茶叶{number}" for number in range(7)]


async def test_two_files_at_once_that_name_the_same_crosswise_both_come_in(desk: Desk) -> None:
    await officials(desk, "E1", "E2")
    rows = [{"工号": f"E{1 + number % 2}", "赠送人": f"公司{number % 5}", "礼品名称": f"茶叶{number}"} for number in range(30)]
    first = await desk.handed_in(gifts(*rows), "gift")
    second = await desk.handed_in(gifts(*reversed(rows)), "gift")
    await asyncio.gather(desk.carry_out(first), desk.carry_out(second))
    became = Counter(outcome(await desk.read(first))) + Counter(outcome(await desk.read(second)))
    assert became == {"created": 30, "unchanged": 30}
    assert len(await declarations(desk)) == 30


async def test_what_one_row_put_on_record_goes_with_it_when_it_fails(desk: Desk) -> None:
    await officials(desk)
    done = await desk.taken_in(gifts({"赠送人": "没人知道的公司", "收受日期": "2024-07-01", "处理日期": "", "处置情况": "自留"}), "gift")
    assert [code for *_, code in faults(await desk.report(done))] == ["day-after-declaration"]
    found = await desk.get("/v1/counterparties?q=没人知道的公司")
    assert found["items"] == []
    lines = await desk.get("/v1/ledger/lines?limit=200")
    assert "counterparty.entered" not in {line["action"] for line in lines["items"]}


async def test_a_row_does_not_tell_that_the_commission_or_the_official_has_stated_the_same(desk: Desk, make_key: Any) -> None:
    (official,) = await officials(desk)
    hr = {"Authorization": f"Bearer {await make_key('declarations:file-for-others')}"}
    commission = {"Authorization": f"Bearer {await make_key('declarations:file-for-others', 'reviews:write')}"}
    me = {"Authorization": f"Bearer {await make_key('declarations:write', person=official)}"}
    rows = [{"编号": "G-1"}, {"编号": "G-2", "礼品名称": "酒"}, {"编号": "G-3", "礼品名称": "画"}]
    discovered = await desk.taken_in(gifts(rows[0] | {"来源": "纪检发现"}), "gift", by=commission)
    assert outcome(discovered) == {"created": 1}
    filed = (await declarations(desk))[0]
    own = {"kind": "gift", "client_reference": "G-2", "details": filed["details"]}
    answer = await desk.client.post("/v1/declarations", json=own, headers=me)
    assert answer.status_code == 201, answer.text
    for dry_run in (True, False):
        assert outcome(await desk.taken_in(gifts(*rows), "gift", by=hr, dry_run=dry_run)) == {"created": 3}
    another = {"Authorization": f"Bearer {await make_key('declarations:file-for-others')}"}
    assert outcome(await desk.taken_in(gifts(*rows), "gift", by=another)) == {"unchanged": 3}
