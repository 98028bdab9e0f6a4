"""Columns of the Meta Ads streams.

Values stay as Meta sends them: budgets in the currency's minor unit, `spend` in its major unit,
dates and hours in the account's time zone, lists of actions as JSON text. Which action counts as a
conversion is decided further down, by an explicit list, so that a wiser list needs no new pull.
https://developers.facebook.com/docs/marketing-api/reference/adgroup/insights
"""

from __future__ import annotations

import pyarrow as pa

from connectors.core.columns import (
    MONEY,
    Additivity,
    Column,
    attribute,
    dimension,
    essential,
    metric,
)

HOUR_RANGE = "hourly_stats_aggregated_by_advertiser_time_zone"
"""The breakdown by the account's own hours; those of the audience do not line up with its day."""
NO_HOUR = "none"
"""In place of the hour that Meta leaves out of a row without impressions: a key has no holes."""

IGNORED = frozenset({"date_stop"})
"""Repeats `date_start`, since every report asks for single days."""
ACCOUNT_IGNORED = frozenset({"id"})
"""`act_` and the account's id."""

ATTRIBUTION_WINDOWS = ("1d_click", "7d_click", "28d_click", "1d_view")
"""Longer ones hold the shorter; 7d_view and 28d_view ended on 12 January 2026."""

CAMPAIGN_STATUSES = ("ACTIVE", "PAUSED", "ARCHIVED", "DELETED", "IN_PROCESS", "WITH_ISSUES")
AD_SET_STATUSES = (*CAMPAIGN_STATUSES, "CAMPAIGN_PAUSED")
AD_STATUSES = (
    *AD_SET_STATUSES,
    "ADSET_PAUSED",
    "DISAPPROVED",
    "PENDING_REVIEW",
    "PENDING_BILLING_INFO",
    "PREAPPROVED",
)
"""Every status must be named: without, Meta hides what was archived or deleted, and its spend."""

_INSTANT = pa.timestamp("us", tz="UTC")


def _metric(
    name: str, description: str, type_: pa.DataType, additivity: Additivity = "additive"
) -> Column:
    return metric(name, name, description, type_, additivity)


def _actions(name: str, words: str) -> Column:
    return attribute(name, name, f"{words}, a JSON list of action types with their values.")


_ACCOUNT = attribute("ad_account_id", "account_id", "Ad account id, digits.", required=True)
_CAMPAIGN = attribute("campaign_id", "campaign_id", "Campaign id.", required=True)
_STATUS = attribute("status", "status", "ACTIVE, PAUSED, ARCHIVED or DELETED, as it was set.")
_CREATED = attribute("created_time", "created_time", "When it was made.", _INSTANT)
_UPDATED = attribute("updated_time", "updated_time", "When it was last changed.", _INSTANT)
_DAILY_BUDGET = attribute(
    "daily_budget", "daily_budget", "Budget of a day in the currency's minor unit.", pa.int64()
)
_LIFETIME_BUDGET = attribute(
    "lifetime_budget", "lifetime_budget", "Whole budget in the currency's minor unit.", pa.int64()
)

ACCOUNTS = (
    _ACCOUNT,
    attribute("name", "name", "Name of the account."),
    attribute("currency", "currency", "Currency of all its money, ISO 4217."),
    attribute("timezone_name", "timezone_name", "IANA time zone of all its dates and hours."),
    attribute(
        "timezone_offset_hours_utc",
        "timezone_offset_hours_utc",
        "Hours that its zone is ahead of UTC when it was asked.",
        pa.float64(),
    ),
    attribute(
        "account_status",
        "account_status",
        "1 active, 2 disabled, 3 unsettled, 7 in review, 9 in grace period, 101 closed.",
        pa.int32(),
    ),
    attribute(
        "amount_spent",
        "amount_spent",
        "All it ever spent, in the currency's minor unit.",
        pa.int64(),
    ),
)
CAMPAIGNS = (
    _ACCOUNT,
    attribute("campaign_id", "id", "Campaign id.", required=True),
    attribute("name", "name", "Name of the campaign."),
    attribute("objective", "objective", "OUTCOME_SALES, OUTCOME_TRAFFIC and others."),
    _STATUS,
    attribute("effective_status", "effective_status", "ACTIVE, PAUSED, WITH_ISSUES and others."),
    attribute("configured_status", "configured_status", "The status as it was set."),
    attribute("buying_type", "buying_type", "AUCTION or RESERVED."),
    _DAILY_BUDGET,
    _LIFETIME_BUDGET,
    attribute("start_time", "start_time", "When it starts.", _INSTANT),
    attribute("stop_time", "stop_time", "When it ends; absent if it has no end.", _INSTANT),
    _CREATED,
    _UPDATED,
)
AD_SETS = (
    _ACCOUNT,
    _CAMPAIGN,
    attribute("ad_set_id", "id", "Ad set id.", required=True),
    attribute("name", "name", "Name of the ad set."),
    _STATUS,
    attribute(
        "effective_status", "effective_status", "Its status with that of its campaign in mind."
    ),
    attribute("optimization_goal", "optimization_goal", "What it is optimised for."),
    attribute("billing_event", "billing_event", "What is paid for: IMPRESSIONS and others."),
    attribute("bid_strategy", "bid_strategy", "LOWEST_COST_WITHOUT_CAP and others."),
    attribute(
        "bid_amount", "bid_amount", "Bid cap or target in the currency's minor unit.", pa.int64()
    ),
    _DAILY_BUDGET,
    _LIFETIME_BUDGET,
    attribute("attribution_spec", "attribution_spec", "Attribution windows, a JSON list."),
    attribute(
        "promoted_object",
        "promoted_object",
        "What it promotes, a JSON object: pixel_id and custom_event_type, or a page, app or set of "
        "products.",
    ),
    attribute("targeting", "targeting", "Whom it is aimed at, a JSON object."),
    attribute("start_time", "start_time", "When it starts.", _INSTANT),
    attribute("end_time", "end_time", "When it ends; absent if it has no end.", _INSTANT),
    _CREATED,
    _UPDATED,
)
ADS = (
    _ACCOUNT,
    _CAMPAIGN,
    attribute("ad_set_id", "adset_id", "Ad set id.", required=True),
    attribute("ad_id", "id", "Ad id.", required=True),
    attribute("name", "name", "Name of the ad."),
    _STATUS,
    attribute(
        "effective_status", "effective_status", "Its status with those of its parents in mind."
    ),
    _CREATED,
    _UPDATED,
    attribute("creative_id", "creative.id", "Creative id; ads may share a creative."),
    attribute("creative_name", "creative.name", "Name of the creative."),
    attribute("creative_title", "creative.title", "Headline."),
    attribute("creative_body", "creative.body", "Text."),
    attribute(
        "creative_object_type", "creative.object_type", "SHARE, VIDEO, PHOTO, STATUS and others."
    ),
    attribute(
        "creative_object_story_id", "creative.object_story_id", "The post that is advertised."
    ),
    attribute(
        "creative_object_story_spec",
        "creative.object_story_spec",
        "The post as it was composed, a JSON object: link, cards of a carousel, video.",
    ),
    attribute("thumbnail_url", "creative.thumbnail_url", "Small picture; the address expires."),
    attribute("image_url", "creative.image_url", "Picture of an image ad; the address expires."),
    attribute("link_url", "creative.link_url", "Landing page, if the creative names it itself."),
    attribute(
        "url_tags", "creative.url_tags", "Query that is appended to the landing page's address."
    ),
)

_DATE = dimension("date", "date_start", "The account's own date.", pa.date32())
_BY_CAMPAIGN = dimension("campaign_id", "campaign_id", "Campaign id.")
_BY_AD_SET = dimension("ad_set_id", "adset_id", "Ad set id.")
_BY_AD = dimension("ad_id", "ad_id", "Ad id.")
_CURRENCY = attribute("account_currency", "account_currency", "Currency of the money, ISO 4217.")

_CORE_METRICS = essential(
    _metric("impressions", "Times that an ad was on a screen.", pa.int64()),
    _metric("clicks", "All clicks on the ad, likes and profile visits among them.", pa.int64()),
    _metric("spend", "Spend in the account's currency, major unit.", MONEY),
)
_ACTIONS = essential(
    _actions("actions", "What people did, one event under several overlapping types"),
    _actions("action_values", "The value of it in the account's currency"),
)
_ADDITIVE = (
    *_CORE_METRICS,
    _metric("inline_link_clicks", "Clicks on links to a landing page or app.", pa.int64()),
    _metric("inline_post_engagement", "Actions on the ad itself.", pa.int64()),
    *_ACTIONS,
    _actions("outbound_clicks", "Clicks that leave Meta"),
)
_REACH = _metric("reach", "People who saw an ad at least once, estimated.", pa.int64(), "none")
_DAILY = (
    *_ADDITIVE,
    _REACH,
    _metric("frequency", "Impressions for each person reached.", MONEY, "none"),
    _actions("unique_outbound_clicks", "People who clicked out, never to be added up"),
    _actions("video_p25_watched_actions", "Videos played to 25 %"),
    _actions("video_p50_watched_actions", "Videos played to 50 %"),
    _actions("video_p75_watched_actions", "Videos played to 75 %"),
    _actions("video_p100_watched_actions", "Videos played to 100 %"),
    _actions("video_thruplay_watched_actions", "Videos played to the end or for 15 seconds"),
    attribute("attribution_setting", "attribution_setting", "Windows that conversions count in."),
)
_RANKINGS = tuple(
    attribute(name, name, f"{words} beside ads that competed for the same audience.")
    for name, words in {
        "quality_ranking": "Perceived quality",
        "engagement_rate_ranking": "Expected engagement rate",
        "conversion_rate_ranking": "Expected conversion rate",
    }.items()
)

CAMPAIGN_INSIGHTS = (_ACCOUNT, _CURRENCY, _DATE, _BY_CAMPAIGN, *_DAILY)
AD_SET_INSIGHTS = (_ACCOUNT, _CURRENCY, _DATE, _BY_CAMPAIGN, _BY_AD_SET, *_DAILY)
AD_INSIGHTS = (_ACCOUNT, _CURRENCY, _DATE, _BY_CAMPAIGN, _BY_AD_SET, _BY_AD, *_DAILY, *_RANKINGS)
CAMPAIGN_INSIGHTS_HOURLY = (
    _ACCOUNT,
    _CURRENCY,
    _DATE,
    _BY_CAMPAIGN,
    dimension(
        "hour_range",
        HOUR_RANGE,
        "Hour of the account's own day as Meta writes it, `13:00:00 - 13:59:59`; `none` in a row "
        "of which Meta names no hour (conversions of a day without impressions).",
    ),
    attribute(
        "hour", "hour", "Its hour, 0 to 23; null in a row of which Meta names none.", pa.int32()
    ),
    *_ADDITIVE,
)
CAMPAIGN_DEMOGRAPHICS = (
    _ACCOUNT,
    _CURRENCY,
    _DATE,
    _BY_CAMPAIGN,
    dimension("age", "age", "Age group: 18-24, 25-34 … 65+, unknown."),
    dimension("gender", "gender", "female, male or unknown."),
    *_CORE_METRICS,
    _REACH,
    *_ACTIONS,
)
CAMPAIGN_COUNTRIES = (
    _ACCOUNT,
    _CURRENCY,
    _DATE,
    _BY_CAMPAIGN,
    dimension("country", "country", "Where people were, ISO 3166-1, two letters; estimated."),
    *_CORE_METRICS,
    *_ACTIONS,
)
CAMPAIGN_PLACEMENTS = (
    _ACCOUNT,
    _CURRENCY,
    _DATE,
    _BY_CAMPAIGN,
    dimension(
        "publisher_platform",
        "publisher_platform",
        "facebook, instagram, audience_network, messenger, threads or unknown.",
    ),
    dimension(
        "impression_device",
        "impression_device",
        "iphone, ipad, android_smartphone, android_tablet, desktop, other.",
    ),
    *_CORE_METRICS,
    *_ACTIONS,
)
CAMPAIGN_ATTRIBUTION = (
    _ACCOUNT,
    _CURRENCY,
    _DATE,
    _BY_CAMPAIGN,
    *essential(
        _actions("actions", "What people did, by attribution window beside the default"),
        _actions("action_values", "The value of it by attribution window beside the default"),
    ),
)
