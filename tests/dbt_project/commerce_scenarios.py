"""Histories of orders that incremental builds get wrong, as in ``scenarios``."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from commerce_rows import (
    changes,
    line,
    orders,
    refund,
    shop,
    shop_customer,
    shop_order,
    shop_product,
)
from fixture_lake import Account, FixtureLake, campaign_row
from scenarios import Scenario, at, march, window

D = Decimal


def open_shop(lake: FixtureLake, name: str, *more: str, **registry: Any) -> Account:
    """An organization with one shop; no other scenario has its name."""
    assert name not in lake.organizations
    lake.organization(name, **registry)
    account = shop(name, *more)
    lake.connection(account)
    return account


def newest_version(lake: FixtureLake) -> Scenario:
    """The newest version wins in whatever order chunks are fetched, committed or repeated."""
    account = open_shop(lake, "newest")
    old = shop_order(1, at(3), [line(11, "10")], updated_at=at(3))
    new = shop_order(1, at(3), [line(11, "10"), line(12, "5")], updated_at=at(4))
    changes(lake, account, at(5), [new])
    built = yield
    assert orders(built, "newest", "net_amount, line_count") == [(D(15), 2)]
    # A backfill reads an older state later; a failed chunk has a newer one that does not count.
    changes(lake, account, at(6), [old, shop_order(2, at(3, 8))])
    newer = shop_order(1, at(3), [line(11, "99")], updated_at=at(5))
    sync = changes(lake, account, at(7), [newer], status="failed")
    built = yield
    assert orders(built, "newest", "net_amount, line_count") == [(D(15), 2), (D(10), 1)]
    # The chunk after the failed one succeeds, and is committed last although fetched before others.
    changes(lake, account, at(4, 12), [shop_order(3, at(4, 8))], committed_at=at(9))
    later = changes(
        lake, account, at(7, 7), [shop_order(2, at(3, 8), status="VOIDED", updated_at=at(6))],
        sync_id=sync, chunk_id=1,
    )  # fmt: skip
    built = yield
    assert orders(built, "newest", "order_id, net_amount, is_counted") == [
        ("1", D(15), True),
        ("2", D(10), False),
        ("3", D(10), True),
    ]
    # Versions that are equally new: the later fetch; a clock that stepped back does not matter.
    same = shop_order(1, at(3), [line(11, "20")], updated_at=at(4))
    changes(lake, account, at(8), [same])
    built = yield
    assert orders(built, "newest", "net_amount, _sync_id")[1] == (D(10), later)
    assert orders(built, "newest", "net_amount")[0] == (D(20),)


def refunds_of_orders(lake: FixtureLake) -> Scenario:
    """A refund has its own day and rate, and changes nothing of its order but what came back."""
    account = open_shop(lake, "refunded", "SEK")
    items = [line(11, "100", 2), line(12, "50", 1)]
    placed = {"discount": "25", "tax": "45", "shipping": "10"}
    # 23:30 UTC is the next day in Berlin.
    changes(lake, account, at(4), [shop_order(1, at(2, 23, 30), items, **placed)])
    facts = "date_day, gross_amount, discount_amount, net_amount, tax_amount, total_amount, "
    facts += "refunded_amount_to_date, net_amount_reporting, local_hour"
    first = (march(3), D(250), D(25), D(225), D(45), D(280))
    built = yield
    assert orders(built, "refunded", facts) == [(*first, D(0), D("22.5"), 0)]
    back = refund(7, at(6, 12), [(11, 1, "90", "18")], paid_back="118")
    version = shop_order(
        1, at(2, 23, 30), items, refunds=[back], status="PARTIALLY_REFUNDED",
        updated_at=at(6, 12), **placed,
    )  # fmt: skip
    changes(lake, account, at(6, 13), [version, version])
    back_rows = (
        "select date_day, units, net_amount, tax_amount, refunded_amount, other_amount, "
        "net_amount_reporting "
        "from fact_refunds where organization_id = 'refunded'"
    )
    built = yield
    assert orders(built, "refunded", facts) == [(*first, D(118), D("22.5"), 0)]
    assert built(back_rows) == [(march(6), D(1), D(90), D(18), D(118), D(10), D(9))]
    assert built(
        "select line_type, date_day, quantity, gross_amount, discount_amount, tax_amount, "
        "net_amount from fact_order_lines where organization_id = 'refunded' order by line_id"
    ) == [
        ("sale", march(3), D(2), D(200), D(20), D(36), D(180)),
        ("sale", march(3), D(1), D(50), D(5), D(9), D(45)),
        ("return", march(6), D(-1), D(-90), D(0), D(-18), D(-90)),
    ]
    assert built(
        "select date_day, gross_revenue, refunds, net_revenue, orders, units "
        "from mart_shop_daily_summary where organization_id = 'refunded' order by 1"
    ) == [
        (march(3), D(225), D(0), D(225), 1, D(3)),
        (march(6), D(0), D(90), D(-90), 0, D(0)),
    ]
    # The refund's day gets its own rate later, and the order's day stays as it was.
    lake.pull_rates(at(7), window(6, 6), {march(6): {"USD": "1.1", "SEK": "22"}})
    built = yield
    assert built(back_rows)[0][-1] == D("4.5")
    assert orders(built, "refunded", facts) == [(*first, D(118), D("22.5"), 0)]
    # The refund is taken back: it vanishes with its line and its day.
    changes(lake, account, at(8), [shop_order(1, at(2, 23, 30), items, updated_at=at(8), **placed)])
    built = yield
    assert built(back_rows) == []
    assert built(
        "select count(*) from mart_daily_aggregates "
        "where organization_id = 'refunded' and date_day = '2026-03-06'"
    ) == [(0,)]


def included_taxes(lake: FixtureLake) -> Scenario:
    """Prices with the tax in them; what an order states as a whole is split in whole cents."""
    account = open_shop(lake, "included")
    items = [line(n, "10.00") for n in (11, 12, 13)]
    changes(
        lake, account, at(4),
        [shop_order(1, at(3), items, discount="1.00", tax="5.00", taxes_included=True)],
    )  # fmt: skip
    built = yield
    assert orders(
        built, "included",
        "gross_amount, discount_amount, included_tax_amount, net_amount, tax_amount, total_amount",
    ) == [(D(30), D(1), D(5), D(24), D(5), D(29))]  # fmt: skip
    assert built(
        "select discount_amount, tax_amount, net_amount from fact_order_lines "
        "where organization_id = 'included' order by line_id"
    ) == [
        (D("0.34"), D("1.67"), D("7.99")),
        (D("0.33"), D("1.67"), D("8.00")),
        (D("0.33"), D("1.66"), D("8.01")),
    ]


def what_counts(lake: FixtureLake) -> Scenario:
    """Test orders and those that no money was captured of stay, and are not counted."""
    account = open_shop(lake, "counted")
    rows = [
        shop_order(1, at(3), is_test=True),
        shop_order(2, at(3, 7), status="VOIDED", customer_order_index=1),
        shop_order(3, at(3, 8), status="PENDING", cancelled_at=at(4), refunds=[
            refund(1, at(4), [(30, 1, "10", "0")], paid_back="0")]),
        shop_order(4, at(3, 9), status="PENDING"),
        shop_order(5, at(3, 10), status="REFUNDED", cancelled_at=at(4), customer_order_index=4),
        shop_order(6, at(3, 11), customer=None),
    ]  # fmt: skip
    changes(lake, account, at(5), rows)
    built = yield
    assert orders(built, "counted", "order_id, is_counted, customer_type") == [
        ("1", False, None),
        ("2", False, None),
        ("3", False, None),
        ("4", True, "new"),
        ("5", True, "returning"),
        ("6", True, "unknown"),
    ]
    kpis = (
        "select orders, new_customers, gross_revenue_reporting, refunds_reporting "
        "from mart_kpi_daily where organization_id = 'counted' order by date_day"
    )
    assert built(kpis) == [(D(3), D(1), D(33), D(0))]
    # The first order turns out void: the next one made the customer.
    changes(lake, account, at(6), [shop_order(4, at(3, 9), status="EXPIRED", updated_at=at(5, 9))])
    built = yield
    assert [row[1] for row in orders(built, "counted", "order_id, customer_type")][3:] == [
        None,
        "new",
        "unknown",
    ]
    assert built(kpis) == [(D(2), D(1), D(22), D(0))]


def channels_of_orders(lake: FixtureLake) -> Scenario:
    """Everything has a channel; the shop's word stands beside the platforms'."""
    account = open_shop(lake, "channels")
    ads = Account("channels", "channels-ads")
    lake.connection(ads)
    said = [
        {"utm_source": "Google", "utm_medium": "CPC"},
        {"utm_source": "facebook", "utm_medium": "paid_social"},
        {"last_visit_source": "google"},
        {"source_name": "pos"},
        {"utm_source": "newsletter", "utm_medium": "email"},
        {"utm_source": "somewhere"},
        {},
        {"last_visit_source": "blog.example"},
    ]
    rows = [
        shop_order(n, at(3, n), customer_order_index=n, **words) for n, words in enumerate(said, 1)
    ]
    changes(lake, account, at(5), rows)
    days = [campaign_row(march(d), "1", spend="5", conversions=3, value=50) for d in (3, 4)]
    lake.pull(ads, "campaign_stats", at(5), days, window(3, 4))
    built = yield
    assert [row[0] for row in orders(built, "channels", "channel, order_id")] == [
        "paid_google",
        "paid_social",
        "organic_search",
        "point_of_sale",
        "email",
        "unattributed",
        "unattributed",
        "referral",
    ]
    compared = (
        "select platform, date_day, conversions, shop_orders, shop_net_revenue_reporting, "
        "round(shop_roas, 6), round(claimed_to_confirmed, 6) from mart_platform_comparison "
        "where organization_id = 'channels' order by 2, 1"
    )
    assert built(compared) == [
        ("google_ads", march(3), D(3), 1, D(11), 2.0, 5.0),
        ("meta_ads", march(3), None, 1, D(11), None, None),
        ("unattributed", march(3), None, 6, D(66), None, None),
        ("google_ads", march(4), D(3), None, None, None, None),
    ]
    assert built(
        "select round(mer, 6), round(cac_reporting, 6), round(aov_reporting, 6) "
        "from mart_organization_daily_metrics where organization_id = 'channels' order by date_day"
    ) == [(16.0, 5.5, 11.0), (None, None, None)]
    # An order on the day after: the platform that brought none of it has none, not an unknown.
    changes(lake, account, at(6), [shop_order(9, at(4, 9))])
    built = yield
    assert built(compared)[-2:] == [
        ("google_ads", march(4), D(3), 0, D(0), 0.0, None),
        ("unattributed", march(4), None, 1, D(11), None, None),
    ]


def products_and_costs(lake: FixtureLake) -> Scenario:
    """A price makes a version; a line costs what its product cost on its day."""
    account = open_shop(lake, "products")
    placed = [
        shop_order(1, at(3), [line(11, "10", 2)]),
        shop_order(2, at(6), [line(21, "12")]),
        shop_order(3, at(6, 8), [line(31, product="7", variant=None), line(32, product=None)]),
    ]
    changes(lake, account, at(7), placed)
    margin = "order_id, cost_amount, margin_amount"
    built = yield
    assert orders(built, "products", margin) == [(str(n), None, None) for n in (1, 2, 3)]
    members = (
        "select product_id, variant_id, product_name, price, valid_from, is_inferred "
        "from dim_products where organization_id = 'products' "
        "order by product_id nulls last, valid_from"
    )
    begin = datetime(1900, 1, 1).date()
    inferred = [
        ("7", None, "Product 7", None, begin, True),
        (None, None, "Unknown product", None, begin, True),
    ]
    assert built(members) == [("1", "1", "Product 1", None, begin, True), *inferred]
    lake.pull(account, "products", at(4), [shop_product("1", [("1", "10", "4")])])
    built = yield
    assert orders(built, "products", margin)[:2] == [("1", D(8), D(12)), ("2", D(4), D(8))]
    lake.pull(account, "products", at(5), [shop_product("1", [("1", "12", "5")])])
    built = yield
    assert orders(built, "products", margin)[:2] == [("1", D(8), D(12)), ("2", D(5), D(7))]
    assert built(members) == [
        ("1", "1", "Product 1", D(10), begin, False),
        ("1", "1", "Product 1", D(12), march(5), False),
        *inferred,
    ]


def customers_of_shops(lake: FixtureLake) -> Scenario:
    """A customer is a surrogate key with what their orders say; nobody is named."""
    account = open_shop(lake, "customers")
    changes(lake, account, at(5), [shop_customer("9", at(2))], "customers")
    back = [refund(1, at(5), [(20, 1, "10", "0")])]
    rows = [
        shop_order(1, at(3), utm_source="google", utm_medium="cpc", customer_order_index=1),
        shop_order(2, at(4), refunds=back),
        shop_order(3, at(4, 9), customer="8", customer_order_index=1),
    ]
    changes(lake, account, at(5), rows)
    columns = (
        "select orders, acquisition_channel, net_revenue_reporting, marketing_consent, country, "
        "first_order_at, last_order_at, is_inferred from dim_customers "
        "where organization_id = 'customers' order by is_inferred"
    )
    built = yield
    nine = (2, "paid_google", D(11), "subscribed", "DE", at(3), at(4), False)
    assert built(columns) == [
        nine,
        (1, "unattributed", D(11), "unknown", None, at(4, 9), at(4, 9), True),
    ]
    gone = shop_customer("9", at(6), marketing_state="UNSUBSCRIBED", tags="[]")
    changes(lake, account, at(6), [gone, shop_customer("9", at(3))], "customers")
    built = yield
    assert built(columns)[0] == (*nine[:3], "unsubscribed", *nine[4:])


SCENARIOS = [
    newest_version,
    refunds_of_orders,
    included_taxes,
    what_counts,
    channels_of_orders,
    products_and_costs,
    customers_of_shops,
]
