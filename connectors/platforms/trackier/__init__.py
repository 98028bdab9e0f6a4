"""Trackier's network API, by the calls that are documented in full.

Surprises: rows stand under their ids; nothing says how many there are; times are local to the
network, whose zone no call states. https://trackier.github.io/docs-v1/
"""

from __future__ import annotations

from connectors.core.accounts import AccountIds
from connectors.core.auth import ApiKeyHeader
from connectors.core.columns import Column
from connectors.core.credentials import CredentialField
from connectors.core.platform import Platform
from connectors.core.stream import Pages, Stream
from connectors.platforms.trackier import hooks, schema
from connectors.platforms.trackier.listings import Listing, reports

_RESTATES = 90, "Conversions are decided, imported and edited for weeks; nothing lists changes."
_CLICKED = 3, "A click is shown minutes later."


def _report(
    name: str, what: str, columns: tuple[Column, ...], pages: Pages, lookback: tuple[int, str]
) -> Stream:
    return Stream(
        name, "report", what, columns, pages, *lookback, 31, grain="day", ignored=schema.IGNORED
    )


PLATFORM = Platform(
    name="trackier",
    display_name="Trackier",
    category="affiliate",
    api_version="v1",
    api_sunset=None,
    base_url="https://api.trackier.com",
    auth=ApiKeyHeader("X-Api-Key", "api_key"),
    requests_per_second=3.0,
    streams=(
        Stream(
            "campaigns",
            "snapshot",
            "A campaign: what publishers are paid for.",
            schema.CAMPAIGNS,
            Listing("/campaign", "data.campaigns", 100),
            key_columns=("offer_id",),
            ignored=schema.IGNORED,
        ),
        _report(
            "conversions",
            "A conversion as it stands.",
            schema.CONVERSIONS,
            Listing("/network/conversions", "records", 500, schema.CONVERSIONS, says_limit=False),
            _RESTATES,
        ),
        _report(
            "clicks",
            "A raw click.",
            schema.CLICKS,
            Listing("/network/clicks", "data.clicks", 1_000),
            _CLICKED,
        ),
        _report(
            "reports",
            "What a publisher brought for a campaign on a day.",
            schema.REPORTS,
            reports,
            _RESTATES,
        ),
    ),
    credential_fields=(
        CredentialField("api_key", True, "API key of the network."),
        CredentialField("network_id", False, "Name of the network, as its page shows it."),
        CredentialField("time_zone", False, "The network's time zone, such as Asia/Kolkata."),
        CredentialField("currency", False, "The network's currency, such as INR."),
    ),
    discover=hooks.discover,
    describe_account=hooks.describe_account,
    read_error=hooks.read_error,
    account_ids=AccountIds(r"[A-Za-z0-9-]{1,63}", "acmepartners"),
    no_consent="Trackier's API knows keys alone",
    docs_url="https://apidocs.trackier.com/",
)
