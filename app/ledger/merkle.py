"""The Merkle tree over the lines (RFC 6962, section 2.1), in tiles of 256 hashes a level of eight (C2SP tlog-tiles); pure, no database.

A span of leaves that the RFC hashes is made of perfect subtrees, each of which lies within one tile: a proof reads a few tiles,
however long the log is.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

HEIGHT = 8
WIDTH = 1 << HEIGHT
"""Hashes in a full tile."""

HASH_BYTES = 32

EMPTY_ROOT = hashlib.sha256(b"").digest()


class Place(NamedTuple):
    """Where a tile stands: level 0 holds hashes of leaves, each level above the roots of full tiles below."""

    level: int
    number: int


class Span(NamedTuple):
    """Leaves from `start` up to but without `end`."""

    start: int
    end: int


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an interior node, SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def inclusion_path(index: int, size: int) -> list[Span]:
    """The spans whose hashes prove that the leaf is in the tree of that size, lowest first: PATH of RFC 6962, section 2.1.1."""
    spans, start, end = [], 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            spans.append(Span(middle, end))
            end = middle
        else:
            spans.append(Span(start, middle))
            start = middle
    return spans[::-1]


def consistency_path(first: int, second: int) -> list[Span]:
    """The spans whose hashes prove that the first tree begins the second: PROOF of RFC 6962, section 2.1.2; none from an empty tree."""
    if first == 0:
        return []
    spans, start, end = [], 0, second
    while first < end:
        middle = start + _split(end - start)
        if first <= middle:
            spans.append(Span(middle, end))
            end = middle
        else:
            spans.append(Span(start, middle))
            start = middle
    if start > 0:
        spans.append(Span(start, end))
    return spans[::-1]


def tiles_of(spans: Iterable[Span]) -> set[Place]:
    """The tiles from which the spans can be hashed."""
    return {_tile(level, index)[0] for span in spans for level, index in _perfect(span)}


def hash_of(span: Span, tiles: Mapping[Place, bytes]) -> bytes:
    """The hash of a span: MTH of RFC 6962.

    Raises:
        KeyError: a tile is missing, or shorter than it should be.
    """
    if span.start == span.end:
        return EMPTY_ROOT
    *before, root = [_subtree(level, index, tiles) for level, index in _perfect(span)]
    for left in reversed(before):
        root = node_hash(left, root)
    return root


def edge_of(size: int) -> set[Place]:
    """The tiles of a tree that are not full: the next leaves go in here, and the root is made of them."""
    counts = ((level, size >> HEIGHT * level) for level in range(size.bit_length() // HEIGHT + 1))
    return {Place(level, count >> HEIGHT) for level, count in counts if count % WIDTH}


def extended(edge: Mapping[Place, bytes], size: int, leaves: Sequence[bytes]) -> dict[Place, bytes]:
    """The tiles that change when these leaf hashes follow a tree of that size, whose edge is given."""
    changed: dict[Place, bytes] = {}
    level, fresh = 0, list(leaves)
    while fresh:
        count, roots = size >> HEIGHT * level, []
        number, width = divmod(count, WIDTH)
        tile = edge[Place(level, number)][: width * HASH_BYTES] if width else b""
        while fresh:
            room = WIDTH - len(tile) // HASH_BYTES
            tile, fresh = tile + b"".join(fresh[:room]), fresh[room:]
            changed[Place(level, number)] = tile
            if len(tile) == WIDTH * HASH_BYTES:
                roots.append(_fold(tile))
                number, tile = number + 1, b""
        level, fresh = level + 1, roots
    return changed


def _split(leaves: int) -> int:
    """The largest power of two below a number of leaves."""
    return 1 << (leaves - 1).bit_length() - 1


def _perfect(span: Span) -> Iterator[tuple[int, int]]:
    """(level, index) of the perfect subtrees that a span is made of, from the left."""
    start, end = span
    while start < end:
        level = (end - start).bit_length() - 1
        yield level, start >> level
        start += 1 << level


def _tile(level: int, index: int) -> tuple[Place, slice]:
    """The tile that holds a perfect subtree, and which bytes of it."""
    inner = level % HEIGHT
    number, offset = divmod(index << inner, WIDTH)
    return Place(level // HEIGHT, number), slice(offset * HASH_BYTES, (offset + (1 << inner)) * HASH_BYTES)


def _subtree(level: int, index: int, tiles: Mapping[Place, bytes]) -> bytes:
    place, part = _tile(level, index)
    hashes = tiles[place][part]
    if len(hashes) != part.stop - part.start:
        raise KeyError(place)
    return _fold(hashes)


def _fold(hashes: bytes) -> bytes:
    """The root over 2^n hashes."""
    nodes = [hashes[start : start + HASH_BYTES] for start in range(0, len(hashes), HASH_BYTES)]
    while len(nodes) > 1:
        nodes = [node_hash(left, right) for left, right in zip(nodes[::2], nodes[1::2], strict=True)]
    return nodes[0]
