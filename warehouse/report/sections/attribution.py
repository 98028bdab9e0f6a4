"""Which channels get the credit, by several models."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from warehouse.report.charts import bars_of_two, distinct_labels
from warehouse.report.formats import Currency, money, text
from warehouse.report.section import Column, Row, Section
from warehouse.report.sections.period import PERIOD, TABLE

_MODELS = {
    "first": "First visit",
    "last": "Last visit",
    "last_non_direct": "Last but direct",
    "linear": "Linear",
    "time_decay": "Time decay",
    "position_based": "By position",
    "markov": "Markov",
}
_CREDITS = ",\n    ".join(
    "sum(months.credited_revenue_reporting)"
    f" filter (where months.model = '{name}') as {name}_credit"
    for name in _MODELS
)
_SQL = f"""
with {PERIOD}

select
    coalesce(any_value(channels.channel_name), months.channel) as channel_name,
    {_CREDITS}
from mart_channel_attribution as months
join period on months.date_month between date_trunc('month', period.first_day) and period.last_day
left join dim_channels as channels on months.channel = channels.channel
where months.organization_id = $organization
group by months.channel
having count(nullif(months.credited_revenue_reporting, 0)) > 0
order by last_credit desc nulls last, months.channel
"""


def _chart(rows: Sequence[Row], currency: Currency) -> dict[str, Any] | None:
    labelled = distinct_labels(rows, "channel_name")
    series = {
        "first_credit": ("First visit", "--claimed"),
        "last_credit": ("Last visit", "--revenue"),
    }
    return bars_of_two(labelled, series, currency)


SECTION = Section(
    slug="attribution",
    title="Credit for revenue",
    question="Which channels begin and which end the way to an order?",
    tables=("mart_channel_attribution", "dim_channels", TABLE),
    sql=_SQL,
    columns=(
        Column("channel_name", "Channel", text),
        *(Column(f"{name}_credit", label, money) for name, label in _MODELS.items()),
    ),
    empty="No orders in these months: connect a shop.",
    chart=_chart,
    note="Whole months that the period touches. Each model shares the same revenue among the "
    "visits before an order; the table has all of them.",
    is_optional=True,
)
