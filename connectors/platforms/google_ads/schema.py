"""Columns of the Google Ads lists.

Values stay as Google sends them: money in micros of the account's currency, instants as the wall
time of the account, enums as their names.
Fields: https://developers.google.com/google-ads/api/fields/v26/overview
"""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from connectors.platforms.google_ads.columns import (
    AD_FIELD,
    AD_GROUP,
    AD_WORDS,
    CAMPAIGN,
    CRITERION_FIELD,
    CRITERION_WORDS,
    CUSTOMER,
    KEYWORD,
    attribute,
)

IGNORED = frozenset({"resourceName"})
"""Every touched resource brings its name; it repeats the ids."""

ACCOUNTS = (
    CUSTOMER,
    attribute("descriptive_name", "customer.descriptive_name", "Name of the account."),
    attribute("currency_code", "customer.currency_code", "Currency of all its money, ISO 4217."),
    attribute("time_zone", "customer.time_zone", "IANA time zone of all its dates and hours."),
    attribute("manager", "customer.manager", "True for a manager account.", pa.bool_()),
    attribute("status", "customer.status", "ENABLED, CANCELED, SUSPENDED or CLOSED."),
)
CAMPAIGNS = (
    CUSTOMER,
    CAMPAIGN,
    attribute("name", "campaign.name", "Name of the campaign."),
    attribute("status", "campaign.status", "ENABLED, PAUSED or REMOVED."),
    attribute(
        "advertising_channel_type",
        "campaign.advertising_channel_type",
        "SEARCH, DISPLAY, SHOPPING, VIDEO, PERFORMANCE_MAX and others.",
    ),
    attribute(
        "advertising_channel_sub_type",
        "campaign.advertising_channel_sub_type",
        "APP_CAMPAIGN, VIDEO_NON_SKIPPABLE and others; unset for most.",
    ),
    attribute(
        "bidding_strategy_type",
        "campaign.bidding_strategy_type",
        "MAXIMIZE_CONVERSIONS, TARGET_ROAS, MANUAL_CPC and others.",
    ),
    attribute(
        "start_date_time",
        "campaign.start_date_time",
        "First instant, wall time of the account.",
        pa.timestamp("us"),
    ),
    attribute(
        "end_date_time",
        "campaign.end_date_time",
        "Last instant, wall time of the account; far in the future if there is no end.",
        pa.timestamp("us"),
    ),
    attribute("budget_id", "campaign_budget.id", "Budget id; campaigns may share a budget."),
    attribute(
        "budget_amount_micros",
        "campaign_budget.amount_micros",
        "Budget of one period in millionths of the account's currency.",
        pa.int64(),
    ),
    attribute("budget_period", "campaign_budget.period", "DAILY or CUSTOM_PERIOD."),
    attribute(
        "budget_delivery_method", "campaign_budget.delivery_method", "STANDARD or ACCELERATED."
    ),
)
AD_GROUPS = (
    CUSTOMER,
    CAMPAIGN,
    AD_GROUP,
    attribute("name", "ad_group.name", "Name of the ad group."),
    attribute("status", "ad_group.status", "ENABLED, PAUSED or REMOVED."),
    attribute("type", "ad_group.type", "SEARCH_STANDARD, DISPLAY_STANDARD and others."),
    attribute(
        "cpc_bid_micros",
        "ad_group.cpc_bid_micros",
        "Highest bid for a click in millionths of the account's currency.",
        pa.int64(),
    ),
)
ADS = (
    CUSTOMER,
    CAMPAIGN,
    AD_GROUP,
    attribute("ad_id", AD_FIELD, AD_WORDS, required=True),
    attribute("name", "ad_group_ad.ad.name", "Name of the ad; only some types have one."),
    attribute("type", "ad_group_ad.ad.type", "RESPONSIVE_SEARCH_AD, IMAGE_AD and others."),
    attribute(
        "final_urls", "ad_group_ad.ad.final_urls", "Landing pages, a JSON list of addresses."
    ),
    attribute("status", "ad_group_ad.status", "ENABLED, PAUSED or REMOVED."),
    attribute(
        "image_url", "ad_group_ad.ad.image_ad.image_url", "Picture of an image ad, if it is one."
    ),
    attribute(
        "headlines",
        "ad_group_ad.ad.responsive_search_ad.headlines",
        "Headlines of a responsive search ad, a JSON list of texts with where they are pinned.",
    ),
    attribute(
        "descriptions",
        "ad_group_ad.ad.responsive_search_ad.descriptions",
        "Descriptions of a responsive search ad, a JSON list of texts with where they are pinned.",
    ),
)
KEYWORDS = (
    CUSTOMER,
    CAMPAIGN,
    AD_GROUP,
    attribute("criterion_id", CRITERION_FIELD, CRITERION_WORDS, required=True),
    *KEYWORD,
    attribute("status", "ad_group_criterion.status", "ENABLED, PAUSED or REMOVED."),
    attribute(
        "negative",
        "ad_group_criterion.negative",
        "True for a keyword on which the ad group does not show; it never has numbers.",
        pa.bool_(),
    ),
    attribute(
        "cpc_bid_micros",
        "ad_group_criterion.cpc_bid_micros",
        "The keyword's own highest bid for a click, micros; unset where the ad group's holds.",
        pa.int64(),
    ),
    attribute(
        "final_urls",
        "ad_group_criterion.final_urls",
        "The keyword's own landing pages, a JSON list of addresses; mostly the ads' hold.",
    ),
    attribute(
        "quality_score",
        "ad_group_criterion.quality_info.quality_score",
        "Quality score now, 1 to 10; unset where Google has too little data.",
        pa.int32(),
    ),
    attribute(
        "creative_quality_score",
        "ad_group_criterion.quality_info.creative_quality_score",
        "Relevance of the ad: BELOW_AVERAGE, AVERAGE or ABOVE_AVERAGE.",
    ),
    attribute(
        "post_click_quality_score",
        "ad_group_criterion.quality_info.post_click_quality_score",
        "Experience of the landing page: BELOW_AVERAGE, AVERAGE or ABOVE_AVERAGE.",
    ),
    attribute(
        "search_predicted_ctr",
        "ad_group_criterion.quality_info.search_predicted_ctr",
        "Expected click rate: BELOW_AVERAGE, AVERAGE or ABOVE_AVERAGE.",
    ),
)
LABELS = (
    CUSTOMER,
    attribute("label_id", "label.id", "Label id.", required=True),
    attribute("name", "label.name", "Text of the label."),
    CAMPAIGN,
    replace(AD_GROUP, may_be_empty=True),
    replace(attribute("ad_id", AD_FIELD, AD_WORDS, required=True), may_be_empty=True),
)
GEO_TARGETS = (
    attribute("geo_target_id", "geo_target_constant.id", "Geo target id.", required=True),
    attribute("name", "geo_target_constant.name", "English name."),
    attribute(
        "canonical_name", "geo_target_constant.canonical_name", "Name with its parents' names."
    ),
    attribute("country_code", "geo_target_constant.country_code", "ISO 3166-1, two letters."),
    attribute("target_type", "geo_target_constant.target_type", "Country, State, City and others."),
    attribute("status", "geo_target_constant.status", "ENABLED or REMOVAL_PLANNED."),
    attribute(
        "parent_geo_target",
        "geo_target_constant.parent_geo_target",
        "Resource name of the place that it lies in.",
    ),
)
