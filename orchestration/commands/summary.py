"""What the business did, read from the published file like any BI tool would."""

from datetime import datetime
from pathlib import Path

from orchestration.commands.output import console, print_table
from orchestration.commands.report import write_with_progress
from warehouse.home import Home
from warehouse.queries import query

ORGANIZATIONS = """
select
    organizations.organization_name as organization,
    organizations.reporting_currency as currency,
    sum(metrics.spend_reporting)::decimal(18, 2) as spend,
    sum(metrics.net_revenue_reporting)::decimal(18, 2) as shop_revenue,
    (sum(metrics.net_revenue_reporting) / sum(metrics.spend_reporting))::decimal(18, 2) as mer,
    sum(metrics.orders)::bigint as orders,
    sum(metrics.new_customers)::bigint as new_customers
from mart_organization_daily_metrics as metrics
join dim_organizations as organizations using (organization_id)
group by all
order by organization
"""

PLATFORMS = """
select
    if(metrics.platform = 'unattributed', 'other sources', metrics.platform) as platform,
    organizations.reporting_currency as currency,
    sum(metrics.spend_reporting)::decimal(18, 2) as spend,
    sum(metrics.platform_conversion_value_reporting)::decimal(18, 2) as claimed,
    sum(metrics.shop_net_revenue_reporting)::decimal(18, 2) as confirmed,
    (
        sum(metrics.platform_conversion_value_reporting) / sum(metrics.spend_reporting)
    )::decimal(18, 2) as claimed_roas,
    (
        sum(metrics.shop_net_revenue_reporting) / sum(metrics.spend_reporting)
    )::decimal(18, 2) as shop_roas
from mart_platform_comparison as metrics
join dim_organizations as organizations using (organization_id)
group by all
order by currency, spend is null, platform
"""
"""What a platform claims, beside the shops' revenue of orders whose last visit came from it."""

VISITS = """
select
    organizations.organization_name as organization,
    organizations.reporting_currency as currency,
    sum(metrics.daily_sessions)::bigint as visits,
    (
        100 * sum(metrics.orders) / sum(metrics.daily_sessions)
    )::decimal(18, 2) as orders_per_100_visits,
    sum(metrics.platform_conversion_value_reporting)::decimal(18, 2) as claimed,
    sum(metrics.analytics_revenue_reporting)::decimal(18, 2) as seen,
    sum(metrics.gross_revenue_reporting)::decimal(18, 2) as sold
from mart_organization_daily_metrics as metrics
join dim_organizations as organizations using (organization_id)
where metrics.daily_sessions is not null
group by all
order by organization
"""
"""Days with visits only: what platforms claim, analytics saw and shops sold on them."""

MAIL = """
select
    organizations.organization_name as organization,
    organizations.reporting_currency as currency,
    sum(metrics.emails_sent)::bigint as mails,
    (100 * sum(metrics.email_opens) / sum(metrics.emails_sent))::decimal(18, 1) as opens_per_100,
    (100 * sum(metrics.email_clicks) / sum(metrics.emails_sent))::decimal(18, 1) as clicks_per_100,
    sum(metrics.email_orders)::bigint as claimed_orders,
    sum(metrics.email_revenue_reporting)::decimal(18, 2) as claimed_revenue
from mart_organization_daily_metrics as metrics
join dim_organizations as organizations using (organization_id)
where metrics.emails_sent is not null
group by all
order by organization
"""
"""What mail brought, as the platforms that send it claim."""

SOURCES = """
with sources as (
    select
        organization_id,
        value as revenue,
        case
            when channel in ('email', 'direct', 'referral') then channel
            when channel = 'organic_search' then 'search'
            when channel = 'organic_social' then 'social'
            when channel in ('point_of_sale', 'manual_order') then 'staff'
            when channel = 'unattributed' then 'unknown'
            else 'ads'
        end as source
    from mart_daily_aggregates
    where metric = 'net_revenue'
)

select
    organizations.organization_name as organization,
    PARTS
from sources
join dim_organizations as organizations using (organization_id)
group by all
order by organization
""".replace(
    "PARTS",
    ",\n    ".join(
        f"(100 * sum(revenue) filter (where source = '{source}') / sum(revenue))::decimal(18, 1)"
        f" as {source}"
        for source in (
            "ads",
            "search",
            "social",
            "email",
            "direct",
            "referral",
            "staff",
            "unknown",
        )
    ),
)
"""Percent of the shops' revenue by where the last visit before the order came from."""

RESTATEMENT = """
select
    known_at,
    sum(sum(value_change)) over (order by known_at)::decimal(18, 2) as conversions
from fact_restatements
where metric = 'conversions' and date_day between '2026-10-12' and '2026-10-18'
group by known_at
order by known_at
"""
"""One week's conversions as they were known at each pull: conversions arrive for weeks."""


def print_summary(home: Home, now: datetime) -> None:
    """Prints what is in the published file, what to do next, and the reports that it writes."""
    _print(home, ORGANIZATIONS, "What the business did: all spend, and what the shops sold")
    _print(home, PLATFORMS, "What the platforms claim, and what the shops confirm")
    _print(home, VISITS, "Visits, and what platforms claim, analytics saw and shops sold")
    _print(home, MAIL, "Mail (machine opens included), and what the platforms of it claim")
    _print(home, SOURCES, "Percent of the shops' revenue by the last visit before the order")
    _print(home, RESTATEMENT, "Conversions of the week from 12 October, as known at each pull")
    here = Path.cwd()
    shown = home.path.relative_to(here) if home.path.is_relative_to(here) else home.path
    published = shown / "published" / home.published_db.name
    console.print(f"\nThe published file, for any BI tool: {published}", markup=False)
    console.print(
        "\nWhat next\n"
        f"  export TRIBUTARY_HOME={shown} TRIBUTARY_NOW={now.isoformat()}   # the demo's clock\n"
        "  .venv/bin/tributary status\n"
        "  .venv/bin/tributary query 'select * from docs_tables'\n"
        "  make dev                                  # the Dagster UI\n"
        "  .venv/bin/tributary connections add --help  # an account of your own, in another folder",
        markup=False,
    )
    console.print("\nReports, for a browser", markup=False)
    for report in write_with_progress(home):
        console.print(f"  {shown / report.path.relative_to(home.path)}", markup=False)


def _print(home: Home, sql: str, title: str) -> None:
    found = query(home, sql)
    rows = list(zip(*(column.to_pylist() for column in found.columns), strict=True))
    console.print()
    print_table(found.column_names, rows, title=title)
