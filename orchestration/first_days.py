"""From which day on accounts are pulled that were never pulled, and the feeds that all share."""

from collections.abc import Iterable
from datetime import date, timedelta

from connectors.core import clock
from connectors.core.http import Client
from connectors.core.platform import Platform
from connectors.core.stream import Stream
from orchestration.due.loads import schema_of
from orchestration.workspace import Workspace
from warehouse.home import SHARED_ORGANIZATION
from warehouse.registry_records import OLDEST_START
from warehouse.sync_log import SyncLog

FEED_LEAD_DAYS = 10
"""A shared feed starts this long before the oldest connection: a rate may be 7 days old."""


def never_pulled(space: Workspace, streams: Iterable[tuple[Platform, Stream]]) -> list[date]:
    """Returns the first dates of the active accounts of which one of these was never pulled."""
    log = SyncLog(space.home)
    active = space.registry.connections()
    starts = []
    for platform, stream in streams:
        own = [c for c in active if c.platform == platform.name]
        if own and platform.intake.window_ends(stream) == "dates":
            covered = log.coverage_by_connection(platform.name, stream.name)
            starts += [c.start_date for c in own if c.connection_id not in covered]
    return starts


def ensure_feed(space: Workspace, platform: Platform) -> bool:
    """Registers the one connection of a feed that nobody owns, or moves its start back.

    It reaches back to the first day that an account is pulled from, and to the first that a file
    brought: a file has no first day until it is read.

    Returns:
        Whether it begins earlier than before.
    """
    known = space.registry.connections()
    own = [c.start_date for c in known if c.organization_id != SHARED_ORGANIZATION]
    own += _first_days_of_files(space)
    before = min((c.start_date for c in known if c.platform == platform.name), default=None)
    oldest = max(min(own, default=clock.now().date()), OLDEST_START)
    start = oldest - timedelta(days=FEED_LEAD_DAYS)
    start = min([start, *(c.start_date for c in known if c.platform == platform.name)])
    # What was registered before first days had a bound must not move everybody's rates to it.
    start = max(start, OLDEST_START)
    space.registry.ensure_shared_organization()
    for account in platform.discover(Client(platform, {})):
        space.registry.add_connection(
            SHARED_ORGANIZATION, platform.name, account.id, None, start_date=start
        )
    return before is not None and start < before


def _first_days_of_files(space: Workspace) -> list[date]:
    active = {c.connection_id for c in space.registry.connections()}
    log = SyncLog(space.home)
    return [
        date.fromisoformat(found)
        for platform in space.platforms.values()
        if not platform.intake.keeps_to_start
        for row in log.rows(platform.name)
        if row.connection_id in active
        and row.status == "succeeded"
        and (found := schema_of(row).get("first_day"))
    ]
