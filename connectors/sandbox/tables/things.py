"""The things of an ad account as of a clock: its campaigns, ad groups and ads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from connectors.sandbox.business import Business
from connectors.sandbox.business.entities import Account, Ad, AdGroup, Campaign, History

LEVELS = ("account", "campaign", "ad_group", "ad")


@dataclass(frozen=True, slots=True)
class Thing:
    """An account, campaign, ad group or ad as of a clock.

    Attributes:
        clock: As of when.
        account: Where it is.
        path: The campaign, the ad group and the ad that lead to it; an account has none.
    """

    clock: datetime
    account: Account
    path: tuple[Campaign | AdGroup | Ad, ...] = ()

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

    def above(self, level: str) -> Thing:
        """Returns the thing of a higher level, or of its own, that it belongs to."""
        return Thing(self.clock, self.account, self.path[: LEVELS.index(level)])


def things(business: Business, account: Account, level: str, clock: datetime) -> list[Thing]:
    """Returns the things of an account that there are at a clock.

    Args:
        business: Whose.
        account: The account.
        level: One of `LEVELS`.
        clock: An aware instant.
    """
    paths = _paths(business.portfolio(account).campaigns, LEVELS.index(level))
    found = (Thing(clock, account, path) for path in paths)
    return [one for one in found if one.created <= clock]


def _paths(
    campaigns: tuple[Campaign, ...], depth: int
) -> Iterator[tuple[Campaign | AdGroup | Ad, ...]]:
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
