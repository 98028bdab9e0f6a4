"""The things of the business and their histories. Every value is what it was at some instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class History(Generic[T]):
    """A value and the instants (UTC) at which it became what it is, oldest first."""

    changes: tuple[tuple[datetime, T], ...]

    @classmethod
    def of(cls, created: datetime, value: T, *changes: tuple[datetime, T]) -> History[T]:
        """Builds a history from its first value and later changes, which may come unordered."""
        later = sorted(changes, key=lambda change: change[0])
        return cls(((created, value), *(change for change in later if change[0] > created)))

    @property
    def created(self) -> datetime:
        """When the value came into being."""
        return self.changes[0][0]

    def at(self, clock: datetime) -> T:
        """Returns the value as of a clock; before its creation, the first value."""
        value = self.changes[0][1]
        for instant, changed in self.changes:
            if instant > clock:
                break
            value = changed
        return value


@dataclass(frozen=True, slots=True)
class Organization:
    """A tenant: one company with its own shop and ad accounts."""

    id: str
    number: int
    name: str
    reporting_currency: str
    time_zone: str
    plan: str
    site: str
    products: tuple[str, ...]
    order_value_eur: float
    weekdays: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """One ad account: its money and its days are in its own currency and time zone.

    Attributes:
        id: As the platform writes it.
        serial: A number that no other account of the business has, whatever its platform.
        organization: Whose account it is.
        name: What people call it.
        currency: ISO code.
        time_zone: IANA name.
        units_per_eur: The level of its prices: units of its currency for one euro.
        platform: Where it is.
    """

    id: str
    serial: int
    organization: Organization
    name: str
    currency: str
    time_zone: str
    units_per_eur: float
    platform: str


@dataclass(frozen=True, slots=True)
class Ad:
    """One ad inside one ad group; the same ad id can stand in two ad groups of a campaign."""

    id: int
    name: str | None
    type: str
    final_urls: tuple[str, ...]
    image_url: str | None
    status: History[str]


@dataclass(frozen=True, slots=True)
class AdGroup:
    """One ad group."""

    id: int
    name: History[str]
    type: str | None
    cpc_bid_cents: int | None
    status: History[str]
    ads: tuple[Ad, ...]


@dataclass(frozen=True, slots=True)
class Campaign:
    """One campaign. `end` is its last day, None when it has none."""

    id: int
    name: History[str]
    status: History[str]
    channel: str
    start: date
    end: date | None
    budget_id: int
    budget_cents: History[int]
    ad_groups: tuple[AdGroup, ...]
