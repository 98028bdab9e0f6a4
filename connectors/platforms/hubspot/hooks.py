"""The account of a credential, what it may read, and the settings that a connection may have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from connectors.core.accounts import Account
from connectors.core.errors import AccountGone
from connectors.core.http import Client
from connectors.core.paginators import at
from connectors.core.reach import Shortfall
from connectors.platforms.hubspot.failures import KEYS, NotGranted
from connectors.platforms.hubspot.lists import EMAIL_EVENTS, FORMS
from connectors.platforms.hubspot.records import API_VERSION, PROPERTIES
from connectors.platforms.hubspot.schema import PERSONAL

_OPTIONAL = {
    FORMS: (f"/marketing/forms/{API_VERSION}", "No submissions of forms are read."),
    EMAIL_EVENTS: ("/email/public/v1/events", "No events of mails are read."),
}
_DECLARED = re.compile(r"(contacts|companies|deals)\.([a-z][a-z0-9_]{0,99})")
_MOST = 60
"""Declared properties at most: with all others their names fit into an address."""


def discover(client: Client) -> Iterator[Account]:
    """Yields the one account that a token, or an app that was installed, reaches."""
    found = client.get(f"/account-info/{API_VERSION}/details").data
    yield Account(
        str(at(found, "portalId") or ""),
        "",
        str(at(found, "companyCurrency") or ""),
        str(at(found, "timeZone") or ""),
    )


def describe_account(client: Client, account: Account) -> Account:
    """Returns the account with its currency, time zone and what of it may be read.

    Raises:
        AccountGone: the credential is one of another account.
    """
    (found,) = discover(client)
    if found.id != account.id:
        raise AccountGone(
            f"the credential reaches the account {found.id}, not {account.id}",
            remedy="Use a key that was made in this account.",
        )
    granted = frozenset(scope for scope, (path, _) in _OPTIONAL.items() if _may(client, path))
    return account.described("", found.currency, found.time_zone, granted=granted)


def shortfalls(account: Account) -> Sequence[Shortfall]:
    """Returns what the credential, or the plan of the account, does not let one read."""
    if account.granted is None:
        return ()
    return [
        Shortfall(
            scope,
            follows,
            f"Grant the scope {scope} ({KEYS}), if the plan has it.",
            is_error=False,
        )
        for scope, (_, follows) in _OPTIONAL.items()
        if scope not in account.granted
    ]


def check_settings(account_id: str, settings: Mapping[str, str]) -> None:
    """Refuses settings of a connection other than properties that may be declared.

    Raises:
        ValueError: an unknown setting, or a property that cannot be, or must not be, read.
    """
    for name, value in settings.items():
        if name != PROPERTIES:
            raise ValueError(f"hubspot {account_id} has no setting {name!r}, only {PROPERTIES}")
        names = value.replace(",", " ").split()
        for one in names:
            found = _DECLARED.fullmatch(one)
            if found is None:
                raise ValueError(f"{one!r} is no property: write it like deals.channel_partner")
            if found[2] in PERSONAL or "email" in found[2] or "phone" in found[2]:
                raise ValueError(f"{one!r} identifies a person, and is not read")
        if len(names) > _MOST:
            raise ValueError(f"{PROPERTIES} of hubspot {account_id} are more than {_MOST}")


def _may(client: Client, path: str) -> bool:
    try:
        client.get(path, params={"limit": "1"})
    except NotGranted:
        return False
    return True
