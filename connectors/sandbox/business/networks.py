"""What sets one ad platform's business apart from another's: its accounts, economics and habits.

The figures of every platform are drawn by the same code; a `Network` is all that differs. A
platform's folder declares its own.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from connectors.sandbox.business.demand import SESSIONS_PER_AD
from connectors.sandbox.business.economics import Economics
from connectors.sandbox.business.entities import Organization
from connectors.sandbox.business.plans import Plan

BASE_MEASURES = (
    "impressions",
    "clicks",
    "cost_cents",
    "conversions_hundredths",
    "value_cents",
)

Place = tuple[str, str, str]
"""A region, its currency and its time zone: what an account is for and counts in."""


@dataclass(frozen=True, slots=True)
class Derived:
    """A measure that follows from another one, cell by cell.

    Attributes:
        name: Its name among the measures.
        per_click: Whether there are so many for each click; else for each impression.
        rate: How many, by channel.
    """

    name: str
    per_click: bool
    rate: Callable[[Economics], float]


def parts_of_clicks(parts: Mapping[str, float]) -> tuple[Derived, ...]:
    """Returns measures of which there are so many for each click."""
    return tuple(Derived(name, True, _always(part)) for name, part in parts.items())


def parts_of_views(parts: Mapping[str, float]) -> tuple[Derived, ...]:
    """Returns measures of which there are so many for each video that begins to play."""
    return tuple(Derived(name, False, _of_views(part)) for name, part in parts.items())


def _always(part: float) -> Callable[[Economics], float]:
    return lambda _: part


def _of_views(part: float) -> Callable[[Economics], float]:
    return lambda one: part * one.views_rate


@dataclass(frozen=True, slots=True)
class Window:
    """A window of attribution: conversions that follow a click, or a view, within so many days.

    Attributes:
        name: Its measures are called by it.
        viewed: Whether it counts what follows a view without a click; else what follows a click.
        days: How long after it.
        counted: Whether the platform counts it by default.
    """

    name: str
    viewed: bool = False
    days: float = inf
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Accounts:
    """Which accounts a network has.

    Attributes:
        places: From an organization and how many accounts it is to have (None: as scripted) to the
            place of each.
        name: A template of `{organization}` and `{region}`.
        first_id, id_step: The ids, which are numbers.
        most: How many accounts an organization can have.
        first_serial: Where the serials of its accounts begin, a million each network; None for a
            place that follows from its name, behind those of the others. The network that begins
            lowest is the one that every organization is on.
    """

    places: Callable[[Organization, int | None], Sequence[Place]]
    name: str
    first_id: int
    id_step: int
    most: int = 1
    first_serial: int | None = None


@dataclass(frozen=True, slots=True)
class Visits:
    """How a shop sees that a visit came from an ad of the network.

    Attributes:
        source: What the shop calls it.
        referrer: The page that links to the shop.
        tags: From a campaign's id and the second of the click to what the platform adds to an
            address.
    """

    source: str
    referrer: str
    tags: Callable[[int, int], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Network:
    """One ad platform's side of the business.

    Attributes:
        platform: Its name.
        accounts: Which accounts there are.
        plan: What an account holds.
        economics: From a campaign's first name and its channel to what it is like.
        paid_share: The clicks that a usual ad could have, over the sessions of a day.
        claim_bias: What it claims over what its clicks brought the shop; views come on top.
        visits: How a shop sees who came from it.
        first_campaign: What people call the first campaign of an account.
        derived: The measures beside the base ones.
        devices: The share of each device that cells are split by.
        windows: The attribution windows by which conversions are also counted; with any,
            conversions are whole, follow views as well as clicks, may be booked on days without an
            impression, and are reported late.
        budgets_of_ad_groups: The channels whose campaigns leave the budget to their ad groups.
        forms: The channels whose ads have a form, in which people leave their address.
    """

    platform: str
    accounts: Accounts
    plan: Plan
    economics: Callable[[str, str], Economics]
    paid_share: float
    claim_bias: float
    visits: Visits
    first_campaign: str
    derived: tuple[Derived, ...] = ()
    devices: tuple[float, ...] = (1.0,)
    windows: tuple[Window, ...] = ()
    budgets_of_ad_groups: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()

    @property
    def first_serial(self) -> int:
        """Where the serials of its accounts begin; what is drawn for an account follows from it."""
        given = self.accounts.first_serial
        return given if given is not None else zlib.crc32(self.platform.encode()) * 1_000_000

    @property
    def measures(self) -> tuple[str, ...]:
        """The names of all measures, in the order in which figures stand."""
        names = [*BASE_MEASURES, *(one.name for one in self.derived)]
        for window in self.windows:
            names.extend((f"conversions_hundredths_{window.name}", f"value_cents_{window.name}"))
        return tuple(names)

    def clicks(self, ads: int) -> float:
        """Returns how many clicks so many ads could usually have on a day."""
        return ads * self.paid_share * SESSIONS_PER_AD
