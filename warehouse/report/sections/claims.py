"""What platforms claim, beside what the shops confirm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from warehouse.report.charts import bars_of_two, distinct_labels
from warehouse.report.formats import Currency, money, ratio, text
from warehouse.report.section import Column, Row, Section
from warehouse.report.sections.period import PERIOD, TABLE

_SQL = f"""
with {PERIOD},

summed as (
    select
        days.platform = 'unattributed' as is_rest,
        if(
            days.platform = 'unattributed', 'Other sources',
            coalesce(max(platforms.platform_name), days.platform)
        ) as platform_name,
        sum(days.spend_reporting) as spend,
        sum(days.platform_conversion_value_reporting) as claimed,
        sum(days.shop_net_revenue_reporting) as confirmed
    from mart_platform_comparison as days
    join period on days.date_day between period.first_day and period.last_day
    left join dim_platforms as platforms on days.platform = platforms.platform
    where days.organization_id = $organization
    group by days.platform
)

select
    platform_name,
    spend,
    claimed,
    confirmed,
    claimed / nullif(spend, 0) as claimed_roas,
    confirmed / nullif(spend, 0) as confirmed_roas
from summed
where coalesce(spend, claimed, confirmed) is not null
order by is_rest, spend desc nulls last, platform_name
"""


def _chart(rows: Sequence[Row], currency: Currency) -> dict[str, Any] | None:
    labelled = distinct_labels(rows, "platform_name")
    series = {"claimed": ("Claimed", "--claimed"), "confirmed": ("Confirmed", "--revenue")}
    return bars_of_two(labelled, series, currency)


SECTION = Section(
    slug="claims",
    title="Claimed against confirmed",
    question="How much of the revenue that platforms claim do the shops confirm?",
    tables=("mart_platform_comparison", "dim_platforms", TABLE),
    sql=_SQL,
    columns=(
        Column("platform_name", "Platform", text),
        Column("spend", "Spend", money),
        Column("claimed", "Claimed revenue", money),
        Column("confirmed", "Confirmed revenue", money),
        Column("claimed_roas", "Claimed ROAS", ratio),
        Column("confirmed_roas", "Confirmed ROAS", ratio),
    ),
    empty="No platform reported in these days: connect an ad platform.",
    chart=_chart,
    note="Confirmed: net revenue of the shops' orders whose last visit came from the platform. "
    "Platforms count an order that several of them touched several times.",
    is_half=True,
)
