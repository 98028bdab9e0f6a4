"""What all commands share: consoles, exit codes, tables and JSON."""

import csv
import sys
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from rich.cells import cell_len
from rich.markup import escape
from rich.table import Table

from orchestration.commands.cells import format_cell, is_number, json_text, plain_decimals
from orchestration.terminal import SafeConsole, visible, visible_json
from warehouse.formulas import without_formula

PIPE_WIDTH = 200
"""Columns of a table that goes to a pipe or a file: nothing is cut off there."""

FOLDED_WIDTH = 32
"""Columns of the terminal that a long text takes at least: it is folded, and can still be read."""

console = SafeConsole(highlight=False, width=None if sys.stdout.isatty() else PIPE_WIDTH)
errors = SafeConsole(stderr=True, highlight=False, soft_wrap=True)

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_PARTIAL = 3
"""Everything that could be done was done; some account or check is red."""

EXIT_CODES = """Exit codes: 0 all is well · 1 it failed · 2 the call was wrong ·
3 done, but some account or check is red."""


def print_json(value: Any) -> None:
    """Prints a value for machines; see ``cells.json_text``."""
    sys.stdout.write(visible_json(json_text(value)) + "\n")


def print_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Prints rows as CSV, which people open in spreadsheets: no text in it acts as a formula."""
    writer = csv.writer(_Writing())
    writer.writerow([_no_formula(name) for name in columns])
    writer.writerows([_no_formula(cell) for cell in row] for row in rows)


def print_text(text: str) -> None:
    """Prints a text as it is; on a terminal, what would steer it is shown instead."""
    sys.stdout.write(visible(text) if sys.stdout.isatty() else text)


class _Writing:
    """What ``csv`` writes to."""

    def write(self, text: str) -> None:
        print_text(text)


def _no_formula(cell: Any) -> Any:
    """Puts an apostrophe before text that a spreadsheet would run; numbers and dates stay."""
    return without_formula(cell) if isinstance(cell, str) else cell


def print_table(columns: Sequence[str], rows: Iterable[Sequence[Any]], title: str = "") -> None:
    """Prints rows for people; text from outside cannot change the markup."""
    if title:
        console.print(title, style="bold", markup=False)
    table = Table(header_style="bold")
    listed = [list(row) for row in rows]
    for index, column in enumerate(columns):
        numeric = all(is_number(row[index]) for row in listed) and bool(listed)
        table.add_column(escape(column), justify="right" if numeric else "left", overflow="fold")
    for row in zip(*_shown(columns, listed), strict=True):
        table.add_row(*map(escape, row))
    console.print(table)


def print_vertically(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Prints each row as a list of its columns, for rows that are wider than the terminal."""
    shown = _shown(columns, [list(row) for row in rows])
    width = max((cell_len(visible(name)) for name in columns), default=0)
    for number, row in enumerate(zip(*shown, strict=True), 1):
        console.print(f"row {number}", style="bold", markup=False)
        for name, cell in zip(columns, row, strict=True):
            label = visible(name)
            padding = " " * (width - cell_len(label))
            console.print(f"  {label}{padding}  {cell}".rstrip(), markup=False, soft_wrap=True)


def fits(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bool:
    """Whether a table of the rows can be read on the terminal: no column is squeezed into folds."""
    shown = _shown(columns, rows)
    widths = (
        max(map(cell_len, (visible(name), *map(visible, cells))))
        for name, cells in zip(columns, shown, strict=True)
    )
    return sum(min(width, FOLDED_WIDTH) + 3 for width in widths) + 1 <= console.width


def _shown(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[list[str]]:
    """The cells as text, column by column."""
    cells = [plain_decimals([row[place] for row in rows]) for place in range(len(columns))]
    return [[format_cell(cell) for cell in column] for column in cells]


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
