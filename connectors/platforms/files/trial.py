"""A file tried under a mapping: what a run would load of it, and what not. Nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pyarrow as pa

from connectors.core.errors import ShapeChanged
from connectors.core.objects import DataObject, DueObject
from connectors.platforms.files.mapping import FileMapping
from connectors.platforms.files.nameless import Nameless
from connectors.platforms.files.reading import FileReading
from connectors.platforms.files.reasons import ReasonGroup, advice, grouped
from connectors.platforms.files.watching import Amounts, Sums, TotalRow, Watcher

_MASK = "***"
_HALF_CENT = Decimal("0.005")
_DATES = ("date", "ordered_at", "created_at", "updated_at")


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of one of our columns in one currency; the currency is empty of what is no money."""

    column: str
    currency: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Rejection:
    """Rows that a run would set aside for one reason.

    Attributes:
        lost: what they are worth, as far as their amounts could be read.
        unread: rows of which no amount could be read.
        lines: to be added to the mapping.
    """

    group: ReasonGroup
    lost: list[Amount]
    unread: int
    lines: list[str]


@dataclass(frozen=True, slots=True)
class Total:
    """A sum that the file states itself, beside ours.

    Attributes:
        slack: by how much they may differ because each row is rounded to the cent.
    """

    row: int
    label: str
    column: str
    currency: str
    file: Decimal
    ours: Decimal
    slack: Decimal = Decimal(0)

    @property
    def agrees(self) -> bool:
        """Whether they are the same, but for the rounding of the rows."""
        return abs(self.file - self.ours) <= self.slack


@dataclass(slots=True)
class Trial:
    """What became of a file.

    Attributes:
        target: what its rows are.
        rows: that a run would load.
        skipped: that the mapping's rules leave out.
        first, last: dates of the loaded rows, in the mapping's time zone; None without any.
        sums: of the loaded rows.
        rejections: rows that a run would set aside, by reason.
        totals: the file's own rows of sums beside ours.
        unread: cells that are left out alone: column -> how many, and the first reason.
        not_mapped: columns of the file that nothing uses.
        left_days: days of a report that a run leaves as they were, for a row of them cannot be
            read.
        doubled: rows that would be loaded although they are the sum of all others.
    """

    target: str
    rows: int = 0
    rejected: int = 0
    skipped: int = 0
    first: date | None = None
    last: date | None = None
    sums: list[Amount] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)
    unread: dict[str, dict[str, Any]] = field(default_factory=dict)
    not_mapped: list[str] = field(default_factory=list)
    left_days: list[str] = field(default_factory=list)
    doubled: list[int] = field(default_factory=list)

    @property
    def totals_agree(self) -> bool:
        """Whether one of the file's rows of sums is ours in all columns; true without any.

        Reports may state the sums of parts as well, which are of course others.
        """
        rows = {total.row for total in self.totals}
        return not rows or any(
            all(total.agrees for total in self.totals if total.row == row) for row in rows
        )

    @property
    def is_fine(self) -> bool:
        """Whether every row would be loaded, and the file's own sums are ours."""
        return self.rejected == 0 and self.totals_agree and not self.doubled


def try_file(path: Path, mapping: FileMapping) -> Trial:
    """Reads a file as a run does, and writes nothing.

    Args:
        path: of the file.
        mapping: what is what.

    Raises:
        ConnectorError: a run would refuse the file whole.
    """
    place = path.resolve()
    if not place.is_file():
        raise ShapeChanged(f"there is no file {path}", remedy="Correct the path.")
    found = place.stat()
    modified = datetime.fromtimestamp(found.st_mtime, UTC)
    data = DataObject(path.name, "", found.st_size, modified, str(place), mapping.revision)
    watcher = Watcher(mapping)
    # No address is shown, so all may have the same token.
    reading = FileReading(mapping, DueObject(data), lambda _: _MASK, watcher=watcher)
    trial, sums, rejected = _read(reading, watcher, mapping)
    while reading.is_due_again:
        trial, sums, rejected = _read(reading, watcher, mapping)
    schema = reading.schema
    trial.skipped = schema.get("skipped_rows", 0)
    trial.unread = schema.get("unread_cells", {})
    trial.left_days = schema.get("left_days", [])
    trial.sums = _listed(sums.amounts)
    trial.rejected = len(rejected)
    trial.rejections = _rejections(rejected, watcher, mapping)
    trial.totals = _totals(watcher.totals, sums.amounts, trial)
    return trial


def _read(
    reading: FileReading, watcher: Watcher, mapping: FileMapping
) -> tuple[Trial, Sums, list[tuple[str, str]]]:
    watcher.begin()
    trial, sums = Trial(mapping.target), Sums(mapping)
    rejected: list[tuple[str, str]] = []
    not_mapped: dict[str, None] = {}
    nameless = Nameless()
    for page in reading:
        batch = page.batch
        trial.rows += batch.num_rows
        arrays = {name: batch.column(name) for name in batch.schema.names}
        sums.add_all(arrays)
        nameless.look(mapping, arrays)
        for day in _days(mapping, arrays):
            trial.first = min(trial.first or day, day)
            trial.last = max(trial.last or day, day)
        rejected += [(row.reason, row.payload_json) for row in page.rejected]
        not_mapped |= dict.fromkeys(sorted(page.unknown_fields))
    trial.not_mapped = list(not_mapped)
    if trial.rows > 2:
        trial.doubled = nameless.sums(sums.amounts, _HALF_CENT * trial.rows)
    return trial, sums, rejected


def _days(mapping: FileMapping, arrays: dict[str, Any]) -> Sequence[date]:
    """The first and the last day of some rows."""
    if mapping.target == "records":
        return _days_of_records(mapping, arrays["data"].to_pylist())
    name = next((name for name in _DATES if name in mapping.rules and name in arrays), None)
    if name is None:
        return ()
    values = [value for value in arrays[name].unique().to_pylist() if value is not None]
    if not values:
        return ()
    ends = (min(values), max(values))
    zone = ZoneInfo(mapping.time_zone)
    is_day = pa.types.is_date(arrays[name].type)
    return ends if is_day else [each.astimezone(zone).date() for each in ends]


def _days_of_records(mapping: FileMapping, rows: Sequence[str]) -> Sequence[date]:
    name = next((rule.name for rule in mapping.columns if rule.type in {"date", "time"}), None)
    if name is None:
        return ()
    values = {orjson.loads(row).get(name) for row in rows} - {None}
    return [date.fromisoformat(str(value)[:10]) for value in values]


def _rejections(
    rejected: Sequence[tuple[str, str]], watcher: Watcher, mapping: FileMapping
) -> list[Rejection]:
    lost = Sums(mapping)
    totals = {total.number for total in watcher.totals}
    found = []
    for group in grouped(rejected):
        amounts: Amounts = {}
        unread = 0
        for number in group.numbers:
            row = watcher.lost.get(number)
            if row is None or not row.amounts:
                unread += number not in totals
                continue
            for key, amount in lost.add(row).items():
                amounts[key] = amounts.get(key, Decimal(0)) + amount
        found.append(Rejection(group, _listed(amounts), unread, advice(group.reasons, mapping)))
    return found


def _totals(rows: Sequence[TotalRow], ours: Amounts, trial: Trial) -> list[Total]:
    """The file's sums beside ours, where ours are in one currency.

    Reports sum what is not rounded. Only where every row is loaded can a difference of half a cent
    a row come from that, and never in whole numbers.
    """
    found = []
    for row in rows:
        for column, amount in row.amounts.items():
            mine = [(currency, sum_) for (name, currency), sum_ in ours.items() if name == column]
            if len(mine) < 2:
                currency, sum_ = mine[0] if mine else ("", Decimal(0))
                stated, own = (plain(each, is_money=bool(currency)) for each in (amount, sum_))
                is_whole = not currency and stated == stated.to_integral_value()
                slack = Decimal(0) if is_whole or trial.rejected else _HALF_CENT * trial.rows
                found.append(Total(row.number, row.label, column, currency, stated, own, slack))
    return found


def _listed(amounts: Amounts) -> list[Amount]:
    return [
        Amount(column, currency, plain(amount, is_money=bool(currency)))
        for (column, currency), amount in sorted(amounts.items())
    ]


def plain(amount: Decimal, *, is_money: bool) -> Decimal:
    """Returns an amount without the zeros that only its type has; money keeps two decimals."""
    digits = 2 if is_money else 0
    shown = amount.normalize()
    if -int(shown.as_tuple().exponent) <= digits:
        return amount.quantize(Decimal(1).scaleb(-digits))
    return shown
