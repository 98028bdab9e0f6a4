"""What is given back: whole orders, single lines, shipping, goodwill. Never more than was paid."""

from __future__ import annotations

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
from connectors.sandbox.business.shop_ledger import FULL, GOODWILL, KEPT, LINES, SHIPPING

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
    shipping_cents: int,
    order_id: int,
    restock: str | None,
) -> tuple[Refund, ...]:
    """Draws the refunds of an order.

    Args:
        random: The day's.
        shop: Says whether tax is contained in what a line is worth.
        instants: When; NEVER for none.
        kinds: What each is to give back; what is left decides.
        lines: All lines of the order.
        shipping_cents: What shipping cost.
        order_id: The ids of refunds follow from it.
        restock: What becomes of the goods; None for what the kind of refund says.
    """
    left = _Left(shop, lines, shipping_cents)
    refunds: list[Refund] = []
    for place, (at, kind) in enumerate(zip(instants, kinds, strict=True)):
        if at == NEVER:
            continue
        id_ = order_id + _FIRST_ID + place * _IDS_PER_REFUND
        refund = left.take(random, id_, at, kind, restock)
        if refund is not None:
            refunds.append(refund)
    return tuple(refunds)


class _Left:
    """What of an order has not been given back yet."""

    def __init__(self, shop: Shop, lines: tuple[Line, ...], shipping_cents: int) -> None:
        self._shop, self._lines = shop, lines
        self._units = [line.quantity for line in lines]
        self._value = [
            line.quantity * line.unit_cents - line.automatic_cents - line.code_cents
            for line in lines
        ]
        self._tax = [line.tax_cents for line in lines]
        self._shipping = shipping_cents
        on_top = 0 if shop.taxes_included else sum(self._tax)
        self._money = sum(self._value) + on_top + shipping_cents

    def take(
        self, random: Random, id_: int, at: int, kind: int, restock: str | None
    ) -> Refund | None:
        lines: tuple[RefundLine, ...] = ()
        shipping = adjustment = 0
        if kind == SHIPPING and self._shipping == 0:
            kind = GOODWILL
        if kind == FULL:
            lines = self._give_back(id_, list(self._units), restock or "RETURN")
            shipping, self._shipping = self._shipping, 0
        elif kind in (LINES, KEPT):
            way = restock or ("RETURN" if kind == LINES else "NO_RESTOCK")
            lines = self._give_back(id_, self._some(random), way)
        elif kind == SHIPPING:
            shipping, self._shipping = self._shipping, 0
        worth = sum(one.subtotal_cents for one in lines)
        if not self._shop.taxes_included:
            worth += sum(one.tax_cents for one in lines)
        worth += shipping
        if kind == GOODWILL:
            # No line is behind it: what the shop pays to keep a customer content.
            adjustment = min(self._money // 12 // 100 * 100 + 100, self._money)
        elif worth > self._money:
            # Goodwill went before: what is worth more than the money left is made even.
            adjustment = self._money - worth
        paid = worth + adjustment
        if not lines and paid == 0:
            return None
        self._money -= paid
        return Refund(
            id=id_,
            at=at,
            lines=lines,
            shipping_cents=shipping,
            adjustment_cents=adjustment,
            paid_cents=paid,
            failed_first=random.random() < 0.03,
            note="Sorry for the trouble" if kind == GOODWILL else None,
        )

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
