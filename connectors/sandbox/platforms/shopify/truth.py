"""What the shops must come to, and what was scripted for them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from connectors.sandbox.business import Business
from connectors.sandbox.business.shop import ShopBook
from connectors.sandbox.business.shop_script import script_of
from connectors.sandbox.truth.question import Answer, Question, Row
from connectors.sandbox.truth.shop_documents import levels_of
from connectors.sandbox.truth.shop_rows import asked_books, whose


def _books(business: Business) -> Iterator[ShopBook]:
    return (business.shop(one) for one in business.people.organizations)


def _shops(business: Business, question: Question) -> Iterator[Row]:
    for book in asked_books(_books, business, question):
        shop = book.shop
        yield {
            **whose(shop),
            "name": shop.name,
            "time_zone": shop.time_zone,
            "domain": f"{shop.id}.myshopify.com",
            "plan": shop.plan,
            "taxes_included": shop.taxes_included,
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
    for book in asked_books(_books, business, question):
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
    **levels_of(_books),
    "shops": _shops,
    "shop_events": _script,
}
