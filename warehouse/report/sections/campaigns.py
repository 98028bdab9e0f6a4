"""The campaigns that cost most."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from warehouse.report.charts import bars_of_two, distinct_labels
from warehouse.report.formats import Currency, count, money, ratio, text
from warehouse.report.section import Column, Row, Section
from warehouse.report.sections.period import PERIOD, TABLE

_SQL = f"""
with {PERIOD},

summed as (
    select
        days.campaign_key,
        max_by(days.campaign_name, days.date_day) as campaign,
        max(coalesce(platforms.platform_name, days.platform)) as platform_name,
        max(days.campaign_id) as campaign_id,
        sum(days.spend_reporting) as spend,
        sum(days.conversion_value_reporting) as claimed,
        sum(days.clicks) as clicks,
        sum(days.conversions) as conversions
    from mart_campaign_daily_summary as days
    join period on days.date_day between period.first_day and period.last_day
    left join dim_platforms as platforms on days.platform = platforms.platform
    where days.organization_id = $organization
    group by days.campaign_key
)

select
    campaign,
    platform_name,
    campaign_id,
    spend,
    claimed,
    claimed / nullif(spend, 0) as claimed_roas,
    clicks,
    conversions
from summed
where spend > 0
order by spend desc, campaign_key
limit 10
"""


def _chart(rows: Sequence[Row], currency: Currency) -> dict[str, Any] | None:
    labelled = distinct_labels(rows, "campaign")
    series = {"spend": ("Spend", "--spend"), "claimed": ("Claimed", "--claimed")}
    return bars_of_two(labelled, series, currency)


SECTION = Section(
    slug="campaigns",
    title="Largest campaigns",
    question="Where does most of the budget go, and what do the platforms claim for it?",
    tables=("mart_campaign_daily_summary", "dim_platforms", TABLE),
    sql=_SQL,
    columns=(
        Column("campaign", "Campaign", text),
        Column("platform_name", "Platform", text),
        Column("campaign_id", "Id", text),
        Column("spend", "Spend", money),
        Column("claimed", "Claimed revenue", money),
        Column("claimed_roas", "Claimed ROAS", ratio),
        Column("clicks", "Clicks", count),
        Column("conversions", "Conversions", count),
    ),
    empty="No campaign spent anything in these days: connect an ad platform.",
    chart=_chart,
    is_half=True,
)
