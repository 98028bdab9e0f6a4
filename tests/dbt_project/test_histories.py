"""Generated histories: whatever lands, in whatever order, incremental equals a full refresh.

Each generated history is one organization and all of them share a lake, so one build tries dozens.
A difference names the organization; its events are in the message.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from dbt_home import DbtHome, differences, twin_of
from fixture_lake import Account, FixtureLake, campaign_row, listed_campaign
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

# One worker, so that its homes are built once.
pytestmark = pytest.mark.xdist_group("dbt_histories")
STEPS = 3
HISTORIES = 48
# Across the end of a month and the spring clock change of New York.
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
# The rates known in each step: a day's currencies may be missing, come later or be restated.
RATES = st.lists(
    st.dictionaries(
        st.integers(0, len(DAYS) - 1),
        st.dictionaries(
            st.sampled_from(["USD", "NZD", "GBP", "SEK"]), st.sampled_from(["1.1", "2", "0.7"])
        ),
        max_size=5,
    ),
    min_size=STEPS,
    max_size=STEPS,
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


def gathered(strategy: st.SearchStrategy[Any], count: int) -> list[Any]:
    """Examples that Hypothesis generates, to be tried together instead of one at a time."""
    examples: list[Any] = []

    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def gather(example: Any) -> None:
        examples.append(example)

    gather()
    return examples


def test_incremental_equals_full_refresh(tmp_path: Path) -> None:
    histories = gathered(HISTORY, HISTORIES)
    # The first example of a strategy is its simplest one: no rates at all.
    rates = gathered(RATES, 6)[-1]
    assert sum(len(events) for _, steps in histories for events in steps) > HISTORIES
    _check(tmp_path, histories, rates)


def _check(root: Path, histories: list[Any], rates: list[Any]) -> None:
    (root / "home").mkdir()
    lake = FixtureLake(root / "home")
    home = DbtHome(root / "home")
    twin = twin_of(home, root / "twin")
    accounts = {}
    for number, (zones, _) in enumerate(histories):
        name = f"history_{number:02d}"
        lake.organization(name)
        accounts[name] = [
            Account(name, f"{name}-{place}", currency, zone)
            for place, (currency, zone) in enumerate(zones)
        ]
        for account in accounts[name]:
            lake.connection(account)
    for step in range(STEPS):
        now = START + timedelta(days=2 * step)
        known = {DAYS[day]: currencies for day, currencies in rates[step].items()}
        lake.pull_rates(now, (min(known, default=DAYS[0]), DAYS[-1] + timedelta(days=1)), known)
        for name, (_, steps) in zip(accounts, histories, strict=True):
            for event in steps[step]:
                _land(lake, accounts[name], event, now)
        home.build()
        twin.build("--full-refresh")
        found = differences(home, twin)
        assert found == {}, _story(found, histories, step)
        unreconciled = home.query("select * from mart_reconciliation where not is_reconciled")
        assert unreconciled == []


def _story(found: dict[str, list[tuple[Any, ...]]], histories: list[Any], step: int) -> str:
    text = repr(found)
    guilty = [n for n in range(len(histories)) if f"history_{n:02d}" in text]
    told = "\n".join(f"history_{n:02d}: {histories[n]}" for n in guilty[:3])
    return f"after step {step}: {text}\n{told}"
