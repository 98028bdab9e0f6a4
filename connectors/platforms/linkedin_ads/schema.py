"""Columns of the LinkedIn Ads streams.

Values stay as LinkedIn sends them: money in the major unit, times of entities in milliseconds since
1970 UTC, lists as JSON. Ids of its ad entities are their numbers, without `urn:li:sponsored…:`.
LinkedIn's campaign group is elsewhere a campaign, its campaign an ad group, its creative an ad.
https://learn.microsoft.com/linkedin/marketing/integrations/ads-reporting/ads-reporting
"""

from __future__ import annotations

import pyarrow as pa

from connectors.core.columns import (
    DAY,
    MONEY,
    WHOLE,
    Column,
    attribute,
    dimension,
    essential,
    metric,
)

IGNORED = frozenset(
    {"actor", "backfilled", "createdBy", "isTest", "lastModifiedBy", "test", "version"}
)
"""Who edited, where a group came from, and marks of entities for tests, which are left out."""
_ACCOUNT = attribute("account_id", "account", "Ad account id.")
_NAME = attribute("name", "name", "Its name.")
_SERVING = attribute(
    "serving_statuses", "servingStatuses", "RUNNABLE, or why it does not run; a JSON list."
)


def _times(created: str, modified: str) -> tuple[Column, ...]:
    return (
        attribute("created_ms", created, "When it was made, milliseconds since 1970 UTC.", WHOLE),
        attribute("last_modified_ms", modified, "Last change, milliseconds since 1970 UTC.", WHOLE),
    )


_AUDITED = _times("changeAuditStamps.created.time", "changeAuditStamps.lastModified.time")
_PLAN = (
    attribute("daily_budget", "dailyBudget.amount", "Budget of a day, if it has one.", MONEY),
    attribute("total_budget", "totalBudget.amount", "Whole budget, if it has one.", MONEY),
    attribute("daily_budget_currency", "dailyBudget.currencyCode", "Its currency, ISO 4217."),
    attribute("total_budget_currency", "totalBudget.currencyCode", "Its currency, ISO 4217."),
    attribute("start_ms", "runSchedule.start", "Start, milliseconds since 1970 UTC.", WHOLE),
    attribute(
        "end_ms", "runSchedule.end", "End, milliseconds since 1970 UTC; absent if open.", WHOLE
    ),
)

ACCOUNTS = (
    attribute("account_id", "id", "Ad account id.", required=True),
    _NAME,
    attribute("currency", "currency", "Currency of all its money, ISO 4217."),
    attribute("status", "status", "ACTIVE, DRAFT, CANCELED, PENDING_DELETION or REMOVED."),
    attribute("type", "type", "BUSINESS or ENTERPRISE."),
    attribute("reference", "reference", "URN of the organization it advertises for."),
    _SERVING,
    *_AUDITED,
)
CAMPAIGN_GROUPS = (
    attribute("campaign_group_id", "id", "Campaign group id.", required=True),
    _ACCOUNT,
    _NAME,
    attribute(
        "status",
        "status",
        "ACTIVE, PAUSED, DRAFT, ARCHIVED, CANCELED, PENDING_DELETION or REMOVED.",
    ),
    attribute("objective_type", "objectiveType", "WEBSITE_VISIT, LEAD_GENERATION and others."),
    *_PLAN,
    _SERVING,
    *_AUDITED,
)
CAMPAIGNS = (
    attribute("campaign_id", "id", "Campaign id.", required=True),
    attribute("campaign_group_id", "campaignGroup", "Campaign group id."),
    _ACCOUNT,
    _NAME,
    attribute(
        "status", "status", "As of a campaign group, or COMPLETED when its schedule is over."
    ),
    attribute("type", "type", "SPONSORED_UPDATES, TEXT_AD, SPONSORED_INMAILS or DYNAMIC."),
    attribute("format", "format", "SINGLE_VIDEO, CAROUSEL, STANDARD_UPDATE and others."),
    attribute("objective_type", "objectiveType", "WEBSITE_VISIT, LEAD_GENERATION and others."),
    attribute("cost_type", "costType", "What is paid for: CPM, CPC or CPV."),
    attribute("unit_cost", "unitCost.amount", "Bid for one of these.", MONEY),
    attribute("unit_cost_currency", "unitCost.currencyCode", "Its currency, ISO 4217."),
    attribute("optimization_target", "optimizationTargetType", "How it bids, e.g. MAX_CLICK."),
    *_PLAN,
    attribute("targeting_criteria", "targetingCriteria", "Whom it is shown to, a JSON object."),
    _SERVING,
    *_AUDITED,
)
CREATIVES = (
    attribute("creative_id", "id", "Creative id.", required=True),
    attribute("campaign_id", "campaign", "Campaign id."),
    _ACCOUNT,
    attribute("name", "name", "Its name; most have none."),
    attribute("intended_status", "intendedStatus", "ACTIVE, PAUSED, ARCHIVED and others, as set."),
    attribute("review_status", "review.status", "APPROVED, PENDING, REJECTED or NEEDS_REVIEW."),
    attribute("is_serving", "isServing", "Whether it can be shown now.", pa.bool_()),
    attribute("serving_hold_reasons", "servingHoldReasons", "Why it is not shown, a JSON list."),
    attribute("content", "content", "What is shown, a JSON object: the post, or an ad's texts."),
    *_times("createdAt", "lastModifiedAt"),
)

_DATE = dimension("date", "date", "The day in UTC; LinkedIn reports no other.", DAY)
_COST = metric("cost", "costInLocalCurrency", "Spend in the account's currency.", MONEY)
_METRICS = (
    *essential(
        metric("impressions", "impressions", "Times that an ad was seen."),
        metric("clicks", "clicks", "Chargeable clicks, on the ad or its page."),
        _COST,
        metric(
            "conversions",
            "externalWebsiteConversions",
            "Conversions on the web site, after a click or a view.",
        ),
    ),
    metric("cost_usd", "costInUsd", "Spend as LinkedIn converts it to US dollars.", MONEY),
    metric("landing_page_clicks", "landingPageClicks", "Clicks that led to the web site."),
    metric(
        "post_click_conversions",
        "externalWebsitePostClickConversions",
        "Those of the conversions that followed a click.",
    ),
    metric(
        "post_view_conversions",
        "externalWebsitePostViewConversions",
        "Those of the conversions that followed a view alone.",
    ),
    metric(
        "conversion_value",
        "conversionValueInLocalCurrency",
        "Value of the conversions in the account's currency.",
        MONEY,
    ),
    metric("leads", "oneClickLeads", "Lead forms that were sent."),
    metric("lead_form_opens", "oneClickLeadFormOpens", "Lead forms that were opened."),
    metric("likes", "likes", "Likes."),
    metric("comments", "comments", "Comments."),
    metric("shares", "shares", "Shares."),
    metric("reactions", "reactions", "Reactions, likes among them."),
    metric("follows", "follows", "New followers of the page."),
    metric("total_engagements", "totalEngagements", "All social actions and clicks."),
    metric("video_views", "videoViews", "Videos seen for 2 seconds, half of them on screen."),
    metric("video_starts", "videoStarts", "Videos that began to play."),
    metric("video_p25", "videoFirstQuartileCompletions", "Videos played to 25 %."),
    metric("video_p50", "videoMidpointCompletions", "Videos played to 50 %."),
    metric("video_p75", "videoThirdQuartileCompletions", "Videos played to 75 %."),
    metric("video_completions", "videoCompletions", "Videos played to 97 % or more."),
    metric("sends", "sends", "Messages that were sent."),
    metric("opens", "opens", "Messages that were opened."),
    metric(
        "member_reach",
        "approximateMemberReach",
        "Members that saw an ad at least once, estimated.",
        additivity="none",
    ),
)


_IN_GROUP = attribute("campaign_group_id", "CAMPAIGN_GROUP", "Campaign group id.")
_IN_CAMPAIGN = attribute("campaign_id", "CAMPAIGN", "Campaign id.")
_BY_GROUP = dimension("campaign_group_id", "CAMPAIGN_GROUP", "Campaign group id.")
_BY_CAMPAIGN = dimension("campaign_id", "CAMPAIGN", "Campaign id.")
_BY_CREATIVE = dimension("creative_id", "CREATIVE", "Creative id.")
CAMPAIGN_GROUP_ANALYTICS = (_DATE, _BY_GROUP, *_METRICS)
CAMPAIGN_ANALYTICS = (_DATE, _BY_CAMPAIGN, _IN_GROUP, *_METRICS)
CREATIVE_ANALYTICS = (_DATE, _BY_CREATIVE, _IN_GROUP, _IN_CAMPAIGN, *_METRICS)

_SHARE = "an approximation; groups of fewer than 3 are left out, so groups never add up to all"
MEMBER_DEMOGRAPHICS = (
    dimension(
        "date", "date", "The last day (UTC) that is counted of a month: its last, or today's.", DAY
    ),
    dimension("pivot", "pivot", "What members are grouped by, e.g. MEMBER_INDUSTRY."),
    dimension(
        "member_value", "value", "The group: a URN such as urn:li:industry:4, or SIZE_2_TO_10."
    ),
    metric("impressions", "impressions", f"Impressions, {_SHARE}.", additivity="none"),
    metric("clicks", "clicks", f"Clicks, {_SHARE}.", additivity="none"),
    metric("cost", "costInLocalCurrency", f"Spend, {_SHARE}.", MONEY, "none"),
    metric(
        "conversions", "externalWebsiteConversions", f"Conversions, {_SHARE}.", additivity="none"
    ),
    metric("leads", "oneClickLeads", f"Lead forms sent, {_SHARE}.", additivity="none"),
    metric("video_views", "videoViews", f"Video views, {_SHARE}.", additivity="none"),
    metric("total_engagements", "totalEngagements", f"Engagements, {_SHARE}.", additivity="none"),
)
