"""What is given back: whole orders, single lines, shipping, goodwill. Never more than was paid."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from connectors.sandbox.business.shop_entities import (
    IDS_PER_ORDER,
    NEVER,
    Line,
    Refund,
    RefundLine,
    Shop,
    first_order_id,
)
from connectors.sandbox.business.shop_extras import Shipping, charged
from connectors.sandbox.business.shop_ledger import (
    AMOUNT,
    EXCHANGED,
    FULL,
    GOODWILL,
    KEPT,
    LINES,
    OWED,
    PARTLY_PAID,
    SHIPPING,
    UNMADE,
    UNPAID,
)

_IDS_PER_REFUND = 300
_FIRST_ID = 40_000_000_000_000


def order_row(shop: Shop, refund_id: int) -> int:
    """Returns the row of the ledger that a refund's order stands in."""
    return (refund_id - _FIRST_ID - first_order_id(shop)) // IDS_PER_ORDER


def refunds_of(
    random: Random,
    shop: Shop,
    instants: list[int],
    kinds: list[int],
    lines: tuple[Line, ...],
    shipping: Shipping,
    order_id: int,
    restock: str | None,
    backdated: int,
) -> tuple[Refund, ...]:
    """Draws the refunds of an order.

    Args:
        random: The day's, or the case's own.
        shop: Says whether tax is contained in what a line is worth.
        instants: When; NEVER for none.
        kinds: What each is to give back; what is left decides.
        lines: All lines of the order.
        shipping: What was paid for it.
        order_id: The ids of refunds follow from it.
        restock: What becomes of the goods; None for what the kind of refund says.
        backdated: Seconds by which a refund counts for an earlier instant.
    """
    left = _Left(shop, lines, shipping)
    refunds: list[Refund] = []
    for place, (at, kind) in enumerate(zip(instants, kinds, strict=True)):
        if at == NEVER:
            continue
        id_ = order_id + _FIRST_ID + place * _IDS_PER_REFUND
        refund = left.take(random, id_, at, kind, restock)
        if refund is not None:
            refunds.append(replace(refund, processed=at - backdated))
    return tuple(refunds)


class _Left:
    """What of an order has not been given back yet."""

    def __init__(self, shop: Shop, lines: tuple[Line, ...], shipping: Shipping) -> None:
        self._shop, self._lines = shop, lines
        self._units = [line.quantity for line in lines]
        self._value = [line.worth for line in lines]
        self._tax = [line.tax_cents for line in lines]
        self._shipping = (shipping.cents - shipping.discount_cents, shipping.tax_cents)
        worth = sum(self._value) + self._shipping[0]
        self._money = charged(shop, worth, sum(self._tax) + self._shipping[1])
        self._owed = 0

    def take(
        self, random: Random, id_: int, at: int, kind: int, restock: str | None
    ) -> Refund | None:
        if kind == SHIPPING and self._shipping[0] == 0:
            kind = GOODWILL
        lines: tuple[RefundLine, ...] = ()
        shipping, shipping_tax = 0, 0
        units = self._units_of(random, kind)
        if units is not None:
            way = restock or ("NO_RESTOCK" if kind == KEPT else "RETURN")
            lines = self._give_back(id_, units, way)
        if kind in (FULL, UNMADE, SHIPPING):
            (shipping, shipping_tax), self._shipping = self._shipping, (0, 0)
        value = shipping + sum(one.subtotal_cents for one in lines)
        tax = shipping_tax + sum(one.tax_cents for one in lines)
        worth = charged(self._shop, value, tax)
        adjustment, settled = self._differences(kind, worth)
        paid = worth + adjustment - settled
        if not lines and paid == 0:
            return None
        self._money -= paid
        return Refund(
            id=id_,
            at=at,
            processed=at,
            lines=lines,
            shipping_cents=shipping,
            shipping_tax_cents=shipping_tax,
            adjustment_cents=adjustment,
            settled_cents=settled,
            paid_cents=paid,
            is_pending=kind in (UNPAID, OWED),
            failed_first=paid > 0 and random.random() < 0.03,
            note="Sorry for the trouble" if kind == GOODWILL else None,
        )

    def _units_of(self, random: Random, kind: int) -> list[int] | None:
        """Chooses the units that a kind of refund gives back, None for none."""
        if kind in (FULL, UNMADE):
            return list(self._units)
        if kind in (LINES, KEPT):
            return self._some(random)
        if kind in (UNPAID, PARTLY_PAID, EXCHANGED):
            # Of a line that was cut down by an edit one unit stays.
            first = self._units[0]
            return [1 if kind == UNPAID and first > 1 else first, *([0] * (len(self._units) - 1))]
        return None

    def _differences(self, kind: int, worth: int) -> tuple[int, int]:
        """Returns what is paid beyond the value, and what of the value moves no money."""
        if kind == UNMADE:
            return 0, worth
        if kind == EXCHANGED:
            taken = self._lines[-1]
            return 0, min(worth, charged(self._shop, taken.worth, taken.tax_cents))
        if kind == UNPAID:
            self._owed = worth
            return -worth, 0
        if kind == OWED:
            return self._owed, 0
        if kind == PARTLY_PAID:
            return -(worth * 2 // 5), 0
        if kind == AMOUNT:
            return self._money, 0
        if kind == GOODWILL:
            # No line is behind it: what the shop pays to keep a customer content.
            return min(self._money // 12 // 100 * 100 + 100, self._money), 0
        # Goodwill went before: what is worth more than the money left is made even.
        return min(0, self._money - worth), 0

    def _some(self, random: Random) -> list[int]:
        """Chooses units to give back: those of one line, or one of them."""
        open_lines = [place for place, units in enumerate(self._units) if units]
        chosen = [0] * len(self._units)
        if open_lines:
            place = open_lines[random.randrange(len(open_lines))]
            whole = self._units[place]
            chosen[place] = 1 if len(open_lines) == 1 and whole > 1 else whole
        return chosen

    def _give_back(self, id_: int, units: list[int], restock: str) -> tuple[RefundLine, ...]:
        lines = []
        for place, count in enumerate(units):
            if count == 0:
                continue
            held = self._units[place]
            # The last unit takes what is left, so that the parts come to the whole.
            value = self._value[place] * count // held
            tax = self._tax[place] * count // held
            self._units[place] -= count
            self._value[place] -= value
            self._tax[place] -= tax
            lines.append(
                RefundLine(
                    id=id_ + 1 + place % 290,
                    line=self._lines[place],
                    quantity=count,
                    subtotal_cents=value,
                    tax_cents=tax,
                    restock=restock,
                )
            )
        return tuple(lines)
