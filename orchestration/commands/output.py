"""What all commands share: consoles, exit codes, tables and JSON."""

import sys
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import orjson
from rich.console import Console
from rich.markup import escape
from rich.table import Table

PIPE_WIDTH = 200
"""Columns of a table that goes to a pipe or a file: nothing is cut off there."""

console = Console(highlight=False, width=None if sys.stdout.isatty() else PIPE_WIDTH)
errors = Console(stderr=True, highlight=False, soft_wrap=True)

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_PARTIAL = 3
"""Everything that could be done was done; some account or check is red."""

EXIT_CODES = """Exit codes: 0 all is well · 1 it failed · 2 the call was wrong ·
3 done, but some account or check is red."""


def print_json(value: Any) -> None:
    """Prints a value for machines; dates are ISO-8601, decimals text."""
    sys.stdout.write(
        orjson.dumps(value, default=str, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z).decode()
        + "\n"
    )


def print_table(columns: Sequence[str], rows: Iterable[Sequence[Any]], title: str = "") -> None:
    """Prints rows for people; text from outside cannot change the markup."""
    if title:
        console.print(title, style="bold", markup=False)
    table = Table(header_style="bold")
    listed = [list(row) for row in rows]
    for index, column in enumerate(columns):
        numeric = all(_is_number(row[index]) for row in listed) and bool(listed)
        table.add_column(escape(column), justify="right" if numeric else "left", overflow="fold")
    for row in listed:
        table.add_row(*(escape(format_cell(cell)) for cell in row))
    console.print(table)


def format_cell(cell: Any) -> str:
    """Formats one value: instants to the second in UTC, nothing for null."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, float):
        return f"{cell:.6g}"
    return str(cell)


def format_lag(lag: timedelta | None) -> str:
    """Formats a duration as people say it: 3 h, 2 d; empty for none."""
    if lag is None:
        return ""
    hours = lag.total_seconds() / 3600
    if hours < 1:
        return f"{max(hours * 60, 0):.0f} min"
    return f"{hours:.0f} h" if hours < 48 else f"{hours / 24:.0f} d"


def format_bytes(count: int) -> str:
    """Formats a number of bytes in the unit that fits: 512 B, 3.4 kB, 12.0 MB."""
    size, units = float(count), ["B", "kB", "MB", "GB", "TB"]
    while size >= 1000 and len(units) > 1:
        size, units = size / 1000, units[1:]
    return f"{size:.0f} B" if units[0] == "B" else f"{size:.1f} {units[0]}"


def _is_number(cell: Any) -> bool:
    return isinstance(cell, int | float | Decimal) and not isinstance(cell, bool)
