"""The network of a key, and what refusals mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from connectors.core.accounts import Account
from connectors.core.errors import (
    AccountGone,
    AuthRejected,
    BadRequest,
    ConnectorError,
    ShapeChanged,
    VersionSunset,
)
from connectors.core.http import Client
from connectors.core.replies import Reply

REALM = "/v1/networks"
_KEYS = "Control Center > Security > API keys"


@dataclass(frozen=True, slots=True)
class Network:
    """What a network reports about itself; its zone is a number of Everflow's."""

    id: str
    name: str
    currency: str
    zone_id: int


def network_of(client: Client) -> Network:
    """Returns the network that the key belongs to."""
    reply = client.get(REALM)
    said = reply.data
    if not isinstance(said, dict) or not isinstance(said.get("reporting_timezone_id"), int):
        raise ShapeChanged(f"the network has no reporting_timezone_id: {reply.excerpt}")
    return Network(
        str(said.get("network_id", "")),
        str(said.get("name", "")),
        str(said.get("default_currency_id", "")),
        said["reporting_timezone_id"],
    )


def discover(client: Client) -> Iterator[Account]:
    """Yields the one network that a key reaches."""
    network = network_of(client)
    zones = client.get("/v1/meta/timezones").data.get("timezones", ())
    names = {one.get("timezone_id"): str(one.get("timezone", "")) for one in zones}
    zone = names.get(network.zone_id, "")
    yield Account(network.id, network.name, network.currency, zone)


def describe_account(client: Client, account: Account) -> Account:
    """Returns the account with its present name, currency and time zone.

    Raises:
        AccountGone: the key is one of another network.
    """
    for found in discover(client):
        if found.id == account.id:
            return account.described(found.name, found.currency, found.time_zone)
        raise AccountGone(
            f"the key reaches the network {found.id}, not {account.id}",
            remedy="Use an API key that was made in this network.",
        )
    raise AccountGone("the key reaches no network")


def read_error(reply: Reply) -> ConnectorError | None:
    """Reads error bodies; what it leaves out is read by its HTTP status."""
    if reply.status not in (400, 401, 403, 404, 410):
        return None
    said = reply.data if isinstance(reply.data, dict) else {}
    message = f"HTTP {reply.status}: {said.get('error') or said.get('Error') or reply.excerpt}"
    if reply.status == 401:
        return AuthRejected(message, token_expired=True, remedy=f"Check the API key ({_KEYS}).")
    if reply.status == 403:
        return AuthRejected(
            message,
            remedy=f"Use a key of the network, not one of a partner or advertiser ({_KEYS}).",
        )
    if reply.status == 410:
        return VersionSunset(message)
    return BadRequest(message)
