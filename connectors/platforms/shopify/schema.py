"""Columns of the Shopify streams.

Values stay as Shopify sends them: money as decimals in the shop's own currency (`shopMoney`; never
`presentmentMoney`, which is the customer's), instants in UTC, enums as their names. Lines, refunds
and variants hang on their parent as JSON text, each object as Shopify sends it, so the newest
version of an order replaces them whole. Ids inside that JSON are global (`gid://shopify/Order/1`);
the columns `…_id` hold the number alone (`legacyResourceId`), except `shop_id`.
Fields: https://shopify.dev/docs/api/admin-graphql/2026-10/objects/Order
"""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from connectors.core.columns import Column
from connectors.platforms.shopify.visits import VISITS

IGNORED = frozenset({"__typename", "id", "pageInfo"})
"""Known and dropped: global ids repeat `legacyResourceId`, paging is the connector's business."""

ADDRESS = "displayAddress"
"""Of an order only country and region are asked: approval for protected customer data is needed."""

_MONEY = pa.decimal128(24, 6)
_INSTANT = pa.timestamp("us", "UTC")
_NUMBERS_IN_LISTS = frozenset(
    {"amount", "price", "compareAtPrice", "quantity", "currentQuantity", "inventoryQuantity"}
)


_ESSENTIAL = frozenset(
    {
        "currency_code",
        "iana_time_zone",
        "processed_at",
        "cancelled_at",
        "is_test",
        "taxes_included",
        "line_items",
        "refunds",
        "variants",
    }
)
"""Without these, and without an amount of money, nothing is right: their stream then fails."""


def marked(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Returns the columns of a stream, those marked that it cannot do without."""
    return tuple(
        replace(each, essential=each.name in _ESSENTIAL or pa.types.is_decimal(each.type))
        for each in columns
    )


def _text(name: str, source: str, description: str, *, required: bool = False) -> Column:
    return Column(name, pa.string(), source, "attribute", description, required=required)


def _at(name: str, source: str, description: str, *, required: bool = False) -> Column:
    return Column(name, _INSTANT, source, "attribute", description, required=required)


def _typed(name: str, type_: pa.DataType, source: str, description: str) -> Column:
    return Column(name, type_, source, "attribute", description)


def _money(name: str, field: str, description: str) -> Column:
    return _typed(name, _MONEY, f"{field}.shopMoney.amount", f"{description} Shop currency.")


def _list(name: str, source: str, description: str) -> Column:
    """A list of objects as JSON; a record with an amount in it that is no number is set aside."""
    return Column(
        name, pa.string(), source, "attribute", description, number_keys=_NUMBERS_IN_LISTS
    )


SHOPS = (
    _text("shop_id", "id", "Global id of the shop, gid://shopify/Shop/1.", required=True),
    _text("name", "name", "Name of the shop."),
    _text("myshopify_domain", "myshopifyDomain", "Its permanent address, handle.myshopify.com."),
    _text("currency_code", "currencyCode", "Currency of all shop money, ISO 4217."),
    _text("iana_time_zone", "ianaTimezone", "IANA time zone of the shop's reports."),
    _text("plan_name", "plan.displayName", "Name of the Shopify plan, which sets the rate limit."),
)
ORDERS = (
    _text("order_id", "legacyResourceId", "Order id, digits only.", required=True),
    _text("name", "name", "Number as the merchant sees it, such as #1001."),
    _at("created_at", "createdAt", "When the order was made in Shopify (an import: then)."),
    _at("processed_at", "processedAt", "When the order was placed; may lie before created_at."),
    _at("updated_at", "updatedAt", "When anything about it last changed.", required=True),
    _at("cancelled_at", "cancelledAt", "When it was cancelled, if it was."),
    _text("cancel_reason", "cancelReason", "CUSTOMER, DECLINED, FRAUD, INVENTORY, STAFF or OTHER."),
    _typed("is_test", pa.bool_(), "test", "True for a test order, which is no revenue."),
    _typed("is_edited", pa.bool_(), "edited", "True if lines were edited after it was placed."),
    _typed("taxes_included", pa.bool_(), "taxesIncluded", "True if prices include the tax."),
    _text("currency_code", "currencyCode", "Currency of the shop, in which all amounts are."),
    _text("presentment_currency_code", "presentmentCurrencyCode", "Currency the customer saw."),
    _text(
        "financial_status",
        "displayFinancialStatus",
        "PENDING, AUTHORIZED, PARTIALLY_PAID, PAID, PARTIALLY_REFUNDED, REFUNDED, VOIDED or "
        "EXPIRED.",
    ),
    _text("fulfillment_status", "displayFulfillmentStatus", "UNFULFILLED, FULFILLED and others."),
    _text("return_status", "returnStatus", "NO_RETURN, RETURNED and others."),
    _text("source_name", "sourceName", "Where it was made: web, pos, shopify_draft_order, an app."),
    _money("total_price", "totalPriceSet", "What was to be paid, shipping and tax included."),
    _money(
        "current_total_price", "currentTotalPriceSet", "The total after edits, returns and refunds."
    ),
    _money("subtotal_price", "subtotalPriceSet", "Lines after discounts, before shipping."),
    _money("total_discounts", "totalDiscountsSet", "All discounts."),
    _money("total_tax", "totalTaxSet", "All taxes, also where prices include them."),
    _money("total_shipping", "totalShippingPriceSet", "Shipping before its discounts and returns."),
    _money("total_refunded", "totalRefundedSet", "Everything refunded so far."),
    _text("discount_codes", "discountCodes", "Codes used, a JSON list of texts."),
    _text("tags", "tags", "Tags of the merchant, a JSON list of texts."),
    _text("customer_id", "customer.legacyResourceId", "Customer id; null for a guest of the POS."),
    _text(
        "country_code",
        f"{ADDRESS}.countryCodeV2",
        "Country of the shipping address, else of the billing address; null where it has neither.",
    ),
    _text(
        "region_code",
        f"{ADDRESS}.provinceCode",
        "State or province of that address, such as CA; null in countries that write none.",
    ),
    _text("payment_gateways", "paymentGatewayNames", "Ways it was paid, a JSON list of texts."),
    _typed(
        "customer_order_index",
        pa.int64(),
        "customerJourneySummary.customerOrderIndex",
        "Place among the customer's orders, as Shopify counts; null until the journey is ready.",
    ),
    _typed(
        "is_journey_ready",
        pa.bool_(),
        "customerJourneySummary.ready",
        "False while Shopify is still working out the visits.",
    ),
    *VISITS,
    _list(
        "line_items",
        "lineItems.nodes",
        "All lines, a JSON list of LineItem: id, sku, title, name, isGiftCard, "
        "quantity, currentQuantity, product.id, variant.id, originalTotalSet, discountedTotalSet, "
        "discountAllocations and taxLines.",
    ),
    _list(
        "refunds",
        "refunds",
        "All refunds, a JSON list of Refund: id, createdAt, updatedAt, totalRefundedSet, "
        "refundLineItems.nodes (id, quantity, restockType, lineItem.id, subtotalSet, totalTaxSet), "
        "transactions.nodes (kind, status, amountSet), refundShippingLines.nodes and "
        "orderAdjustments.nodes.",
    ),
    _text(
        "shipping_lines",
        "shippingLines.nodes",
        "All shipping lines, a JSON list of ShippingLine: originalPriceSet, discountedPriceSet, "
        "discountAllocations and taxLines.",
    ),
    _list("fulfillments", "fulfillments", "What was sent, a JSON list of status and createdAt."),
    _money("original_total_price", "originalTotalPriceSet", "The total as the order was made."),
    _money("total_tip", "totalTipReceivedSet", "All tips."),
    _money("total_duties", "originalTotalDutiesSet", "All duties, as the order was made."),
    _money("total_fees", "originalTotalAdditionalFeesSet", "All fees, as the order was made."),
    _text(
        "agreements",
        "agreements",
        "The shop's ledger, a JSON list of SalesAgreement: id, happenedAt, reason, refund.id and "
        "sales.nodes (actionType, lineType, quantity, totalAmount, totalTaxAmount, lineItem.id). "
        "Null for an order to which nothing happened after it was placed.",
    ),
)
CUSTOMERS = (
    _text("customer_id", "legacyResourceId", "Customer id, digits only.", required=True),
    _at("created_at", "createdAt", "When the customer was made."),
    _at("updated_at", "updatedAt", "When anything about them last changed.", required=True),
    _text("state", "state", "State of the shop account: DISABLED, ENABLED, INVITED or DECLINED."),
    _typed("number_of_orders", pa.int64(), "numberOfOrders", "Orders of all time, as Shopify has."),
    _typed("amount_spent", _MONEY, "amountSpent.amount", "Spent in all time, as Shopify has it."),
    _text("amount_spent_currency", "amountSpent.currencyCode", "Currency of amount_spent."),
    _text("country_code", "defaultAddress.countryCodeV2", "Country of the default address."),
    _text("locale", "locale", "Language of the customer, such as en or pt-BR."),
    _text("tags", "tags", "Tags of the merchant, a JSON list of texts."),
    Column(
        "email",
        pa.string(),
        "defaultEmailAddress.emailAddress",
        "attribute",
        "Token of the e-mail address.",
        pii="email",
    ),
    Column(
        "phone",
        pa.string(),
        "defaultPhoneNumber.phoneNumber",
        "attribute",
        "Token of the phone number.",
        pii="phone",
    ),
    _text(
        "marketing_state",
        "defaultEmailAddress.marketingState",
        "Consent to e-mail marketing: SUBSCRIBED, NOT_SUBSCRIBED, PENDING and others.",
    ),
)
PRODUCTS = (
    _text("product_id", "legacyResourceId", "Product id, digits only.", required=True),
    _text("title", "title", "Name of the product."),
    _text("handle", "handle", "Its part of the shop's addresses."),
    _text("status", "status", "ACTIVE, ARCHIVED, DRAFT or UNLISTED."),
    _text("vendor", "vendor", "Who makes it, in the merchant's words."),
    _text("product_type", "productType", "What it is, in the merchant's words."),
    _text("category", "category.fullName", "What it is, in Shopify's own taxonomy: A > B > C."),
    _text("tags", "tags", "Tags of the merchant, a JSON list of texts."),
    _at("created_at", "createdAt", "When the product was made."),
    _at("updated_at", "updatedAt", "When anything about it last changed."),
    _at("published_at", "publishedAt", "When it was put on sale in the online shop."),
    _typed("total_inventory", pa.int64(), "totalInventory", "Pieces in stock, all variants."),
    _list(
        "variants",
        "variants.nodes",
        "All variants, a JSON list of ProductVariant: id, legacyResourceId, title, sku, price, "
        "compareAtPrice, inventoryQuantity, updatedAt and inventoryItem.unitCost (amount, "
        "currencyCode).",
    ),
)
