"""An order as of a clock: which of its lines and refunds are there, and what it comes to."""

from __future__ import annotations

from connectors.sandbox.business.shop_entities import (
    NEVER,
    TIP,
    Line,
    Order,
    RefundLine,
    Removal,
)
from connectors.sandbox.business.shop_extras import charged


class OrderState:
    """What a shop shows of an order at an instant. Money is in cents of the shop's currency.

    Attributes:
        order: The order itself.
        lines: Its lines, with those that an edit or an exchange has added by then.
        refunds: Its refunds by then.
        removals: What edits have taken off without a refund by then.
        discounts: What lines and shipping cost less than their prices.
        tax: The tax of lines and shipping, before anything came back.
        subtotal: The lines after discounts, without tips.
        total: All that the customer was ever asked for.
        reversed: What of it no longer stands: removed, given back, or never made.
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
        "removals",
        "reversed",
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
        if order.lines[-1].added < NEVER:
            self.lines = tuple(
                line for line in order.lines if line.added == NEVER or line.added <= clock
            )
        self.refunds = tuple(one for one in order.refunds if one.at <= clock < one.removed)
        self.removals = tuple(one for one in order.removals if one.at <= clock)
        off, tax = order.shipping_discount_cents, order.shipping_tax_cents
        subtotal = tips = 0
        for line in self.lines:
            off += line.automatic_cents + line.code_cents
            tax += line.tax_cents
            if line.kind == TIP:
                tips += line.worth
            else:
                subtotal += line.worth
        self.discounts, self.tax, self.subtotal = off, tax, subtotal
        self.total = (
            charged(order.shop, subtotal + tips + order.shipping_paid, tax)
            + order.duty_cents
            + order.fee_cents
        )
        self.captured = sum(cents for at, cents in order.payments if at <= clock)
        self.refunded = sum(refund.paid_cents for refund in self.refunds)
        self.reversed = (
            self.refunded
            + sum(refund.settled_cents for refund in self.refunds)
            + sum(charged(order.shop, one.subtotal_cents, one.tax_cents) for one in self.removals)
        )
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
        """What is left of the total after edits, refunds and exchanges."""
        return 0 if self.cancelled else self.total - self.reversed

    @property
    def is_counted(self) -> bool:
        """Whether the order counts as a sale: no test, and not given up before any money came."""
        if self.order.test:
            return False
        return self.order.paid <= self.clock or not (
            self.cancelled or self.order.expired <= self.clock
        )

    @property
    def outstanding(self) -> int:
        """What the customer still has to pay."""
        return 0 if self.cancelled else self.current_total - self.captured + self.refunded

    def returned(self, line: Line) -> int:
        """Returns how many units of a line are gone: given back, or taken off by an edit."""
        if not self.refunds and not self.removals:
            return 0
        return sum(one.quantity for one in self.gone if one.line is line)

    @property
    def gone(self) -> list[RefundLine | Removal]:
        """The units that are gone, with their value and its tax."""
        back: list[RefundLine | Removal] = [*self.removals]
        return back + [one for refund in self.refunds for one in refund.lines]
