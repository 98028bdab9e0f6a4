"""First and last touches of orders equal what the simulated business knows of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.end_to_end.conftest import Releases, each_release
from tests.end_to_end.test_affiliate_truth import truth

LOOKBACK = timedelta(days=30)
Touches = dict[tuple[str, str], tuple[str, ...]]


def touches(releases: Releases, index: int, model: str) -> Touches:
    """Channel and campaign of the touch that a model gives the whole order to."""
    with releases.open(index) as release:
        rows = release.execute(
            "select account_id, order_id, parts.channel, coalesce(campaigns.campaign_id, '') "
            "from mart_attribution as parts left join "
            "(select distinct campaign_key, campaign_id from dim_campaigns) as campaigns "
            "on parts.campaign_key = campaigns.campaign_key "
            f"where model = '{model}' and order_type = 'sale' and parts.platform = 'shopify'"
        ).fetchall()
    found = {row[:2]: row[2:] for row in rows}
    assert len(found) == len(rows)
    return found


@each_release
def test_the_last_touch_has_the_campaign_that_was_clicked(releases: Releases, index: int) -> None:
    """Never another one; of one order in nine the address has lost what names it.

    What the shop has not worked out yet the truth does not have; a collector may have seen it.
    """
    clicked = {
        (row["account_id"], row["order_id"]): row["clicked_campaign_id"] or ""
        for row in releases.truth("order", index)
        if row["is_counted"] and row.get("is_journey_ready")
    }
    _check_campaigns(touches(releases, index, "last"), clicked)


@each_release
def test_the_first_touch_has_the_campaign_that_was_clicked(releases: Releases, index: int) -> None:
    """Of orders that no partner names and no collector saw: the ad behind the first visit."""
    with releases.open(index) as release:
        sites = release.execute("select distinct organization_id from fact_sessions").fetchall()
    watched = {organization for (organization,) in sites}
    claimed = {
        (claim["organization_id"], claim["order_id"])
        for claim in truth(releases, index, "affiliate_conversion", "conversion_id").values()
    }
    rows = [
        row
        for row in releases.truth("order", index)
        if row["is_counted"]
        and row["organization_id"] not in watched
        and (row["organization_id"], row["order_id"]) not in claimed
    ]
    clicked = {
        (row["account_id"], row["order_id"]): row["first_clicked_campaign_id"] or ""
        for row in rows
        if row["first_visit_at"] is not None
    }
    _check_campaigns(touches(releases, index, "first"), clicked)
    others = [row for row in rows if row["first_visit_at"] and not row["is_first_visit_last"]]
    assert len(others) > len(clicked) / 4


def _check_campaigns(found: Touches, clicked: dict[tuple[str, str], str]) -> None:
    shared = found.keys() & clicked.keys()
    assert len(shared) > 50
    wrong = {
        place: (found[place], clicked[place])
        for place in shared
        if found[place][1] not in ("", clicked[place])
    }
    assert wrong == {}
    by_ads = [place for place in shared if clicked[place]]
    named = [place for place in by_ads if found[place][1]]
    assert len(named) / len(by_ads) > 0.9


def _began_elsewhere(order: dict[str, Any], clicked_at: datetime) -> bool:
    """Whether the shop knows of a visit before a partner's click that was of no partner."""
    at = order["first_visit_at"]
    if at is None or (order["first_utm_medium"] or "").lower() == "affiliate":
        return False
    return datetime.fromisoformat(at) < clicked_at and not order["is_first_visit_last"]


@each_release
def test_the_first_touch_is_the_partners_click(releases: Releases, index: int) -> None:
    orders = {
        (row["organization_id"], row["order_id"]): row for row in releases.truth("order", index)
    }
    expected = set()
    for claim in truth(releases, index, "affiliate_conversion", "conversion_id").values():
        if claim["status"] not in ("approved", "pending"):
            continue
        order = orders.get((claim["organization_id"], claim["order_id"]))
        if order is not None and order["is_counted"]:
            clicked_at = datetime.fromisoformat(claim["clicked_at"])
            lag = datetime.fromisoformat(order["processed_at"]) - clicked_at
            if lag <= LOOKBACK and not _began_elsewhere(order, clicked_at):
                expected.add((order["account_id"], order["order_id"]))
    by_link = {
        (row["account_id"], row["order_id"])
        for row in orders.values()
        if "affiliate" in (row["utm_medium"], (row["first_utm_medium"] or "").lower())
    }
    # Each of these is one of the truth: test_what_is_on_hold_is_pending_until_its_release.
    with releases.open(index) as release:
        held = release.execute(
            "select orders.account_id, orders.order_id from fact_affiliate_conversions as holds "
            "inner join fact_orders as orders using (organization_id, order_id) "
            "where holds.is_held and holds.is_counted"
        ).fetchall()
    found = touches(releases, index, "first")
    first = {place for place, (channel, _) in found.items() if channel == "affiliate"}
    assert len(expected) > 10
    known = expected & found.keys()
    assert known <= first
    # Orders by a link whose conversion the network rejected, or does not report yet.
    assert first - known <= by_link | set(held)


@each_release
def test_credits_of_all_orders_are_the_revenue_of_the_shops(releases: Releases, index: int) -> None:
    with releases.open(index) as release:
        rows = release.execute(
            "select model, sum(credited_orders), sum(credited_new_customers), "
            "sum(credited_revenue_reporting) from mart_attribution group by model"
        ).fetchall()
        shops = release.execute(
            "select sum(orders), sum(new_customers), sum(gross_revenue_reporting) "
            "from mart_organization_daily_metrics"
        ).fetchone()
    assert len(rows) == 7
    for model, *sums in rows:
        assert sums == [Decimal(one) for one in shops], model
