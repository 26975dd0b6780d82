"""RFC 6962 and RFC 9162 by the letter, slowly: what our tree and its proofs are held against. Nothing of the application is used."""

import hashlib
from collections.abc import Sequence


def leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(hashes: Sequence[bytes]) -> bytes:
    """MTH (RFC 6962, section 2.1) over leaf hashes."""
    if len(hashes) < 2:
        return hashes[0] if hashes else hashlib.sha256(b"").digest()
    split = _split(len(hashes))
    return node(root(hashes[:split]), root(hashes[split:]))


def path(index: int, hashes: Sequence[bytes]) -> list[bytes]:
    """PATH (section 2.1.1)."""
    if len(hashes) == 1:
        return []
    split = _split(len(hashes))
    if index < split:
        return [*path(index, hashes[:split]), root(hashes[split:])]
    return [*path(index - split, hashes[split:]), root(hashes[:split])]


def proof(first: int, hashes: Sequence[bytes], *, whole: bool = True) -> list[bytes]:
    """SUBPROOF (section 2.1.2)."""
    if first == len(hashes):
        return [] if whole else [root(hashes)]
    split = _split(len(hashes))
    if first <= split:
        return [*proof(first, hashes[:split], whole=whole), root(hashes[split:])]
    return [*proof(first - split, hashes[split:], whole=False), root(hashes[:split])]


def _split(count: int) -> int:
    split = 1
    while split * 2 < count:
        split *= 2
    return split


def is_included(leaf_hash: bytes, index: int, size: int, hashes: Sequence[bytes], expected: bytes) -> bool:
    """RFC 9162, section 2.1.3.2."""
    fn, sn, r = index, size - 1, leaf_hash
    for p in hashes:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = node(p, r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node(r, p)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r == expected and index < size


def is_consistent(first: int, second: int, hashes: Sequence[bytes], old: bytes, new: bytes) -> bool:
    """RFC 9162, section 2.1.4.2."""
    if first == second:
        return not hashes and old == new
    given = [old, *hashes] if first & (first - 1) == 0 else list(hashes)
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = given[0]
    for c in given[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node(c, fr), node(c, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and (fr, sr) == (old, new)
