"""The account of a credential, and the settings that a connection may have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from connectors.core.accounts import Account, refuse_settings
from connectors.core.described import found_by
from connectors.core.http import Client
from connectors.core.json_api import rows_of
from connectors.core.paginators import at
from connectors.platforms.klaviyo.measured import CONVERSION

_FIELDS = "contact_information.organization_name", "preferred_currency", "timezone"


def discover(client: Client) -> Iterator[Account]:
    """Yields the one account that a key, or an app that was installed, reaches."""
    for one in rows_of(client.get("/api/accounts", params={"fields[account]": ",".join(_FIELDS)})):
        name, currency, zone = (str(at(one, f"attributes.{field}") or "") for field in _FIELDS)
        yield Account(str(one["id"]), name, currency, zone)


describe_account = found_by(discover, "Use a private key that was made in this account.")


def check_settings(account_id: str, settings: Mapping[str, str]) -> None:
    """Refuses settings of a connection other than its conversion metric.

    Raises:
        ValueError: an unknown setting, or one that can be no id.
    """
    value = refuse_settings("klaviyo", account_id, settings, CONVERSION)
    if value is not None and not value.isalnum():
        raise ValueError(f"{CONVERSION} of klaviyo {account_id} is no id of a metric: {value}")
