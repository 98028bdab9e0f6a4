"""Columns of TUNE's streams.

Values are text, typed here; local times of the network are written out in UTC. Money of a row is in
the currency that stands beside it. https://developers.tune.com/network/report-getconversions
"""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from connectors.core.columns import DAY, MONEY, Column, attribute, dimension, essential, metric

_INSTANT = pa.timestamp("us", "UTC")


def _stat(column: Column) -> Column:
    """Returns a column of a report, whose fields stand under `Stat`."""
    return replace(column, source=f"Stat.{column.source}")


_MONEY = (
    *essential(_stat(metric("payout", "payout", "Paid to the partner.", MONEY))),
    _stat(metric("revenue", "revenue", "Received from the advertiser.", MONEY)),
    _stat(metric("sale_amount", "sale_amount", "Worth of the order.", MONEY)),
    _stat(attribute("stated_currency", "currency", "Currency of these.")),
)

OFFERS = (
    attribute("offer_id", "id", "Id.", required=True),
    attribute("name", "name", "Name."),
    attribute("status", "status", "active, paused, pending, expired or deleted."),
    attribute("payout_type", "payout_type", "cpa_flat, cpa_percentage, cpa_both, cpc or cpm."),
    attribute("default_payout", "default_payout", "Payout of a conversion.", MONEY),
    attribute("percent_payout", "percent_payout", "Payout in hundredths of the sale.", MONEY),
    attribute("stated_currency", "currency", "Currency; empty for the network's."),
)

AFFILIATES = (
    attribute("affiliate_id", "id", "Id of the partner.", required=True),
    attribute("name", "company", "Name."),
    attribute("status", "status", "active, pending, blocked, deleted or rejected."),
    attribute("joined_at", "date_added", "When it joined.", _INSTANT),
)

_CONVERTED = (
    dimension("date", "date", "Day of the conversion, in the network's zone.", DAY),
    _stat(dimension("conversion_id", "tune_event_id", "Id.")),
    _stat(attribute("converted_at", "datetime", "When it happened.", _INSTANT)),
    _stat(attribute("clicked_at", "session_datetime", "When its click was made.", _INSTANT)),
    _stat(attribute("offer_id", "offer_id", "Id of the offer.")),
    _stat(attribute("affiliate_id", "affiliate_id", "Id of the partner.")),
    _stat(attribute("goal_id", "goal_id", "Id of the goal; 0 for the conversion itself.")),
    _stat(attribute("status", "status", "approved, pending or rejected.")),
    _stat(attribute("status_code", "status_code", "Why it stands so, by number.")),
    *_MONEY,
    _stat(attribute("transaction_id", "ad_id", "Id of the click.")),
    _stat(attribute("order_id", "advertiser_info", "What the tag sends: the order, if set so.")),
    _stat(attribute("sub1", "affiliate_info1", "Sub id of the link.")),
    _stat(attribute("is_adjustment", "is_adjustment", "1 for a correction by hand.")),
)
CONVERSIONS = _CONVERTED
ADJUSTMENTS = _CONVERTED

STATS = (
    replace(dimension("date", "date", "Day, in the network's zone.", DAY), field="Stat.date"),
    _stat(dimension("offer_id", "offer_id", "Id of the offer.")),
    _stat(dimension("affiliate_id", "affiliate_id", "Id of the partner.")),
    _stat(metric("impressions", "impressions", "Impressions.")),
    _stat(metric("clicks", "clicks", "Clicks, corrected ones too.")),
    _stat(metric("unique_clicks", "unique_clicks", "First clicks of visitors.")),
    _stat(metric("conversions", "conversions", "Approved conversions.")),
    *_MONEY,
)

INVOICES = (
    attribute("invoice_id", "id", "Id.", required=True),
    attribute("affiliate_id", "affiliate_id", "Id of the partner."),
    attribute("amount", "amount", "What is to be paid.", MONEY),
    attribute("actions", "actions", "Conversions that it is of.", pa.int64()),
    attribute("stated_currency", "currency", "Its currency."),
    attribute("issued_at", "datetime", "When it was written.", _INSTANT),
    attribute("first_day", "start_date", "First day that it is of.", DAY),
    attribute("last_day", "end_date", "Last day that it is of.", DAY),
    attribute("is_paid", "is_paid", "1 when it is paid."),
    attribute("receipt_id", "receipt_id", "Id of the receipt."),
    attribute("status", "status", "active or deleted."),
)
IGNORED = frozenset({"memo", "notes"})
"""Free text about a partner: dropped."""
