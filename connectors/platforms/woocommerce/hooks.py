"""The site itself, where it is, and what its refusals mean."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.core.accounts import Account
from connectors.core.errors import (
    AccountGone,
    AuthRejected,
    BadRequest,
    ConnectorError,
    VersionSunset,
)
from connectors.core.http import Client
from connectors.core.offsets import zone_of_offset
from connectors.core.replies import Reply
from connectors.core.shapes import body_of
from connectors.platforms.woocommerce.listings import API, NoList, OrderGone

KEYS = "WooCommerce > Settings > Advanced > REST API"

_REMEDIES = {
    "signature": "Check the secret, and that the site's own address is the one that is asked.",
    "timestamp": "Set the clocks of this machine and the site right: 15 minutes are too much.",
    "permission": f"Give the key the permission to read ({KEYS}).",
    "cannot_view": f"Check the key, and that its user is administrator or shop manager ({KEYS}).",
    "": f"Check key and secret; make new ones if in doubt ({KEYS}).",
}
"""By a word of the refusal, the first that fits."""


def discover(client: Client) -> Iterator[Account]:
    """Yields the one account of a client; a credential does not say where its site is."""
    if client.account is not None:
        yield describe_account(client, client.account)


def describe_account(client: Client, account: Account) -> Account:
    """Returns the site with its present name, currency and time zone.

    Its root is public, and is asked for without the key: newer shops refuse a key there.
    """
    root = body_of(client.get("/wp-json/", signed=False))
    currency = body_of(client.get(f"{API}settings/general/woocommerce_currency"))
    # One that is set as an offset alone has no summer time.
    zone = root.get("timezone_string") or zone_of_offset(root.get("gmt_offset"))
    return account.described(root.get("name"), currency.get("value"), zone)


def read_error(reply: Reply) -> ConnectorError | None:
    """Reads error bodies; what it leaves out is read by its HTTP status."""
    if reply.status < 400 or reply.status == 429 or reply.status >= 500:
        return None
    said = reply.data if isinstance(reply.data, dict) else {}
    code, message = str(said.get("code", "")), str(said.get("message", "")) or reply.excerpt
    text = f"{code}: {message}" if code else f"HTTP {reply.status}: {message}"
    if code == "rest_no_route" and f"{API}refunds" in reply.url:
        return NoList(text)
    if code == "rest_no_route":
        return VersionSunset(text, remedy="Is WooCommerce active, and does it still have wc/v3?")
    if code == "woocommerce_rest_shop_order_invalid_id":
        return OrderGone(text)
    if reply.status == 404:
        return AccountGone(text, remedy="Check the address; permalinks must not be plain.")
    if reply.status in (401, 403):
        remedy = next(said for word, said in _REMEDIES.items() if word in text.lower())
        return AuthRejected(text, remedy=remedy)
    return BadRequest(text)
