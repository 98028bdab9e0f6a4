"""Which field of Meta's SDK is which of our columns, and how it is read: written a second time.

Taken from the SDK's classes and Meta's documents, never from the connector.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from facebook_business.adobjects.ad import Ad
from facebook_business.adobjects.adaccount import AdAccount
from facebook_business.adobjects.adcreative import AdCreative
from facebook_business.adobjects.adset import AdSet
from facebook_business.adobjects.adsinsights import AdsInsights
from facebook_business.adobjects.campaign import Campaign

from tests.referees.pulls import Row

Reading = Callable[[Any], Any]
Columns = Mapping[str, tuple[str, Reading]]
HOUR = AdsInsights.Breakdowns.hourly_stats_aggregated_by_advertiser_time_zone


def _instant(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z")


ACCOUNT: Columns = {
    "ad_account_id": (AdAccount.Field.account_id, str),
    "name": (AdAccount.Field.name, str),
    "currency": (AdAccount.Field.currency, str),
    "timezone_name": (AdAccount.Field.timezone_name, str),
    "timezone_offset_hours_utc": (AdAccount.Field.timezone_offset_hours_utc, float),
    "account_status": (AdAccount.Field.account_status, int),
    "amount_spent": (AdAccount.Field.amount_spent, int),
}
CAMPAIGNS: Columns = {
    "ad_account_id": (Campaign.Field.account_id, str),
    "campaign_id": (Campaign.Field.id, str),
    "name": (Campaign.Field.name, str),
    "objective": (Campaign.Field.objective, str),
    "status": (Campaign.Field.status, str),
    "effective_status": (Campaign.Field.effective_status, str),
    "configured_status": (Campaign.Field.configured_status, str),
    "buying_type": (Campaign.Field.buying_type, str),
    "daily_budget": (Campaign.Field.daily_budget, int),
    "lifetime_budget": (Campaign.Field.lifetime_budget, int),
    "start_time": (Campaign.Field.start_time, _instant),
    "stop_time": (Campaign.Field.stop_time, _instant),
    "created_time": (Campaign.Field.created_time, _instant),
    "updated_time": (Campaign.Field.updated_time, _instant),
}
AD_SETS: Columns = {
    "ad_account_id": (AdSet.Field.account_id, str),
    "campaign_id": (AdSet.Field.campaign_id, str),
    "ad_set_id": (AdSet.Field.id, str),
    "name": (AdSet.Field.name, str),
    "status": (AdSet.Field.status, str),
    "effective_status": (AdSet.Field.effective_status, str),
    "optimization_goal": (AdSet.Field.optimization_goal, str),
    "billing_event": (AdSet.Field.billing_event, str),
    "bid_strategy": (AdSet.Field.bid_strategy, str),
    "bid_amount": (AdSet.Field.bid_amount, int),
    "daily_budget": (AdSet.Field.daily_budget, int),
    "lifetime_budget": (AdSet.Field.lifetime_budget, int),
    "attribution_spec": (AdSet.Field.attribution_spec, list),
    "promoted_object": (AdSet.Field.promoted_object, dict),
    "targeting": (AdSet.Field.targeting, dict),
    "start_time": (AdSet.Field.start_time, _instant),
    "end_time": (AdSet.Field.end_time, _instant),
    "created_time": (AdSet.Field.created_time, _instant),
    "updated_time": (AdSet.Field.updated_time, _instant),
}
ADS: Columns = {
    "ad_account_id": (Ad.Field.account_id, str),
    "campaign_id": (Ad.Field.campaign_id, str),
    "ad_set_id": (Ad.Field.adset_id, str),
    "ad_id": (Ad.Field.id, str),
    "name": (Ad.Field.name, str),
    "status": (Ad.Field.status, str),
    "effective_status": (Ad.Field.effective_status, str),
    "created_time": (Ad.Field.created_time, _instant),
    "updated_time": (Ad.Field.updated_time, _instant),
}
CREATIVES: Columns = {
    "creative_id": (AdCreative.Field.id, str),
    "creative_name": (AdCreative.Field.name, str),
    "creative_title": (AdCreative.Field.title, str),
    "creative_body": (AdCreative.Field.body, str),
    "creative_object_type": (AdCreative.Field.object_type, str),
    "creative_object_story_id": (AdCreative.Field.object_story_id, str),
    "creative_object_story_spec": (AdCreative.Field.object_story_spec, dict),
    "thumbnail_url": (AdCreative.Field.thumbnail_url, str),
    "image_url": (AdCreative.Field.image_url, str),
    "link_url": (AdCreative.Field.link_url, str),
    "url_tags": (AdCreative.Field.url_tags, str),
}

_FIELD = AdsInsights.Field
_OF_CAMPAIGN: Columns = {
    "ad_account_id": (_FIELD.account_id, str),
    "account_currency": (_FIELD.account_currency, str),
    "date": (_FIELD.date_start, date.fromisoformat),
    "campaign_id": (_FIELD.campaign_id, str),
}
_CORE: Columns = {
    "impressions": (_FIELD.impressions, int),
    "clicks": (_FIELD.clicks, int),
    "spend": (_FIELD.spend, Decimal),
    "actions": (_FIELD.actions, list),
    "action_values": (_FIELD.action_values, list),
}
_CLICKS: Columns = {
    "inline_link_clicks": (_FIELD.inline_link_clicks, int),
    "inline_post_engagement": (_FIELD.inline_post_engagement, int),
    "outbound_clicks": (_FIELD.outbound_clicks, list),
}
_REACH: Columns = {"reach": (_FIELD.reach, int)}
_DAILY: Columns = {
    **_CORE,
    **_CLICKS,
    **_REACH,
    "frequency": (_FIELD.frequency, Decimal),
    "unique_outbound_clicks": (_FIELD.unique_outbound_clicks, list),
    "video_p25_watched_actions": (_FIELD.video_p25_watched_actions, list),
    "video_p50_watched_actions": (_FIELD.video_p50_watched_actions, list),
    "video_p75_watched_actions": (_FIELD.video_p75_watched_actions, list),
    "video_p100_watched_actions": (_FIELD.video_p100_watched_actions, list),
    "video_thruplay_watched_actions": (_FIELD.video_thruplay_watched_actions, list),
    "attribution_setting": (_FIELD.attribution_setting, str),
}
_OF_AD_SET: Columns = {**_OF_CAMPAIGN, "ad_set_id": (_FIELD.adset_id, str)}
INSIGHTS: Mapping[str, Columns] = {
    "campaign_insights": {**_OF_CAMPAIGN, **_DAILY},
    "ad_set_insights": {**_OF_AD_SET, **_DAILY},
    "ad_insights": {
        **_OF_AD_SET,
        "ad_id": (_FIELD.ad_id, str),
        **_DAILY,
        "quality_ranking": (_FIELD.quality_ranking, str),
        "engagement_rate_ranking": (_FIELD.engagement_rate_ranking, str),
        "conversion_rate_ranking": (_FIELD.conversion_rate_ranking, str),
    },
    "campaign_insights_hourly": {**_OF_CAMPAIGN, **_CORE, **_CLICKS, "hour_range": (HOUR, str)},
    "campaign_demographics": {
        **_OF_CAMPAIGN,
        **_CORE,
        **_REACH,
        "age": (AdsInsights.Breakdowns.age, str),
        "gender": (AdsInsights.Breakdowns.gender, str),
    },
    "campaign_countries": {
        **_OF_CAMPAIGN,
        **_CORE,
        "country": (AdsInsights.Breakdowns.country, str),
    },
    "campaign_placements": {
        **_OF_CAMPAIGN,
        **_CORE,
        "publisher_platform": (AdsInsights.Breakdowns.publisher_platform, str),
        "impression_device": (AdsInsights.Breakdowns.impression_device, str),
    },
    "campaign_attribution": {
        **_OF_CAMPAIGN,
        "actions": (_FIELD.actions, list),
        "action_values": (_FIELD.action_values, list),
    },
}


def names(columns: Columns) -> list[str]:
    """The fields to ask the SDK for: all but breakdowns and the dates, which come unasked."""
    unasked = {"date_start", HOUR, "age", "gender", "country"}
    unasked |= {"publisher_platform", "impression_device"}
    return [field for field, _ in columns.values() if field not in unasked]


def as_ours(row: Row, columns: Columns) -> Row:
    """A row of the SDK under the names of our columns; what Meta leaves out is None."""
    return {
        name: None if row.get(field) is None else read(row[field])
        for name, (field, read) in columns.items()
    }


def json_columns(columns: Columns) -> set[str]:
    """Columns that hold JSON text with us."""
    return {name for name, (_, read) in columns.items() if read in (list, dict)}
