"""What of a shop is there as of a clock and what it comes to, for the truth alone.

Worked out from the orders themselves, a second time and without what the wire reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from connectors.sandbox.business.shop import ShopBook
from connectors.sandbox.business.shop_entities import NEVER, Line, Order, Refund
from connectors.sandbox.truth.question import Question

COLUMN_OF = {
    "tip": "tips",
    "gift_card": "gift_cards",
    "shipping": "shipping",
    "duty": "duties",
    "fee": "fees",
    "adjustment": "adjustments",
}
COLUMNS = (
    "gross", "discount", "net", "tax", "total", "shipping_discount", "shipping_tax",
    *COLUMN_OF.values(),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a shop's ledger. Amounts are cents; what undoes a sale is negative.

    Attributes:
        action: ORDER or RETURN.
        kind: goods, tip, gift_card, shipping, duty, fee or adjustment.
        at: When it is booked.
        net: What it comes to without tax.
        included: Whether list prices hold the tax.
    """

    action: str
    kind: str
    at: int
    net: int
    tax: int
    discount: int = 0
    quantity: int = 0
    included: bool = False
    line: Line | None = None
    refund: Refund | None = None


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
        """Returns the refunds that have been made."""
        return [one for one in order.refunds if one.at <= self.clock < one.removed]

    def counted(self, order: Order) -> bool:
        """Says whether an order counts as a sale."""
        if order.test or order.in_bin(self.clock):
            return False
        if order.paid <= self.clock:
            return True
        return order.cancelled > self.clock and order.expired > self.clock

    def entries(self, order: Order) -> Iterator[Entry]:
        """Yields what an order books, each on its own day: sales first, then what undoes them."""
        for line in self.lines(order):
            at = order.processed if line.added == NEVER else line.added
            off = line.automatic_cents + line.code_cents
            gross = line.unit_cents * line.quantity
            sale = self._net("ORDER", line.kind, at, gross - off, line.tax_cents)
            yield replace(sale, line=line, quantity=line.quantity, discount=off)
        placed = order.processed
        price, off = order.shipping_cents, order.shipping_discount_cents
        if price:
            sale = self._net("ORDER", "shipping", placed, price - off, order.shipping_tax_cents)
            yield replace(sale, discount=off)
        for kind, cents in (("duty", order.duty_cents), ("fee", order.fee_cents)):
            if cents:
                yield Entry("ORDER", kind, placed, cents, 0)
        for one in order.removals:
            if one.at <= self.clock:
                yield self._back(one.line, one.at, one.quantity, one.subtotal_cents, one.tax_cents)
        for refund in self.refunds(order):
            at = refund.processed
            for back in refund.lines:
                yield self._back(
                    back.line, at, back.quantity, back.subtotal_cents, back.tax_cents, refund
                )
            if refund.shipping_cents:
                cents, tax = -refund.shipping_cents, -refund.shipping_tax_cents
                yield replace(self._net("RETURN", "shipping", at, cents, tax), refund=refund)
            if refund.adjustment_cents:
                cents = -refund.adjustment_cents
                yield Entry("RETURN", "adjustment", at, cents, 0, refund=refund)

    def goods_adjustments(self, order: Order) -> dict[int, int]:
        """Returns by refund what its adjustment takes of the goods.

        Never more than the goods that the customer has kept so far: the rest is tax or shipping.
        Never back more than the goods that were returned so far.
        """
        goods = [line for line in self.lines(order) if line.kind == "goods"]
        kept = sum(self.line_sums(line)["net"] for line in goods)
        for one in order.removals:
            if one.at <= self.clock and one.line.kind == "goods":
                kept += self._back(one.line, 0, 0, one.subtotal_cents, one.tax_cents).net
        beyond, returned, before = 0, 0, 0
        found = {}
        for refund in sorted(self.refunds(order), key=lambda one: (one.processed, one.id)):
            beyond += refund.adjustment_cents
            returned += self._value(refund)
            now = max(min(beyond, max(kept - returned, 0)), -returned)
            found[refund.id], before = now - before, now
        return found

    def _value(self, refund: Refund) -> int:
        return sum(
            self._net("RETURN", one.line.kind, 0, one.subtotal_cents, one.tax_cents).net
            for one in refund.lines
            if one.line.kind == "goods"
        )

    def _net(self, action: str, kind: str, at: int, cents: int, tax: int) -> Entry:
        """Takes the tax out of an amount where the shop's prices include it."""
        included = self.shop.taxes_included
        net = cents - tax if included else cents
        return Entry(action, kind, at, net, tax, included=included)

    def _back(
        self, line: Line, at: int, quantity: int, cents: int, tax: int, refund: Refund | None = None
    ) -> Entry:
        entry = self._net("RETURN", line.kind, at, -cents, -tax)
        return replace(entry, line=line, quantity=-quantity, refund=refund)

    def line_sums(self, line: Line) -> dict[str, int]:
        """Returns what a line comes to as it was sold."""
        gross = line.unit_cents * line.quantity
        discount = line.automatic_cents + line.code_cents
        net = self._net("ORDER", line.kind, 0, gross - discount, line.tax_cents).net
        return {"gross": gross, "discount": discount, "net": net, "tax": line.tax_cents}

    def order_sums(self, order: Order) -> dict[str, int]:
        """Returns what was sold with an order, whenever that was."""
        return sums_of(one for one in self.entries(order) if one.action == "ORDER")

    def placed_sums(self, order: Order) -> dict[str, int]:
        """Returns what was sold when the order was placed: nothing that came later."""
        entries = (one for one in self.entries(order) if one.action == "ORDER")
        return sums_of(one for one in entries if one.at == order.processed)

    def refund_sums(self, order: Order, refund: Refund) -> dict[str, int]:
        """Returns what a refund comes to; what it gives back is positive."""
        lines = [
            self._net("RETURN", one.line.kind, 0, one.subtotal_cents, one.tax_cents)
            for one in refund.lines
        ]
        shipping = self._net(
            "RETURN", "shipping", 0, refund.shipping_cents, refund.shipping_tax_cents
        )
        return {
            "value": sum(one.net for one in lines),
            "tax": sum(one.tax for one in lines),
            "shipping": shipping.net,
            "shipping_tax": shipping.tax,
            "adjustment": refund.adjustment_cents,
            "goods_adjustment": self.goods_adjustments(order)[refund.id],
            "settled": refund.settled_cents,
            "paid": refund.paid_cents,
        }

    def first_counted(self) -> set[int]:
        """Returns the ids of the orders that are their customers' first that count.

        Who bought before the first business day has none here.
        """
        first: dict[int, tuple[int, int]] = {}
        for order in self.orders():
            known = order.customer >= 0 and not self.book.ledger.customer_earlier[order.customer]
            if known and self.counted(order):
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


def sums_of(entries: Iterable[Entry]) -> dict[str, int]:
    """Adds entries up: goods by their parts, all else in a column of its own."""
    sums: dict[str, int] = dict.fromkeys(COLUMNS, 0)
    for one in entries:
        sums["total"] += one.net + one.tax
        sums["tax"] += one.tax
        if one.kind == "goods":
            sums["gross"] += one.net + one.discount + (one.tax if one.included else 0)
            sums["discount"] += one.discount
            sums["net"] += one.net
            continue
        sums[COLUMN_OF[one.kind]] += one.net
        if one.kind == "shipping":
            sums["shipping_discount"] += one.discount
            sums["shipping_tax"] += one.tax
    return sums
