"""Customers over time: cohorts whose counting would mislead."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from commerce_rows import changes, line, refund, shop_customer, shop_order, shop_product
from commerce_scenarios import open_shop
from companies import SHOP, SITE, Company
from event_rows import event
from fixture_lake import FixtureLake
from scenarios import Scenario, at, march, window

D = Decimal


def cohorts_of_weeks(lake: FixtureLake) -> Scenario:
    """Who was active in a week, refunds where they are booked, orders without a cohort."""
    account = open_shop(lake, "cohorts")
    # 2 March 2026 is a Monday.
    rows = [
        shop_order(1, at(3), [line(11, "10")], customer="early", customer_order_index=1),
        shop_order(2, at(4), [line(21, "20")], customer="too", customer_order_index=1),
        shop_order(3, at(4, 8), [line(31, "40")], customer=None),
        shop_order(4, at(10), [line(41, "5")], customer="early", customer_order_index=2),
        shop_order(5, at(10, 9), [line(51, "7")], customer="early", customer_order_index=3),
        shop_order(6, at(11), [line(61, "80")], customer="late", customer_order_index=1),
        # The shop counts orders of this customer that were never pulled.
        shop_order(7, at(12), [line(71, "9")], customer="veteran", customer_order_index=8),
        shop_order(8, at(13), [line(81, "3")], customer="late", is_test=True),
    ]
    changes(lake, account, at(19), rows, window=window(1, 18))
    signed_up = [
        shop_customer("early", at(12)),
        shop_customer("too", at(3)),
        shop_customer("never", at(3)),
        shop_customer("veteran", at(3) - timedelta(days=400)),
    ]
    changes(lake, account, at(19), signed_up, "customers", window=window(1, 18))

    def of(kind: str, columns: str, period: str = "week") -> Any:
        return built(
            f"select cohort_start, period_number, {columns} from mart_cohort_retention "
            f"where organization_id = 'cohorts' and cohort_type = '{kind}' "
            f"and period_type = '{period}' order by cohort_start nulls last, period_start"
        )

    built = yield
    shown = "cohort_size, active_customers, orders, net_revenue_reporting / 1.1"
    assert [(*row[:5], round(row[5], 2)) for row in of("first_purchase", shown)] == [
        (march(2), 0, 2, 2, 2, D(30)),
        (march(2), 1, 2, 1, 2, D(12)),
        (march(9), 0, 1, 1, 1, D(80)),
        (None, None, None, None, 1, D(40)),
        (None, None, None, None, 1, D(9)),
    ]
    assert [row[2] for row in of("first_purchase", "retention_rate")] == [
        *(1.0, 0.5),
        1.0,
        *(None, None),
    ]
    # Who never bought is in the size of a signup cohort; the veteran's is older than what is known.
    assert [row for row in of("signup", "cohort_size, active_customers") if row[0]] == [
        (march(2) - timedelta(days=399), 57, 1, 0),
        (march(2) - timedelta(days=399), 58, 1, 1),
        (march(2), 0, 2, 1),
        (march(2), 1, 2, 0),
        (march(9), -1, 1, 1),
        (march(9), 0, 1, 1),
    ]
    cumulated = "cumulative_net_revenue_reporting, round(revenue_per_customer_to_date, 2)"
    assert of("first_purchase", cumulated, "month")[0][2:] == (D("134.2"), 44.73)
    # Of cohorts that are older than the known days it is not known what they brought.
    assert [row[2] for row in of("signup", cumulated)][:3] == [None, None, D(22)]

    # A refund counts in its own week; a late order moves its customer to an earlier cohort.
    paid_back = [refund(1, at(17), [(61, 1, "80", "0")])]
    late = [
        shop_order(6, at(11), [line(61, "80")], customer="late", refunds=paid_back, **_second),
        shop_order(9, at(5), [line(91, "1")], customer="late", customer_order_index=1),
    ]
    changes(lake, account, at(20), late, window=window(18, 20))
    built = yield
    assert [(*row[:5], round(row[5], 2)) for row in of("first_purchase", shown)] == [
        (march(2), 0, 3, 3, 3, D(31)),
        (march(2), 1, 3, 2, 3, D(92)),
        (march(2), 2, 3, 0, 0, D(-80)),
        (None, None, None, None, 1, D(40)),
        (None, None, None, None, 1, D(9)),
    ]


def cohorts_of_visits(lake: FixtureLake) -> Scenario:
    """A customer began when a device of the same person was first seen, whoever it was then."""
    company = Company(lake, "visited")
    rows = [
        shop_order(1, at(10), [line(11, "10")], customer="ada"),
        shop_order(2, at(11), [line(21, "20")], customer="eve"),
        shop_order(3, at(1), [line(31, "30")], customer="kim"),
        shop_order(4, at(17), [line(41, "40")], customer="ada"),
    ]
    changes(lake, company.accounts[SHOP], at(20), rows, window=window(1, 19))
    events = [
        event("1", at(3), "phone"),
        event("2", at(10), "phone", order_id="1"),
        # Who signs in on two devices, and orders on one of them.
        event("3", at(1), "tablet"),
        event("4", at(5), "tablet", user_id="u"),
        event("5", at(11), "laptop", user_id="u", order_id="2"),
        # Nobody knows whose device this is, and this is no visit.
        event("6", at(1), "passer-by"),
        event("7", at(1), "phone", agent_kind="bot", bot_reason="user agent: Googlebot"),
    ]
    company.pull(SITE, "events", events)

    def of(period: str) -> Any:
        return built(
            "select cohort_start, period_number, cohort_size, active_customers, orders, "
            "net_revenue_reporting from mart_cohort_retention where organization_id = 'visited' "
            f"and cohort_type = 'first_visit' and period_type = '{period}' "
            "order by cohort_start nulls last, period_start"
        )

    built = yield
    monday = march(2) - timedelta(days=7)
    # Kim was never seen at the site. Nothing is known of the second week.
    of_nobody = (None, None, None, None, 1, 30)
    assert of("week") == [
        (monday, 0, 1, 0, 0, 0),
        (monday, 2, 1, 1, 1, 20),
        (monday, 3, 1, 0, 0, 0),
        (march(2), 1, 1, 1, 1, 10),
        (march(2), 2, 1, 1, 1, 40),
        of_nobody,
    ]
    assert of("month") == [(march(1), 0, 2, 2, 3, 70), of_nobody]

    # What arrives late moves a customer to an earlier cohort; a later visit moves nobody.
    late = [event("8", at(1) - timedelta(days=4), "phone"), event("9", at(19), "tablet")]
    company.pull(SITE, "events", late, 21)
    built = yield
    assert of("week") == [
        (monday, 0, 2, 0, 0, 0),
        (monday, 2, 2, 2, 2, 30),
        (monday, 3, 2, 1, 1, 40),
        of_nobody,
    ]


def scores_of_customers(lake: FixtureLake) -> Scenario:
    """Equal customers have equal scores; margins are of known costs."""
    account = open_shop(lake, "scores")
    goods = [shop_product("1", [("1", "10", "4.00")]), shop_product("2", [("2", "10", None)])]
    changes(lake, account, at(1), goods, "products")
    numbers = iter(range(1, 99))

    def bought(
        customer: str | None, day: int, *lines: dict[str, Any], **more: Any
    ) -> dict[str, Any]:
        return shop_order(next(numbers), at(day), list(lines), customer=customer, **more)

    unknown_cost = {"product": "2", "variant": "2"}
    back = [refund(1, at(14), [(61, 1, "10", "0")])]
    rows = [
        *(bought("often", day, line(day, "10")) for day in (3, 5, 7, 13)),
        bought("twice", 4, line(41, "10")),
        bought("twice", 8, line(42, "10", **unknown_cost)),
        bought("once", 4, line(51, "10")),
        bought("same", 4, line(52, "10")),
        bought("returned", 12, line(61, "10"), refunds=back, updated_at=at(14)),
        bought(None, 15, line(71, "99")),
        bought("test", 15, line(81, "99"), is_test=True),
    ]
    changes(lake, account, at(19), rows, window=window(1, 18))
    built = yield
    shown = (
        "orders, recency_days, round(net_revenue_reporting / 1.1, 2), "
        "round(margin_amount_reporting / 1.1, 2), days_between_orders, recency_score, "
        "frequency_score, monetary_score, customer_segment"
    )
    found = built(
        f"select {shown} from mart_customer_value where organization_id = 'scores' "
        "order by net_revenue_reporting, recency_days, orders"
    )
    assert found == [
        (1, 3, D(0), D(0), None, 4, 1, 1, "new"),
        (1, 11, D(10), D(6), None, 1, 1, 2, "lost"),
        (1, 11, D(10), D(6), None, 1, 1, 2, "lost"),
        (2, 7, D(20), D(6), 4.0, 3, 4, 4, "loyal"),
        (4, 2, D(40), D(24), 10 / 3, 5, 5, 5, "champion"),
    ]


_second = {"customer_order_index": 2, "updated_at": at(17)}

SCENARIOS = (cohorts_of_weeks, cohorts_of_visits, scores_of_customers)
