"""A lake with a history: a sync a day of every report stream of an account, each its last week.

Rows are made up in Arrow and written by the pipeline's own writer, since fetching two years day by
day would take longer than all the rest.

    python -m benchmarks.history DAYS CAMPAIGNS [NEIGHBORS [EVERY]]
        writes a history that ends at the clock, beside it those of so many other organizations;
        a sync every so many days, of these days, where that is more than a week
    python -m benchmarks.history --restate DAYS CAMPAIGNS
        one further sync of the last week
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pyarrow as pa

from benchmarks.processes import say
from connectors.core import clock
from connectors.core.stream import Stream
from orchestration.workspace import Workspace, open_workspace
from warehouse.home import SHARED_ORGANIZATION
from warehouse.lake import ChunkInfo, Outcome, SyncWriter
from warehouse.log_compaction import compact_log
from warehouse.registry import connection_id
from warehouse.registry_records import Organization
from warehouse.sync_ids import SyncIds
from warehouse.sync_log import SyncLog

ORGANIZATION, ACCOUNT = "acme", "1234567890"
LOOKBACK = 7
AD_GROUPS, ADS = 2, 2
MEMBERS = {"campaign_stats": 1, "ad_group_stats": AD_GROUPS, "ad_stats": AD_GROUPS * ADS}
HOURS = 24
LISTS = ("accounts", "campaigns", "ad_groups", "ads")


class Historian:
    """Writes syncs of one organization into one home."""

    def __init__(
        self,
        space: Workspace,
        campaigns: int,
        organization: str = ORGANIZATION,
        lookback: int = LOOKBACK,
    ) -> None:
        self._space, self._campaigns, self._lookback = space, campaigns, lookback
        self._organization = organization
        self._ids = SyncIds(lambda: self._now, SyncLog(space.home).largest_sync_id())
        self._now = clock.now()

    def rates(self, first: date, last: date, rate: Decimal = Decimal("1.1")) -> None:
        """Writes the reference rates of a range of days, one for all of them."""
        days = [first + timedelta(days=n) for n in range((last - first).days)]
        columns = {
            "date": days,
            "currency": ["USD"] * len(days),
            "rate": [rate] * len(days),
        }
        window = (first, last)
        self._now = datetime.combine(first, time(), UTC)
        self._write("exchange_rates", "reference_rates", columns, window)

    def day(self, last: date, *, version: int, lists: bool) -> None:
        """Writes the syncs of the morning after ``last``: each report of the lookback's days."""
        self._now = datetime.combine(last + timedelta(days=1), time(6), UTC)
        first = last - timedelta(days=self._lookback - 1)
        window = (first, last + timedelta(days=1))
        if lists:
            for stream in LISTS:
                self._write("google_ads", stream, self._list(stream), None)
        for stream, members in MEMBERS.items():
            self._write("google_ads", stream, self._report(first, members, 1, version), window)
        hourly = self._report(first, 1, HOURS, version)
        self._write("google_ads", "campaign_stats_hourly", hourly, window)

    def restate(self, last: date) -> None:
        """Writes the last week once more, an hour later and with other figures."""
        window = (last - timedelta(days=self._lookback - 1), last + timedelta(days=1))
        self._now = clock.now()
        for stream, members in MEMBERS.items():
            self._write("google_ads", stream, self._report(window[0], members, 1, 99), window)
        hourly = self._report(window[0], 1, HOURS, 99)
        self._write("google_ads", "campaign_stats_hourly", hourly, window)

    def _report(
        self, first: date, members: int, hours: int, version: int
    ) -> dict[str, list[object]]:
        keys = list(self._keys(members))
        cells = [(day, hour) for day in range(self._lookback) for hour in range(hours)]
        # Days settle: only the youngest three differ from one sync to the next.
        settled = self._lookback - 3
        figures = [
            100 + (first.toordinal() + day) % 50 + hour + (version if day >= settled else 0)
            for day, hour in cells
            for _ in keys
        ]
        columns: dict[str, list[object]] = {
            "date": [first + timedelta(days=day) for day, _ in cells for _ in keys],
            "hour": [hour for _, hour in cells for _ in keys],
            "conversions": [float(figure % 7) for figure in figures],
            "conversions_value": [float(figure % 70) for figure in figures],
            "cost_micros": [figure * 10_000 for figure in figures],
            "impressions": figures,
        }
        for name in ("clicks", "interactions", "video_trueview_views", "view_through_conversions"):
            columns[name] = [figure // 10 for figure in figures]
        for place, name in enumerate(("campaign_id", "ad_group_id", "ad_id")):
            columns[name] = [key[place] for key in keys] * len(cells)
        return columns

    def _list(self, stream: str) -> dict[str, list[object]]:
        members = {"accounts": 0, "campaigns": 1, "ad_groups": AD_GROUPS, "ads": AD_GROUPS * ADS}
        keys = list(self._keys(members[stream])) or [("", "", "")]
        named = ("campaign_id", "ad_group_id", "ad_id")
        columns = {name: [key[n] for key in keys] for n, name in enumerate(named)}
        count = len(keys)
        return columns | {
            "name": [f"{stream} {key}" for key in keys],
            "status": ["ENABLED"] * count,
            "advertising_channel_type": ["SEARCH"] * count,
            "descriptive_name": ["Acme"] * count,
            "currency_code": ["EUR"] * count,
            "time_zone": ["Europe/Berlin"] * count,
        }

    def _keys(self, members: int) -> Iterator[tuple[str, str, str]]:
        for campaign in range(self._campaigns):
            for member in range(members):
                group = member * AD_GROUPS // max(members, AD_GROUPS)
                yield f"{1000 + campaign}", f"{campaign}9{group}", f"{campaign}8{member}"

    def _write(
        self,
        platform: str,
        name: str,
        columns: dict[str, list[object]],
        window: tuple[date, date] | None,
    ) -> None:
        stream = self._stream(platform, name)
        shared = platform == "exchange_rates"
        organization, account = (
            (SHARED_ORGANIZATION, "ecb") if shared else (self._organization, ACCOUNT)
        )
        sync_id, _ = self._ids.next()
        count = len(next(iter(columns.values())))
        columns = columns | {"customer_id": [ACCOUNT] * count}
        arrays = [
            pa.array(columns.get(field.name, [None] * count), field.type)
            for field in stream.arrow_schema
        ]
        batch = pa.RecordBatch.from_arrays(arrays, schema=stream.arrow_schema)
        info = ChunkInfo(
            organization_id=organization,
            connection_id=connection_id(organization, platform, account),
            account_id=account,
            kind=stream.kind,
            chunk_id=0,
            mode="incremental" if window else "full",
            fetch_started_at=self._now,
            window_from=window[0] if window else None,
            window_to=window[1] if window else None,
            account_name="Acme",
            account_currency="EUR",
            account_time_zone="Europe/Berlin",
        )
        home = self._space.home
        with SyncWriter(
            home,
            platform,
            name,
            stream.arrow_schema,
            sync_id,
            self._now,
            "history",
            now=lambda: self._now,
        ) as writer:
            writer.begin_chunk(info)
            writer.write(batch)
            writer.finish_chunk(Outcome("succeeded", requests=1))

    def _stream(self, platform: str, name: str) -> Stream:
        return next(s for s in self._space.platforms[platform].streams if s.name == name)


def write_history(
    space: Workspace, days: int, campaigns: int, neighbors: int = 0, every: int = 1
) -> None:
    """Registers accounts and writes their syncs, oldest first; the lists once a month."""
    last = clock.now().date() - timedelta(days=1)
    first = last - timedelta(days=days - 1)
    registry = space.registry
    registry.ensure_shared_organization()
    registry.add_connection(SHARED_ORGANIZATION, "exchange_rates", "ecb", None, start_date=first)
    Historian(space, campaigns).rates(first - timedelta(days=10), last + timedelta(days=1))
    for name in [ORGANIZATION, *(f"neighbor_{number}" for number in range(neighbors))]:
        registry.add_organization(Organization(name, name, reporting_currency="USD"))
        registry.add_connection(name, "google_ads", ACCOUNT, None, start_date=first)
        lookback = max(LOOKBACK, every)
        historian = Historian(space, campaigns, name, lookback)
        for number in reversed(range(days - 1, lookback - 2, -every)):
            lists = number < lookback - 1 + every or number % 30 == 0
            historian.day(first + timedelta(days=number), version=number, lists=lists)
    compact_log(space.home, clock.now().date())


def main() -> None:
    """Writes a history or restates its last week."""
    is_restated = "--restate" in sys.argv
    days, campaigns, *neighbors = map(int, sys.argv[1 + is_restated :])
    space = open_workspace()
    if is_restated:
        Historian(space, campaigns).restate(clock.now().date() - timedelta(days=1))
    else:
        write_history(space, days, campaigns, *neighbors)
    say(syncs=len({row.sync_id for row in SyncLog(space.home).rows()}))


if __name__ == "__main__":
    main()
