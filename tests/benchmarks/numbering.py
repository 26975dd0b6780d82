"""Ids that follow from a number, so that a load from another process, and pgbench, can name any record of the register at will."""

from uuid import UUID

UNITS, PERSONS, COUNTERPARTIES = 200, 10_000, 5_000

_VERSION_7 = (7 << 76) | (2 << 62)
_BEFORE = {"unit": 1, "person": 2, "counterparty": 3}


def record(kind: str, number: int) -> UUID:
    """The id of the n-th unit, person or counterparty."""
    return UUID(int=_BEFORE[kind] << 96 | _VERSION_7 | number)


def later(milliseconds: int, sort: int, number: int) -> UUID:
    """The UUIDv7 of a row that was written at an instant (Unix time in milliseconds); `sort` keeps ids of different tables apart."""
    return UUID(int=milliseconds << 80 | _VERSION_7 | sort << 48 | number)


def unit_of(person: int) -> int:
    """People spread evenly over the units."""
    return person % UNITS


def above(unit: int) -> list[int]:
    """The units above one, itself first: a root, nine bureaus, and the others below these."""
    if unit == 0:
        return [0]
    return [unit, 0] if unit < 10 else [unit, 1 + unit % 9, 0]


def company(number: int) -> str:
    """The name of the n-th counterparty."""
    return f"恒远建设第{number}有限公司"


def identifier(number: int) -> str:
    """The code of the n-th counterparty; its check digit is not right."""
    return f"91110000{number:09d}X"
