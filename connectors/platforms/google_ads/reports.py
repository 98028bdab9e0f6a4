"""Columns of the Google Ads reports.

Values stay as Google sends them: money in micros of the account's currency, dates and hours in the
account's time zone, enums as their names. `conversions` is fractional (data-driven attribution).
Fields: https://developers.google.com/google-ads/api/fields/v26/overview
"""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from connectors.core.columns import Column, essential
from connectors.platforms.google_ads.columns import (
    AD_FIELD,
    AD_WORDS,
    CRITERION_FIELD,
    CRITERION_WORDS,
    CUSTOMER,
    KEYWORD,
    attribute,
    dimension,
    metric,
)

RETENTION_DAYS = 1_123
"""37 months, counted short: older hours and days are no longer given (since 1 June 2026)."""

CLICK_DAYS = 30
"""Days back for which single clicks are asked. Google gives 90, but each click is a row and each
day a query, and an order follows its click within the usual window of 30 days."""

_DATE = dimension("date", "segments.date", "The account's own date.", pa.date32())
_HOUR = dimension("hour", "segments.hour", "Hour of the account's own day, 0 to 23.", pa.int32())
_BY_CAMPAIGN = dimension("campaign_id", "campaign.id", "Campaign id.")
_BY_AD_GROUP = dimension("ad_group_id", "ad_group.id", "Ad group id.")
_BY_AD = dimension("ad_id", AD_FIELD, AD_WORDS)
_BY_CRITERION = dimension("criterion_id", CRITERION_FIELD, CRITERION_WORDS)
_DEVICES = "DESKTOP, MOBILE, TABLET, CONNECTED_TV or OTHER."
_BY_DEVICE = dimension("device", "segments.device", _DEVICES)
_BY_NETWORK = dimension(
    "ad_network_type",
    "segments.ad_network_type",
    "SEARCH, SEARCH_PARTNERS, CONTENT, YOUTUBE, GMAIL, DISCOVER, MAPS, MIXED and others.",
)
_BY_AD_GROUP_OR_NONE = dimension(
    "ad_group_id",
    "ad_group.id",
    "Ad group id; empty for Performance Max, which has none.",
    may_be_empty=True,
)
_IN_WHOLE = "empty in the row of a whole ad group, or of a whole Performance Max campaign."


def _by_term(view: str) -> Column:
    words = f"What people searched for; {_IN_WHOLE}"
    return dimension("search_term", f"{view}.search_term", words, may_be_empty=True)


def _by_placement(view: str) -> tuple[Column, ...]:
    words = f"Domain, app, channel or video; {_IN_WHOLE}"
    kinds = "WEBSITE, MOBILE_APPLICATION, YOUTUBE_CHANNEL, YOUTUBE_VIDEO and others."
    return (
        dimension("placement", f"{view}.placement", words, may_be_empty=True),
        attribute("display_name", f"{view}.display_name", "Name of the placement."),
        attribute("target_url", f"{view}.target_url", "Its address, if it has one."),
        attribute("placement_type", f"{view}.placement_type", kinds),
    )


_BY_PLACE = (
    dimension(
        "country_criterion_id",
        "geographic_view.country_criterion_id",
        "Geo target of the country; empty where Google does not know it.",
        may_be_empty=True,
    ),
    dimension(
        "location_type",
        "geographic_view.location_type",
        "LOCATION_OF_PRESENCE (the person was there) or AREA_OF_INTEREST (meant the place).",
    ),
)
_BY_REGION = dimension(
    "geo_target_region",
    "segments.geo_target_region",
    "Resource name of the region's geo target; empty in the row of a whole country.",
    may_be_empty=True,
)

_CORE_METRICS = essential(
    metric("impressions", "Times that an ad was shown.", pa.int64()),
    metric("clicks", "Clicks.", pa.int64()),
    metric("cost_micros", "Cost in millionths of the account's currency.", pa.int64()),
    metric(
        "conversions",
        "Conversions on the date of the ad interaction, fractional; old days grow.",
        pa.float64(),
    ),
    metric(
        "conversions_value",
        "Value of the conversions in the account's currency (not micros).",
        pa.float64(),
    ),
)
_VIEW_THROUGH = metric(
    "view_through_conversions", "Conversions after an impression without a click.", pa.int64()
)
_MORE_METRICS = (
    metric("interactions", "Clicks, engagements and views, as the ad type has them.", pa.int64()),
    metric("video_trueview_views", "TrueView views of video ads.", pa.int64()),
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

_BY_CLICK = replace(
    dimension("click_id", "click_view.gclid", "Token of the click's gclid."), pii="id"
)

CAMPAIGN_STATS = (CUSTOMER, _DATE, _BY_CAMPAIGN, *_CORE_METRICS, *_MORE_METRICS)
CAMPAIGN_STATS_HOURLY = (CUSTOMER, _DATE, _HOUR, _BY_CAMPAIGN, *_CORE_METRICS)
AD_GROUP_STATS = (CUSTOMER, _DATE, _BY_CAMPAIGN, _BY_AD_GROUP, *_CORE_METRICS, _VIEW_THROUGH)
AD_STATS = (
    CUSTOMER,
    _DATE,
    _BY_CAMPAIGN,
    _BY_AD_GROUP,
    _BY_AD,
    *_CORE_METRICS,
    *_MORE_METRICS,
)
CAMPAIGN_STATS_BY_DEVICE = (
    CUSTOMER,
    _DATE,
    _BY_CAMPAIGN,
    _BY_DEVICE,
    _BY_NETWORK,
    *_CORE_METRICS,
)
KEYWORD_STATS = (
    CUSTOMER,
    _DATE,
    _BY_CAMPAIGN,
    _BY_AD_GROUP,
    _BY_CRITERION,
    *KEYWORD,
    *_CORE_METRICS,
    *_KEYWORD_METRICS,
)
CLICKS = (
    CUSTOMER,
    _DATE,
    _BY_CLICK,
    attribute("campaign_id", "campaign.id", "Campaign id."),
    attribute(
        "ad_group_ad",
        "click_view.ad_group_ad",
        "Resource name of the ad, customers/1/adGroupAds/2~3: its ad group and its id.",
    ),
    attribute(
        "keyword",
        "click_view.keyword",
        "Resource name of the keyword, customers/1/adGroupCriteria/2~4: its ad group and its id.",
    ),
    attribute("device", "segments.device", _DEVICES),
    metric("clicks", "One; outside Search each interaction counts.", pa.int64()),
)
GEO_COUNTRY_STATS = (CUSTOMER, _DATE, _BY_CAMPAIGN, *_BY_PLACE, *_CORE_METRICS)
GEO_STATS = (CUSTOMER, _DATE, _BY_CAMPAIGN, *_BY_PLACE, _BY_REGION, *_CORE_METRICS)
WHOLE_AD_GROUP_STATS = (CUSTOMER, _DATE, _BY_CAMPAIGN, _BY_AD_GROUP, *_CORE_METRICS)
WHOLE_CAMPAIGN_STATS = (CUSTOMER, _DATE, _BY_CAMPAIGN, *_CORE_METRICS)
PLACEMENT_STATS = (
    CUSTOMER,
    _DATE,
    _BY_CAMPAIGN,
    _BY_AD_GROUP_OR_NONE,
    *_by_placement("group_placement_view"),
    *_CORE_METRICS,
)
CAMPAIGN_PLACEMENT_STATS = (
    CUSTOMER,
    _DATE,
    _BY_CAMPAIGN,
    *_by_placement("performance_max_placement_view"),
    _CORE_METRICS[0],
)
SEARCH_TERM_STATS = (
    CUSTOMER,
    _DATE,
    _BY_CAMPAIGN,
    _BY_AD_GROUP_OR_NONE,
    _by_term("search_term_view"),
    attribute(
        "status",
        "search_term_view.status",
        "Whether the term is a keyword: ADDED, EXCLUDED, ADDED_EXCLUDED or NONE.",
    ),
    *_CORE_METRICS,
)
CAMPAIGN_TERM_STATS = (
    CUSTOMER,
    _DATE,
    _BY_CAMPAIGN,
    _by_term("campaign_search_term_view"),
    *_CORE_METRICS,
)
