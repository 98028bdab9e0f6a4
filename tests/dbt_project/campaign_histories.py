"""Generated histories of advertising: numbers, lists and an organization's settings.

Each generated history is one organization and all of them share a lake, so one build tries dozens.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from fixture_lake import Account, FixtureLake, campaign_row, listed_campaign
from generated import STEPS, gathered
from hypothesis import strategies as st

DAYS = [date(2026, 2, 26) + timedelta(days=n) for n in range(12)]
START = datetime(2026, 3, 10, 6, tzinfo=UTC)
ZONES = [
    ("EUR", "Europe/Berlin"),
    ("USD", "America/New_York"),
    ("NZD", "Pacific/Auckland"),
    ("SEK", "Europe/Stockholm"),
]
REPORTS = {
    "campaign_stats": {},
    "campaign_stats_hourly": {"hour": st.sampled_from([0, 1, 2, 3, 23])},
    "ad_group_stats": {"ad_group_id": st.sampled_from(["11", "12"])},
    "ad_stats": {"ad_group_id": st.just("11"), "ad_id": st.sampled_from(["111", "112"])},
    "campaign_stats_by_device": {"device": st.sampled_from(["MOBILE", "DESKTOP", "OTHER"])},
    "keyword_stats": {
        "ad_group_id": st.just("11"),
        "criterion_id": st.sampled_from(["111", "112"]),
        "text": st.just("words"),
        "historical_quality_score": st.sampled_from([None, 7]),
    },
    "geo_stats": {
        "country_criterion_id": st.sampled_from(["", "2276"]),
        "location_type": st.sampled_from(["LOCATION_OF_PRESENCE", "AREA_OF_INTEREST"]),
        "geo_target_region": st.sampled_from(["", "geoTargetConstants/20226"]),
    },
}
KEY = (
    "date", "campaign_id", "hour", "ad_group_id", "ad_id", "device", "criterion_id",
    "country_criterion_id", "location_type", "geo_target_region",
)  # fmt: skip


@dataclass(frozen=True)
class Report:
    """A pull of numbers: `hours` places its fetch before or after other pulls of the step."""

    account: int
    stream: str
    first: int
    days: int
    rows: tuple[dict[str, Any], ...]
    hours: int
    late_commit: int
    succeeded: bool


@dataclass(frozen=True)
class Listing:
    """A complete list, one of which rows were rejected, or one that failed."""

    account: int
    stream: str
    entities: tuple[tuple[str, str, str], ...]
    hours: int
    succeeded: bool
    rejected: int


@dataclass(frozen=True)
class Registry:
    """The organization reports in a currency from now on; its second account comes or goes."""

    currency: str
    removed: bool


def _rows(stream: str) -> st.SearchStrategy[tuple[dict[str, Any], ...]]:
    row = st.fixed_dictionaries(
        {
            "day": st.integers(0, len(DAYS) - 1),
            "campaign": st.sampled_from(["1", "2", "3"]),
            "impressions": st.integers(0, 3),
            "clicks": st.integers(0, 1),
            "spend": st.sampled_from(["0", "0.01", "1.234567", "7"]),
            "conversions": st.sampled_from([0.0, 0.3333333, 1.0]),
            "value": st.sampled_from([0.0, 9.99]),
            **REPORTS[stream],
        }
    )
    return st.lists(row, max_size=8).map(tuple)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    stream = draw(st.sampled_from(["campaign_stats", "campaign_stats", *REPORTS]))
    first = draw(st.integers(0, len(DAYS) - 1))
    return Report(
        account=draw(st.integers(0, 1)),
        stream=stream,
        first=first,
        days=draw(st.integers(1, len(DAYS) - first)),
        rows=draw(_rows(stream)),
        hours=draw(st.integers(-60, 20)),
        late_commit=draw(st.sampled_from([0, 0, 40])),
        succeeded=draw(st.sampled_from([True, True, True, False])),
    )


LISTINGS = st.builds(
    Listing,
    account=st.integers(0, 1),
    stream=st.sampled_from(["campaigns", "campaigns", "ad_groups", "ads", "keywords"]),
    entities=st.lists(
        st.tuples(
            st.sampled_from(["1", "2", "3"]),
            st.sampled_from(["Name", "Other"]),
            st.sampled_from(["ENABLED", "PAUSED", "REMOVED"]),
        ),
        max_size=3,
        unique_by=lambda entity: entity[0],
    ).map(tuple),
    hours=st.integers(-120, 20),
    succeeded=st.sampled_from([True, True, True, False]),
    rejected=st.sampled_from([0, 0, 1]),
)
REGISTRIES = st.builds(
    Registry, currency=st.sampled_from(["USD", "EUR", "GBP"]), removed=st.booleans()
)
EVENTS = st.one_of(reports(), reports(), LISTINGS, REGISTRIES)
# An organization's accounts, then the events of each step.
HISTORY = st.tuples(
    st.tuples(st.sampled_from(ZONES), st.sampled_from(ZONES)),
    st.lists(st.lists(EVENTS, max_size=3), min_size=STEPS, max_size=STEPS),
)


def _land(lake: FixtureLake, accounts: list[Account], event: Any, now: datetime) -> None:
    if isinstance(event, Registry):
        lake.organization(accounts[0].organization, event.currency)
        lake.connection(accounts[1], "removed" if event.removed else "active")
        return
    at = now + timedelta(hours=event.hours)
    status = "succeeded" if event.succeeded else "failed"
    account = accounts[event.account]
    if isinstance(event, Listing):
        rows = [_entity(event.stream, *entity) for entity in event.entities]
        lake.pull(account, event.stream, at, rows, status=status, rejected=event.rejected)
        return
    last = event.first + event.days - 1
    numbers = [
        campaign_row(DAYS[row["day"]], **{key: row[key] for key in row if key != "day"})
        for row in event.rows
        if event.first <= row["day"] <= last
    ]
    # One number per key: a platform repeats a row, it does not contradict it.
    unique = {tuple(number.get(k) for k in KEY): number for number in numbers}
    lake.pull(
        account,
        event.stream,
        at,
        [*unique.values(), *list(unique.values())[:1]],
        (DAYS[event.first], DAYS[last] + timedelta(days=1)),
        status=status,
        committed_at=max(now, at) + timedelta(hours=event.late_commit),
    )


def _entity(stream: str, entity: str, name: str, status: str) -> dict[str, Any]:
    if stream == "campaigns":
        return listed_campaign(entity, name, status, "SEARCH" if name == "Name" else "VIDEO")
    group = {"campaign_id": "1", "ad_group_id": f"1{entity}", "name": name, "status": status}
    if stream == "keywords":
        return {**group, "criterion_id": f"11{entity}", "text": name, "quality_score": 7}
    if stream == "ad_groups":
        return {**group, "type": "SEARCH_STANDARD", "cpc_bid_micros": 1_500_000}
    url = f'["https://shop.example/?utm_source={name}"]'
    return {**group, "ad_id": f"11{entity}", "type": "RESPONSIVE_SEARCH_AD", "final_urls": url}


class CampaignHistories:
    """Organizations of two accounts each, whose histories land in a lake step by step.

    Attributes:
        accounts: of each organization.
    """

    def __init__(self, lake: FixtureLake, count: int) -> None:
        self._lake = lake
        self._drawn = gathered(HISTORY, count)
        self.accounts: dict[str, list[Account]] = {}
        for number, (zones, _) in enumerate(self._drawn):
            name = f"campaigns_{number:02d}"
            lake.organization(name)
            self.accounts[name] = [
                Account(name, f"{name}-{place}", currency, zone)
                for place, (currency, zone) in enumerate(zones)
            ]
            for account in self.accounts[name]:
                lake.connection(account)

    def land(self, step: int) -> datetime:
        """Lands the events of a step; returns its clock."""
        now = START + timedelta(days=2 * step)
        for accounts, (_, steps) in zip(self.accounts.values(), self._drawn, strict=True):
            for event in steps[step]:
                _land(self._lake, accounts, event, now)
        return now

    def events(self) -> dict[str, Any]:
        """All that lands of each organization."""
        return dict(zip(self.accounts, self._drawn, strict=True))
