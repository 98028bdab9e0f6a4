"""Cells as text, and numbers written by people as plain digits."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson

ERROR_CELLS = frozenset(
    {
        "#N/A", "#NV", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!",
        "#CALC!", "#GETTING_DATA", "#ERROR!", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#UNKNOWN!",
    }
)  # fmt: skip
"""What a spreadsheet writes where a formula failed."""

SAFE_DIGITS = 15
"""A spreadsheet keeps so many digits of a number; the rest of a longer one is lost."""

LONGEST_NUMBER = 100
"""Characters of a number with all that people write around it. What is longer is a text, and is
not searched: the time of these patterns grows faster than the text."""

_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE]\+\d+", re.ASCII)
_PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_PLAIN_COMMA = re.compile(r"[+-]?(?:\d+,?\d*|,\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_GROUPED = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})+,\d{3})(?:\.\d+)?", re.ASCII)
"""By thousands, or as in India: 12,34,567.89."""
_GROUPED_COMMA = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?", re.ASCII)
_ONE_GROUP = re.compile(r"(?<![\d.,'’])(?<!\d )[1-9]\d{0,2}\.\d{3}(?![\d.,]|[eE][+-]?\d)", re.ASCII)
_CODES = {
    "€": "EUR",
    "£": "GBP",
    "$": "USD AUD CAD NZD SGD HKD TWD MXN ARS CLP COP UYU DOP JMD TTD BBD BSD FJD XCD",
    "¥": "JPY CNY",
    "₹": "INR",
    "₩": "KRW",
    "₽": "RUB",
    "₺": "TRY",
    "₫": "VND",
    "₱": "PHP",
    "₪": "ILS",
    "฿": "THB",
    "₴": "UAH",
    "₦": "NGN",
    "₸": "KZT",
    "US$": "USD",
    "A$": "AUD",
    "AU$": "AUD",
    "C$": "CAD",
    "CA$": "CAD",
    "NZ$": "NZD",
    "S$": "SGD",
    "HK$": "HKD",
    "NT$": "TWD",
    "MX$": "MXN",
    "AR$": "ARS",
    "R$": "BRL",
    "CN¥": "CNY",
    "JP¥": "JPY",
    "Rs": "INR PKR LKR NPR MUR",
    "Rs.": "INR PKR LKR NPR MUR",
    "kr": "SEK NOK DKK ISK",
    "kr.": "DKK",
    "zł": "PLN",
    "Kč": "CZK",
    "Ft": "HUF",
    "lei": "RON",
    "Fr.": "CHF",
    "SFr.": "CHF",
}
"""Which currencies a sign can mean."""
_MARK = "|".join(["[A-Z]{3}", *map(re.escape, sorted(_CODES, key=len, reverse=True))])
_AROUND = re.compile(rf"^(?:{_MARK})\s*|\s*(?:{_MARK})$")
_SPACES = {ord(each): " " for each in "\u00a0\u202f\u2007\u2009\u3000"}
_UNSEEN = _SPACES | dict.fromkeys(
    map(ord, "\u200b\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e")
)
"""Spaces of every kind are one; what has no width at all, and marks of direction, go."""


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell without a value that could be loaded, and why."""

    reason: str


def as_text(cell: Any) -> str | None:
    """Returns a cell as text: outer and non-breaking spaces go, nothing is null.

    Leading zeros of a text stay, also of one that is written as a formula (`="00501"`) so that a
    spreadsheet keeps them. What no screen shows goes. A whole number has no decimal point, whatever
    stored it, and another one the digits that a spreadsheet shows.
    """
    if type(cell) is str:
        plain = cell if cell.isascii() else cell.translate(_UNSEEN)
        plain = plain.strip()
        if plain[:2] == '="' and plain[-1] == '"' and len(plain) > 2:
            plain = plain[2:-1].replace('""', '"').strip()
        return plain or None
    if cell is None or isinstance(cell, BadCell):
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        if math.isnan(cell):
            return None
        return str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else _digits_of(cell)
    if isinstance(cell, (datetime, date)):
        return cell.isoformat()
    if isinstance(cell, (int, Decimal)):
        return str(cell)
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "backslashreplace")
    return orjson.dumps(cell, default=str).decode()


def _digits_of(number: float) -> str:
    """The digits that a spreadsheet keeps: 0.1 + 0.2 is 0.3 there."""
    return f"{number:.{SAFE_DIGITS}g}" if math.isfinite(number) else repr(number)


def hidden(text: str, is_id: bool) -> str | None:
    """Tells which character of a text nobody sees, so that two ids would look like one."""
    if text.isprintable():
        return None
    found = "\0" if "\0" in text else None
    if found is None and is_id:
        found = next((c for c in text if unicodedata.category(c) == "Cc"), None)
    if found is None:
        return None
    return (
        f"it holds the character U+{ord(found):04X}, which no spreadsheet shows; "
        "export the file again without it"
    )


def lost_digits(cell: Any) -> str | None:
    """Tells why an id is no longer what it was: scientific notation, or too many digits."""
    if type(cell) is str:
        text = as_text(cell) or ""
        if _SCIENTIFIC.fullmatch(text):
            return (
                f"{text} is in scientific notation, so digits of the id are lost; format the "
                "column as text in the spreadsheet and export it again"
            )
    elif type(cell) is float and abs(cell) >= 10**SAFE_DIGITS:
        return (
            f"{cell!r} has more than {SAFE_DIGITS} digits, which a spreadsheet's number does not "
            "keep; format the column as text and export it again"
        )
    return None


def could_be_thousands(text: str) -> bool:
    """Tells whether `1.234` may be 1234: one point, and exactly three digits after it."""
    if len(text) > LONGEST_NUMBER:
        return False
    return "." in text and _ONE_GROUP.search(text.translate(_SPACES)) is not None


def decimal_digits(text: str, decimal: str, currency: str | None = None) -> str:
    """Returns a number as digits with a decimal point, whatever its spelling.

    Currency signs, spaces, `(12.00)` and `12.00-` for negative numbers are understood; groups of
    thousands where they cannot be mistaken for decimals.

    Args:
        text: the cell.
        decimal: `.` or `,` as the mapping states it, or empty when it states none.
        currency: the only one that may stand beside the number; empty when none may. None for
            what is no amount: any sign or word of three capitals (`PCS`) is passed over.

    Raises:
        ValueError: it is no number, or could be two; the message says what to do.
    """
    found = text.translate(_SPACES).strip()
    if len(found) > LONGEST_NUMBER:
        raise ValueError(f"{text[:60]!r} is not a number")
    sign = ""
    if found.startswith("(") and found.endswith(")"):
        sign, found = "-", found[1:-1].strip()
    if found.endswith("-"):
        sign, found = "-", found[:-1].strip()
    if found[:1] in {"-", "−"}:
        sign, found = "-", found[1:].strip()
    for mark in _AROUND.findall(found) if currency is not None else ():
        _check_currency(text, mark.strip(), currency or "")
    found = _AROUND.sub("", found)
    found = found.replace(" ", "").replace("'", "").replace("’", "")
    if found[:1] in {"-", "−"}:
        sign, found = "-", found[1:]
    if decimal == ",":
        if _PLAIN_COMMA.fullmatch(found):
            return sign + found.replace(",", ".")
        if _GROUPED_COMMA.fullmatch(found):
            return sign + found.replace(".", "").replace(",", ".")
        if _PLAIN.fullmatch(found):
            raise ValueError(f"{text!r} has a decimal point, but the mapping states decimal: ','")
    else:
        if _PLAIN.fullmatch(found):
            return sign + found
        if _GROUPED.fullmatch(found):
            if decimal or found.count(",") > 1 or "." in found:
                return sign + found.replace(",", "")
            raise ValueError(
                f"{text!r} could be thousands or decimals; state decimal: '.' or decimal: ','"
            )
        if _PLAIN_COMMA.fullmatch(found) or _GROUPED_COMMA.fullmatch(found):
            fix = "it" if not decimal else "that instead of '.'"
            raise ValueError(f"{text!r} has a decimal comma; state decimal: ',' if {fix} is meant")
    raise ValueError(f"{text[:60]!r} is not a number")


def meanings(mark: str) -> list[str]:
    """Returns the currencies that a sign can mean, the most frequent first."""
    return _CODES.get(mark, "").split()


def _check_currency(text: str, mark: str, currency: str) -> None:
    if not currency:
        raise ValueError(
            f"{text[:60]!r} has the currency {mark} beside the number, but the mapping states no "
            "currency for the whole file; state currency: or map a column of plain numbers"
        )
    if mark != currency and currency not in _CODES.get(mark, "").split():
        raise ValueError(
            f"{text[:60]!r} has the currency {mark}, but the mapping states {currency}"
        )
