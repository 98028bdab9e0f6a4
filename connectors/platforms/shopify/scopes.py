"""The access scopes that a shop has granted the app, and what follows where one is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from connectors.core import clock
from connectors.core.accounts import Account
from connectors.core.errors import AuthRejected, BadRequest
from connectors.core.http import Client
from connectors.core.reach import Reach, Shortfall
from connectors.core.window import Window
from connectors.platforms.shopify import queries
from connectors.platforms.shopify.graph import Graph

ALL_ORDERS = "read_all_orders"
HIDDEN_DAYS = 60
"""Orders older than this are left out, without a word, unless the app has `read_all_orders`."""
CHANGES = "refunds, edits and cancellations"

NEEDED: Mapping[str, str] = {
    "read_orders": "no orders, lines and refunds are pulled",
    "read_customers": "no customers are pulled, and orders come without theirs",
    "read_products": "no products are pulled, and lines come without theirs",
    "read_inventory": "no products are pulled: what they cost is part of the question",
}
"""Without one of these a stream fails; what then."""

_GRANT = "Add {} to the app's access scopes and install the app on the shop again."
_GRANT_ALL = (
    "Add read_all_orders to the app's access scopes (Shopify approves it for an app in its Partner "
    "or Dev Dashboard; an app made in the shop's admin just ticks it) and install the app again. "
    "The next run then asks for everything that could not be seen so far."
)


def granted(answer: Mapping[str, Any]) -> frozenset[str] | None:
    """Returns the scopes in an answer's data; None when it holds none. To write is to read, too."""
    listed = (answer.get("currentAppInstallation") or {}).get("accessScopes")
    if not isinstance(listed, list):
        return None
    names = {str(scope.get("handle")) for scope in listed if isinstance(scope, dict)}
    return frozenset(names | {f"read_{name[6:]}" for name in names if name.startswith("write_")})


def shortfalls(account: Account) -> Sequence[Shortfall]:
    """Returns the scopes that the README lists and the shop has not granted."""
    if account.granted is None:
        follows = "it is not known what the app may see, and no orders are pulled"
        return [Shortfall("access scopes", follows, unreadable("").remedy, is_error=True)]
    found = [
        Shortfall(name, follows, _GRANT.format(name), is_error=True)
        for name, follows in NEEDED.items()
        if name not in account.granted
    ]
    if ALL_ORDERS not in account.granted:
        follows = (
            f"Shopify shows orders of the last {HIDDEN_DAYS} days only: no earlier start is "
            f"possible, and {CHANGES} of orders older than {HIDDEN_DAYS} days are unseen"
        )
        found.append(Shortfall(ALL_ORDERS, follows, _GRANT_ALL, is_error=False))
    return found


def check_window(client: Client, account: Account, window: Window | None) -> None:
    """Makes sure that Shopify shows all orders that a window can hold.

    Raises:
        AuthRejected: the window reaches back further than the app may see, or that is not known.
    """
    if window is None or not isinstance(window.start, datetime):
        return
    known = account.granted if account.granted is not None else _ask(client)
    hidden = REACH.hidden_before(Account(account.id, granted=known), clock.now())
    if hidden is not None and window.start < hidden:
        raise AuthRejected(
            f"the app may not see orders older than {HIDDEN_DAYS} days: Shopify would leave them "
            "out silently",
            remedy="Grant the app read_all_orders and install it again, or let the connection "
            f"start at most {HIDDEN_DAYS} days ago.",
        )


def unreadable(why: str) -> AuthRejected:
    """Returns the error of scopes that cannot be read."""
    return AuthRejected(
        f"the app's access scopes cannot be read, and so not whether old orders are hidden: {why}",
        remedy="Install the app again with the scopes that its README lists, read_all_orders among "
        "them.",
    )


def _ask(client: Client) -> frozenset[str]:
    """Returns the access scopes that the shop has granted the app.

    Raises:
        AuthRejected: they cannot be read, so what Shopify leaves out is not known.
    """
    try:
        found = granted(Graph(client).ask(queries.SCOPES).data["data"])
    except BadRequest as trouble:
        raise unreadable(trouble.message) from None
    if found is None:
        raise unreadable("the answer holds none")
    return found


def _is_whole(account: Account) -> bool | None:
    return None if account.granted is None else ALL_ORDERS in account.granted


REACH = Reach(HIDDEN_DAYS, "created_at", CHANGES, _is_whole, _GRANT_ALL)
