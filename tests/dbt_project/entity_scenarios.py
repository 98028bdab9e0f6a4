"""Campaigns, and the connections that bring them: renamed, unlisted, removed, failing."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from built_home import Query
from fixture_lake import Account, FixtureLake, campaign_row, listed_campaign
from scenarios import Scenario, at, march, start, stats, window


def rename_after_facts(lake: FixtureLake) -> Scenario:
    """A campaign is listed after its numbers, and renamed later: no fact moves, marts do."""
    account = start(lake, "renamed")
    rows = [campaign_row(march(d), "1") for d in (3, 4, 5, 6)]
    lake.pull(account, "campaign_stats", at(7), rows, window(3, 6))
    names = (
        "select date_day, campaign_name, channel, campaign_status from mart_campaign_daily_summary "
        "where organization_id = 'renamed' order by date_day"
    )
    built = yield
    assert {row[1:] for row in built(names)} == {("Unknown campaign", "unattributed", "UNKNOWN")}
    lake.pull(account, "campaigns", at(4), [listed_campaign("1", "First")])
    built = yield
    assert {row[1:] for row in built(names)} == {("First", "paid_search", "ACTIVE")}
    lake.pull(account, "campaigns", at(5, 23, 30), [listed_campaign("1", "Second", "PAUSED")])
    built = yield
    # 23:30 UTC is the 6th in Berlin.
    assert [row[1] for row in built(names)] == ["First", "First", "First", "Second"]
    lake.pull(account, "campaigns", at(7), [])
    built = yield
    versions = built(
        "select campaign_name, status, valid_from, valid_to, is_current, is_backfilled "
        "from dim_campaigns where organization_id = 'renamed' and not is_inferred "
        "order by valid_from"
    )
    forever, begin = date(9999, 12, 31), date(1900, 1, 1)
    assert versions == [
        ("First", "ACTIVE", begin, march(6), False, True),
        ("Second", "PAUSED", march(6), march(7), False, False),
        ("Second", "DELETED", march(7), forever, True, False),
    ]


def unlisted_entities(lake: FixtureLake) -> Scenario:
    """What no list has is a member of its dimension until one has it; no join loses spend."""
    account = start(lake, "unlisted")
    ids = {"ad_group_id": "11", "ad_id": "111"}
    rows = [campaign_row(march(d), "1", spend="2", **ids) for d in (3, 4)]
    for stream in ("campaign_stats", "ad_group_stats", "ad_stats"):
        lake.pull(account, stream, at(5), rows, window(3, 4))
    hourly = [campaign_row(march(4), "9", spend="2", hour=1)]
    lake.pull(account, "campaign_stats_hourly", at(5), hourly, window(4, 4))
    joined = {
        "dim_campaigns": ("fact_campaign_performance", "campaign_key"),
        "dim_ad_groups": ("fact_ad_group_performance", "ad_group_key"),
        "dim_ads": ("fact_ad_creative_performance", "ad_key"),
    }

    def joined_spend(built: Query) -> list[Any]:
        return [
            built(
                f"select sum(spend) from {fact} inner join {dimension} as members using ({key}) "
                f"where {fact}.organization_id = 'unlisted' and members.is_current"
            )
            for dimension, (fact, key) in joined.items()
        ]

    members = (
        "select campaign_id, campaign_name, channel, status, valid_from, is_current, is_inferred "
        "from dim_campaigns where organization_id = 'unlisted' order by campaign_id"
    )
    begin = date(1900, 1, 1)
    one, nine, two = (
        (campaign, "Unknown campaign", "unattributed", "UNKNOWN", begin, True, True)
        for campaign in "192"
    )
    built = yield
    assert joined_spend(built) == [[(Decimal(4),)]] * 3
    assert built(members) == [one, nine]
    assert built(
        "select ad_group_name, ad_name, campaign_id = '1', ads.is_inferred and groups.is_inferred "
        "from dim_ads as ads inner join dim_ad_groups as groups "
        "using (ad_group_key, campaign_key, campaign_id) where ads.organization_id = 'unlisted'"
    ) == [("Unknown ad group", "Unknown ad", True, True)]
    lake.pull(account, "campaigns", at(6), [listed_campaign("1", "Known")])
    built = yield
    known = ("1", "Known", "paid_search", "ACTIVE", begin, True, False)
    assert built(members) == [known, nine]
    rows = [campaign_row(march(4), c, spend="2") for c in "12"]
    lake.pull(account, "campaign_stats", at(7), rows, window(4, 4))
    built = yield
    assert built(members) == [known, two, nine]
    assert joined_spend(built)[0] == [(Decimal(6),)]
    lake.pull(account, "campaign_stats_hourly", at(7), [], window(4, 4))
    built = yield
    assert built(members) == [known, two]


def removed_and_added_again(lake: FixtureLake) -> Scenario:
    """An account that is removed keeps its history and continues it when it comes back."""
    account = start(lake, "again")
    lake.pull(account, "campaign_stats", at(6), [campaign_row(march(4), "1")], window(4, 4))
    yield
    lake.connection(account, status="removed")
    built = yield
    assert len(stats(built, "again")) == 1
    lake.connection(account)
    lake.pull(account, "campaign_stats", at(8), [campaign_row(march(7), "1")], window(7, 7))
    built = yield
    keys = stats(built, "again", "campaign_key")
    assert len(keys) == 2
    assert len(set(keys)) == 1


def failing_stream(lake: FixtureLake) -> Scenario:
    """A connection is as fresh as its oldest stream; what the other streams do hides nothing."""
    account = start(lake, "failing")
    for day in (18, 19):
        lake.pull(account, "campaign_stats", at(day, 12), [], window(day, day))
    lake.pull(account, "campaigns", at(18, 8), [])
    sync = lake.pull(account, "campaigns", at(19, 8), [])
    lake.pull(account, "campaigns", at(19, 8), [], sync_id=sync, chunk_id=1, status="failed")
    others = {}
    for frequency, success in {
        "hourly": at(20, 3),
        "daily": at(18, 5),
        "weekly": at(7),
        "manual": at(1),
    }.items():
        others[frequency] = Account("failing", frequency)
        lake.connection(others[frequency], sync_frequency=frequency)
        lake.pull(others[frequency], "campaigns", success, [])
    never = Account("failing", "never")
    lake.connection(never)
    lake.pull(never, "campaigns", at(19, 8), [])
    lake.pull(never, "campaign_stats", at(19, 8), [], window(19, 19), status="failed")
    fresh = (
        "select account_id, freshness, allowed_lag_hours, last_success_at::timestamp, "
        "last_error_class from mart_data_freshness where organization_id = 'failing' order by 1"
    )
    rest = [
        ("daily", "stale", 48, datetime(2026, 3, 18, 5, 1), None),
        ("hourly", "stale", 2, datetime(2026, 3, 20, 3, 1), None),
        ("manual", "fresh", None, datetime(2026, 3, 1, 6, 1), None),
        ("never", "failing", 48, None, "AuthRejected"),
        ("weekly", "fresh", 336, datetime(2026, 3, 7, 6, 1), None),
    ]
    built = yield
    (first, *others_built) = sorted(built(fresh), key=lambda row: row[0] != account.id)
    assert first == (
        account.id,
        "failing",
        48,
        datetime(2026, 3, 18, 8, 1),
        "AuthRejected",
    )
    assert others_built == rest
    lake.pull(account, "campaigns", at(19, 20), [])
    built = yield
    (first, *_) = sorted(built(fresh), key=lambda row: row[0] != account.id)
    assert first == (account.id, "fresh", 48, datetime(2026, 3, 19, 12, 1), None)
    assert built(
        "select failing_streams, last_error_class, last_failure_at is null from dim_connections "
        f"where connection_id = '{account.connection_id}'"
    ) == [(0, None, False)]


SCENARIOS = [
    rename_after_facts,
    unlisted_entities,
    removed_and_added_again,
    failing_stream,
]
