"""People's files: exports that are dropped into the landing folder, or stand at a path.

Surprises: everything that spreadsheets do to data; see docs/files.md. A file lands whole: it is one
chunk of a sync, loaded once, and everything about it is in the connection's mapping.
"""

from __future__ import annotations

from connectors.core.accounts import AccountIds
from connectors.core.auth import NoAuth
from connectors.core.landed import no_accounts, no_error, no_pages
from connectors.core.objects import LandedObjects
from connectors.core.platform import Platform
from connectors.core.stream import Stream
from connectors.platforms.files import hooks
from connectors.platforms.files.schema import DESCRIPTIONS, KEYS, TARGETS


def _stream(name: str) -> Stream:
    if name == "costs":
        return Stream(name, "report", DESCRIPTIONS[name], TARGETS[name], no_pages, grain="day")
    return Stream(
        name,
        "changes",
        DESCRIPTIONS[name],
        TARGETS[name],
        no_pages,
        key_columns=KEYS[name],
        version_column="updated_at",
    )


PLATFORM = Platform(
    name="files",
    display_name="Files",
    category="file",
    api_version="1",
    api_sunset=None,
    # Nothing is asked for over the network; the address is what a platform must have.
    base_url="https://files.invalid",
    auth=NoAuth(),
    requests_per_second=1000.0,
    streams=tuple(_stream(name) for name in TARGETS),
    credential_fields=(),
    discover=no_accounts,
    describe_account=hooks.describe_account,
    read_error=no_error,
    docs_url="https://www.rfc-editor.org/rfc/rfc4180",
    intake=LandedObjects(
        kind=hooks.kind,
        stream=hooks.stream,
        in_order=hooks.in_order,
        find=hooks.find,
        read=hooks.read,
        remarks=hooks.inspect,
    ),
    account_ids=AccountIds(example="crm_orders"),
    check_settings=hooks.check_settings,
)
