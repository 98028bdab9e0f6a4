"""Runs the SQL of ``mart_alerts`` on tables that a test fills: a mart without a build."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
from built_home import DbtHome
from fixture_lake import FixtureLake

DAY = date(2026, 3, 2)
"""A Monday."""
_TABLES = (
    "serve.main.mart_organization_daily_metrics",
    "serve.main.mart_platform_comparison",
    "serve.main.mart_daily_aggregates",
    "build.main.int_settling_days",
    "build.main.int_complete_days",
    "build.main.stg_registry__alert_acknowledgements",
    "build.main.alert_rules",
    "build.main.alert_goals",
)


@dataclass(frozen=True)
class Alerts:
    """The mart's compiled SQL, read as its own full refresh, and empty tables to run it on."""

    connection: duckdb.DuckDBPyConnection
    sql: str

    def insert(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Adds rows to one of the tables that the mart reads; what they leave out is null."""
        (place,) = [one for one in _TABLES if one.endswith(f".{table}")]
        for row in rows:
            marks = ", ".join("?" for _ in row)
            names = ", ".join(f'"{name}"' for name in row)
            sql = f"insert into {place} ({names}) values ({marks})"
            self.connection.execute(sql, list(row.values()))

    def clear(self) -> None:
        """Empties all tables."""
        for place in _TABLES:
            self.connection.execute(f"delete from {place}")

    def clear_days(self) -> None:
        """Takes the days of organizations away."""
        self.connection.execute(f"delete from {_TABLES[0]}")

    def rows(self, columns: str, where: str = "true") -> list[tuple[Any, ...]]:
        """Returns the mart's rows by rule, subject and first day."""
        order = "order by organization_id, rule_id, scope_type, scope, first_day"
        found = self.connection.execute(
            f"select {columns} from ({self.sql}) as mart where {where} {order}"
        )
        return found.fetchall()

    def rule(self, rule_id: str = "rule", **more: Any) -> None:
        """Adds a rule: spend of any organization above 100, unless it says otherwise."""
        stated = {
            "rule_id": rule_id,
            "rule_name": rule_id,
            "organization_id": "*",
            "scope_type": "organization",
            "scope": "*",
            "metric": "spend",
            "condition": "above",
            "threshold": 100,
            "severity": "warning",
            "is_enabled": True,
        }
        self.insert("alert_rules", [stated | more])

    def spends(
        self, amounts: Sequence[float | None], organization: str = "acme", first: date = DAY
    ) -> None:
        """Adds days of an organization, one after the other, by what was spent on each."""
        days = [first + timedelta(days=step) for step in range(len(amounts))]
        self.insert(
            "mart_organization_daily_metrics",
            [
                day_of(organization, day) | {"spend_reporting": amount}
                for day, amount in zip(days, amounts, strict=True)
            ],
        )


def day_of(organization: str, day: date) -> dict[str, Any]:
    """A whole day of an organization."""
    return {"organization_id": organization, "date_day": day, "is_complete": True}


def compiled(path: Path) -> tuple[DbtHome, str]:
    """Builds the mart over an empty lake; returns the home and the SQL that it was built by."""
    FixtureLake(path)
    home = DbtHome(path)
    home.build(models=["mart_alerts"])
    sql = home.compiled("mart_alerts")["mart_alerts"]
    # The keys that states record are the organizations that any of the tables has.
    keys = "select distinct organization_id from (" + " union all ".join(
        f"select organization_id from {place}" for place in _TABLES[:5]
    )
    fingerprints = r"/\*fingerprints:\*/.*?/\*:fingerprints\*/"
    return home, re.sub(fingerprints, keys + ") as tables", sql, flags=re.DOTALL)


@contextmanager
def alerts_over(home: DbtHome, sql: str) -> Iterator[Alerts]:
    """Opens empty tables of the home's own types in memory."""
    with duckdb.connect() as connection:
        for name in ("build", "serve"):
            connection.execute(f"attach '{home.path}/{name}.duckdb' as made_{name} (read_only)")
            connection.execute(f"attach ':memory:' as {name}")
        for place in _TABLES:
            made = f"made_{place}"
            connection.execute(f"create table {place} as select * from {made} limit 0")
        yield Alerts(connection, sql)
