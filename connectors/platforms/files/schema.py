"""Columns of the streams that people's files become.

A file has no fixed schema: a connection's mapping says which of these columns it fills and from
what. So `source` is the column's own name here, and what the mapping leaves out is null.
"""

from __future__ import annotations

import pyarrow as pa

from connectors.core.columns import Additivity, Column, Role

_INSTANT = pa.timestamp("us", tz="UTC")
_MONEY = pa.decimal128(24, 6)
_TEXT, _COUNT, _TRUTH = pa.string(), pa.int64(), pa.bool_()


def _column(
    name: str,
    kind: pa.DataType,
    description: str,
    role: Role = "attribute",
    *,
    required: bool = False,
    additivity: Additivity | None = None,
) -> Column:
    return Column(name, kind, name, role, description, additivity, required)


def _text(name: str, description: str, *, required: bool = False) -> Column:
    return _column(name, _TEXT, description, required=required)


def _personal_email(name: str) -> Column:
    return Column(name, _TEXT, name, "attribute", "E-mail address, as a token.", pii="email")


_SOURCE_ROW = _column(
    "source_row",
    _COUNT,
    "Number of the row in its file as a spreadsheet shows it; the first line is 1.",
)
_UPDATED_AT = _column(
    "updated_at", _INSTANT, "When the record was last changed, if the file says it."
)
_CREATED_AT = _column("created_at", _INSTANT, "When the record was made.")
_IS_DELETED = _column(
    "is_deleted",
    _TRUTH,
    "True when the file says that the record was deleted; null if it does not say.",
)
_CURRENCY = _text("currency_code", "Currency of the amounts, ISO 4217.")

ORDERS = (
    _text("order_id", "Number of the order or document.", required=True),
    _text(
        "line_no",
        "Number of the line in its order; its occurrence there (1, 2, …) when the file has none.",
        required=True,
    ),
    _text(
        "document_type",
        "`sale`, `return`, `adjustment` or `write_off`, by the mapping's rules.",
        required=True,
    ),
    _column("ordered_at", _INSTANT, "When it was ordered (of a return: when it was returned)."),
    _column("paid_at", _INSTANT, "When it was paid."),
    _UPDATED_AT,
    _text("status", "Status in the file's own words."),
    _text("customer_id", "Id of the customer; null when the order has none."),
    _personal_email("customer_email"),
    _text("product_id", "Id of the product."),
    _text("employee_id", "Id of the employee who sold the line; null when nobody is named."),
    _text("sku", "Stock keeping unit."),
    _text("product_name", "Name of the product as sold."),
    _column("quantity", _MONEY, "Pieces; its sign as the file has it."),
    _column("unit_price", _MONEY, "Price of one piece."),
    _column("discount", _MONEY, "Discount on the line."),
    _column("tax", _MONEY, "Tax on the line."),
    _column("shipping", _MONEY, "Shipping charged with the line."),
    _column("total", _MONEY, "Total of the line as stated; null when the file states none."),
    _column(
        "order_total", _MONEY, "Total of the whole order; its lines repeat it or leave it empty."
    ),
    _column("order_shipping", _MONEY, "Shipping of the whole order, its lines' included."),
    _column("order_tax", _MONEY, "Tax of the whole order, its lines' included."),
    _column("order_discount", _MONEY, "Discount on the whole order, its lines' included."),
    _column(
        "tax_included",
        _TRUTH,
        "True when the prices hold the tax; null if the source does not say.",
    ),
    _column("unit_cost", _MONEY, "What one piece cost the seller."),
    _CURRENCY,
    _text("country", "Country of the customer in the file's own words."),
    _text("channel", "Where it was sold."),
    _text("utm_source", "utm_source of the visit that led to the order."),
    _text("utm_medium", "utm_medium of that visit."),
    _text("utm_campaign", "utm_campaign of that visit."),
    _column("refunded_amount", _MONEY, "Amount given back for the line so far."),
    _column("refunded_at", _INSTANT, "When it was given back."),
    _IS_DELETED,
    _SOURCE_ROW,
)

CUSTOMERS = (
    _text("customer_id", "Id of the customer.", required=True),
    _personal_email("email"),
    Column("phone", _TEXT, "phone", "attribute", "Phone number, as a token.", pii="phone"),
    _text("country", "Country in the file's own words."),
    _text("source", "Where the customer came from."),
    _text("tags", "Tags as the file has them."),
    _column("accepts_marketing", _TRUTH, "True when marketing mail is allowed."),
    _CREATED_AT,
    _UPDATED_AT,
    _IS_DELETED,
    _SOURCE_ROW,
)

PRODUCTS = (
    _text("product_id", "Id of the product.", required=True),
    _text("sku", "Stock keeping unit."),
    _text("name", "Name of the product."),
    _text("category", "Category in the file's own words."),
    _text("product_type", "Type in the file's own words, such as course."),
    _column("price", _MONEY, "List price of one piece."),
    _column("unit_cost", _MONEY, "What one piece costs the seller."),
    _CURRENCY,
    _column("is_active", _TRUTH, "True when it is for sale."),
    _CREATED_AT,
    _UPDATED_AT,
    _IS_DELETED,
    _SOURCE_ROW,
)

EMPLOYEES = (
    _text("employee_id", "Id of the employee.", required=True),
    _text("name", "Name of the employee."),
    _personal_email("email"),
    _text("role", "What the employee does."),
    _text("team", "Team of the employee."),
    _text("manager_id", "Id of the employee's manager."),
    _column("hired_on", pa.date32(), "First day at work."),
    _column("left_on", pa.date32(), "Last day at work; empty for who is still there."),
    _column("is_active", _TRUTH, "True for who is still there."),
    _UPDATED_AT,
    _IS_DELETED,
    _SOURCE_ROW,
)

COSTS = (
    _column("date", pa.date32(), "Day of the cost.", "dimension", required=True),
    _text("channel", "Channel in the file's own words."),
    _text("campaign", "Campaign in the file's own words."),
    _column(
        "cost", _MONEY, "What was paid; negative for a credit.", "metric", additivity="additive"
    ),
    _CURRENCY,
    _column(
        "impressions", _COUNT, "Impressions, if the file has them.", "metric", additivity="additive"
    ),
    _column("clicks", _COUNT, "Clicks, if the file has them.", "metric", additivity="additive"),
    _column(
        "conversions", _MONEY, "Conversions, if the file has them.", "metric", additivity="additive"
    ),
    _column(
        "conversion_value",
        _MONEY,
        "Value of the conversions in the same currency, if the file has them.",
        "metric",
        additivity="additive",
    ),
    # Part of the key: two lines of one day, channel and campaign are two costs, not a repetition.
    _column("source_row", _COUNT, _SOURCE_ROW.description, "dimension", required=True),
)

RECORDS = (
    _text("table_name", "Name that the mapping gives to the table.", required=True),
    _text("row_key", "The mapping's key of the row; several columns are joined by `|`.",
          required=True),
    _text("data", "JSON of the mapped columns."),
    _UPDATED_AT,
    _IS_DELETED,
    _SOURCE_ROW,
)  # fmt: skip

TARGETS: dict[str, tuple[Column, ...]] = {
    "orders": ORDERS,
    "customers": CUSTOMERS,
    "products": PRODUCTS,
    "employees": EMPLOYEES,
    "costs": COSTS,
    "records": RECORDS,
}
KEYS: dict[str, tuple[str, ...]] = {
    "orders": ("order_id", "line_no"),
    "customers": ("customer_id",),
    "products": ("product_id",),
    "employees": ("employee_id",),
    "records": ("table_name", "row_key"),
}
DESCRIPTIONS = {
    "orders": "A line of an order, of a return or of an adjustment.",
    "customers": "A customer as a file has it.",
    "products": "A product as a file has it.",
    "employees": "Somebody who sells, as a file has them.",
    "costs": "A cost of a day that no connected platform reports.",
    "records": "A row of a table of its own.",
}
