"""Histories of files that incremental builds get wrong, as in ``scenarios``."""

from __future__ import annotations

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


def missing_numbers_of_files(lake: FixtureLake) -> Scenario:
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
    days_that_came_incomplete,
    missing_numbers_of_files,
    records_of_files,
]
