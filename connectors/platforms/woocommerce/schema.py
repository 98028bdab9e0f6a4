"""Columns of WooCommerce's streams, and the fields that are asked for.

Values stay as the shop sends them: money as decimals of the shop's setting, a refund's amount
positive and its lines negative, tax never in an amount. Times are those of the GMT fields. Lists
hang on their order as JSON text, each object with the keys that `records` keeps.
https://woocommerce.github.io/woocommerce-rest-api-docs/
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa

from connectors.core.columns import DAY, MONEY, WHOLE, Column, attribute, dimension, essential

_INSTANT = pa.timestamp("us", "UTC")
_FLAG = pa.bool_()
_NUMBERS = frozenset({"quantity", "subtotal", "subtotal_tax", "total", "total_tax", "tax_total"})

IGNORED = frozenset(
    {
        # Personal: never asked for, and dropped where a shop sends it all the same.
        "first_name", "last_name", "company", "address_1", "address_2", "city", "state", "postcode",
        "phone", "username", "avatar_url", "customer_note", "customer_ip_address",
        "customer_user_agent", "reason", "refunded_by", "name",
        # For the browser, or said by other fields; `meta_data` is read.
        "_links", "meta_data", "order_key", "cart_hash", "transaction_id", "payment_url",
        "payment_method_title", "currency_symbol", "parent_id", "is_editable", "needs_payment",
        "needs_processing", "date_created", "date_modified", "date_completed", "date_paid",
        "refunded_payment", "tax_lines", "variations",
    }
)  # fmt: skip
"""Known and dropped."""


def _list(name: str, description: str) -> Column:
    """A list of objects as JSON; a record with an amount in it that is no number is set aside."""
    return Column(name, pa.string(), name, "attribute", description, number_keys=_NUMBERS)


def _at(name: str, field: str, description: str, *, required: bool = False) -> Column:
    return attribute(name, f"{field}_gmt", description, _INSTANT, required=required)


def _email(source: str) -> Column:
    return replace(attribute("email", source, "E-mail address, as a token."), pii="email")


def _visit(name: str, description: str, source: str = "") -> Column:
    return attribute(name, f"attribution.{source or name}", description)


# Of a shop that notes it, since WooCommerce 8.5: the last visit with a source of its own.
_VISIT = (
    _visit("visit_type", "utm, organic, referral, typein or admin.", "source_type"),
    _visit("device_type", "Desktop, Mobile or Tablet."),
    *(
        _visit(f"utm_{part}", f"utm_{part} of the visit; of a type but utm what stands for it.")
        for part in ("source", "medium", "campaign", "term", "content")
    ),
    _visit("landing_campaign_id", "Id of a campaign in the address it began with."),
    _visit("click_id_type", "Parameter of a platform in that address: gclid, fbclid, ..."),
    replace(_visit("click_id", "Token of its value, if it names one click."), pii="id"),
    _visit("landing_path", "Path of that address, if everybody may see it."),
    _visit("referrer_host", "Host that the visit came from."),
)

ORDERS = (
    attribute("order_id", "id", "Order id.", required=True),
    attribute("number", "number", "Number as people see it; plugins change it."),
    attribute("status", "status", "pending, processing, completed, trash or another word."),
    attribute("created_via", "created_via", "checkout, admin, store-api or a plugin."),
    attribute("currency_code", "currency", "Currency of all its amounts."),
    attribute("is_tax_included", "prices_include_tax", "True if list prices hold the tax.", _FLAG),
    _at("created_at", "date_created", "When it was placed."),
    _at("updated_at", "date_modified", "When it last changed, as far as shops say.", required=True),
    _at("paid_at", "date_paid", "When it was paid; null for one that is not."),
    _at("completed_at", "date_completed", "When it was completed."),
    *essential(
        attribute("discount_total", "discount_total", "Off the lines already, without tax.", MONEY),
        attribute("discount_tax", "discount_tax", "Tax of that.", MONEY),
        attribute("shipping_total", "shipping_total", "Shipping without tax.", MONEY),
        attribute("shipping_tax", "shipping_tax", "Tax of the shipping.", MONEY),
        attribute("cart_tax", "cart_tax", "Tax of lines and fees.", MONEY),
        attribute("total", "total", "What was to be paid; refunds do not lower it.", MONEY),
        attribute("total_tax", "total_tax", "All taxes.", MONEY),
    ),
    attribute("customer_id", "customer_id", "Customer id; 0 for a guest."),
    _email("billing.email"),
    attribute("country_code", "billing.country", "Country of the billing address."),
    attribute("shipping_country_code", "shipping.country", "Country of the shipping address."),
    attribute("region_code", "billing.state", "State of the billing address, such as CA."),
    attribute("shipping_region_code", "shipping.state", "State of the shipping address."),
    attribute("payment_method", "payment_method", "Id of the gateway."),
    *_VISIT,
    _list("line_items", "Lines: product, quantity, subtotal before and total after discounts."),
    _list("shipping_lines", "Shipping lines: total and total_tax."),
    _list("fee_lines", "Fees: total and total_tax, negative for a discount by a plugin."),
    _list("tax_lines", "Taxes by rate."),
    _list("coupon_lines", "Coupons: code and discount; a discount is off the lines already."),
    _list("refunds", "Refunds by then: id and negative total."),
)

ORDER_STATES = (
    dimension("date", "date_created", "Day on which it was placed, in the shop's zone.", DAY),
    dimension("order_id", "id", "Order id."),
    attribute("status", "status", "As of `orders`."),
    _at("updated_at", "date_modified", "When it last changed, as far as shops say."),
)

REFUNDS = (
    dimension("date", "date_created", "Day of the refund, in the shop's zone.", DAY),
    dimension("refund_id", "id", "Refund id."),
    attribute("order_id", "parent_id", "Id of its order."),
    _at("created_at", "date_created", "When it was made, or is said to have been."),
    replace(
        attribute("amount", "amount", "What is given back, positive; tax is in it.", MONEY),
        essential=True,
    ),
    _list("line_items", "What comes back: negative quantities and totals, and the order's line."),
    _list("shipping_lines", "Shipping that is given back, negative."),
    _list("fee_lines", "Fees that are given back, negative."),
)

CUSTOMERS = (
    attribute("customer_id", "id", "Customer id. Guests have none.", required=True),
    _at("created_at", "date_created", "When the account was made."),
    _at("updated_at", "date_modified", "When the profile last changed; null if it never did."),
    _email("email"),
    attribute("role", "role", "Role on the site, mostly customer."),
    attribute("country_code", "billing.country", "Country of the billing address."),
    attribute("is_paying", "is_paying_customer", "True after a paid order.", _FLAG),
)

PRODUCTS = (
    attribute("product_id", "id", "Product id.", required=True),
    attribute("title", "name", "Name."),
    attribute("product_type", "type", "simple, variable, grouped, external or a plugin's own."),
    attribute("status", "status", "publish, draft, pending, private or trash."),
    attribute("sku", "sku", "Stock keeping unit."),
    attribute("price", "price", "Present price as text, empty when there is none."),
    attribute("regular_price", "regular_price", "Price outside of sales, as text."),
    attribute("stock_quantity", "stock_quantity", "Pieces in stock.", WHOLE),
    _at("created_at", "date_created", "When it was made."),
    _at("updated_at", "date_modified", "When it last changed; variations may not move it."),
    attribute("categories", "categories", "Categories, a JSON list."),
    attribute("variants", "variants", "Variations of a variable product, a JSON list."),
)


def fields_of(columns: Sequence[Column]) -> str:
    """Returns the `_fields` that a list is asked for: nothing personal but what is hashed."""
    named = dict.fromkeys(column.source for column in columns)
    asked = ["meta_data" if one.startswith("attribution.") else one for one in named]
    return ",".join(dict.fromkeys(asked))
