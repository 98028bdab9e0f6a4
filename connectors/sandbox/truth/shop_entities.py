"""What the customers and products of shops must come to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from connectors.sandbox.business import Business
from connectors.sandbox.business.shop_customers import person_of
from connectors.sandbox.business.shop_entities import Order
from connectors.sandbox.truth.question import Question, Row
from connectors.sandbox.truth.shop_entries import Shown
from connectors.sandbox.truth.shop_rows import Books, asked_books, instant, money, whose


def customers(books: Books, business: Business, question: Question) -> Iterator[Row]:
    """Yields the customers of shops as of the clock."""
    for book in asked_books(books, business, question):
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


def people(books: Books, business: Business, question: Question) -> Iterator[Row]:
    """Yields who each customer is: records of one person have one `person`."""
    for book in asked_books(books, business, question):
        for place in range(book.customers):
            one = book.customer(place)
            if one.created <= int(question.as_of.timestamp()):
                yield {
                    **whose(book.shop),
                    "record_id": str(one.id),
                    "email": one.email,
                    "person": person_of(book.shop, place),
                }


def variants(books: Books, business: Business, question: Question) -> Iterator[Row]:
    """Yields the variants that shops sell as of the clock."""
    clock = question.as_of
    for book in asked_books(books, business, question):
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
