"""After how long without news Dagster marks an asset as overdue."""

from datetime import timedelta

import dagster as dg

from connectors.core.platform import Platform
from orchestration.freshness import FEED_STALE_AFTER, FREQUENCY, STALE_AFTER
from orchestration.workspace import open_workspace


def fresh_for(platform: Platform) -> dg.FreshnessPolicy | None:
    """Returns when a platform's raw assets are overdue: by its most frequent account.

    None when nothing is pulled by the clock: no account, manual ones, files.
    """
    connections = open_workspace().registry.connections(platform=platform.name)
    allowed = [FREQUENCY[c.sync_frequency] for c in connections if c.sync_frequency in FREQUENCY]
    if not platform.intake.is_scheduled or not allowed:
        return None
    if platform.shared:
        return dg.FreshnessPolicy.time_window(FEED_STALE_AFTER)
    return dg.FreshnessPolicy.time_window(STALE_AFTER * min(allowed) + _RUN, min(allowed) + _RUN)


def fresh_daily() -> dg.FreshnessPolicy:
    """Returns when what is built of all platforms is overdue: after two days."""
    return dg.FreshnessPolicy.time_window(STALE_AFTER * _DAY, _DAY + _RUN)


_DAY = timedelta(days=1)
_RUN = timedelta(hours=1)
"""The schedule looks once an hour."""
