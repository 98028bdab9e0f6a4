"""Google Analytics 4, by the Data API and the Admin API.

Surprises: sessions and users are estimates that never add up; small rows vanish into `(other)` or
below a threshold, and the answer says so; a change of the attribution model restates all history.
https://developers.google.com/analytics/devguides/reporting/data/v1
"""

from __future__ import annotations

from connectors.core.accounts import NUMBER, AccountIds
from connectors.core.auth import ByCredential, OAuth2Refresh
from connectors.core.columns import Column
from connectors.core.consent import Consent
from connectors.core.credentials import CredentialField
from connectors.core.platform import Platform
from connectors.core.service_account import ServiceAccount
from connectors.core.stream import Stream
from connectors.platforms.ga4 import hooks, schema
from connectors.platforms.ga4.failures import read_error
from connectors.platforms.ga4.reports import report

TOKEN_URL = "https://oauth2.googleapis.com/token"
SCOPE = "https://www.googleapis.com/auth/analytics.readonly"
LOOKBACK_DAYS = 14
LOOKBACK_REASON = (
    "Figures change for 48 hours, servers may send events 72 hours late, and the credit for key "
    "events and revenue is revised for up to 12 days."
)
WINDOW_DAYS = 15
"""Days of a chunk: a lookback and today. What is fetched is committed with it."""
DAYS_AT_ONCE = 5


def _report(
    name: str,
    description: str,
    columns: tuple[Column, ...],
    days: int = DAYS_AT_ONCE,
    *,
    credited: bool = False,
) -> Stream:
    """Returns a report; what is credited follows from the attribution settings."""
    return Stream(
        name=name,
        kind="report",
        description=description,
        columns=columns,
        pages=report(columns, days, key_events=credited),
        lookback_days=LOOKBACK_DAYS,
        lookback_reason=LOOKBACK_REASON,
        max_window_days=WINDOW_DAYS,
        grain="hour" if any(one.name == "hour" for one in columns) else "day",
        basis=hooks.basis if credited else None,
        ignored=schema.IGNORED,
    )


PLATFORM = Platform(
    name="ga4",
    display_name="Google Analytics 4",
    category="analytics",
    api_version="v1beta",
    # Google has named no day, nor a successor.
    api_sunset=None,
    base_url="https://analyticsdata.googleapis.com",
    beside=(hooks.ADMIN,),
    auth=ByCredential(
        (
            ("refresh_token", OAuth2Refresh(TOKEN_URL)),
            ("service_account_key", ServiceAccount(TOKEN_URL, SCOPE, "service_account_key")),
        )
    ),
    # Ten may run at once in a property; streams of one run go one after the other.
    requests_per_second=5.0,
    streams=(
        Stream(
            name="properties",
            kind="snapshot",
            description="The property itself, with its attribution settings.",
            columns=schema.PROPERTIES,
            pages=hooks.properties,
            key_columns=("property_id",),
            ignored=schema.PROPERTY_KEYS,
        ),
        _report(
            "traffic_hours",
            "Visits in an hour of the property's day from a source, medium and campaign to a "
            "landing page.",
            schema.TRAFFIC_HOURS,
            # Hours leave the small tables: a day at once keeps `(other)` and sampling away.
            1,
        ),
        _report("source_days", "Visits of a day by source, medium, campaign.", schema.SOURCE_DAYS),
        _report("property_days", "A property on a day.", schema.PROPERTY_DAYS),
        _report("channel_days", "Visits of a day by GA4's own channel.", schema.CHANNEL_DAYS),
        _report(
            "device_country_days",
            "Visits of a day by kind of device and country.",
            schema.DEVICE_COUNTRY_DAYS,
            1,
        ),
        _report("event_days", "An event on a day, by its name.", schema.EVENT_DAYS),
        _report(
            "key_event_days",
            "A key event on a day and what the property's attribution model credits with it.",
            schema.KEY_EVENT_DAYS,
            credited=True,
        ),
        _report("item_days", "An item that was bought on a day.", schema.ITEM_DAYS),
    ),
    credential_fields=tuple(
        CredentialField(name, name != "client_id", text, required=False)
        for name, text in (
            ("client_id", "Id of your OAuth client."),
            ("client_secret", "Secret of that client."),
            ("refresh_token", "Refresh token with the scope …/auth/analytics.readonly."),
            ("service_account_key", "In place of these: the key file (JSON) of a service account."),
        )
    ),
    discover=hooks.discover,
    describe_account=hooks.describe_account,
    read_error=read_error,
    account_ids=AccountIds(NUMBER, "310000037", hooks.bare),
    # Without prompt=consent Google gives a refresh token only the first time that it is asked.
    consent=Consent(
        "https://accounts.google.com/o/oauth2/v2/auth",
        TOKEN_URL,
        (SCOPE,),
        {"access_type": "offline", "prompt": "consent"},
    ),
    docs_url="https://developers.google.com/analytics/devguides/reporting/data/v1",
)
