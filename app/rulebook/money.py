"""Money as people write it and as limits compare it: exact decimals, never floats."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer
from pydantic_core import PydanticCustomError

RATE_STANDS_FOR = timedelta(days=31)
"""How long a published rate stands: central parities come daily or monthly; an older one would be a guess."""

# ISO 4217, the currencies in use (funds codes, metals and test codes left out).
CURRENCIES = frozenset(
    [
        "AED", "AFN", "ALL", "AMD", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BHD", "BIF", "BMD", "BND", "BOB",
        "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF", "CLP", "CNY", "COP", "CRC", "CUP", "CVE", "CZK", "DJF",
        "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP", "GEL", "GHS", "GIP", "GMD", "GNF", "GTQ", "GYD",
        "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR", "IQD", "IRR", "ISK", "JMD", "JOD", "JPY", "KES", "KGS", "KHR", "KMF",
        "KPW", "KRW", "KWD", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL", "LYD", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT",
        "MOP", "MRU", "MUR", "MVR", "MWK", "MXN", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN",
        "PGK", "PHP", "PKR", "PLN", "PYG", "QAR", "RON", "RSD", "RUB", "RWF", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP",
        "SLE", "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TND", "TOP", "TRY", "TTD", "TWD", "TZS",
        "UAH", "UGX", "USD", "UYU", "UZS", "VED", "VES", "VND", "VUV", "WST", "XAF", "XCD", "XCG", "XOF", "XPF", "YER", "ZAR",
        "ZMW", "ZWG",
    ]
)  # fmt: skip


def _known_currency(code: str) -> str:
    if code not in CURRENCIES:
        raise PydanticCustomError("currency_unknown", "not an ISO 4217 currency in use: {code}", {"code": code})
    return code


def _amount_from_text(value: Any) -> Any:
    """JSON numbers are refused: a float has lost the sum before it arrives."""
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str):
        raise PydanticCustomError("amount_not_text", 'an amount is a decimal string such as "1888.00"')
    whole, dot, cents = value.partition(".")
    digits = whole + cents
    if not (digits.isascii() and digits.isdigit() and whole and (cents or not dot)) or len(cents) > 2 or len(whole) > 12:
        raise PydanticCustomError(
            "amount_malformed", "an amount has up to 12 ASCII digits, a point and at most 2 decimals, without sign or separators"
        )
    return Decimal(value)


def _amount_to_text(value: Decimal) -> str:
    return f"{value:.2f}"


_WRITTEN = r"^[0-9]{1,12}(\.[0-9]{1,2})?$"
"""In and out alike, so that clients have one type of money; what goes out always has both decimals."""

Amount = Annotated[
    Decimal,
    BeforeValidator(_amount_from_text, json_schema_input_type=Annotated[str, Field(pattern=_WRITTEN)]),
    PlainSerializer(_amount_to_text, return_type=Annotated[str, Field(pattern=_WRITTEN)]),
]
"""A sum, not negative, below 10^12, with at most two decimals; a string in JSON."""

Currency = Annotated[str, Field(pattern="^[A-Z]{3}$", examples=["CNY"]), AfterValidator(_known_currency)]


class Money(BaseModel):
    """A sum of money (金额): `{"amount": "1888.00", "currency": "CNY"}`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    amount: Amount = Field(
        description="金额，十进制字符串，至多两位小数。A decimal string with at most two decimals.", examples=["1888.00"]
    )
    currency: Currency = Field(description="ISO 4217 货币代码。The ISO 4217 code.")


def in_yuan_alone(money: Money | None) -> Decimal | None:
    """A sum that is stated in CNY; None for one in another currency, whose rate only the register knows."""
    return money.amount if money is not None and money.currency == "CNY" else None


class Rate(NamedTuple):
    """One unit of `currency` in CNY from `on`, as published."""

    currency: str
    on: date
    rate: Decimal


class Rates:
    """The register's dated exchange rates (汇率)."""

    def __init__(self, rates: Iterable[Rate] = ()) -> None:
        self._rates = sorted(rates, key=lambda rate: rate.on)

    def on(self, currency: str, day: date) -> Rate | None:
        """The newest rate of the currency published by the day, at most 31 days before it; None when there is none."""
        standing = (r for r in reversed(self._rates) if r.currency == currency and r.on <= day)
        newest = next(standing, None)
        return newest if newest and day - newest.on <= RATE_STANDS_FOR else None

    def in_cny(self, money: Money | None, day: date) -> Decimal | None:
        """The sum in CNY at the rate of the day, exact to the cent; None when the sum or its rate is unknown."""
        if money is None:
            return None
        if money.currency == "CNY":
            return money.amount
        rate = self.on(money.currency, day)
        return None if rate is None else (money.amount * rate.rate).quantize(Decimal("0.01"))


def yuan(amount: Decimal | int) -> str:
    """An amount in CNY as messages show it: two decimals."""
    return f"{amount:.2f}"


def yuan_if_known(amount: Decimal | None) -> str | None:
    """An amount in CNY as evidence shows it; None where it is not known."""
    return None if amount is None else yuan(amount)
