"""Orders and refunds as wc/v3 writes them, as of one clock."""

from __future__ import annotations

from connectors.sandbox.business.outlet import is_guest
from connectors.sandbox.business.shop_entities import Line, Order, Refund
from connectors.sandbox.business.shop_extras import tax_of
from connectors.sandbox.business.shop_ledger import NO_CUSTOMER
from connectors.sandbox.business.shop_state import OrderState
from connectors.sandbox.platforms.woocommerce.entities import EntityWriter, Json, money
from connectors.sandbox.platforms.woocommerce.site import modified, status

_ATTRIBUTION = "_wc_order_attribution_"
_RATE = {"id": 1, "rate_id": 1, "rate_code": "NZ-GST-1", "label": "GST", "compound": False}
_NO_NAME = {"first_name": "", "last_name": "", "email": "", "phone": "", "country": ""}


class Writer(EntityWriter):
    """Writes all resources of one site."""

    def order(self, order: Order) -> Json:
        """Returns an order."""
        state = OrderState(order, self.clock)
        lines = [self._line(line) for line in order.lines]
        shipping, shipping_tax = order.shipping_paid, order.shipping_tax_cents
        cart_tax = sum(line.tax_cents for line in order.lines)
        before = sum(self._untaxed(line)[0] for line in order.lines)
        after = sum(line.worth - line.tax_cents for line in order.lines)
        before_tax = sum(self._untaxed(line)[1] for line in order.lines)
        off = {"discount": money(before - after), "discount_tax": money(before_tax - cart_tax)}
        buyer = self._buyer(order)
        return {
            "id": order.id,
            "parent_id": 0,
            "number": str(order.number),
            "status": status(order, self.clock),
            "currency": order.shop.currency,
            "version": "9.8.1",
            "prices_include_tax": order.shop.taxes_included,
            **self.times("created", order.created),
            **self.times("modified", modified(order, self.clock)),
            **self.times("paid", order.paid),
            **self.times("completed", order.fulfilled),
            "discount_total": off["discount"],
            "discount_tax": off["discount_tax"],
            "shipping_total": money(shipping - shipping_tax),
            "shipping_tax": money(shipping_tax),
            "cart_tax": money(cart_tax),
            "total": money(state.total),
            "total_tax": money(cart_tax + shipping_tax),
            "customer_id": self._customer_id(order),
            "order_key": f"wc_order_{order.row:08x}",
            "billing": buyer,
            "shipping": {**buyer, "email": ""},
            "payment_method": "stripe" if order.source == "web" else "bacs",
            "customer_ip_address": "203.0.113.7",
            "customer_note": order.note or "",
            "created_via": "checkout" if order.source == "web" else "admin",
            "meta_data": self._meta(order),
            "line_items": lines,
            "tax_lines": [
                {**_RATE, "tax_total": money(cart_tax), "shipping_tax_total": money(shipping_tax)}
            ],
            "shipping_lines": [
                {
                    "id": order.lines[0].id + 995,
                    "method_id": "flat_rate",
                    "method_title": "Post",
                    "total": money(shipping - shipping_tax),
                    "total_tax": money(shipping_tax),
                }
            ],
            "fee_lines": self._fees(order),
            "coupon_lines": [{"id": order.lines[0].id + 997, "code": _code(order), **off}]
            if before > after
            else [],
            "refunds": [
                {"id": one.id, "reason": one.note or "", "total": money(-one.paid_cents)}
                for one in state.refunds
            ],
        }

    def refund(self, order: Order, refund: Refund) -> Json:
        """Returns a refund of an order: its amount is positive, what it takes off is negative."""
        shipping, tax = refund.shipping_cents, refund.shipping_tax_cents
        return {
            "id": refund.id,
            "parent_id": order.id,
            **self.times("created", refund.processed),
            "amount": money(refund.paid_cents),
            "reason": refund.note or "",
            "refunded_by": 1,
            "refunded_payment": True,
            "meta_data": [],
            "line_items": [
                {
                    "id": back.id,
                    **_thing(back.line),
                    "quantity": -back.quantity,
                    "subtotal": money(back.tax_cents - back.subtotal_cents),
                    "subtotal_tax": money(-back.tax_cents),
                    "total": money(back.tax_cents - back.subtotal_cents),
                    "total_tax": money(-back.tax_cents),
                    "meta_data": [{"key": "_refunded_item_id", "value": str(back.line.id)}],
                }
                for back in refund.lines
            ],
            "shipping_lines": [
                {
                    "id": refund.id + 295,
                    "method_id": "flat_rate",
                    "total": money(tax - shipping),
                    "total_tax": money(-tax),
                }
            ]
            if shipping
            else [],
            "tax_lines": [],
            "fee_lines": [],
        }

    def _line(self, line: Line) -> Json:
        before, before_tax = self._untaxed(line)
        after = line.worth - line.tax_cents
        return {
            "id": line.id,
            **_thing(line),
            "quantity": line.quantity,
            "tax_class": "",
            "subtotal": money(before),
            "subtotal_tax": money(before_tax),
            "total": money(after),
            "total_tax": money(line.tax_cents),
            "taxes": [{"id": 1, "total": money(line.tax_cents), "subtotal": money(before_tax)}],
            "meta_data": [{"id": line.id, "key": "Engraving", "value": "For Ada Abbott"}],
            # A number, and not rounded.
            "price": after / 100 / line.quantity,
        }

    def _untaxed(self, line: Line) -> tuple[int, int]:
        """Returns what a line costs before discounts, without tax, and the tax of that."""
        price = line.quantity * line.unit_cents
        # A line that bears no tax after its discounts bore none before.
        tax = tax_of(self.book.shop, price) if line.tax_cents else 0
        return price - tax, tax

    def _fees(self, order: Order) -> list[Json]:
        cents = order.fee_cents
        if not cents:
            return []
        name = "Handling" if cents > 0 else "Club discount"
        amounts = {"amount": "", "total": money(cents), "total_tax": "0.00"}
        return [{"id": order.lines[0].id + 996, "name": name, "tax_status": "none", **amounts}]

    def _buyer(self, order: Order) -> Json:
        if order.customer == NO_CUSTOMER:
            return dict(_NO_NAME)
        return dict(self.customer(order.customer)["billing"])

    def _customer_id(self, order: Order) -> int:
        if order.customer == NO_CUSTOMER or is_guest(order.customer):
            return 0
        return self.book.customer(order.customer).id

    def _meta(self, order: Order) -> list[Json]:
        visit = order.visit
        if visit is None:
            return []
        if visit.utm is not None:
            source, medium, campaign, term, content = visit.utm
            kind = "utm"
        else:
            kind = {"direct": "typein", "google": "organic", "bing": "organic"}.get(
                visit.source, "referral"
            )
            source = "(direct)" if kind == "typein" else visit.source
            medium = {"typein": "(none)"}.get(kind, kind)
            campaign = term = content = None
        said = {
            "source_type": kind,
            "utm_source": source,
            "utm_medium": medium,
            "utm_campaign": campaign,
            "utm_term": term,
            "utm_content": content,
            "device_type": "Mobile" if order.row % 2 else "Desktop",
        }
        return [
            {"id": place, "key": f"{_ATTRIBUTION}{name}", "value": value}
            for place, (name, value) in enumerate(said.items())
            if value is not None
        ]


def _code(order: Order) -> str:
    return (order.discount_code or "bundle").lower()


def _thing(line: Line) -> Json:
    sold = line.product is not None and line.variant is not None
    return {
        "name": line.title,
        "product_id": line.product.id if line.product and sold else 0,
        "variation_id": line.variant.id if line.variant and sold else 0,
        "sku": line.sku,
    }
