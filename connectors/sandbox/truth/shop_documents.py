"""What the shops must come to, in plain decimals, from the units of the business alone.

None of the code that the wire reads is used here: what is there as of a clock, what counts and what
it adds up to is worked out a second time.

- `gross`, `discount` and `net` are those of goods alone: list price times quantity, what all
  discounts take off, what is left without tax. Shipping (after its discount, without its tax),
  tips, gift cards sold, duties and fees stand in columns of their own; `tax` is that of goods and
  shipping; `total` is what the customer was asked to pay, and what all of these come to.
- A sale is booked on the day of the order, what an edit or an exchange adds on the day of that,
  and what is given back or taken off on its own day: `sale` has every entry, `shop_day` the sums.
- `is_counted` is false for tests and for what was given up before any money came.
- An order's columns hold all that was ever sold with it, `placed_net` and `placed_total` what was
  sold when it was placed.
- A refund's `value` is that of the goods without tax, its `tax` theirs. What is paid beyond
  or below the value is its `adjustment`: goodwill, amounts without lines, money that follows
  or is kept. Its `goods_adjustment` is never more than the goods that are left of the order, for
  the rest is tax or shipping. `settled` is value that pays for what was taken in exchange, or was
  never paid.
- `shop_day.refunds` are the values of goods that came back or were taken off, of counted orders;
  `net_revenue` is `net` less `refunds` and less `refund_adjustment`, as the shop's own report has
  it; `goods_revenue` is the same with `goods_adjustment`.
- A customer that bought before the first business day is never new.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import partial
from urllib.parse import parse_qs, urlsplit

from connectors.sandbox.business import Business
from connectors.sandbox.business.shop_entities import FREE_SHIPPING_CODE, NEVER, Order, Visit
from connectors.sandbox.truth.question import Answer, Question, Row
from connectors.sandbox.truth.shop_entities import customers, people, variants
from connectors.sandbox.truth.shop_entries import COLUMNS, Entry, Shown, sums_of
from connectors.sandbox.truth.shop_rows import Books, asked, asked_books, instant, money, whose

_CLICK_IDS = ("gclid", "fbclid", "ttclid", "li_fat_id", "epik", "_ef_transaction_id")
_DAY_SUMS = tuple(name for name in COLUMNS if name != "adjustments")
_BACK_SUMS = {
    "refunds": "net",
    "refund_tax": "tax",
    "refund_shipping": "shipping",
    "refund_shipping_tax": "shipping_tax",
    "refund_adjustment": "adjustments",
}


def _orders(books: Books, business: Business, question: Question) -> Iterator[Row]:
    for book in asked_books(books, business, question):
        shown = Shown(book, question)
        new = shown.first_counted()
        for order in shown.orders():
            day = shown.day(order.processed)
            if not asked(question, day):
                continue
            customer = None if order.customer < 0 else book.customer(order.customer)
            refunds, placed = shown.refunds(order), shown.placed_sums(order)
            yield {
                **whose(book.shop),
                "date": str(day),
                "order_id": str(order.id),
                "name": f"#{order.number}",
                "customer_id": None if customer is None else str(customer.id),
                "country": None if customer is None else customer.country,
                "discount_codes": " | ".join(order.codes) or None,
                "is_new_customer": order.id in new,
                "created_at": instant(order.created),
                "processed_at": instant(order.processed),
                "updated_at": instant(shown.updated(order)),
                "fulfilled_at": instant(order.fulfilled)
                if order.fulfilled <= shown.clock
                else None,
                "is_test": order.test,
                "is_edited": order.edited <= shown.clock,
                "is_cancelled": order.cancelled <= shown.clock or order.in_bin(shown.clock),
                "is_counted": shown.counted(order),
                "lines": len(shown.lines(order)),
                "refunds": len(refunds),
                **_sums(shown.order_sums(order)),
                "placed_net": money(placed["net"]),
                "placed_total": money(placed["total"]),
                "refunded": money(sum(one.paid_cents for one in refunds)),
                **_visit(order, shown.clock),
            }


def _sums(sums: dict[str, int]) -> Row:
    return {name: money(sums[name]) for name in _DAY_SUMS}


def _sales(books: Books, business: Business, question: Question) -> Iterator[Row]:
    for book in asked_books(books, business, question):
        shown = Shown(book, question)
        for order in shown.orders():
            for one in shown.entries(order):
                day = shown.day(one.at)
                if asked(question, day):
                    yield {
                        **whose(book.shop),
                        "date": str(day),
                        "order_id": str(order.id),
                        "line_id": None if one.line is None else str(one.line.id),
                        "refund_id": None if one.refund is None else str(one.refund.id),
                        "action": one.action,
                        "kind": one.kind,
                        "quantity": one.quantity,
                        "discount": money(one.discount),
                        "net": money(one.net),
                        "tax": money(one.tax),
                        "is_counted": shown.counted(order),
                    }


def _visit(order: Order, clock: int) -> Row:
    ready = order.visit is not None and order.journey <= clock
    visit, first = (order.visit, order.first_visit) if ready else (None, None)
    named = _utm(visit)
    landing = urlsplit(visit.landing_page) if visit is not None else None
    address = parse_qs(landing.query) if landing is not None else {}
    return {
        "landing_path": landing and (landing.path or "/"),
        "referrer_host": visit and visit.referrer and urlsplit(visit.referrer).hostname,
        "landing_campaign_id": address.get("gad_campaignid", [None])[0],
        "click_id_type": next((name for name in _CLICK_IDS if name in address), None),
        "click_id": next((address[name][0] for name in _CLICK_IDS if name in address), None),
        "is_journey_ready": ready if order.visit is not None else None,
        "last_visit_source": None if visit is None else visit.source,
        "clicked_campaign_id": str(visit.clicked.campaign_id) if visit and visit.clicked else None,
        **named,
        "first_visit_at": None if first is None else instant(first.at),
        "first_visit_source": None if first is None else first.source,
        "is_first_visit_last": first == visit,
        "first_clicked_campaign_id": str(first.clicked.campaign_id)
        if first and first.clicked
        else None,
        **{f"first_{name}": value for name, value in _utm(first).items()},
    }


def _utm(visit: Visit | None) -> Row:
    names = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
    return dict(zip(names, (visit and visit.utm) or (None,) * 5, strict=True))


def _discounts(books: Books, business: Business, question: Question) -> Iterator[Row]:
    """Yields what each discount took off the goods or the shipping of an order."""
    for book in asked_books(books, business, question):
        shown = Shown(book, question)
        for order in shown.orders():
            day = shown.day(order.processed)
            lines = shown.lines(order)
            off = (
                ("goods", "code", order.discount_code, sum(line.code_cents for line in lines)),
                ("goods", "automatic", "Bundle", sum(line.automatic_cents for line in lines)),
                ("shipping", "code", FREE_SHIPPING_CODE, order.shipping_discount_cents),
            )
            for applies_to, kind, name, cents in off:
                if cents and asked(question, day):
                    yield {
                        **whose(book.shop),
                        "date": str(day),
                        "order_id": str(order.id),
                        "applies_to": applies_to,
                        "kind": kind,
                        "name": name,
                        "amount": money(cents),
                    }


def _lines(books: Books, business: Business, question: Question) -> Iterator[Row]:
    for book in asked_books(books, business, question):
        shown = Shown(book, question)
        for order in shown.orders():
            day = shown.day(order.processed)
            if not asked(question, day):
                continue
            placed = datetime.fromtimestamp(order.processed, UTC)
            returned: dict[int, int] = defaultdict(int)
            for entry in shown.entries(order):
                if entry.action == "RETURN" and entry.line is not None:
                    returned[entry.line.id] -= entry.quantity
            for line in shown.lines(order):
                booked = order.processed if line.added == NEVER else line.added
                cost = line.variant.cost_cents.at(placed) if line.variant else None
                yield {
                    **whose(book.shop),
                    "date": str(shown.day(booked)),
                    "order_date": str(day),
                    "order_id": str(order.id),
                    "line_id": str(line.id),
                    "kind": line.kind,
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


def _refunds(books: Books, business: Business, question: Question) -> Iterator[Row]:
    for book in asked_books(books, business, question):
        shown = Shown(book, question)
        for order in shown.orders():
            for refund in shown.refunds(order):
                day = shown.day(refund.processed)
                if not asked(question, day):
                    continue
                yield {
                    **whose(book.shop),
                    "date": str(day),
                    "refund_id": str(refund.id),
                    "order_id": str(order.id),
                    "refunded_at": instant(refund.processed),
                    "created_at": instant(refund.at),
                    "quantity": sum(line.quantity for line in refund.lines),
                    **{
                        name: money(cents)
                        for name, cents in shown.refund_sums(order, refund).items()
                    },
                    "is_counted": shown.counted(order),
                }


def _days(books: Books, business: Business, question: Question) -> Iterator[Row]:
    for book in asked_books(books, business, question):
        shown = Shown(book, question)
        new = shown.first_counted()
        counts: dict[date, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        sales: dict[date, list[Entry]] = defaultdict(list)
        backs: dict[date, list[Entry]] = defaultdict(list)
        for order in shown.orders():
            count = counts[shown.day(order.processed)]
            count["orders"] += 1
            for refund in shown.refunds(order):
                # A day with a document is a day, whether the document counts or not.
                counts[shown.day(refund.processed)]
            if not shown.counted(order):
                continue
            count["counted_orders"] += 1
            count["new_customers"] += order.id in new
            for entry in shown.entries(order):
                (sales if entry.action == "ORDER" else backs)[shown.day(entry.at)].append(entry)
            for refund in shown.refunds(order):
                back = counts[shown.day(refund.processed)]
                back["refunded"] += refund.paid_cents
                back["goods_adjustment"] += shown.goods_adjustments(order)[refund.id]
        for day in sorted({*counts, *sales, *backs}):
            if not asked(question, day):
                continue
            count, sold, undone = counts[day], sums_of(sales[day]), sums_of(backs[day])
            gone = {name: -undone[column] for name, column in _BACK_SUMS.items()}
            goods = sold["net"] - gone["refunds"]
            taken = count["goods_adjustment"]
            yield {
                **whose(book.shop),
                "date": str(day),
                **{name: count[name] for name in ("orders", "counted_orders", "new_customers")},
                **_sums(sold),
                **{name: money(cents) for name, cents in gone.items()},
                "refunded": money(count["refunded"]),
                "net_revenue": money(goods - gone["refund_adjustment"]),
                "goods_adjustment": money(taken),
                "goods_revenue": money(goods - taken),
            }


def levels_of(books: Books) -> dict[str, Answer]:
    """Returns the answers of all levels that the shops of a platform have.

    Args:
        books: From the business to their books.
    """
    answers = {
        "order": _orders,
        "order_discount": _discounts,
        "order_line": _lines,
        "sale": _sales,
        "refund": _refunds,
        "shop_day": _days,
        "customer": customers,
        "person": people,
        "product_variant": variants,
    }
    return {level: partial(answer, books) for level, answer in answers.items()}
