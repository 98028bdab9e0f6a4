"""Where revenue comes from, and what each channel costs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from warehouse.report.charts import bars_of_two, distinct_labels
from warehouse.report.formats import Currency, count, money, percent, text
from warehouse.report.section import Column, Row, Section
from warehouse.report.sections.period import PERIOD, TABLE

_SQL = f"""
with {PERIOD},

summed as (
    select
        coalesce(channels.channel_name, days.channel) as channel,
        sum(days.value) filter (where days.metric = 'net_revenue') as net_revenue,
        sum(days.value) filter (where days.metric = 'spend') as spend,
        sum(days.value) filter (where days.metric = 'orders') as orders,
        sum(days.value) filter (where days.metric = 'new_customers') as new_customers
    from mart_daily_aggregates as days
    join period on days.date_day between period.first_day and period.last_day
    left join dim_channels as channels on days.channel = channels.channel
    where days.organization_id = $organization
    group by all
)

select
    channel,
    net_revenue,
    net_revenue / nullif(sum(net_revenue) over (), 0) as share,
    spend,
    orders,
    new_customers
from summed
where coalesce(net_revenue, spend, orders, new_customers) is not null
order by net_revenue desc nulls last, spend desc nulls last, channel
"""


def _chart(rows: Sequence[Row], currency: Currency) -> dict[str, Any] | None:
    labelled = distinct_labels(rows, "channel")
    series = {"net_revenue": ("Net revenue", "--revenue"), "spend": ("Spend", "--spend")}
    return bars_of_two(labelled, series, currency)


SECTION = Section(
    slug="channels",
    title="Channels",
    question="Through which channels do customers come, and what do these cost?",
    tables=("mart_daily_aggregates", "dim_channels", TABLE),
    sql=_SQL,
    columns=(
        Column("channel", "Channel", text),
        Column("net_revenue", "Net revenue", money),
        Column("share", "Share", percent),
        Column("spend", "Spend", money),
        Column("orders", "Orders", count),
        Column("new_customers", "New customers", count),
    ),
    empty="No revenue and no spend in these days: connect a shop or an ad platform.",
    chart=_chart,
    note="An order counts for the channel of its last visit. What has no channel is "
    "“Unattributed”, so that channels add up to all revenue.",
)
