"""When each order of a shop is placed and when it changes: one row an order, as columns.

Drawn by `shop_ledger_days` and cheap, so that it can be searched whole; what an order consists of
is drawn from it by `shop_orders`, and only for the days that somebody asks for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Columns = dict[str, npt.NDArray[Any]]

# What a refund gives back: by lot,
FULL, LINES, KEPT, GOODWILL, SHIPPING = range(5)
# and by case: a line without its money, that money, a line and a part of its money, a line for
# another, all money for no line, and what was never paid.
UNPAID, OWED, PARTLY_PAID, EXCHANGED, AMOUNT, UNMADE = range(5, 11)
REFUNDS = 3
NO_CUSTOMER = -1


@dataclass(frozen=True, slots=True)
class Ledger:
    """The columns, one element an order, in the order of the business day and the instant.

    Attributes:
        day: Position of the business day, in the shop's calendar.
        starts: First row of each day, and the number of all rows at the end.
        customer: Position of the customer, -1 for a guest.
        customer_order: Which order of that customer it is, from 1, with those before the first day.
        case: What is out of the ordinary, one of `shop_cases`.
        refunds: Instants of up to three refunds, shape (order, 3).
        refund_kinds: What each gives back.
        customer_created: When each customer came to be.
        customer_earlier: How many orders each customer placed before the first business day.
    """

    day: Integers
    starts: Integers
    processed: Integers
    created: Integers
    test: Flags
    customer: Integers
    customer_order: Integers
    authorized: Flags
    journey: Integers
    paid: Integers
    expired: Integers
    cancelled: Integers
    fulfilled: Integers
    edited: Integers
    tagged: Integers
    refunds: Integers
    refund_kinds: Integers
    deleted: Integers
    case: Integers
    customer_created: Integers
    customer_earlier: Integers

    @property
    def changes(self) -> tuple[Integers, ...]:
        """Everything that bumps an order's `updatedAt` after its creation."""
        return (
            self.journey,
            self.paid,
            self.expired,
            self.cancelled,
            self.fulfilled,
            self.edited,
            self.tagged,
            *self.refunds.T,
        )

    @property
    def money_changes(self) -> tuple[Integers, ...]:
        """What changes the sum that a customer has spent."""
        return (self.created, self.paid, self.edited, *self.refunds.T)
