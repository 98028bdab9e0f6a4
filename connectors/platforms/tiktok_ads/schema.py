"""Columns of the TikTok Ads streams.

Values stay as TikTok sends them: money in the account's currency, major unit; times of entities
without a zone (UTC, as far as is known). A metric that is `-` is null.
https://business-api.tiktok.com/portal/docs?id=1740302848100353
"""

from __future__ import annotations

import pyarrow as pa

from connectors.core.columns import (
    DAY,
    MONEY,
    TEXT,
    WHOLE,
    Column,
    attribute,
    dimension,
    essential,
    metric,
)

_TIME = pa.timestamp("us")

_ADVERTISER = attribute("advertiser_id", "advertiser_id", "Advertiser (ad account) id.")
_CAMPAIGN = attribute("campaign_id", "campaign_id", "Campaign id.", required=True)
_AD_GROUP = attribute("ad_group_id", "adgroup_id", "Ad group id.", required=True)
_STATE = (
    attribute("operation_status", "operation_status", "ENABLE or DISABLE, as it was set."),
    attribute(
        "secondary_status", "secondary_status", "Why it runs or not, e.g. CAMPAIGN_STATUS_DELETE."
    ),
    attribute("create_time", "create_time", "When it was made.", _TIME),
    attribute("modify_time", "modify_time", "Last change; Smart+ ads may have none.", _TIME),
)
_BUDGET = (
    attribute("budget", "budget", "Budget in the account's currency; 0: none of its own.", MONEY),
    attribute("budget_mode", "budget_mode", "BUDGET_MODE_DAY, _TOTAL, _INFINITE and others."),
)

ADVERTISERS = (
    attribute("advertiser_id", "advertiser_id", "Advertiser (ad account) id.", required=True),
    attribute("name", "name", "Its name."),
    attribute("currency", "currency", "Currency of all its money, ISO 4217."),
    attribute("timezone", "timezone", "Its zone; Etc/GMT+8 is eight hours behind UTC."),
    attribute("display_timezone", "display_timezone", "The same zone by a city of it."),
    attribute("status", "status", "STATUS_ENABLE, STATUS_DISABLE and others."),
    attribute("role", "role", "ROLE_ADVERTISER and others."),
    attribute("country", "country", "Country code of the company."),
    attribute("create_time", "create_time", "When it was made, seconds since 1970 UTC.", WHOLE),
)
CAMPAIGNS = (
    _CAMPAIGN,
    _ADVERTISER,
    attribute("name", "campaign_name", "Its name."),
    attribute("objective_type", "objective_type", "TRAFFIC, WEB_CONVERSIONS and others."),
    attribute("campaign_type", "campaign_type", "REGULAR_CAMPAIGN, IOS14_CAMPAIGN and others."),
    *_BUDGET,
    *_STATE,
)
AD_GROUPS = (
    _AD_GROUP,
    _CAMPAIGN,
    _ADVERTISER,
    attribute("name", "adgroup_name", "Its name."),
    attribute("placement_type", "placement_type", "Automatic or chosen placements."),
    attribute("placements", "placements", "Where it is shown, a JSON list."),
    attribute("billing_event", "billing_event", "What is paid for: CPC, CPM, OCPM or CPV."),
    attribute("optimization_goal", "optimization_goal", "What counts as its result, e.g. CLICK."),
    attribute("bid_price", "bid_price", "Bid in the account's currency; 0: none.", MONEY),
    *_BUDGET,
    attribute("schedule_start_time", "schedule_start_time", "When it starts.", _TIME),
    attribute("schedule_end_time", "schedule_end_time", "When it ends.", _TIME),
    attribute("location_ids", "location_ids", "Places of its audience, a JSON list of ids."),
    attribute("age_groups", "age_groups", "Ages of its audience, a JSON list; none: all."),
    attribute("gender", "gender", "GENDER_UNLIMITED, GENDER_FEMALE or GENDER_MALE."),
    *_STATE,
)
ADS = (
    attribute("ad_id", "ad_id", "Ad id.", required=True),
    _AD_GROUP,
    _CAMPAIGN,
    _ADVERTISER,
    attribute("name", "ad_name", "Its name."),
    attribute("ad_format", "ad_format", "SINGLE_VIDEO, SINGLE_IMAGE, CAROUSEL_ADS and others."),
    attribute("ad_text", "ad_text", "Its text."),
    attribute("call_to_action", "call_to_action", "Word on its button."),
    attribute("landing_page_url", "landing_page_url", "Where it leads."),
    attribute("video_id", "video_id", "Its video."),
    attribute("image_ids", "image_ids", "Its pictures, a JSON list of ids."),
    *_STATE,
)

METRICS = "metrics."
"""Where a report row has its numbers, and what a report row says of its parents."""


def _number(name: str, description: str, type_: pa.DataType = WHOLE, source: str = "") -> Column:
    return metric(name, METRICS + (source or name), description, type_)


_DATE = dimension("date", "dimensions.date", "The account's own date.", DAY)
_HOUR = dimension("hour", "dimensions.hour", "Hour of the account's own day, 0 to 23.", pa.int32())
_IN_CAMPAIGN = attribute("campaign_id", f"{METRICS}campaign_id", "Campaign id.")
_IN_AD_GROUP = attribute("ad_group_id", f"{METRICS}adgroup_id", "Ad group id.")
_EVERYWHERE = (
    *essential(
        _number("spend", "Spend in the account's currency.", MONEY),
        _number("impressions", "Times that an ad was on a screen."),
        _number("clicks", "Clicks to the ad's destination."),
        _number("conversion", "Events that the ad group optimises for, on the ad's own day."),
    ),
    _number("complete_payment", "Purchases on the web site."),
    _number(
        "complete_payment_value",
        "Value of these purchases, by TikTok called a rate.",
        MONEY,
        "total_complete_payment_rate",
    ),
    _number("likes", "Likes."),
    _number("comments", "Comments."),
    _number("shares", "Shares."),
    _number("follows", "New followers."),
    _number("video_play_actions", "Videos that began to play, replays left out."),
    _number("video_watched_2s", "Videos watched for 2 seconds."),
    _number("video_watched_6s", "Videos watched for 6 seconds or to the end."),
    _number("video_views_p25", "Videos played to 25 %."),
    _number("video_views_p50", "Videos played to 50 %."),
    _number("video_views_p75", "Videos played to 75 %."),
    _number("video_views_p100", "Videos played to the end."),
)
_DAILY = (
    *_EVERYWHERE,
    metric("reach", f"{METRICS}reach", "People who saw an ad.", additivity="none"),
    metric("frequency", f"{METRICS}frequency", "Impressions a person.", MONEY, "none"),
)


def _by(name: str, source: str, what: str) -> Column:
    return dimension(name, f"dimensions.{source}", f"{what} id.", TEXT)


_BY_CAMPAIGN = _by("campaign_id", "campaign_id", "Campaign")
CAMPAIGN_REPORTS = (_DATE, _BY_CAMPAIGN, *_DAILY)
CAMPAIGN_REPORTS_HOURLY = (_DATE, _HOUR, _BY_CAMPAIGN, *_EVERYWHERE)
AD_GROUP_REPORTS = (_DATE, _by("ad_group_id", "adgroup_id", "Ad group"), _IN_CAMPAIGN, *_DAILY)
AD_REPORTS = (_DATE, _by("ad_id", "ad_id", "Ad"), _IN_CAMPAIGN, _IN_AD_GROUP, *_DAILY)
