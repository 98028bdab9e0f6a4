"""Setting a cursor back: a row of the log that fetched nothing and says where to begin anew."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from connectors.core import clock
from connectors.core.platform import Platform
from orchestration.due.windows import log_edge
from warehouse.home import Home
from warehouse.registry_records import Connection
from warehouse.sync_ids import SyncIds
from warehouse.sync_log import SyncLog
from warehouse.sync_rows import LogRow


def reset_cursors(
    home: Home, platform: Platform, connection: Connection, stream: str | None, first: date | None
) -> list[str]:
    """Makes everything since a date due again, of the streams that have a cursor.

    The log is appended to: what was fetched before stays, and the newest version of a record
    counts as ever.

    Args:
        home: whose log.
        platform: of the connection.
        connection: whose cursors.
        stream: this one alone; None for all of them.
        first: the account's own date to begin with; default the connection's first one.

    Returns:
        The names of the streams.

    Raises:
        ValueError: the platform has no such cursor.
    """
    ends = platform.intake.window_ends
    moving = [one.name for one in platform.streams if ends(one) == "instants"]
    if not moving:
        raise ValueError(
            f"{platform.name} has no cursors; pull its dates again with `tributary run --platform "
            f"{platform.name} --from … --to …`"
        )
    if stream is not None and stream not in moving:
        raise ValueError(f"{stream!r} has no cursor; these have one: {', '.join(moving)}")
    names = [stream] if stream else moving
    zone = ZoneInfo(connection.account_time_zone or "UTC")
    begin = log_edge(datetime.combine(first or connection.start_date, datetime.min.time(), zone))
    assert isinstance(begin, datetime)
    log = SyncLog(home)
    for name in names:
        sync_id, carried = SyncIds(clock.now, log.largest_sync_id()).next()
        now = clock.now()
        row = LogRow(
            sync_id=sync_id,
            organization_id=connection.organization_id,
            connection_id=connection.connection_id,
            platform=connection.platform,
            account_id=connection.account_id,
            stream=name,
            kind="changes",
            chunk_id=0,
            window_from=begin,
            window_to=begin,
            status="succeeded",
            mode="reset",
            fetch_started_at=now,
            committed_at=now,
            clock_carried_seconds=carried,
        )
        log.append([row], 0, now.date())
    return names
