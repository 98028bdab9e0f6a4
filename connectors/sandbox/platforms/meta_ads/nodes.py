"""Nodes of the graph as of a clock: accounts, campaigns, ad sets, ads and creatives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from connectors.sandbox.business import Business
from connectors.sandbox.business.calendar import local_instant, midnight
from connectors.sandbox.business.entities import Account, Ad, AdGroup, Campaign, History
from connectors.sandbox.platforms.meta_ads.network import NETWORK

# Objectives whose campaigns leave the budget to their ad sets.
BUDGET_ON_AD_SETS = NETWORK.budgets_of_ad_groups
_STOPPED = ("DELETED", "ARCHIVED")


@dataclass(frozen=True)
class Node:
    """One node as of a clock.

    Attributes:
        kind: `account`, `campaign`, `adset`, `ad` or `creative`.
        business: Where figures come from.
        clock: As of when.
        account: Its account.
        campaign, ad_set, ad: What it is below, or is itself.
    """

    kind: str
    business: Business
    clock: datetime
    account: Account
    campaign: Campaign | None = None
    ad_set: AdGroup | None = None
    ad: Ad | None = None

    @property
    def id(self) -> str:
        """The node's id."""
        if self.kind == "creative":
            return str(1_200_000_000_000_000 + self.the_ad.id % 10**12)
        if self.kind == "ad":
            return str(self.the_ad.id)
        if self.kind == "adset":
            return str(self.the_ad_set.id)
        if self.kind == "campaign":
            return str(self.the_campaign.id)
        return f"act_{self.account.id}"

    @property
    def the_campaign(self) -> Campaign:
        """The campaign, of a node that has one."""
        assert self.campaign is not None
        return self.campaign

    @property
    def the_ad_set(self) -> AdGroup:
        """The ad set, of a node that has one."""
        assert self.ad_set is not None
        return self.ad_set

    @property
    def the_ad(self) -> Ad:
        """The ad, of a node that has one."""
        assert self.ad is not None
        return self.ad

    @property
    def histories(self) -> list[History[Any]]:
        """What about the node itself can change."""
        if self.kind in ("ad", "creative"):
            return [self.the_ad.status]
        if self.kind == "adset":
            return [self.the_ad_set.name, self.the_ad_set.status]
        if self.kind == "campaign":
            one = self.the_campaign
            return [one.name, one.status, one.budget_cents]
        return []

    @property
    def created(self) -> datetime:
        """When it was made."""
        histories = self.histories
        if histories:
            return histories[0].created
        parameters = self.business.parameters
        return midnight(self.account.time_zone, parameters.first_day - timedelta(days=400))

    @property
    def updated(self) -> datetime:
        """When it last became what it is."""
        changes = [
            instant
            for history in self.histories
            for instant, _ in history.changes
            if instant <= self.clock
        ]
        return max(changes, default=self.created)

    @property
    def name(self) -> str:
        """Its name."""
        if self.kind in ("ad", "creative"):
            return self.the_ad.name or ""
        if self.kind == "adset":
            return self.the_ad_set.name.at(self.clock)
        if self.kind == "campaign":
            return self.the_campaign.name.at(self.clock)
        return self.account.name

    @property
    def status(self) -> str:
        """What its owner set it to."""
        status = self._own_status
        return "ACTIVE" if status == "DISAPPROVED" else status

    @property
    def effective_status(self) -> str:
        """What it comes to, given what stands above it."""
        own = self._own_status
        above = [one._own_status for one in self._above]
        for stopped in _STOPPED:
            if stopped in (own, *above):
                return stopped
        if own != "ACTIVE":
            return own
        for kind, status in zip(("CAMPAIGN_PAUSED", "ADSET_PAUSED"), above, strict=False):
            if status == "PAUSED":
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
        return midnight(self.account.time_zone, self.the_campaign.start)

    def ends(self) -> datetime | None:
        """When its campaign ends; None when it does not."""
        end = self.the_campaign.end
        return None if end is None else local_instant(self.account.time_zone, end, time(23, 59, 59))

    @property
    def exists(self) -> bool:
        """Says whether it has been made by now."""
        return self.created <= self.clock

    @property
    def up(self) -> dict[str, Node]:
        """The nodes above it, by kind, and itself."""
        found = {"account": replace(self, kind="account", campaign=None, ad_set=None, ad=None)}
        if self.campaign is not None:
            found["campaign"] = replace(self, kind="campaign", ad_set=None, ad=None)
        if self.ad_set is not None:
            found["adset"] = replace(self, kind="adset", ad=None)
        if self.ad is not None:
            found["ad"] = replace(self, kind="ad")
            found["creative"] = replace(self, kind="creative")
        return found

    @property
    def _own_status(self) -> str:
        if self.kind == "campaign":
            return self.the_campaign.status.at(self.clock)
        if self.kind == "adset":
            return self.the_ad_set.status.at(self.clock)
        if self.kind == "creative":
            return "ACTIVE"
        return self.the_ad.status.at(self.clock)

    @property
    def _above(self) -> list[Node]:
        kinds = {"adset": ("campaign",), "ad": ("campaign", "adset")}.get(self.kind, ())
        return [self.up[kind] for kind in kinds]


def account_node(business: Business, account: Account, clock: datetime) -> Node:
    """Returns the node of an account."""
    return Node("account", business, clock, account)


def below(node: Node, kind: str) -> Iterator[Node]:
    """Yields the nodes of a kind at or below a node, oldest first, those that exist by now."""
    for campaign in node.business.portfolio(node.account).campaigns:
        if node.campaign is not None and node.campaign.id != campaign.id:
            continue
        top = replace(node, kind="campaign", campaign=campaign, ad_set=None, ad=None)
        if kind == "campaign":
            yield from _existing(top)
            continue
        for ad_set in campaign.ad_groups:
            if node.ad_set is not None and node.ad_set.id != ad_set.id:
                continue
            middle = replace(top, kind="adset", ad_set=ad_set)
            if kind == "adset":
                yield from _existing(middle)
                continue
            for ad in ad_set.ads:
                if node.ad is None or node.ad.id == ad.id:
                    yield from _existing(replace(middle, kind=kind, ad=ad))


def _existing(node: Node) -> Iterator[Node]:
    if node.exists:
        yield node


def find(business: Business, accounts: list[Account], id_: str, clock: datetime) -> Node | None:
    """Returns the node of an id among the accounts that can be reached; None when there is none."""
    for account in accounts:
        top = account_node(business, account, clock)
        for kind in ("campaign", "adset", "ad", "creative"):
            for node in below(top, kind):
                if node.id == id_:
                    return node
    return None


def spent_cents(node: Node) -> int:
    """Returns what an account has spent so far."""
    business, total = node.business, 0
    place = list(business.portfolio(node.account).measures).index("cost_cents")
    day = business.parameters.first_day
    last = min(business.parameters.end, node.clock.astimezone(node.zone).date())
    while day <= last:
        shown = business.shown(node.account, day, node.clock)
        if shown is not None:
            total += int(shown[place].sum())
        day += timedelta(days=1)
    return total


def offset_hours(node: Node) -> float:
    """Returns how far an account's clock is ahead of UTC, in hours."""
    ahead = node.clock.astimezone(node.zone).utcoffset() or timedelta()
    hours = ahead / timedelta(hours=1)
    return int(hours) if hours == int(hours) else hours


Reader = Callable[[Node], Any]
