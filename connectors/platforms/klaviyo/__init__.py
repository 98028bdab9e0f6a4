"""Klaviyo, by its JSON:API in one pinned revision.

Surprises: reports book by the day of sending and have few requests; aggregates book by the day of
the event and never agree with them; events hold whatever their sender put in; each endpoint has
limits of its own. https://developers.klaviyo.com/en/v2026-07-15/reference/api_overview
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from connectors.core.accounts import AccountIds
from connectors.core.auth import ApiKeyHeader, ByCredential, OAuth2Refresh
from connectors.core.credentials import CredentialField
from connectors.core.pacing import window_seconds
from connectors.core.platform import Platform
from connectors.core.stream import Stream
from connectors.core.streams import daily, entities
from connectors.platforms.klaviyo import activity, hooks, reports, schema
from connectors.platforms.klaviyo import listings as lists
from connectors.platforms.klaviyo.failures import read_error

REVISION = "2026-07-15"
"""The last revision in which a campaign itself has its status and its time of sending.

In 2026-10-15 its messages have them, and what they say stands in variations, of which no
description was to be had. A revision is stable for a year and served for two."""


_snapshot = partial(entities, ignored=schema.IGNORED)
_report = partial(daily, ignored=schema.IGNORED)
_PACES = {
    "/api/events": 58.0, "/api/profiles": 11.0, "/api/lists": 11.0, "/api/segments": 11.0,
    "/flow-messages": 1.0,
    "/api/flows": 1.0, "/api/metric-aggregates": 1.0, "/api/accounts": 0.25,
    "/api/campaign-values-reports": 2 / 60, "/api/flow-series-reports": 2 / 60,
}  # fmt: skip
"""Requests a second by the limits of a minute, the tighter ones: those of a second are bursts."""
_GROWS = 30, "What was sent on a day is opened, clicked and bought from for weeks."
_LATE = 7, "An event may come days after the time that its sender gives it."

PLATFORM = Platform(
    name="klaviyo",
    display_name="Klaviyo",
    category="email",
    api_version=REVISION,
    api_sunset=date(2028, 7, 15),
    base_url="https://a.klaviyo.com",
    headers={"revision": REVISION, "Accept": "application/vnd.api+json"},
    auth=ByCredential(
        (
            ("refresh_token", OAuth2Refresh("https://a.klaviyo.com/oauth/token", basic=True)),
            ("private_key", ApiKeyHeader("Authorization", "private_key", "Klaviyo-API-Key ")),
        )
    ),
    requests_per_second=2.5,
    paces=_PACES,
    streams=(
        _snapshot("campaigns", "A campaign with its messages.", schema.CAMPAIGNS, lists.campaigns),
        _snapshot("flows", "A flow.", schema.FLOWS, lists.flows),
        _snapshot("flow_messages", "A mail of a flow.", schema.FLOW_MESSAGES, lists.flow_messages),
        _snapshot("lists", "A list of people.", schema.LISTS, lists.LISTS),
        _snapshot("segments", "People who fit a rule.", schema.SEGMENTS, lists.SEGMENTS),
        _snapshot("metrics", "A kind of event.", schema.METRICS, lists.METRICS),
        Stream(
            name="profiles",
            kind="changes",
            description="A person as they were at one time, without name and address.",
            columns=schema.PROFILES,
            ignored=schema.IGNORED,
            pages=activity.profiles,
            max_window_days=90,
            cursor_overlap=timedelta(minutes=10),
            version_column="updated_at",
            key_columns=("profile_id",),
        ),
        _report("events", "An event.", schema.EVENTS, activity.events, _LATE),
        _report(
            "campaign_values",
            "A campaign's message on the day it was sent, with all that it brought until now.",
            schema.CAMPAIGN_VALUES,
            reports.campaign_values,
            _GROWS,
        ),
        _report(
            "flow_series",
            "A flow's message as sent on a day, with all that it brought until now.",
            schema.FLOW_SERIES,
            reports.flow_series,
            _GROWS,
        ),
        _report(
            "metric_aggregates",
            "What happened on a day with a message, or is credited to it, if anything did.",
            schema.METRIC_AGGREGATES,
            reports.metric_aggregates,
            _LATE,
        ),
    ),
    credential_fields=tuple(
        CredentialField(name, name != "client_id", text, required=False)
        for name, text in (
            ("private_key", "Private API key (pk_…) of the account."),
            ("client_id", "Client id of an OAuth app."),
            ("client_secret", "Secret of that app."),
            ("refresh_token", "Refresh token of the app's installation."),
        )
    ),
    discover=hooks.discover,
    describe_account=hooks.describe_account,
    read_error=read_error,
    read_usage=lambda reply: window_seconds(reply.headers),
    account_ids=AccountIds(r"[A-Za-z0-9]{6}", "AbC123"),
    check_settings=hooks.check_settings,
    no_consent=(
        "Klaviyo sends a browser back to the addresses alone that are registered with the app, "
        "which are the app's own and not this machine. A private key needs no browser"
    ),
    docs_url="https://developers.klaviyo.com/en/reference/api_overview",
)
