"""Raw rows of shops and files, as their connectors write them, and how scenarios pull them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from fixture_lake import Account, FixtureLake

Row = dict[str, Any]


def shop(organization: str, currency: str = "EUR", zone: str = "Europe/Berlin") -> Account:
    """An organization's shop."""
    return Account(organization, f"{organization}-shop", currency, zone, "shopify")


def file_source(
    organization: str, name: str, currency: str = "EUR", zone: str = "Europe/Berlin"
) -> Account:
    """A source of files of an organization."""
    return Account(organization, f"{organization}-{name}", currency, zone, "files")


def _money(amount: str | Decimal, currency: str = "EUR") -> Row:
    return {"shopMoney": {"amount": str(amount), "currencyCode": currency}}


def line(
    number: int,
    price: str = "10.00",
    quantity: int = 1,
    *,
    discounted: str | None = None,
    product: str | None = "1",
    variant: str | None = "1",
    allocations: Sequence[str] | None = None,
    taxes: Sequence[tuple[str, float | None]] | None = None,
    **more: Any,
) -> Row:
    """A LineItem as Shopify sends it; what earlier versions of the connector left out is None.

    Args:
        number: its id.
        price: of a piece.
        quantity: pieces.
        discounted: the total without order-level and code discounts; the price if not given.
        product: its product, None for none.
        variant: its variant.
        allocations: its discount allocations.
        taxes: its taxes, as amount and rate.
        more: further fields.
    """
    total = Decimal(price) * quantity
    return {
        "id": f"gid://shopify/LineItem/{number}",
        "sku": f"SKU-{product}",
        "title": f"Product {product}",
        "quantity": quantity,
        "currentQuantity": quantity,
        "product": {"id": f"gid://shopify/Product/{product}"} if product else None,
        "variant": {"id": f"gid://shopify/ProductVariant/{variant}"}
        if product and variant
        else None,
        "originalTotalSet": _money(total),
        "discountedTotalSet": _money(discounted or total),
        **_stated(allocations, taxes),
        **more,
    }


def _stated(
    allocations: Sequence[str] | None, taxes: Sequence[tuple[str, float | None]] | None
) -> Row:
    stated: Row = {}
    if allocations is not None:
        stated["discountAllocations"] = [{"allocatedAmountSet": _money(one)} for one in allocations]
    if taxes is not None:
        stated["taxLines"] = [{"priceSet": _money(one), "rate": rate} for one, rate in taxes]
    return stated


def tip(number: int, amount: str) -> Row:
    """A tip: a line that is named so and is of no product."""
    words = {"title": "Tip", "name": "Tip", "sku": None, "isGiftCard": False}
    return line(number, amount, product=None, allocations=[], taxes=[], **words)


def shipping_line(
    price: str, *, allocations: Sequence[str] = (), taxes: Sequence[tuple[str, float | None]] = ()
) -> Row:
    """A ShippingLine as Shopify sends it."""
    left = Decimal(price) - sum((Decimal(one) for one in allocations), Decimal(0))
    return {
        "title": "Standard",
        "originalPriceSet": _money(price),
        "discountedPriceSet": _money(left),
        **_stated(allocations, taxes),
    }


def refund(
    number: int,
    created_at: datetime,
    lines: Sequence[tuple[int, int, str, str]] = (),
    paid_back: str | None = None,
    status: str = "SUCCESS",
) -> Row:
    """A Refund as Shopify sends it; ``lines`` are (line, quantity, subtotal, tax)."""
    value = sum((Decimal(subtotal) + Decimal(tax) for _, _, subtotal, tax in lines), Decimal(0))
    amount = Decimal(paid_back) if paid_back is not None else value
    payment = {"kind": "REFUND", "status": status, "amountSet": _money(amount)}
    failed = {"kind": "REFUND", "status": "FAILURE", "amountSet": _money("999")}
    return {
        "id": f"gid://shopify/Refund/{number}",
        "createdAt": created_at.isoformat().replace("+00:00", "Z"),
        "updatedAt": created_at.isoformat().replace("+00:00", "Z"),
        "totalRefundedSet": _money(amount),
        "refundLineItems": {
            "nodes": [
                {
                    "id": f"gid://shopify/RefundLineItem/{number}{place}",
                    "quantity": quantity,
                    "restockType": "RETURN",
                    "lineItem": {"id": f"gid://shopify/LineItem/{item}"},
                    "subtotalSet": _money(subtotal),
                    "totalTaxSet": _money(tax),
                }
                for place, (item, quantity, subtotal, tax) in enumerate(lines)
            ]
        },
        "transactions": {"nodes": [failed, payment]},
    }


def adjusted(amount: str) -> Row:
    """The adjustments of a refund: what was calculated less what was paid."""
    return {"nodes": [{"amountSet": _money(amount), "taxAmountSet": _money("0.0")}]}


def agreement(
    number: int,
    happened_at: datetime,
    reason: str,
    *sales: tuple[int, str, int, str, str],
    refund_id: int | None = None,
) -> Row:
    """A SalesAgreement of an order's ledger; sales are (line, action, quantity, total, tax)."""
    named = {"refund": {"id": f"gid://shopify/Refund/{refund_id}"}} if refund_id else {}
    return {
        **named,
        "id": f"gid://shopify/SalesAgreement/{number}",
        "happenedAt": happened_at.isoformat().replace("+00:00", "Z"),
        "reason": reason,
        "sales": {
            "nodes": [
                {
                    "id": f"gid://shopify/Sale/{number}{place}",
                    "actionType": action,
                    "lineType": "PRODUCT",
                    "quantity": quantity,
                    "totalAmount": _money(total),
                    "totalTaxAmount": _money(tax),
                    "lineItem": {"id": f"gid://shopify/LineItem/{item}"},
                }
                for place, (item, action, quantity, total, tax) in enumerate(sales)
            ]
        },
    }


def shop_order(
    number: int,
    placed_at: datetime,
    lines: Sequence[Row] | None = None,
    *,
    updated_at: datetime | None = None,
    customer: str | None = "9",
    discount: str = "0",
    tax: str = "0",
    shipping: str = "0",
    refunds: Sequence[Row] = (),
    status: str = "PAID",
    taxes_included: bool = False,
    shipping_lines: Sequence[Row] | None = None,
    agreements: Sequence[Row] | None = None,
    **more: Any,
) -> Row:
    """A raw row of ``shopify/orders``."""
    lines = [line(number * 10)] if lines is None else lines
    listed = sum((_amount(item, "originalTotalSet") for item in lines), Decimal(0))
    subtotal = listed - Decimal(discount)
    total = subtotal + Decimal(shipping) + (Decimal(0) if taxes_included else Decimal(tax))
    refunded = sum((_amount(back, "totalRefundedSet") for back in refunds), Decimal(0))
    return {
        "order_id": str(number),
        "name": f"#{number}",
        "created_at": placed_at,
        "processed_at": placed_at,
        "updated_at": updated_at or placed_at,
        "is_test": False,
        "is_edited": False,
        "taxes_included": taxes_included,
        "currency_code": None,
        "financial_status": status,
        "fulfillment_status": "FULFILLED",
        "source_name": "web",
        "total_price": total,
        "current_total_price": total - refunded,
        "subtotal_price": subtotal,
        "total_discounts": Decimal(discount),
        "total_tax": Decimal(tax),
        "total_shipping": Decimal(shipping),
        "total_refunded": refunded,
        "discount_codes": "[]",
        "tags": "[]",
        "customer_id": customer,
        "line_items": json.dumps(list(lines)),
        "refunds": json.dumps(list(refunds)),
        "shipping_lines": None if shipping_lines is None else json.dumps(list(shipping_lines)),
        "agreements": None if agreements is None else json.dumps(list(agreements)),
        **more,
    }


def _amount(item: Row, field: str) -> Decimal:
    return Decimal(item[field]["shopMoney"]["amount"])


def shop_customer(customer: str, updated_at: datetime, **more: Any) -> Row:
    """A raw row of ``shopify/customers``."""
    return {
        "customer_id": customer,
        "created_at": updated_at,
        "updated_at": updated_at,
        "state": "ENABLED",
        "country_code": "DE",
        "tags": '["vip"]',
        "email": "token",
        "marketing_state": "SUBSCRIBED",
        **more,
    }


def shop_product(product: str, variants: Sequence[tuple[str, str, str | None]], **more: Any) -> Row:
    """A raw row of ``shopify/products``; ``variants`` are (id, price, unit cost)."""
    return {
        "product_id": product,
        "title": f"Product {product}",
        "status": "ACTIVE",
        "vendor": "Acme",
        "product_type": "Shoes",
        "variants": json.dumps(
            [
                {
                    "id": f"gid://shopify/ProductVariant/{variant}",
                    "legacyResourceId": variant,
                    "title": "One size",
                    "sku": f"SKU-{product}",
                    "price": price,
                    "compareAtPrice": None,
                    "inventoryQuantity": 5,
                    "inventoryItem": {"unitCost": {"amount": cost} if cost else None},
                }
                for variant, price, cost in variants
            ]
        ),
        **more,
    }


def file_line(
    order: str,
    number: int,
    ordered_at: datetime,
    quantity: str = "1",
    unit_price: str | None = "10",
    *,
    document_type: str = "sale",
    **more: Any,
) -> Row:
    """A raw row of ``files/orders``: one line of a document."""
    amounts = ("discount", "tax", "shipping", "total", "unit_cost", "refunded_amount",
               "order_total", "order_shipping", "order_tax", "order_discount")  # fmt: skip
    return {
        "order_id": order,
        "line_no": str(number),
        "document_type": document_type,
        "ordered_at": ordered_at,
        "product_id": "A",
        "product_name": "Thing A",
        "quantity": Decimal(quantity),
        "unit_price": Decimal(unit_price) if unit_price is not None else None,
        "source_row": number + 1,
        **{
            name: Decimal(value) if name in amounts and value is not None else value
            for name, value in more.items()
        },
    }


def changes(
    lake: FixtureLake,
    account: Account,
    fetched_at: datetime,
    rows: list[dict[str, Any]],
    stream: str = "orders",
    **more: Any,
) -> str:
    """A chunk of a stream of changes, of a window that is given where it plays a part."""
    return lake.pull(account, stream, fetched_at, rows, kind="changes", **more)


def orders(built: Callable[[str], Any], organization: str, columns: str) -> Any:
    """Rows of the order facts of an organization."""
    return built(
        f"select {columns} from fact_orders where organization_id = '{organization}' "
        "order by order_id"
    )
