"""What a Meta ad account holds: campaigns, ad sets and ads, with the histories of each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from connectors.sandbox.business.calendar import local_instant, midnight
from connectors.sandbox.business.economics import META, budget_cents
from connectors.sandbox.business.entities import Account, Ad, AdGroup, Campaign, History
from connectors.sandbox.business.parameters import Parameters

_OBJECTIVES = (
    "OUTCOME_SALES",
    "OUTCOME_SALES",
    "OUTCOME_TRAFFIC",
    "OUTCOME_SALES",
    "OUTCOME_ENGAGEMENT",
    "OUTCOME_AWARENESS",
    "OUTCOME_LEADS",
)
_THEMES = (
    "Prospecting",
    "Retargeting",
    "{product}",
    "{product} launch",
    "Community",
    "Brand film",
    "Newsletter",
)
_GOALS = {
    "OUTCOME_SALES": "OFFSITE_CONVERSIONS",
    "OUTCOME_TRAFFIC": "LINK_CLICKS",
    "OUTCOME_ENGAGEMENT": "POST_ENGAGEMENT",
    "OUTCOME_AWARENESS": "REACH",
    "OUTCOME_LEADS": "LEAD_GENERATION",
}
# Budgets over what the campaigns could usually spend: the first is held short until it grows.
_ROOM = (0.95, 1.3, 1.6, 1.4, 1.25, 1.35, 1.5)
_AUDIENCES = ("Broad", "Lookalike 1%", "Engaged 180d", "Cart 14d", "Interests")
_FORMATS = ("VIDEO", "PHOTO", "SHARE")
# Ids of 17 digits, as the platform's are: more than a double can hold.
_FIRST_CAMPAIGN_ID = 23_846_710_000_000_041
_FIRST_AD_SET_ID = 23_846_720_000_000_073
_FIRST_AD_ID = 23_846_730_000_000_059
_IDS_PER_ACCOUNT = 20_000_000


def campaigns(parameters: Parameters, account: Account) -> tuple[Campaign, ...]:
    """Builds everything an account holds, over its whole history."""
    return tuple(_Builder(parameters, account).campaigns())


class _Builder:
    def __init__(self, parameters: Parameters, account: Account) -> None:
        self._parameters = parameters
        self._account = account
        self._offset = account.organization.number * _IDS_PER_ACCOUNT
        self._created = midnight(
            account.time_zone, parameters.first_day - timedelta(days=40)
        ) + timedelta(hours=13, minutes=4, seconds=59)

    def campaigns(self) -> Iterator[Campaign]:
        for number in range(self._parameters.campaigns):
            yield self._campaign(number)

    def _campaign(self, number: int) -> Campaign:
        parameters = self._parameters
        start = parameters.day_at(0.25) if number == 3 else parameters.first_day
        end = parameters.day_at(0.80) if number == 4 else None
        created = self._created + timedelta(minutes=7 * number)
        if start > parameters.first_day:
            created = self._at(start, 11) - timedelta(days=1)
        objective = _OBJECTIVES[number % len(_OBJECTIVES)]
        name = self._name(number)
        id_ = _FIRST_CAMPAIGN_ID + self._offset + number * 10_000
        return Campaign(
            id=id_,
            name=self._names(number, created, name),
            status=self._statuses(number, created),
            channel=objective,
            start=start,
            end=end,
            budget_id=id_,
            budget_cents=self._budgets(number, created, objective),
            ad_groups=tuple(self._ad_sets(number, objective, name, created)),
        )

    def _name(self, number: int) -> str:
        products = self._account.organization.products
        theme = _THEMES[number % len(_THEMES)].format(product=products[number % len(products)])
        round_ = number // len(_THEMES)
        return f"{theme} – always on" + (f" {round_ + 1}" if round_ else "")

    def _names(self, number: int, created: datetime, name: str) -> History[str]:
        if number != 0:
            return History.of(created, name)
        return History.of(created, name, (self._at_share(0.40, 15), f"{name} 🚀 v2"))

    def _statuses(self, number: int, created: datetime) -> History[str]:
        # Switches happen at the account's midnight, so that a day is either all on or all off.
        changes: dict[int, tuple[tuple[datetime, str], ...]] = {
            1: ((self._at_share(0.50), "PAUSED"), (self._at_share(0.62), "ACTIVE")),
            2: ((self._at_share(0.72), "ARCHIVED"),),
            5: ((self._at_share(0.83), "DELETED"),),
            6: ((self._at_share(0.90), "PAUSED"),),
        }
        return History.of(created, "ACTIVE", *changes.get(number, ()))

    def _budgets(self, number: int, created: datetime, objective: str) -> History[int]:
        ads = self._parameters.ad_groups * self._parameters.ads
        cents = budget_cents(self._account, META[objective], ads, _ROOM[number % len(_ROOM)])
        if number != 0:
            return History.of(created, cents)
        return History.of(created, cents, (self._at_share(0.55, 9), cents * 3 // 2))

    def _ad_sets(
        self, number: int, objective: str, campaign: str, created: datetime
    ) -> Iterator[AdGroup]:
        for index in range(self._parameters.ad_groups):
            running = number * self._parameters.ad_groups + index
            name = f"{_AUDIENCES[index % len(_AUDIENCES)]} | {index + 1:02d}"
            names: tuple[tuple[datetime, str], ...] = ()
            statuses: tuple[tuple[datetime, str], ...] = ()
            if (number, index) == (1, 0):
                names = ((self._at_share(0.58, 17), f"{name} (25-54)"),)
            if (number, index) == (0, 1):
                statuses = ((self._at_share(0.66), "PAUSED"), (self._at_share(0.70), "ACTIVE"))
            made = created + timedelta(minutes=1 + index)
            yield AdGroup(
                id=_FIRST_AD_SET_ID + self._offset + running * 20,
                name=History.of(made, name, *names),
                type=_GOALS[objective],
                cpc_bid_cents=None,
                status=History.of(made, "ACTIVE", *statuses),
                ads=tuple(self._ads(number, index, campaign, made)),
            )

    def _ads(self, number: int, ad_set: int, campaign: str, made: datetime) -> Iterator[Ad]:
        changes = {
            (0, 0, 0): (self._at_share(0.68), "PAUSED"),
            (0, 0, 1): (self._at_share(0.48), "DELETED"),
            (1, 1, 0): (self._at_share(0.78), "DISAPPROVED"),
            (3, 0, 0): (self._at_share(0.74), "ARCHIVED"),
        }
        site = self._account.organization.site
        slug = "_".join(campaign.lower().replace("–", " ").split())
        for index in range(self._parameters.ads):
            running = (number * self._parameters.ad_groups + ad_set) * self._parameters.ads + index
            id_ = _FIRST_AD_ID + self._offset + running * 10
            change = changes.get((number, ad_set, index))
            format_ = _FORMATS[index % len(_FORMATS)]
            url = (
                f"{site}/{slug.split('_', 1)[0]}?utm_source=facebook&utm_medium=paid_social"
                f"&utm_campaign={slug}&utm_content={id_}"
            )
            yield Ad(
                id=id_,
                name=f"{campaign} – {format_.title()} {ad_set + 1}.{index + 1}",
                type=format_,
                final_urls=(url,),
                image_url=f"{site}/creatives/{id_}.jpg",
                status=History.of(
                    made + timedelta(seconds=30 + index), "ACTIVE", *((change,) if change else ())
                ),
            )

    def _at_share(self, share: float, hour: int = 0) -> datetime:
        return self._at(self._parameters.day_at(share), hour)

    def _at(self, day: date, hour: int) -> datetime:
        return local_instant(self._account.time_zone, day, time(hour))
