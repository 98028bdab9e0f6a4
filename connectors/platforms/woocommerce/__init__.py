"""WooCommerce, a shop on a WordPress site, by its REST API wc/v3.

Surprises: every site has a host of its own; GMT fields have no zone; pages shift while they are
read; a refund need not move its order's modified date, and a deleted one never does.
https://woocommerce.github.io/woocommerce-rest-api-docs/
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from connectors.core import sites
from connectors.core.accounts import AccountIds
from connectors.core.credentials import CredentialField
from connectors.core.http import Client
from connectors.core.oauth1 import KeyAndSecret
from connectors.core.platform import Platform
from connectors.core.stream import Page, Stream
from connectors.core.streams import daily, entities
from connectors.platforms.woocommerce import hooks, listings, schema

LOOKBACK_DAYS = 90
_STATUSES = ("any", "trash")
_ORDERS = listings.Timed("orders", "modified", schema.fields_of(schema.ORDERS), _STATUSES)
_STATES = listings.Timed("orders", "date", schema.fields_of(schema.ORDER_STATES), _STATUSES)
_REFUNDS = listings.Timed("refunds", "date", schema.fields_of(schema.REFUNDS))


def _customers(client: Client, *_: object) -> Iterator[Page]:
    asked = {"role": "all", "_fields": schema.fields_of(schema.CUSTOMERS)}
    return listings.whole(client, "customers", asked)


def _products(client: Client, *_: object) -> Iterator[Page]:
    return listings.products(client, schema.fields_of(schema.PRODUCTS))


_report = partial(daily, ignored=schema.IGNORED)


PLATFORM = Platform(
    name="woocommerce",
    display_name="WooCommerce",
    category="commerce",
    api_version="wc/v3",
    api_sunset=None,
    base_url="https://{account}",
    address_setting=sites.ADDRESS,
    plain_http=True,
    auth=KeyAndSecret("consumer_key", "consumer_secret"),
    # The shop itself knows no limit; the host it runs on does.
    requests_per_second=3.0,
    streams=(
        Stream(
            name="orders",
            kind="changes",
            description="An order with its lines, as it was at one time.",
            columns=schema.ORDERS,
            pages=_ORDERS.changed,
            max_window_days=30,
            cursor_overlap=timedelta(minutes=10),
            version_column="updated_at",
            key_columns=("order_id",),
            ignored=schema.IGNORED,
        ),
        _report(
            "order_states",
            "Which orders of a day there are, and in which state.",
            schema.ORDER_STATES,
            _STATES.made,
            (LOOKBACK_DAYS, "Not every shop dates an order anew that it deletes or restores."),
        ),
        _report(
            "refunds",
            "The refunds of a day, each with what comes back.",
            schema.REFUNDS,
            partial(listings.refunds, _REFUNDS),
            (
                LOOKBACK_DAYS,
                "A refund may be deleted, or made for an earlier day, without a trace.",
            ),
        ),
        entities(
            "customers",
            "A customer with an account, without name and address.",
            schema.CUSTOMERS,
            _customers,
            schema.IGNORED | {"shipping", "email"},
        ),
        entities(
            "products",
            "A product with its variations.",
            schema.PRODUCTS,
            _products,
            schema.IGNORED,
        ),
    ),
    credential_fields=(
        CredentialField("consumer_key", True, "Consumer key (ck_…) of the site's REST API."),
        CredentialField("consumer_secret", True, "Consumer secret (cs_…) of that key."),
    ),
    discover=hooks.discover,
    describe_account=hooks.describe_account,
    read_error=hooks.read_error,
    account_ids=AccountIds(sites.HOST, "shop.example.com", sites.site),
    check_settings=partial(sites.check_address, "woocommerce"),
    no_consent=(
        "A key is made in the site's own settings; the page that WooCommerce has for it sends the "
        "secret to a public https address, which this machine has not"
    ),
    docs_url="https://woocommerce.github.io/woocommerce-rest-api-docs/",
)
