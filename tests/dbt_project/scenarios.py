"""Histories that incremental builds get wrong, each one organization of one lake.

A scenario is a generator: it lands data, yields for a build, is sent what was built, checks exact
numbers, lands more, and so on. All scenarios move in step, so that one build serves them all.
"""

from __future__ import annotations

from collections.abc import Generator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from built_home import Query
from fixture_lake import Account, FixtureLake

Scenario = Generator[None, Query, None]


def at(day: int, hour: int = 6, minute: int = 0) -> datetime:
    """An instant in March 2026."""
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def march(day: int) -> date:
    """A day in March 2026."""
    return date(2026, 3, day)


def window(first: int, last: int) -> tuple[date, date]:
    """The half-open window of whole days in March, both given days in it."""
    return march(first), march(last) + timedelta(days=1)


def start(lake: FixtureLake, name: str, currency: str = "EUR", **more: Any) -> Account:
    """An organization with one account, on the first rates; no other scenario has its name."""
    assert name not in lake.organizations
    lake.organization(name, **more)
    account = Account(name, f"{name}-1", currency)
    lake.connection(account)
    return account


def stats(built: Query, organization: str, columns: str = "date_day, campaign_id, spend") -> Any:
    """Rows of the campaign facts of an organization."""
    return built(
        f"select {columns} from fact_campaign_performance "
        f"where organization_id = '{organization}' order by date_day, campaign_id"
    )
