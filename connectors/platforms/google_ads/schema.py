"""Columns of the Google Ads streams.

Values stay as Google sends them: money in micros of the account's currency, dates and hours in the
account's time zone, enums as their names. `conversions` is fractional (data-driven attribution).
Fields: https://developers.google.com/google-ads/api/fields/v26/overview
"""

from __future__ import annotations

import pyarrow as pa

from connectors.core.stream import Column
from connectors.platforms.google_ads.gaql import json_path

IGNORED = frozenset({"resourceName"})
"""Every touched resource brings its name; it repeats the ids."""


def _dimension(name: str, field: str, description: str, type_: pa.DataType | None = None) -> Column:
    return Column(
        name,
        type_ or pa.string(),
        json_path(field),
        "dimension",
        description,
        required=True,
        field=field,
    )


def _attribute(
    name: str,
    field: str,
    description: str,
    type_: pa.DataType | None = None,
    *,
    required: bool = False,
) -> Column:
    return Column(
        name,
        type_ or pa.string(),
        json_path(field),
        "attribute",
        description,
        required=required,
        field=field,
    )


def _metric(name: str, description: str, type_: pa.DataType) -> Column:
    field = f"metrics.{name}"
    return Column(name, type_, json_path(field), "metric", description, "additive", field=field)


_CUSTOMER = _attribute(
    "customer_id", "customer.id", "Google Ads account (customer) id, digits only.", required=True
)
_CAMPAIGN = _attribute("campaign_id", "campaign.id", "Campaign id.", required=True)
_AD_GROUP = _attribute("ad_group_id", "ad_group.id", "Ad group id.", required=True)

_AD_FIELD = "ad_group_ad.ad.id"
_AD_WORDS = "Ad id; unique inside its ad group only."

_DATE = _dimension("date", "segments.date", "The account's own date.", pa.date32())
_HOUR = _dimension("hour", "segments.hour", "Hour of the account's own day, 0 to 23.", pa.int32())
_BY_CAMPAIGN = _dimension("campaign_id", "campaign.id", "Campaign id.")
_BY_AD_GROUP = _dimension("ad_group_id", "ad_group.id", "Ad group id.")
_BY_AD = _dimension("ad_id", _AD_FIELD, _AD_WORDS)

_CORE_METRICS = (
    _metric("impressions", "Times that an ad was shown.", pa.int64()),
    _metric("clicks", "Clicks.", pa.int64()),
    _metric("cost_micros", "Cost in millionths of the account's currency.", pa.int64()),
    _metric(
        "conversions",
        "Conversions on the date of the ad interaction, fractional; old days grow.",
        pa.float64(),
    ),
    _metric(
        "conversions_value",
        "Value of the conversions in the account's currency (not micros).",
        pa.float64(),
    ),
)
_MORE_METRICS = (
    _metric("interactions", "Clicks, engagements and views, as the ad type has them.", pa.int64()),
    _metric("video_trueview_views", "TrueView views of video ads.", pa.int64()),
    _metric(
        "view_through_conversions", "Conversions after an impression without a click.", pa.int64()
    ),
)

ACCOUNTS = (
    _CUSTOMER,
    _attribute("descriptive_name", "customer.descriptive_name", "Name of the account."),
    _attribute("currency_code", "customer.currency_code", "Currency of all its money, ISO 4217."),
    _attribute("time_zone", "customer.time_zone", "IANA time zone of all its dates and hours."),
    _attribute("manager", "customer.manager", "True for a manager account.", pa.bool_()),
    _attribute("status", "customer.status", "ENABLED, CANCELED, SUSPENDED or CLOSED."),
)
CAMPAIGNS = (
    _CUSTOMER,
    _CAMPAIGN,
    _attribute("name", "campaign.name", "Name of the campaign."),
    _attribute("status", "campaign.status", "ENABLED, PAUSED or REMOVED."),
    _attribute(
        "advertising_channel_type",
        "campaign.advertising_channel_type",
        "SEARCH, DISPLAY, SHOPPING, VIDEO, PERFORMANCE_MAX and others.",
    ),
    _attribute(
        "start_date_time",
        "campaign.start_date_time",
        "First instant, wall time of the account.",
        pa.timestamp("us"),
    ),
    _attribute(
        "end_date_time",
        "campaign.end_date_time",
        "Last instant, wall time of the account; far in the future if there is no end.",
        pa.timestamp("us"),
    ),
    _attribute("budget_id", "campaign_budget.id", "Budget id; campaigns may share a budget."),
    _attribute(
        "budget_amount_micros",
        "campaign_budget.amount_micros",
        "Budget of one period in millionths of the account's currency.",
        pa.int64(),
    ),
    _attribute("budget_period", "campaign_budget.period", "DAILY or CUSTOM_PERIOD."),
    _attribute(
        "budget_delivery_method", "campaign_budget.delivery_method", "STANDARD or ACCELERATED."
    ),
)
AD_GROUPS = (
    _CUSTOMER,
    _CAMPAIGN,
    _AD_GROUP,
    _attribute("name", "ad_group.name", "Name of the ad group."),
    _attribute("status", "ad_group.status", "ENABLED, PAUSED or REMOVED."),
    _attribute("type", "ad_group.type", "SEARCH_STANDARD, DISPLAY_STANDARD and others."),
    _attribute(
        "cpc_bid_micros",
        "ad_group.cpc_bid_micros",
        "Highest bid for a click in millionths of the account's currency.",
        pa.int64(),
    ),
)
ADS = (
    _CUSTOMER,
    _CAMPAIGN,
    _AD_GROUP,
    _attribute("ad_id", _AD_FIELD, _AD_WORDS, required=True),
    _attribute("name", "ad_group_ad.ad.name", "Name of the ad; only some types have one."),
    _attribute("type", "ad_group_ad.ad.type", "RESPONSIVE_SEARCH_AD, IMAGE_AD and others."),
    _attribute(
        "final_urls", "ad_group_ad.ad.final_urls", "Landing pages, a JSON list of addresses."
    ),
    _attribute("status", "ad_group_ad.status", "ENABLED, PAUSED or REMOVED."),
    _attribute(
        "image_url", "ad_group_ad.ad.image_ad.image_url", "Picture of an image ad, if it is one."
    ),
)
CAMPAIGN_STATS = (_CUSTOMER, _DATE, _BY_CAMPAIGN, *_CORE_METRICS, *_MORE_METRICS)
CAMPAIGN_STATS_HOURLY = (_CUSTOMER, _DATE, _HOUR, _BY_CAMPAIGN, *_CORE_METRICS)
AD_GROUP_STATS = (_CUSTOMER, _DATE, _BY_CAMPAIGN, _BY_AD_GROUP, *_CORE_METRICS)
AD_STATS = (
    _CUSTOMER,
    _DATE,
    _BY_CAMPAIGN,
    _BY_AD_GROUP,
    _BY_AD,
    *_CORE_METRICS,
    *_MORE_METRICS,
)
