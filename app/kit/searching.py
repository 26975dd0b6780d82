"""Finding text: the form in which it is compared, the pairs of characters by which it is indexed, and how Chinese names are read aloud."""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, TypeAlias

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Index,
    Table,
    Text,
    and_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    text,
    union_all,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

How: TypeAlias = Callable[[ColumnElement[str], str], ColumnElement[bool]]
"""A condition on a column that is kept for searching, and words in the same form."""

FEW = 300
"""So many names are looked up one by one; where more are found, the newest rows are soon among theirs, and the list is walked."""

_FEW_ROWS, _MOST_ROWS = 2_000, 20_000
"""So many rows with two pairs of characters are looked into, so many with one are passed over for it; where more have them, the list is walked."""

_MOST_ALIKE = 1_000

_LEAST_NEAR, _SWAPPED, _MOST_NEAR = 4, 6, 40
"""How long words are in which a wrong character is looked past: shorter ones resemble too much, longer ones no name."""

_FOREIGN = "\0"
_PERSONS_NAME = 4


def folded(words: str) -> str:
    """Full-width forms made narrow (NFKC), case removed: what two people would call the same text."""
    return unicodedata.normalize("NFKC", words).casefold()


def sought(words: str) -> str:
    """What somebody typed, in the form in which text is kept for searching."""
    return folded(words.strip())


@lru_cache(maxsize=10_000)
def sounding(name: str) -> str:
    """A name as it is searched: folded, and a line each for its initials and its reading in pinyin.

    A surname may be read in several ways (单, 曾, 解), so a person's name has lines for each.
    """
    kept = folded(name)
    if not any(map(_chinese, kept)):
        return kept
    first, *others = _syllables(kept)
    surname = _chinese(kept[0]) and len(kept) <= _PERSONS_NAME
    firsts = [first, *_readings(kept[0])] if surname else [first]
    lines = (line for one in firsts for line in _read([one, *others]))
    return "\n".join(dict.fromkeys([kept, *lines]))


def _syllables(kept: str) -> list[str]:
    """How a text is read. A short name of which no part is a word of the dictionary is read character by character, which takes a tenth of the time."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415  # its dictionary takes a third of a second, and searching needs none
    from pypinyin.constants import PHRASES_DICT  # noqa: PLC0415

    if len(kept) <= _PERSONS_NAME and all(map(_chinese, kept)) and not any(part in PHRASES_DICT for part in _parts(kept)):
        return [_syllable(character) for character in kept]
    syllables: list[str] = lazy_pinyin(kept, errors=_letters)
    return syllables


def _parts(kept: str) -> Iterator[str]:
    """All parts of two characters and more."""
    return (kept[start:stop] for start in range(len(kept) - 1) for stop in range(start + 2, len(kept) + 1))


@lru_cache(maxsize=10_000)
def _syllable(character: str) -> str:
    from pypinyin import lazy_pinyin  # noqa: PLC0415  # as above

    return str(lazy_pinyin(character, errors=_letters)[0])


@lru_cache(maxsize=5_000)
def _readings(character: str) -> list[str]:
    """All the ways in which a character is read."""
    from pypinyin import Style, pinyin  # noqa: PLC0415  # as above

    readings: list[str] = pinyin(character, style=Style.NORMAL, heteronym=True)[0]
    return readings


async def read_unread(connection: AsyncConnection, *names: ColumnElement[Any]) -> None:
    """Make up the text of names that were written without one, by processes of the release before these had any."""
    for name in names:
        table: Any = name.table
        for (called,) in (await connection.execute(select(name).where(table.c.search_text == "").distinct())).all():
            await connection.execute(update(table).where(name == called, table.c.search_text == "").values(search_text=sounding(called)))


def _read(syllables: Sequence[str]) -> tuple[str, str]:
    """(the initials, the whole reading); what is not Chinese is whole in both."""
    return "".join(one[1:] if one[:1] == _FOREIGN else one[:1] for one in syllables), "".join(syllables).replace(_FOREIGN, "")


def _chinese(letter: str) -> bool:
    return "\u4e00" <= letter <= "\u9fff"


def _letters(foreign: str) -> str:
    """What is not Chinese stays as it is, without spaces and signs, and is marked."""
    return _FOREIGN + "".join(letter for letter in foreign if letter.isalnum())


def grams(kept: str) -> list[str]:
    """Each pair of neighbouring characters, once; a single character stands for itself."""
    return list(dict.fromkeys(map("".join, pairwise(kept)))) if len(kept) > 1 else list(kept)


class has_grams(FunctionElement[Any]):  # noqa: N801  # reads as an operator
    """`has_grams(column, grams)`: the column's text has all of them, by an inverted index on `grams(column)`; true where the database has none.

    It has no type, as SQLite would be asked whether it `= 1`.
    """

    inherit_cache = True

    def __init__(self, column: ColumnElement[Any], wanted: Sequence[str]) -> None:
        super().__init__(column, bindparam(None, list(wanted), type_=ARRAY(Text), unique=True))


@compiles(has_grams)
def _unknown(_element: has_grams, _compiler: SQLCompiler, **_options: Any) -> str:
    return "1"


@compiles(has_grams, "postgresql")
def _contained(element: has_grams, compiler: SQLCompiler, **options: Any) -> str:
    column, wanted = element.clauses
    return f"grams({compiler.process(column, **options)}) @> {compiler.process(wanted, **options)}"


def grams_index(table: str) -> Index:
    """The inverted index over `search_text` of a table, on PostgreSQL.

    Entries wait in a short list before they are sorted in, as each search reads that list from end to end.
    """
    return Index(
        f"ix_{table}_grams",
        text("grams(search_text)"),
        postgresql_using="gin",
        postgresql_with={"gin_pending_list_limit": 256},
    ).ddl_if(dialect="postgresql")


def holds(column: ColumnElement[str], kept: str) -> ColumnElement[bool]:
    """The column, kept for searching, holds the words somewhere; where a row is looked at, the pairs are made only if it does."""
    return and_(column.contains(kept, autoescape=True), has_grams(column, grams(kept)))


def walked(column: ColumnElement[str], kept: str) -> ColumnElement[bool]:
    """As `holds`, for words that so many rows hold that an index would only be in the way."""
    return column.contains(kept, autoescape=True)


async def narrowed(connection: AsyncConnection, index: Table, kept: str) -> ColumnElement[Any] | None:
    """Where pairs are rows of a table: the SELECT of keys with the two rarest pairs of the words; None where many have them, or there is no such table."""
    if connection.dialect.name != "sqlite":
        return None
    pairs = grams(kept)[:_MOST_NEAR]
    counted = [_how_many(index, gram, place) for place, gram in enumerate(pairs)]
    rarest = sorted((await connection.execute(union_all(*counted))).all(), key=lambda row: row.many)[:2]
    if rarest[0].many > _MOST_ROWS:
        return None
    having = _having(index, [pairs[row.place] for row in rarest])
    many: int = (await connection.execute(select(func.count()).select_from(having.limit(_FEW_ROWS + 1).subquery()))).scalar_one()
    return having if many <= _FEW_ROWS else None


def _how_many(index: Table, gram: str, place: int) -> Any:
    """The place of a pair, and how many have it: counted so far as it matters."""
    having = _having(index, [gram]).limit(_MOST_ROWS + 1).subquery()
    return select(literal(place).label("place"), select(func.count()).select_from(having).scalar_subquery().label("many"))


def _having(index: Table, pairs: Sequence[str]) -> Any:
    """The keys with each of the pairs; a single character begins a pair wherever it stands, as each text ends with a line's end."""
    first, others = index.alias(), [index.alias() for _ in pairs[1:]]
    (key,) = (column.name for column in index.primary_key if column.name != "gram")
    besides = [exists().where(_is(other, gram), other.c[key] == first.c[key]) for other, gram in zip(others, pairs[1:], strict=True)]
    return select(first.c[key]).where(_is(first, pairs[0]), *besides)


def _is(index: Any, gram: str) -> ColumnElement[bool]:
    same: ColumnElement[bool] = index.c.gram == gram
    return same if len(gram) > 1 else and_(index.c.gram >= gram, index.c.gram < gram + chr(0x10FFFF))


def near(column: ColumnElement[str], kept: str) -> ColumnElement[bool] | None:
    """What may hold the words but for one character that is wrong, missing, or one too many; None for words too short or too long.

    One slip leaves one half of the words whole, and spoils no more than two or three neighbouring pairs.
    """
    if not _LEAST_NEAR <= len(kept) <= _MOST_NEAR or (kept.isascii() and len(kept) < 2 * _LEAST_NEAR):
        return None
    half = len(kept) // 2
    halves = or_(*(column.contains(part, autoescape=True) for part in (kept[:half], kept[half:])))
    return and_(halves, or_(*(has_grams(column, left) for left in _left_whole(kept))))


def _left_whole(kept: str) -> Iterator[list[str]]:
    """The pairs that stay when one character, or in longer words two that were swapped, are not as written."""
    pairs, swapped = list(map("".join, pairwise(kept))), len(kept) >= _SWAPPED
    for slip in range(len(kept) - swapped):
        yield [*pairs[: max(slip - 1, 0)], *pairs[slip + 1 + swapped :]]


def nearest(kept: str, names: Sequence[str]) -> list[int]:
    """Which of the names hold the words but for one character, most alike first; names are given as they are kept for searching."""
    from rapidfuzz import fuzz  # noqa: PLC0415  # only who mistypes needs it

    least = 100 * (1 - 1 / len(kept)) - 0.01
    called = [name.partition("\n")[0] for name in names]
    alike = [
        (
            fuzz.partial_ratio(kept, name, score_cutoff=least) if len(name) >= len(kept) else fuzz.ratio(kept, name, score_cutoff=least),
            place,
        )
        for place, name in enumerate(called)
    ]
    return [place for score, place in sorted(alike, reverse=True) if score][:_MOST_ALIKE]
