"""Whom a property gives the credit: shares of key events, what was bought, rows that it keeps.

These are the property's own habits. The truth knows them as well as the wire does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from connectors.sandbox.business.shop_entities import GOODS, NEVER
from connectors.sandbox.business.web_entities import WebDay
from connectors.sandbox.business.web_origins import NOWHERE, Origin
from connectors.sandbox.platforms.ga4.site import DATA_DRIVEN, MOST_LINES, MOST_ORIGINS, ONE_IN

_OTHER = "(other)"
OTHER = Origin(_OTHER, _OTHER, _OTHER, _OTHER, _OTHER)
_LAST_SHARE = 60
"""Hundredths of a purchase that the last of two visits gets by the data-driven model."""


@dataclass(frozen=True, slots=True)
class Credit:
    """A share of one key event."""

    event: str
    hour: int
    origin: Origin
    hundredths: int
    cents: int


@dataclass(frozen=True, slots=True)
class Item:
    """A line that was bought."""

    id: str
    name: str
    category: str
    hour: int
    quantity: int
    cents: int


def credited(web: WebDay, model: str, clock: datetime) -> Iterator[Credit]:
    """Yields the shares of the key events of a day that are known as of a clock."""
    now = clock.timestamp()
    for one in web.purchases:
        if one.known_at > now:
            continue
        if model == DATA_DRIVEN and one.first != one.origin:
            last = one.cents * _LAST_SHARE // 100
            yield Credit("purchase", one.hour, one.origin, _LAST_SHARE, last)
            yield Credit("purchase", one.hour, one.first, 100 - _LAST_SHARE, one.cents - last)
        else:
            yield Credit("purchase", one.hour, one.origin, 100, one.cents)
    for place in web.sign_ups.nonzero()[0]:
        if web.known_at[place] <= now:
            origin = web.origins[web.origin[place]]
            yield Credit("sign_up", int(web.hour[place]), origin, 100, 0)


def items_of(web: WebDay, clock: datetime) -> tuple[list[Item], int]:
    """Returns the lines of the purchases of a day that are known as of a clock, and their number.

    Of a day with very many only some are read, each of which stands for those that are not.
    """
    lines = [
        (one, line)
        for one in web.purchases
        if one.known_at <= clock.timestamp()
        for line in one.order.lines
        if line.kind == GOODS and line.product is not None and line.added == NEVER
    ]
    each = ONE_IN if len(lines) > MOST_LINES else 1
    read = [
        Item(str(line.product.id), line.title, line.product.type, one.hour, each * line.quantity,
             each * line.worth)
        for one, line in lines[::each]
        if line.product is not None
    ]  # fmt: skip
    return read, len(lines)


def shown_origins(web: WebDay, clock: datetime) -> tuple[tuple[Origin, ...], bool]:
    """Returns the origins of a day as the table by landing page has them, and whether any is lost.

    Those with the fewest visits are rolled into one.
    """
    known = web.known_at <= clock.timestamp()
    visits = Counter(web.origins[place] for place in web.origin[known].tolist())
    if len(visits) <= MOST_ORIGINS:
        return web.origins, False
    ranked = sorted(visits, key=lambda one: (-visits[one], repr(one)))
    kept = {*ranked[:MOST_ORIGINS], NOWHERE}
    return tuple(one if one in kept else OTHER for one in web.origins), True
