"""The numbers of a report as JSON, beside its page: for other pages, which then need no DuckDB.

Three kinds of files, keys always in the same order:

- ``summary.json``: every section's rows, under the section's id.
- ``daily_{YYYY-MM-DD}.json``: a day's metrics, with those of its platforms and channels.
- ``monthly_{YYYY-MM}.json``: the same of a month.

Amounts of money are text with every digit, so that no reader rounds them; counts and ratios are
numbers; instants are ISO 8601 in UTC; unknown is null. Days and months do not name the release:
one that did not change is not written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb
import orjson

from warehouse.report.answers import rows
from warehouse.report.changed_files import write_changed
from warehouse.report.formats import money
from warehouse.report.section import Answer, Row, literal
from warehouse.report.subject import Subject

FORMAT = 1
"""Counts changes of these files that are more than further keys."""
SUMMARY = "summary.json"

_METRICS = (
    "gross_revenue_reporting",
    "refunds_reporting",
    "net_revenue_reporting",
    "spend_reporting",
    "platform_conversion_value_reporting",
    "orders",
    "new_customers",
    "units",
    "clicks",
    "conversions",
    "daily_sessions",
    "mer",
    "platform_roas",
    "aov_reporting",
    "cac_reporting",
    "shop_conversion_rate",
    "unconverted_net_revenue",
    "unconverted_spend",
)
_MONEY = frozenset(
    (
        *(name for name in _METRICS if name.endswith(("revenue_reporting", "refunds_reporting"))),
        *("spend_reporting", "platform_conversion_value_reporting"),
        *("spend", "claimed", "confirmed", "net_revenue"),
    )
)
_CHANNEL_METRICS = ("net_revenue", "spend", "orders", "new_customers")


@dataclass(frozen=True, slots=True)
class _Span:
    """A kind of file: of days or of months.

    Attributes:
        prefix: what its name begins with.
        written: how its day or month is written, for `strftime`.
        figures: the mart with its metrics.
        column: the day or month in that mart.
        channels: the long mart with its channels.
        also: further columns of the mart.
    """

    prefix: str
    written: str
    figures: str
    column: str
    channels: str
    also: tuple[str, ...] = ()

    @property
    def queries(self) -> Mapping[str, str]:
        """SQL of the parts, each with the day or month as text in its first column."""
        span = f"strftime({self.column}, '{self.written}') as span"
        figures = ", ".join((*self.also, *_METRICS))
        channel_metrics = ", ".join(
            f"sum(value) filter (where metric = '{name}') as {name}" for name in _CHANNEL_METRICS
        )
        return {
            "figures": f"select {span}, {figures} from {self.figures} "
            f"where organization_id = $organization order by {self.column}",
            "platforms": f"select strftime(date_day, '{self.written}') as span, platform, "
            "sum(spend_reporting) as spend, "
            "sum(platform_conversion_value_reporting) as claimed, "
            "sum(shop_net_revenue_reporting) as confirmed from mart_platform_comparison "
            "where organization_id = $organization group by all order by all",
            "channels": f"select {span}, channel, {channel_metrics} from {self.channels} "
            "where organization_id = $organization and metric in "
            f"{_CHANNEL_METRICS} group by all order by all",
        }


_SPANS = (
    _Span(
        "daily_", "%Y-%m-%d", "mart_kpi_daily", "date_day", "mart_daily_aggregates",
        ("is_complete",),
    ),
    _Span("monthly_", "%Y-%m", "mart_kpi_monthly", "date_month", "mart_monthly_aggregates"),
)  # fmt: skip


TABLES = frozenset(
    ("mart_platform_comparison", *(n for span in _SPANS for n in (span.figures, span.channels)))
)
"""Published tables that days and months are read from."""


def write_snapshots(
    connection: duckdb.DuckDBPyConnection,
    subject: Subject,
    answers: Sequence[Answer],
    folder: Path,
) -> int:
    """Makes a folder hold the snapshots of one organization; returns how many files changed.

    Files of days and months that have no data any more are removed.
    """
    content = {SUMMARY: _summary(subject, answers)}
    for span in _SPANS:
        content |= _of_span(connection, subject, span)
    changed = sum(write_changed(folder / name, _encoded(value)) for name, value in content.items())
    stale = [path for path in snapshot_files(folder) if path.name not in content]
    for path in stale:
        path.unlink(missing_ok=True)
    return changed + len(stale)


def snapshot_files(folder: Path) -> Iterator[Path]:
    """Yields the snapshots in a folder, whatever they are of."""
    for pattern in (SUMMARY, *(f"{span.prefix}*.json" for span in _SPANS)):
        yield from folder.glob(pattern)


def _summary(subject: Subject, answers: Sequence[Answer]) -> Row:
    return {
        **_whose(subject),
        "organization_name": subject.name,
        "release": subject.release,
        "published_at": subject.published_at,
        "sections": {answer.section.slug: _rows_of(answer) for answer in answers},
    }


def _rows_of(answer: Answer) -> list[Row]:
    columns = answer.section.columns
    amounts = frozenset(column.name for column in columns if column.write is money)
    return [_plain(row, amounts) for row in answer.rows]


def _of_span(
    connection: duckdb.DuckDBPyConnection, subject: Subject, span: _Span
) -> dict[str, Row]:
    whose = literal(subject.organization_id)
    found: dict[str, defaultdict[str, list[Row]]] = {}
    for part, sql in span.queries.items():
        found[part] = defaultdict(list)
        for row in rows(connection, sql.replace("$organization", whose)):
            found[part][row.pop("span")].append(_plain(row, _MONEY))
    return {
        f"{span.prefix}{name}.json": {
            **_whose(subject),
            "date": name,
            **{column: figures[column] for column in span.also},
            "metrics": {column: figures[column] for column in _METRICS},
            "platforms": found["platforms"][name],
            "channels": found["channels"][name],
        }
        for name, (figures,) in found["figures"].items()
    }


def _whose(subject: Subject) -> Row:
    return {
        "format": FORMAT,
        "organization_id": subject.organization_id,
        "currency": subject.currency.code,
    }


def _plain(row: Row, amounts: frozenset[str]) -> Row:
    """Returns a row whose decimals are text where they are amounts, else numbers."""
    return {
        name: _number(value, name in amounts) if isinstance(value, Decimal) else value
        for name, value in row.items()
    }


def _number(value: Decimal, is_amount: bool) -> str | int | float:
    """Writes an amount without the zeros that its column's scale adds."""
    if not is_amount:
        return int(value) if value == value.to_integral_value() else float(value)
    written = f"{value:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def _encoded(value: Row) -> bytes:
    options = orjson.OPT_INDENT_2 | orjson.OPT_NAIVE_UTC | orjson.OPT_UTC_Z
    return orjson.dumps(value, option=options | orjson.OPT_APPEND_NEWLINE)
