"""Visits, events and items equal what the analytics properties truly show, at each clock."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

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
