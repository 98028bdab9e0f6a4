"""Shopify, by its GraphQL Admin API (REST is legacy and never used).

Surprises: throttling is HTTP 200; a filter that Shopify cannot read is ignored and the whole table
comes back; orders older than 60 days are hidden without `read_all_orders`; one order's lines may
take pages of their own. https://shopify.dev/docs/api/admin-graphql
"""

from __future__ import annotations

from datetime import date, timedelta

from connectors.core.accounts import AccountIds
from connectors.core.auth import ApiKeyHeader, ByCredential, ClientCredentials, OAuth2Refresh
from connectors.core.columns import Column
from connectors.core.credentials import CredentialField
from connectors.core.platform import Platform
from connectors.core.reach import Reach
from connectors.core.stream import Pages, Stream
from connectors.platforms.shopify import hooks, schema
from connectors.platforms.shopify.failures import read_error
from connectors.platforms.shopify.scopes import REACH, shortfalls

HANDLE = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
HEADER = "X-Shopify-Access-Token"
TOKEN_URL = "https://{account}.myshopify.com/admin/oauth/access_token"

WINDOW_DAYS = 90
"""One bulk operation of a backfill; a killed one goes on after the last that is whole."""
CURSOR_OVERLAP = timedelta(minutes=10)
"""Searches read an index that follows the shop with some delay."""


def _changes(
    name: str,
    description: str,
    columns: tuple[Column, ...],
    key: str,
    pages: Pages,
    reach: Reach | None = None,
) -> Stream:
    return Stream(
        name=name,
        kind="changes",
        description=description,
        columns=schema.marked(columns),
        pages=pages,
        max_window_days=WINDOW_DAYS,
        cursor_overlap=CURSOR_OVERLAP,
        version_column="updated_at",
        key_columns=(key,),
        ignored=schema.IGNORED,
        reach=reach,
    )


def _snapshot(
    name: str,
    description: str,
    columns: tuple[Column, ...],
    key: str,
    pages: Pages,
) -> Stream:
    return Stream(
        name=name,
        kind="snapshot",
        description=description,
        columns=schema.marked(columns),
        pages=pages,
        key_columns=(key,),
        ignored=schema.IGNORED,
    )


PLATFORM = Platform(
    name="shopify",
    display_name="Shopify",
    category="commerce",
    api_version="2026-10",
    # A version is served for at least twelve months; then the oldest living one answers instead.
    api_sunset=date(2027, 10, 1),
    base_url=hooks.HOST,
    auth=ByCredential(
        (
            ("refresh_token", OAuth2Refresh(TOKEN_URL, HEADER, "", as_json=True)),
            ("access_token", ApiKeyHeader(HEADER, "access_token")),
            ("client_secret", ClientCredentials(TOKEN_URL, HEADER, "", as_json=True)),
        )
    ),
    # The limit is one of points (see costs.py); this only keeps cheap queries from storming.
    requests_per_second=20.0,
    streams=(
        _snapshot("shops", "The shop itself.", schema.SHOPS, "shop_id", hooks.shop_pages),
        _changes(
            "orders",
            "An order with its lines and refunds, as it was at one time.",
            schema.ORDERS,
            "order_id",
            hooks.order_pages,
            REACH,
        ),
        _changes(
            "customers",
            "A customer as they were at one time, without name and address.",
            schema.CUSTOMERS,
            "customer_id",
            hooks.CUSTOMERS.changed,
        ),
        _snapshot(
            "products",
            "A product with its variants.",
            schema.PRODUCTS,
            "product_id",
            hooks.PRODUCTS.all,
        ),
    ),
    credential_fields=(
        CredentialField(
            "access_token",
            True,
            "Token of an admin-created app (shpat_…), where that is how you sign in.",
            required=False,
        ),
        CredentialField(
            "client_id", False, "Client id of an app of the Dev Dashboard.", required=False
        ),
        CredentialField("client_secret", True, "Secret of that app.", required=False),
        CredentialField(
            "refresh_token",
            True,
            "Refresh token of an app that merchants install; it is replaced at every use.",
            required=False,
        ),
    ),
    discover=hooks.discover,
    describe_account=hooks.describe_account,
    read_error=read_error,
    account_ids=AccountIds(HANDLE, "acme-store", hooks.handle),
    shortfalls=shortfalls,
    no_consent=(
        "An app of your own organization signs in with its client_id and client_secret, without a "
        "browser. One that merchants install is sent back to the addresses that are registered "
        "with it, which are the app's own and not this machine"
    ),
    docs_url="https://shopify.dev/docs/api/admin-graphql",
)
