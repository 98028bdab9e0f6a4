"""Whom a report is about, and which release it shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import duckdb

from warehouse.report.answers import rows
from warehouse.report.formats import Currency
from warehouse.report.section import literal


@dataclass(frozen=True, slots=True)
class Subject:
    """An organization in a release.

    Attributes:
        organization_id: the organization.
        name: its name, from outside.
        currency: its reporting currency.
        release: the release that is read.
        published_at: when that was published, UTC without a zone.
        schema_version: version of its tables.
    """

    organization_id: str
    name: str
    currency: Currency
    release: str
    published_at: datetime
    schema_version: str

    @classmethod
    def read(cls, connection: duckdb.DuckDBPyConnection, organization_id: str) -> Subject:
        """Reads them from a release that has the organization."""
        (organization,) = rows(
            connection,
            "select organization_name, reporting_currency from dim_organizations "
            f"where organization_id = {literal(organization_id)}",
        )
        (release,) = rows(connection, "select * from schema_version")
        return cls(
            organization_id,
            organization["organization_name"] or organization_id,
            Currency(organization["reporting_currency"]),
            release["release"],
            release["published_at"],
            release["schema_version"],
        )
