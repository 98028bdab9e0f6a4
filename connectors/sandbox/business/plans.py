"""What the accounts of an ad network hold, as data: names, ids, and what is done to them by script.

In every account one campaign is renamed, one paused and resumed, one removed, one starts late and
one ends, a budget grows, an ad group is renamed, ads are paused and removed. A network says in
which words, and when.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

Switches = Sequence[tuple[float, str]]
"""At which share of the business days a status becomes which, at the account's midnight."""
ACTIVE, PAUSED, REMOVED, ARCHIVED = "ACTIVE", "PAUSED", "REMOVED", "ARCHIVED"
"""The usual statuses; everything begins as active."""


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids of one kind of thing: the first, and how far apart two of an account are."""

    first: int
    step: int


@dataclass(frozen=True, slots=True)
class Spacing:
    """How much later than what stands above each thing is made."""

    campaign: timedelta = timedelta(minutes=7)
    ad_group: timedelta = timedelta(minutes=1)
    first_ad: timedelta = timedelta(seconds=30)
    ad: timedelta = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Renaming:
    """When something gets another name, and which: a template of its first `{name}`."""

    share: float
    hour: int
    to: str


@dataclass(frozen=True, slots=True)
class AdDraft:
    """An ad to be made, and what its name and its addresses are made of.

    Attributes:
        source: What the shop calls the network.
    """

    id: int
    type: str
    campaign: str
    group: int
    index: int
    site: str
    source: str


def slug_of(name: str, joint: str = "_") -> str:
    """Returns a name as it stands in an address: its words in small letters."""
    return joint.join(re.findall(r"[^\W_]+", name.lower()))


def paid_social(ad: AdDraft, page: str, slug: str) -> str:
    """Returns the address that an ad of a social network leads to, with its UTM parameters."""
    return (
        f"{ad.site}/{page}?utm_source={ad.source}&utm_medium=paid_social&utm_campaign={slug}"
        f"&utm_content={ad.id}"
    )


def picture(ad: AdDraft) -> str:
    """Returns the address of an ad's picture."""
    return f"{ad.site}/creatives/{ad.id}.jpg"


def tagged(ad: AdDraft) -> str:
    """Returns the address in the shop that an ad leads to, with where it comes from."""
    slug = slug_of(ad.campaign)
    return paid_social(ad, f"collections/{slug.partition('_')[0]}", slug)


def numbered(ad: AdDraft) -> str:
    """Returns the usual name of an ad."""
    return f"{ad.campaign} {ad.group + 1}-{ad.index + 1}"


_CAMPAIGN_STATUSES: Mapping[int, Switches] = {
    1: ((0.48, PAUSED), (0.60, ACTIVE)),
    2: ((0.74, REMOVED),),
    6: ((0.91, ARCHIVED),),
}
_AD_GROUP_STATUSES: Mapping[tuple[int, int], Switches] = {
    (0, 1): ((0.62, PAUSED), (0.68, ACTIVE)),
    (5, 0): ((0.80, REMOVED),),
}
_AD_STATUSES: Mapping[tuple[int, int, int], Switches] = {
    (0, 0, 0): ((0.70, PAUSED),),
    (0, 0, 1): ((0.52, ARCHIVED),),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What an account of a network holds; what is not given is as on many of them.

    Attributes:
        channels: The channel, or objective, of each campaign by its position, over and over.
        words: The network's words for the usual statuses, where they are others.
        campaign_ids, ad_group_ids, ad_ids: Their ids.
        ids_per_account: How far apart the ids of two accounts are.
        themes: What each is about; `{product}` is one of the organization's.
        campaign_name: A template of `{channel}`, `{theme}` and `{suffix}`, the number of the round.
        room: Each budget over what the campaign could usually spend; it is limited below 1.
        audiences: What ad groups are called by, in `ad_group_name` with their `{number}`.
        ad_group_types: By channel.
        ad_types: From a channel to the types that its ads take in turn.
        ad_name, ad_url, ad_image: What an ad has of its own; None where it has none.
        campaign_statuses, ad_group_statuses, ad_statuses: What becomes of the status of some, by
            their positions from the campaign down.
        created: When the account was set up: so many days before the first, and so much later.
        late_start: Campaign 3 starts at a share of the days; made at an hour, so many days before.
        early_end: The share of the days at which campaign 4 ends.
        budget_growth: The share and the hour at which the first budget grows, and how many halves
            of it are the new one.
        without_ad_groups: Channels whose campaigns have none.
        bidding: Channels whose ad groups bid.
        last_of_few: The channel of the last campaign of an account too small for every channel.
        budget_id: What to add to a campaign's id for its budget's.
        ad_stands_twice: Whether the last ad of a second ad group has the id of one of the first.
    """

    channels: Sequence[str]
    words: Mapping[str, str] = field(default_factory=dict)
    campaign_ids: Ids = Ids(100_000_007, 17)
    ad_group_ids: Ids = Ids(200_000_033, 13)
    ad_ids: Ids = Ids(300_000_007, 11)
    ids_per_account: int = 100_000
    themes: Sequence[str] = ("Hello", "{product}", "Gifts", "{product} for two", "Season")
    campaign_name: str = "{theme} / {channel}{suffix}"
    audiences: Sequence[str] = ("Broad", "Interests", "Lookalike", "Visitors")
    ad_group_name: str = "{audience} #{number}"
    ad_group_types: Mapping[str, str] = field(default_factory=dict)
    ad_types: Callable[[str], Sequence[str]] = lambda _: ("IMAGE", "VIDEO")
    ad_name: Callable[[AdDraft], str | None] = numbered
    ad_url: Callable[[AdDraft], str | None] = tagged
    campaign_statuses: Mapping[int, Switches] = field(default_factory=lambda: _CAMPAIGN_STATUSES)
    ad_group_statuses: Mapping[tuple[int, int], Switches] = field(
        default_factory=lambda: _AD_GROUP_STATUSES
    )
    ad_statuses: Mapping[tuple[int, int, int], Switches] = field(
        default_factory=lambda: _AD_STATUSES
    )
    campaign_renaming: Renaming = Renaming(0.43, 12, "{name} (2026)")
    ad_group_renaming: Renaming = Renaming(0.57, 10, "{name}, new")
    ad_image: Callable[[AdDraft], str | None] = picture
    room: Sequence[float] = (0.95, 1.3, 1.5, 1.4, 1.25, 1.35, 1.5)
    created: tuple[int, timedelta] = (40, timedelta(hours=13, minutes=4, seconds=59))
    spacing: Spacing = field(default_factory=Spacing)
    late_start: tuple[float, int, int] = (0.25, 11, 1)
    early_end: float = 0.80
    budget_growth: tuple[float, int, int] = (0.55, 9, 3)
    without_ad_groups: frozenset[str] = frozenset()
    bidding: frozenset[str] = frozenset()
    last_of_few: str | None = None
    budget_id: int = 0
    ad_stands_twice: bool = False

    def word(self, status: str) -> str:
        """Returns the network's word for a status."""
        return self.words.get(status, status)

    def channel(self, campaigns: int, number: int) -> str:
        """Returns the channel of a campaign by its position, in an account of so many."""
        few = 1 < campaigns < len(self.channels) - 1
        if self.last_of_few is not None and few and number == campaigns - 1:
            return self.last_of_few
        return self.channels[number % len(self.channels)]
