"""The products that sell most."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from warehouse.report.charts import bars_of_two, distinct_labels
from warehouse.report.formats import Currency, count, money, percent, text
from warehouse.report.section import Column, Row, Section
from warehouse.report.sections.period import PERIOD, TABLE

_SQL = f"""
with {PERIOD}

select
    max_by(days.product_name, days.date_day) as product,
    days.product_id,
    sum(days.units_sold) as units_sold,
    sum(days.units_returned) as units_returned,
    sum(days.net_revenue_reporting) as net_revenue,
    sum(days.refunds_reporting) as refunds,
    sum(days.margin_amount_reporting) as margin,
    sum(days.margin_amount_reporting)
    / nullif(sum(days.margin_revenue_reporting), 0) as margin_rate
from mart_product_performance as days
join period on days.date_day between period.first_day and period.last_day
where days.organization_id = $organization
group by days.connection_id, days.product_id
order by net_revenue desc nulls last, days.connection_id, days.product_id
limit 10
"""


def _chart(rows: Sequence[Row], currency: Currency) -> dict[str, Any] | None:
    labelled = distinct_labels(rows, "product")
    series = {"net_revenue": ("Net revenue", "--revenue"), "margin": ("Margin", "--margin")}
    return bars_of_two(labelled, series, currency)


SECTION = Section(
    slug="products",
    title="Top products",
    question="Which products bring most, and what stays of it?",
    tables=("mart_product_performance", TABLE),
    sql=_SQL,
    columns=(
        Column("product", "Product", text),
        Column("product_id", "Id", text),
        Column("units_sold", "Sold", count),
        Column("units_returned", "Returned", count),
        Column("net_revenue", "Net revenue", money),
        Column("refunds", "Refunds", money),
        Column("margin", "Margin", money),
        Column("margin_rate", "Margin rate", percent),
    ),
    empty="No product was sold in these days: connect a shop.",
    chart=_chart,
    note="Variants of a product are added up. Margin is known for what has a cost: its rate is of "
    "the revenue with a known cost.",
)
