"""A part of the report: a question, the SQL that answers it, its table and its chart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from warehouse.report.formats import Currency, Format
from warehouse.report.markup import Markup

Row = dict[str, Any]
"""A row of an answer by column."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a section's table.

    Attributes:
        name: column of the answer.
        label: what stands above it.
        write: how its values are written.
    """

    name: str
    label: str
    write: Format


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report.

    Attributes:
        slug: its id in the page.
        title: its heading.
        question: what it answers, in a sentence.
        tables: published tables that its SQL reads.
        sql: the query; `$organization` stands for the organization's id as a literal.
        columns: those of the table, all that the query returns.
        empty: what to connect or run when there are no rows.
        chart: makes the Vega-Lite specification of some rows, without theme and width; None for a
            section that is a table alone.
        above: makes what stands before the chart.
        note: how to read it.
        is_half: it takes half the width of a wide screen.
        is_optional: a release without its tables is shown without it.
    """

    slug: str
    title: str
    question: str
    tables: tuple[str, ...]
    sql: str
    columns: tuple[Column, ...]
    empty: str
    chart: Callable[[Sequence[Row], Currency], dict[str, Any] | None] | None = None
    above: Callable[[Sequence[Row], Currency], Markup] | None = None
    note: str = ""
    is_half: bool = False
    is_optional: bool = False

    def query(self, organization_id: str) -> str:
        """Returns the very SQL that is run and shown for an organization."""
        return self.sql.replace("$organization", literal(organization_id)).strip()


@dataclass(frozen=True, slots=True)
class Answer:
    """A section with its rows.

    Attributes:
        section: the section.
        sql: the query that was run.
        rows: what it returned.
        missing: tables that the release does not have; then nothing was asked.
    """

    section: Section
    sql: str
    rows: tuple[Row, ...]
    missing: tuple[str, ...] = ()

    @property
    def is_left_out(self) -> bool:
        """Whether the release does not have the section at all."""
        return bool(self.missing) and self.section.is_optional


def literal(text: str) -> str:
    """Returns text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"
