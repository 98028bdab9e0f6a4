"""What of a shop is there as of a clock and what it comes to, for the truth alone.

Worked out from the orders themselves, a second time and without what the wire reads.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from connectors.sandbox.business.shop import ShopBook
from connectors.sandbox.business.shop_entities import NEVER, Line, Order, Refund
from connectors.sandbox.service import Question


class Shown:
    """A shop as of a clock, order by order."""

    def __init__(self, book: ShopBook, question: Question) -> None:
        self.book, self.shop = book, book.shop
        self.clock = int(question.as_of.timestamp())
        self.zone = ZoneInfo(book.shop.time_zone)

    def orders(self) -> Iterator[Order]:
        """Yields the orders that are there."""
        for offset in range(self.book.days):
            for order in self.book.day(offset):
                if order.created <= self.clock < order.deleted:
                    yield order

    def day(self, seconds: int) -> date:
        """Returns the shop's own day of an instant."""
        return datetime.fromtimestamp(seconds, self.zone).date()

    def lines(self, order: Order) -> list[Line]:
        """Returns the lines that are there."""
        return [one for one in order.lines if one.added == NEVER or one.added <= self.clock]

    def refunds(self, order: Order) -> list[Refund]:
        """Returns the refunds that have happened."""
        return [one for one in order.refunds if one.at <= self.clock]

    def counted(self, order: Order) -> bool:
        """Says whether an order counts as a sale."""
        if order.test:
            return False
        if order.paid <= self.clock:
            return True
        return order.cancelled > self.clock and order.expired > self.clock

    def line_sums(self, line: Line) -> dict[str, int]:
        """Returns what a line comes to."""
        gross = line.unit_cents * line.quantity
        discount = line.automatic_cents + line.code_cents
        left = gross - discount
        included = self.shop.taxes_included
        return {
            "gross": gross,
            "discount": discount,
            "net": left - line.tax_cents if included else left,
            "tax": line.tax_cents,
        }

    def order_sums(self, order: Order) -> dict[str, int]:
        """Returns what an order comes to."""
        sums: dict[str, int] = defaultdict(int)
        for line in self.lines(order):
            for name, cents in self.line_sums(line).items():
                sums[name] += cents
        sums["shipping"] = order.shipping_cents
        sums["total"] = sums["net"] + sums["tax"] + sums["shipping"]
        return dict(sums)

    def refund_sums(self, refund: Refund) -> dict[str, int]:
        """Returns what a refund comes to."""
        value = sum(line.subtotal_cents for line in refund.lines)
        tax = sum(line.tax_cents for line in refund.lines)
        return {
            "value": value - tax if self.shop.taxes_included else value,
            "tax": tax,
            "shipping": refund.shipping_cents,
            "adjustment": refund.adjustment_cents,
            "paid": refund.paid_cents,
        }

    def first_counted(self) -> set[int]:
        """Returns the ids of the orders that are their customers' first that count."""
        first: dict[int, tuple[int, int]] = {}
        for order in self.orders():
            if order.customer >= 0 and self.counted(order):
                place = (order.processed, order.id)
                first[order.customer] = min(place, first.get(order.customer, place))
        return {id_ for _, id_ in first.values()}

    def updated(self, order: Order) -> int:
        """Returns when an order last changed."""
        happened = [
            order.journey, order.paid, order.expired, order.cancelled, order.fulfilled,
            order.edited, order.tagged, *order.touched,
        ]  # fmt: skip
        return max([order.created, *(at for at in happened if at <= self.clock)])
