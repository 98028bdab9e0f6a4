"""What an ad account holds: campaigns, ad groups and ads, with the histories of each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from connectors.sandbox.business.calendar import local_instant, midnight
from connectors.sandbox.business.economics import (
    Economics,
    bid_cents,
    budget_cents,
    google_economics,
)
from connectors.sandbox.business.entities import (
    Account,
    Ad,
    AdGroup,
    Campaign,
    History,
)
from connectors.sandbox.business.parameters import Parameters

PERFORMANCE_MAX = "PERFORMANCE_MAX"
_CHANNELS = (
    "SEARCH",
    "SEARCH",
    "SHOPPING",
    "DISPLAY",
    "VIDEO",
    PERFORMANCE_MAX,
    "DEMAND_GEN",
)
_THEMES = (
    "Brand",
    "{product}",
    "{product}",
    "Remarketing",
    "{product}",
    "All Products",
    "{product}",
)
# Demand Gen ad groups have no type: the platform keeps UNSPECIFIED, which JSON leaves out.
_AD_GROUP_TYPES = {
    "SEARCH": "SEARCH_STANDARD",
    "SHOPPING": "SHOPPING_PRODUCT_ADS",
    "DISPLAY": "DISPLAY_STANDARD",
    "VIDEO": "VIDEO_RESPONSIVE",
}
_AD_TYPES = {
    "SEARCH": ("RESPONSIVE_SEARCH_AD",),
    "SHOPPING": ("SHOPPING_PRODUCT_AD",),
    "DISPLAY": ("IMAGE_AD", "RESPONSIVE_DISPLAY_AD"),
    "VIDEO": ("VIDEO_RESPONSIVE_AD",),
    "DEMAND_GEN": ("DEMAND_GEN_MULTI_ASSET_AD",),
}
# Budgets over what the campaigns could usually spend: the first is held short until it doubles.
_ROOM = (0.85, 1.3, 1.5, 1.6, 1.35, 1.15, 1.4)
_AUDIENCES = ("Core", "Discovery", "Loyal", "Lookalike", "Seasonal")
_FIRST_CAMPAIGN_ID = 20_000_000_000
_FIRST_AD_GROUP_ID = 150_000_000_000
_FIRST_AD_ID = 700_000_000_000
_IDS_PER_ACCOUNT = 10_000_000


def channel_of(parameters: Parameters, number: int) -> str:
    """Returns the channel of a campaign by its position; an account of two has Performance Max."""
    few = len(_CHANNELS) - 1
    if 1 < parameters.campaigns < few and number == parameters.campaigns - 1:
        return PERFORMANCE_MAX
    return _CHANNELS[number % len(_CHANNELS)]


def campaigns(parameters: Parameters, account: Account) -> tuple[Campaign, ...]:
    """Builds everything an account holds, over its whole history."""
    return tuple(_Builder(parameters, account).campaigns())


class _Builder:
    def __init__(self, parameters: Parameters, account: Account) -> None:
        self._parameters = parameters
        self._account = account
        self._created = midnight(
            account.time_zone, parameters.first_day - timedelta(days=30)
        ) + timedelta(hours=9)

    def campaigns(self) -> Iterator[Campaign]:
        for number in range(self._parameters.campaigns):
            yield self._campaign(number)

    def _campaign(self, number: int) -> Campaign:
        parameters = self._parameters
        id_ = _FIRST_CAMPAIGN_ID + self._account.serial * _IDS_PER_ACCOUNT + number * 7 + 1
        channel = channel_of(parameters, number)
        start, end = parameters.first_day, None
        if number == 3:
            start = parameters.day_at(0.30)
        if number == 4:
            end = parameters.day_at(0.85)
        created = self._created
        if start > parameters.first_day:
            created = self._at(start, 9) - timedelta(days=2)
        name = self._name(number, channel)
        return Campaign(
            id=id_,
            name=self._names(number, created, name),
            status=self._statuses(number, created),
            channel=channel,
            start=start,
            end=end,
            budget_id=id_ + 3,
            budget_cents=self._budgets(number, created, google_economics(name, channel)),
            ad_groups=tuple(self._ad_groups(number, channel, name, created)),
        )

    def _name(self, number: int, channel: str) -> str:
        products = self._account.organization.products
        theme = _THEMES[number % len(_THEMES)].format(product=products[number % len(products)])
        round_ = number // len(_CHANNELS)
        suffix = f" {round_ + 1}" if round_ else ""
        return f"{channel.replace('_', ' ').title()} | {theme}{suffix}"

    def _names(self, number: int, created: datetime, name: str) -> History[str]:
        if number != 0:
            return History.of(created, name)
        return History.of(created, name, (self._at_share(0.45, 10), f"{name} (always on)"))

    def _statuses(self, number: int, created: datetime) -> History[str]:
        # Switches happen at the account's midnight, so that a day is either all on or all off.
        changes: dict[int, tuple[tuple[datetime, str], ...]] = {
            1: ((self._at_share(0.55), "PAUSED"), (self._at_share(0.65), "ENABLED")),
            2: ((self._at_share(0.75), "REMOVED"),),
            6: ((self._at_share(0.92), "PAUSED"),),
        }
        return History.of(created, "ENABLED", *changes.get(number, ()))

    def _budgets(self, number: int, created: datetime, economics: Economics) -> History[int]:
        ads = self._parameters.ad_groups * self._parameters.ads
        cents = budget_cents(self._account, economics, ads, _ROOM[number % len(_ROOM)])
        if number != 0:
            return History.of(created, cents)
        return History.of(created, cents, (self._at_share(0.5, 14), cents * 2))

    def _ad_groups(
        self, number: int, channel: str, campaign: str, created: datetime
    ) -> Iterator[AdGroup]:
        if channel == PERFORMANCE_MAX:
            return
        per_campaign = self._parameters.ad_groups
        for index in range(per_campaign):
            running = number * per_campaign + index
            name = f"{_AUDIENCES[index % len(_AUDIENCES)]} {index + 1:02d}"
            changes: tuple[tuple[datetime, str], ...] = ()
            if number == 1 and index == 0:
                changes = ((self._at_share(0.6, 16), f"{name} (broad)"),)
            economics = google_economics(campaign, channel)
            bid = bid_cents(self._account, economics) if channel == "SEARCH" else None
            yield AdGroup(
                id=_FIRST_AD_GROUP_ID + self._account.serial * _IDS_PER_ACCOUNT + running * 3 + 1,
                name=History.of(created, name, *changes),
                type=_AD_GROUP_TYPES.get(channel),
                cpc_bid_cents=bid,
                status=History.of(created, "ENABLED"),
                ads=tuple(self._ads(number, index, channel, campaign, created)),
            )

    def _ads(
        self, number: int, group: int, channel: str, campaign: str, created: datetime
    ) -> Iterator[Ad]:
        per_group = self._parameters.ads
        for index in range(per_group):
            running = (number * self._parameters.ad_groups + group) * per_group + index
            if group == 1 and index == per_group - 1:
                # An ad id is unique inside its ad group only: this one stands in the first, too.
                running -= per_group
            id_ = _FIRST_AD_ID + self._account.serial * _IDS_PER_ACCOUNT + running * 11 + 1
            types = _AD_TYPES[channel]
            yield self._ad(
                id_, types[index % len(types)], campaign, (number, group, index), created
            )

    def _ad(
        self, id_: int, type_: str, campaign: str, place: tuple[int, int, int], created: datetime
    ) -> Ad:
        changes = {
            (0, 0, 0): ((self._at_share(0.70), "PAUSED"),),
            (0, 0, 1): ((self._at_share(0.50), "REMOVED"),),
        }
        site = self._account.organization.site
        image = f"{site}/creatives/{id_}.jpg" if type_ == "IMAGE_AD" else None
        named = type_ not in ("RESPONSIVE_SEARCH_AD", "SHOPPING_PRODUCT_AD")
        return Ad(
            id=id_,
            name=f"{campaign} - {place[1] + 1}.{place[2] + 1}" if named else None,
            type=type_,
            final_urls=() if type_ == "SHOPPING_PRODUCT_AD" else (self._url(id_, type_, campaign),),
            image_url=image,
            status=History.of(created, "ENABLED", *changes.get(place, ())),
        )

    def _url(self, ad_id: int, type_: str, campaign: str) -> str:
        slug = "_".join(campaign.lower().replace("|", " ").split())
        page = slug.split("_", 1)[-1].replace("_", "-")
        term = f"&utm_term={page}" if type_ == "RESPONSIVE_SEARCH_AD" else ""
        return (
            f"{self._account.organization.site}/{page}?utm_source=google&utm_medium=cpc"
            f"&utm_campaign={slug}{term}&utm_content={ad_id}"
        )

    def _at_share(self, share: float, hour: int = 0) -> datetime:
        return self._at(self._parameters.day_at(share), hour)

    def _at(self, day: date, hour: int) -> datetime:
        return local_instant(self._account.time_zone, day, time(hour))
