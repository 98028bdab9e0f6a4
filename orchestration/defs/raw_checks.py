"""The checks of raw assets: what every account delivered, and what was hidden from it."""

from collections.abc import Sequence

import dagster as dg

from connectors.core import clock
from connectors.core.platform import Platform
from connectors.core.stream import Stream
from orchestration.freshness import MISSING_REMEDY
from orchestration.reach import unseen_of
from orchestration.workspace import Workspace
from warehouse.coverage import StreamStatus
from warehouse.sync_log import SyncLog

CHECK = "connections_healthy"
REACH_CHECK = "records_within_reach"
SHOWN_ACCOUNTS = 5
"""How many accounts a check's text names with reason and remedy; its metadata names all."""


def raw_check_specs(key: dg.AssetKey, stream: Stream) -> list[dg.AssetCheckSpec]:
    """Returns the checks of a stream's asset."""
    return [
        dg.AssetCheckSpec(
            CHECK,
            asset=key,
            description="The newest sync of every active account delivered every row. An "
            "account that is refused as a whole is red at the first stream that meets it; "
            "its other streams are skipped.",
        ),
        *_reach_specs(key, stream),
    ]


def unhealthy(space: Workspace, platform: Platform, stream: Stream) -> list[StreamStatus]:
    """Returns the active accounts whose newest sync of a stream did not deliver everything.

    It is judged by the log and not by this run, which may have been about other accounts.
    """
    active = {c.connection_id for c in space.registry.connections(platform=platform.name)}
    return [
        status
        for status in SyncLog(space.home).latest_status(platform.name, stream.name, clock.now())
        if status.connection_id in active
        and (
            status.status != "succeeded"
            or status.rejected_rows
            or status.missing_fields
            or status.future_at
        )
    ]


def health(key: dg.AssetKey, found: list[StreamStatus]) -> dg.AssetCheckResult:
    """Returns the check of a raw asset: red when an account did not deliver all of it.

    Args:
        key: the asset.
        found: accounts that are not well, as of `unhealthy`.
    """
    lines = [f"{s.organization_id}/{s.account_id}: {_trouble(s)}" for s in found]
    red = [s for s in found if not s.is_skipped]
    word = "failed" if red else "skipped, the refusal is reported at another stream"
    said = _shortened(sorted(lines)) if red else ", ".join(_labels(found))
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=CHECK,
        passed=not red,
        severity=dg.AssetCheckSeverity.ERROR,
        description=f"{word}: {said}" if found else "all accounts delivered",
        metadata={"failures": dg.MetadataValue.md("\n\n".join(lines))} if lines else {},
    )


def _labels(found: Sequence[StreamStatus]) -> list[str]:
    return sorted(f"{s.organization_id}/{s.account_id}" for s in found)


def _shortened(lines: Sequence[str]) -> str:
    more = len(lines) - SHOWN_ACCOUNTS
    return "; ".join(lines[:SHOWN_ACCOUNTS]) + (f"; and {more} more" if more > 0 else "")


def _reach_specs(key: dg.AssetKey, stream: Stream) -> list[dg.AssetCheckSpec]:
    if stream.reach is None:
        return []
    return [
        dg.AssetCheckSpec(
            REACH_CHECK,
            asset=key,
            description=f"No active account holds {stream.name} older than {stream.reach.days} "
            f"days whose {stream.reach.changes} the platform hides from it.",
        )
    ]


def reach_results(
    space: Workspace, key: dg.AssetKey, platform: Platform, stream: Stream
) -> list[dg.AssetCheckResult]:
    """Returns the check of a stream that not every account is shown whole: it warns of those."""
    if stream.reach is None:
        return []
    labels = {
        c.connection_id: f"{c.organization_id}/{c.account_id}"
        for c in space.registry.connections(platform=platform.name)
    }
    lines = [
        f"{labels[one.connection_id]}: {one}"
        for one in unseen_of(space.home, platform, stream)
        if one.records and one.connection_id in labels
    ]
    return [
        dg.AssetCheckResult(
            asset_key=key,
            check_name=REACH_CHECK,
            passed=not lines,
            severity=dg.AssetCheckSeverity.WARN,
            description="; ".join(lines) or "nothing that is held is out of reach",
            metadata={"remedy": stream.reach.remedy} if lines else {},
        )
    ]


def _trouble(status: StreamStatus) -> str:
    if status.future_at:
        return f"a sync is dated {status.future_at}, in the future: the clock was wrong"
    if status.status == "succeeded" and status.missing_fields:
        return f"without {', '.join(status.missing_fields)}: {MISSING_REMEDY}"
    if status.status == "succeeded":
        return f"{status.rejected_rows} rows could not be typed, see lake/quarantine"
    return f"{status.error_class}: {status.error_message}"
