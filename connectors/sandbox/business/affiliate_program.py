"""Who takes part in a partner program, and what is paid for."""

from __future__ import annotations

from connectors.sandbox.business.affiliate_entities import (
    ACTIVE,
    PAUSED,
    PER_ORDER,
    PER_SALE,
    AffiliateNetwork,
    Offer,
    Partner,
)
from connectors.sandbox.business.shop_entities import Shop

CLICK_LAG = 4 * 86_400
"""How long after a click an order may come, seconds."""
_PARTNERS = (
    ("Trail Journal", ACTIVE, False, True),
    ("Coupon Corner", ACTIVE, False, False),
    ("Weekend Deals", ACTIVE, True, False),
    ("Field Notes", PAUSED, False, False),
)


def partners_of(network: AffiliateNetwork) -> tuple[Partner, ...]:
    """Returns the partners of a program."""
    return tuple(
        Partner(number, network.ids("partner", number), name, status, is_new, is_trusted)
        for number, (name, status, is_new, is_trusted) in enumerate(_PARTNERS)
    )


def offers_of(network: AffiliateNetwork, shop: Shop) -> tuple[Offer, ...]:
    """Returns the offers: eight in a hundred of a sale, and an amount for each order."""
    amount = round(7.5 * shop.units_per_eur * 100)
    named = (("Sale share", PER_SALE, 0, 80), ("Order bonus", PER_ORDER, amount, 0))
    return tuple(
        Offer(
            number, network.ids("offer", number), f"{shop.name} {name}", ACTIVE, model, cents,
            per_mille,
        )
        for number, (name, model, cents, per_mille) in enumerate(named)
    )  # fmt: skip
