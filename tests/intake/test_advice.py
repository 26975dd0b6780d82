"""What to do instead: the answer agrees with what the rules find, for every worked case of the law, and in words that a person understands."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from app.intake.advice import Advice, AdviceAnswer, advise
from app.intake.steps import AdviceStepKind, sort_of
from app.intake.telling import render_advice
from app.intake.titles import title_of
from app.kit.database import Database
from app.kit.ids import new_id
from app.rulebook.book import Book, Judgement
from app.rulebook.contents import CHAPTERS
from app.rulebook.finding import Level, Text
from app.screening.findings import Document, document
from app.screening.judging import AnyMatter
from tests.bodies import FULL, KINDS, Json, activity, ago, family_event, gift, item, loan, meal, named, outside_post, shareholding, yuan
from tests.rulebook.worked_cases import WorkedCase, judge, worked_cases
from tests.screening.test_look_back import statements

from .desk import Desk, found, rows

BOOK = Book(CHAPTERS)
CASES = list(worked_cases(BOOK))
SILENT = Advice(
    answer=AdviceAnswer.YES, text=Text("", ""), reason=None, basis=[], compared=None, steps=[], approval_helps=None,
)  # fmt: skip
CASH = [item(category="cash", worth=yuan("500.00"), disposition={"action": "pending"})]
WORK_MEAL = {"type": "on_site_work_meal", "venue": "company_canteen", "payer": "host", "cost_per_head": yuan("30.00")}


def advised(case: WorkedCase) -> tuple[list[Document], AnyMatter, Advice]:
    """A worked case as its declarant would be advised."""
    judgement = judge(BOOK, case)
    shown = [document(finding, new_id(), BOOK) for finding in judgement.findings if not finding.confidential]
    return shown, judgement.matter, advise(BOOK, shown, judgement.matter)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_answer_agrees_with_what_is_found(case: WorkedCase) -> None:
    shown, matter, advice = advised(case)
    weight = max((Level(finding["level"]).weight for finding in shown), default=0)
    if weight >= Level.BREACH.weight:
        assert advice.answer in (AdviceAnswer.NO, AdviceAnswer.ASK_FIRST)
    elif advice.answer in (AdviceAnswer.NO, AdviceAnswer.ASK_FIRST):
        assert weight == Level.NOTICE.weight
    if advice.answer is AdviceAnswer.YES:
        assert weight <= Level.RECORD.weight
    if advice.answer is AdviceAnswer.ASK_FIRST:
        assert advice.approval_helps
        assert matter.details.approvable()
    if advice.answer is not AdviceAnswer.YES:
        assert advice.basis
        assert advice.steps or advice.answer is AdviceAnswer.NO


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_days_of_the_steps_are_those_of_the_remedies(case: WorkedCase) -> None:
    shown, matter, advice = advised(case)
    asked = {date.fromisoformat(one["remedy"]["due_on"]) for one in shown if one["remedy"] and one["remedy"]["due_on"]}
    told = {step.due_on for step in advice.steps if step.due_on}
    assert asked <= told
    besides = {step.due_on for step in advice.steps if step.kind in (AdviceStepKind.ASK_FOR_APPROVAL, AdviceStepKind.DECLARE)}
    assert told - asked <= besides
    assert all(step.due_on in (None, matter.due_on) or step.due_on in asked for step in advice.steps if step.kind is AdviceStepKind.DECLARE)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_advice_speaks_both_languages(case: WorkedCase) -> None:
    _, matter, advice = advised(case)
    details = type(matter.details)
    chinese, english = (render_advice(advice, details, english=language) for language in (False, True))
    assert re.search("[\u4e00-\u9fff]", chinese["text"])
    assert all(re.search("[\u4e00-\u9fff]", step["text"]) for step in chinese["steps"])
    assert not any(re.search("[\u4e00-\u9fff]", step["text"] + (step["to_name"] or "")) for step in english["steps"])
    assert not re.search("guilt|sanction|punish|dismiss", english["text"].lower().replace("administrative sanctions", ""))
    assert not re.search("有罪|处分(?!法|条例|规定)|开除|警告", re.sub("《.*?》|“.*?”", "", chinese["text"]))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_each_remedy_is_a_step_of_a_known_sort_and_each_wanted_fact_has_a_name(case: WorkedCase) -> None:
    shown, matter, _ = advised(case)
    assert not [one["remedy"]["action"] for one in shown if one["remedy"] and sort_of(one["remedy"]["action"]) is None]
    for one in shown:
        for fact in one["missing_facts"]:
            title = title_of(type(matter.details), fact)
            assert fact not in title
            assert re.search("[\u4e00-\u9fff]", title.zh)


async def asked(desk: Desk, body: Json, **headers: str) -> Json:
    """The advice on a body."""
    advice: Json = (await desk.preview(body, {**desk.official, **headers}))["advice"]
    return advice


def kinds(advice: Json) -> list[str]:
    """The sorts of its steps, in order."""
    return [step["kind"] for step in advice["steps"]]


async def test_cash_of_a_supervised_company_is_refused_or_handed_over_by_the_day(desk: Desk) -> None:
    advice = await asked(desk, gift(items=CASH))
    assert (advice["answer"], advice["rule"]) == ("no", "gift.cash-like")
    assert kinds(advice) == ["refuse", "hand_over"]
    assert advice["steps"][1]["due_on"] > ago(0)
    assert advice["steps"][1]["to"] == "gift_registry"
    assert advice["basis"][0]["article"]
    assert advice["approval_helps"] is None


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (lambda: gift(public_event=True, items=[item(category="promotional", worth=yuan("50.00"), disposition={"action": "kept"})]), "yes"),
        (lambda: gift(relation="kin", giver=named("姑姑"), items=[item(worth=yuan("200.00"), disposition={"action": "kept"})]), "yes"),
        (lambda: gift(relation="unknown"), "unclear"),
        (lambda: gift(relation="unknown", items=CASH), "unclear"),
        (lambda: gift(setting="foreign_affairs", relation="foreign_counterpart", items=[item(worth=yuan("800.00"))]), "yes_with_duties"),
        (lambda: gift(setting="foreign_affairs", relation="foreign_counterpart", items=[item(worth=yuan("80.00"))]), "yes"),
        (lambda: gift(items=[item(disposition={"action": "refused"})]), "yes"),
        (lambda: meal(occurred_on=ago(-3)), "no"),
        (lambda: meal(occurred_on=ago(-3), disposition="declined"), "yes"),
        (lambda: meal(relation="unknown"), "unclear"),
        (activity, "no"),
        (lambda: activity(payer="self", relation="friend_unrelated"), "yes"),
        (loan, "no"),
        (lambda: loan(relation="kin", other_party=named("王建国")), "yes"),
        (shareholding, "no"),
        (lambda: family_event(occurred_on=ago(-10)), "yes_with_duties"),
    ],
)
async def test_what_officials_ask_most(desk: Desk, body: Any, answer: str) -> None:
    advice = await asked(desk, body())
    assert advice["answer"] == answer, advice
    assert (await asked(desk, body(), **{"Accept-Language": "en"}))["answer"] == answer


async def test_a_gift_near_the_yearly_cap_may_be_kept_and_is_declared_and_the_numbers_are_told(desk: Desk) -> None:
    year = ago(0)[:4]
    small = [item(worth=yuan("150.00"), disposition={"action": "consumed"})]
    ordinary = {"received_on": f"{year}-01-01", "relation": "unrelated"}
    for number in range(2):
        await desk.filed(gift(**ordinary, giver=named(f"第{number}公司"), items=small))
    advice = await asked(desk, gift(**{**ordinary, "received_on": ago(0)}, items=small), **{"Accept-Language": "en"})
    assert advice["answer"] == "yes_with_duties"
    assert kinds(advice) == ["declare"]
    assert advice["steps"][0]["due_on"] > ago(0)
    assert advice["steps"][0]["link"] == "/v1/declarations"
    assert {name: advice["limit"][name] for name in ("id", "value", "before", "after")} == {
        "id": "gift.annual-cap", "value": "600.00", "before": "300.00", "after": "450.00",
    }  # fmt: skip
    assert "300.00" in advice["text"]
    assert advice["basis"]
    beyond = [item(worth=yuan("199.00"), disposition={"action": "pending"})]
    await desk.filed(gift(**ordinary, giver=named("第三公司"), items=small))
    over = await asked(desk, gift(**{**ordinary, "received_on": ago(0)}, items=beyond))
    assert (over["answer"], over["rule"], over["limit"]["after"]) == ("no", "gift.annual-cap", "649.00")


async def test_an_unknown_relation_is_asked_for_in_words(desk: Desk) -> None:
    advice = await asked(desk, gift(relation="unknown"))
    assert kinds(advice) == ["supply_facts"]
    assert advice["steps"][0]["facts"] == [{"name": "relation", "title": "与赠送人的关系"}]
    assert "与赠送人的关系" in advice["text"]


async def test_a_work_meal_or_a_post_that_an_approval_lets_pass_is_asked_for_first(desk: Desk) -> None:
    society = {"organisation_kind": "social_organisation", "pay_per_year": yuan("0.00"), "from_on": ago(-30)}
    given = gift(received_on=ago(-3), direction="given", setting="foreign_affairs", relation="foreign_counterpart")
    for body, day in ((meal(**WORK_MEAL, occurred_on=ago(-3)), ago(-3)), (outside_post(**society), ago(-30)), (given, ago(-3))):
        advice = await asked(desk, body)
        assert (advice["answer"], advice["approval_helps"]) == ("ask_first", True), advice
        assert kinds(advice) == ["ask_for_approval"]
        step = advice["steps"][0]
        assert (step["to"], step["link"], step["helps"], step["due_on"]) == ("unit_head_or_hr", "/v1/approvals", True, day)


async def test_what_no_approval_excuses_is_no_and_nobody_is_sent_to_ask_for_one(desk: Desk, database: Database) -> None:
    before = await rows(database)
    for body in (meal(occurred_on=ago(-3)), activity(from_on=ago(-3), until_on=ago(-3)), outside_post(from_on=ago(-30))):
        advice = await asked(desk, body)
        assert (advice["answer"], advice["approval_helps"]) == ("no", False), advice
        assert "refuse" in kinds(advice)
    assert await rows(database) == before


async def test_what_has_begun_can_be_approved_beforehand_no_more(desk: Desk) -> None:
    society = {"organisation_kind": "social_organisation", "pay_per_year": yuan("0.00")}
    advice = await asked(desk, outside_post(**society))
    assert (advice["answer"], advice["approval_helps"]) == ("no", None)
    assert [(step["kind"], step["helps"]) for step in advice["steps"]] == [("ask_for_approval", False)]
    assert (await asked(desk, meal(**WORK_MEAL)))["answer"] == "unclear"


async def test_advice_changes_nothing_of_what_is_found(desk: Desk) -> None:
    preview = await desk.preview(gift(items=CASH))
    assert found(preview) == {"gift.not-surrendered": "notice"}
    assert preview["screening"]["outcome"] == "notice"


@pytest.mark.parametrize("kind", KINDS)
async def test_advice_costs_one_more_judging_at_most_and_no_statement(desk: Desk, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    judged = list[int]()
    judge_each = Book.judge_each

    def noted(book: Book, matters: Sequence[AnyMatter]) -> list[Judgement]:
        judged.append(len(matters))
        return judge_each(book, matters)

    monkeypatch.setattr(Book, "judge_each", noted)
    for make in (KINDS[kind], FULL[kind]):
        judged.clear()
        with statements() as asked_with:
            await desk.preview(make())
        with monkeypatch.context() as plain:
            plain.setattr("app.intake.previews.advise", lambda *_: SILENT)
            with statements() as asked_without:
                await desk.preview(make())
        assert judged[0] == 1
        assert sum(judged) <= 3, "two previews, of which one advises"
        assert len(asked_with) == len(asked_without)
