"""What the shops, their customers and products must come to, and what was scripted for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from connectors.sandbox.business import Business
from connectors.sandbox.business.shop_entities import Order
from connectors.sandbox.business.shop_script import script_of
from connectors.sandbox.platforms.shopify.truth_of_orders import Shown
from connectors.sandbox.platforms.shopify.truth_rows import books, instant, money, whose
from connectors.sandbox.truth.question import Answer, Question, Row


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
                sum(cents for at, cents in order.payments if at <= shown.clock)
                - sum(refund.paid_cents for refund in shown.refunds(order))
                for order in orders[place]
            )
            earlier = int(book.ledger.customer_earlier[place])
            usual = round(book.shop.organization.order_value_eur * book.shop.units_per_eur)
            spent += earlier * usual * 100
            yield {
                **whose(book.shop),
                "customer_id": str(one.id),
                "created_at": instant(one.created),
                "country": one.country,
                "email": one.email,
                "tags": sorted(one.tags.at(question.as_of)),
                "marketing_state": one.consent.at(question.as_of),
                "orders": len(orders[place]) + earlier,
                "earlier_orders": earlier,
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
                    "category": product.category,
                    "status": product.status.at(clock),
                    "price": money(variant.price_cents.at(clock)),
                    "unit_cost": None if cost is None else money(cost),
                }


def _script(business: Business, question: Question) -> Iterator[Row]:
    script = script_of(business.parameters)
    cases: tuple[tuple[str, date, int | None, str], ...] = (
        ("long_order", *script.long, "An order of 60 lines, all of them refunded."),
        ("very_long_order", *script.very_long, "An order of 260 lines: more than any page holds."),
        ("several_refunds", *script.several_refunds, "An order that is refunded three times."),
        (
            "deleted_order",
            *script.deleted,
            f"An order that was cancelled unpaid and deleted on {script.deletion}.",
        ),
        (
            "deleted_late_order",
            *script.deleted_late,
            f"An order that could long be seen, cancelled unpaid, before it was deleted on "
            f"{script.late_deletion}.",
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
        for kind, day, place, description in cases:
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
    "customer": _customers,
    "product_variant": _variants,
    "shop_events": _script,
}
