"""Mailchimp, by its Marketing API 3.0.

Surprises: the key names the data centre; reports are counts to date without a date; a member's id
is the plain MD5 of the address; unset values are empty texts; archived members are hidden.
https://mailchimp.com/developer/marketing/
"""

from __future__ import annotations

from datetime import timedelta

from connectors.core.accounts import AccountIds
from connectors.core.auth import ApiKeyHeader, ByCredential
from connectors.core.credentials import CredentialField
from connectors.core.platform import Platform
from connectors.core.stream import Stream
from connectors.core.streams import entities
from connectors.platforms.mailchimp import hooks, listings, schema

PLATFORM = Platform(
    name="mailchimp",
    display_name="Mailchimp",
    category="email",
    api_version="3.0",
    api_sunset=None,
    base_url="https://{place}.api.mailchimp.com",
    place_of=hooks.data_centre,
    auth=ByCredential(
        (
            ("api_key", ApiKeyHeader("Authorization", "api_key", "Bearer ")),
            ("access_token", ApiKeyHeader("Authorization", "access_token", "Bearer ")),
        )
    ),
    # No rate is published: ten requests at a time, of which one account makes one.
    requests_per_second=5.0,
    streams=(
        entities(
            "audiences",
            "An audience with the number of its members.",
            schema.AUDIENCES,
            listings.Whole("/lists", "lists", {"sort_field": "date_created"}),
            schema.IGNORED,
        ),
        entities(
            "campaigns",
            "A campaign: one newsletter, sent or not.",
            schema.CAMPAIGNS,
            listings.Whole("/campaigns", "campaigns", {"sort_field": "create_time"}),
            schema.IGNORED,
        ),
        entities(
            "reports",
            "What a campaign that was sent came to so far.",
            schema.REPORTS,
            listings.Whole("/reports", "reports", {}),
            schema.IGNORED,
        ),
        Stream(
            name="members",
            kind="changes",
            description="A member of an audience, as it was at one time.",
            columns=schema.MEMBERS,
            pages=listings.members,
            cursor_overlap=timedelta(minutes=10),
            version_column="updated_at",
            key_columns=("audience_id", "member_id"),
            ignored=schema.IGNORED,
        ),
        Stream(
            name="email_activity",
            kind="changes",
            description="An open, a click, a bounce or an unsubscription.",
            columns=schema.EMAIL_ACTIVITY,
            pages=listings.activity,
            # Mailchimp does not say how late an event may appear.
            cursor_overlap=timedelta(days=2),
            version_column="updated_at",
            key_columns=("record_id",),
            ignored=schema.IGNORED,
        ),
    ),
    credential_fields=(
        CredentialField("api_key", True, "API key, which ends with the data centre.", False),
        CredentialField("access_token", True, "In its place: an access token of OAuth 2.", False),
        CredentialField("data_centre", False, "Beside a token: where it lives (us21).", False),
    ),
    discover=hooks.discover,
    describe_account=hooks.describe_account,
    read_error=hooks.read_error,
    account_ids=AccountIds(r"[0-9a-f]{8,40}", "caf9055242d41edd9215d1898"),
    no_consent="An API key is made in the account's own settings",
    docs_url="https://mailchimp.com/developer/marketing/",
)
