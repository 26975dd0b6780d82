"""The form in which text is searched: folded, in pairs of characters, and as names are read aloud."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import lazy_pinyin

from app.kit.searching import _letters, _syllables, folded, grams, nearest, sought, sounding

NAMES = st.text(alphabet="恒远建设有限公司龙", min_size=4, max_size=20)


def test_width_and_case_make_no_difference() -> None:
    assert folded("ＡＢＣ　建设（集团）") == folded("abc 建设(集团)")
    assert folded("Straße") == folded("STRASSE")
    assert sought("　恒远 ") == "恒远"


@given(st.text(max_size=60), st.data())
def test_a_text_has_the_pairs_of_whatever_stands_in_it(text: str, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(text)))
    part = text[first : data.draw(st.integers(first, len(text)))]
    assert len(part) < 2 or set(grams(part)) <= set(grams(text))


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("恒远建设", {"hyjs", "hengyuanjianshe"}),
        ("曾国藩", {"zgf", "zengguofan"}),
        ("单雄信", {"sxx", "shanxiongxin"}),
        ("重庆银行股份有限公司", {"cqyhgfyxgs", "chongqingyinhanggufenyouxiangongsi"}),
        ("ＡＢＣ咨询（上海）", {"abczxsh", "abczixunshanghai"}),
        ("（甲）", {"j", "jia"}),
    ],
)
def test_a_name_is_kept_with_its_readings(name: str, read: set[str]) -> None:
    first, *lines = sounding(name).split("\n")
    assert first == folded(name)
    assert read <= set(lines)


@pytest.mark.parametrize("name", ["", "IBM", "O'Neil & Söhne", "123"])
def test_a_name_without_chinese_is_kept_as_it_is(name: str) -> None:
    assert sounding(name) == folded(name)


@given(st.text(max_size=200))
def test_any_name_can_be_read(name: str) -> None:
    assert sounding(name).startswith(folded(name))


@given(NAMES, st.data())
def test_one_wrong_character_is_looked_past(name: str, data: st.DataObject) -> None:
    slip = data.draw(st.integers(0, len(name) - 1))
    assert nearest(f"{name[:slip]}错{name[slip + 1 :]}", [name]) == [0]
    assert nearest(f"{name[:slip]}错{name[slip:]}", [name]) == [0]


def test_names_that_resemble_each_other_less_are_not_near() -> None:
    assert nearest("恒元建设", ["恒大建筑", "建设", "远恒", "恒远建设\nhyjs"]) == [3]


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=5))
def test_a_name_that_is_read_character_by_character_is_read_as_the_dictionary_reads_it(name: str) -> None:
    assert _syllables(name) == lazy_pinyin(name, errors=_letters)


@pytest.mark.parametrize("name", ["重庆", "单于", "长孙行", "音乐", "重阳", "朝阳", "张行长"])
def test_words_of_the_dictionary_are_read_as_words(name: str) -> None:
    assert _syllables(name) == lazy_pinyin(name, errors=_letters)
