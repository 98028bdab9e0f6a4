"""Columns of GA4's streams. All values come as texts; what an answer says about it is on each row.

https://developers.google.com/analytics/devguides/reporting/data/v1/api-schema
"""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from connectors.core import columns
from connectors.core.columns import DAY, MONEY, WHOLE, Column, attribute, dimension, metric

_FLAG = pa.bool_()

PROPERTIES = (
    attribute("property_id", "property_id", "Property id.", required=True),
    attribute("display_name", "displayName", "Name."),
    attribute("property_time_zone", "timeZone", "Zone of its days; a change restates no history."),
    attribute("property_currency", "currencyCode", "Currency of its money; as the zone."),
    attribute("industry_category", "industryCategory", "Industry, as its owner chose it."),
    attribute("service_level", "serviceLevel", "GOOGLE_ANALYTICS_STANDARD or _360."),
    attribute("created_time", "createTime", "When it was made.", pa.timestamp("us", tz="UTC")),
    attribute(
        "reporting_attribution_model",
        "attribution.reportingAttributionModel",
        "By which event-scoped traffic fields are credited; a change restates all history.",
    ),
    attribute(
        "acquisition_lookback_window",
        "attribution.acquisitionConversionEventLookbackWindow",
        "How long before a first visit a click counts.",
    ),
    attribute(
        "other_lookback_window",
        "attribution.otherConversionEventLookbackWindow",
        "How long before any other key event a click counts.",
    ),
)
PROPERTY_KEYS = frozenset({
    "name", "parent", "account", "propertyType", "updateTime", "deleteTime", "expireTime",
})  # fmt: skip

_ANSWER = (
    attribute("stated_currency", "metadata.currencyCode", "Currency of the answer's money."),
    attribute("stated_time_zone", "metadata.timeZone", "Zone of the answer's days and hours."),
    attribute(
        "data_loss_from_other_row",
        "metadata.dataLossFromOtherRow",
        "The table behind the answer rolled small rows into `(other)`, shown here or not.",
        _FLAG,
    ),
    attribute(
        "subject_to_thresholding",
        "metadata.subjectToThresholding",
        "Rows of few users may be missing: no row is not nothing.",
        _FLAG,
    ),
    attribute("samples_read_count", "sampling.samplesReadCount", "Events read, if sampled.", WHOLE),
    attribute("sampling_space_size", "sampling.samplingSpaceSize", "Events there are.", WHOLE),
)
IGNORED = frozenset({"emptyReason"})


def _of(name: str, field: str, description: str, *more: pa.DataType) -> Column:
    return dimension(name, field, description, *more)


_DAY = replace(_of("date", "date", "The property's own day.", DAY), essential=True)
_OF_HOUR = (
    replace(_DAY, field="dateHour"),
    replace(
        _of("hour", "hour", "Hour of that day; an autumn's double hour is one.", pa.int32()),
        field="dateHour",
    ),
)


def _estimate(name: str, field: str, description: str) -> Column:
    return metric(name, field, description, additivity="none")


_SESSIONS = _estimate(
    "sessions", "sessions", "Sessions: one that touches two rows counts in both. An estimate."
)
_USERS = _estimate("total_users", "totalUsers", "People. An estimate.")
_KEY_EVENTS = metric("key_events", "keyEvents", "Key events; parts of one are possible.", MONEY)
_REVENUE = metric("purchase_revenue", "purchaseRevenue", "Purchases less refunds.", MONEY)
_METRICS = (
    *columns.essential(_SESSIONS),
    _estimate("engaged_sessions", "engagedSessions", "Sessions of 10 s, 2 views or a key event."),
    _estimate("active_users", "activeUsers", "People with an engaged or a first session."),
    _USERS,
    _estimate("new_users", "newUsers", "People seen for the first time."),
    metric("page_views", "screenPageViews", "Pages and screens seen."),
    _KEY_EVENTS,
    metric("transactions", "transactions", "Purchases."),
    _REVENUE,
    metric("refund_amount", "refundAmount", "Refunds that the site reports.", MONEY),
)
_CHANNEL = _of("channel_group", "sessionDefaultChannelGroup", "GA4's own channel of the session.")
_VISITS = (*_METRICS, *_ANSWER)
_CAMPAIGN = (
    _of("source", "sessionSource", "Source of the session."),
    _of("medium", "sessionMedium", "Medium of the session."),
    _of("campaign_name", "sessionCampaignName", "Campaign of the session."),
)
TRAFFIC_HOURS = (
    *_OF_HOUR,
    *_CAMPAIGN,
    _of("campaign_id", "sessionCampaignId", "Its id, of linked ads and utm_id."),
    replace(_of("landing_page", "landingPage", "Path of the first page."), may_be_empty=True),
    _CHANNEL,
    *_VISITS,
)
SOURCE_DAYS = (_DAY, *_CAMPAIGN, _CHANNEL, *_VISITS)
PROPERTY_DAYS = (_DAY, *_VISITS)
CHANNEL_DAYS = (_DAY, _CHANNEL, *_VISITS)
DEVICE_COUNTRY_DAYS = (
    _DAY,
    _of("device_category", "deviceCategory", "desktop, mobile, tablet or smart tv."),
    _of("country", "country", "Country, in English."),
    _of("country_id", "countryId", "ISO 3166-1 alpha-2."),
    *_VISITS,
)
_EVENT = _of("event_name", "eventName", "Name of the event.")
_TOTAL = metric("total_revenue", "totalRevenue", "Purchases, subscriptions and ads.", MONEY)
_COUNT = metric("event_count", "eventCount", "How often it happened.")
EVENT_DAYS = (_DAY, _EVENT, *columns.essential(_COUNT), _USERS, _KEY_EVENTS, _TOTAL, *_ANSWER)
KEY_EVENT_DAYS = (
    _DAY,
    _EVENT,
    _of("source", "source", "Source that is credited."),
    _of("medium", "medium", "Medium that is credited."),
    _of("campaign_name", "campaignName", "Campaign that is credited."),
    _of("channel_group", "defaultChannelGroup", "GA4's own channel of what is credited."),
    *columns.essential(_KEY_EVENTS),
    _TOTAL,
    *_ANSWER,
)
ITEM_DAYS = (
    _DAY,
    replace(_of("item_id", "itemId", "Id that the site gives it."), may_be_empty=True),
    replace(_of("item_name", "itemName", "Name."), may_be_empty=True),
    replace(_of("item_category", "itemCategory", "First category."), may_be_empty=True),
    *columns.essential(metric("items_purchased", "itemsPurchased", "Units bought.")),
    metric("item_revenue", "itemRevenue", "Their revenue less refunds.", MONEY),
    *_ANSWER,
)
