"""What the shops must come to, in plain decimals, from the units of the business alone.

None of the code that the wire reads is used here: what is there as of a clock, what counts and what
it adds up to is worked out a second time.

- `gross` is list price times quantity, `discount` what all discounts take off, `net` what is left
  without tax; `total` is what the customer was asked to pay.
- `is_counted` is false for tests and for what was given up before any money came.
- A refund's `value` is that of the goods without tax; what is given back for no goods (goodwill,
  and what makes it even later) is its `adjustment`. `shop_day.refunds` are the values on the day
  of the refund, of counted orders; `net_revenue` is `net` less `refunds`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime

from connectors.sandbox.business import Business
from connectors.sandbox.business.shop_entities import Order
from connectors.sandbox.business.shop_script import script_of
from connectors.sandbox.service import Answer, Question, Row
from connectors.sandbox.shopify.truth_of_orders import Shown
from connectors.sandbox.shopify.truth_rows import asked, books, instant, money, whose

_DAY_SUMS = ("gross", "discount", "net", "tax", "shipping", "total")
_REFUND_SUMS = {
    "refunds": "value",
    "refund_tax": "tax",
    "refund_shipping": "shipping",
    "refund_adjustment": "adjustment",
    "refunded": "paid",
}


def _shops(business: Business, question: Question) -> Iterator[Row]:
    for book in books(business, question):
        shop = book.shop
        yield {
            **whose(shop),
            "name": shop.name,
            "time_zone": shop.time_zone,
            "domain": f"{shop.id}.myshopify.com",
            "plan": shop.plan,
            "taxes_included": shop.taxes_included,
        }


def _orders(business: Business, question: Question) -> Iterator[Row]:
    for book in books(business, question):
        shown = Shown(book, question)
        new = shown.first_counted()
        for order in shown.orders():
            day = shown.day(order.processed)
            if not asked(question, day):
                continue
            customer = None if order.customer < 0 else str(book.customer(order.customer).id)
            refunds = shown.refunds(order)
            yield {
                **whose(book.shop),
                "date": str(day),
                "order_id": str(order.id),
                "name": f"#{order.number}",
                "customer_id": customer,
                "is_new_customer": order.id in new,
                "created_at": instant(order.created),
                "processed_at": instant(order.processed),
                "updated_at": instant(shown.updated(order)),
                "is_test": order.test,
                "is_edited": order.edited <= shown.clock,
                "is_cancelled": order.cancelled <= shown.clock,
                "is_counted": shown.counted(order),
                "lines": len(shown.lines(order)),
                "refunds": len(refunds),
                **{name: money(cents) for name, cents in shown.order_sums(order).items()},
                "refunded": money(sum(one.paid_cents for one in refunds)),
                **_visit(order, shown.clock),
            }


def _visit(order: Order, clock: int) -> Row:
    ready = order.visit is not None and order.journey <= clock
    visit = order.visit if ready else None
    utm = (visit.utm if visit is not None else None) or (None,) * 5
    named = dict(
        zip(
            ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"),
            utm,
            strict=True,
        )
    )
    return {
        "is_journey_ready": ready if order.visit is not None else None,
        "last_visit_source": None if visit is None else visit.source,
        **named,
    }


def _lines(business: Business, question: Question) -> Iterator[Row]:
    for book in books(business, question):
        shown = Shown(book, question)
        for order in shown.orders():
            day = shown.day(order.processed)
            if not asked(question, day):
                continue
            placed = datetime.fromtimestamp(order.processed, UTC)
            returned: dict[int, int] = defaultdict(int)
            for refund in shown.refunds(order):
                for back in refund.lines:
                    returned[back.line.id] += back.quantity
            for line in shown.lines(order):
                cost = line.variant.cost_cents.at(placed) if line.variant else None
                yield {
                    **whose(book.shop),
                    "date": str(day),
                    "order_id": str(order.id),
                    "line_id": str(line.id),
                    "product_id": None if line.product is None else str(line.product.id),
                    "variant_id": None if line.variant is None else str(line.variant.id),
                    "sku": line.sku,
                    "title": line.title,
                    "quantity": line.quantity,
                    "returned_quantity": returned[line.id],
                    "unit_price": money(line.unit_cents),
                    "automatic_discount": money(line.automatic_cents),
                    **{name: money(cents) for name, cents in shown.line_sums(line).items()},
                    "unit_cost": None if cost is None else money(cost),
                    "is_counted": shown.counted(order),
                }


def _refunds(business: Business, question: Question) -> Iterator[Row]:
    for book in books(business, question):
        shown = Shown(book, question)
        for order in shown.orders():
            for refund in shown.refunds(order):
                day = shown.day(refund.at)
                if not asked(question, day):
                    continue
                yield {
                    **whose(book.shop),
                    "date": str(day),
                    "refund_id": str(refund.id),
                    "order_id": str(order.id),
                    "refunded_at": instant(refund.at),
                    "quantity": sum(line.quantity for line in refund.lines),
                    **{name: money(cents) for name, cents in shown.refund_sums(refund).items()},
                    "is_counted": shown.counted(order),
                }


def _customers(business: Business, question: Question) -> Iterator[Row]:
    for book in books(business, question):
        shown = Shown(book, question)
        orders: dict[int, list[Order]] = defaultdict(list)
        for order in shown.orders():
            if order.customer >= 0:
                orders[order.customer].append(order)
        for place in range(book.customers):
            one = book.customer(place)
            if one.created > shown.clock:
                continue
            spent = sum(
                shown.order_sums(order)["total"] - sum(r.paid_cents for r in shown.refunds(order))
                for order in orders[place]
                if order.paid <= shown.clock
            )
            yield {
                **whose(book.shop),
                "customer_id": str(one.id),
                "created_at": instant(one.created),
                "country": one.country,
                "email": one.email,
                "tags": sorted(one.tags.at(question.as_of)),
                "marketing_state": one.consent.at(question.as_of),
                "orders": len(orders[place]),
                "counted_orders": sum(shown.counted(order) for order in orders[place]),
                "amount_spent": money(spent),
            }


def _variants(business: Business, question: Question) -> Iterator[Row]:
    clock = question.as_of
    for book in books(business, question):
        for product in book.products:
            gone = product.deleted is not None and product.deleted <= clock
            if product.title.created > clock or gone:
                continue
            for variant in product.variants:
                cost = variant.cost_cents.at(clock)
                yield {
                    **whose(book.shop),
                    "product_id": str(product.id),
                    "variant_id": str(variant.id),
                    "title": product.title.at(clock),
                    "variant_title": variant.title,
                    "sku": variant.sku,
                    "status": product.status.at(clock),
                    "price": money(variant.price_cents.at(clock)),
                    "unit_cost": None if cost is None else money(cost),
                }


def _days(business: Business, question: Question) -> Iterator[Row]:
    for book in books(business, question):
        shown = Shown(book, question)
        new = shown.first_counted()
        days: dict[date, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for order in shown.orders():
            sums = days[shown.day(order.processed)]
            sums["orders"] += 1
            if not shown.counted(order):
                continue
            sums["counted_orders"] += 1
            sums["new_customers"] += order.id in new
            for name, cents in shown.order_sums(order).items():
                sums[name] += cents
            for refund in shown.refunds(order):
                back, parts = days[shown.day(refund.at)], shown.refund_sums(refund)
                for name, part in _REFUND_SUMS.items():
                    back[name] += parts[part]
        for day, sums in sorted(days.items()):
            if not asked(question, day):
                continue
            counts = ("orders", "counted_orders", "new_customers")
            yield {
                **whose(book.shop),
                "date": str(day),
                **{name: sums[name] for name in counts},
                **{name: money(sums[name]) for name in (*_DAY_SUMS, *_REFUND_SUMS)},
                "net_revenue": money(sums["net"] - sums["refunds"]),
            }


def _script(business: Business, question: Question) -> Iterator[Row]:
    script = script_of(business.parameters)
    told: tuple[tuple[str, date, int | None, str], ...] = (
        ("long_order", *script.long, "An order of 60 lines, all of them refunded."),
        ("very_long_order", *script.very_long, "An order of 260 lines: more than any page holds."),
        ("several_refunds", *script.several_refunds, "An order that is refunded three times."),
        (
            "deleted_order",
            *script.deleted,
            f"An order that was cancelled unpaid and on {script.deletion} deleted without trace.",
        ),
        (
            "refund_wave",
            script.wave,
            None,
            "A third of the orders of the week before are refunded on this day.",
        ),
        (
            "price_change",
            business.parameters.days_before_end(24),
            None,
            "The first product of the shop becomes 12 % dearer.",
        ),
    )
    for book in books(business, question):
        for kind, day, place, description in told:
            offset = (day - business.parameters.first_day).days
            order = None
            if place is not None:
                orders = book.day(offset)
                if place >= len(orders):
                    continue
                order = str(orders[place].id)
            yield {
                **whose(book.shop),
                "kind": kind,
                "date": str(day),
                "order_id": order,
                "description": description,
            }


LEVELS: dict[str, Answer] = {
    "shops": _shops,
    "order": _orders,
    "order_line": _lines,
    "refund": _refunds,
    "customer": _customers,
    "product_variant": _variants,
    "shop_day": _days,
    "shop_events": _script,
}
