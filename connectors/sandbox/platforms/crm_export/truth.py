"""What the sheet must come to: its orders as of any shop, who sells, and what each of them sold.

Ids are those that people write. A refund is an amount of an order here, of no line.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import partial

from connectors.sandbox.business import Business
from connectors.sandbox.business.counter import Counter, Employee
from connectors.sandbox.business.shop_entities import IDS_PER_CUSTOMER, first_customer_id
from connectors.sandbox.platforms.crm_export.spreadsheet import counters
from connectors.sandbox.truth.question import Answer, Question, Row
from connectors.sandbox.truth.shop_documents import levels_of
from connectors.sandbox.truth.shop_entries import Shown
from connectors.sandbox.truth.shop_rows import asked, money, whose

Change = Callable[[Counter, Row], Row | None]


def _named(book: Counter, row: Row) -> Row:
    """Returns a row with the ids that people write."""
    id_ = int(row["order_id"])
    code = book.order_code(id_)
    named = {**row, "order_id": code}
    if row.get("line_id"):
        place = [str(line.id) for line in book.order_of(id_).lines].index(row["line_id"])
        named["line_id"] = f"{code}/{place + 1}"
    if row.get("refund_id"):
        named["refund_id"] = f"{code}/refund"
    return named


def _order(book: Counter, row: Row) -> Row:
    # The sheet states no country of an order.
    return {**_named(book, row), "country": None}


def _line(book: Counter, row: Row) -> Row:
    codes = {str(one.id): book.product_code(one) for one in book.products}
    product = row["product_id"] and codes[row["product_id"]]
    return {**_named(book, row), "product_id": product, "variant_id": None}


def _sale(book: Counter, row: Row) -> Row | None:
    return _named(book, row) if row["action"] == "ORDER" else None


def _refund(book: Counter, row: Row) -> Row:
    return {**_named(book, row), "quantity": 0}


def _day(_: Counter, row: Row) -> Row | None:
    # Nothing says of a day without orders that all of its orders are known.
    return row if row["counted_orders"] or Decimal(row["refunded"]) else None


def _changed(
    answer: Answer, change: Change, business: Business, question: Question
) -> Iterator[Row]:
    books = {one.shop.id: one for one in counters(business)}
    for row in answer(business, question):
        changed = change(books[row["account_id"]], row)
        if changed is not None:
            yield changed


def _person(book: Counter, row: Row) -> Row:
    place = (int(row["record_id"]) - first_customer_id(book.shop)) // IDS_PER_CUSTOMER
    return {**row, "record_id": book.customer_code(place)}


def _asked(business: Business, question: Question) -> Iterator[Counter]:
    for book in counters(business):
        if question.account in (None, book.shop.id):
            yield book


def _there(book: Counter, day: date) -> list[Employee]:
    return [one for one in book.staff if one.hired <= day]


def _employees(business: Business, question: Question) -> Iterator[Row]:
    for book in _asked(business, question):
        shown = Shown(book, question)
        today = shown.day(shown.clock)
        for one in _there(book, today):
            left = one.left if one.left is not None and one.left < today else None
            yield {
                **whose(book.shop),
                "employee_id": one.code,
                "name": one.name,
                "role": one.role,
                "team": one.team,
                "manager_id": one.manager,
                "hired_on": str(one.hired),
                "left_on": left and str(left),
                "is_active": left is None,
            }


def _sales(business: Business, question: Question) -> Iterator[Row]:
    """Yields what each employee sold on a day, as it was sold, of orders that count."""
    for book in _asked(business, question):
        shown = Shown(book, question)
        sums: dict[tuple[str, date], dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for order in shown.orders():
            seller, day = book.seller(order), shown.day(order.processed)
            if seller is None or not shown.counted(order) or not asked(question, day):
                continue
            found = sums[seller.code, day]
            found["orders"] += 1
            for line in order.lines:
                found["units"] += line.quantity
                found["net"] += shown.line_sums(line)["net"]
        for (code, day), found in sorted(sums.items()):
            yield {
                **whose(book.shop),
                "employee_id": code,
                "date": str(day),
                "orders": found["orders"],
                "units": found["units"],
                "net": money(found["net"]),
            }


def _products(business: Business, question: Question) -> Iterator[Row]:
    for book in _asked(business, question):
        for one in book.products:
            yield {
                **whose(book.shop),
                "product_id": book.product_code(one),
                "title": one.title.at(question.as_of),
                "sku": one.variants[0].sku,
                "category": one.category,
                "kind": one.type,
                "price": money(one.variants[0].price_cents.at(question.as_of)),
            }


_CHANGES: dict[str, Change] = {
    "order": _order, "order_line": _line, "sale": _sale, "refund": _refund, "shop_day": _day,
    "person": _person,
}  # fmt: skip
_OF_SHOPS = levels_of(counters)

LEVELS: dict[str, Answer] = {
    **{name: partial(_changed, _OF_SHOPS[name], change) for name, change in _CHANGES.items()},
    "employee": _employees,
    "employee_sales": _sales,
    "crm_product": _products,
}
