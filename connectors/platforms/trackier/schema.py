"""Columns of Trackier's streams.

Numbers come as numbers or as text. Local times of the network are written out in UTC. Ids are the
short ones, which lists, reports and clicks share. https://trackier.github.io/docs-v1/
"""

from __future__ import annotations

import pyarrow as pa

from connectors.core.columns import DAY, MONEY, attribute, dimension, essential, metric

_INSTANT = pa.timestamp("us", "UTC")

CAMPAIGNS = (
    attribute("offer_id", "id", "Id of the campaign.", required=True),
    attribute("long_id", "_id", "Its long id."),
    attribute("name", "title", "Title."),
    attribute("status", "status", "active, paused, pending, disabled or deleted."),
    attribute("model", "model", "cpa, cpi, cpc, cpm or cps."),
    attribute("stated_currency", "currency", "Currency of its payouts."),
)

CONVERSIONS = (
    dimension("date", "date", "Day of the conversion, in the network's zone.", DAY),
    dimension("conversion_id", "_id", "Id, 24 hexadecimal digits."),
    attribute("click_id", "cid", "Id of the click."),
    attribute("converted_at", "created", "When it happened.", _INSTANT),
    attribute("clicked_at", "click_created", "When its click was made.", _INSTANT),
    attribute("offer_id", "campaign_id", "Id of the campaign."),
    attribute("affiliate_id", "publisher_id", "Id of the publisher."),
    attribute("status", "status", "approved, pending, cancelled or rejected."),
    *essential(metric("payout", "payout", "Paid to the publisher.", MONEY)),
    metric("revenue", "revenue", "Received from the advertiser.", MONEY),
    metric("sale_amount", "sale_amount", "Worth of the order.", MONEY),
    attribute("stated_currency", "currency", "Currency of these."),
    attribute("goal_id", "goal_id", "Id of the goal; null for the conversion itself."),
    attribute("order_id", "txn_id", "What the tag sends as transaction: the order, if set so."),
    attribute("sub1", "p1", "Sub id of the link."),
    attribute("note", "note", "CSV Adjusted, CSV Uploaded, or why it stands so."),
)

CLICKS = (
    dimension("date", "date", "Day of the click, in the network's zone.", DAY),
    dimension("click_id", "_id", "Id, 24 hexadecimal digits."),
    attribute("clicked_at", "created", "When it was made.", _INSTANT),
    attribute("offer_id", "campaign_id", "Id of the campaign."),
    attribute("campaign_long_id", "campaign_long_id", "Its long id."),
    attribute("affiliate_id", "publisher_id", "Id of the publisher."),
    attribute("publisher_long_id", "publisher_long_id", "Its long id."),
    attribute("sub1", "p1", "Sub id of the link."),
    attribute("country", "country", "Country (ISO 3166)."),
    attribute("is_unique", "unique", "Whether it is the first of a visitor.", pa.bool_()),
)

REPORTS = (
    dimension("date", "created", "Day, in the network's zone.", DAY),
    dimension("offer_id", "campaign_id", "Id of the campaign."),
    dimension("affiliate_id", "publisher_id", "Id of the publisher."),
    attribute("stated_currency", "currency", "Currency of the amounts."),
    metric("clicks", "grossClicks", "All clicks."),
    metric("unique_clicks", "uniqueClicks", "First clicks of visitors."),
    metric("conversions", "approvedConversions", "Approved conversions."),
    *essential(metric("payout", "payout", "Paid to publishers.", MONEY)),
    metric("revenue", "revenue", "Received from advertisers.", MONEY),
    metric("sale_amount", "saleAmount", "Worth of the orders.", MONEY),
)

IGNORED = frozenset(
    {
        # About one person's device, and names of what the ids beside them name.
        "ip", "ua", "user_agent", "device_id", "idfa", "gaid", "city", "region", "isp", "campaign",
        "campaign_name", "publisher", "publisher_name", "commissions", "payouts", "url", "profit",
        "thumbnail", "description",
    }
)  # fmt: skip
"""Known and dropped."""
