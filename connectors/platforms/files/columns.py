"""One of our columns from the cells of a file: cleaned, read, and checked, a column at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from connectors.core import clock
from connectors.core.personal import Hasher, scrubbed, token
from connectors.platforms.files import times
from connectors.platforms.files.column_rules import ColumnRule
from connectors.platforms.files.mapping import NEEDED, FileMapping
from connectors.platforms.files.texts import (
    ERROR_CELLS,
    BadCell,
    as_text,
    could_be_thousands,
    decimal_digits,
    hidden,
    lost_digits,
)

Misfits = dict[int, str]
Read = Callable[[str], Any]

_TRUE = frozenset({"true", "yes", "y", "1", "t", "x", "ja", "oui", "si", "sí", "wahr"})
_FALSE = frozenset({"false", "no", "n", "0", "f", "nein", "non", "falsch"})
_OLDEST = datetime(1900, 1, 1, tzinfo=UTC)
_MOST_REMEMBERED = 100_000
_MOST_DIGITS = 30
_PIECES = frozenset({"quantity", "conversions"})
"""Numbers that are no amounts of money."""
_IDS = frozenset({"order_id", "line_no", "customer_id", "product_id", "sku"})


_DECISIVE = frozenset({"line_no", "document_type", "updated_at", "is_deleted", "currency_code"})
"""Columns that say which row it is, which version of it counts, and in what its amounts are."""


class DayAndHour(NamedTuple):
    """A day and a time of day from two cells."""

    day: Any
    hour: Any

    def __str__(self) -> str:
        return f"{self.day} {self.hour}"


class ColumnReader:
    """Reads the cells of one column.

    Args:
        rule: how the column is filled.
        mapping: of which it is a part.
        hash_pii: turns a normalised personal value into a token.
    """

    def __init__(self, rule: ColumnRule, mapping: FileMapping, hash_pii: Hasher | None) -> None:
        self.rule = rule
        self._zone = ZoneInfo(mapping.time_zone)
        self._latest = clock.now() + timedelta(days=1)
        self._is_id = rule.name in _IDS or rule.name in mapping.key
        self._known: dict[Any, Any] = {}
        self._time = times.reader(rule.date_format or mapping.date_format)
        self._decimal = rule.decimal or mapping.decimal
        self._is_amount = rule.type == "number" and rule.name not in _PIECES
        self._currency = mapping.one_currency if self._is_amount else None
        self._hash = hash_pii
        reads: dict[str, Read] = {
            "number": self._number,
            "integer": self._integer,
            "boolean": _boolean,
            "date": self._day,
            "time": self._instant,
        }
        read = self._token if rule.personal else reads.get(rule.type)
        if rule.name == "currency_code":
            read = _currency
        self._read = read
        self._nulls = mapping.null_values
        self.costs_its_row = _costs_its_row(rule, mapping)

    def constant(self, rows: int) -> tuple[list[Any], Misfits]:
        """The constant in every row."""
        values, misfits = self.cells([self.rule.constant])
        return values * rows, dict.fromkeys(range(rows), misfits[0]) if misfits else {}

    def cells(
        self, cells: Sequence[Any], hours: Sequence[Any] | None = None
    ) -> tuple[list[Any], Misfits]:
        """Returns the values and, by position, why a cell cannot be read (it is None there).

        Args:
            cells: of the file's column.
            hours: the times of day, where they stand in a column of their own.
        """
        misfits: Misfits = {}
        cells = self._without_nothing(cells)
        if hours is not None:
            return self._days_and_hours(cells, self._without_nothing(hours), misfits)
        if self._is_id or self._read is None:
            _note_lost_digits(cells, misfits, self._is_id)
        if self._is_amount and not self._decimal:
            _note_thousands(cells, misfits)
        if self._read in (self._instant, self._day) and not self.rule.personal:
            return self._times(cells, misfits)
        texts = [as_text(cell) for cell in cells]
        self._note_bad(cells, texts, misfits)
        if self._read is None:
            self._note_hidden(texts, misfits)
            return self._scrubbed(texts, misfits), misfits
        return self._all(texts, self._read, misfits), misfits

    def _without_nothing(self, cells: Sequence[Any]) -> Sequence[Any]:
        """Cells without the words that mean that there is nothing."""
        try:
            distinct = set(cells)
        except TypeError:  # a list or an object of a JSON line
            distinct = {cell for cell in cells if type(cell) is str}
        if self._nulls.isdisjoint(cell.strip() for cell in distinct if type(cell) is str):
            return cells
        return [None if type(c) is str and c.strip() in self._nulls else c for c in cells]

    def _days_and_hours(
        self, days: Sequence[Any], hours: Sequence[Any], misfits: Misfits
    ) -> tuple[list[Any], Misfits]:
        pairs: list[Any] = [
            None
            if as_text(day) is None
            else day
            if as_text(hour) is None
            else DayAndHour(day, hour)
            for day, hour in zip(days, hours, strict=True)
        ]
        self._note_bad(days, [as_text(day) for day in days], misfits)
        self._note_bad(hours, [as_text(hour) for hour in hours], misfits)
        return self._all(pairs, self._instant, misfits), misfits

    def _scrubbed(self, texts: list[Any], misfits: Misfits) -> list[Any]:
        """Texts as they are, but an e-mail address inside (an id, say) becomes its token."""
        if misfits:
            texts = [None if n in misfits else text for n, text in enumerate(texts)]
        if self._hash is None or "@" not in "".join(filter(None, texts)):
            return texts
        return [scrubbed(text, self._hash) if text and "@" in text else text for text in texts]

    def _note_hidden(self, texts: Sequence[Any], misfits: Misfits) -> None:
        for n, text in enumerate(texts):
            if text is not None and not text.isprintable():
                reason = hidden(text, self._is_id)
                if reason:
                    misfits[n] = reason

    def _note_bad(self, cells: Sequence[Any], texts: Sequence[Any], misfits: Misfits) -> None:
        if BadCell in set(map(type, cells)):
            for n, cell in enumerate(cells):
                if isinstance(cell, BadCell):
                    misfits[n] = cell.reason
        if not ERROR_CELLS.isdisjoint(texts):
            for n, text in enumerate(texts):
                if text in ERROR_CELLS:
                    misfits[n] = f"{text} is the error of a formula"

    def _all(self, texts: Sequence[Any], read: Read, misfits: Misfits) -> list[Any]:
        """Reads each distinct text once."""
        known = self._known
        if len(known) > _MOST_REMEMBERED:
            known.clear()
        values: list[Any] = []
        for n, text in enumerate(texts):
            if text is None or n in misfits:
                values.append(None)
                continue
            value = known.get(text)
            if value is None:
                try:
                    value = known[text] = read(text)
                except (ValueError, OverflowError) as trouble:
                    misfits[n] = str(trouble)
            values.append(value)
        return values

    def _times(self, cells: Sequence[Any], misfits: Misfits) -> tuple[list[Any], Misfits]:
        """Times may come as text, or as times already (Parquet, date cells of a workbook)."""
        texts: list[Any] = [cell if isinstance(cell, date) else as_text(cell) for cell in cells]
        self._note_bad(cells, texts, misfits)
        assert self._read is not None
        return self._all(texts, self._read, misfits), misfits

    def _moment(self, cell: Any) -> datetime:
        if isinstance(cell, DayAndHour):
            day = self._moment(cell.day)
            if (day.tzinfo, day.time()) != (None, time.min):
                raise ValueError(f"{cell.day} has a time of its own; leave time_column out")
            return datetime.combine(day.date(), times.time_of_day(cell.hour))
        if isinstance(cell, datetime):
            return cell
        return times.midnight(cell) if isinstance(cell, date) else self._time(as_text(cell) or "")

    def _instant(self, cell: Any) -> datetime:
        return self._plausible(times.to_utc(self._moment(cell), self._zone), cell)

    def _day(self, cell: Any) -> date:
        moment = self._moment(cell)
        day = (moment.astimezone(self._zone) if moment.tzinfo else moment).date()
        # The day is meant, whatever its clocks did at the time that stands beside it.
        self._plausible(times.to_utc(times.midnight(day), self._zone), cell)
        return day

    def _plausible(self, moment: datetime, cell: Any) -> datetime:
        if moment > self._latest:
            raise ValueError(f"{cell} lies in the future; is date_format right?")
        if moment < _OLDEST:
            raise ValueError(f"{cell} lies before 1900; is date_format right?")
        return moment

    def _number(self, text: str) -> str:
        digits = decimal_digits(text, self._decimal, self._currency)
        return _negated(digits) if self.rule.negate else digits

    def _integer(self, text: str) -> str:
        digits = self._number(text)
        if digits.removeprefix("-").isdigit():
            return digits if len(digits) > _MOST_DIGITS else str(int(digits))
        number = Decimal(digits)
        if number.adjusted() > _MOST_DIGITS or number != number.to_integral_value():
            raise ValueError(f"{text[:60]!r} is not a whole number")
        return str(int(number))

    def _token(self, text: str) -> str | None:
        assert self.rule.personal is not None
        if self._hash is None:
            raise ValueError("there is no key to hash personal values with")
        return token(text, self.rule.personal, self._hash)


def _costs_its_row(rule: ColumnRule, mapping: FileMapping) -> bool:
    """Whether a row whose cell cannot be read is set aside, and not the cell alone.

    What makes the row findable, current or worth something decides it: without its price an order
    line is another one. `optional: true` says that the column does not.
    """
    if rule.name in {*NEEDED[mapping.target], *mapping.key, *_DECISIVE}:
        return True
    is_amount = mapping.target == "orders" and rule.type == "number" and rule.name != "unit_cost"
    return not rule.optional and (rule.name in _IDS or is_amount)


def _negated(digits: str) -> str:
    return digits[1:] if digits.startswith("-") else f"-{digits.removeprefix('+')}"


def _note_lost_digits(cells: Sequence[Any], misfits: Misfits, is_id: bool) -> None:
    """Notes long numbers that were rounded; of ids also those in scientific notation."""
    for n, cell in enumerate(cells):
        if type(cell) is float or (is_id and type(cell) is str and "E+" in cell.upper()):
            reason = lost_digits(cell)
            if reason:
                misfits[n] = reason


def _note_thousands(cells: Sequence[Any], misfits: Misfits) -> None:
    """Refuses texts only: a number of a workbook or a Parquet file has no spelling to mistake."""
    for n, cell in enumerate(cells):
        if type(cell) is str and could_be_thousands(cell):
            misfits[n] = (
                f"{cell.strip()[:60]!r} could be decimals or thousands; state decimal: '.' or "
                "decimal: ','"
            )


def _boolean(text: str) -> bool:
    word = text.casefold()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueError(f"{text[:60]!r} is neither true nor false")


def _currency(text: str) -> str:
    code = text.upper()
    if len(code) != 3 or not code.isascii() or not code.isalpha():
        raise ValueError(f"{text[:60]!r} is not a currency code of three letters (ISO 4217)")
    return code
