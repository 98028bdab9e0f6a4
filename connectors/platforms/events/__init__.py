"""Events: what visitors did, in files that a collector drops into the landing folder.

Surprise: nothing that a line says of sessions, robots or channels is trusted; they are worked out.
"""

from __future__ import annotations

from connectors.core.accounts import AccountIds
from connectors.core.auth import NoAuth
from connectors.core.landed import no_accounts, no_error, no_pages
from connectors.core.objects import LandedObjects
from connectors.core.platform import Platform
from connectors.core.stream import Stream
from connectors.platforms.events import hooks
from connectors.platforms.events.schema import EVENTS

PLATFORM = Platform(
    name="events",
    display_name="Web events",
    category="file",
    api_version="1",
    api_sunset=None,
    # Nothing is asked for over the network; the address is what a platform must have.
    base_url="https://events.invalid",
    auth=NoAuth(),
    requests_per_second=1000.0,
    streams=(
        Stream(
            name="events",
            kind="changes",
            description="An event of a visitor, a machine or a server, once for each receipt.",
            columns=EVENTS,
            pages=no_pages,
            key_columns=("event_id", "record_hash"),
        ),
    ),
    credential_fields=(),
    discover=no_accounts,
    describe_account=hooks.describe_account,
    read_error=no_error,
    docs_url="https://segment.com/docs/connections/spec",
    intake=LandedObjects(
        kind=hooks.kind,
        stream=hooks.stream,
        in_order=hooks.in_order,
        find=hooks.find,
        read=hooks.read,
        remarks=hooks.remarks,
    ),
    account_ids=AccountIds(r"[a-z0-9][a-z0-9_-]{0,62}", "web_shop"),
    check_settings=hooks.check_settings,
)
