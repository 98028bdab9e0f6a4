"""The spreadsheet: its tabs as people keep them, and its cells as of one clock.

A title stands above a header, a row is left blank, the last one adds up; an address has capitals, a
name a space that does not break; what is empty at the end of a row is not there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from connectors.sandbox.business.counter import Counter, Employee
from connectors.sandbox.business.shop_entities import Line, Order, Product
from connectors.sandbox.business.shop_ledger import NO_CUSTOMER

_DAY_ZERO = datetime(1899, 12, 30)
_SECONDS = 86_400
_NO_BREAK = "\u00a0"
Record = dict[str, Any]
Row = list[Any]


def grid(records: list[Record], table: str) -> list[Row]:
    """Returns the rows of a tab, with what people add to them."""
    names = list(dict.fromkeys(name for record in records for name in record))
    header: Row = [name.replace("_", " ").title() if place % 2 else name
                   for place, name in enumerate(names)]  # fmt: skip
    rows: list[Row] = [header]
    for place, record in enumerate(records):
        if table == "customers" and place == 2:
            rows.append([])
        rows.append(_ragged([record.get(name, "") for name in names]))
    if table == "orders":
        # Nobody sees that a title and a sum are no orders.
        total = round(sum(record["total"] for record in records), 2)
        sums = ["Total", *(total if name == "total" else "" for name in names[1:])]
        rows = [["All orders"], *rows, _ragged(sums)]
    return rows


class SheetWriter:
    """Writes the records of the tabs.

    Args:
        book: The counter.
        clock: As of when, in seconds since 1970 UTC.
    """

    def __init__(self, book: Counter, clock: int) -> None:
        self._book, self._clock = book, clock
        self._now = datetime.fromtimestamp(clock, UTC)
        self._zone = ZoneInfo(book.shop.time_zone)

    def records(self, table: str) -> list[Record]:
        """Returns the records of a table."""
        return [one for one in self._all(table) if one is not None]

    def _all(self, table: str) -> Iterator[Record | None]:
        book = self._book
        if table == "customers":
            yield from map(self._customer, range(book.customers))
        elif table == "employees":
            yield from map(self._employee, book.staff)
        elif table == "products":
            yield from map(self._product, book.products)
        else:
            for order in book.shown(self._clock):
                yield from (self._line(order, line) for line in order.lines)

    def _customer(self, place: int) -> Record | None:
        one = self._book.customer(place)
        if one.created > self._clock:
            return None
        return {
            "customer_id": self._book.customer_code(place),
            "full_name": f"{one.first_name}{_NO_BREAK}{one.last_name} ",
            "email": one.email,
            "country": one.country,
            "source": "walk-in" if place % 3 else "web",
            "created_at": self._serial(one.created),
            "updated_at": self._serial(one.created),
            "is_deleted": False,
            "phone": one.phone or "",
        }

    def _employee(self, one: Employee) -> Record | None:
        today = self._now.astimezone(self._zone).date()
        if one.hired > today:
            return None
        has_left = one.left is not None and one.left < today
        return {
            "employee_id": one.code,
            "full_name": one.name,
            "email": f"{one.name.split()[0]}@chai-house.example",
            "role": one.role,
            "team": one.team,
            "manager_id": one.manager or "",
            "hired_on": _days(one.hired),
            "is_active": not has_left,
            "left_on": _days(one.left) if has_left and one.left else "",
        }

    def _product(self, one: Product) -> Record:
        (variant,) = one.variants
        return {
            "product_id": self._book.product_code(one),
            "sku": variant.sku,
            "name": one.title.at(self._now),
            "category": one.category,
            "kind": one.type,
            "list_price": variant.price_cents.at(self._now) / 100,
            "currency": self._book.shop.currency,
            "active_from": _days(one.title.created.date()),
            "active_to": "",
        }

    def _line(self, order: Order, line: Line) -> Record:
        book, clock = self._book, self._clock
        seller = book.seller(order)
        back = [one for one in order.refunds if one.at <= clock]
        given = [one for refund in back for one in refund.lines if one.line is line]
        off = line.automatic_cents + line.code_cents
        utm = (order.visit.utm if order.visit else None) or ("",) * 5
        known = order.customer != NO_CUSTOMER
        return {
            "order_id": book.order_code(order.id),
            "line_no": book.line_number(order, line),
            "customer_id": book.customer_code(order.customer) if known else "",
            "product_id": book.product_code(line.product) if line.product else "",
            "employee_id": seller.code if seller else "",
            "quantity": line.quantity,
            "unit_price": line.unit_cents / 100,
            "discount": off / 100,
            "tax": line.tax_cents / 100,
            "total": (line.worth + line.tax_cents) / 100,
            "currency": order.shop.currency,
            "status": _status(order, clock),
            "ordered_at": self._serial(order.processed),
            "paid_at": self._serial(order.paid) if order.paid <= clock else "",
            "updated_at": self._serial(_changed(order, clock)),
            "utm_source": utm[0] or "",
            "utm_medium": utm[1] or "",
            "utm_campaign": utm[2] or "",
            "refunded_amount": sum(one.subtotal_cents + one.tax_cents for one in given) / 100
            if given
            else "",
            "refunded_at": self._serial(back[0].processed) if given else "",
        }

    def _serial(self, seconds: int) -> float:
        """Returns an instant as the sheet keeps it: days on the wall clock of its zone."""
        wall = datetime.fromtimestamp(seconds, self._zone).replace(tzinfo=None)
        return (wall - _DAY_ZERO).total_seconds() / _SECONDS


def _status(order: Order, clock: int) -> str:
    if order.cancelled <= clock:
        return "cancelled"
    if order.paid > clock:
        return "pending"
    back = {one.line.id for refund in order.refunds if refund.at <= clock for one in refund.lines}
    return "refunded" if len(back) == len(order.lines) else "paid"


def _changed(order: Order, clock: int) -> int:
    stamps = [order.paid, order.cancelled, *(one.at for one in order.refunds)]
    return max([order.processed, *(at for at in stamps if at <= clock)])


def _days(day: date) -> int:
    return (day - _DAY_ZERO.date()).days


def _ragged(row: Row) -> Row:
    """Returns a row without what is empty at its end."""
    last = max((place for place, cell in enumerate(row) if cell != ""), default=-1)
    return row[: last + 1]
