"""Numbers and days as a reader sees them: in the organization's currency, unknown never as 0."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from warehouse.report.markup import Markup, element

_SYMBOLS = {
    "AUD": "A$",
    "BRL": "R$",
    "CAD": "C$",
    "CHF": "CHF ",
    "EUR": "€",
    "GBP": "£",
    "INR": "₹",
    "JPY": "¥",
    "NZD": "NZ$",
    "USD": "$",
}
_DIGITS = {
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(
        ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND"), 0
    ),
    **dict.fromkeys(("VUV", "XAF", "XOF", "XPF"), 0),
}
"""Digits behind the point where they are not two (ISO 4217)."""

UNKNOWN = "–"


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency as amounts are written in it.

    Attributes:
        code: ISO 4217, such as `USD`.
    """

    code: str

    @property
    def symbol(self) -> str:
        """What stands before an amount: `$`, or the code and a space."""
        return _SYMBOLS.get(self.code, f"{self.code} ")

    @property
    def digits(self) -> int:
        """Digits behind the point."""
        return _DIGITS.get(self.code, 2)


Format = Callable[[Any, Currency], str]
"""Returns a known value as text."""


def money(value: Any, currency: Currency) -> str:
    """An amount: `$1,234.50`, `−€3.00`."""
    step = Decimal(1).scaleb(-currency.digits)
    rounded = Decimal(value).quantize(step, ROUND_HALF_UP)
    sign = "−" if rounded < 0 else ""
    return f"{sign}{currency.symbol}{abs(rounded):,}"


def count(value: Any, _currency: Currency) -> str:
    """A number of things: `1,234`; parts of one stay, to two digits (`12.5` conversions)."""
    return _trimmed(Decimal(value), 2)


def ratio(value: Any, _currency: Currency) -> str:
    """A ratio with two digits: `4.28`."""
    return f"{Decimal(value).quantize(Decimal('0.01'), ROUND_HALF_UP):,}".replace("-", "−")


def percent(value: Any, _currency: Currency) -> str:
    """A share in percent with one digit: `12.5%`."""
    return f"{(Decimal(value) * 100).quantize(Decimal('0.1'), ROUND_HALF_UP):,}%".replace("-", "−")


def day(value: date, _currency: Currency) -> str:
    """A day: `15 Nov 2026`."""
    return f"{value.day} {value:%b %Y}"


def instant(value: datetime, _currency: Currency) -> str:
    """An instant to the minute: `15 Nov 2026, 06:00 UTC`."""
    return f"{value.day} {value:%b %Y, %H:%M} UTC"


def any_number(value: Any, _currency: Currency) -> str:
    """A number of any kind: `1,234.5`, to four digits."""
    return _trimmed(Decimal(value), 4)


def text(value: Any, _currency: Currency) -> str:
    """Text as it is."""
    return str(value)


def state(value: Any, _currency: Currency) -> str:
    """A state in a word; one that is well is green, others are red."""
    return str(value)


def yes_or_no(value: bool, _currency: Currency) -> str:
    """A truth value in words."""
    return "yes" if value else "no"


_WELL = frozenset({"fresh", "resolved", "on_track"})
NUMERIC = frozenset({money, count, ratio, percent, any_number})
"""Formats of columns that stand on the right."""


def shown(value: Any, write: Format, currency: Currency) -> Markup:
    """Returns a value as HTML that carries the exact one; a missing one is a dash with a title."""
    if value is None or (isinstance(value, float) and value != value):
        return element("span", UNKNOWN, title="unknown", aria_label="unknown", class_="unknown")
    written = write(value, currency)
    if isinstance(value, date):
        return element("time", written, datetime=value.isoformat())
    if write in NUMERIC:
        return element("data", written, value=exact(value))
    mood = ("good" if value in _WELL else "bad") if write is state else None
    return element("bdi", written, class_=mood)


def exact(value: Any) -> str:
    """Returns a number with every digit, without an exponent."""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _trimmed(value: Decimal, digits: int) -> str:
    rounded = value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    whole = rounded.to_integral_value()
    written = f"{whole:,}" if rounded == whole else f"{rounded:,}".rstrip("0")
    return written.replace("-", "−")
