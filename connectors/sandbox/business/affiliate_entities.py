"""The things of a partner program: partners, offers, clicks, conversions, adjustments, invoices.

Instants are seconds since 1970 UTC; what never happens is at NEVER. Money is in cents of the
network's currency, which is the one of the organization's shop.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from connectors.sandbox.business.entities import Organization
from connectors.sandbox.business.shop_entities import NEVER

PENDING, APPROVED, REJECTED, INVALID = "pending", "approved", "rejected", "invalid"
PER_SALE, PER_ORDER = "percentage of the sale", "amount for each order"
ACTIVE, PAUSED = "active", "paused"


@dataclass(frozen=True, slots=True)
class AffiliateNetwork:
    """What sets one affiliate network apart from another.

    Attributes:
        platform: Its name.
        organization: Whose program is there.
        account_id: The id of the program's account.
        ids: From a kind of thing (`partner`, `offer`, `conversion`, `hold`, `click`, `adjustment`,
            `invoice`) and its number to the id that the network gives it.
        holds: Whether it keeps conversions of new partners apart until they are released; on
            others these are pending for so long.
        adjusts: Whether sums are corrected by entries of their own.
        invoices: Whether it shows what partners are paid.
        click_parameter: The parameter of an address by which its links hand a click's id on.
    """

    platform: str
    organization: str
    account_id: Callable[[Organization], str]
    ids: Callable[[str, int], str]
    holds: bool = False
    adjusts: bool = True
    invoices: bool = True
    click_parameter: str = "click_id"


@dataclass(frozen=True, slots=True)
class Partner:
    """Somebody who sends customers and is paid for orders.

    Attributes:
        is_new: Whether conversions are kept apart for a while.
        is_trusted: Whether conversions are approved as they come.
    """

    number: int
    id: str
    name: str
    status: str
    is_new: bool
    is_trusted: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """What partners are paid for, and how much: cents for each order, or thousandths of it."""

    number: int
    id: str
    name: str
    status: str
    model: str
    cents: int
    per_mille: int

    def payout(self, sale_cents: int) -> int:
        """Returns what an order of so much earns."""
        return self.cents if self.model == PER_ORDER else sale_cents * self.per_mille // 1000


@dataclass(frozen=True, slots=True)
class Click:
    """A click on a partner's link. `order` is the row of the order that it brought, -1 for none."""

    number: int
    id: str
    at: int
    partner: Partner
    offer: Offer
    sub_id: str
    is_unique: bool
    order: int = -1


@dataclass(frozen=True, slots=True)
class State:
    """How a conversion stands from an instant on."""

    at: int
    status: str
    payout_cents: int
    revenue_cents: int
    sale_cents: int


@dataclass(frozen=True, slots=True)
class Conversion:
    """An order that a partner is to be paid for.

    Attributes:
        at: When the order was placed, which the network keeps as the conversion's time.
        held_until: When it is let out of the waiting room; before it, it is no conversion yet.
            Equal to `at` for most.
        hold_id: Its id in the waiting room.
        states: How it stands, from `held_until` on.
    """

    number: int
    id: str
    hold_id: str
    at: int
    click: Click
    order_id: str
    held_until: int
    states: tuple[State, ...]

    def state(self, clock: int) -> State | None:
        """Returns how it stands as of a clock; None before it is a conversion."""
        reached = [one for one in self.states if one.at <= clock]
        return reached[-1] if reached else None

    def is_held(self, clock: int) -> bool:
        """Says whether it waits for its release as of a clock."""
        return self.at <= clock < self.held_until


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A correction of the sums of a day, by hand. `withdrawn` is when it is taken back."""

    number: int
    id: str
    day: date
    partner: Partner
    offer: Offer
    clicks: int
    conversions: int
    payout_cents: int
    revenue_cents: int
    note: str
    created: int
    withdrawn: int = NEVER


@dataclass(frozen=True, slots=True)
class Invoice:
    """What a partner is paid for a week."""

    number: int
    id: str
    partner: Partner
    first: date
    last: date
    cents: int
    conversions: int
    created: int
    paid: int
