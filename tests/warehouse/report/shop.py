"""A small release with all that the report reads: two organizations, names that are attacks."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import duckdb

from tests.warehouse.conftest import Clock
from warehouse.home import Home
from warehouse.publishing import publish

ATTACKS = (
    "</script><script>document.title='hacked'</script>",
    "<img src=x onerror=\"document.title='hacked'\">",
    "\u2028'\"&lt;b&gt;{{7*7}}${7*7}",
    "<!--<script>",
    "‮reversed\x00\x07\ufffe",
)
LAST_DAY = date(2026, 11, 15)
DAYS = 90

_TABLES = """
create table dim_organizations (
    organization_id varchar, organization_name varchar, reporting_currency varchar, status varchar
);
create table dim_platforms (platform varchar, platform_name varchar);
create table dim_channels (channel varchar, channel_name varchar);
create table schema_version as select '1.0' as schema_version;
create table mart_kpi_daily (
    organization_id varchar, date_day date, net_revenue_reporting decimal(24, 6),
    spend_reporting decimal(24, 6), mer double, orders decimal(24, 6), is_complete boolean,
    gross_revenue_reporting decimal(24, 6), refunds_reporting decimal(24, 6),
    platform_conversion_value_reporting decimal(24, 6), new_customers decimal(24, 6),
    units decimal(24, 6), clicks decimal(24, 6), conversions decimal(24, 6),
    daily_sessions decimal(24, 6), platform_roas double, aov_reporting double,
    cac_reporting double, shop_conversion_rate double, unconverted_net_revenue varchar,
    unconverted_spend varchar
);
create table mart_organization_daily_metrics (
    organization_id varchar, date_day date, net_revenue_reporting decimal(24, 6),
    spend_reporting decimal(24, 6), mer double, orders decimal(24, 6), is_settled boolean
);
create table mart_alerts (
    organization_id varchar, alert_key varchar, rule_name varchar, state varchar, severity varchar,
    rule_type varchar, scope varchar, metric varchar, value decimal(24, 6),
    compared_value decimal(24, 6), threshold decimal(24, 6), change double,
    first_day date, last_day date, breaching_days bigint, acknowledged_by varchar
);
create table mart_channel_attribution (
    organization_id varchar, date_month date, model varchar, channel varchar,
    credited_revenue_reporting decimal(24, 6)
);
create table mart_monthly_aggregates (
    organization_id varchar, channel varchar, metric varchar, date_month date, value decimal(24, 6)
);
create table mart_platform_comparison (
    organization_id varchar, platform varchar, date_day date, spend_reporting decimal(24, 6),
    platform_conversion_value_reporting decimal(24, 6), shop_net_revenue_reporting decimal(24, 6)
);
create table mart_daily_aggregates (
    organization_id varchar, channel varchar, metric varchar, date_day date, value decimal(24, 6)
);
create table mart_campaign_daily_summary (
    organization_id varchar, platform varchar, campaign_key varchar, campaign_id varchar,
    campaign_name varchar, date_day date, spend_reporting decimal(24, 6),
    conversion_value_reporting decimal(24, 6), clicks bigint, conversions decimal(24, 6)
);
create table mart_product_performance (
    organization_id varchar, connection_id varchar, product_id varchar, product_name varchar,
    date_day date, units_sold decimal(24, 6), units_returned decimal(24, 6),
    net_revenue_reporting decimal(24, 6), refunds_reporting decimal(24, 6),
    margin_amount_reporting decimal(24, 6), margin_revenue_reporting decimal(24, 6)
);
create table mart_cohort_retention (
    organization_id varchar, cohort_type varchar, period_type varchar, cohort_start date,
    period_number integer, cohort_size bigint, active_customers bigint, retention_rate double,
    revenue_per_customer_to_date double, acquisition_cost_per_customer double,
    payback_ratio double, is_complete boolean
);
create table mart_funnel (
    organization_id varchar, funnel varchar, funnel_name varchar, date_day date,
    step_number integer, step_name varchar, visitors bigint, conversions bigint
);
create table mart_budget_pacing (
    organization_id varchar, platform varchar, budget_key varchar, budget_type varchar,
    campaign_names varchar, date_month date, period_start date, period_end date,
    through_day date, budget_reporting decimal(24, 6), spend_to_date_reporting decimal(24, 6),
    spent_share double, period_gone_share double, expected_spend_reporting decimal(24, 6),
    pacing_status varchar, pacing_reason varchar
);
create table mart_data_freshness (
    organization_id varchar, platform varchar, account_id varchar, account_name varchar,
    freshness varchar, last_success_at timestamp, last_covered_day date, lag_hours double,
    allowed_lag_hours integer, syncs_7d bigint, failures_7d bigint, last_error_message varchar
);
"""
_FIGURES = ("net_revenue_reporting", "spend_reporting", "orders", "new_customers")
_RATIOS = ("mer", "aov_reporting", "cac_reporting")


def make(home: Home, *, attacks: bool = True, without: tuple[str, ...] = ()) -> None:
    """Publishes a release.

    Args:
        home: the home.
        attacks: names of the first organization's things are `ATTACKS`.
        without: tables that it does not have.
    """
    with duckdb.connect(str(home.serve_db)) as connection:
        connection.execute(_TABLES)
        connection.execute(_summary_table())
        connection.execute(
            "create table mart_kpi_monthly as select * exclude (is_complete) from ("
            "select * rename (date_day as date_month) from mart_kpi_daily)"
        )
        names = ATTACKS if attacks else ("one", "two", "three", "four", "five")
        _fill(connection, "acme", names, "USD")
        _fill(connection, "beta", ("Beta secret",) * 5, "JPY")
        connection.execute(
            "insert into dim_organizations values ('empty', 'Empty Ltd', 'EUR', 'active'), "
            "('gone', 'Gone Ltd', 'EUR', 'removed'), ('_shared', 'Shared', 'USD', 'active')"
        )
        for table in without:
            connection.execute(f"drop table {table}")
    publish(home, Clock()())


def opened_home(folder: Path) -> Home:
    """Makes a home with a release of attacks."""
    home = Home.open(folder / "home")
    make(home)
    return home


def _summary_table() -> str:
    figures = [
        *(
            f"{name}{end} decimal(24, 6)"
            for end in ("", "_previous", "_year_before")
            for name in _FIGURES
        ),
        *(f"{name}{end} double" for end in ("", "_previous", "_year_before") for name in _RATIOS),
    ]
    return (
        "create table mart_kpi_summary (organization_id varchar, period varchar, "
        "sort_number integer, first_day date, last_day date, days_in_period integer, "
        "days_with_data bigint, complete_days bigint, days_with_data_previous bigint, "
        f"days_with_data_year_before bigint, shop_conversion_rate double, "
        f"unconverted_net_revenue varchar, unconverted_spend varchar, {', '.join(figures)})"
    )


def _fill(
    connection: duckdb.DuckDBPyConnection, organization: str, names: tuple[str, ...], currency: str
) -> None:
    """Writes ninety days of business under some names."""

    def insert(table: str, rows: list[tuple]) -> None:
        marks = ", ".join("?" for _ in rows[0])
        connection.executemany(f"insert into {table} values ({marks})", rows)

    days = [LAST_DAY - timedelta(days=number) for number in range(DAYS)]
    insert("dim_organizations", [(organization, names[0], currency, "active")])
    for length in (7, 28, 90):
        first = LAST_DAY - timedelta(days=length - 1)
        connection.execute(
            "insert into mart_kpi_summary (organization_id, period, sort_number, first_day, "
            "last_day, days_in_period, days_with_data, complete_days, days_with_data_previous, "
            "days_with_data_year_before, net_revenue_reporting, net_revenue_reporting_previous, "
            "spend_reporting, spend_reporting_previous, orders, mer, unconverted_spend) values "
            "(?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 1234.565, 1000, 300, 0, 12, 4.115, 'NGN 5.00')",
            [
                organization,
                f"last_{length}_days",
                length,
                first,
                LAST_DAY,
                length,
                length,
                length - 1,
                length if length < 90 else 3,
            ],
        )
    connection.executemany(
        "insert into mart_kpi_daily (organization_id, date_day, net_revenue_reporting, "
        "spend_reporting, orders, is_complete) values (?, ?, ?, ?, 3, ?)",
        [
            (organization, day, 100 + place, None if place == 5 else 10, place > 2)
            for place, day in enumerate(days)
        ],
    )
    connection.execute(
        "insert into mart_organization_daily_metrics select organization_id, date_day, "
        "net_revenue_reporting, spend_reporting, mer, orders, is_complete from mart_kpi_daily "
        "where organization_id = ?",
        [organization],
    )
    connection.execute(
        "update mart_kpi_daily set conversions = 16.98, mer = 7.25, "
        "net_revenue_reporting = '12345678901234567.123400', unconverted_spend = 'NGN 5.00' "
        "where date_day = ?",
        [LAST_DAY],
    )
    connection.execute(
        "insert into mart_kpi_monthly select * exclude (is_complete) "
        "replace (date_trunc('month', date_month) as date_month) from ("
        "select * rename (date_day as date_month) from mart_kpi_daily "
        "where organization_id = ? and day(date_day) = 1)",
        [organization],
    )
    insert(
        "mart_monthly_aggregates",
        [(organization, names[0], "spend", LAST_DAY.replace(day=1), 70)],
    )
    platforms = [f"{organization}_p{place}" for place in range(len(names))]
    insert("dim_platforms", [(p, name) for p, name in zip(platforms, names, strict=True)])
    insert(
        "mart_platform_comparison",
        [(organization, p, days[0], 10, 50 + n, 30) for n, p in enumerate(platforms)]
        + [(organization, "unattributed", days[0], None, None, 12)],
    )
    insert(
        "mart_daily_aggregates",
        [
            (organization, name, metric, days[place], 7 + place)
            for place, name in enumerate(names)
            for metric in ("net_revenue", "spend", "orders")
        ],
    )
    insert(
        "mart_campaign_daily_summary",
        [
            (
                organization,
                platforms[0],
                f"k{place}",
                f"{place}",
                name,
                days[0],
                5 + place,
                None,
                9,
                0.5,
            )
            for place, name in enumerate(names)
        ],
    )
    insert(
        "mart_product_performance",
        [
            (organization, "c", f"{place}", name, days[0], 2, 0, 20 + place, 1, None, None)
            for place, name in enumerate(names)
        ],
    )
    insert(
        "mart_cohort_retention",
        [
            (
                organization,
                "first_purchase",
                "week",
                LAST_DAY - timedelta(days=6 + 7 * cohort),
                week,
                40,
                40 if not week else 4,
                1.0 if not week else 0.1,
                25.5,
                None,
                None,
                week < cohort,
            )
            for cohort in range(4)
            for week in range(cohort + 1)
        ],
    )
    insert(
        "mart_funnel",
        [
            (
                organization,
                "buy",
                names[1],
                days[0],
                step + 1,
                name,
                100 - 10 * step,
                90 - 10 * step,
            )
            for step, name in enumerate(names)
        ],
    )
    insert(
        "mart_alerts",
        [
            (
                organization,
                f"{place}",
                name,
                state,
                "high",
                "below" if place else "change_below",
                name,
                "mer",
                1.5,
                2,
                2 if place else -0.2,
                -0.25,
                days[40],
                days[place * 20],
                3,
                name,
            )
            for place, (name, state) in enumerate(
                zip(names[:4], ("new", "active", "resolved", "resolved"), strict=True)
            )
        ],
    )
    insert(
        "mart_channel_attribution",
        [
            (organization, LAST_DAY.replace(day=1), model, name, 5 + place)
            for place, name in enumerate(names)
            for model in ("first", "last", "markov")
        ],
    )
    month = LAST_DAY.replace(day=1)
    insert(
        "mart_budget_pacing",
        [
            (
                organization,
                platforms[0],
                f"b{place}",
                "daily" if place else "total",
                name,
                month if place < 4 else days[40].replace(day=1),
                month,
                days[0] + timedelta(days=15) if place else None,
                days[0],
                100 + place,
                55,
                0.55,
                0.5 if place else None,
                105 if place else None,
                status,
                f"because_of_{place}",
            )
            for place, (name, status) in enumerate(
                zip(names, ("unknown", "on_track", "under", "over", "over"), strict=True)
            )
        ],
    )
    insert(
        "mart_data_freshness",
        [
            (
                organization,
                platforms[0],
                "42",
                names[2],
                "failing",
                None,
                None,
                None,
                48,
                3,
                2,
                names[1],
            )
        ],
    )
