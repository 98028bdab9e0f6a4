"""Asks a release what sections want to know."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from warehouse.organization_fingerprints import Tables
from warehouse.report.section import Answer, Row, Section


def ask_all(
    connection: duckdb.DuckDBPyConnection,
    tables: Tables,
    sections: Iterable[Section],
    organization_id: str,
) -> list[Answer]:
    """Returns the answers of the sections that a release has."""
    found = (ask(connection, tables, section, organization_id) for section in sections)
    return [answer for answer in found if not answer.is_left_out]


def ask(
    connection: duckdb.DuckDBPyConnection, tables: Tables, section: Section, organization_id: str
) -> Answer:
    """Returns the rows of a section; tables that the release lacks are named instead.

    Tables that lack a column count as lacking.
    """
    missing = tuple(name for name in section.tables if name not in tables.columns)
    if missing:
        return Answer(section, "", (), missing)
    sql = section.query(organization_id)
    try:
        return Answer(section, sql, tuple(rows(connection, sql)))
    except duckdb.BinderException:
        # A release of an older version: its tables lack columns that came later.
        return Answer(section, "", (), section.tables)


def rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[Row]:
    """Returns the rows of a query by column."""
    found = connection.execute(sql)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
