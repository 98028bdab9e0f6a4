"""Stories of orders, products and costs that come in files."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from commerce_rows import changes, file_line, file_source, orders
from fixture_lake import FixtureLake
from scenarios import Scenario, at, march, window

D = Decimal


def whole_orders_of_files(lake: FixtureLake) -> Scenario:
    """What a file says of a whole order counts once, however often its lines repeat it."""
    lake.organization("wholes")
    account = file_source("wholes", "orders", "USD")
    lake.connection(account)
    lines = [
        # The total is repeated; the currency stands on the first line only.
        file_line("A", 1, at(3), "1", "10", order_total="30", currency_code="GBP"),
        file_line("A", 2, at(3), "1", "20", order_total="30"),
        # Discount, tax and shipping of the order, empty or 0 on the second line.
        file_line("B", 1, at(3), "1", "60", order_discount="10", order_tax="5", order_shipping="4",
                  order_total="59"),
        file_line("B", 2, at(3), "2", "0", order_discount="0"),
        # The prices hold the tax.
        file_line("C", 1, at(3), "1", "119.00", tax="19.00", shipping="5.00", tax_included=True),
        file_line("D", 1, at(3), "1", None, tax="19", total="119", tax_included=True),
        # No line has a price.
        file_line("E", 1, at(3), "1", None, order_total="26", order_shipping="6"),
        file_line("E", 2, at(3), "3", None, order_total="26", order_shipping="6"),
        # Lines and total that disagree: the total is what it says, and the difference shows.
        file_line("F", 1, at(3), "1", "10", order_total="12"),
        # A return of its own number, written in positive amounts.
        file_line("R", 1, at(4), "1", "10", document_type="return", order_total="9",
                  order_discount="1"),
    ]  # fmt: skip
    lake.pull(account, "orders", at(6), lines)
    built = yield
    facts = (
        "order_id, currency_code, gross_amount, discount_amount, tax_amount, included_tax_amount, "
        "net_amount, shipping_amount, total_amount"
    )
    assert orders(built, "wholes", facts) == [
        ("A", "GBP", D(30), D(0), D(0), D(0), D(30), D(0), D(30)),
        ("B", "USD", D(60), D(10), D(5), D(0), D(50), D(4), D(59)),
        ("C", "USD", D(119), D(0), D(19), D(19), D(100), D(5), D(124)),
        ("D", "USD", D(119), D(0), D(19), D(19), D(100), D(0), D(119)),
        ("E", "USD", D(20), D(0), D(0), D(0), D(20), D(6), D(26)),
        ("F", "USD", D(10), D(0), D(0), D(0), D(10), D(0), D(12)),
    ]
    assert built(
        "select currency_code, gross_amount, net_amount from fact_order_lines "
        "where organization_id = 'wholes' and line_type = 'sale' and order_key in "
        "(select order_key from fact_orders where order_id in ('A', 'E')) order by 1, 2"
    ) == [
        ("GBP", D(10), D(10)), ("GBP", D(20), D(20)), ("USD", D(5), D(5)), ("USD", D(15), D(15)),
    ]  # fmt: skip
    assert built(
        "select refunded_amount, net_amount from fact_refunds where organization_id = 'wholes'"
    ) == [(D(9), D(9))]


def products_of_files(lake: FixtureLake) -> Scenario:
    """Products that come as deltas: an old delta changes nothing, a deletion ends a version."""
    lake.organization("catalog")
    account = file_source("catalog", "products")
    lake.connection(account)

    def product(price: str, updated: datetime, **more: Any) -> dict[str, Any]:
        return {
            "product_id": "A", "name": "Thing", "price": D(price), "updated_at": updated, **more,
        }  # fmt: skip

    prices = (
        "select price, is_current, is_deleted from dim_products "
        "where organization_id = 'catalog' order by valid_from"
    )
    changes(lake, account, at(4), [product("5", at(3))], "products")
    changes(lake, account, at(6), [product("6", at(5))], "products")
    built = yield
    assert built(prices) == [(D(5), False, False), (D(6), True, False)]
    changes(lake, account, at(8), [product("4", at(2))], "products")
    built = yield
    assert built(prices) == [(D(5), False, False), (D(6), True, False)]
    changes(lake, account, at(9), [product("6", at(8), is_deleted=True)], "products")
    built = yield
    assert built(prices)[-1] == (D(6), True, True)


def costs_of_files(lake: FixtureLake) -> Scenario:
    """Costs that nobody reports by API: a file replaces its dates, all of it has a home."""
    lake.organization("costs")
    account = file_source("costs", "costs")
    lake.connection(account)

    def cost(
        day: int,
        row: int,
        amount: str,
        campaign: str | None = "Spring",
        channel: str | None = "Radio",
    ) -> dict[str, Any]:
        return {
            "date": march(day), "campaign": campaign, "channel": channel, "cost": D(amount),
            "source_row": row,
        }  # fmt: skip

    spend = (
        "select date_day, campaign_id, spend from fact_campaign_performance "
        "where organization_id = 'costs' order by 1, 2"
    )
    named = (
        "select campaign_id, campaign_name, campaign_type, channel from dim_campaigns "
        "where organization_id = 'costs' order by 1"
    )
    by_channel = (
        "select date_day, channel, value from mart_daily_aggregates "
        "where organization_id = 'costs' and metric = 'spend' order by 1, 2"
    )
    rows = [cost(3, 2, "5"), cost(3, 3, "5"), cost(4, 4, "7", None, None)]
    lake.pull(account, "costs", at(5), rows, window(3, 4))
    built = yield
    assert built(spend) == [(march(3), "radio/Spring", D(10)), (march(4), "unattributed", D(7))]
    assert built(
        "select date_day, spend_reporting from mart_kpi_daily "
        "where organization_id = 'costs' order by 1"
    ) == [(march(3), D(11)), (march(4), D("7.7"))]
    assert built(named) == [
        ("radio/Spring", "Spring", "radio", "radio"),
        ("unattributed", "Unknown campaign", None, "unattributed"),
    ]
    assert built(by_channel) == [
        (march(3), "radio", D(11)),
        (march(4), "unattributed", D("7.7")),
    ]
    # One name in two channels is two campaigns; what the rules do not know keeps its words.
    rows = [
        cost(3, 2, "1"),
        cost(3, 3, "2", " Spring ", " Facebook-Ads "),
        cost(3, 4, "3", None, "TV"),
        cost(3, 5, "4", "a/b", None),
        cost(3, 6, "5", "Spring", "Sky/Writing"),
    ]
    lake.pull(account, "costs", at(6), rows, window(3, 4))
    built = yield
    assert built(spend) == [
        (march(3), "/a/b", D(4)),
        (march(3), "facebook_ads/Spring", D(2)),
        (march(3), "radio/Spring", D(1)),
        (march(3), "sky_writing/Spring", D(5)),
        (march(3), "tv/", D(3)),
    ]
    # The fourth's costs are gone, but that they were once reported is not.
    assert built(named) == [
        ("/a/b", "a/b", None, "unattributed"),
        ("facebook_ads/Spring", "Spring", "facebook_ads", "paid_social"),
        ("radio/Spring", "Spring", "radio", "radio"),
        ("sky_writing/Spring", "Spring", "sky_writing", "unattributed"),
        ("tv/", "tv", "tv", "tv"),
        ("unattributed", "Unknown campaign", None, "unattributed"),
    ]
    assert built(by_channel) == [
        (march(3), "paid_social", D("2.2")),
        (march(3), "radio", D("1.1")),
        (march(3), "tv", D("3.3")),
        (march(3), "unattributed", D("9.9")),
    ]
    assert built(
        "select campaign_name, channel from mart_campaign_daily_summary "
        "where organization_id = 'costs' order by 1, 2"
    ) == [
        ("Spring", "paid_social"), ("Spring", "radio"), ("Spring", "unattributed"),
        ("a/b", "unattributed"), ("tv", "tv"),
    ]  # fmt: skip


def currencies_of_costs(lake: FixtureLake) -> Scenario:
    """A row's own currency goes before the account's, and two currencies are never added."""
    lake.organization("coins")
    account = file_source("coins", "costs")
    lake.connection(account)

    def cost(row: int, amount: str, currency: str | None, campaign: str) -> dict[str, Any]:
        return {
            "date": march(3), "channel": "Radio", "campaign": campaign, "cost": D(amount),
            "currency_code": currency, "source_row": row,
        }  # fmt: skip

    facts = (
        "select campaign_id, currency_code, spend, spend_reporting "
        "from fact_campaign_performance where organization_id = 'coins' order by 1"
    )
    rows = [cost(2, "100.00", "USD", "Spring"), cost(3, "100.00", None, "Autumn")]
    lake.pull(account, "costs", at(5), rows, window(3, 3))
    built = yield
    assert built(facts) == [
        ("radio/Autumn", "EUR", D(100), D(110)),
        ("radio/Spring", "USD", D(100), D(100)),
    ]
    restated = (
        "select campaign_id, currency_code, value, value_change from fact_restatements "
        "where organization_id = 'coins' and known_at::date = '{}' order by 1"
    )
    assert built(restated.format(march(5))) == [
        ("radio/Autumn", "EUR", D(100), D(100)),
        ("radio/Spring", "USD", D(100), D(100)),
    ]
    # One campaign in three currencies: one of them has no rate, which shows and hides nothing else.
    rows = [
        cost(2, "1", "EUR", "Spring"),
        cost(3, "20", "USD", "Spring"),
        cost(4, "3", "EUR", "Spring"),
        cost(5, "50", "AED", "Spring"),
    ]
    lake.pull(account, "costs", at(6), rows, window(3, 3))
    built = yield
    assert built(facts) == [
        ("radio/Spring", "EUR", D(4), D("4.4")),
        ("radio/Spring (AED)", "AED", D(50), None),
        ("radio/Spring (USD)", "USD", D(20), D(20)),
    ]
    # What a later file leaves out was dollars, and goes to 0 dollars.
    assert built(restated.format(march(6))) == [
        ("radio/Autumn", "EUR", D(0), D(-100)),
        ("radio/Spring", "EUR", D(4), None),
        ("radio/Spring (AED)", "AED", D(50), D(50)),
        ("radio/Spring (USD)", "USD", D(20), D(20)),
    ]
    assert built(
        "select campaign_name, currency_code, spend from mart_campaign_daily_summary "
        "where organization_id = 'coins' order by 1"
    ) == [("Spring", "EUR", D(4)), ("Spring (AED)", "AED", D(50)), ("Spring (USD)", "USD", D(20))]
    # A rate that comes late converts what was waiting for it.
    rates = {"USD": "1.1", "GBP": "0.85", "SEK": "11", "AED": "4.4"}
    lake.pull_rates(at(7), window(3, 3), {march(3): rates})
    built = yield
    assert built(facts)[1] == ("radio/Spring (AED)", "AED", D(50), D("12.5"))


SCENARIOS = [
    whole_orders_of_files,
    products_of_files,
    costs_of_files,
    currencies_of_costs,
]
