"""Webhooks: what senders post to `tributary webhooks`, as it was stored.

Surprise: an event of most senders is a signal. The pull of the stream that it is about writes the
tables; data itself are lead forms and postbacks alone.
"""

from __future__ import annotations

from connectors.core.accounts import AccountIds
from connectors.core.auth import NoAuth
from connectors.core.credentials import CredentialField
from connectors.core.landed import no_accounts, no_error, no_pages
from connectors.core.objects import LandedObjects
from connectors.core.platform import Platform
from connectors.core.stream import Stream
from connectors.platforms.webhooks import hooks, schema

PLATFORM = Platform(
    name="webhooks",
    display_name="Webhooks",
    category="file",
    api_version="1",
    api_sunset=None,
    # Nothing is asked for over the network; the address is what a platform must have.
    base_url="https://webhooks.invalid",
    auth=NoAuth(),
    requests_per_second=1000.0,
    streams=tuple(
        Stream(
            name=name,
            kind="changes",
            description=description,
            columns=columns,
            pages=no_pages,
            key_columns=("record_id",),
            version_column="updated_at",
        )
        for name, description, columns in (
            ("deliveries", "An event that a platform has signalled.", schema.DELIVERIES),
            ("lead_forms", "A lead form that somebody has sent.", schema.LEAD_FORMS),
            ("postbacks", "A conversion as a network has reported it.", schema.POSTBACKS),
        )
    ),
    credential_fields=(
        CredentialField("secret", True, "What the sender signs with, or sends along."),
        CredentialField("previous_secret", True, "The one before it, while it is rotated.", False),
        CredentialField("previous_until", False, "Until when that one is valid (UTC).", False),
        CredentialField(
            "verify_token", True, "Of Meta: the verify token of the app's page.", False
        ),
    ),
    discover=no_accounts,
    describe_account=hooks.describe_account,
    read_error=no_error,
    docs_url="https://www.standardwebhooks.com",
    intake=LandedObjects(
        kind=hooks.kind,
        stream=hooks.stream,
        in_order=hooks.in_order,
        find=hooks.find,
        read=hooks.read,
        remarks=hooks.remarks,
    ),
    account_ids=AccountIds(r"[a-z0-9][a-z0-9_-]{0,62}", "shopify_orders"),
    check_settings=hooks.check_settings,
    own_credentials=True,
)
