"""Alerts of the published file, as they stand with what was acknowledged since it was built."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb

from warehouse.acknowledgements import Acknowledgement, AlertRun
from warehouse.home import Home
from warehouse.queries import opened
from warehouse.registry_records import RegistryError
from warehouse.releases import NotPublished

OPEN = ("new", "active", "acknowledged")
"""States of alerts that go on."""
STATES = (*OPEN, "resolved")
SEVERITIES = ("critical", "warning", "info")
SHORTEST_KEY = 6
_COLUMNS = (
    "alert_key, organization_id, rule_id, scope_type, scope, first_day, last_day, rule_name, "
    "rule_type, severity, metric, breaching_days, state, value, threshold, compared_day, "
    "compared_value, change, evidence"
)


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert.

    Attributes:
        run: its key, its days and what it is about.
        rule_name: what the rule says.
        rule_type: its condition.
        severity: one of `SEVERITIES`.
        metric: the metric.
        breaching_days: days on which the rule was broken.
        state: one of `STATES`.
        value: the metric on the last day; money in the reporting currency.
        threshold: what it or its change is compared with.
        compared_day: the earlier day that it is compared with.
        compared_value: the metric on that day.
        change: the change against it, as a fraction.
        evidence: JSON of where the numbers are.
        acknowledgement: who has seen it; None when nobody has.
    """

    run: AlertRun
    rule_name: str
    rule_type: str
    severity: str
    metric: str
    breaching_days: int
    state: str
    value: Decimal
    threshold: Decimal
    compared_day: date | None
    compared_value: Decimal | None
    change: float | None
    evidence: str
    acknowledgement: Acknowledgement | None = None


def alerts(
    home: Home,
    acknowledged: list[Acknowledgement],
    organization_id: str | None = None,
) -> list[Alert]:
    """Returns alerts of one organization or of all, the gravest first, then the newest.

    Args:
        home: the home.
        acknowledged: what the registry has by now; the file knows those of its build.
        organization_id: whose.

    Raises:
        NotPublished: nothing is published, or a release without alerts.
    """
    found = [_alert(row, acknowledged) for row in _rows(home, organization_id)]
    found.sort(key=lambda one: (one.run.organization_id, one.run.scope, one.run.rule_id))
    found.sort(key=lambda one: one.run.last_day, reverse=True)
    return sorted(found, key=lambda one: SEVERITIES.index(one.severity))


def alert_of(
    home: Home, acknowledged: list[Acknowledgement], organization_id: str, key: str
) -> Alert:
    """Returns the alert of an organization whose key begins so.

    Raises:
        RegistryError: the organization has none, or several.
        NotPublished: nothing is published, or a release without alerts.
    """
    if len(key) < SHORTEST_KEY:
        raise RegistryError(
            f"{key!r} is too short; give at least {SHORTEST_KEY} letters of the key"
        )
    all_of_it = alerts(home, acknowledged, organization_id)
    found = [one for one in all_of_it if one.run.alert_key.startswith(key)]
    if len(found) != 1:
        what = "no alert" if not found else f"{len(found)} alerts"
        raise RegistryError(
            f"{organization_id} has {what} whose key begins with {key!r}; "
            f"`tributary alerts list --organization {organization_id} --all` shows all"
        )
    return found[0]


def _rows(home: Home, organization_id: str | None) -> list[tuple[Any, ...]]:
    sql = f"select {_COLUMNS} from mart_alerts where coalesce(organization_id = ?, true)"
    with opened(home) as connection:
        try:
            return connection.execute(sql, [organization_id]).fetchall()
        except duckdb.CatalogException as error:
            raise NotPublished(
                "the published file is of a version without alerts: run `tributary run` first"
            ) from error


def _alert(row: tuple[Any, ...], acknowledged: list[Acknowledgement]) -> Alert:
    alert = Alert(AlertRun(*row[:7]), *row[7:])
    # The last of them counts, as in the mart.
    seen = [one for one in acknowledged if one.run.shares_a_day_with(alert.run)]
    return replace(
        alert, acknowledgement=seen[-1] if seen else None, state=_state(alert, bool(seen))
    )


def _state(alert: Alert, is_acknowledged: bool) -> str:
    if alert.state == "resolved":
        return "resolved"
    if is_acknowledged:
        return "acknowledged"
    return "new" if alert.breaching_days == 1 else "active"
