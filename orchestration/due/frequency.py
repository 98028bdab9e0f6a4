"""Which accounts a scheduled run pulls: how often each is due, by its ``sync_frequency``."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from connectors.core import clock
from connectors.core.platform import Platform
from warehouse.home import Home
from warehouse.registry_records import Connection
from warehouse.sync_log import SyncLog


def due_connections(
    home: Home, platform: Platform, stream: str, found: Sequence[Connection]
) -> list[Connection]:
    """Returns the connections that a scheduled run pulls a stream of."""
    # What comes by itself is looked for each time; what is published at its time is due by that.
    if not platform.intake.is_scheduled or platform.stream(stream).publication is not None:
        return list(found)
    now = clock.now()
    latest = {
        status.connection_id: status.succeeded_at
        for status in SyncLog(home).latest_status(platform.name, stream, now)
    }
    return [one for one in found if _is_due(one, latest.get(one.connection_id), now)]


def _is_due(connection: Connection, last: datetime | None, now: datetime) -> bool:
    """Returns whether a scheduled run should pull an account again.

    Hourly: at the next full hour. Daily: once the account's own date has changed, or its last
    attempt did not succeed. Weekly: after seven of its dates. Manual: never.
    """
    if connection.sync_frequency == "manual":
        return False
    if last is None:
        return True
    if connection.sync_frequency == "hourly":
        return now.replace(minute=0, second=0, microsecond=0) > last
    zone = ZoneInfo(connection.account_time_zone or "UTC")
    days = (now.astimezone(zone).date() - last.astimezone(zone).date()).days
    return days >= (7 if connection.sync_frequency == "weekly" else 1)
