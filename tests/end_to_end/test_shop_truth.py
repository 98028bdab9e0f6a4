"""Orders, lines and refunds equal the simulated shop's truth, at each clock."""

from decimal import Decimal
from typing import Any

import pytest

from tests.end_to_end.conftest import Demo, Releases, each_release

# What an edit added later is a row of its own: the order is all of its rows.
ORDER_SUMS = ", ".join(
    f"sum({column}_amount) over one_order"
    for column in (
        "gross", "discount", "net", "tax", "shipping", "shipping_tax", "gift_card", "tip", "duty",
        "fee", "total",
    )
)  # fmt: skip

LEVELS = {
    # level: (query, the truth's key, the truth's columns)
    "order": (
        "select organization_id, account_id, order_id, date_day, currency_code, is_test, "
        "country, is_cancelled, is_counted, coalesce(customer_type = 'new', false), net_amount, "
        f"total_amount, {ORDER_SUMS}, refunded_amount_to_date "
        "from fact_orders "
        "window one_order as (partition by connection_id, order_id) "
        "qualify order_type = 'sale'",
        ["order_id"],
        [
            "date",
            "currency",
            "is_test",
            "country",
            "is_cancelled",
            "is_counted",
            "is_new_customer",
            "placed_net",
            "placed_total",
            "gross",
            "discount",
            "net",
            "tax",
            "shipping",
            "shipping_tax",
            "gift_cards",
            "tips",
            "duties",
            "fees",
            "total",
            "refunded",
        ],
    ),
    "order_line": (
        "select organization_id, account_id, line_id, date_day, currency_code, is_counted, "
        "product_id, variant_id, quantity, gross_amount, discount_amount, net_amount "
        "from fact_order_lines where line_type in ('sale', 'edit')",
        ["line_id"],
        [
            "date",
            "currency",
            "is_counted",
            "product_id",
            "variant_id",
            "quantity",
            "gross",
            "discount",
            "net",
        ],
    ),
    "refund": (
        "select organization_id, account_id, refund_id, date_day, currency_code, is_counted, "
        "net_amount, tax_amount, shipping_amount, shipping_tax_amount, adjustment_amount, "
        "refunded_amount from fact_refunds "
        "where refund_type = 'refund'",
        ["refund_id"],
        [
            "date",
            "currency",
            "is_counted",
            "value",
            "tax",
            "shipping",
            "shipping_tax",
            "goods_adjustment",
            "paid",
        ],
    ),
    "product_variant": (
        "select organization_id, account_id, variant_id, product_name, variant_name, sku, "
        "category, price, unit_cost from dim_products "
        # A CRM's products have no variants: test_employee_truth.py.
        "where is_current and not is_deleted and not is_inferred and variant_id is not null",
        ["variant_id"],
        ["title", "variant_title", "sku", "category", "price", "unit_cost"],
    ),
    "shop_day": (
        "select organization_id, account_id, date_day, currency_code, orders, new_customers, "
        "gross_revenue, refunds, refund_adjustments, net_revenue, tax, shipping, gift_cards, "
        "tips, duties, fees from mart_shop_daily_summary",
        ["date"],
        [
            "currency",
            "counted_orders",
            "new_customers",
            "net",
            "refunds",
            "goods_adjustment",
            "goods_revenue",
            "tax",
            "shipping",
            "gift_cards",
            "tips",
            "duties",
            "fees",
        ],
    ),
}


@each_release
def test_discounts_equal_truth(releases: Releases, index: int) -> None:
    with releases.open(index) as release:
        listed = release.execute(
            "select account_id, order_id, applies_to, discount_kind, discount_name, "
            "discount_amount from fact_order_discounts where platform = 'shopify'"
        ).fetchall()
        sent = release.execute(
            "select account_id, order_id, fulfilled_at, last_fulfilled_at from fact_orders "
            "where platform = 'shopify' and order_type = 'sale'"
        ).fetchall()
    shops = {row[0] for row in sent}
    ours = {row[:5]: row[5] for row in listed}
    assert len(ours) == len(listed)
    named = ("account_id", "order_id", "applies_to", "kind", "name")
    truth = {
        tuple(row[name] for name in named): Decimal(row["amount"])
        for row in releases.truth("order_discount", index)
        if row["account_id"] in shops
    }
    assert {k: (ours.get(k), v) for k, v in truth.items() if ours.get(k) != v} == {}
    # The warehouse keeps an order that the shop deleted.
    assert len({key[1] for key in ours.keys() - truth.keys()}) <= 20
    assert {key[2:4] for key in truth} >= {("goods", "code"), ("shipping", "code")}
    times = {
        (row["account_id"], row["order_id"]): row["fulfilled_at"]
        for row in releases.truth("order", index)
        if row["account_id"] in shops
    }
    shown = {row[:2]: row[2] and f"{row[2].isoformat()}Z" for row in sent}
    assert {key: shown[key] for key in times} == times
    assert all(row[2] == row[3] for row in sent)
    assert {time is None for time in times.values()} == {True, False}


@pytest.mark.parametrize("level", LEVELS)
@each_release
def test_the_shop_equals_its_truth(releases: Releases, level: str, index: int) -> None:
    query, key, columns = LEVELS[level]
    with releases.open(index) as release:
        listed = release.execute(query).fetchall()
    ours = {_texts(row[:3]): _values(row[3:]) for row in listed}
    assert len(ours) == len(listed)
    truth = {
        _texts([row["organization_id"], row["account_id"], *(row[name] for name in key)]): _values(
            [row[name] for name in columns]
        )
        for row in releases.truth(level, index)
    }
    assert len(truth) > (100 if releases.is_demo else 50)
    assert {k: (ours.get(k), v) for k, v in truth.items() if ours.get(k) != v} == {}
    # An order that is deleted in the shop vanishes there without trace; the warehouse keeps it.
    vanished = ours.keys() - truth.keys()
    assert len(vanished) <= (0 if level == "shop_day" else 20), sorted(vanished)[:5]


@each_release
def test_the_lines_equal_the_shops_ledger(releases: Releases, index: int) -> None:
    """What was sold and what came back of each order, on each day on which something did."""
    with releases.open(index) as release:
        listed = release.execute(
            "select lines.organization_id, lines.account_id, orders.order_id, lines.date_day, "
            "if(lines.line_type = 'return', 'RETURN', 'ORDER'), "
            "if(lines.item_type = 'product', 'goods', lines.item_type), "
            "sum(lines.quantity), sum(lines.net_amount), sum(lines.tax_amount) "
            "from fact_order_lines as lines inner join fact_orders as orders using (order_key) "
            "group by all"
        ).fetchall()
    ours = {_texts(row[:6]): tuple(row[6:]) for row in listed}
    truth: dict[tuple[str, ...], tuple[Any, ...]] = {}
    for row in releases.truth("sale", index):
        if row["line_id"] is not None:
            names = ("organization_id", "account_id", "order_id", "date", "action", "kind")
            key = _texts(row[name] for name in names)
            added = (row["quantity"], row["net"], row["tax"])
            sums = truth.get(key, (0, 0, 0))
            truth[key] = tuple(a + Decimal(str(b)) for a, b in zip(sums, added, strict=True))
    assert len(truth) > 100
    assert {k: (ours.get(k), v) for k, v in truth.items() if ours.get(k) != v} == {}
    assert len({key[2] for key in ours.keys() - truth.keys()}) <= 20


@pytest.mark.xdist_group("demo")
def test_ad_platforms_claim_more_than_the_shops_confirm(demo: Demo) -> None:
    with demo.release(-1) as release:
        sums = release.execute(
            "select organization_id, platform, sum(platform_conversion_value_reporting), "
            "sum(shop_net_revenue_reporting) from mart_platform_comparison "
            "where platform <> 'unattributed' group by all"
        ).fetchall()
        (unattributed,) = release.execute(
            "select sum(shop_net_revenue_reporting) from mart_platform_comparison "
            "where platform = 'unattributed'"
        ).fetchone()
        (confirmed,) = release.execute(
            "select sum(net_revenue_reporting) from mart_organization_daily_metrics"
        ).fetchone()
        ads = release.execute("select platform from dim_platforms where category = 'ads'")
        advertising = {name for (name,) in ads.fetchall()}
    claims = [row for row in sums if row[1] in advertising]
    assert len(claims) >= 6
    assert all(claimed > 1.1 * float(shop) > 0 for *_, claimed, shop in claims), claims
    # All revenue has a home.
    assert sum(shop or 0 for *_, shop in sums) + unattributed == confirmed


def _texts(values: Any) -> tuple[str, ...]:
    return tuple(str(value) for value in values)


def _values(values: Any) -> tuple[Any, ...]:
    return tuple(_value(value) for value in values)


def _value(value: Any) -> Any:
    """Money and counts as numbers, whichever way they are written; all else as text."""
    if isinstance(value, bool) or value is None:
        return value
    try:
        return Decimal(str(value))
    except ArithmeticError:
        return str(value)


@each_release
def test_codes_of_orders_equal_truth(releases: Releases, index: int) -> None:
    """WooCommerce writes codes in small letters, and one for what has none."""
    with releases.open(index) as release:
        listed = release.execute(
            "select account_id, order_id, discount_codes from fact_orders "
            "where platform = 'shopify' and order_type = 'sale'"
        ).fetchall()
    truth = {
        (row["account_id"], row["order_id"]): row["discount_codes"]
        for row in releases.truth("order", index)
        if row["platform"] == "shopify"
    }
    ours = {row[:2]: row[2] for row in listed}
    # An order that was deleted stays as it was known: GraphQL shows no trace of it.
    assert {key: ours[key] for key in truth} == truth
    assert len(set(truth.values())) > 2


@each_release
def test_where_orders_came_from_equals_truth(releases: Releases, index: int) -> None:
    """Of pages that are not for everybody no path is kept; ids of clicks are tokens here."""
    columns = [f"utm_{one}" for one in ("source", "medium", "campaign", "term", "content")]
    columns += ["landing_campaign_id", "click_id_type", "referrer_host", "landing_path"]
    with releases.open(index) as release:
        listed = release.execute(
            f"select account_id, order_id, click_id, {', '.join(columns)} from fact_orders "
            "where platform in ('shopify', 'woocommerce') and order_type = 'sale'"
        ).fetchall()
    truth = {
        (row["account_id"], row["order_id"]): row
        for row in releases.truth("order", index)
        if row["platform"] in ("shopify", "woocommerce")
    }
    ours = {row[:2]: row[3:] for row in listed}
    wrong = {
        key: (ours[key], wanted)
        for key, row in truth.items()
        if ours[key] != (wanted := (*(row[one] for one in columns[:-1]), _public(row)))
    }
    assert wrong == {}
    tokens = {(truth[row[:2]]["click_id"], row[2]) for row in listed if row[:2] in truth}
    assert len({token for _, token in tokens}) == len({id_ for id_, _ in tokens}) == len(tokens)
    clicked = {row["platform"] for row in truth.values() if row["click_id"]}
    assert clicked == {"shopify", "woocommerce"}


def _public(row: dict[str, Any]) -> str | None:
    path = str(row["landing_path"])
    is_public = path == "/" or path.startswith(("/collections/", "/pages/", "/blogs/"))
    return path if is_public else None
