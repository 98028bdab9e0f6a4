"""Columns of the Google Ads streams.

Values stay as Google sends them: money in micros of the account's currency, dates and hours in the
account's time zone, enums as their names. `conversions` is fractional (data-driven attribution).
Fields: https://developers.google.com/google-ads/api/fields/v26/overview
"""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from connectors.core.columns import Column, essential
from connectors.platforms.google_ads.gaql import json_path

RETENTION_DAYS = 1_123
"""37 months, counted short: older hours and days are no longer given (since 1 June 2026)."""
IGNORED = frozenset({"resourceName"})
"""Every touched resource brings its name; it repeats the ids."""


def _dimension(
    name: str,
    field: str,
    description: str,
    type_: pa.DataType | None = None,
    *,
    may_be_empty: bool = False,
) -> Column:
    column = _attribute(name, field, description, type_, required=True)
    return replace(column, role="dimension", may_be_empty=may_be_empty)


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

_CRITERION_FIELD = "ad_group_criterion.criterion_id"
_CRITERION_WORDS = "Keyword (criterion) id; unique inside its ad group only."
_KEYWORD = (
    _attribute("text", "ad_group_criterion.keyword.text", "Words of the keyword; never change."),
    _attribute("match_type", "ad_group_criterion.keyword.match_type", "EXACT, PHRASE or BROAD."),
)

_DATE = _dimension("date", "segments.date", "The account's own date.", pa.date32())
_HOUR = _dimension("hour", "segments.hour", "Hour of the account's own day, 0 to 23.", pa.int32())
_BY_CAMPAIGN = _dimension("campaign_id", "campaign.id", "Campaign id.")
_BY_AD_GROUP = _dimension("ad_group_id", "ad_group.id", "Ad group id.")
_BY_AD = _dimension("ad_id", _AD_FIELD, _AD_WORDS)
_BY_CRITERION = _dimension("criterion_id", _CRITERION_FIELD, _CRITERION_WORDS)
_BY_DEVICE = _dimension(
    "device", "segments.device", "DESKTOP, MOBILE, TABLET, CONNECTED_TV or OTHER."
)
_BY_PLACE = (
    _dimension(
        "country_criterion_id",
        "geographic_view.country_criterion_id",
        "Geo target of the country; empty where Google does not know it.",
        may_be_empty=True,
    ),
    _dimension(
        "location_type",
        "geographic_view.location_type",
        "LOCATION_OF_PRESENCE (the person was there) or AREA_OF_INTEREST (meant the place).",
    ),
)
_BY_REGION = _dimension(
    "geo_target_region",
    "segments.geo_target_region",
    "Resource name of the region's geo target; empty in the row of a whole country.",
    may_be_empty=True,
)

_CORE_METRICS = essential(
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
_VIEW_THROUGH = _metric(
    "view_through_conversions", "Conversions after an impression without a click.", pa.int64()
)
_MORE_METRICS = (
    _metric("interactions", "Clicks, engagements and views, as the ad type has them.", pa.int64()),
    _metric("video_trueview_views", "TrueView views of video ads.", pa.int64()),
    _VIEW_THROUGH,
)

_KEYWORD_METRICS = (
    Column(
        "historical_quality_score",
        pa.int64(),
        "metrics.historicalQualityScore",
        "metric",
        "Quality score of that day, 1 to 10; unset where Google has too little data.",
        "none",
        field="metrics.historical_quality_score",
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
KEYWORDS = (
    _CUSTOMER,
    _CAMPAIGN,
    _AD_GROUP,
    _attribute("criterion_id", _CRITERION_FIELD, _CRITERION_WORDS, required=True),
    *_KEYWORD,
    _attribute("status", "ad_group_criterion.status", "ENABLED, PAUSED or REMOVED."),
    _attribute(
        "negative",
        "ad_group_criterion.negative",
        "True for a keyword on which the ad group does not show; it never has numbers.",
        pa.bool_(),
    ),
    _attribute(
        "cpc_bid_micros",
        "ad_group_criterion.cpc_bid_micros",
        "The keyword's own highest bid for a click, micros; unset where the ad group's holds.",
        pa.int64(),
    ),
    _attribute(
        "final_urls",
        "ad_group_criterion.final_urls",
        "The keyword's own landing pages, a JSON list of addresses; mostly the ads' hold.",
    ),
    _attribute(
        "quality_score",
        "ad_group_criterion.quality_info.quality_score",
        "Quality score now, 1 to 10; unset where Google has too little data.",
        pa.int32(),
    ),
    _attribute(
        "creative_quality_score",
        "ad_group_criterion.quality_info.creative_quality_score",
        "Relevance of the ad: BELOW_AVERAGE, AVERAGE or ABOVE_AVERAGE.",
    ),
    _attribute(
        "post_click_quality_score",
        "ad_group_criterion.quality_info.post_click_quality_score",
        "Experience of the landing page: BELOW_AVERAGE, AVERAGE or ABOVE_AVERAGE.",
    ),
    _attribute(
        "search_predicted_ctr",
        "ad_group_criterion.quality_info.search_predicted_ctr",
        "Expected click rate: BELOW_AVERAGE, AVERAGE or ABOVE_AVERAGE.",
    ),
)
GEO_TARGETS = (
    _attribute("geo_target_id", "geo_target_constant.id", "Geo target id.", required=True),
    _attribute("name", "geo_target_constant.name", "English name."),
    _attribute(
        "canonical_name", "geo_target_constant.canonical_name", "Name with its parents' names."
    ),
    _attribute("country_code", "geo_target_constant.country_code", "ISO 3166-1, two letters."),
    _attribute(
        "target_type", "geo_target_constant.target_type", "Country, State, City and others."
    ),
    _attribute("status", "geo_target_constant.status", "ENABLED or REMOVAL_PLANNED."),
    _attribute(
        "parent_geo_target",
        "geo_target_constant.parent_geo_target",
        "Resource name of the place that it lies in.",
    ),
)
CAMPAIGN_STATS = (_CUSTOMER, _DATE, _BY_CAMPAIGN, *_CORE_METRICS, *_MORE_METRICS)
CAMPAIGN_STATS_HOURLY = (_CUSTOMER, _DATE, _HOUR, _BY_CAMPAIGN, *_CORE_METRICS)
AD_GROUP_STATS = (_CUSTOMER, _DATE, _BY_CAMPAIGN, _BY_AD_GROUP, *_CORE_METRICS, _VIEW_THROUGH)
AD_STATS = (
    _CUSTOMER,
    _DATE,
    _BY_CAMPAIGN,
    _BY_AD_GROUP,
    _BY_AD,
    *_CORE_METRICS,
    *_MORE_METRICS,
)
CAMPAIGN_STATS_BY_DEVICE = (_CUSTOMER, _DATE, _BY_CAMPAIGN, _BY_DEVICE, *_CORE_METRICS)
KEYWORD_STATS = (
    _CUSTOMER,
    _DATE,
    _BY_CAMPAIGN,
    _BY_AD_GROUP,
    _BY_CRITERION,
    *_KEYWORD,
    *_CORE_METRICS,
    *_KEYWORD_METRICS,
)
GEO_COUNTRY_STATS = (_CUSTOMER, _DATE, _BY_CAMPAIGN, *_BY_PLACE, *_CORE_METRICS)
GEO_STATS = (_CUSTOMER, _DATE, _BY_CAMPAIGN, *_BY_PLACE, _BY_REGION, *_CORE_METRICS)
