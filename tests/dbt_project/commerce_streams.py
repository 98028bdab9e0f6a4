"""Columns of the raw files of shops and of people's files, as connectors write them."""

from __future__ import annotations

import pyarrow as pa

INSTANT = pa.timestamp("us", tz="UTC")
MONEY = pa.decimal128(24, 6)
TEXT, INT, TRUTH = pa.string(), pa.int64(), pa.bool_()


def _texts(*names: str) -> list[tuple[str, pa.DataType]]:
    return [(name, TEXT) for name in names]


STREAMS: dict[tuple[str, str], list[tuple[str, pa.DataType]]] = {
    ("shopify", "shops"): _texts(
        "shop_id", "name", "myshopify_domain", "currency_code", "iana_time_zone", "plan_name"
    ),
    ("shopify", "orders"): [
        *_texts("order_id", "name"),
        *[(name, INSTANT) for name in ("created_at", "processed_at", "updated_at", "cancelled_at")],
        ("cancel_reason", TEXT),
        *[(name, TRUTH) for name in ("is_test", "is_edited", "taxes_included")],
        *_texts("currency_code", "presentment_currency_code", "financial_status"),
        *_texts("fulfillment_status", "return_status", "source_name"),
        *[(name, MONEY) for name in ("total_price", "current_total_price", "subtotal_price")],
        *[(name, MONEY) for name in ("total_discounts", "total_tax", "total_shipping")],
        ("total_refunded", MONEY),
        *_texts("discount_codes", "tags", "customer_id", "country_code"),
        ("customer_order_index", INT),
        ("is_journey_ready", TRUTH),
        *_texts("region_code", "payment_gateways", "landing_path", "referrer_host"),
        *[(name, INSTANT) for name in ("first_visit_at", "last_visit_at")],
        *_texts(*(f"first_utm_{name}" for name in ("source", "medium", "campaign", "term"))),
        *_texts("first_utm_content", "first_visit_source", "first_landing_campaign_id"),
        *_texts("first_click_id_type", "first_click_id"),
        *_texts("last_visit_source", "utm_source", "utm_medium", "utm_campaign", "utm_term"),
        *_texts(
            "utm_content",
            "landing_campaign_id",
            "click_id_type",
            "click_id",
            "line_items",
            "refunds",
            "shipping_lines",
            "fulfillments",
            "agreements",
        ),
        *[(name, MONEY) for name in ("original_total_price", "total_tip")],
        *[(name, MONEY) for name in ("total_duties", "total_fees")],
    ],
    ("shopify", "customers"): [
        ("customer_id", TEXT),
        ("created_at", INSTANT),
        ("updated_at", INSTANT),
        ("state", TEXT),
        ("number_of_orders", INT),
        ("amount_spent", MONEY),
        *_texts("amount_spent_currency", "country_code", "locale", "tags", "email", "phone"),
        ("marketing_state", TEXT),
    ],
    ("shopify", "products"): [
        *_texts("product_id", "title", "handle", "status", "vendor", "product_type", "category"),
        ("tags", TEXT),
        *[(name, INSTANT) for name in ("created_at", "updated_at", "published_at")],
        ("total_inventory", INT),
        ("variants", TEXT),
    ],
    ("files", "orders"): [
        *_texts("order_id", "line_no", "document_type"),
        *[(name, INSTANT) for name in ("ordered_at", "paid_at", "updated_at")],
        *_texts("status", "customer_id", "customer_email", "product_id", "employee_id", "sku"),
        *_texts("product_name"),
        *[(name, MONEY) for name in ("quantity", "unit_price", "discount", "tax", "shipping")],
        *[(name, MONEY) for name in ("total", "unit_cost")],
        *[(f"order_{name}", MONEY) for name in ("total", "shipping", "tax", "discount")],
        ("tax_included", TRUTH),
        *_texts("currency_code", "country", "channel", "utm_source", "utm_medium", "utm_campaign"),
        ("refunded_amount", MONEY),
        ("refunded_at", INSTANT),
        ("is_deleted", TRUTH),
        ("source_row", INT),
    ],
    ("files", "customers"): [
        *_texts("customer_id", "email", "phone", "country", "source", "tags"),
        ("accepts_marketing", TRUTH),
        ("created_at", INSTANT),
        ("updated_at", INSTANT),
        ("is_deleted", TRUTH),
        ("source_row", INT),
    ],
    ("files", "products"): [
        *_texts("product_id", "sku", "name", "category", "product_type"),
        ("price", MONEY),
        ("unit_cost", MONEY),
        ("currency_code", TEXT),
        ("is_active", TRUTH),
        ("created_at", INSTANT),
        ("updated_at", INSTANT),
        ("is_deleted", TRUTH),
        ("source_row", INT),
    ],
    ("files", "costs"): [
        ("date", pa.date32()),
        *_texts("channel", "campaign"),
        ("cost", MONEY),
        ("currency_code", TEXT),
        ("impressions", INT),
        ("clicks", INT),
        ("conversions", MONEY),
        ("conversion_value", MONEY),
        ("source_row", INT),
    ],
    ("files", "records"): [
        *_texts("table_name", "row_key", "data"),
        ("updated_at", INSTANT),
        ("is_deleted", TRUTH),
        ("source_row", INT),
    ],
}
