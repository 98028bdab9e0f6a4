"""Partner programs equal the simulated truth at each clock: conversions, clicks, sums, invoices."""

from collections import Counter
from decimal import Decimal
from typing import Any

from tests.end_to_end.conftest import Releases, each_release

MONEY = ("payout", "revenue", "sale_amount")
WORDS = {
    "invalid": "REJECTED",
    "pending": "PENDING",
    "approved": "APPROVED",
    "rejected": "REJECTED",
}
Rows = dict[tuple[Any, ...], dict[str, Any]]


def facts(releases: Releases, index: int, table: str, key: str, columns: str) -> Rows:
    names = [name.strip() for name in f"platform, {key}, {columns}".split(",")]
    with releases.open(index) as release:
        rows = release.execute(f"select {', '.join(names)} from {table}").fetchall()
    found = {}
    for row in rows:
        one = dict(zip(names, row, strict=True))
        found[tuple(str(one[name]) for name in ["platform", *key.split(", ")])] = one
    assert len(found) == len(rows)
    return found


def truth(releases: Releases, index: int, level: str, key: str) -> Rows:
    # What is before the connections' first day is not asked for.
    first = min(row["date"] for row in releases.truth("demand", index))
    return {
        tuple(str(row[name]) for name in ["platform", *key.split(", ")]): row
        for row in releases.truth(level, index)
        if row.get("date") is None or row["date"] >= first
    }


def amounts(row: dict[str, Any], names: tuple[str, ...]) -> list[Decimal | None]:
    return [None if row[name] is None else Decimal(str(row[name])).normalize() for name in names]


@each_release
def test_a_conversion_stands_as_it_does_at_the_clock(releases: Releases, index: int) -> None:
    true = truth(releases, index, "affiliate_conversion", "conversion_id")
    ours = facts(
        releases, index, "fact_affiliate_conversions where not is_held", "conversion_id",
        f"{', '.join(MONEY)}, status, date_day, affiliate_id, offer_id, order_id, is_counted",
    )  # fmt: skip
    assert ours.keys() == true.keys()
    assert len(true) > 10
    for key, row in true.items():
        found = ours[key]
        assert amounts(found, MONEY) == amounts(row, MONEY), key
        assert found["status"] == WORDS[row["status"]], key
        assert (str(found["date_day"]), found["affiliate_id"], found["offer_id"]) == (
            row["date"], row["affiliate_id"], row["offer_id"],
        )  # fmt: skip
        assert found["is_counted"]


@each_release
def test_what_is_on_hold_is_pending_until_its_release(releases: Releases, index: int) -> None:
    true = truth(releases, index, "affiliate_hold", "hold_id")
    ours = facts(
        releases, index, "fact_affiliate_conversions where is_held and is_counted",
        "conversion_id", f"{', '.join(MONEY)}, status",
    )  # fmt: skip
    assert ours.keys() == true.keys()
    for key, row in ours.items():
        assert amounts(row, MONEY) == amounts(true[key], MONEY), key
        assert row["status"] == "PENDING"


@each_release
def test_sums_of_a_day_are_the_truth_and_what_conversions_and_corrections_add_up_to(
    releases: Releases, index: int
) -> None:
    key, names = "date_day, affiliate_id, offer_id", ("clicks", "conversions", *MONEY)
    true = {
        (row["platform"], row["date"], row["affiliate_id"], row["offer_id"]): row
        for row in truth(releases, index, "affiliate_day", "date, affiliate_id, offer_id").values()
    }
    ours = facts(releases, index, "fact_affiliate_performance", key, ", ".join(names))
    assert ours.keys() == true.keys()
    assert len(true) > 20
    for place, row in true.items():
        assert amounts(ours[place], names) == amounts(row, names), place
    added: Counter[tuple[str, ...]] = Counter()
    for table, where in (
        ("fact_affiliate_conversions", "where status = 'APPROVED' and is_counted"),
        ("fact_affiliate_adjustments", "where not is_withdrawn"),
    ):
        with releases.open(index) as release:
            rows = release.execute(
                f"select platform, {key}, sum(payout) from {table} {where} group by all"
            ).fetchall()
        added.update({tuple(map(str, row[:4])): row[4] for row in rows})
    assert {place: row["payout"] for place, row in ours.items() if row["payout"]} == {
        place: payout for place, payout in added.items() if payout
    }


@each_release
def test_clicks_are_those_that_there_were(releases: Releases, index: int) -> None:
    true = truth(releases, index, "affiliate_click", "click_id")
    ours = facts(
        releases, index, "fact_affiliate_clicks", "click_id", "affiliate_id, sub_id, is_unique"
    )
    platforms = {key[0] for key in ours}
    seen = {key: row for key, row in true.items() if key[0] in platforms}
    assert len(ours) > 20
    # Those from before the first pull reached back so far are never shown.
    assert ours.keys() <= seen.keys()
    oldest = {name: min(seen[key]["date"] for key in ours if key[0] == name) for name in platforms}
    missed = [key for key in seen.keys() - ours.keys() if seen[key]["date"] > oldest[key[0]]]
    assert missed == []
    for key, row in ours.items():
        assert (row["affiliate_id"], row["sub_id"]) == (
            seen[key]["affiliate_id"], seen[key]["sub_id"],
        )  # fmt: skip


@each_release
def test_corrections_and_invoices(releases: Releases, index: int) -> None:
    true = truth(releases, index, "affiliate_adjustment", "adjustment_id")
    ours = facts(
        releases, index, "fact_affiliate_adjustments", "adjustment_id",
        "payout, revenue, conversions, is_withdrawn",
    )  # fmt: skip
    assert ours.keys() == true.keys()
    names = ("payout", "revenue", "conversions")
    for key, row in true.items():
        # Not every network says how many conversions a correction is of.
        stated = tuple(name for name in names if ours[key][name] is not None)
        assert stated[:2] == names[:2]
        assert amounts(ours[key], stated) == amounts(row, stated), key
        assert ours[key]["is_withdrawn"] == row["is_withdrawn"]
    billed = truth(releases, index, "affiliate_invoice", "invoice_id")
    found = facts(
        releases, index, "fact_affiliate_invoices", "invoice_id",
        "invoice_amount, first_day, last_day, is_paid, affiliate_id",
    )  # fmt: skip
    assert found.keys() == billed.keys()
    for key, row in billed.items():
        one = found[key]
        assert Decimal(one["invoice_amount"]) == Decimal(row["amount"]), key
        assert (str(one["first_day"]), str(one["last_day"])) == (row["first_day"], row["last_day"])
        # Everflow counts an invoice of nothing as paid.
        is_nothing = key[0] == "everflow" and not Decimal(row["amount"])
        assert one["is_paid"] == (row["is_paid"] or is_nothing)


@each_release
def test_every_row_has_its_partner(releases: Releases, index: int) -> None:
    with releases.open(index) as release:
        for table in ("conversions", "performance", "clicks", "adjustments", "invoices"):
            (orphans,) = release.execute(
                f"select count(*) from fact_affiliate_{table} anti join dim_affiliates "
                "using (affiliate_key)"
            ).fetchone()
            assert orphans == 0, table


@each_release
def test_the_marts_have_partners_once(releases: Releases, index: int) -> None:
    """Approved payouts and corrections are spend, and what is pending stands beside it."""
    with releases.open(index) as release:

        def one(sql: str) -> Decimal:
            (value,) = release.execute(sql).fetchone()
            return Decimal(str(value or 0))

        approved, pending = (
            one(
                "select sum(payout_reporting) from fact_affiliate_conversions "
                f"where is_counted and status = '{status}'"
            )
            for status in ("APPROVED", "PENDING")
        )
        corrected = one(
            "select sum(payout_reporting) from fact_affiliate_adjustments where not is_withdrawn"
        )
        ads = one("select sum(spend_reporting) from fact_campaign_performance")
        spend = approved + corrected
        assert min(approved, pending, abs(corrected)) > 0
        assert one("select sum(spend_reporting) from mart_affiliate_performance") == spend
        assert (
            one("select sum(pending_payout_reporting) from mart_affiliate_performance") == pending
        )
        for table in ("mart_platform_comparison", "mart_organization_daily_metrics"):
            assert one(f"select sum(spend_reporting) from {table}") == ads + spend, table
            assert one(f"select sum(pending_spend_reporting) from {table}") == pending, table
        long = "select sum(value) from mart_daily_aggregates where metric = '{}' and channel = '{}'"
        assert one(long.format("spend", "affiliate")) == spend
        assert one(long.format("pending_spend", "affiliate")) == pending
        clicks = one("select sum(clicks) from fact_affiliate_performance")
        assert one("select sum(partner_clicks) from mart_organization_daily_metrics") == clicks
        # Partners show nothing: ratios of impressions are those of ads alone.
        assert (
            one(
                "select count(*) from mart_organization_daily_metrics where "
                "abs(ctr * impressions - (clicks - coalesce(partner_clicks, 0))) > 0.01"
            )
            == 0
        )
        paid = one("select sum(paid_payout) from mart_affiliate_performance")
        assert 0 <= paid < one("select sum(approved_payout) from mart_affiliate_performance")


@each_release
def test_the_shop_confirms_the_orders_that_came_by_a_partners_link(
    releases: Releases, index: int
) -> None:
    true = {
        (row["utm_source"], row["account_id"], row["order_id"])
        for row in releases.truth("order", index)
        if row["utm_medium"] == "affiliate"
    }
    asked = "attributed_platform, account_id, order_id from fact_orders"
    with releases.open(index) as release:
        found = release.execute(f"select {asked} where channel = 'affiliate'").fetchall()
        compared = release.execute(
            "select platform, sum(platform_conversion_value_reporting), "
            "sum(shop_net_revenue_reporting) from mart_platform_comparison "
            "where platform in (select platform from dim_platforms where category = 'affiliate') "
            "group by all"
        ).fetchall()
        clicked = release.execute(
            "select attributed_platform, count(click_id) > 0 from fact_orders "
            "where channel = 'affiliate' group by all order by all"
        ).fetchall()
    assert {network for network, *_ in true} == {row[0] for row in compared}
    # An order that the shop deleted stays in the warehouse.
    assert true <= set(found)
    assert len(set(found) - true) <= 2
    # Partners claim what they have sent, and what they have not.
    assert all(claimed > shop > 0 for _, claimed, shop in compared), compared
    # Only Everflow's links hand the id of a click on under a name that is no one else's.
    assert clicked == [("everflow", True), ("trackier", False), ("tune", False)]
