"""An order as of a clock: which of its lines and refunds are there, and what it comes to."""

from __future__ import annotations

from connectors.sandbox.business.shop_entities import NEVER, Line, Order, Refund


class OrderState:
    """What a shop shows of an order at an instant. Money is in cents of the shop's currency.

    Attributes:
        order: The order itself.
        lines: Its lines, with those that an edit has added by then.
        refunds: Its refunds by then.
        updated: The last instant at which anything changed.
        captured: The money received.
        refunded: The money given back.
    """

    __slots__ = (
        "cancelled",
        "captured",
        "clock",
        "discounts",
        "edited",
        "fulfilled",
        "lines",
        "order",
        "refunded",
        "refunds",
        "subtotal",
        "tax",
        "total",
        "updated",
    )

    def __init__(self, order: Order, clock: int) -> None:
        self.order, self.clock = order, clock
        self.edited = order.edited <= clock
        self.cancelled = order.cancelled <= clock
        self.fulfilled = order.fulfilled <= clock
        self.lines: tuple[Line, ...] = order.lines
        if not self.edited and order.edited < NEVER:
            self.lines = tuple(line for line in order.lines if line.added == NEVER)
        self.refunds: tuple[Refund, ...] = tuple(
            refund for refund in order.refunds if refund.at <= clock
        )
        gross = discounts = tax = 0
        for line in self.lines:
            gross += line.quantity * line.unit_cents
            discounts += line.automatic_cents + line.code_cents
            tax += line.tax_cents
        self.discounts, self.tax = discounts, tax
        self.subtotal = gross - discounts
        on_top = 0 if order.shop.taxes_included else tax
        self.total = self.subtotal + on_top + order.shipping_cents
        self.captured = self.total if order.paid <= clock else 0
        self.refunded = sum(refund.paid_cents for refund in self.refunds)
        self.updated = self._last_change()

    def _last_change(self) -> int:
        order, clock = self.order, self.clock
        last = order.created
        for at in (
            order.journey,
            order.paid,
            order.expired,
            order.cancelled,
            order.fulfilled,
            order.edited,
            order.tagged,
            *order.touched,
        ):
            if last < at <= clock:
                last = at
        return last

    @property
    def exists(self) -> bool:
        """Whether the order is there at all."""
        return self.order.created <= self.clock < self.order.deleted

    @property
    def financial_status(self) -> str:
        """The money's state in the platform's words."""
        order, clock = self.order, self.clock
        if order.paid <= clock:
            if self.refunded == 0:
                return "PAID"
            return "REFUNDED" if self.refunded >= self.captured else "PARTIALLY_REFUNDED"
        if self.cancelled:
            return "VOIDED"
        if order.expired <= clock:
            return "EXPIRED"
        return "AUTHORIZED" if order.authorized else "PENDING"

    @property
    def fulfillment_status(self) -> str:
        """The goods' state in the platform's words."""
        if self.fulfilled:
            return "FULFILLED"
        if self.cancelled and self.refunds:
            return "RESTOCKED"
        return "ON_HOLD" if self.order.row % 61 == 0 else "UNFULFILLED"

    @property
    def closed(self) -> int | None:
        """When the order was put away: cancelled, or sent."""
        at = min(self.order.cancelled, self.order.fulfilled)
        return at if at <= self.clock else None

    @property
    def tags(self) -> list[str]:
        """The tags by now, in alphabetical order."""
        tags = set(self.order.tags)
        if self.order.tagged <= self.clock:
            tags.add(self.order.later_tag)
        return sorted(tags)

    @property
    def current_total(self) -> int:
        """What is left of the total after refunds; nothing of a cancelled order."""
        return 0 if self.cancelled else self.total - self.refunded

    @property
    def is_counted(self) -> bool:
        """Whether the order counts as a sale: no test, and not given up before any money came."""
        if self.order.test:
            return False
        return self.order.paid <= self.clock or not (
            self.cancelled or self.order.expired <= self.clock
        )

    def returned(self, line: Line) -> int:
        """Returns how many units of a line have been given back."""
        if not self.refunds:
            return 0
        return sum(
            one.quantity for refund in self.refunds for one in refund.lines if one.line is line
        )
