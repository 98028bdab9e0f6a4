"""``tributary alerts``: what broke a rule or puts a goal at risk, and who has seen it."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer

from orchestration.commands.output import console, print_json, print_table
from orchestration.workspace import open_workspace
from warehouse.alert_listing import OPEN, Alert, alert_of
from warehouse.alert_listing import alerts as listed_alerts

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Days that break a rule, and goals at risk: list and acknowledge them.",
)
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Organization = Annotated[str, typer.Argument(help="Organization id, whose alert it is.")]
Key = Annotated[
    str,
    typer.Argument(metavar="ALERT", help="Key of the alert, or its first 6 letters and more."),
]
_SHOWN = 12


class State(StrEnum):
    """States of an alert."""

    NEW = "new"
    ACTIVE = "active"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class Severity(StrEnum):
    """How grave a rule is."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"


@app.command("list")
def list_(
    organization: Annotated[
        str | None, typer.Option(help="Only alerts of this organization.")
    ] = None,
    state: Annotated[
        list[State] | None, typer.Option(help="Only alerts in this state; may be repeated.")
    ] = None,
    severity: Annotated[
        list[Severity] | None, typer.Option(help="Only alerts as grave; may be repeated.")
    ] = None,
    rule: Annotated[str | None, typer.Option(help="Only alerts of this rule or goal.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Resolved ones too.")] = False,
    json: Json = False,
) -> None:
    """List the alerts that go on, the gravest first.

    An alert is a run of days that break one rule for one organization, platform or channel. It is
    new on its first day, then active, acknowledged once somebody has seen it, and resolved when a
    later day keeps the rule. Days that are not whole or not settled yet raise none. Rules and goals
    are in dbt_project/seeds/alert_rules.csv and alert_goals.csv; docs/alerts.md explains them.

    Example: tributary alerts list --organization acme --severity critical
    """
    space = open_workspace()
    registry = space.registry
    if organization is not None:
        registry.organization(organization)
    states: Sequence[str] = state or (tuple(State) if all_ else OPEN)
    found = [
        one
        for one in listed_alerts(space.home, registry.alert_acknowledgements(), organization)
        if one.state in states
        and (not severity or one.severity in severity)
        and rule in (None, one.run.rule_id)
    ]
    if json:
        print_json([_record(one) for one in found])
        return
    columns = ["alert", "severity", "state", "organization", "subject", "rule", "days", "numbers"]
    print_table(columns, [_row(one) for one in found])
    if not found:
        console.print("no alerts", markup=False)


@app.command()
def ack(
    organization: Organization,
    alert: Key,
    note: Annotated[str, typer.Option(help="What to write beside it, such as the reason.")] = "",
    by: Annotated[
        str | None, typer.Option(help="Who has seen it; without it the user of this computer.")
    ] = None,
    json: Json = False,
) -> None:
    """Acknowledge an ALERT of an ORGANIZATION: somebody has seen it.

    It stays acknowledged while it goes on, whatever is pulled or built again. A new breach after it
    is resolved is another alert. The list has it at once, the table mart_alerts after the next run.

    Example: tributary alerts ack acme 3f9a1c --note "the sale has begun"
    """
    space = open_workspace()
    space.registry.organization(organization)
    found = _find(space, organization, alert)
    change = space.registry.acknowledge_alert(found.run, note, by)
    _print_change(_find(space, organization, found.run.alert_key), change, json)


@app.command()
def unack(organization: Organization, alert: Key, json: Json = False) -> None:
    """Take back that an ALERT of an ORGANIZATION was acknowledged: it is new or active again.

    The list has it at once, the table mart_alerts after the next run. One that was resolved since
    stays resolved.

    Example: tributary alerts unack acme 3f9a1c
    """
    space = open_workspace()
    space.registry.organization(organization)
    found = _find(space, organization, alert)
    gone = space.registry.take_back_acknowledgement(found.run)
    change = "taken back" if gone else "unchanged"
    _print_change(_find(space, organization, found.run.alert_key), change, json)


def _find(space: Any, organization: str, key: str) -> Alert:
    return alert_of(space.home, space.registry.alert_acknowledgements(), organization, key)


def _print_change(alert: Alert, change: str, json: bool) -> None:
    if json:
        print_json(_record(alert) | {"change_made": change})
        return
    key = alert.run.alert_key[:_SHOWN]
    said = f"{change}: {alert.rule_name} ({key}) is {alert.state}"
    console.print(said, markup=False, soft_wrap=True)


def _row(alert: Alert) -> tuple[str, ...]:
    run = alert.run
    until = "" if run.first_day == run.last_day else f" to {run.last_day}"
    return (
        run.alert_key[:_SHOWN],
        alert.severity,
        alert.state,
        run.organization_id,
        f"{run.scope_type} {run.scope}",
        alert.rule_name,
        f"{run.first_day}{until}",
        _numbers(alert),
    )


def _numbers(alert: Alert) -> str:
    """What was compared with what, in words."""
    value = f"{alert.metric} {alert.value:,.2f}"
    if alert.rule_type.startswith("goal"):
        return f"{value} expected at the end of the month, the goal is {alert.threshold:,.2f}"
    if alert.change is None:
        return f"{value}, the limit is {alert.threshold:,.2f}"
    limit = f"the limit is {alert.threshold:+.0%}"
    return f"{value}, {alert.change:+.0%} against {alert.compared_day}, {limit}"


def _record(alert: Alert) -> dict[str, Any]:
    run, seen = alert.run, alert.acknowledgement
    return {
        "alert": run.alert_key,
        "organization": run.organization_id,
        "rule": run.rule_id,
        "rule_name": alert.rule_name,
        "rule_type": alert.rule_type,
        "severity": alert.severity,
        "scope_type": run.scope_type,
        "scope": run.scope,
        "metric": alert.metric,
        "first_day": run.first_day,
        "last_day": run.last_day,
        "breaching_days": alert.breaching_days,
        "state": alert.state,
        "value": alert.value,
        "threshold": alert.threshold,
        "compared_day": alert.compared_day,
        "compared_value": alert.compared_value,
        "change": alert.change,
        "evidence": alert.evidence,
        "acknowledged_at": seen.acknowledged_at if seen else None,
        "acknowledged_by": seen.acknowledged_by if seen else None,
        "note": seen.note if seen else None,
    }
