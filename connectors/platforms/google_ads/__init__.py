"""Google Ads, by its REST API and GAQL.

Surprises: numbers of 64 bits come as strings; a metric that is zero is sent but a field that is
unset is absent; with a segment in the query, rows without activity are not returned; Performance
Max spends money on no ad, so ads add up to less than their campaigns; manager accounts refuse
metrics. https://developers.google.com/google-ads/api/docs/start
"""

from __future__ import annotations

from dataclasses import replace

from connectors.core.accounts import NUMBER, AccountIds
from connectors.core.auth import OAuth2Refresh
from connectors.core.columns import Column
from connectors.core.consent import Consent
from connectors.core.credentials import CredentialField
from connectors.core.platform import Platform
from connectors.core.stream import Pages, Stream
from connectors.platforms.google_ads import reports, schema
from connectors.platforms.google_ads.clicks import clicks
from connectors.platforms.google_ads.failures import read_error
from connectors.platforms.google_ads.geography import geo_stats, geo_targets
from connectors.platforms.google_ads.group_parts import placement_stats, search_term_stats
from connectors.platforms.google_ads.hierarchy import discover
from connectors.platforms.google_ads.hooks import (
    check_settings,
    describe_account,
    digits,
    pages_of,
)
from connectors.platforms.google_ads.labels import labels

TOKEN_URL = "https://oauth2.googleapis.com/token"
LOOKBACK_DAYS = 30
LOOKBACK_REASON = (
    "Conversions are booked on the day of the click and arrive for weeks, and invalid clicks are "
    "credited later. The click window can be set to 90 days; by far most arrive within 30."
)
DAILY_WINDOW_DAYS = 90
CLICK_LOOKBACK_DAYS = 3
CLICK_LOOKBACK_REASON = (
    "A click does not change: invalid ones stay listed. The last ones of a day may appear late."
)
CLICK_WINDOW_DAYS = 10
"""A day of clicks is a query; few days in a chunk lose little when one fails."""
HOURLY_WINDOW_DAYS = 14
"""An hourly report has up to 24 times the rows: shorter chunks keep page tokens from expiring."""


def _snapshot(
    name: str,
    source: str | Pages,
    description: str,
    columns: tuple[Column, ...],
    *key: str,
    condition: str = "",
) -> Stream:
    return Stream(
        name=name,
        kind="snapshot",
        description=description,
        columns=columns,
        pages=pages_of(source, columns, condition) if isinstance(source, str) else source,
        key_columns=key,
        ignored=schema.IGNORED,
    )


def _report(
    name: str,
    source: str | Pages,
    description: str,
    columns: tuple[Column, ...],
) -> Stream:
    hourly = any(column.name == "hour" for column in columns)
    return Stream(
        name=name,
        kind="report",
        description=description,
        columns=columns,
        pages=pages_of(source, columns) if isinstance(source, str) else source,
        lookback_days=LOOKBACK_DAYS,
        lookback_reason=LOOKBACK_REASON,
        max_window_days=HOURLY_WINDOW_DAYS if hourly else DAILY_WINDOW_DAYS,
        retention_days=reports.RETENTION_DAYS,
        grain="hour" if hourly else "day",
        ignored=schema.IGNORED,
    )


PLATFORM = Platform(
    name="google_ads",
    display_name="Google Ads",
    category="ads",
    api_version="v26",
    # Google has not named the day; a major version lives for about a year (v26: 14 October 2026).
    api_sunset=None,
    base_url="https://googleads.googleapis.com",
    auth=OAuth2Refresh(TOKEN_URL),
    # Google publishes no number; it limits by account and by Cloud project, and says when to wait.
    requests_per_second=10.0,
    streams=(
        _snapshot("accounts", "customer", "The account itself.", schema.ACCOUNTS, "customer_id"),
        _snapshot(
            "campaigns",
            "campaign",
            "A campaign with its budget, removed ones included.",
            schema.CAMPAIGNS,
            "campaign_id",
        ),
        _snapshot(
            "ad_groups",
            "ad_group",
            "An ad group, removed ones included.",
            schema.AD_GROUPS,
            "ad_group_id",
        ),
        _snapshot(
            "ads",
            "ad_group_ad",
            "An ad in its ad group, removed ones included.",
            schema.ADS,
            "ad_group_id",
            "ad_id",
        ),
        _snapshot(
            "keywords",
            "ad_group_criterion",
            "A keyword of an ad group, negative and removed ones included.",
            schema.KEYWORDS,
            "ad_group_id",
            "criterion_id",
            condition="ad_group_criterion.type = 'KEYWORD'",
        ),
        _snapshot(
            "labels",
            labels,
            "A label on a campaign, an ad group or an ad.",
            schema.LABELS,
            "label_id",
            "campaign_id",
            "ad_group_id",
            "ad_id",
        ),
        _snapshot(
            "geo_targets",
            geo_targets,
            "A place that the account's numbers name; the same for all accounts.",
            schema.GEO_TARGETS,
            "geo_target_id",
        ),
        _report(
            "campaign_stats",
            "campaign",
            "A campaign on a day, if it was active.",
            reports.CAMPAIGN_STATS,
        ),
        _report(
            "ad_group_stats",
            "ad_group",
            "An ad group on a day, if it was active.",
            reports.AD_GROUP_STATS,
        ),
        _report("ad_stats", "ad_group_ad", "An ad on a day, if it was active.", reports.AD_STATS),
        _report(
            "campaign_stats_hourly",
            "campaign",
            "A campaign in an hour of the account's day, if it was active. The two hours of an "
            "autumn clock change are one.",
            reports.CAMPAIGN_STATS_HOURLY,
        ),
        _report(
            "campaign_stats_by_device",
            "campaign",
            "A campaign on a day on one kind of device and one network, if it was active there.",
            reports.CAMPAIGN_STATS_BY_DEVICE,
        ),
        _report(
            "keyword_stats",
            "keyword_view",
            "A keyword on a day, if it was active. Not all that an ad group does has a keyword.",
            reports.KEYWORD_STATS,
        ),
        _report(
            "search_term_stats",
            search_term_stats,
            "What people searched for before they saw an ad of an ad group, or of a Performance "
            "Max campaign, on a day: the row without a term is the whole.",
            reports.SEARCH_TERM_STATS,
        ),
        _report(
            "placement_stats",
            placement_stats,
            "Where ads of an ad group, or of a Performance Max campaign, stood on a day: the row "
            "without a placement is the whole.",
            reports.PLACEMENT_STATS,
        ),
        replace(
            _report(
                "clicks",
                clicks,
                "A click with its gclid, invalid ones included. It bills nothing: the cost is the "
                "ad's.",
                reports.CLICKS,
            ),
            lookback_days=CLICK_LOOKBACK_DAYS,
            lookback_reason=CLICK_LOOKBACK_REASON,
            max_window_days=CLICK_WINDOW_DAYS,
            retention_days=reports.CLICK_DAYS,
        ),
        _report(
            "geo_stats",
            geo_stats,
            "A campaign on a day in a country and, where there is one, in a region of it: the row "
            "without a region is the whole country.",
            reports.GEO_STATS,
        ),
    ),
    credential_fields=(
        CredentialField("client_id", False, "Id of the OAuth client in your Google Cloud project."),
        CredentialField("client_secret", True, "Secret of that OAuth client."),
        CredentialField("refresh_token", True, "Refresh token with the scope …/auth/adwords."),
        CredentialField(
            "login_customer_id",
            False,
            "Id of the manager account through which access goes, if it does.",
            required=False,
        ),
        CredentialField(
            "developer_token",
            True,
            "Ignored by Google since 9 September 2026; sent only if it is given.",
            required=False,
        ),
    ),
    discover=discover,
    describe_account=describe_account,
    read_error=read_error,
    account_ids=AccountIds(NUMBER, "1234567890", digits),
    check_settings=check_settings,
    # Without prompt=consent Google gives a refresh token only the first time that it is asked.
    consent=Consent(
        "https://accounts.google.com/o/oauth2/v2/auth",
        TOKEN_URL,
        ("https://www.googleapis.com/auth/adwords",),
        {"access_type": "offline", "prompt": "consent"},
    ),
    docs_url="https://developers.google.com/google-ads/api/docs/start",
)
