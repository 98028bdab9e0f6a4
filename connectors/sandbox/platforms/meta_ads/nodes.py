"""Nodes of the graph as of a clock: accounts, campaigns, ad sets, ads and creatives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import Self
from zoneinfo import ZoneInfo

from connectors.sandbox.business import Business
from connectors.sandbox.business.calendar import local_instant, midnight
from connectors.sandbox.business.entities import Account
from connectors.sandbox.tables.levels import add_days, days_between, sums
from connectors.sandbox.tables.things import LEVELS, Thing, below

KINDS = ("account", "campaign", "adset", "ad")
"""What the platform calls `things.LEVELS`; an ad's creative is a kind of its own."""
CREATIVE = "creative"
_STOPPED = ("DELETED", "ARCHIVED")


@dataclass(frozen=True, kw_only=True)
class Node(Thing):
    """One node as of a clock.

    Attributes:
        business: Where figures come from.
        is_creative: Whether it is the creative of an ad, not the ad.
    """

    business: Business
    is_creative: bool = False

    @property
    def kind(self) -> str:
        """One of `KINDS`, or `CREATIVE`."""
        return CREATIVE if self.is_creative else KINDS[len(self.path)]

    @property
    def id(self) -> str:
        """The node's id."""
        if self.is_creative:
            return str(1_200_000_000_000_000 + self.ad.id % 10**12)
        return super().id if self.path else f"act_{self.account.id}"

    @property
    def created(self) -> datetime:
        """When it was made."""
        if self.path:
            return super().created
        before = self.business.parameters.first_day - timedelta(days=400)
        return midnight(self.account.time_zone, before)

    @property
    def status(self) -> str:
        """What its owner set it to."""
        own = self.statuses[-1]
        return "ACTIVE" if own == "DISAPPROVED" else own

    @property
    def effective_status(self) -> str:
        """What it comes to, given what stands above it."""
        *above, own = self.statuses
        for stopped in _STOPPED:
            if stopped in self.statuses:
                return stopped
        for kind, status in zip(("CAMPAIGN_PAUSED", "ADSET_PAUSED"), above, strict=False):
            if (own, status) == ("ACTIVE", "PAUSED"):
                return kind
        return own

    @cached_property
    def zone(self) -> ZoneInfo:
        """The account's time zone."""
        return ZoneInfo(self.account.time_zone)

    def moment(self, instant: datetime) -> str:
        """Writes an instant as the platform does: the account's clock, no colon in the offset."""
        return instant.astimezone(self.zone).strftime("%Y-%m-%dT%H:%M:%S%z")

    def starts(self) -> datetime:
        """When its campaign begins."""
        return midnight(self.account.time_zone, self.campaign.start)

    def ends(self) -> datetime | None:
        """When its campaign ends; None when it does not."""
        end = self.campaign.end
        return None if end is None else local_instant(self.account.time_zone, end, time(23, 59, 59))

    def up(self, kind: str) -> Self | None:
        """Returns itself or what is above it by its kind; None where there is no such node."""
        if kind == CREATIVE:
            return replace(self, is_creative=True) if len(self.path) == len(KINDS) - 1 else None
        if kind not in KINDS[: len(self.path) + 1]:
            return None
        return replace(self, path=self.path[: KINDS.index(kind)], is_creative=False)


def nodes_below(node: Node, kind: str) -> list[Node]:
    """Returns the nodes of a kind at or below a node, oldest first, those that exist by now."""
    if kind == CREATIVE:
        return [replace(one, is_creative=True) for one in nodes_below(node, "ad")]
    return below(node.business, node, LEVELS[KINDS.index(kind)])


def find(tops: Iterator[Node], id_: str) -> Node | None:
    """Returns the node of an id in the accounts that can be reached; None when there is none."""
    for top in tops:
        for kind in (*KINDS[1:], CREATIVE):
            for node in nodes_below(top, kind):
                if node.id == id_:
                    return node
    return None


def spent_cents(node: Node) -> int:
    """Returns what an account has spent so far."""
    business = node.business
    portfolio = business.portfolio(node.account)
    last = min(business.parameters.end, node.clock.astimezone(node.zone).date())
    days = days_between(business.parameters.first_day, last)
    figures = add_days(business, node, sums(portfolio, node, "account"), days)
    return 0 if figures is None else int(figures[portfolio.measures.index("cost_cents")].sum())


def offset_hours(node: Node) -> float:
    """Returns how far an account's clock is ahead of UTC, in hours."""
    ahead = node.clock.astimezone(node.zone).utcoffset() or timedelta()
    hours = ahead / timedelta(hours=1)
    return int(hours) if hours == int(hours) else hours


def account_node(business: Business, account: Account, clock: datetime) -> Node:
    """Returns the node of an account."""
    return Node(clock=clock, account=account, business=business)
