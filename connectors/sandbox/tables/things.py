"""The things of an ad account as of a clock: its campaigns, ad groups and ads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self, TypeVar, cast

from connectors.sandbox.business import Business
from connectors.sandbox.business.entities import Account, Ad, AdGroup, Campaign, History

LEVELS = ("account", "campaign", "ad_group", "ad")
T = TypeVar("T", bound="Thing")
Step = Campaign | AdGroup | Ad


@dataclass(frozen=True, slots=True)
class Thing:
    """An account, campaign, ad group or ad as of a clock; a platform's own kinds derive from it.

    Attributes:
        clock: As of when.
        account: Where it is.
        path: The campaign, the ad group and the ad that lead to it; an account has none.
    """

    clock: datetime
    account: Account
    path: tuple[Step, ...] = ()

    @property
    def campaign(self) -> Campaign:
        """The campaign that it is or belongs to."""
        return cast(Campaign, self.path[0])

    @property
    def ad_group(self) -> AdGroup:
        """The ad group that it is or belongs to."""
        return cast(AdGroup, self.path[1])

    @property
    def ad(self) -> Ad:
        """The ad that it is."""
        return cast(Ad, self.path[2])

    @property
    def id(self) -> str:
        """Its id; an account's as the platform writes it."""
        return str(self.path[-1].id) if self.path else self.account.id

    @property
    def name(self) -> str:
        """What it is called at the clock; an ad without a name has an empty one."""
        name = self.path[-1].name if self.path else self.account.name
        return name.at(self.clock) if isinstance(name, History) else name or ""

    @property
    def statuses(self) -> tuple[str, ...]:
        """The statuses at the clock of all from the campaign down to it."""
        return tuple(one.status.at(self.clock) for one in self.path)

    @property
    def created(self) -> datetime:
        """When it was made; no account of the business is older than the clock can be."""
        return self.path[-1].status.created if self.path else self.clock

    @property
    def changed(self) -> datetime:
        """When it was last changed before the clock."""
        own: Any = self.path[-1]
        histories = [getattr(own, name, None) for name in ("status", "name", "budget_cents")]
        changes = [at for one in histories if isinstance(one, History) for at, _ in one.changes]
        return max(at for at in changes if at <= self.clock)

    def above(self, level: str) -> Self:
        """Returns the thing of a higher level, or of its own, that it belongs to."""
        return replace(self, path=self.path[: LEVELS.index(level)])


def things(business: Business, account: Account, level: str, clock: datetime) -> list[Thing]:
    """Returns the things of an account that there are at a clock.

    Args:
        business: Whose.
        account: The account.
        level: One of `LEVELS`.
        clock: An aware instant.
    """
    return below(business, Thing(clock, account), level)


def below(business: Business, top: T, level: str) -> list[T]:
    """Returns the things of a level that are a thing or lie below it, and are there at its clock.

    Args:
        business: Whose.
        top: The thing; what is returned is of its kind.
        level: One of `LEVELS`, its own or a lower one.
    """
    depth = len(top.path)
    return [
        found
        for path in _paths(business.portfolio(top.account).campaigns, LEVELS.index(level))
        if path[:depth] == top.path and (found := replace(top, path=path)).created <= top.clock
    ]


def _paths(campaigns: tuple[Campaign, ...], depth: int) -> Iterator[tuple[Step, ...]]:
    if depth == 0:
        yield ()
        return
    for campaign in campaigns:
        if depth == 1:
            yield (campaign,)
        for ad_group in campaign.ad_groups if depth > 1 else ():
            if depth == 2:
                yield (campaign, ad_group)
            for ad in ad_group.ads if depth > 2 else ():
                yield (campaign, ad_group, ad)
