"""Visits that partners send: a part of the orders that a partner claims came by a link of theirs.

The others a partner claims all the same: the cookie of an earlier click still stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from connectors.sandbox.business.affiliate_entities import AffiliateNetwork, Offer, Partner
from connectors.sandbox.business.affiliate_program import offers_of, partners_of
from connectors.sandbox.business.landings import PARTS
from connectors.sandbox.business.shop_entities import NEVER, Order, Shop, Visit

_CLAIMS_STREAM = 92
_CLAIMED, _BY_LINK = 0.16, 0.8
Led = Callable[[int, tuple[Order, ...]], tuple[Order, ...]]
"""From a business day and its orders to these with the visits that partners sent."""


def claims(
    seed: int, shop: Shop, offset: int, orders: Sequence[Order]
) -> Iterator[tuple[Order, list[float]]]:
    """Yields the orders of a business day that partners claim, each with numbers from 0 to 1.

    The numbers decide the partner, the offer, the time of the click, what becomes of the claim, and
    whether the order came by a link.
    """
    random = np.random.default_rng([seed, _CLAIMS_STREAM, shop.number, offset])
    for order in orders:
        drawn = random.random(6)
        if drawn[0] < _CLAIMED and _is_plain(order):
            yield order, [float(one) for one in drawn[1:]]


def led_by(seed: int, shop: Shop, network: AffiliateNetwork) -> Led:
    """Returns what gives orders of a shop the visits that partners on a network sent."""
    partners, offers = partners_of(network), offers_of(network, shop)

    def led(offset: int, orders: tuple[Order, ...]) -> tuple[Order, ...]:
        sent = {
            order.row: _visit(shop, network, order, order.visit, partner, offer)
            for order, drawn in claims(seed, shop, offset, orders)
            for partner, offer in [chosen(drawn, partners, offers)]
            # Who followed an ad or a letter after the partner's link was sent by these.
            if drawn[4] < _BY_LINK and order.visit and not (order.visit.clicked or order.visit.utm)
        }
        return tuple(
            replace(one, visit=sent[one.row]) if one.row in sent else one for one in orders
        )

    return led


def chosen(
    drawn: Sequence[float], partners: Sequence[Partner], offers: Sequence[Offer]
) -> tuple[Partner, Offer]:
    """Returns whose claim it is, and what for."""
    return partners[int(drawn[0] * len(partners))], offers[int(drawn[1] * len(offers))]


def is_led(order: Order) -> bool:
    """Says whether an order came by a partner's link."""
    return order.visit is not None and (order.visit.utm or ("", ""))[1] == "affiliate"


def _visit(
    shop: Shop,
    network: AffiliateNetwork,
    order: Order,
    own: Visit,
    partner: Partner,
    offer: Offer,
) -> Visit:
    host = f"{'-'.join(partner.name.lower().split())}.example"
    campaign = "-".join(offer.name.lower().split())
    utm = (network.platform, "affiliate", campaign, None, partner.id)
    named = [f"{part}={value}" for part, value in zip(PARTS, utm, strict=True) if value]
    asked = "&".join([*named, f"{network.click_parameter}={network.ids('click', order.row)}"])
    return Visit(own.at, host, f"https://{host}/", f"{shop.organization.site}/?{asked}", utm)


def _is_plain(order: Order) -> bool:
    """Says whether an order is one that a tag on the site sees: no import, no test, none unpaid."""
    return order.processed == order.created and not order.test and order.paid < NEVER
