"""Orders and refunds as wc/v3 writes them, as of one clock."""

from __future__ import annotations

from connectors.sandbox.business.outlet import is_guest
from connectors.sandbox.business.shop_entities import Line, Order, Refund
from connectors.sandbox.business.shop_extras import tax_of
from connectors.sandbox.business.shop_ledger import NO_CUSTOMER
from connectors.sandbox.business.shop_state import OrderState
from connectors.sandbox.platforms.woocommerce.entities import EntityWriter, Json, amounts
from connectors.sandbox.platforms.woocommerce.site import modified, status
from connectors.sandbox.wire.amounts import money

_UTM = tuple(f"utm_{one}" for one in ("source", "medium", "campaign", "term", "content"))


class Writer(EntityWriter):
    """Writes all resources of one site."""

    def order(self, order: Order) -> Json:
        """Returns an order."""
        state = OrderState(order, self.clock)
        first, buyer = order.lines[0].id, self._buyer(order)
        shipping_tax = order.shipping_tax_cents
        shipping = amounts(order.shipping_paid - shipping_tax, shipping_tax)
        before = [sum(parts) for parts in zip(*map(self._untaxed, order.lines), strict=True)]
        tax = sum(line.tax_cents for line in order.lines)
        off = before[0] - sum(line.worth - line.tax_cents for line in order.lines)
        discount = {"discount": money(off), "discount_tax": money(before[1] - tax)}
        rate = {"tax_total": money(tax), "shipping_tax_total": money(shipping_tax)}
        coupon = {"id": first + 997, "code": (order.discount_code or "bundle").lower(), **discount}
        coupon["discount_type"] = "percent" if order.discount_type == "PERCENT" else "fixed_cart"
        return {
            "id": order.id,
            "parent_id": 0,
            "number": str(order.number),
            "status": status(order, self.clock),
            "currency": order.shop.currency,
            "prices_include_tax": order.shop.taxes_included,
            **self.times("created", order.created),
            **self.times("modified", modified(order, self.clock)),
            **self.times("paid", order.paid),
            **self.times("completed", order.fulfilled),
            "discount_total": discount["discount"],
            "discount_tax": discount["discount_tax"],
            "shipping_total": shipping["total"],
            "shipping_tax": shipping["total_tax"],
            "cart_tax": money(tax),
            "total": money(state.total),
            "total_tax": money(tax + shipping_tax),
            "customer_id": self._customer_id(order),
            "billing": buyer,
            "shipping": {**buyer, "email": ""},
            "payment_method": "stripe" if order.source == "web" else "bacs",
            "customer_ip_address": "203.0.113.7",
            "customer_note": order.note or "",
            "created_via": "checkout" if order.source == "web" else "admin",
            "meta_data": _attribution(order),
            "line_items": [self._line(line) for line in order.lines],
            "tax_lines": [{"id": 1, "rate_id": 1, "rate_code": "NZ-GST-1", **rate}],
            "shipping_lines": [{"id": first + 995, "method_id": "flat_rate", **shipping}],
            "fee_lines": [
                # A negative fee is how plugins take something off.
                {"id": first + 996, "name": "Club", "amount": "", **amounts(cents, 0)}
                for cents in [order.fee_cents]
                if cents
            ],
            "coupon_lines": [coupon] if off else [],
            "refunds": [
                {"id": one.id, "reason": one.note or "", "total": money(-one.paid_cents)}
                for one in state.refunds
            ],
        }

    def refund(self, order: Order, refund: Refund) -> Json:
        """Returns a refund of an order: its amount is positive, what it takes off is negative."""
        tax = refund.shipping_tax_cents
        shipping = amounts(tax - refund.shipping_cents, -tax)
        return {
            "id": refund.id,
            "parent_id": order.id,
            **self.times("created", refund.processed),
            "amount": money(refund.paid_cents),
            "reason": refund.note or "",
            "refunded_by": 1,
            "line_items": [
                {
                    "id": back.id,
                    **_thing(back.line),
                    "quantity": -back.quantity,
                    **amounts(back.tax_cents - back.subtotal_cents, -back.tax_cents),
                    "meta_data": [{"key": "_refunded_item_id", "value": str(back.line.id)}],
                }
                for back in refund.lines
            ],
            "shipping_lines": [{"id": refund.id + 295, "method_id": "flat_rate", **shipping}]
            if refund.shipping_cents
            else [],
            "fee_lines": [],
        }

    def _line(self, line: Line) -> Json:
        before, after = self._untaxed(line), line.worth - line.tax_cents
        return {
            "id": line.id,
            **_thing(line),
            "quantity": line.quantity,
            "subtotal": money(before[0]),
            "subtotal_tax": money(before[1]),
            **amounts(after, line.tax_cents),
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

    def _buyer(self, order: Order) -> Json:
        if order.customer == NO_CUSTOMER:
            return {"first_name": "", "email": "", "country": ""}
        return dict(self.customer(order.customer)["billing"])

    def _customer_id(self, order: Order) -> int:
        if order.customer == NO_CUSTOMER or is_guest(order.customer):
            return 0
        return self.book.customer(order.customer).id


def _attribution(order: Order) -> list[Json]:
    """Returns what WooCommerce writes down of the visit before an order."""
    visit = order.visit
    if visit is None:
        return []
    named = dict(zip(_UTM, visit.utm or (), strict=False))
    if visit.utm is not None:
        kind = "utm"
    elif "gclid=" in visit.landing_page:
        # What Google tags itself has parameters made up for it:
        # https://github.com/alex35mil/sourcebuster-js/blob/master/src/js/init.js
        kind, named = "utm", dict(zip(_UTM, ("google", "cpc", "google_cpc"), strict=False))
    elif visit.source == "direct":
        kind, named = "typein", {"utm_source": "(direct)", "utm_medium": "(none)"}
    else:
        kind = "organic" if visit.source in ("google", "bing") else "referral"
        named = {"utm_source": visit.source, "utm_medium": kind}
    said: Json = {
        "source_type": kind,
        **named,
        "referrer": visit.referrer,
        "session_entry": visit.landing_page,
        "device_type": ("Mobile", "Desktop", "Tablet")[order.row % 3],
    }
    return [
        {"id": place, "key": f"_wc_order_attribution_{name}", "value": value}
        for place, (name, value) in enumerate(said.items())
        if value is not None
    ]


def _thing(line: Line) -> Json:
    sold = line.product is not None and line.variant is not None
    return {
        "name": line.title,
        "product_id": line.product.id if line.product and sold else 0,
        "variation_id": line.variant.id if line.variant and sold else 0,
        "sku": line.sku,
    }
