"""Histories whose marts would mislead: what counts, who is new, and how sure that is."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

from commerce_rows import (
    changes,
    file_line,
    file_source,
    line,
    orders,
    refund,
    shop_customer,
    shop_order,
    shop_product,
)
from commerce_scenarios import open_shop
from fixture_lake import Account, FixtureLake, campaign_row, listed_campaign
from scenarios import Scenario, at, march, window

D = Decimal


def in_all_or_in_none(lake: FixtureLake) -> Scenario:
    """What does not count is in no measure of a mart, and says why; nobody has no first order."""
    account = open_shop(lake, "rule")
    rows = [
        shop_order(1, at(3), is_test=True),
        shop_order(2, at(3, 7), status="VOIDED"),
        shop_order(3, at(3, 8), status="PENDING", cancelled_at=at(4)),
        shop_order(4, at(3, 9), customer=None),
        shop_order(5, at(3, 10), status="EXPIRED"),
    ]
    changes(lake, account, at(5), rows)
    books = file_source("rule", "books")
    lake.connection(books)
    lost = {"document_type": "write_off", "customer_id": None}
    documents = [
        file_line("10", 1, at(3), "2", "7"),
        file_line("11", 1, at(3), "-9", "0", **lost),
        # A line of lost stock among lines that were sold makes no write-off of the order.
        file_line("12", 1, at(3), "-1", "0", **lost),
        file_line("12", 2, at(3), "1", "5"),
    ]
    lake.pull(books, "orders", at(5), documents)
    built = yield
    assert orders(built, "rule", "order_id, not_counted_reason, is_counted, order_type") == [
        ("1", "test", False, "sale"),
        ("10", None, True, "sale"),
        ("11", "write_off", False, "write_off"),
        ("12", None, True, "sale"),
        ("2", "voided", False, "sale"),
        ("3", "cancelled", False, "sale"),
        ("4", None, True, "sale"),
        ("5", "expired", False, "sale"),
    ]
    assert built(
        "select order_documents, orders_not_counted, orders, units, gross_amount, "
        "gross_amount_not_counted, gross_revenue from mart_shop_daily_summary "
        "where organization_id = 'rule' order by platform"
    ) == [
        (3, 1, 2, D(2), D(19), D(0), D(19)),
        (5, 4, 1, D(1), D(10), D(40), D(10)),
    ]
    assert built(
        "select platform, orders, first_order_at, first_order_day, last_order_at "
        "from dim_customers where organization_id = 'rule' and is_unknown order by 1"
    ) == [("files", 2, None, None, None), ("shopify", 1, None, None, None)]


def new_at_the_shop(lake: FixtureLake) -> Scenario:
    """A customer is new by what the shop says, returning or unknown else, and cohorts follow."""
    account = open_shop(lake, "newcomers", "EUR", "America/New_York")
    old = at(1) - timedelta(days=900)
    placed: list[dict[str, Any]] = [
        {"customer": "numbered", "customer_order_index": 5},
        {"customer": "first", "customer_order_index": 1},
        {"customer": "counted"},
        {"customer": "alone"},
        {"customer": "signed_up"},
        {"customer": "silent"},
        {"customer": None},
        {"customer": "silent"},
        # The shop numbers orders by when they were made: what is imported later comes after.
        {"customer": "imported", "customer_order_index": 3, "created_at": at(6)},
        {"customer": "imported", "customer_order_index": 2, "created_at": at(5, 1)},
    ]
    rows = [shop_order(n, at(4, n + 8), **more) for n, more in enumerate(placed, 1)]
    changes(lake, account, at(7), rows, window=window(1, 7))
    listed = [
        shop_customer("numbered", at(2), created_at=old, number_of_orders=1),
        shop_customer("counted", at(2), created_at=old, number_of_orders=3),
        shop_customer("alone", at(2), created_at=old, number_of_orders=1),
        shop_customer("signed_up", at(2), created_at=at(2)),
        shop_customer("silent", at(2), created_at=old),
    ]
    changes(lake, account, at(7), listed, "customers", window=window(1, 7))
    types = "order_id::int, customer_type, customer_order_number"
    built = yield
    silent = [("unknown", None), ("unknown", None), ("returning", None)]
    found = [
        ("returning", 5),
        ("new", 1),
        ("returning", 3),
        ("new", 1),
        ("new", 1),
        *silent,
        ("returning", 2),
        ("returning", 3),
    ]
    assert sorted(orders(built, "newcomers", types)) == [
        (n, *kind) for n, kind in enumerate(found, 1)
    ]
    daily = (
        "select orders, new_customers, orders_of_unknown_customers from {} "
        "where organization_id = 'newcomers' and date_day = '2026-03-04'"
    )
    for mart in ("mart_shop_daily_summary", "mart_organization_daily_metrics", "mart_kpi_daily"):
        assert built(daily.format(mart)) == [(10, 3, 2)]
    cohorts = (
        "select first_order_day, first_known_order_day, count(*) from dim_customers "
        "where organization_id = 'newcomers' group by all order by 1 nulls last, 2 nulls last"
    )
    known = march(4)
    assert built(cohorts) == [(known, known, 3), (None, known, 4), (None, None, 1)]
    # The shop says later how many orders there were: nothing of the order itself has changed.
    silent_now = shop_customer("silent", at(8), created_at=old, number_of_orders=2)
    changes(lake, account, at(8), [silent_now], "customers")
    built = yield
    assert sorted(orders(built, "newcomers", types))[5:8] == [
        (6, "new", 1),
        (7, "unknown", None),
        (8, "returning", 2),
    ]
    assert built(cohorts)[0] == (known, known, 4)


def listed_ad(ad: str, campaign: str, slug: str, content: str) -> dict[str, Any]:
    """A raw row of an ad that leads to a page with these words."""
    words = f"utm_source=google&utm_medium=cpc&utm_campaign={slug}&utm_content={content}"
    return {
        "campaign_id": campaign,
        "ad_group_id": f"g{campaign}",
        "ad_id": ad,
        "type": "RESPONSIVE_SEARCH_AD",
        "status": "ENABLED",
        "final_urls": json.dumps([f"https://shop.example/?{words}"]),
    }


def campaigns_of_landing_pages(lake: FixtureLake) -> Scenario:
    """An id in a landing page decides between campaigns of one slug, a click id names a network."""
    account = open_shop(lake, "landed")
    ads = Account("landed", "landed-ads")
    lake.connection(ads)
    kinds = {"1": "SEARCH", "2": "SHOPPING"}
    lake.pull(ads, "campaigns", at(2), [listed_campaign(n, kind=k) for n, k in kinds.items()])
    slugs = [("901", "1", "spring", "a"), ("902", "2", "spring", "b"), ("903", "1", "spring", "c")]
    lake.pull(ads, "ads", at(2), [listed_ad(*slug) for slug in slugs])
    google = {"utm_source": "google", "utm_medium": "cpc", "utm_campaign": "spring"}
    said: list[dict[str, str | None]] = [
        google,
        {**google, "landing_campaign_id": "2"},
        {**google, "landing_campaign_id": "1", "utm_content": "C", "click_id_type": "gclid"},
        {**google, "landing_campaign_id": "unheard"},
        {"landing_campaign_id": "2", "click_id_type": "gclid", "last_visit_source": "direct"},
        {"click_id_type": "wbraid", "last_visit_source": "an app"},
        {"click_id_type": "fbclid"},
        {"click_id_type": "ttclid"},
        {"utm_source": "klaviyo", "utm_medium": "email", "landing_campaign_id": "2"},
    ]
    rows = [shop_order(n, at(3, n), **words) for n, words in enumerate(said, 1)]
    changes(lake, account, at(5), rows)
    built = yield
    assert built(
        "select order_id::int, campaigns.campaign_id, ads.ad_id, campaign_match, orders.channel, "
        "attributed_platform from fact_orders as orders "
        "left join (select distinct campaign_key, campaign_id from dim_campaigns) as campaigns "
        "on orders.campaign_key = campaigns.campaign_key "
        "left join (select distinct ad_key, ad_id from dim_ads) as ads "
        "on orders.ad_key = ads.ad_key where organization_id = 'landed' order by 1"
    ) == [
        (1, None, None, "ambiguous", "paid_google", "google_ads"),
        (2, "2", None, "campaign_id", "paid_shopping", "google_ads"),
        (3, "1", "903", "campaign_id", "paid_search", "google_ads"),
        (4, None, None, "ambiguous", "paid_google", "google_ads"),
        (5, "2", None, "campaign_id", "paid_shopping", "google_ads"),
        (6, None, None, "none", "paid_google", "google_ads"),
        (7, None, None, "none", "organic_social", "unattributed"),
        (8, None, None, "none", "paid_social", "tiktok_ads"),
        (9, None, None, "unmatched", "email", "klaviyo"),
    ]


def campaigns_of_orders(lake: FixtureLake) -> Scenario:
    """An order has its campaign where the words name one; its channel is the campaign's."""
    account = open_shop(lake, "brought")
    ads = Account("brought", "brought-ads")
    lake.connection(ads)
    kinds = {"1": "SEARCH", "2": "SHOPPING", "3": "SEARCH", "4": "SEARCH"}
    campaigns = [listed_campaign(n, f"Campaign {n}", kind=kind) for n, kind in kinds.items()]
    listed = [
        listed_ad("901", "1", "spring", "a"),
        listed_ad("902", "2", "spring", "b"),
        listed_ad("903", "3", "autumn", "c"),
        listed_ad("904", "4", "autumn", "d"),
        listed_ad("905", "1", "only", "e"),
        listed_ad("906", "1", "only", "e"),
    ]
    lake.pull(ads, "campaigns", at(2), campaigns)
    lake.pull(ads, "ads", at(2), listed)
    spent = [campaign_row(march(3), n, spend="10") for n in ("1", "2")]
    lake.pull(ads, "campaign_stats", at(5), spent, window(3, 3))
    said: list[tuple[str | None, str | None, str | None]] = [
        ("google", "SPRING", "902"),  # the ad's id
        ("google", "3", None),  # the campaign's id
        ("google", "spring", "a"),  # one ad's words
        ("google", "only", None),  # one campaign's words
        ("google", "campaign 2", None),  # its name
        ("google", "spring", None),  # two campaigns, of two kinds
        ("google", "autumn", None),  # two campaigns of one kind
        ("google", "unheard", "of"),
        ("google", None, None),
        ("klaviyo", "campaign 2", "902"),  # a mail with the words of an ad
        ("google", "only", "e"),  # two ads of one campaign
    ]
    rows = [
        shop_order(
            n,
            at(3, n),
            utm_source=source,
            utm_medium="email" if source == "klaviyo" else "cpc",
            utm_campaign=campaign,
            utm_content=content,
            customer_order_index=n,
            refunds=[refund(1, at(4), [(n * 10, 1, "10", "0")])] if n == 1 else [],
        )
        for n, (source, campaign, content) in enumerate(said, 1)
    ]
    changes(lake, account, at(5), rows)
    found = (
        "select order_id, campaigns.campaign_id, ads.ad_id, campaign_match, campaign_candidates, "
        "orders.channel, attributed_platform from fact_orders as orders "
        "left join (select distinct campaign_key, campaign_id from dim_campaigns) as campaigns "
        "on orders.campaign_key = campaigns.campaign_key "
        "left join (select distinct ad_key, ad_id from dim_ads) as ads "
        "on orders.ad_key = ads.ad_key where organization_id = 'brought' order by order_id::int"
    )
    built = yield
    google = "google_ads"
    assert built(found) == [
        ("1", "2", "902", "ad_id", 1, "paid_shopping", google),
        ("2", "3", None, "campaign_id", 1, "paid_search", google),
        ("3", "1", "901", "ad_utm", 1, "paid_search", google),
        ("4", "1", None, "campaign_utm", 1, "paid_search", google),
        ("5", "2", None, "campaign_name", 1, "paid_shopping", google),
        ("6", None, None, "ambiguous", 2, "paid_google", google),
        ("7", None, None, "ambiguous", 2, "paid_search", google),
        ("8", None, None, "unmatched", 0, "paid_google", google),
        ("9", None, None, "none", 0, "paid_google", google),
        ("10", None, None, "unmatched", 0, "email", "klaviyo"),
        ("11", "1", None, "ad_utm", 1, "paid_search", google),
    ]
    by_channel = (
        "select channel, sum(value) filter (where metric = 'spend'), "
        "sum(value) filter (where metric = 'orders'), "
        "sum(value) filter (where metric = 'refunds') from mart_daily_aggregates "
        "where organization_id = 'brought' group by 1 order by 1"
    )
    assert built(by_channel) == [
        ("email", None, D(1), D(0)),
        ("paid_google", None, D(3), D(0)),
        ("paid_search", D(11), D(5), D(0)),
        ("paid_shopping", D(11), D(2), D(11)),
    ]
    # Another campaign takes the slug: it is unique no more, although no order has changed.
    other = listed_ad("907", "2", "only", "f")
    lake.pull(ads, "ads", at(6), [*listed, other])
    built = yield
    assert built(found)[3] == ("4", None, None, "ambiguous", 2, "paid_google", google)
    assert built("select count(*) from fact_orders where organization_id = 'brought'") == [(11,)]


def margins(lake: FixtureLake) -> Scenario:
    """A line without cost leaves the margin of the others, which say what they are of."""
    account = open_shop(lake, "margins")
    lake.pull(account, "products", at(2), [shop_product("1", [("1", "10", "4")])])
    items = [line(11, "10", 2), line(12, "30", product="7", variant=None)]
    placed = [shop_order(1, at(3), items), shop_order(2, at(3), [line(21, "5", product=None)])]
    changes(lake, account, at(5), placed)
    built = yield
    assert orders(
        built,
        "margins",
        "net_amount, margin_revenue, cost_amount, margin_amount, margin_amount_reporting, "
        "margin_revenue_reporting",
    ) == [(D(50), D(20), D(8), D(12), D("13.2"), D(22)), (D(5), D(0), None, None, None, D(0))]
    assert built(
        "select line_id, margin_amount, margin_amount_reporting from fact_order_lines "
        "where organization_id = 'margins' order by 1"
    ) == [("11", D(12), D("13.2")), ("12", None, None), ("21", None, None)]


def running_days(lake: FixtureLake) -> Scenario:
    """A day is whole when it was fetched after its end, of every account that tells any."""
    account = open_shop(lake, "running", "EUR", "America/New_York")
    ads = Account("running", "running-ads")
    lake.connection(ads)
    # Fetched at noon of the 4th in Berlin; New York's 4th has just begun.
    half = [campaign_row(march(day), "1", spend="10", conversions=1) for day in (3, 4)]
    lake.pull(ads, "campaign_stats", at(4, 11), half, window(3, 4))
    changes(lake, account, at(4, 11), [shop_order(1, at(3, 15))], window=window(2, 3))
    changes(lake, account, at(4, 11), [shop_order(2, at(4, 10))], window=window(4, 4))

    def days(mart: str) -> list[tuple[Any, ...]]:
        return built(
            f"select distinct date_day, is_complete from {mart} "
            "where organization_id = 'running' and date_day >= '2026-03-03' order by all"
        )

    built = yield
    of_both = ("organization_daily_metrics", "kpi_daily", "daily_aggregates", "platform_comparison")
    for mart in ("campaign_daily_summary", "shop_daily_summary", *of_both):
        assert days(f"mart_{mart}") == [(march(3), True), (march(4), False)], mart
    # The shop is ahead: the account's 4th is still half a day, and its 5th is not there.
    changes(lake, account, at(6, 11), [shop_order(3, at(5, 15))], window=window(4, 6))
    built = yield
    assert days("mart_shop_daily_summary") == [(march(3), True), (march(4), True), (march(5), True)]
    for mart in of_both:
        assert days(f"mart_{mart}") == [(march(3), True), (march(4), False), (march(5), False)]
    whole = [campaign_row(march(day), "1", spend="25", conversions=4) for day in (4, 5)]
    lake.pull(ads, "campaign_stats", at(6, 11), whole, window(4, 5))
    built = yield
    for mart in ("campaign_daily_summary", "shop_daily_summary", *of_both):
        assert days(f"mart_{mart}") == [(march(day), True) for day in (3, 4, 5)], mart
    # What the half day grew by is no restatement; what a whole day turns into later is one.
    later = [campaign_row(march(4), "1", spend="25", conversions=5)]
    lake.pull(ads, "campaign_stats", at(8), later, window(4, 4))
    built = yield
    assert built(
        "select metric, value_change, is_day_over, is_restatement from fact_restatements "
        "where organization_id = 'running' and date_day = '2026-03-04' "
        "and metric in ('spend', 'conversions') order by metric, known_at"
    ) == [
        ("conversions", D(1), False, False),
        ("conversions", D(3), True, False),
        ("conversions", D(1), True, True),
        ("spend", D(10), False, False),
        ("spend", D(15), True, False),
    ]


def holidays_at_home(lake: FixtureLake) -> Scenario:
    """A holiday is one of the organization's own country, and unknown where that is."""
    for name, zone in (("delhi", "Asia/Kolkata"), ("bonn", "Europe/Berlin"), ("sea", "UTC")):
        account = open_shop(lake, name, time_zone=zone)
        changes(lake, account, at(5), [shop_order(1, at(4, 9))])
    built = yield
    assert built(
        "select organization_id, country_code, is_organization_holiday, "
        "organization_holiday_names is not null from mart_organization_daily_metrics "
        "where organization_id in ('delhi', 'bonn', 'sea') order by 1"
    ) == [("bonn", "DE", False, False), ("delhi", "IN", True, True), ("sea", None, None, False)]
    assert built("select * from mart_kpi_summary where organization_id = '_shared'") == []


SCENARIOS = [
    in_all_or_in_none,
    new_at_the_shop,
    campaigns_of_landing_pages,
    campaigns_of_orders,
    margins,
    running_days,
    holidays_at_home,
]
