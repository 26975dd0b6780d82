"""Credit codes and citizens' numbers; those here are made up, with check digits that fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from app.counterparties.identifiers import check_identifier
from app.counterparties.names import name_key
from app.counterparties.regions import REGIONS
from app.rulebook.statement import PartyType

CREDIT_CODE = "91110000600037341L"
CITIZEN = "360426199101010071"


@pytest.mark.parametrize(
    ("party", "identifier"),
    [
        (PartyType.ENTERPRISE, CREDIT_CODE),
        (PartyType.SOLE_PROPRIETOR, CREDIT_CODE),
        (PartyType.INDIVIDUAL, CITIZEN),
        (PartyType.FOREIGN_INDIVIDUAL, CITIZEN),
        (None, CREDIT_CODE),
        (None, CITIZEN),
        (PartyType.ENTERPRISE, "N2110000MA01234566"[:17] + uscc.calc_check_digit("N2110000MA0123456")),
        (PartyType.INDIVIDUAL, "44030119500101123" + ric.calc_check_digit("44030119500101123X")),
    ],
)
def test_a_sound_identifier_passes_wherever_it_was_issued(party: PartyType | None, identifier: str) -> None:
    assert check_identifier(party, identifier) is None


@pytest.mark.parametrize(
    ("party", "identifier", "code", "zh", "en"),
    [
        (
            PartyType.ENTERPRISE,
            "91110000600037341M",
            "identifier-check-digit",
            "统一社会信用代码的校验位不符",
            "check digit of the unified social credit code",
        ),
        (
            PartyType.INDIVIDUAL,
            "360426199101010072",
            "identifier-check-digit",
            "居民身份证号码的校验位不符",
            "check digit of the citizen's number",
        ),
        (None, "360426199101010072", "identifier-check-digit", "校验位不符", "check digit"),
        (PartyType.ENTERPRISE, CITIZEN, "identifier-check-digit", "统一社会信用代码", "credit code"),
        (PartyType.INDIVIDUAL, CREDIT_CODE, "identifier-malformed", "居民身份证号码", "citizen's number"),
        (PartyType.INDIVIDUAL, "360426199102300077", "identifier-malformed", "出生日期", "day of birth"),
        (PartyType.INDIVIDUAL, "130503670401001", "identifier-malformed", "18 位", "18 characters"),
        (PartyType.ENTERPRISE, "9111000060003734IL", "identifier-malformed", "不用 I、O、S、V、Z", "never I, O, S, V, Z"),
        (None, "130503670401001", "identifier-malformed", "18 位", "18 characters"),
    ],
)
def test_what_is_wrong_with_an_identifier_is_said_in_both_languages(
    party: PartyType | None, identifier: str, code: str, zh: str, en: str
) -> None:
    fault = check_identifier(party, identifier, "/details/giver/identifier")
    assert fault is not None
    assert (fault.pointer, fault.code) == ("/details/giver/identifier", code)
    assert zh in fault.message.zh
    assert en in fault.message.en
    assert identifier not in fault.message.zh + fault.message.en


@given(st.integers(0, 17), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_no_single_slip_in_a_credit_code_passes(place: int, character: str) -> None:
    slip = CREDIT_CODE[:place] + character + CREDIT_CODE[place + 1 :]
    assert (check_identifier(PartyType.ENTERPRISE, slip) is None) == (slip == CREDIT_CODE)


@given(st.integers(0, 17), st.sampled_from("0123456789X"))
def test_no_single_slip_in_a_citizen_s_number_passes(place: int, character: str) -> None:
    slip = CITIZEN[:place] + character + CITIZEN[place + 1 :]
    assert (check_identifier(PartyType.INDIVIDUAL, slip) is None) == (slip == CITIZEN)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("恒远建设（北京）有限公司", "恒远建设(北京)有限公司"),
        ("ＡＢＣ公司", "ABC公司"),
        ("\u3000恒远建设 ", "恒远建设"),
        ("㍿", "株式会社"),
        ("abc", "abc"),
        ("ABC", "ABC"),
    ],
)
def test_names_are_folded_by_width_and_trimmed(written: str, key: str) -> None:
    assert name_key(written) == key


@given(st.text(max_size=200))
def test_a_folded_name_is_folded_once_and_fits_the_column(name: str) -> None:
    key = name_key(name)
    assert len(key) <= 200
    assert name_key(key) == key


def test_names_that_grow_beyond_the_column_stay_apart() -> None:
    assert name_key("㍿" * 100 + "甲") != name_key("㍿" * 100 + "乙")


def test_hong_kong_macao_and_taiwan_are_regions_and_made_up_codes_are_not() -> None:
    assert {"CN", "HK", "MO", "TW", "US"} <= REGIONS
    assert not {"XX", "EU", "UK", "AN"} & REGIONS
    assert len(REGIONS) == 249
