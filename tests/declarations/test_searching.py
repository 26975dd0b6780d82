"""The text by which declarations are found."""

import pytest

from app.declarations.searching import search_text
from app.kit.searching import folded
from app.rulebook.contents import KINDS as CHAPTERS
from tests.bodies import FULL, KINDS, Json, gift, item, meal, named, outside_post, shareholding


def words(body: Json, note: str | None = None) -> str:
    return search_text(CHAPTERS[body["kind"]].details.model_validate(body["details"]), note)


def test_names_descriptions_places_titles_and_notes_are_found() -> None:
    assert (
        words(gift(giver=named("恒远建设"), items=[item(description="龙井茶"), item(description="砚台")]), "来访")
        == "恒远建设\n龙井茶\n砚台\n来访"
    )
    assert "园区食堂" in words(meal(place="园区食堂"))
    assert "技术顾问" in words(outside_post(title="技术顾问"))
    assert "王建国" in words(shareholding(holder="nominee", nominee_name="王建国"))


@pytest.mark.parametrize("kind", KINDS)
def test_neither_codes_nor_numbers_are_text_to_be_found(kind: str) -> None:
    text = words(FULL[kind]())
    assert not {"supervised_current", "enterprise", "CNY", "91110000600037341L"} & set(text.split("\n"))
    assert text == folded(text)
