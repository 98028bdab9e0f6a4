"""Asks a release what sections want to know."""

from __future__ import annotations

import duckdb

from warehouse.organization_fingerprints import Tables
from warehouse.report.section import Answer, Row, Section


def ask(
    connection: duckdb.DuckDBPyConnection, tables: Tables, section: Section, organization_id: str
) -> Answer:
    """Returns the rows of a section; tables that the release lacks are named instead."""
    missing = tuple(name for name in section.tables if name not in tables.columns)
    if missing:
        return Answer(section, "", (), missing)
    sql = section.query(organization_id)
    return Answer(section, sql, tuple(rows(connection, sql)))


def rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[Row]:
    """Returns the rows of a query by column."""
    found = connection.execute(sql)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
