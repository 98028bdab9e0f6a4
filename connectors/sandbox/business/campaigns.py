"""What an ad account holds: campaigns, ad groups and ads, with the histories of each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from connectors.sandbox.business.calendar import local_instant, midnight
from connectors.sandbox.business.economics import Economics, bid_cents, budget_cents
from connectors.sandbox.business.entities import Account, Ad, AdGroup, Campaign, History
from connectors.sandbox.business.networks import Network
from connectors.sandbox.business.parameters import Parameters
from connectors.sandbox.business.plans import ACTIVE, AdDraft, Ids, Renaming, Switches


def campaigns(parameters: Parameters, account: Account, network: Network) -> tuple[Campaign, ...]:
    """Builds everything an account holds, over its whole history."""
    return tuple(_Builder(parameters, account, network).campaigns())


class _Builder:
    def __init__(self, parameters: Parameters, account: Account, network: Network) -> None:
        self._parameters = parameters
        self._account = account
        self._network = network
        self._plan = network.plan
        self._offset = (account.serial - network.first_serial) * self._plan.ids_per_account
        days, later = self._plan.created
        first = parameters.first_day - timedelta(days=days)
        self._created = midnight(account.time_zone, first) + later

    def campaigns(self) -> Iterator[Campaign]:
        for number in range(self._parameters.campaigns):
            yield self._campaign(number)

    def _campaign(self, number: int) -> Campaign:
        parameters, plan = self._parameters, self._plan
        share, hour, days = plan.late_start
        start = parameters.day_at(share) if number == 3 else parameters.first_day
        end = parameters.day_at(plan.early_end) if number == 4 else None
        created = self._created + plan.spacing.campaign * number
        if start > parameters.first_day:
            created = self._at(start, hour) - timedelta(days=days)
        channel = plan.channel(parameters.campaigns, number)
        name = self._name(number, channel)
        economics = self._network.economics(name, channel)
        id_ = self._id(plan.campaign_ids, number)
        return Campaign(
            id=id_,
            name=self._names(name, created, plan.campaign_renaming if number == 0 else None),
            status=self._statuses(created, plan.campaign_statuses.get(number, ())),
            channel=channel,
            start=start,
            end=end,
            budget_id=id_ + plan.budget_id,
            budget_cents=self._budgets(number, created, economics),
            ad_groups=tuple(self._ad_groups(number, channel, name, created, economics)),
        )

    def _name(self, number: int, channel: str) -> str:
        products, plan = self._account.organization.products, self._plan
        theme = plan.themes[number % len(plan.themes)].format(
            product=products[number % len(products)]
        )
        round_ = number // len(plan.channels)
        return plan.campaign_name.format(
            channel=channel.replace("_", " ").title(),
            theme=theme,
            suffix=f" {round_ + 1}" if round_ else "",
        )

    def _budgets(self, number: int, created: datetime, economics: Economics) -> History[int]:
        ads, room = self._parameters.ad_groups * self._parameters.ads, self._plan.room
        clicks = self._network.clicks(ads)
        cents = budget_cents(self._account, economics, clicks, room[number % len(room)])
        if number != 0:
            return History.of(created, cents)
        share, hour, halves = self._plan.budget_growth
        return History.of(created, cents, (self._at_share(share, hour), cents * halves // 2))

    def _ad_groups(
        self, number: int, channel: str, campaign: str, created: datetime, economics: Economics
    ) -> Iterator[AdGroup]:
        plan = self._plan
        if channel in plan.without_ad_groups:
            return
        for index in range(self._parameters.ad_groups):
            running = number * self._parameters.ad_groups + index
            audience = plan.audiences[index % len(plan.audiences)]
            name = plan.ad_group_name.format(audience=audience, number=index + 1)
            made = created + plan.spacing.ad_group * (1 + index)
            renaming = plan.ad_group_renaming if (number, index) == (1, 0) else None
            yield AdGroup(
                id=self._id(plan.ad_group_ids, running),
                name=self._names(name, made, renaming),
                type=plan.ad_group_types.get(channel),
                cpc_bid_cents=(
                    bid_cents(self._account, economics) if channel in plan.bidding else None
                ),
                status=self._statuses(made, plan.ad_group_statuses.get((number, index), ())),
                ads=tuple(self._ads(number, index, channel, campaign, made)),
            )

    def _ads(
        self, number: int, group: int, channel: str, campaign: str, made: datetime
    ) -> Iterator[Ad]:
        plan, per_group = self._plan, self._parameters.ads
        types = plan.ad_types(channel)
        for index in range(per_group):
            running = (number * self._parameters.ad_groups + group) * per_group + index
            if plan.ad_stands_twice and group == 1 and index == per_group - 1:
                # An ad id is unique inside its ad group only: this one stands in the first, too.
                running -= per_group
            draft = AdDraft(
                id=self._id(plan.ad_ids, running),
                type=types[index % len(types)],
                campaign=campaign,
                group=group,
                index=index,
                site=self._account.organization.site,
                source=self._network.visits.source,
            )
            url = plan.ad_url(draft)
            born = made + plan.spacing.first_ad + plan.spacing.ad * index
            yield Ad(
                id=draft.id,
                name=plan.ad_name(draft),
                type=draft.type,
                final_urls=() if url is None else (url,),
                image_url=plan.ad_image(draft),
                status=self._statuses(born, plan.ad_statuses.get((number, group, index), ())),
            )

    def _id(self, ids: Ids, running: int) -> int:
        return ids.first + self._offset + running * ids.step

    def _names(self, name: str, created: datetime, renaming: Renaming | None) -> History[str]:
        if renaming is None:
            return History.of(created, name)
        at = self._at_share(renaming.share, renaming.hour)
        return History.of(created, name, (at, renaming.to.format(name=name)))

    def _statuses(self, created: datetime, switches: Switches) -> History[str]:
        # Switches happen at the account's midnight, so that a day is either all on or all off.
        plan = self._plan
        changes = [(self._at_share(share), plan.word(status)) for share, status in switches]
        return History.of(created, plan.word(ACTIVE), *changes)

    def _at_share(self, share: float, hour: int = 0) -> datetime:
        return self._at(self._parameters.day_at(share), hour)

    def _at(self, day: date, hour: int) -> datetime:
        return local_instant(self._account.time_zone, day, time(hour))
