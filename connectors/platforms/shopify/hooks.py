"""What the declaration cannot say: the shop itself, and orders that Shopify hides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from connectors.core import addresses, clock
from connectors.core.errors import AuthRejected, BadRequest, ShapeChanged
from connectors.core.http import Client
from connectors.core.stream import Account, Page, Window
from connectors.platforms.shopify import queries
from connectors.platforms.shopify.graph import Graph
from connectors.platforms.shopify.listings import Children, Listing

HIDDEN_AFTER = timedelta(days=60)
"""Orders older than this are left out, without a word, unless the app has `read_all_orders`."""

ORDERS = Listing(
    "orders",
    queries.ORDERS,
    queries.bulk_orders,
    first=5,
    children=(
        Children("lineItems", "LineItem", "order", queries.LINE_FIELDS, "children", first=10),
        Children("shippingLines", "ShippingLine", "order", queries.SHIPPING_FIELDS, "shipping", 2),
    ),
    refunds=True,
)
CUSTOMERS = Listing("customers", queries.CUSTOMERS, queries.bulk_customers, first=50)
PRODUCTS = Listing(
    "products",
    queries.PRODUCTS,
    queries.bulk_products,
    first=10,
    children=(
        Children("variants", "ProductVariant", "product", queries.VARIANT_FIELDS, "children", 10),
    ),
)


def shop_pages(client: Client, _account: Account, _window: Window | None) -> Iterator[Page]:
    """Yields the shop itself, as the one record of one page."""
    reply = Graph(client).ask(queries.SHOP)
    yield Page([_shop(reply.data)], len(reply.body))


def order_pages(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
    """Yields the orders modified in a window, each with all its lines and refunds.

    Raises:
        AuthRejected: the window reaches back further than the app may see.
    """
    _check_scope(client, window)
    yield from ORDERS.changed(client, account, window)


def discover(client: Client) -> Iterator[Account]:
    """Yields the shop that the client talks to: a token of Shopify's is good for one shop."""
    if client.account is not None:
        yield describe_account(client, client.account)


def describe_account(client: Client, account: Account) -> Account:
    """Returns the shop with its current name, currency and time zone.

    Its id is its handle, also where the connection names the whole host.
    """
    shop = _shop(Graph(client).ask(queries.SHOP).data)
    return replace(
        account,
        id=addresses.account_id(client.platform.base_url, account.id),
        name=str(shop.get("name") or account.name),
        currency=str(shop.get("currencyCode") or account.currency),
        time_zone=str(shop.get("ianaTimezone") or account.time_zone),
    )


def _shop(answer: Any) -> dict[str, Any]:
    shop = answer["data"].get("shop")
    if not isinstance(shop, dict):
        raise ShapeChanged("Shopify answers without a shop")
    return shop


def _check_scope(client: Client, window: Window | None) -> None:
    if window is None or not isinstance(window.start, datetime):
        return
    if window.start >= clock.now() - HIDDEN_AFTER:
        return
    if "read_all_orders" not in _scopes(client):
        raise AuthRejected(
            "the app may not see orders older than 60 days: Shopify would leave them out silently",
            remedy="Grant the app read_all_orders and install it again, or let the connection "
            "start at most 60 days ago.",
        )


def _scopes(client: Client) -> set[str]:
    """Returns the access scopes that the shop has granted the app.

    Raises:
        AuthRejected: they cannot be read, so nobody knows what Shopify leaves out.
    """
    try:
        answer = Graph(client).ask(queries.SCOPES).data["data"]
    except BadRequest as trouble:
        raise _unreadable(trouble.message) from None
    granted = (answer.get("currentAppInstallation") or {}).get("accessScopes")
    if not isinstance(granted, list):
        raise _unreadable("the answer holds none")
    return {str(scope.get("handle")) for scope in granted if isinstance(scope, dict)}


def _unreadable(why: str) -> AuthRejected:
    return AuthRejected(
        f"the app's access scopes cannot be read, and so not whether old orders are hidden: {why}",
        remedy="Install the app again with the scopes that its README lists, read_all_orders among "
        "them, or let the connection start at most 60 days ago.",
    )
