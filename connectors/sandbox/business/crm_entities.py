"""The things of an organization's sales: people, companies, deals, who looks after them.

Instants are seconds since 1970 UTC; what never happens is at NEVER.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from connectors.sandbox.business.entities import Account, Campaign, Organization
from connectors.sandbox.business.shop_entities import NEVER

FORM_AD, AD_VISIT, SEARCH, REFERRAL, DIRECT, OFFLINE, SHOP, IMPORT = (
    "form_ad", "ad_visit", "search", "referral", "direct", "offline", "shop", "import",
)  # fmt: skip
"""Where people come from. Who comes from the shop has bought already, and is no lead."""
OPEN, WON, LOST = "open", "won", "lost"


@dataclass(frozen=True, slots=True)
class CrmSystem:
    """What sets one system for sales apart from another.

    Attributes:
        platform: Its name.
        organizations: Who sells with it.
        account_id: From an organization to the id of its account.
        ids: From a kind of thing (`person`, `company`, `deal`, `owner`, `pipeline`, `stage`,
            `form`) and its number to the id that the platform gives it. Those of people ascend.
        gives_new_ids: Whether some of those that stay after a merge get an id of their own.
    """

    platform: str
    organizations: tuple[str, ...]
    account_id: Callable[[Organization], str]
    ids: Callable[[str, int], str]
    gives_new_ids: bool = False


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of a pipeline; `per_mille` is how many of 1,000 deals in it are won."""

    number: int
    name: str
    order: int
    per_mille: int
    outcome: str = OPEN


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A way that deals go, stage by stage; the last two are won and lost."""

    number: int
    name: str
    stages: tuple[Stage, ...]


@dataclass(frozen=True, slots=True)
class Owner:
    """Who looks after deals; `left` is when it no longer works there."""

    number: int
    first_name: str
    last_name: str
    email: str
    left: int = NEVER


@dataclass(frozen=True, slots=True)
class Company:
    """A company that people work for."""

    number: int
    name: str
    domain: str
    industry: str
    country: str
    employees: int
    created: int


@dataclass(frozen=True, slots=True)
class Origin:
    """Where somebody came from.

    Attributes:
        kind: FORM_AD, AD_VISIT or another of them.
        account, campaign: The ad account and its campaign, of who came by an ad.
    """

    kind: str
    account: Account | None = None
    campaign: Campaign | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the organization sells to, or wants to.

    Attributes:
        company: The number of its company, -1 for none.
        customer: The customer's place in the shop's ledger, of who came from the shop.
        into: The number of the person that it turns out to be, at `merged`; -1 for none.
        archived, restored: Between these it is in the bin.
        touched: When something is changed that no column of ours shows.
    """

    number: int
    first_name: str
    last_name: str
    email: str
    company: int
    customer: int | None
    origin: Origin
    created: int
    into: int = -1
    merged: int = NEVER
    archived: int = NEVER
    restored: int = NEVER
    touched: int = NEVER

    def in_bin(self, clock: int) -> bool:
        """Says whether it is in the bin as of a clock."""
        return self.archived <= clock < self.restored


@dataclass(frozen=True, slots=True)
class Deal:
    """Something that may be sold.

    Attributes:
        people: Numbers of those whom it is sold to, the one that was first known at the front.
        moves: When it came to which stage, oldest first; it may come to a stage again.
        amounts: What it was thought to be worth, in cents, from when on.
        closings: The day on which it was thought to close, from when on.
        owners: The numbers of who looked after it, from when on.
        archived: From when on it is in the bin.
    """

    number: int
    name: str
    pipeline: Pipeline
    company: int
    people: tuple[int, ...]
    created: int
    moves: tuple[tuple[int, Stage], ...]
    amounts: tuple[tuple[int, int], ...]
    closings: tuple[tuple[int, date], ...]
    owners: tuple[tuple[int, int], ...]
    currency: str
    archived: int = NEVER

    def stage(self, clock: int) -> Stage:
        """Returns the stage that it is in as of a clock."""
        return [stage for at, stage in self.moves if at <= clock][-1]

    def closed(self, clock: int) -> int:
        """Returns when it was won or lost, as of a clock; NEVER while it is open."""
        at, stage = [one for one in self.moves if one[0] <= clock][-1]
        return NEVER if stage.outcome == OPEN else at

    def updated(self, clock: int) -> int:
        """Returns when it last changed as of a clock."""
        changes = (*self.moves, *self.amounts, *self.closings, *self.owners)
        instants = [self.created, self.archived, *(one[0] for one in changes)]
        return max(at for at in instants if at <= clock)
