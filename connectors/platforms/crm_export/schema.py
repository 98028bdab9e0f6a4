"""Columns of the four tables of a CRM that a company keeps itself.

`source` is the name of the column in the sheet. What the sheet has beyond them lands in `_extra`.
"""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from connectors.core.columns import DAY, MONEY, WHOLE, Column, attribute

INSTANT = pa.timestamp("us", tz="UTC")
TRUTH = pa.bool_()

PERSONAL = {"customers": ("full_name",), "employees": ("phone",)}
"""By table: what identifies a person and is not kept, also not in quarantine."""

_ROW = attribute("source_row", "source_row", "Number of the row in the sheet.", WHOLE)
_UPDATED = attribute("updated_at", "updated_at", "When it was changed in the CRM.", INSTANT)
_DELETED = attribute("is_deleted", "is_deleted", "True when it is marked as deleted.", TRUTH)
_CURRENCY = attribute("currency", "currency", "Currency, ISO 4217.")


def _id(name: str, description: str) -> Column:
    return attribute(name, name, description, required=True)


def _money(name: str, description: str) -> Column:
    return attribute(name, name, description, MONEY)


def _email(name: str) -> Column:
    return replace(attribute(name, name, "E-mail address, as a token."), pii="email")


CUSTOMERS = (
    _id("customer_id", "Id of the customer."),
    _email("email"),
    replace(attribute("phone", "phone", "Phone number, as a token."), pii="phone"),
    attribute("country", "country", "Country, ISO 3166-1 alpha-2."),
    attribute("source", "source", "Where the customer came from."),
    attribute("created_at", "created_at", "When the customer was entered.", INSTANT),
    _UPDATED,
    _DELETED,
    _ROW,
)

EMPLOYEES = (
    _id("employee_id", "Id of the employee."),
    attribute("full_name", "full_name", "Name of the employee."),
    _email("email"),
    attribute("role", "role", "What the employee does."),
    attribute("team", "team", "Team of the employee."),
    attribute("manager_id", "manager_id", "Id of the employee's manager."),
    attribute("hired_on", "hired_on", "First day at work.", DAY),
    attribute("left_on", "left_on", "Last day at work; null for who is still there.", DAY),
    attribute("is_active", "is_active", "True for who is still there.", TRUTH),
    _ROW,
)

PRODUCTS = (
    _id("product_id", "Id of the product."),
    attribute("sku", "sku", "Stock keeping unit."),
    attribute("name", "name", "Name of the product."),
    attribute("category", "category", "Category in the CRM's own words."),
    attribute("kind", "kind", "`course`, `package`, `menu`, `equipment`, `product`, or another."),
    _money("list_price", "List price of one piece."),
    _CURRENCY,
    attribute("active_from", "active_from", "First day on which it is sold.", DAY),
    attribute("active_to", "active_to", "Last day on which it is sold.", DAY),
    _UPDATED,
    _DELETED,
    _ROW,
)

ORDERS = (
    _id("order_id", "Id of the order."),
    _id("line_no", "Number of the line in its order."),
    attribute("customer_id", "customer_id", "Id of the customer; null when none is named."),
    attribute("product_id", "product_id", "Id of the product."),
    attribute("employee_id", "employee_id", "Who sold it; null for a sale without an employee."),
    attribute("quantity", "quantity", "Pieces.", MONEY),
    _money("unit_price", "Price of one piece."),
    _money("discount", "Discount on the line."),
    _money("tax", "Tax on the line, on top of the price."),
    _money("total", "What the line comes to: quantity x unit_price - discount + tax."),
    _CURRENCY,
    attribute("status", "status", "`paid`, `pending`, `refunded` or `cancelled`."),
    attribute("ordered_at", "ordered_at", "When it was ordered.", INSTANT, required=True),
    attribute("paid_at", "paid_at", "When it was paid.", INSTANT),
    _money("refunded_amount", "What was given back for the line so far."),
    attribute("refunded_at", "refunded_at", "When it was given back.", INSTANT),
    attribute("utm_source", "utm_source", "utm_source of the visit that led to the order."),
    attribute("utm_medium", "utm_medium", "utm_medium of that visit."),
    attribute("utm_campaign", "utm_campaign", "utm_campaign of that visit."),
    _UPDATED,
    _DELETED,
    _ROW,
)
