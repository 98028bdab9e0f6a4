"""TikTok Ads, by the TikTok API for Business.

Surprises: errors come with HTTP 200 and a code in the body; deleted entities, and what they spent,
are hidden unless the status of their level is asked for; people reached are known 16 hours late,
and never by the hour. https://business-api.tiktok.com/portal/docs?id=1740302848100353
"""

from __future__ import annotations

from connectors.core.accounts import NUMBER, AccountIds
from connectors.core.auth import ApiKeyHeader
from connectors.core.columns import Column
from connectors.core.credentials import CredentialField
from connectors.core.platform import Platform
from connectors.core.rest import Rest
from connectors.core.stream import Stream
from connectors.platforms.tiktok_ads import hooks, schema
from connectors.platforms.tiktok_ads.failures import read_error

LOOKBACK_DAYS = 28
LOOKBACK_REASON = (
    "Conversions are booked on the day of the impression or click: up to 28 days after a click."
)


def _list(name: str, description: str, pages: Rest) -> Stream:
    """Returns a list of entities, by the id that is the first of their columns."""
    return Stream(
        name=name,
        kind="snapshot",
        description=description,
        columns=pages.columns,
        pages=pages,
        key_columns=(pages.columns[0].name,),
    )


def _report(name: str, what: str, columns: tuple[Column, ...], level: str) -> Stream:
    hourly = any(column.name == "hour" for column in columns)
    return Stream(
        name=name,
        kind="report",
        description=f"{what}, if it was shown.",
        columns=columns,
        pages=hooks.report(columns, level, hourly),
        lookback_days=LOOKBACK_DAYS,
        lookback_reason=LOOKBACK_REASON,
        max_window_days=hooks.DAYS_AT_ONCE,
        grain="hour" if hourly else "day",
    )


PLATFORM = Platform(
    name="tiktok_ads",
    display_name="TikTok Ads",
    category="ads",
    api_version=hooks.VERSION,
    api_sunset=None,
    base_url="https://business-api.tiktok.com",
    auth=ApiKeyHeader("Access-Token", "access_token"),
    # New apps may send about 10 a second, over all of their accounts.
    requests_per_second=8.0,
    streams=(
        _list("advertisers", "The advertiser (ad account) itself.", hooks.ADVERTISERS),
        _list("campaigns", "A campaign, deleted ones included.", hooks.CAMPAIGNS),
        _list("ad_groups", "An ad group, deleted ones included.", hooks.AD_GROUPS),
        _list("ads", "An ad, deleted ones included.", hooks.ADS),
        _report("campaign_reports", "A campaign on a day", schema.CAMPAIGN_REPORTS, "campaign"),
        _report("ad_group_reports", "An ad group on a day", schema.AD_GROUP_REPORTS, "adgroup"),
        _report("ad_reports", "An ad on a day", schema.AD_REPORTS, "ad"),
        _report(
            "campaign_reports_hourly",
            "A campaign in an hour of the account's day",
            schema.CAMPAIGN_REPORTS_HOURLY,
            "campaign",
        ),
    ),
    credential_fields=(
        CredentialField(
            "access_token", True, "Long-term token that an advertiser granted your app."
        ),
        CredentialField(
            "app_id", False, "Id of the app, for `connections discover`.", required=False
        ),
        CredentialField(
            "secret", True, "Secret of the app, for `connections discover`.", required=False
        ),
    ),
    discover=hooks.discover,
    describe_account=hooks.describe_account,
    read_error=read_error,
    account_ids=AccountIds(NUMBER, "7002238017842757633"),
    no_consent=(
        "TikTok sends a browser back to the one address that the app is registered with. Allow the "
        "access there, and exchange the code that it brings for a token, which does not end"
    ),
    docs_url="https://business-api.tiktok.com/portal/docs",
)
