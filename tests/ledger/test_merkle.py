"""The tree in tiles is the tree of RFC 6962, whatever its size and however it grew."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.ledger.merkle import EMPTY_ROOT, Place, Span, consistency_path, edge_of, extended, hash_of, inclusion_path, tiles_of

from . import rfc

LARGEST = 600
LEAVES = [rfc.leaf(str(number).encode()) for number in range(70_000)]
SIZES = st.integers(1, LARGEST)


@cache
def tiles(size: int) -> dict[Place, bytes]:
    """All tiles of the tree of that size, grown at once."""
    return extended({}, 0, LEAVES[:size])


@cache
def root(size: int) -> bytes:
    return rfc.root(LEAVES[:size])


@pytest.mark.parametrize("size", range(LARGEST + 1))
def test_the_root_is_that_of_the_rfc(size: int) -> None:
    assert hash_of(Span(0, size), tiles(size)) == root(size)
    assert hash_of(Span(0, size), tiles(LARGEST)) == root(size), "an older root can be had of a tree that has grown"


def test_an_empty_tree_has_the_root_that_the_rfc_gives_it() -> None:
    assert rfc.root([]) == EMPTY_ROOT == hash_of(Span(0, 0), {})


@given(st.lists(st.integers(1, 300), min_size=1, max_size=6))
def test_however_it_grew_it_is_the_same_tree(steps: list[int]) -> None:
    held: dict[Place, bytes] = {}
    size = 0
    for step in steps:
        edge = {place: held[place] for place in edge_of(size)}
        held |= extended(edge, size, LEAVES[size : size + step])
        size += step
        assert hash_of(Span(0, size), {place: held[place] for place in edge_of(size) | tiles_of([Span(0, size)])}) == root(size)
    assert held == tiles(size)


@given(SIZES, st.data())
@settings(max_examples=400, deadline=None)
def test_an_inclusion_proof_is_that_of_the_rfc(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    spans = inclusion_path(index, size)
    needed = {place: tiles(LARGEST)[place] for place in tiles_of(spans)}
    hashes = [hash_of(span, needed) for span in spans]
    assert hashes == rfc.path(index, LEAVES[:size])
    assert rfc.is_included(LEAVES[index], index, size, hashes, root(size))
    assert not rfc.is_included(LEAVES[index + 1], index, size, hashes, root(size))


@given(SIZES, st.data())
@settings(max_examples=400, deadline=None)
def test_a_consistency_proof_is_that_of_the_rfc(second: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(1, second))
    spans = consistency_path(first, second)
    needed = {place: tiles(LARGEST)[place] for place in tiles_of(spans)}
    hashes = [hash_of(span, needed) for span in spans]
    assert hashes == rfc.proof(first, LEAVES[:second])
    assert rfc.is_consistent(first, second, hashes, root(first), root(second))
    assert not rfc.is_consistent(first, second, hashes, LEAVES[0][::-1], root(second))


@pytest.mark.parametrize(("first", "second"), [(255, 256), (256, 257), (65_535, 65_536), (65_536, 65_537), (300, 70_000), (69_999, 70_000)])
def test_tiles_meet_at_their_borders(first: int, second: int) -> None:
    held = {**tiles(first), **extended({place: tiles(first)[place] for place in edge_of(first)}, first, LEAVES[first:second])}
    assert held == tiles(second)
    hashes = [hash_of(span, held) for span in consistency_path(first, second)]
    assert rfc.is_consistent(first, second, hashes, root(first), root(second))
    hashes = [hash_of(span, held) for span in inclusion_path(first, second)]
    assert rfc.is_included(LEAVES[first], first, second, hashes, root(second))


def test_a_proof_in_a_large_tree_takes_few_tiles() -> None:
    for index in (0, 511_999, 999_999):
        assert len(tiles_of([*inclusion_path(index, 1_000_000), Span(0, 1_000_000)])) <= 6
