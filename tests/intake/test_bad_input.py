"""What cannot be: each refused at the very field, in words that can be read aloud, and nothing recorded."""

import json
from typing import Any

import pytest

from app.kit.database import Database
from app.kit.ids import new_id
from app.kit.wording import UNFORESEEN
from tests.bodies import Json, ago, filed, gift, item, loan, meal, named, yuan

from .desk import PATH, Desk, Headers, Response, faults, made, refusal, rows

Bad = dict[str, tuple[Json, str, str]]

AMOUNT = "/details/items/0/worth/amount"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database will do: nothing of this reaches it."""
    return sqlite_url


def worth(amount: Any, currency: Any = "CNY") -> Json:
    return gift(items=[item(worth={"amount": amount, "currency": currency})])


def line(**over: Any) -> Json:
    return gift(items=[item(), item(**over)])


SECOND = "/details/items/1"

MONEY: Bad = {
    "a JSON number": (worth(1888), AMOUNT, "amount-not-text"),
    "a float": (worth(1888.5), AMOUNT, "amount-not-text"),
    "nothing": (worth(None), AMOUNT, "amount-not-text"),
    "three decimals": (worth("1.234"), AMOUNT, "amount-malformed"),
    "negative": (worth("-1.00"), AMOUNT, "amount-malformed"),
    "signed": (worth("+1.00"), AMOUNT, "amount-malformed"),
    "ten to the twentieth": (worth("1" + "0" * 20), AMOUNT, "amount-malformed"),
    "scientific": (worth("1e3"), AMOUNT, "amount-malformed"),
    "full-width digits": (worth("１８８８"), AMOUNT, "amount-malformed"),
    "separators": (worth("1,888.00"), AMOUNT, "amount-malformed"),
    "no digits": (worth(""), AMOUNT, "amount-malformed"),
    "no number": (worth("NaN"), AMOUNT, "amount-malformed"),
    "a blank": (worth(" 1"), AMOUNT, "amount-malformed"),
    "an unknown currency": (worth("1.00", "XXX"), "/details/items/0/worth/currency", "currency-unknown"),
    "a former currency": (worth("1.00", "DEM"), "/details/items/0/worth/currency", "currency-unknown"),
    "a small currency": (worth("1.00", "cny"), "/details/items/0/worth/currency", "string-pattern-mismatch"),
    "a sum as text": (line(worth="500 CNY"), f"{SECOND}/worth", "model-attributes-type"),
    "a field of money too many": (line(worth={**yuan("1"), "tax": "1"}), f"{SECOND}/worth/tax", "extra-forbidden"),
    "a percentage with its sign": (loan(annual_rate_percent="12%"), "/details/annual_rate_percent", "string-pattern-mismatch"),
    "a percentage as a number": (loan(annual_rate_percent=12.5), "/details/annual_rate_percent", "string-type"),
}

DAYS: Bad = {
    "tomorrow": (gift(received_on=ago(-1)), "/details/received_on", "day-in-the-future"),
    "the year 1": (gift(received_on="0001-01-01"), "/details/received_on", "day-too-early"),
    "before the People's Republic": (gift(received_on="1949-09-30"), "/details/received_on", "day-too-early"),
    "30 February": (gift(received_on="2024-02-30"), "/details/received_on", "date-from-datetime-parsing"),
    "no leap year": (gift(received_on="2023-02-29"), "/details/received_on", "date-from-datetime-parsing"),
    "full-width digits": (gift(received_on="２０２４-05-25"), "/details/received_on", "day-malformed"),
    "no zeros": (gift(received_on="2024-5-25"), "/details/received_on", "day-malformed"),
    "slashes": (gift(received_on="2024/05/25"), "/details/received_on", "day-malformed"),
    "an instant": (gift(received_on="2024-05-25T00:00:00Z"), "/details/received_on", "day-malformed"),
    "a number": (gift(received_on=20240525), "/details/received_on", "day-malformed"),
    "nothing": (gift(received_on=None), "/details/received_on", "day-malformed"),
    "handed in tomorrow": (line(disposition={"action": "surrendered", "on": ago(-1)}), f"{SECOND}/disposition/on", "day-in-the-future"),
    "handed in before it came": (line(disposition={"action": "returned", "on": ago(11)}), f"{SECOND}/disposition/on", "day-before-receipt"),
    "a run that ends before it begins": (line(until_on=ago(11)), f"{SECOND}/until_on", "day-before-receipt"),
    "known before it came": (gift(receiver="spouse", aware_on=ago(11)), "/details/aware_on", "day-before-receipt"),
    "back before it came": (gift(received_away=True, returned_to_unit_on=ago(11)), "/details/returned_to_unit_on", "day-before-receipt"),
    "home before it came": (gift(returned_to_country_on=ago(11)), "/details/returned_to_country_on", "day-before-receipt"),
    "meals that end before they begin": (meal(until_on=ago(11)), "/details/until_on", "until-on-before-occurred-on"),
    "repaid before it was lent": (loan(repaid_on=ago(11)), "/details/repaid_on", "repaid-on-before-from-on"),
}

TEXT: Bad = {
    "NUL": (line(description="茶\x00"), f"{SECOND}/description", "text-unreadable"),
    "NUL in a note": (filed(gift(), note="\x00"), "/note", "text-unreadable"),
    "a bell": (line(description="茶\x07"), f"{SECOND}/description", "text-unreadable"),
    "an override of direction": (gift(giver=named("恒远\u202e司公")), "/details/giver/name", "text-unreadable"),
    "half a character": (line(description="\ud800"), f"{SECOND}/description", "string-unicode"),
    "half a character as a name": (line(**{"\ud800": 1}), SECOND, "string-unicode"),
    "no text": (line(description=5), f"{SECOND}/description", "string-type"),
    "blank": (line(description=" \u3000\n"), f"{SECOND}/description", "text-blank"),
    "empty": (line(description=""), f"{SECOND}/description", "string-too-short"),
    "201 characters": (line(description="茶" * 201), f"{SECOND}/description", "string-too-long"),
    "a note of 4001 characters": (filed(gift(), note="字" * 4001), "/note", "string-too-long"),
    "an empty reference": (filed(gift(), client_reference=""), "/client_reference", "string-too-short"),
}

SHAPE: Bad = {
    "no lines": (gift(items=[]), "/details/items", "too-short"),
    "51 lines": (gift(items=[item()] * 51), "/details/items", "too-long"),
    "lines that are none": (gift(items={}), "/details/items", "tuple-type"),
    "a line that is none": (gift(items=[item(), "茶"]), SECOND, "model-attributes-type"),
    "an unknown field": (filed(gift(), colour="red"), "/colour", "extra-forbidden"),
    "an unknown field named as a kind": (filed(gift(), gift=1), "/gift", "extra-forbidden"),
    "an unknown field of details": (gift(kind="meal"), "/details/kind", "extra-forbidden"),
    "an unknown field of a line": (line(**{"a~/b": 1}), f"{SECOND}/a~0~1b", "extra-forbidden"),
    "an unknown field of a giver": (gift(giver=named(phone="1")), "/details/giver/phone", "extra-forbidden"),
    "an unknown field of a disposition": (
        line(disposition={"action": "pending", "by": "x"}),
        f"{SECOND}/disposition/by",
        "extra-forbidden",
    ),
    "an unknown field of a fee": (line(fee={"work": "lecture", "pay": 1}), f"{SECOND}/fee/pay", "extra-forbidden"),
    "an unknown kind": ({**gift(), "kind": "bribe"}, "/kind", "enum"),
    "a kind that is no text": ({**gift(), "kind": {"a": 1}}, "/kind", "enum"),
    "no kind": ({"details": gift()["details"]}, "/kind", "missing"),
    "no details": ({"kind": "gift"}, "/details", "missing"),
    "details that are none": ({"kind": "gift", "details": [1]}, "/details", "model-attributes-type"),
    "an unknown status": (filed(gift(), status="withdrawn"), "/status", "literal-error"),
    "an unknown source": (filed(gift(), source="press"), "/source", "enum"),
    "an unknown relation": (gift(relation="lover"), "/details/relation", "enum"),
    "a flag in words": (gift(also_kin="no"), "/details/also_kin", "bool-type"),
    "a flag in numbers": (gift(also_kin=0), "/details/also_kin", "bool-type"),
    "a declarant who is no id": (filed(gift(), declarant="张明"), "/declarant", "uuid-parsing"),
    "no piece": (line(quantity=0), f"{SECOND}/quantity", "greater-than-equal"),
    "half a piece": (line(quantity=0.5), f"{SECOND}/quantity", "int-type"),
    "pieces in words": (line(quantity="2"), f"{SECOND}/quantity", "int-type"),
    "ten to the thirtieth pieces": (line(quantity=10**30), f"{SECOND}/quantity", "less-than-equal"),
    "no hour": (line(fee={"work": "lecture", "hours": 0}), f"{SECOND}/fee/hours", "greater-than"),
    "hours that are no number": (line(fee={"work": "lecture", "hours": float("nan")}), f"{SECOND}/fee/hours", "finite-number"),
}

GIVERS: Bad = {
    "an unknown id": (gift(giver={"id": str(new_id())}), "/details/giver/id", "counterparty-unknown"),
    "an id that is none": (gift(giver={"id": "42"}), "/details/giver/id", "uuid-parsing"),
    "id and name": (gift(giver={"id": str(new_id()), "name": "恒远"}), "/details/giver", "reference-needs-id-or-name"),
    "neither id nor name": (gift(giver={}), "/details/giver", "reference-needs-id-or-name"),
    "a name alone": (gift(giver="恒远"), "/details/giver", "model-attributes-type"),
    "a wrong check digit": (gift(giver=named(identifier="91110000600037341X")), "/details/giver/identifier", "identifier-check-digit"),
    "a short identifier": (gift(giver=named(identifier="9111")), "/details/giver/identifier", "string-pattern-mismatch"),
    "a small region": (gift(giver=named(region="cn")), "/details/giver/region", "string-pattern-mismatch"),
    "no region": (gift(giver=named(region="XX")), "/details/giver/region", "region-unknown"),
    "an unknown type": (gift(giver=named(type="ghost")), "/details/giver/type", "enum"),
}


async def sent(desk: Desk, body: Json, path: str = PATH, **headers: str) -> Response:
    """The body as ASCII JSON, which can hold half a character and what is no number."""
    asked: Headers = {**desk.official, "Content-Type": "application/json", **headers}
    return await desk.client.post(path, content=json.dumps(body).encode(), headers=asked)


@pytest.mark.parametrize("bad", [MONEY, DAYS, TEXT, SHAPE, GIVERS], ids=["money", "days", "text", "shape", "givers"])
async def test_what_cannot_be_is_refused_at_the_very_field_in_words_of_both_languages(desk: Desk, database: Database, bad: Bad) -> None:
    before = await rows(database)
    answers = {name: await sent(desk, body) for name, (body, _, _) in bad.items()}
    assert {name: faults(answer) for name, answer in answers.items()} == {
        name: [(pointer, code)] for name, (_, pointer, code) in bad.items()
    }
    for name, (body, _, _) in bad.items():
        chinese = answers[name].json()["errors"][0]["message"]
        english = (await sent(desk, body, **{"Accept-Language": "en"})).json()["errors"][0]["message"]
        assert chinese.endswith("。"), chinese
        assert english.endswith("."), english
        assert english.isascii(), english
        assert (chinese, english) != UNFORESEEN
        assert not {"{", "}", "^", "None"} & set(chinese + english), (chinese, english)
    assert await rows(database) == before


async def test_a_preview_refuses_the_same_but_a_day_of_conduct_ahead(desk: Desk) -> None:
    for body, pointer, code in [*MONEY.values(), *TEXT.values(), *SHAPE.values(), *GIVERS.values()]:
        assert faults(await sent(desk, body, "/v1/previews")) == [(pointer, code)]
    assert (await sent(desk, DAYS["tomorrow"][0], "/v1/previews")).status_code == 200


async def test_every_fault_is_named_at_once(desk: Desk) -> None:
    body = gift(relation="lover", received_on="2024-02-30", items=[item(quantity=0), item(worth=yuan("-1"))], colour="red")
    assert set(faults(await sent(desk, body))) == {
        ("/details/relation", "enum"),
        ("/details/received_on", "date-from-datetime-parsing"),
        ("/details/items/0/quantity", "greater-than-equal"),
        ("/details/items/1/worth/amount", "amount-malformed"),
        ("/details/colour", "extra-forbidden"),
    }


async def test_details_of_another_kind_are_refused_field_by_field(desk: Desk) -> None:
    wrong = faults(await sent(desk, {**gift(), "kind": "meal"}))
    assert ("/details/host", "missing") in wrong
    assert ("/details/giver", "extra-forbidden") in wrong
    assert all(pointer.startswith("/details/") for pointer, _ in wrong)


async def test_nothing_of_the_input_comes_back(desk: Desk) -> None:
    body = gift(giver=named("欧阳修\x00"), relation="欧阳修", received_on="欧阳修", 欧阳修=1)
    answer = await sent(desk, body)
    assert answer.status_code == 422
    said = answer.json()
    assert "欧阳修" not in json.dumps([error["message"] for error in said["errors"]], ensure_ascii=False) + said["detail"]


async def test_what_looks_odd_but_can_be_is_taken_as_it_is(desk: Desk) -> None:
    names = [
        "🎁🍵 礼盒",
        "هدية من الشركة",
        "מתנה",
        "Ｆｕｌｌ－ｗｉｄｔｈ　１２３",
        "a\nb\tc",
        "𠮷野家",
        "e\u0301",
        "茶" * 200,
        "'; DROP TABLE declaration; --",
    ]
    declared = await desk.filed(gift(items=[item(description=name) for name in names]))
    assert [kept["description"] for kept in declared["details"]["items"]] == names
    assert (await desk.filed(filed(gift(), note="字" * 4000)))["note"] == "字" * 4000
    assert len((await desk.filed(gift(items=[item()] * 50)))["details"]["items"]) == 50
    assert (await desk.filed(filed(gift(giver=named("  恒远　")), client_reference=" A-1 ")))["client_reference"] == "A-1"


async def test_amounts_are_kept_to_the_cent(desk: Desk) -> None:
    written = {"0": "0.00", "0.0": "0.00", "1888": "1888.00", "1888.5": "1888.50", "007.10": "7.10", "999999999999.99": "999999999999.99"}
    declared = await desk.filed(gift(items=[item(worth=yuan(amount)) for amount in written]))
    assert [kept["worth"]["amount"] for kept in declared["details"]["items"]] == list(written.values())
    most = await desk.filed(gift(items=[item(worth=yuan("999999999999.99"))] * 50))
    assert most["screening"]["outcome"] in ("notice", "breach", "serious", "refer")


async def test_of_a_name_that_is_given_twice_the_last_counts(desk: Desk) -> None:
    twice = json.dumps(filed(gift(), note="先"))[:-1] + ', "note": "后"}'
    answer = await desk.client.post(PATH, content=twice.encode(), headers={**desk.official, "Content-Type": "application/json"})
    assert made(answer, 201)["note"] == "后"


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 422, "invalid-request"),
        (b"{", 422, "invalid-request"),
        (b"null", 422, "invalid-request"),
        (b'"gift"', 422, "invalid-request"),
        (b"[1]", 422, "invalid-request"),
        (b'{"kind": "gift"} trailing', 422, "invalid-request"),
        (b'{"kind": "\xe9"}', 400, "unreadable-body"),
        (b'{"kind": ' + b"9" * 5000 + b"}", 400, "unreadable-body"),
        (b'{"details": ' * 50_000 + b"1" + b"}" * 50_000, 400, "unreadable-body"),
        (b'{"kind": "gift", "details": {"items": ' + b"[" * 900 + b"]" * 900 + b"}}", 422, "invalid-request"),
        (b"x" * 10_000_000, 413, "body-too-large"),
    ],
    ids=["empty", "cut", "null", "text", "array", "trailing", "latin-1", "endless number", "deep", "deep lines", "10 MB"],
)
async def test_a_body_that_is_no_declaration_is_refused(desk: Desk, content: bytes, status: int, code: str) -> None:
    for path in (PATH, "/v1/previews"):
        answer = await desk.client.post(path, content=content, headers={**desk.official, "Content-Type": "application/json"})
        assert refusal(answer) == (status, code)


async def test_a_body_of_another_media_type_is_refused(desk: Desk) -> None:
    for media in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        answer = await desk.client.post(PATH, content=json.dumps(gift()).encode(), headers={**desk.official, "Content-Type": media})
        assert refusal(answer) == (415, "unsupported-media-type")
