"""Facts and marts equal the simulated business's truth, at each clock at which they were built."""

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from tests.end_to_end.conftest import Releases, each_release, the_last_release

GRAINS = {
    "campaign_day": ("fact_campaign_performance", ["campaign_id"]),
    "campaign_hour": ("fact_campaign_performance_hourly", ["local_hour", "campaign_id"]),
    "ad_group_day": ("fact_ad_group_performance", ["campaign_id", "ad_group_id"]),
    "ad_day": ("fact_ad_creative_performance", ["campaign_id", "ad_group_id", "ad_id"]),
    "keyword_day": ("fact_keyword_performance", ["campaign_id", "ad_group_id", "keyword_id"]),
    "search_term_day": ("fact_search_terms", ["campaign_id", "ad_group_id", "search_term"]),
    "placement_day": ("fact_placement_performance", ["campaign_id", "ad_group_id", "placement"]),
    "device_day": ("fact_device_performance", ["campaign_id", "device", "network"]),
    "geo_day": (
        "fact_geo_performance",
        ["campaign_id", "country_id", "region_id", "location_type"],
    ),
}
_TOLD_AS = {"local_hour": "hour", "keyword_id": "criterion_id"}
MEASURES = ["impressions", "clicks", "spend", "conversions", "conversion_value"]


@pytest.mark.parametrize("level", GRAINS)
@each_release
def test_fact_equals_truth(releases: Releases, level: str, index: int) -> None:
    table, keys = GRAINS[level]
    columns = ["organization_id", "account_id", "date_day", *keys, "currency_code", *MEASURES]
    with releases.open(index) as release:
        listed = release.execute(f"select {', '.join(columns)} from {table}").fetchall()
    ours = {_key(row[: 3 + len(keys)]): _numbers(row[3 + len(keys) :]) for row in listed}
    assert len(ours) == len(listed)
    truth = {
        _key([row["organization_id"], row["account_id"], row["date"], *_ids(row, keys)]): _numbers(
            [
                row["currency"],
                row["impressions"],
                row["clicks"],
                row["cost"],
                row["conversions"],
                row["conversions_value"],
            ]
        )
        for row in releases.truth(level, index)
    }
    assert ours == truth
    # The small business has no campaign whose ads stand on other people's pages.
    if releases.is_demo or level != "placement_day":
        assert len(truth) > (1000 if releases.is_demo else 100)


@each_release
def test_attribution_windows_equal_truth(releases: Releases, index: int) -> None:
    with releases.open(index) as release:
        listed = release.execute(
            "select account_id, date_day, campaign_id, attribution_window, currency_code, "
            "conversions, conversion_value from fact_attribution_windows"
        ).fetchall()
    ours = {_key(row[:4]): _numbers(row[4:]) for row in listed}
    truth = {
        _key([r["account_id"], r["date"], r["campaign_id"], r["attribution_window"]]): _numbers(
            [r["currency"], r["conversions"], r["conversions_value"]]
        )
        for r in releases.truth("window_day", index)
    }
    assert ours == truth
    assert {window for *_, window in truth} == {"1d_click", "7d_click", "28d_click", "1d_view"}


@each_release
def test_labels_equal_truth(releases: Releases, index: int) -> None:
    columns = ["account_id", "campaign_id", "ad_group_id", "ad_id", "label_id"]
    with releases.open(index) as release:
        listed = release.execute(
            f"select {', '.join(columns)}, label_name from dim_labels"
        ).fetchall()
    truth = {
        (*(row[name] for name in columns), row["label"]) for row in releases.truth("labels", index)
    }
    assert set(listed) == truth
    assert len(listed) == len(truth) > 10


@each_release
def test_audiences_equal_truth(releases: Releases, index: int) -> None:
    columns = ["account_id", "ad_group_id", "target_id", "target_kind", "target_name"]
    with releases.open(index) as release:
        listed = release.execute(
            f"select {', '.join(columns)} from dim_ad_group_targets"
        ).fetchall()
    named = ("account_id", "ad_group_id", "audience_id", "kind", "name")
    truth = {tuple(row[one] for one in named) for row in releases.truth("audiences", index)}
    assert set(listed) == truth
    assert len(listed) == len(truth) > 10


@each_release
def test_clicks_equal_truth(releases: Releases, index: int) -> None:
    """Ids are tokens here: that they are the right ones the orders show which find their click."""
    columns = ["campaign_id", "ad_group_id", "ad_id", "keyword_id", "device"]
    with releases.open(index) as release:
        listed = release.execute(
            f"select account_id, date_day, {', '.join(columns)}, count(*) from fact_ad_clicks "
            "group by all"
        ).fetchall()
        orders = release.execute(
            "select orders.organization_id, order_id, campaign_id "
            "from fact_orders as orders inner join fact_ad_clicks as clicks "
            "on orders.organization_id = clicks.organization_id "
            "and orders.click_id = clicks.click_id where order_type = 'sale'"
        ).fetchall()
    ours = {_key(row[:-1]): row[-1] for row in listed}
    first = min(row[1] for row in listed)
    clicks = [row for row in releases.truth("click", index) if row["date"] >= str(first)]
    truth = Counter(
        _key([row["account_id"], row["date"], *(row[name] for name in columns)]) for row in clicks
    )
    assert ours == truth
    by_id = {(row["organization_id"], row["gclid"]): row["campaign_id"] for row in clicks}
    found = {
        (row["organization_id"], row["order_id"]): by_id[row["organization_id"], row["click_id"]]
        for row in releases.truth("order", index)
        if (row["organization_id"], row["click_id"]) in by_id
    }
    assert {(row[0], row[1]): row[2] for row in orders} == found
    assert len(orders) == len(found) > (500 if releases.is_demo else 5)


@each_release
def test_campaign_mart_equals_truth(releases: Releases, index: int) -> None:
    with releases.open(index) as release:
        listed = release.execute(
            "select organization_id, account_id, date_day, campaign_id, impressions, clicks, "
            "spend, conversions, conversion_value from mart_campaign_daily_summary"
        ).fetchall()
    ours = {_key(row[:4]): _numbers(["", *row[4:]]) for row in listed}
    truth = {
        _key([r["organization_id"], r["account_id"], r["date"], r["campaign_id"]]): _numbers(
            ["", r["impressions"], r["clicks"], r["cost"], r["conversions"], r["conversions_value"]]
        )
        for r in releases.truth("campaign_day", index)
    }
    assert ours == truth


@the_last_release
def test_organization_totals_in_reporting_currency(releases: Releases, index: int) -> None:
    """Worked out here from the truth and the truth's rates, without any SQL of ours."""
    rates = _Rates(releases.truth("rates", index))
    with releases.open(index) as release:
        currency_of = dict(
            release.execute(
                "select organization_id, reporting_currency from dim_organizations"
            ).fetchall()
        )
        ours = {
            (organization, str(day)): spend
            for organization, day, spend in release.execute(
                "select organization_id, date_day, spend_reporting "
                "from mart_organization_daily_metrics"
            ).fetchall()
        }
    truth: dict[tuple[str, str], Decimal] = {}
    spent = [(row, row["cost"]) for row in releases.truth("campaign_day", index)]
    # What partners are paid is spend, once it is approved, and so are corrections by hand.
    for level, counts in (
        ("affiliate_conversion", lambda row: row["status"] == "approved"),
        ("affiliate_adjustment", lambda row: not row["is_withdrawn"]),
    ):
        spent += [(row, row["payout"]) for row in releases.truth(level, index) if counts(row)]
    for row, cost in spent:
        rate = rates.cross(row["date"], row["currency"], currency_of[row["organization_id"]])
        key = (row["organization_id"], row["date"])
        amount = (Decimal(cost) * rate).quantize(Decimal("0.000001"), "ROUND_HALF_UP")
        truth[key] = truth.get(key, Decimal(0)) + amount
    assert ours.keys() >= truth.keys()
    for key, amount in truth.items():
        assert ours[key] == amount, key


class _Rates:
    """The rule of the house: that day's rate, else the last one before it, at most 7 days old."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self._rates = {(row["date"], row["currency"]): Decimal(row["rate"]) for row in rows}
        self._days = sorted({row["date"] for row in rows})

    def cross(self, day: str, source: str, target: str) -> Decimal:
        known = max(d for d in self._days if d <= day)
        return (self._per_euro(known, target) / self._per_euro(known, source)).quantize(
            Decimal("1e-18"), "ROUND_HALF_UP"
        )

    def _per_euro(self, day: str, currency: str) -> Decimal:
        return Decimal(1) if currency == "EUR" else self._rates[day, currency]


def _ids(row: dict[str, Any], keys: list[str]) -> list[Any]:
    return [row[_TOLD_AS.get(key, key)] for key in keys]


def _key(values: Any) -> tuple[str, ...]:
    return tuple(str(value) for value in values)


def _numbers(values: Any) -> tuple[Any, ...]:
    currency, *measures = values
    # Of some parts a platform reports impressions alone.
    return (currency, *(None if one is None else Decimal(one) for one in measures))
