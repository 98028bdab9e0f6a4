"""What cells give away: how dates and numbers are written, and whether prices hold the tax."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from connectors.platforms.files.reasons import pattern_of
from connectors.platforms.files.sampling import texts
from connectors.platforms.files.texts import as_text, decimal_digits
from connectors.platforms.files.totals import is_label

_NUMERIC = re.compile(r"(\d{1,2})([/.\-])(\d{1,2})[/.\-](\d{4}|\d{2})(?!\d)(.*)", re.ASCII)
_YEAR_FIRST = re.compile(r"\d{4}[/.]\d{1,2}[/.]\d{1,2}.*", re.ASCII)
_COMMA = re.compile(r"[^\d]*[\d. ]*\d,\d{1,2}[^\d]*", re.ASCII)
_POINT = re.compile(r"[^\d]*[\d, ']*\d\.\d{1,2}[^\d]*|[^\d]*[\d,]*,\d{3}\.\d+[^\d]*", re.ASCII)
_EITHER = re.compile(r"[^\d]*\d{1,3}(?:,\d{3})+[^\d]*", re.ASCII)
_COMMA_GROUPS = re.compile(r"\d{1,3}(?:,\d{3})*,(?!000$)\d{3}", re.ASCII)
_POINT_GROUPS = re.compile(r"\d{1,3}(?:\.\d{3})*\.(?!000$)\d{3}", re.ASCII)
_TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", ", %H:%M", ", %H:%M:%S")
_LOOKED_AT = 2_000


@dataclass(frozen=True, slots=True)
class DateForm:
    """How the dates of a column are written.

    Attributes:
        form: as a mapping states it; empty when the cells do not say it.
        choices: what it may be, when it is not sure.
        example: a date that can be read in both ways.
    """

    form: str
    choices: tuple[str, ...] = ()
    example: str = ""


def date_form(cells: Sequence[Any]) -> DateForm:
    """Tells how dates are written, and that it is not sure where no date shows it."""
    if any(isinstance(cell, date) for cell in cells):
        return DateForm("iso")
    # What has no digit is a mark for nothing, and a row of sums has no date.
    found = [text for text in dict.fromkeys(texts(cells)) if re.search(r"\d", text)]
    found = [text for text in found if not is_label(text)][:_LOOKED_AT]
    if not found:
        return DateForm("iso")
    if all(map(_is_iso, found)):
        return DateForm("iso")
    parts = [match for text in found if (match := _NUMERIC.fullmatch(text))]
    if len(parts) > len(found) / 2:
        return _ordered(parts)
    if all(map(_YEAR_FIRST.fullmatch, found)):
        return DateForm("year_first")
    numbers = [float(text) for text in found if re.fullmatch(r"\d+(\.\d+)?", text)]
    if len(numbers) == len(found):
        kinds = (("serial", 20_000, 80_000), ("epoch", 5e8, 5e9), ("epoch_ms", 5e11, 5e12))
        for form, least, most in kinds:
            if all(least < number < most for number in numbers):
                return DateForm(form)
    return DateForm(next((pattern for text in found[:9] if (pattern := pattern_of(text))), ""))


def _ordered(parts: Sequence[re.Match[str]]) -> DateForm:
    """Of dates in numbers: which is the day shows a number above 12 alone."""
    first = parts[0]
    is_short = len(first[4]) == 2
    by_order = {"day_first": any(int(part[1]) > 12 for part in parts),
                "month_first": any(int(part[3]) > 12 for part in parts)}  # fmt: skip
    words = {"day_first": "%d{0}%m{0}%y", "month_first": "%m{0}%d{0}%y"}
    if is_short:
        hours = next((each for each in _TIMES if _reads(first[5], each)), "")
        names = {order: word.format(first[2]) + hours for order, word in words.items()}
    else:
        names = {order: order for order in words}
    sure = [names[order] for order, is_sure in by_order.items() if is_sure]
    if len(sure) == 1:
        return DateForm(sure[0])
    return DateForm("", tuple(names.values()), first[0])


def _reads(text: str, form: str) -> bool:
    try:
        datetime.strptime(text, form)
    except ValueError:
        return False
    return True


def _is_iso(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return not text.isdigit() or len(text) == 8


def decimal_sign(
    columns: Sequence[Sequence[Any]], counts: Sequence[Sequence[Any]]
) -> tuple[str, str]:
    """Tells the decimal sign of numbers; without one the number that can be read in two ways.

    Args:
        columns: cells of numbers.
        counts: cells of whole numbers: `1,204` clicks are no fraction of one.
    """
    found = [text for cells in columns for text in _written(cells)]
    whole = [text for cells in counts for text in _written(cells)]
    comma = any(map(_COMMA.fullmatch, found)) or any(map(_POINT_GROUPS.fullmatch, whole))
    point = any(map(_POINT.fullmatch, found)) or any(map(_COMMA_GROUPS.fullmatch, whole))
    if comma != point:
        return ("," if comma else "."), ""
    return "", next((text for text in [*found, *whole] if comma or _EITHER.fullmatch(text)), "")


def _written(cells: Sequence[Any]) -> list[str]:
    kept = {cell for cell in cells[:_LOOKED_AT] if type(cell) is str}
    return [text for cell in kept if (text := as_text(cell)) and not text.endswith("%")]


def numbers(cells: Sequence[Any], decimal: str) -> list[Decimal | None]:
    """Returns the numbers of cells; None for what is none."""
    return [_number(as_text(cell), decimal) for cell in cells]


def _number(text: str | None, decimal: str) -> Decimal | None:
    try:
        return None if text is None else Decimal(decimal_digits(text, decimal))
    except (ValueError, ArithmeticError):
        return None


def tax_included(columns: Mapping[str, Sequence[Any]], decimal: str) -> bool | None:
    """Tells whether prices hold the tax: whether the orders' lines add up to the total without it.

    Args:
        columns: cells by our columns.
        decimal: sign of the numbers.

    Returns:
        None when the orders do not say it, or not all the same.
    """
    if not {"order_id", "quantity", "unit_price", "order_total", "order_tax"} <= set(columns):
        return None
    found: dict[str, dict[str, Decimal]] = {}
    names = ("quantity", "unit_price", "discount", "order_total", "order_tax", "order_shipping",
             "order_discount")  # fmt: skip
    read = {name: numbers(columns[name], decimal) for name in names if name in columns}
    order = ""
    for n, cell in enumerate(columns["order_id"]):
        order = as_text(cell) or order
        sums = found.setdefault(order, {})
        row = {name: values[n] or Decimal(0) for name, values in read.items()}
        lines = row["quantity"] * row["unit_price"]
        sums["lines"] = sums.get("lines", Decimal(0)) + lines
        sums["discount"] = sums.get("discount", Decimal(0)) + abs(row.get("discount", Decimal(0)))
        for name in names[3:]:
            sums[name] = max(sums.get(name, Decimal(0)), abs(row.get(name, Decimal(0))))
    said = {verdict for sums in found.values() if (verdict := _holds_tax(sums)) is not None}
    return said.pop() if len(said) == 1 else None


def _holds_tax(sums: Mapping[str, Decimal]) -> bool | None:
    tax = sums["order_tax"]
    discount = max(sums["discount"], sums["order_discount"])
    without = sums["lines"] - discount + sums["order_shipping"]
    if not tax or not sums["lines"]:
        return None
    cent = Decimal("0.01")
    if abs(without - sums["order_total"]) <= cent < tax:
        return True
    return False if abs(without + tax - sums["order_total"]) <= cent else None
