"""Histories of files that incremental builds get wrong, as in ``scenarios``."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from built_home import Query
from commerce_rows import changes, file_line, file_source, orders
from fixture_lake import FixtureLake
from scenarios import Scenario, at, march, window

D = Decimal


def whole_files(lake: FixtureLake) -> Scenario:
    """The newest whole file is the truth: what it lacks is gone; a failed one deletes nothing."""
    lake.organization("lists")
    account = file_source("lists", "orders")
    lake.connection(account)
    one = [file_line("1", n, at(3), customer_id="c") for n in (1, 2)]
    two = file_line("2", 1, at(4), "3", "5", discount="1", tax="2", country="France")
    back = file_line("R1", 1, at(5), "2", "10", document_type="return", customer_id="c")
    lake.pull(account, "orders", at(6), [*one, two, back])
    facts = "order_id, net_amount, tax_amount, total_amount, line_count"
    rows = [("1", D(20), D(0), D(20), 2), ("2", D(14), D(2), D(16), 1)]
    refunds = (
        "select refund_id, order_key, date_day, units, net_amount from fact_refunds "
        "where organization_id = 'lists'"
    )
    built = yield
    assert orders(built, "lists", facts) == rows
    assert built(refunds) == [("R1", None, march(5), D(2), D(20))]
    lake.pull(account, "orders", at(7), [one[0]], status="failed")
    # Rows that could not be read may be what the list lacks: it adds, and deletes nothing.
    three = file_line("3", 1, at(5), document_type="adjustment", unit_price="-7")
    lake.pull(account, "orders", at(8), [three], rejected=1)
    built = yield
    assert orders(built, "lists", facts) == [*rows, ("3", D(-7), D(0), D(-7), 1)]
    lake.pull(account, "orders", at(9), [one[1], two])
    built = yield
    assert orders(built, "lists", facts) == [("1", D(10), D(0), D(10), 1), rows[1]]
    assert built(refunds) == []


def deltas_of_files(lake: FixtureLake) -> Scenario:
    """A delta replaces the orders it has, whole; the same connection may send lists later."""
    lake.organization("deltas")
    account = file_source("deltas", "orders", "USD", "America/New_York")
    lake.connection(account)
    one = [file_line("1", n, at(3), updated_at=at(3), status="paid") for n in (1, 2)]
    changes(lake, account, at(6), one)
    changes(lake, account, at(6, 7), [file_line("2", 1, at(4), updated_at=at(4))])
    facts = "order_id, net_amount, is_counted, refunded_amount_to_date"
    built = yield
    assert orders(built, "deltas", facts) == [("1", D(20), True, D(0)), ("2", D(10), True, D(0))]
    given_back = file_line(
        "1", 1, at(3), "4", updated_at=at(5), refunded_amount="12", refunded_at=at(5)
    )
    changes(lake, account, at(7), [given_back])
    cancelled = file_line("2", 1, at(4), updated_at=at(5), status="Cancelled")
    changes(lake, account, at(7, 7), [cancelled])
    # An old delta is read last.
    changes(lake, account, at(8), one)
    built = yield
    assert orders(built, "deltas", facts) == [("1", D(40), True, D(12)), ("2", D(10), False, D(0))]
    assert built(
        "select refund_id, date_day, net_amount from fact_refunds where organization_id = 'deltas'"
    ) == [("1/refund", march(5), D(12))]
    deleted = file_line("2", 1, at(4), updated_at=at(6), is_deleted=True)
    changes(lake, account, at(9), [deleted])
    built = yield
    assert [row[0] for row in orders(built, "deltas", facts)] == ["1"]
    lake.pull(account, "orders", at(10), [file_line("4", 1, at(5))])
    built = yield
    assert [row[0] for row in orders(built, "deltas", facts)] == ["4"]


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
    # The fourth's costs are gone, but that they were once told is not.
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


def days_that_came_incomplete(lake: FixtureLake) -> Scenario:
    """A day of a report of which a row could not be read stays what it was; the others change."""
    lake.organization("incomplete")
    account = file_source("incomplete", "costs", "USD")
    lake.connection(account)

    def cost(day: int, row: int, amount: str) -> dict[str, Any]:
        return {"date": march(day), "channel": "tv", "cost": D(amount), "source_row": row}

    spend = (
        "select date_day, spend from fact_campaign_performance "
        "where organization_id = 'incomplete' order by 1"
    )
    rows = [cost(2, 2, "10"), cost(3, 3, "20"), cost(4, 4, "30")]
    lake.pull(account, "costs", at(5), rows, window(2, 4))
    # Of the 3rd one row of two is read, of the 5th, which nobody knew, too.
    rows = [cost(2, 2, "11"), cost(3, 3, "1"), cost(4, 5, "31"), cost(5, 6, "2")]
    lake.pull(
        account, "costs", at(6), rows, window(2, 5), rejected=2, left_days=[march(3), march(5)]
    )
    built = yield
    assert built(spend) == [(march(2), D(11)), (march(3), D(20)), (march(4), D(31))]
    assert built(
        "select date_day, value from fact_restatements where organization_id = 'incomplete' "
        "and not is_first order by 1"
    ) == [(march(2), D(11)), (march(4), D(31))]
    # The corrected file brings them.
    rows = [cost(2, 2, "11"), cost(3, 3, "25"), cost(4, 5, "31"), cost(5, 6, "4")]
    lake.pull(account, "costs", at(7), rows, window(2, 5))
    built = yield
    assert [row[1] for row in built(spend)] == [D(11), D(25), D(31), D(4)]


def untold_numbers_of_files(lake: FixtureLake) -> Scenario:
    """What a costs file does not tell is null, and hides nothing of what the others tell."""
    lake.organization("untold")
    account = file_source("untold", "costs")
    lake.connection(account)

    def cost(row: int, channel: str, **told: Any) -> dict[str, Any]:
        return {
            "date": march(3), "channel": channel, "campaign": "Spring", "cost": D(5),
            "source_row": row, **told,
        }  # fmt: skip

    facts = (
        "select campaign_id, impressions, clicks, conversions, conversion_value, "
        "conversion_value_reporting from fact_campaign_performance "
        "where organization_id = 'untold' order by 1"
    )
    by_platform = (
        "select spend_reporting, conversions, platform_conversion_value_reporting, platform_roas "
        "from mart_platform_comparison where organization_id = 'untold'"
    )
    metrics = (
        "select channel, metric, value from mart_daily_aggregates "
        "where organization_id = 'untold' order by 1, 2"
    )
    figures = (
        "select spend_reporting, conversions, platform_conversion_value_reporting "
        "from mart_kpi_{} where organization_id = 'untold'"
    )
    restated = (
        "select campaign_id, metric, value, previous_value, value_change, is_first "
        "from fact_restatements where organization_id = 'untold' and known_at::date = '{}' "
        "order by 1, 2"
    )
    lake.pull(account, "costs", at(5), [cost(2, "tv"), cost(3, "radio")], window(3, 4))
    built = yield
    assert built(facts) == [(f"{name}/Spring", *[None] * 5) for name in ("radio", "tv")]
    assert built(restated.format(march(5))) == [
        (f"{name}/Spring", "spend", D(5), None, D(5), True) for name in ("radio", "tv")
    ]
    assert built(by_platform) == [(D(11), None, None, None)]
    assert built(metrics) == [("radio", "spend", D("5.5")), ("tv", "spend", D("5.5"))]
    assert built(figures.format("monthly")) == [(D(11), None, None)]
    # An empty cell beside one that is not is nothing; a stated 0 is told.
    rows = [
        cost(2, "tv", conversions=D(0), conversion_value=D(0)),
        cost(3, "radio"),
        cost(4, "print", impressions=100, clicks=7, conversions=D(2), conversion_value=D(20)),
        cost(5, "print"),
    ]
    lake.pull(account, "costs", at(6), rows, window(3, 4))
    built = yield
    assert built(facts) == [
        ("print/Spring", 100, 7, D(2), D(20), D(22)),
        ("radio/Spring", *[None] * 5),
        ("tv/Spring", None, None, D(0), D(0), D(0)),
    ]
    assert built(by_platform) == [(D(22), D(2), D(22), 1.0)]
    assert [row for row in built(metrics) if row[1].startswith("conversion")] == [
        ("print", "conversion_value", D(22)),
        ("print", "conversions", D(2)),
        ("tv", "conversion_value", D(0)),
        ("tv", "conversions", D(0)),
    ]
    for period in ("daily", "monthly"):
        assert built(figures.format(period)) == [(D(22), D(2), D(22))]
    assert built(
        "select campaign_id, roas, conversion_value_reporting_month_to_date "
        "from mart_campaign_daily_summary where organization_id = 'untold' order by 1"
    ) == [
        ("print/Spring", 2.0, D(22)), ("radio/Spring", None, None), ("tv/Spring", 0.0, D(0)),
    ]  # fmt: skip
    # What is told for the first time is no change, though the day was known before.
    told = {"impressions": D(100), "clicks": D(7), "conversions": D(2), "conversion_value": D(20)}
    assert built(restated.format(march(6))) == sorted(
        [
            *[("print/Spring", name, told[name], None, told[name], True) for name in told],
            ("print/Spring", "spend", D(10), None, D(10), True),
            ("tv/Spring", "conversion_value", D(0), None, D(0), True),
            ("tv/Spring", "conversions", D(0), None, D(0), True),
        ]
    )
    # The next file leaves out radio, of tv what it told, and of print the conversions.
    rows = [cost(2, "tv"), cost(3, "print", impressions=90, clicks=7)]
    lake.pull(account, "costs", at(7), rows, window(3, 4))
    built = yield
    assert built(restated.format(march(7))) == [
        ("print/Spring", "conversion_value", None, D(20), D(-20), False),
        ("print/Spring", "conversions", None, D(2), D(-2), False),
        ("print/Spring", "impressions", D(90), D(100), D(-10), False),
        ("print/Spring", "spend", D(5), D(10), D(-5), False),
        ("radio/Spring", "spend", D(0), D(5), D(-5), False),
        ("tv/Spring", "conversion_value", None, D(0), D(0), False),
        ("tv/Spring", "conversions", None, D(0), D(0), False),
    ]
    # RestAnswer again, it is a change and not a first time; a campaign that vanishes goes to 0.
    lake.pull(account, "costs", at(8), [cost(2, "tv", conversions=D(3))], window(3, 4))
    built = yield
    assert built(restated.format(march(8))) == [
        ("print/Spring", "clicks", D(0), D(7), D(-7), False),
        ("print/Spring", "conversion_value", D(0), None, D(0), False),
        ("print/Spring", "conversions", D(0), None, D(0), False),
        ("print/Spring", "impressions", D(0), D(90), D(-90), False),
        ("print/Spring", "spend", D(0), D(5), D(-5), False),
        ("tv/Spring", "conversions", D(3), None, D(3), False),
    ]
    # The changes add up to what the fact says now.
    assert built(
        "select metric, sum(value_change) from fact_restatements "
        "where organization_id = 'untold' group by 1 having sum(value_change) <> 0 order by 1"
    ) == [("conversions", D(3)), ("spend", D(5))]


def records_of_files(lake: FixtureLake) -> Scenario:
    """A table of one's own: the newest version of each row, whatever its columns."""
    lake.organization("own")
    account = file_source("own", "leads")
    lake.connection(account)

    def row(key: str, data: str, day: int, **more: Any) -> dict[str, Any]:
        own = {"table_name": "leads", "row_key": key, "data": data, "updated_at": at(day)}
        return own | {"is_deleted": False, "source_row": 2} | more

    def published(built: Query) -> Any:
        return built(
            "select row_key, data ->> 'score', is_deleted from fact_file_records "
            "where organization_id = 'own' and table_name = 'leads' order by row_key"
        )

    first = [row("a", '{"score":"1.50"}', 3), row("b", '{"score":"2"}', 3)]
    changes(lake, account, at(4), first, "records")
    built = yield
    assert published(built) == [("a", "1.50", False), ("b", "2", False)]
    later = [row("a", '{"score":"9"}', 5), row("b", '{"score":"2"}', 5, is_deleted=True)]
    changes(lake, account, at(6), [*later, row("c", '{"other":1}', 5)], "records")
    # An older version that comes later changes nothing.
    changes(lake, account, at(7), [row("a", '{"score":"1.50"}', 3)], "records")
    built = yield
    assert published(built) == [("a", "9", False), ("b", "2", True), ("c", None, False)]


SCENARIOS = [
    whole_files,
    deltas_of_files,
    whole_orders_of_files,
    products_of_files,
    costs_of_files,
    currencies_of_costs,
    days_that_came_incomplete,
    untold_numbers_of_files,
    records_of_files,
]
