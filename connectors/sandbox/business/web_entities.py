"""What there is on a site: its sessions of a day in columns, and what is bought there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from connectors.sandbox.business.portfolio import Integers
from connectors.sandbox.business.shop_entities import Order
from connectors.sandbox.business.web_origins import Origin

Flags = npt.NDArray[np.bool_]
DEVICES = (("desktop", 0.37), ("mobile", 0.565), ("tablet", 0.06), ("smart tv", 0.005))
COUNTRIES = (
    ("Germany", "DE"), ("United States", "US"), ("United Kingdom", "GB"), ("New Zealand", "NZ"),
    ("India", "IN"), ("Australia", "AU"), ("France", "FR"), ("Canada", "CA"), ("(not set)", "ZZ"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Purchase:
    """An order that the tag saw.

    Attributes:
        place: The position of its session.
        origin, first: Where its visit came from, and where the customer's first one did.
        known_at: From which second on the analytics shows it.
    """

    place: int
    order: Order
    origin: Origin
    first: Origin
    hour: int
    cents: int
    known_at: float


@dataclass(frozen=True, slots=True)
class Refunded:
    """Money given back for an order that the tag saw: the shop reports it, without a visit."""

    hour: int
    cents: int
    known_at: float


@dataclass(frozen=True, slots=True)
class WebDay:
    """One day of a site, in its own zone; columns with an element a session.

    Attributes:
        origins: What `origin` is a position in.
        session, person: Numbers that no other session, and no other person, of the site has.
        crosses: Whether it goes on into the next hour, with one page view more.
        known_at: From which second on the analytics shows it.
    """

    origins: tuple[Origin, ...]
    session: Integers
    origin: Integers
    hour: Integers
    person: Integers
    is_new: Flags
    device: Integers
    country: Integers
    is_engaged: Flags
    crosses: Flags
    views: Integers
    seconds: Integers
    baskets: Integers
    checkouts: Integers
    sign_ups: Integers
    known_at: npt.NDArray[np.float64]
    purchases: tuple[Purchase, ...]
    refunds: tuple[Refunded, ...]
