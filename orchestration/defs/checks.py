"""Checks that are not about one run: is every connection fresh?"""

from collections.abc import Sequence
from datetime import timedelta

import dagster as dg

from orchestration.defs.publish import KEY
from orchestration.defs.resources import WorkspaceResource
from orchestration.freshness import ConnectionState, connection_states


def freshness_checks() -> Sequence[dg.AssetChecksDefinition]:
    """Returns the check that every active connection was pulled when it was due."""

    @dg.asset_check(
        asset=KEY,
        name="connections_fresh",
        description="Every active connection succeeded within twice its sync frequency.",
    )
    def connections_fresh(workspace: WorkspaceResource) -> dg.AssetCheckResult:
        stale = [state for state in connection_states(workspace.open()) if state.is_stale]
        return dg.AssetCheckResult(
            passed=not stale,
            severity=dg.AssetCheckSeverity.ERROR,
            description=_names(stale) or "all connections are fresh",
            metadata={state.label: str(state.lag or "never") for state in stale},
        )

    return [connections_fresh]


def _names(stale: Sequence[ConnectionState]) -> str:
    return ", ".join(f"{s.label} ({_hours(s.lag)})" for s in stale)


def _hours(lag: timedelta | None) -> str:
    return f"{lag.total_seconds() / 3600:.0f} h" if lag else "never pulled"
