"""The account of a credential, and the settings that a connection may have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from connectors.core.accounts import Account
from connectors.core.errors import AccountGone
from connectors.core.http import Client
from connectors.core.json_api import rows_of
from connectors.core.paginators import at
from connectors.platforms.klaviyo.measured import CONVERSION

_FIELDS = "contact_information.organization_name,preferred_currency,timezone"


def discover(client: Client) -> Iterator[Account]:
    """Yields the one account that a key, or an app that was installed, reaches."""
    for one in rows_of(client.get("/api/accounts", params={"fields[account]": _FIELDS})):
        yield Account(
            str(one["id"]),
            str(at(one, "attributes.contact_information.organization_name") or ""),
            str(at(one, "attributes.preferred_currency") or ""),
            str(at(one, "attributes.timezone") or ""),
        )


def describe_account(client: Client, account: Account) -> Account:
    """Returns the account with its present name, currency and time zone.

    Raises:
        AccountGone: the credential is one of another account.
    """
    held = list(discover(client))
    for found in held:
        if found.id == account.id:
            return account.described(found.name, found.currency, found.time_zone)
    others = ", ".join(one.id for one in held) or "none"
    raise AccountGone(
        f"the credential reaches the account {others}, not {account.id}",
        remedy="Use a private key that was made in this account.",
    )


def check_settings(account_id: str, settings: Mapping[str, str]) -> None:
    """Refuses settings of a connection other than its conversion metric.

    Raises:
        ValueError: an unknown setting, or an empty one.
    """
    for name, value in settings.items():
        if name != CONVERSION:
            raise ValueError(f"klaviyo {account_id} has no setting {name!r}, only {CONVERSION}")
        if not value.isalnum():
            raise ValueError(f"{CONVERSION} of klaviyo {account_id} is no id of a metric: {value}")
