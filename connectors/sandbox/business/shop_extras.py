"""What an order has beside its goods: tips, gift cards, shipping with its tax, duties, payments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from connectors.sandbox.business.shop_cases import (
    CARD_SOLD,
    CARD_USED,
    DUTIES,
    EXCHANGE,
    FEE,
    FREE_SHIPPING,
    REMOVED_UNPAID,
    TIPPED,
)
from connectors.sandbox.business.shop_entities import (
    GIFT_CARD,
    NEVER,
    TIP,
    Line,
    Product,
    Removal,
    Shop,
    Variant,
)

_TIP_PLACE, _CARD_PLACE, _EXCHANGE_PLACE = 990, 991, 992


@dataclass(frozen=True, slots=True)
class Shipping:
    """What shipping costs: the price before its discount, the discount, and the tax of the rest."""

    cents: int
    discount_cents: int
    tax_cents: int


def tax_of(shop: Shop, cents: int) -> int:
    """Returns the tax of an amount, rounded half up."""
    rate = shop.tax_per_mille
    below = 1_000 + rate if shop.taxes_included else 1_000
    return (2 * cents * rate + below) // (2 * below)


def charged(shop: Shop, cents: int, tax_cents: int) -> int:
    """Returns what the customer pays for an amount and its tax."""
    return cents if shop.taxes_included else cents + tax_cents


def shipping_of(shop: Shop, case: int, cents: int, usual: int, *, taxed: bool) -> Shipping:
    """Returns the shipping of an order.

    Args:
        shop: Says whether tax is in the price.
        case: What is out of the ordinary.
        cents: The price that was drawn, 0 where nothing is sent or it is free anyway.
        usual: What shipping costs for most, 0 where nothing is sent: there must be something to
            take off.
        taxed: Whether the order bears tax at all.
    """
    price = cents or usual if case == FREE_SHIPPING else cents
    off = price if case == FREE_SHIPPING else 0
    return Shipping(price, off, tax_of(shop, price - off) if taxed else 0)


def more_lines(
    random: Random,
    shop: Shop,
    case: int,
    lines: Sequence[Line],
    first_id: int,
    products: Sequence[Product],
    other: tuple[Product, Variant, int],
    added: int,
) -> list[Line]:
    """Returns the lines that a case brings.

    Args:
        random: The case's own.
        shop: Whose order it is.
        case: What is out of the ordinary.
        lines: The goods.
        first_id: The number that the ids of the order's lines begin with.
        products: All of the shop's; the gift card is one of them.
        other: What is taken in exchange for the first line, and its price.
        added: When the exchange is.
    """
    if case == TIPPED:
        cents = max(100, sum(line.worth for line in lines) // 2_000 * 100)
        return [_line(first_id + _TIP_PLACE, None, None, "Tip", cents, TIP)]
    if case == CARD_SOLD:
        card = next(one for one in products if one.is_gift_card)
        variant = card.variants[random.randrange(len(card.variants))]
        cents = variant.price_cents.changes[0][1]
        title = card.title.changes[0][1]
        return [_line(first_id + _CARD_PLACE, card, variant, title, cents, GIFT_CARD)]
    if case == EXCHANGE:
        product, variant, cents = other
        line = replace(
            lines[0],
            id=first_id + _EXCHANGE_PLACE,
            product=product,
            variant=variant,
            title=product.title.changes[0][1],
            sku=variant.sku,
            quantity=1,
            unit_cents=cents,
            automatic_cents=0,
            code_cents=0,
            tax_cents=tax_of(shop, cents) if lines[0].tax_cents else 0,
            added=added,
        )
        return [line]
    return []


def _line(
    id_: int, product: Product | None, variant: Variant | None, title: str, cents: int, kind: str
) -> Line:
    return Line(
        id=id_,
        product=product,
        variant=variant,
        title=title,
        sku=None if variant is None else variant.sku,
        quantity=1,
        unit_cents=cents,
        automatic_cents=0,
        code_cents=0,
        tax_cents=0,
        added=NEVER,
        kind=kind,
    )


def removals_of(case: int, lines: Sequence[Line], edited: int) -> tuple[Removal, ...]:
    """Returns what an edit takes off without a refund: one unit of the first line."""
    if case != REMOVED_UNPAID:
        return ()
    line = lines[0]
    share = line.worth // line.quantity
    return (Removal(edited, line, 1, share, line.tax_cents // line.quantity),)


def duties_and_fees(shop: Shop, case: int, lines: Sequence[Line]) -> tuple[int, int]:
    """Returns what customs take and what the shop charges for its trouble."""
    duty = lines[0].worth * 12 // 100 if case == DUTIES else 0
    return duty, round(2 * shop.units_per_eur) * 100 if case == FEE else 0


def payments_of(
    shop: Shop,
    lines: Sequence[Line],
    shipping: Shipping,
    others: int,
    removals: Sequence[Removal],
    paid: int,
    exchanged: int,
) -> tuple[tuple[int, int], ...]:
    """Returns the money that comes in: at first, and for what is added later.

    Args:
        shop: Says whether tax is in the prices.
        lines: All lines of the order.
        shipping: What is paid for it.
        others: Duties and fees.
        removals: What is taken off before the first payment.
        paid: When that is.
        exchanged: What a line that came back was worth, and pays for what was added.
    """

    def price(some: Sequence[Line]) -> int:
        return sum(charged(shop, line.worth, line.tax_cents) for line in some)

    placed = price([line for line in lines if line.added == NEVER]) + others
    placed += charged(shop, shipping.cents - shipping.discount_cents, shipping.tax_cents)
    placed -= sum(charged(shop, one.subtotal_cents, one.tax_cents) for one in removals)
    payments = [(paid, placed)]
    for line in lines:
        more = price([line]) - exchanged
        if line.added < NEVER and more > 0:
            payments.append((line.added, more))
    return tuple(payments)


def by_gift_card(random: Random, case: int, total: int) -> int:
    """Returns what a gift card pays of an order: all of it, or a part."""
    if case != CARD_USED:
        return 0
    return total if random.random() < 0.5 else min(total, max(500, total // 200 * 100))
