"""What is out of the ordinary: which orders of a day it happens to, and when.

A case falls to one ordinary order (paid by card at once, sent, never edited, never refunded), on
every third day of a short business, on every tenth of a long one. So each is rare, and yet there
in every business of three days.
"""

from __future__ import annotations

import numpy as np

from connectors.sandbox.business.shop_entities import NEVER
from connectors.sandbox.business.shop_ledger import (
    AMOUNT,
    EXCHANGED,
    FULL,
    OWED,
    PARTLY_PAID,
    UNPAID,
    Columns,
)

(
    NO_CASE,
    FREE_SHIPPING,  # a code that takes the price of shipping off
    TIPPED,  # a tip as a line
    CARD_SOLD,  # a gift card beside goods
    CARD_USED,  # goods of which a gift card pays a part or all
    DUTIES,
    FEE,
    REMOVED,  # an edit takes a line off; its money follows in a refund without lines
    REMOVED_UNPAID,  # an edit takes a line off before anything is paid: no refund shows it
    EXCHANGE,  # one line comes back, another is taken
    KEPT_BACK,  # a line comes back, and not all of its money goes out
    MONEY_LATER,  # a line comes back with nothing paid, the money follows without a line
    AMOUNT_ONLY,  # all of the money is given back for no line
    BACKDATED,  # a refund that counts for an earlier day
) = range(14)
_SHORT, _LONG = 3, 10
BACKDATED_BY = 2 * 86_400
_HOUR, _DAY = 3_600, 86_400
_AFTER: dict[int, tuple[tuple[int, int], ...]] = {
    # Days after the order was sent, and the kind of refund.
    EXCHANGE: ((4, EXCHANGED),),
    KEPT_BACK: ((3, PARTLY_PAID),),
    MONEY_LATER: ((2, UNPAID), (5, OWED)),
    AMOUNT_ONLY: ((2, AMOUNT),),
    BACKDATED: ((4, FULL),),
}


def every(days: int) -> int:
    """Returns on each how many days of a business a case happens."""
    return min(_LONG, max(_SHORT, days // 9))


def deal(
    random: np.random.Generator, days: int, offset: int, columns: Columns, reserved: set[int]
) -> None:
    """Deals the cases of a day out to its orders, and lets them live accordingly.

    Args:
        random: A stream of the cases' own.
        days: How many days the business has.
        offset: The position of the day.
        columns: The day's part of the ledger; gets a column `case`.
        reserved: Orders that have a script of their own.
    """
    count = len(columns["day"])
    case = columns["case"] = np.full(count, NO_CASE, dtype=np.int64)
    plain = (
        ~columns["test"]
        & (columns["created"] == columns["processed"])
        & (columns["paid"] == columns["created"])
        & ~columns["authorized"]
        & (columns["fulfilled"] < NEVER)
        & (columns["edited"] == NEVER)
        & (columns["refunds"][:, 0] == NEVER)
    )
    plain[sorted(place for place in reserved if place < count)] = False
    chosen = random.permutation(np.flatnonzero(plain)).tolist()
    due = [one for one in range(1, BACKDATED + 1) if (offset + one) % every(days) == 0]
    for place, one in zip(chosen, due, strict=False):
        case[place] = one
        _live(columns, place, one)


def _live(columns: Columns, place: int, case: int) -> None:
    """Writes the instants of a case into the ledger."""
    created, sent = int(columns["created"][place]), int(columns["fulfilled"][place])
    if case == REMOVED:
        # More than a day later, so that the edit is on another day than the order.
        columns["edited"][place] = columns["refunds"][place, 0] = created + 26 * _HOUR
        columns["refunds"][place, 1] = created + 3 * _DAY
        columns["refund_kinds"][place, :2] = UNPAID, OWED
        columns["fulfilled"][place] = max(sent, created + 48 * _HOUR)
    elif case == REMOVED_UNPAID:
        columns["edited"][place] = created + 25 * _HOUR
        columns["paid"][place] = created + 60 * _HOUR
        columns["fulfilled"][place] = created + 4 * _DAY
    for number, (days, kind) in enumerate(_AFTER.get(case, ())):
        columns["refunds"][place, number] = sent + days * _DAY
        columns["refund_kinds"][place, number] = kind
