"""Registers as other governments publish them, made up row by row with the dirt of real ones, each row with what must become of it."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, NamedTuple

from xlsxwriter import Workbook

_GIVEN = [
    "Ada",
    "Bram",
    "Cleo",
    "Dov",
    "Enid",
    "Finn",
    "Gita",
    "Hugo",
    "Iris",
    "Joss",
    "Kaia",
    "Lars",
    "Mina",
    "Noor",
    "Otto",
    "Pia",
    "Quin",
    "Rhea",
    "Sven",
    "Tova",
]
_FAMILY = ["Ashdown", "Birkett", "Calloway", "Dunmore", "Eastlake", "Farrow", "Greaves", "Hallam", "Inskip", "Jessop"]
_CHINESE = ("赵钱孙李周吴郑王冯陈", "建国伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀英霞平刚")
DEPARTMENTS = ("Department for Fisheries", "Department of Lighthouses", "Ministry of Weirs", "Office of Canals")
_DONORS = (
    "Embassy of Freedonia",
    "Ministry of Culture of Sylvania",
    "Ruritania Trade Board",
    "Mayor of Port Anselm",
    "Halberd & Pike plc",
    "Grand Fenwick Tourism",
)
_THINGS = (
    "Vase",
    "Silk scarf",
    "Box of dates",
    "Framed print",
    "Book of photographs",
    "Fountain pen",
    "Tea set",
    "Rug",
    "Bottle of cordial",
    "Model boat",
)

DEFAULTS: dict[str, Any] = {
    "relation": "foreign_counterpart",
    "also_kin": False,
    "received_away": False,
    "direction": "received",
    "setting": "foreign_affairs",
    "receiver": "self",
    "occasion": "visit",
    "channel": "in_person",
    "public_event": False,
    "items.category": "goods",
    "items.worth_basis": "market",
    "declared_on": "2024-06-30",
}
"""What such registers do not say of each gift, as it holds for all of them."""


class Official(NamedTuple):
    """Somebody whose gifts are published."""

    number: str
    name: str
    department: str


class Gift(NamedTuple):
    """What must stand on record of a row: worth None where it is not known."""

    number: str
    day: str
    giver: str
    thing: str
    worth: str | None
    currency: str | None
    basis: str
    action: str


@dataclass(slots=True)
class Made:
    """A row: its cells, what becomes of it, and the gift on record or the code of its fault."""

    cells: list[Any]
    status: str
    gift: Gift | None = None
    code: str | None = None


@dataclass(slots=True)
class Register:
    """A published file: titles above its headings, and rows."""

    headings: Sequence[str]
    titles: Sequence[str]
    mapping: dict[str, Any]
    rows: list[Made] = field(default_factory=list)

    def expected(self) -> dict[str, int]:
        """How many rows become what, without noughts."""
        counts: dict[str, int] = {}
        for row in self.rows:
            counts[row.status] = counts.get(row.status, 0) + 1
        return counts

    def text(self, encoding: str) -> bytes:
        """As a text file."""
        text = io.StringIO(newline="")
        csv.writer(text).writerows([*([title] for title in self.titles), [], self.headings, *(row.cells for row in self.rows)])
        return text.getvalue().encode(encoding)

    def workbook(self) -> bytes:
        """As a workbook, in which the official's cell is merged over neighbouring rows."""
        file = io.BytesIO()
        book = Workbook(file, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
        sheet = book.add_worksheet("Gifts")
        for row, title in enumerate(self.titles):
            sheet.write(row, 0, title)
        top = len(self.titles) + 1
        sheet.write_row(top, 0, self.headings)
        for place, made in enumerate(self.rows, top + 1):
            for column, cell in enumerate(made.cells):
                (sheet.write_datetime if isinstance(cell, date) else sheet.write)(place, column, _plain(cell))
        for first, last in _runs(self.rows):
            if last > first:
                sheet.merge_range(top + 1 + first, 0, top + 1 + last, 0, self.rows[first].cells[0])
        book.close()
        return file.getvalue()


def _plain(cell: Any) -> Any:
    return float(cell) if isinstance(cell, Decimal) else cell


def _runs(rows: Sequence[Made]) -> Iterable[tuple[int, int]]:
    first = 0
    for place in range(1, len(rows) + 1):
        if place == len(rows) or rows[place].cells[0] != rows[first].cells[0]:
            yield first, place - 1
            first = place


def officials(many: int, chinese: bool = False) -> list[Official]:
    """Officials, no two of one name."""
    found = []
    for place in range(many):
        family, given = divmod(place, 20)
        name = f"{_GIVEN[given]} {_FAMILY[family]}"
        if chinese:
            name = _CHINESE[0][place % 10] + _CHINESE[1][place // 10 % 24] + _CHINESE[1][place // 240 % 24]
        found.append(Official(f"{'C' if chinese else 'F'}{place:04d}", name, DEPARTMENTS[place % len(DEPARTMENTS)]))
    return found


class _Dirt:
    """Writes a value as somebody might."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng

    def text(self, said: str) -> str:
        """With what nobody sees: blanks of all sorts, zero-width characters."""
        if self.rng.random() < 0.7:
            return said
        return self.rng.choice(
            [f" {said}", f"{said}\u00a0", f"\u200b{said}", said.replace(" ", "\u3000"), f"\ufeff{said} ", said.replace(" ", "  ")]
        )

    def day(self, day: date) -> Any:
        """A day in any style that names it alone, where the table puts days first."""
        styles: list[Callable[[date], Any]] = [
            lambda one: one.isoformat(),
            lambda one: one.strftime("%d/%m/%Y"),
            lambda one: one.strftime("%d.%m.%Y"),
            lambda one: one.strftime("%d %b %Y"),
            lambda one: one.strftime("%d %B %Y"),
            lambda one: one.strftime("%d-%b-%y"),
            lambda one: one.strftime("%Y%m%d"),
            lambda one: f"{one.year}年{one.month}月{one.day}日",
            lambda one: str((one - date(1899, 12, 30)).days),
            lambda one: one.strftime("%d/%m/%Y 00:00"),
            lambda one: one.strftime("%d/%m/%y"),
        ]
        return self.rng.choice(styles)(day)

    def sum(self, amount: Decimal, sign: str, code: str) -> tuple[Any, bool]:
        """(the sum in any style, whether it says that it is about right)."""
        exact = [
            f"{sign}{amount:,.2f}",
            f"{amount:.2f}",
            f"{code} {amount:.2f}",
            f"{amount:,.2f} {code}",
            f"{sign} {amount:.2f}",
            _wide(f"{amount:.2f}"),
            f"\u200b{sign}{amount:.2f}\u00a0",
        ]
        about = [
            f"approx {sign}{amount:.2f}",
            f"c. {sign}{amount:.2f}",
            f"~{sign}{amount:.2f}",
            f"{sign}{amount:.2f} (estimated)",
            f"约{amount:.2f}",
        ]
        return (self.rng.choice(about), True) if self.rng.random() < 0.2 else (self.rng.choice(exact), False)


def _wide(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if sign.isdigit() else sign for sign in text)


_ACTIONS = {
    "Held by Department": "surrendered",
    "Retained by Department": "surrendered",
    "Retained by minister": "kept",
    "Donated to charity": "own_unit_decides",
    "Declined": "refused",
    "Returned to donor": "returned",
    "Purchased": "kept",
    "Used": "consumed",
}
_UNKNOWN = ("", "N/A", "Value unknown", "unknown", "TBC", "不详", "Nil", "-")
_WRONG_SUMS = {
    "{s}20-{s}30": "amount-is-a-range",
    "over {s}140": "amount-is-a-bound",
    "{s}50 each": "amount-malformed",
    "-{s}5": "amount-negative",
    "{s}12.345": "amount-too-fine",
}
_WRONG_DAYS = {
    "March 2023": "day-incomplete",
    "31/02/2023": "day-nonexistent",
    "1-3 March 2023": "day-is-a-period",
    "2023": "day-incomplete",
    "soon": "day-malformed",
}


@dataclass(slots=True)
class Source:
    """How one government publishes: its headings by what they mean, its currency, and the signs of it."""

    headings: dict[str, str]
    titles: Sequence[str]
    sign: str
    currency: str
    mapping: dict[str, Any]


UK = Source(
    {
        "who": "Minister",
        "where": "Department",
        "day": "Date gift received",
        "thing": "Gift",
        "giver": "Given by",
        "sum": "Value (£)",
        "action": "Outcome",
        "over": "Over £140",
    },
    ("Ministers' gifts received", "1 January to 31 December 2023"),
    "£",
    "GBP",
    {"defaults": DEFAULTS, "words": {"items.disposition.action": {"Purchased": "kept"}}},
)
AUSTRALIA = Source(
    {
        "who": "Official",
        "where": "Agency",
        "day": "Date received",
        "thing": "Description",
        "giver": "Received from",
        "sum": "Estimated value",
        "action": "Held by",
        "over": "Form",
    },
    ("Register of gifts and benefits",),
    "$",
    "AUD",
    {
        "defaults": DEFAULTS,
        "columns": {"Held by": "items.disposition.action", "Form": None},
        "words": {"items.disposition.action": {"Purchased": "kept"}},
        "currency": "AUD",
    },
)
CHINESE = Source(
    {
        "who": "姓名",
        "where": "单位",
        "day": "收礼日期",
        "thing": "礼品名称",
        "giver": "赠送单位",
        "sum": "金额（元）",
        "action": "处置情况",
        "over": "填表人",
    },
    ("礼品登记表",),
    "￥",
    "CNY",
    {
        "defaults": DEFAULTS | {"setting": "domestic", "relation": "unrelated"},
        "words": {"items.disposition.action": {"Purchased": "kept"}},
        "day_order": "day_first",
    },
)


def register(source: Source, of: Sequence[Official], many: int, seed: int) -> Register:
    """A register of so many rows: three in five sound, the others nil returns, repeated, or wrong in one cell."""
    maker = _Maker(source, Random(seed))  # noqa: S311  # the same rows each time
    made = Register(list(source.headings.values()), source.titles, source.mapping)
    for place in range(many):
        made.rows += maker.row(of[place * len(of) // many], place)
    return made


class _Maker:
    def __init__(self, source: Source, rng: Random) -> None:
        self.source, self.rng, self.dirt = source, rng, _Dirt(rng)
        self.last: Made | None = None

    def row(self, who: Official, place: int) -> list[Made]:
        """One row."""
        lot = self.rng.random()
        if lot < 0.15:
            return [self._nil(who)]
        if lot < 0.2 and self.last is not None and self.last.cells[0] == who.name:
            return [Made(list(self.last.cells), "unchanged")]
        gift, cells = self._gift(who, place)
        if lot < 0.35:
            return [self._wrong(cells)]
        self.last = Made(list(cells.values()), "created", gift)
        return [self.last]

    def _gift(self, who: Official, place: int) -> tuple[Gift, dict[str, Any]]:
        rng, source = self.rng, self.source
        day = date(2023, 1, 1) + timedelta(days=rng.randrange(365))
        thing, giver, action = f"{rng.choice(_THINGS)} {place}", rng.choice(_DONORS), rng.choice(list(_ACTIONS))
        amount, about = Decimal(rng.randrange(500, 90_000)) / 100, False
        written: Any
        if rng.random() < 0.15:
            worth, written = None, rng.choice(_UNKNOWN)
        else:
            written, about = self.dirt.sum(amount, source.sign, source.currency)
            worth = f"{amount:.2f}"
        basis = "unknown" if worth is None else "estimate" if about else "market"
        gift = Gift(who.number, day.isoformat(), giver, thing, worth, worth and source.currency, basis, _ACTIONS[action])
        cells = {
            "who": who.name,
            "where": who.department,
            "day": self.dirt.day(day),
            "thing": self.dirt.text(thing),
            "giver": self.dirt.text(giver),
            "sum": written,
            "action": self.dirt.text(action),
            "over": rng.choice(["Yes", "No", ""]),
        }
        return gift, cells

    def _nil(self, who: Official) -> Made:
        word = self.rng.choice(["Nil return", "NIL RETURN", "Nil Return ", "nil", "无", "No gifts received"])
        rest = self.rng.choice(["", "N/A", "-", word])
        cells = {
            "who": who.name,
            "where": who.department,
            "day": self.rng.choice([word, "", "Q1 2023"]),
            "thing": word,
            "giver": rest,
            "sum": self.rng.choice(["", "N/A", "Nil", "0"]),
            "action": rest,
            "over": "",
        }
        return Made(list(cells.values()), "nil")

    def _wrong(self, cells: dict[str, Any]) -> Made:
        """A row that is wrong in one place."""
        rng = self.rng
        where = rng.choice(["sum", "day", "action", "who", "giver", "thing"])
        if where == "sum":
            form, code = rng.choice(list(_WRONG_SUMS.items()))
            cells["sum"] = form.format(s=self.source.sign)
        elif where == "day":
            cells["day"], code = rng.choice(list(_WRONG_DAYS.items()))
        elif where == "action":
            cells["action"], code = "Lost in transit", "word-unknown"
        elif where == "who":
            cells["who"], code = "Nobody Known", "person-unknown"
        elif where == "giver":
            cells["giver"], code = "", "missing"
        else:
            cells["thing"], code = "Nil return", "nil-contradicted"
        return Made(list(cells.values()), "failed", code=code)


def with_real_days(made: Register, seed: int) -> Register:
    """Days and sums as a workbook holds them where it knows them for such: every other sound row."""
    rng = Random(seed)  # noqa: S311  # the same rows each time
    for row in made.rows:
        if row.gift is not None and rng.random() < 0.5:
            row.cells[2] = datetime.fromisoformat(row.gift.day)
            if row.gift.worth is not None and row.gift.basis == "market":
                row.cells[5] = Decimal(row.gift.worth)
    last: list[Any] = []
    for row in made.rows:
        if row.gift is not None:
            last = row.cells
        elif row.status == "unchanged":
            row.cells = list(last)
    return made
