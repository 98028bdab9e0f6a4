"""Meta Ads (Facebook, Instagram), by the Graph API's Marketing edges.

Surprises: every number comes as text and a number that is nothing is absent; archived and deleted
objects are hidden unless their status is asked for; throttling is HTTP 400; one conversion is
listed under several action types; the address of the next page holds the access token.
https://developers.facebook.com/docs/marketing-api/insights
"""

from __future__ import annotations

from connectors.core.accounts import NUMBER, AccountIds
from connectors.core.auth import ApiKeyHeader
from connectors.core.columns import Column
from connectors.core.credentials import CredentialField
from connectors.core.platform import Platform
from connectors.core.stream import Stream
from connectors.platforms.meta_ads import schema
from connectors.platforms.meta_ads.failures import read_error
from connectors.platforms.meta_ads.graph import without_prefix
from connectors.platforms.meta_ads.hooks import account_pages, describe_account, discover, list_of
from connectors.platforms.meta_ads.insights import Report, pages_of
from connectors.platforms.meta_ads.usage import read_usage

LOOKBACK_DAYS = 28
LOOKBACK_REASON = (
    "Meta restates a day for 28 days: conversions are attributed to the day of the impression when "
    "they arrive within the attribution window, and modelled ones arrive later still."
)
RETENTION_DAYS = 1123
"""37 months; an older date is refused as a whole question (error 3018)."""
DAILY_WINDOW_DAYS = 90
FINE_WINDOW_DAYS = 31
"""Ads, ad sets and breakdowns have many more rows: a lookback and two days is one report."""
HOURLY_WINDOW_DAYS = 14
ADS_PAGE = 100
"""An ad brings its creative: larger pages are often too much for Meta."""


def _report(name: str, description: str, report: Report, days: int) -> Stream:
    return Stream(
        name=name,
        kind="report",
        description=description,
        columns=tuple(report.columns),
        pages=pages_of(report),
        lookback_days=LOOKBACK_DAYS,
        lookback_reason=LOOKBACK_REASON,
        max_window_days=days,
        retention_days=RETENTION_DAYS,
        grain="hour" if schema.HOUR_RANGE in report.breakdowns else "day",
        ignored=schema.IGNORED,
    )


def _list(
    name: str,
    edge: str,
    description: str,
    columns: tuple[Column, ...],
    statuses: tuple[str, ...],
    key: str,
    limit: int = 500,
) -> Stream:
    return Stream(
        name=name,
        kind="snapshot",
        description=description,
        columns=columns,
        pages=list_of(edge, columns, statuses, limit),
        key_columns=(key,),
    )


PLATFORM = Platform(
    name="meta_ads",
    display_name="Meta Ads",
    category="ads",
    api_version="v26.0",
    # Meta has not named the day; a Marketing API version lives for about a year.
    api_sunset=None,
    base_url="https://graph.facebook.com",
    auth=ApiKeyHeader("Authorization", "access_token", prefix="Bearer "),
    # Meta counts calls and computing time by the hour and says how much is used: see usage.py.
    requests_per_second=10.0,
    streams=(
        Stream(
            name="accounts",
            kind="snapshot",
            description="The ad account itself.",
            columns=schema.ACCOUNTS,
            pages=account_pages,
            key_columns=("ad_account_id",),
            ignored=schema.ACCOUNT_IGNORED,
        ),
        _list(
            "campaigns",
            "campaigns",
            "A campaign with its budget, archived and deleted ones included.",
            schema.CAMPAIGNS,
            schema.CAMPAIGN_STATUSES,
            "campaign_id",
        ),
        _list(
            "ad_sets",
            "adsets",
            "An ad set, archived and deleted ones included.",
            schema.AD_SETS,
            schema.AD_SET_STATUSES,
            "ad_set_id",
        ),
        _list(
            "ads",
            "ads",
            "An ad with its creative, archived and deleted ones included.",
            schema.ADS,
            schema.AD_STATUSES,
            "ad_id",
            ADS_PAGE,
        ),
        _report(
            "campaign_insights",
            "A campaign on a day, if it was delivered or converted.",
            Report("campaign", schema.CAMPAIGN_INSIGHTS),
            DAILY_WINDOW_DAYS,
        ),
        _report(
            "ad_set_insights",
            "An ad set on a day, if it was delivered or converted.",
            Report("adset", schema.AD_SET_INSIGHTS),
            FINE_WINDOW_DAYS,
        ),
        _report(
            "ad_insights",
            "An ad on a day, if it was delivered or converted.",
            Report("ad", schema.AD_INSIGHTS),
            FINE_WINDOW_DAYS,
        ),
        _report(
            "campaign_insights_hourly",
            "A campaign in an hour of the account's day; conversions of a day without impressions "
            "have no hour.",
            Report("campaign", schema.CAMPAIGN_INSIGHTS_HOURLY, (schema.HOUR_RANGE,)),
            HOURLY_WINDOW_DAYS,
        ),
        _report(
            "campaign_demographics",
            "A campaign on a day among people of one age group and gender.",
            Report("campaign", schema.CAMPAIGN_DEMOGRAPHICS, ("age", "gender")),
            FINE_WINDOW_DAYS,
        ),
        _report(
            "campaign_countries",
            "A campaign on a day among people in one country.",
            Report("campaign", schema.CAMPAIGN_COUNTRIES, ("country",)),
            FINE_WINDOW_DAYS,
        ),
        _report(
            "campaign_placements",
            "A campaign on a day on one platform of Meta's and one kind of device.",
            Report(
                "campaign",
                schema.CAMPAIGN_PLACEMENTS,
                ("publisher_platform", "impression_device"),
            ),
            FINE_WINDOW_DAYS,
        ),
        _report(
            "campaign_attribution",
            "A campaign's conversions of a day by attribution window.",
            Report("campaign", schema.CAMPAIGN_ATTRIBUTION, windows=schema.ATTRIBUTION_WINDOWS),
            DAILY_WINDOW_DAYS,
        ),
    ),
    credential_fields=(
        CredentialField(
            "access_token",
            True,
            "Token of a system user or user with the scope ads_read; a system user's can be "
            "without end, a user's lives about 60 days and cannot be refreshed.",
        ),
        CredentialField(
            "app_secret",
            True,
            "Secret of the app, if it demands appsecret_proof.",
            required=False,
        ),
    ),
    discover=discover,
    describe_account=describe_account,
    read_error=read_error,
    read_usage=read_usage,
    account_ids=AccountIds(NUMBER, "212551616838260", without_prefix),
    # https://developers.facebook.com/blog/post/2018/06/08/enforce-https-facebook-login/
    no_consent=(
        "Meta sends a browser back to https addresses only (to http://localhost only while an app "
        "is in development mode), and what it gives then ends after 60 days. Make a token of a "
        "system user, which does not end"
    ),
    docs_url="https://developers.facebook.com/docs/marketing-api",
)
