"""What the declaration cannot say: the shop itself, and orders that Shopify hides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from connectors.core import addresses
from connectors.core.accounts import Account
from connectors.core.errors import AuthRejected, BadRequest, ShapeChanged
from connectors.core.http import Client
from connectors.core.stream import Page
from connectors.core.window import Window
from connectors.platforms.shopify import queries
from connectors.platforms.shopify.graph import Graph
from connectors.platforms.shopify.listings import Children, Listing
from connectors.platforms.shopify.scopes import check_window, granted

_ADMIN = re.compile(r"(?i)^(?:https?://)?admin\.shopify\.com/store/(?P<handle>[^/]+)")

HOST = "https://{account}.myshopify.com"
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


def handle(given: str) -> str:
    """Returns a shop's handle; it may be given as its host, or as its address in the admin."""
    admin = _ADMIN.match(given.strip())
    return addresses.account_id(HOST, admin["handle"] if admin else given)


def shop_pages(client: Client, _account: Account, _window: Window | None) -> Iterator[Page]:
    """Yields the shop itself, as the one record of one page."""
    reply = Graph(client).ask(queries.SHOP)
    yield Page([_shop(reply.data)], len(reply.body))


def order_pages(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
    """Yields the orders modified in a window, each with all its lines and refunds.

    Raises:
        AuthRejected: the window reaches back further than the app may see, or that is not known.
    """
    check_window(client, account, window)
    yield from ORDERS.changed(client, account, window)


def discover(client: Client) -> Iterator[Account]:
    """Yields the shop that the client talks to: a token of Shopify's is good for one shop."""
    if client.account is not None:
        yield describe_account(client, client.account)


def describe_account(client: Client, account: Account) -> Account:
    """Returns the shop with its current name, currency, time zone and what it has granted the app.

    Its id is its handle, also where the connection names the whole host. Scopes that cannot be
    read are a matter of the orders alone.
    """
    graph = Graph(client)
    try:
        answer = graph.ask(queries.ACCOUNT).data
    except (AuthRejected, BadRequest) as refusal:
        if isinstance(refusal, AuthRejected) and refusal.token_expired:
            raise
        answer = graph.ask(queries.SHOP).data
    shop = _shop(answer)
    reported = (shop.get(one) for one in ("name", "currencyCode", "ianaTimezone"))
    return account.described(*reported, id=handle(account.id), granted=granted(answer["data"]))


def _shop(answer: Any) -> dict[str, Any]:
    shop = answer["data"].get("shop")
    if not isinstance(shop, dict):
        raise ShapeChanged("Shopify answers without a shop")
    return shop
