"""Checks of the published file: fresh connections, converted money, emptied days, ending APIs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import dagster as dg

from orchestration.defs.publish import KEY
from orchestration.defs.resources import WorkspaceResource
from orchestration.freshness import ConnectionState, connection_states
from warehouse.queries import query
from warehouse.sync_log import SyncLog

SHOWN_ROWS = 20


@dataclass(frozen=True, slots=True)
class QueryCheck:
    """A rule as a query for what breaks it, asked of the published file."""

    name: str
    description: str
    severity: dg.AssetCheckSeverity
    sql: str


UNCONVERTED = """
    select
        organization_id,
        currency_code,
        'no rate into ' || any_value(reporting_currency) as missing,
        min(date_day) as first_day,
        max(date_day) as last_day,
        'days: ' || count(distinct date_day) as days,
        case
            when currency_code = 'unknown' then 'state the currency of the account'
            else 'if the ECB publishes none: tributary rates add '
                || case
                    when any_value(reporting_currency) in (
                        select to_currency from fact_exchange_rates
                    ) then currency_code
                    else any_value(reporting_currency)
                end
                || ' UNITS --per EUR --from ' || min(date_day) || ' --provider NAME'
        end as remedy
    from mart_unconverted_amounts
    group by organization_id, currency_code
    order by organization_id, currency_code
"""
"""Of each organization and currency: the days that have no rate, and the command that adds one."""

QUERY_CHECKS = [
    QueryCheck(
        "money_is_converted",
        "All spend, orders and refunds have an exchange rate that is at most 7 days old, or one of "
        "your own. What has none is missing from the sums in the reporting currency and stands "
        "beside them (`unconverted_...`, mart_unconverted_amounts).",
        dg.AssetCheckSeverity.ERROR,
        UNCONVERTED,
    ),
    QueryCheck(
        "no_day_emptied",
        "No account's day that had numbers came back empty within the last seven days.",
        dg.AssetCheckSeverity.WARN,
        """
        select restated.organization_id, restated.platform, restated.account_id, restated.date_day
        from fact_restatements as restated
        cross join release_info
        anti join fact_campaign_performance as facts
            on restated.connection_id = facts.connection_id and restated.date_day = facts.date_day
        where restated.value = 0 and restated.value_change < 0
            and restated.known_at > release_info.as_of - interval 7 days
        group by all
        order by all
        """,
    ),
    QueryCheck(
        "api_versions_last",
        "No connected platform switches its API version off within 60 days.",
        dg.AssetCheckSeverity.WARN,
        """
        select
            platforms.platform_name, platforms.api_version, platforms.api_sunset_date,
            'update Tributary before that day' as remedy
        from dim_platforms as platforms
        cross join release_info
        where platforms.api_sunset_date < release_info.as_of + interval 60 days
            and platforms.platform in (
                select platform from dim_connections where status = 'active'
            )
        order by all
        """,
    ),
]


def file_checks() -> Sequence[dg.AssetChecksDefinition]:
    """Returns the checks of the published file."""
    return [_freshness_check(), *(_query_check(rule) for rule in QUERY_CHECKS)]


def _freshness_check() -> dg.AssetChecksDefinition:
    @dg.asset_check(
        asset=KEY,
        name="connections_fresh",
        description="Every active connection succeeded within twice its sync frequency. One that "
        "this very run could not pull is red at its raw asset, and not here again.",
    )
    def connections_fresh(
        context: dg.AssetCheckExecutionContext, workspace: WorkspaceResource
    ) -> dg.AssetCheckResult:
        space = workspace.open()
        red = SyncLog(space.home).failed_connections(context.run.run_id)
        stale = [
            state
            for state in connection_states(space)
            if state.is_stale and state.connection.connection_id not in red
        ]
        return dg.AssetCheckResult(
            passed=not stale,
            severity=dg.AssetCheckSeverity.ERROR,
            description=_reasons(stale) or "all connections are fresh",
            metadata={state.label: str(state.lag or "never") for state in stale},
        )

    return connections_fresh


def _query_check(rule: QueryCheck) -> dg.AssetChecksDefinition:
    @dg.asset_check(asset=KEY, name=rule.name, description=rule.description)
    def check(workspace: WorkspaceResource) -> dg.AssetCheckResult:
        found = query(workspace.open().home, rule.sql).to_pylist()
        lines = [", ".join(str(value) for value in row.values()) for row in found[:SHOWN_ROWS]]
        return dg.AssetCheckResult(
            passed=not found,
            severity=rule.severity,
            description="; ".join(lines) or rule.description,
            metadata={"rows": len(found)},
        )

    return check


def _reasons(stale: Sequence[ConnectionState]) -> str:
    """Each of them with what `tributary status` says of it."""
    return "; ".join(
        f"{s.label} ({_hours(s.lag)})"
        + (f": {s.error}" if s.error else "")
        + (f" Remedy: {s.remedy}" if s.remedy else "")
        for s in stale[:SHOWN_ROWS]
    )


def _hours(lag: timedelta | None) -> str:
    return f"{lag.total_seconds() / 3600:.0f} h" if lag is not None else "never pulled"
