"""Writes reports: reads the published file, asks each section, writes what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from warehouse.durable_files import write_bytes
from warehouse.home import Home, check_organization_id
from warehouse.organization_fingerprints import Tables, organizations_of
from warehouse.queries import opened
from warehouse.report.formats import Currency
from warehouse.report.page import Subject, page
from warehouse.report.section import Answer, Row, Section
from warehouse.report.sections import SECTIONS

PAGE = "report.html"
Progress = Callable[[str], object]
"""Called with each organization before its report is made."""


class ReportError(ValueError):
    """A report cannot be made as asked; the message says what can."""


@dataclass(frozen=True, slots=True)
class Written:
    """A report.

    Attributes:
        organization_id: the organization.
        path: the page.
        is_new: whether the page was written; one with the same content stays as it is.
    """

    organization_id: str
    path: Path
    is_new: bool


def write_reports(
    home: Home,
    organizations: Iterable[str] = (),
    *,
    to: Path | None = None,
    release: str | None = None,
    progress: Progress | None = None,
) -> list[Written]:
    """Writes a page for each organization, and nobody's numbers into another's page.

    Args:
        home: the home.
        organizations: whose; none means all that are published.
        to: the page of the one organization; default its folder under `published/reports`.
        release: a kept release instead of the current one.
        progress: called before each.

    Raises:
        ReportError: an organization is not published, or `to` was given for several.
        NotPublished: nothing was published yet.
        PublishError: there is no such release.
        LakeFull: the disk is full; what was there before stays.
    """
    with opened(home, release) as connection:
        tables = Tables.read(connection)
        chosen = _chosen(organizations_of(connection, tables), list(organizations))
        if to is not None and len(chosen) != 1:
            raise ReportError(
                f"one file is for one organization: give --organization with --to "
                f"({', '.join(chosen)})"
            )
        written = []
        for organization_id in chosen:
            if progress:
                progress(organization_id)
            subject = _subject(connection, organization_id)
            answers = [ask(connection, tables, each, organization_id) for each in SECTIONS]
            path = to or report_dir(home, organization_id) / PAGE
            is_new = write_changed(path, page(subject, answers).encode())
            written.append(Written(organization_id, path, is_new))
        return written


def report_dir(home: Home, organization_id: str) -> Path:
    """Returns the folder of one organization's report, with nothing of another's in it.

    Raises:
        HomeError: the id may not become a path.
    """
    return home.published / "reports" / check_organization_id(organization_id)


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


def write_changed(path: Path, content: bytes) -> bool:
    """Replaces a file unless it has this content; reports whether it did."""
    if path.exists() and path.read_bytes() == content:
        return False
    write_bytes(path, content)
    return True


def _chosen(published: Sequence[str], asked: Sequence[str]) -> Sequence[str]:
    if not published:
        raise ReportError(
            "no organization is published: connect one (tributary connections add), then "
            "tributary run"
        )
    unknown = [name for name in asked if name not in published]
    if unknown:
        raise ReportError(f"not published: {', '.join(unknown)}; there are {', '.join(published)}")
    return [name for name in published if not asked or name in asked]


def _subject(connection: Any, organization_id: str) -> Subject:
    name, currency = connection.execute(
        "select organization_name, reporting_currency from dim_organizations "
        "where organization_id = ?",
        [organization_id],
    ).fetchone()
    release, published_at, version = connection.execute(
        "select release, published_at, schema_version from schema_version"
    ).fetchone()
    return Subject(
        organization_id,
        name or organization_id,
        Currency(currency or "USD"),
        release,
        published_at,
        version,
    )
