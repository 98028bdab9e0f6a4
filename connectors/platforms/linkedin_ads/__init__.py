"""LinkedIn Ads, by the versioned Marketing API.

Surprises: an answer is cut at 15,000 elements without a word; numbers that are nothing make a row
vanish; days are UTC; without a role in the account there is no error, but nothing is shown.
https://learn.microsoft.com/linkedin/marketing/integrations/ads-reporting/ads-reporting
"""

from __future__ import annotations

from datetime import date

from connectors.core.accounts import NUMBER, AccountIds
from connectors.core.auth import OAuth2Refresh
from connectors.core.columns import Column
from connectors.core.credentials import CredentialField
from connectors.core.platform import Platform
from connectors.core.stream import Pages, Stream
from connectors.platforms.linkedin_ads import hooks, schema
from connectors.platforms.linkedin_ads.analytics import demographics, performance
from connectors.platforms.linkedin_ads.failures import read_error

API_VERSION = "202610"
"""A version lives for at least a year, and ends in the middle of its month."""
LOOKBACK_DAYS = 30
LOOKBACK_REASON = (
    "Conversions count for 30 days after a click, and clicks and costs are corrected later."
)
COARSE_WINDOW_DAYS = 90
"""Reach is reported for at most 92 days at once."""
FINE_WINDOW_DAYS = 32
"""A lookback and two days is one question; an answer holds 15,000 creatives and days."""
RETENTION_DAYS = 3_650
MEMBER_RETENTION_DAYS = 730
"""LinkedIn keeps numbers for 10 years, those by groups of members for 2."""


def _list(name: str, description: str, columns: tuple[Column, ...], pages: Pages) -> Stream:
    """Returns a list of entities, by the id that is the first of their columns."""
    return Stream(
        name=name,
        kind="snapshot",
        description=description,
        columns=columns,
        pages=pages,
        key_columns=(columns[0].name,),
        ignored=schema.IGNORED,
    )


def _report(
    name: str, description: str, columns: tuple[Column, ...], pivots: tuple[str, ...], days: int
) -> Stream:
    return Stream(
        name=name,
        kind="report",
        description=description,
        columns=columns,
        pages=performance(columns, pivots),
        lookback_days=LOOKBACK_DAYS,
        lookback_reason=LOOKBACK_REASON,
        max_window_days=days,
        retention_days=RETENTION_DAYS,
        grain="day",
    )


PLATFORM = Platform(
    name="linkedin_ads",
    display_name="LinkedIn Ads",
    category="ads",
    api_version=API_VERSION,
    api_sunset=date(2027, 10, 15),
    base_url="https://api.linkedin.com",
    auth=OAuth2Refresh("https://www.linkedin.com/oauth/v2/accessToken"),
    # A pace that the connectors of others have kept to; LinkedIn publishes none.
    requests_per_second=0.6,
    headers={"LinkedIn-Version": API_VERSION, "X-Restli-Protocol-Version": "2.0.0"},
    streams=(
        _list("accounts", "The ad account itself.", schema.ACCOUNTS, hooks.accounts),
        _list(
            "campaign_groups",
            "A campaign group, removed ones included.",
            schema.CAMPAIGN_GROUPS,
            hooks.CAMPAIGN_GROUPS,
        ),
        _list("campaigns", "A campaign, removed ones included.", schema.CAMPAIGNS, hooks.CAMPAIGNS),
        _list("creatives", "A creative of a campaign.", schema.CREATIVES, hooks.CREATIVES),
        _report(
            "campaign_group_analytics",
            "A campaign group on a day (UTC), if anything happened.",
            schema.CAMPAIGN_GROUP_ANALYTICS,
            ("CAMPAIGN_GROUP",),
            COARSE_WINDOW_DAYS,
        ),
        _report(
            "campaign_analytics",
            "A campaign on a day (UTC), if anything happened.",
            schema.CAMPAIGN_ANALYTICS,
            ("CAMPAIGN_GROUP", "CAMPAIGN"),
            COARSE_WINDOW_DAYS,
        ),
        _report(
            "creative_analytics",
            "A creative on a day (UTC), if anything happened.",
            schema.CREATIVE_ANALYTICS,
            ("CAMPAIGN_GROUP", "CAMPAIGN", "CREATIVE"),
            FINE_WINDOW_DAYS,
        ),
        Stream(
            name="member_demographics",
            kind="report",
            description="A group of members in a month (UTC), over all campaigns of the account.",
            columns=schema.MEMBER_DEMOGRAPHICS,
            pages=demographics(schema.MEMBER_DEMOGRAPHICS),
            lookback_days=LOOKBACK_DAYS,
            lookback_reason=LOOKBACK_REASON,
            retention_days=MEMBER_RETENTION_DAYS,
            grain="day",
        ),
    ),
    credential_fields=(
        CredentialField("client_id", False, "Client id of your app in the developer portal."),
        CredentialField("client_secret", True, "Its primary client secret."),
        CredentialField(
            "refresh_token",
            True,
            "Refresh token with the scopes r_ads and r_ads_reporting; it lasts a year.",
        ),
    ),
    discover=hooks.discover,
    describe_account=hooks.describe_account,
    read_error=read_error,
    account_ids=AccountIds(NUMBER, "508720451"),
    no_consent=(
        "LinkedIn sends a browser back only to addresses that the app is registered with. Make a "
        "token with the token generator of the developer portal"
    ),
    docs_url="https://learn.microsoft.com/linkedin/marketing/",
)
