"""Visits, events and items equal what the analytics properties truly show, at each clock."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from orchestration.commands import summary as demo_summary
from tests.end_to_end.conftest import Releases, each_release, the_last_release

VISITS = {
    "sessions": "sessions",
    "engaged_sessions": "engaged_sessions",
    "active_users": "active_users",
    "total_users": "total_users",
    "new_users": "new_users",
    "page_views": "page_views",
    "key_events": "key_events",
    "transactions": "transactions",
    "purchase_revenue": "purchase_revenue",
    "refund_amount": "refund_amount",
}
FROM = ["source", "medium", "campaign_name"]
FACTS: dict[str, tuple[str, dict[str, str], dict[str, str]]] = {
    # level: (table, its key by the truth's, its numbers by the truth's)
    "web_traffic_hour": (
        "fact_web_traffic",
        {"local_hour": "hour", "platform_channel": "channel_group"}
        | {name: name for name in (*FROM, "campaign_id", "landing_page")},
        VISITS,
    ),
    "web_source_day": (
        "fact_web_source_daily",
        {"platform_channel": "channel_group"} | {name: name for name in FROM},
        VISITS,
    ),
    "web_property_day": ("fact_web_daily", {}, VISITS),
    "web_channel_day": ("fact_web_channel_daily", {"platform_channel": "channel_group"}, VISITS),
    "web_device_day": (
        "fact_web_device_daily",
        {"device": "device_category", "country": "country", "country_code": "country_id"},
        VISITS,
    ),
    "web_event_day": (
        "fact_web_event_daily",
        {"event_name": "event_name"},
        {"event_count": "event_count", "key_events": "key_events", "event_revenue": "revenue"},
    ),
    "web_credit_day": (
        "fact_web_conversions",
        {name: name for name in ("event_name", *FROM)},
        {"key_events": "key_events", "event_revenue": "revenue"},
    ),
    "web_item_day": (
        "fact_web_item_daily",
        {name: name for name in ("item_id", "item_name", "item_category")},
        {"items_purchased": "items_purchased", "item_revenue": "item_revenue"},
    ),
}


@pytest.mark.parametrize("level", FACTS)
@each_release
def test_fact_equals_truth(releases: Releases, level: str, index: int) -> None:
    table, keys, numbers = FACTS[level]
    columns = ["organization_id", "account_id", "date_day", *keys, "currency_code", *numbers]
    with releases.open(index) as release:
        listed = release.execute(f"select {', '.join(columns)} from {table}").fetchall()
    size = 3 + len(keys)
    ours = {_key(row[:size]): _numbers(row[size:]) for row in listed}
    assert len(ours) == len(listed)
    truth = {
        _key(
            [
                row["organization_id"],
                row["account_id"],
                row["date"],
                *(row[n] for n in keys.values()),
            ]
        ): _numbers([row["currency"], *(row[name] for name in numbers.values())])
        for row in releases.truth(level, index)
    }
    assert ours == truth
    assert len(truth) >= (20 if index else 2)


@the_last_release
def test_hours_and_channels_do_not_add_up_to_a_day(releases: Releases, index: int) -> None:
    """What adds up does, to the cent; a day has fewer sessions than its hours together."""
    with releases.open(index) as release:
        days, more, same = release.execute(
            "select count(*), count(case when hours.sessions > days.sessions then 1 end), "
            "count(case when hours.views = days.page_views and hours.revenue = "
            "days.purchase_revenue then 1 end) "
            "from fact_web_daily as days inner join (select connection_id, date_day, "
            "sum(sessions) as sessions, sum(page_views) as views, "
            "sum(purchase_revenue) as revenue from fact_web_traffic group by all) as hours "
            "using (connection_id, date_day)"
        ).fetchone()  # type: ignore[misc]
    assert days == same > 5
    assert more > days / 2


@the_last_release
def test_items_of_a_busy_day_are_a_sample_and_say_so(releases: Releases, index: int) -> None:
    with releases.open(index) as release:
        samples = release.execute(
            "select distinct samples_read_count, sampling_space_size from fact_web_item_daily"
        ).fetchall()
    found = [(read, there) for read, there in samples if read is not None]
    assert found
    assert all(there / 2 <= read < there for read, there in found)


@the_last_release
def test_the_tag_misses_a_known_part_of_the_orders(releases: Releases, index: int) -> None:
    truth = releases.truth("web_orders_day", index)
    orders, seen = (sum(row[name] for row in truth) for name in ("orders", "seen_orders"))
    with releases.open(index) as release:
        (bought,) = release.execute("select sum(transactions) from fact_web_daily").fetchone()  # type: ignore[misc]
    assert bought <= seen
    assert bought > 0.8 * seen
    assert 0.5 < seen / orders < 0.8


def _key(values: Any) -> tuple[str, ...]:
    return tuple(str(value) for value in values)


def _numbers(values: Any) -> tuple[Any, ...]:
    currency, *measures = values
    return (currency, *(Decimal(measure) for measure in measures))


@the_last_release
def test_marts_show_what_the_truth_comes_to(releases: Releases, index: int) -> None:
    """Visits of a day are the properties' own; a rate divides by those of its days alone."""
    days = {
        (row["organization_id"], row["date"]): row["sessions"]
        for row in releases.truth("web_property_day", index)
    }
    with releases.open(index) as release:
        orders = {
            (organization, str(day)): count
            for organization, day, count in release.execute(
                "select organization_id, date_day, count(*) from fact_orders "
                "where is_counted and order_type = 'sale' group by all"
            ).fetchall()
        }
        daily = release.execute(
            "select organization_id, date_day, daily_sessions, shop_conversion_rate, "
            "analytics_revenue_reporting, gross_revenue_reporting "
            "from mart_organization_daily_metrics where daily_sessions is not null"
        ).fetchall()
        kpis = release.execute(
            "select organization_id, first_day, last_day, measured_orders, daily_sessions, "
            "shop_conversion_rate from mart_kpi_summary where period = 'last_28_days'"
        ).fetchall()
        long = release.execute(
            "select organization_id, date_day, sum(value) from mart_daily_aggregates "
            "where metric = 'daily_sessions' group by all"
        ).fetchall()
        summary = release.execute(
            "select organization_id, date_day, sessions, shop_conversion_rate "
            "from mart_web_daily_summary"
        ).fetchall()
    assert {(row[0], str(row[1])): row[2] for row in daily} == days
    # A session has one channel: those of a day are as many as the day's.
    assert {(row[0], str(row[1])): int(row[2]) for row in long} == days
    assert {(row[0], str(row[1])): row[2] for row in summary} == days
    rates = {(row[0], str(row[1])): row[3] for row in daily}
    assert {(row[0], str(row[1])): row[3] for row in summary} == rates
    for key, rate in rates.items():
        assert rate == pytest.approx(orders.get(key, 0) / days[key])
    # The tag misses orders, and the shop's other ways of selling.
    assert sum(row[4] for row in daily) < sum(row[5] for row in daily)
    for organization, first, last, measured, sessions, rate in kpis:
        inside = [
            key for key in days if key[0] == organization and str(first) <= key[1] <= str(last)
        ]
        if inside:
            assert sessions == sum(days[key] for key in inside)
            assert measured == sum(orders.get(key, 0) for key in inside)
            assert rate == pytest.approx(float(measured / sessions))
        else:
            assert (measured, sessions, rate) == (None, None, None)
    assert len({row[0] for row in kpis}) == 3


@the_last_release
def test_the_summary_of_a_demo_shows_visits(releases: Releases, index: int) -> None:
    names = {row["organization_id"]: row["name"] for row in releases.truth("organizations", index)}
    visits: dict[str, int] = {}
    for row in releases.truth("web_property_day", index):
        name = names[row["organization_id"]]
        visits[name] = visits.get(name, 0) + row["sessions"]
    with releases.open(index) as release:
        rows = release.execute(demo_summary.VISITS).fetchall()
    assert {row[0]: row[2] for row in rows} == visits
    for _, _, _, rate, _, seen, sold in rows:
        assert 0 < rate < 10
        assert 0 < seen < sold


@the_last_release
def test_each_platform_has_three_accounts_of_its_revenue(releases: Releases, index: int) -> None:
    """What it claims, what analytics credits it with, what the shops confirm."""
    visits: dict[tuple[str, str], int] = {}
    for row in releases.truth("web_source_day", index):
        source, medium = row["source"].lower(), row["medium"].lower()
        if source == "google" and medium == "cpc":
            key = (row["organization_id"], row["date"])
            visits[key] = visits.get(key, 0) + row["sessions"]
    credited = sum(Decimal(row["revenue"]) for row in releases.truth("web_credit_day", index))
    with releases.open(index) as release:
        ours = release.execute(
            "select organization_id, date_day, daily_sessions from mart_platform_comparison "
            "where platform = 'google_ads' and daily_sessions is not null"
        ).fetchall()
        claimed, seen, confirmed = release.execute(
            "select sum(platform_conversion_value_reporting), sum(analytics_revenue_reporting), "
            "sum(shop_gross_revenue_reporting) from mart_platform_comparison "
            "where platform = 'google_ads' and daily_sessions is not null"
        ).fetchone()  # type: ignore[misc]
        (total,) = release.execute("select sum(event_revenue) from fact_web_conversions").fetchone()  # type: ignore[misc]
    assert {(row[0], str(row[1])): row[2] for row in ours} == visits
    assert total == credited
    assert claimed > confirmed > 0
    assert claimed > seen > 0
