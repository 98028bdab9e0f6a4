"""HubSpot CRM, by its date-versioned API.

Surprises: a search shows 10,000 rows at most and answers five times a second; what is archived is
in no search; a merge may give the survivor a new id; all values are text.
https://developers.hubspot.com/docs/api-reference
"""

from __future__ import annotations

from datetime import timedelta

from connectors.core.accounts import NUMBER, AccountIds
from connectors.core.auth import ApiKeyHeader, ByCredential, OAuth2Refresh
from connectors.core.columns import Column
from connectors.core.credentials import CredentialField
from connectors.core.platform import Platform
from connectors.core.stream import Pages, Stream
from connectors.platforms.hubspot import hooks, lists, schema
from connectors.platforms.hubspot.failures import read_error, read_usage
from connectors.platforms.hubspot.records import API_VERSION, Records


def _changes(what: str, records: Records) -> Stream:
    return Stream(
        name=records.type,
        kind="changes",
        description=what,
        columns=records.columns,
        pages=records,
        # The index of searches lags behind by minutes.
        cursor_overlap=timedelta(minutes=10),
        reads_all=True,
        version_column="updated_at",
        key_columns=("record_id",),
        ignored=schema.IGNORED,
    )


def _snapshot(name: str, what: str, columns: tuple[Column, ...], pages: Pages, keys: int) -> Stream:
    """Returns a whole list; its first columns, so many, are its key."""
    key, dropped = (
        tuple(one.name for one in columns[:keys]),
        schema.IGNORED - {"createdAt", "updatedAt"},
    )
    return Stream(name, "snapshot", what, columns, pages, key_columns=key, ignored=dropped)


def _report(name: str, what: str, columns: tuple[Column, ...], pages: Pages) -> Stream:
    late = 3, "An event may be known days after it happened."
    return Stream(
        name, "report", what, columns, pages, *late, 31, grain="day", ignored=schema.IGNORED
    )


PLATFORM = Platform(
    name="hubspot",
    display_name="HubSpot",
    category="crm",
    api_version=API_VERSION,
    # Supported for 18 months at least; no day has been announced.
    api_sunset=None,
    base_url="https://api.hubapi.com",
    auth=ByCredential(
        (
            ("refresh_token", OAuth2Refresh(f"https://api.hubapi.com/oauth/{API_VERSION}/token")),
            ("access_token", ApiKeyHeader("Authorization", "access_token", "Bearer ")),
        )
    ),
    # 100 in ten seconds on the smallest plans; a search 5 a second, counted apart.
    requests_per_second=9.0,
    paces={"/search": 4.0},
    streams=(
        _changes(
            "A contact as it was at one time, without name and address.",
            Records("contacts", "lastmodifieddate", schema.CONTACTS),
        ),
        _changes(
            "A company as it was at one time.",
            Records("companies", "hs_lastmodifieddate", schema.COMPANIES),
        ),
        _changes(
            "A deal as it was at one time, with all its stages until then.",
            Records("deals", "hs_lastmodifieddate", schema.DEALS, schema.HISTORY),
        ),
        _snapshot("pipelines", "A stage of a pipeline.", schema.PIPELINES, lists.pipelines, 2),
        _snapshot("owners", "Who looks after deals.", schema.OWNERS, lists.owners, 1),
        _snapshot(
            "associations",
            "A contact or company of a deal.",
            schema.ASSOCIATIONS,
            lists.associations,
            3,
        ),
        _report(
            "form_submissions",
            "A form that was sent in on a day.",
            schema.FORM_SUBMISSIONS,
            lists.form_submissions,
        ),
        _report(
            "email_events",
            "Something that happened to a mail on a day.",
            schema.EMAIL_EVENTS,
            lists.email_events,
        ),
    ),
    credential_fields=tuple(
        CredentialField(name, name != "client_id", text, required=False)
        for name, text in (
            ("access_token", "Service key, or token of a private app (pat-…)."),
            ("client_id", "Client id of an OAuth app."),
            ("client_secret", "Secret of that app."),
            ("refresh_token", "Refresh token of the app's installation."),
        )
    ),
    discover=hooks.discover,
    describe_account=hooks.describe_account,
    read_error=read_error,
    read_usage=read_usage,
    account_ids=AccountIds(NUMBER, "48120003"),
    check_settings=hooks.check_settings,
    shortfalls=hooks.shortfalls,
    no_consent=(
        "HubSpot sends a browser back to the addresses alone that are registered with the app, "
        "which are the app's own and not this machine. A service key needs no browser"
    ),
    docs_url="https://developers.hubspot.com/docs/api-reference",
)
