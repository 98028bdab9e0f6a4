"""The truth of an ad platform, alike for all of them: what it holds and what that came to.

Worked out from the units of the business with Python's integers and decimals. A platform names the
levels it answers and what stands beside the core columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from connectors.sandbox.business import Business
from connectors.sandbox.business.entities import Account, Ad, AdGroup, Campaign
from connectors.sandbox.business.portfolio import Unit
from connectors.sandbox.truth.question import Answer, Question, Row

CENT = Decimal("0.01")
WITHOUT_HOURS = (
    "accounts", "campaigns", "ad_groups", "ads", "account_day", "campaign_day", "ad_group_day",
    "ad_day",
)  # fmt: skip
"""The levels of a platform that shows no hours."""


def whose(account: Account) -> Row:
    """Returns the columns that say whose a row is."""
    return {
        "organization_id": account.organization.id,
        "platform": account.platform,
        "account_id": account.id,
        "currency": account.currency,
    }


def accounts_asked(business: Business, question: Question, platform: str) -> Iterator[Account]:
    """Yields the accounts of a platform that a question is about."""
    for account in business.people.accounts_on(platform):
        if question.account in (None, account.id):
            yield account


def days_asked(business: Business, question: Question) -> Iterator[date]:
    """Yields the business days that a question is about."""
    day = max(question.first or business.parameters.first_day, business.parameters.first_day)
    last = min(question.last or business.parameters.end, business.parameters.end)
    while day <= last:
        yield day
        day += timedelta(days=1)


def groups(
    business: Business, account: Account, keys: Callable[[Unit], Row | None]
) -> list[tuple[Row, list[int]]]:
    """Returns each distinct key of an account's units with the positions of its units."""
    grouped: dict[tuple[str, ...], tuple[Row, list[int]]] = {}
    for position, unit in enumerate(business.portfolio(account).units):
        key = keys(unit)
        if key is not None:
            grouped.setdefault(tuple(key.values()), (key, []))[1].append(position)
    return list(grouped.values())


def core(figures: dict[str, int]) -> Row:
    """Returns the columns that every ad platform answers with, money and credit as exact text."""
    return {
        "impressions": figures["impressions"],
        "clicks": figures["clicks"],
        "cost": str(figures["cost_cents"] * CENT),
        "conversions": str(figures["conversions_hundredths"] * CENT),
        "conversions_value": str(figures["value_cents"] * CENT),
    }


def campaign_key(unit: Unit) -> Row | None:
    """Returns the key of a unit's campaign."""
    return {"campaign_id": str(unit.campaign.id)}


def ad_group_key(unit: Unit) -> Row | None:
    """Returns the key of a unit's ad group; None where it has none."""
    if unit.ad_group is None:
        return None
    return {"campaign_id": str(unit.campaign.id), "ad_group_id": str(unit.ad_group.id)}


def ad_key(unit: Unit) -> Row | None:
    """Returns the key of a unit's ad; None where it has none."""
    above = ad_group_key(unit)
    return None if above is None or unit.ad is None else {**above, "ad_id": str(unit.ad.id)}


@dataclass(frozen=True, slots=True)
class AdsTruth:
    """The answers of one ad platform.

    Attributes:
        platform: Its name.
        more: From the sums of a row, by measure, to the columns beside the core ones.
        describe: From a campaign and a clock to the columns beside the core ones.
        standing: From the statuses of a thing and of all above it, the topmost first, to the
            columns that say how it stands.
        silent: How many of the last measures make no row by themselves.
        hours_need_impressions: Whether what happened on a day without an impression has no hour.
    """

    platform: str
    more: Callable[[dict[str, int]], Row] = lambda _: {}
    describe: Callable[[Campaign, datetime], Row] = lambda *_: {}
    standing: Callable[[tuple[str, ...]], Row] = lambda statuses: {"status": statuses[-1]}
    silent: int = 0
    hours_need_impressions: bool = False

    def levels(self, *names: str) -> dict[str, Answer]:
        """Returns the answers by level: all of them, or those that are named."""
        answers = {
            "accounts": self._accounts,
            "campaigns": self._campaigns,
            "ad_groups": self._ad_groups,
            "ads": self._ads,
            "account_day": self.daily(lambda _: {}),
            "campaign_day": self.daily(campaign_key),
            "ad_group_day": self.daily(ad_group_key),
            "ad_day": self.daily(ad_key),
            "campaign_hour": self._campaign_hours,
        }
        return {one: answers[one] for one in names or answers}

    def daily(self, keys: Callable[[Unit], Row | None]) -> Answer:
        """Returns the answer of a level of days."""

        def answer(business: Business, question: Question) -> Iterator[Row]:
            for account in accounts_asked(business, question, self.platform):
                names = business.portfolio(account).measures
                grouped = groups(business, account, keys)
                for day in days_asked(business, question):
                    shown = business.shown(account, day, question.as_of)
                    if shown is None:
                        continue
                    figures = shown.T.tolist()
                    for key, units in grouped:
                        sums = add([figures[one] for one in units])
                        if self.shown(sums):
                            named = {"date": str(day), **key}
                            yield {**whose(account), **named, **self.measured(names, sums)}

        return answer

    def shown(self, sums: list[int]) -> bool:
        """Says whether there is a row of such sums."""
        return any(sums[: len(sums) - self.silent])

    def measured(self, names: tuple[str, ...], sums: list[int]) -> Row:
        """Returns the figures of a row."""
        figures = dict(zip(names, sums, strict=True))
        return {**core(figures), **self.more(figures)}

    def _campaign_hours(self, business: Business, question: Question) -> Iterator[Row]:
        for account in accounts_asked(business, question, self.platform):
            names = business.portfolio(account).measures
            grouped = groups(business, account, campaign_key)
            for day in days_asked(business, question):
                shown = business.shown(account, day, question.as_of, cells=True)
                if shown is None:
                    continue
                figures = shown.sum(axis=3).transpose(2, 1, 0).tolist()
                for hour, key, sums in self._hours(grouped, figures):
                    if self.shown(sums):
                        named = {"date": str(day), "hour": hour, **key}
                        yield {**whose(account), **named, **self.measured(names, sums)}

    def _hours(
        self, grouped: list[tuple[Row, list[int]]], figures: list[list[list[int]]]
    ) -> Iterator[tuple[int | None, Row, list[int]]]:
        for key, units in grouped:
            by_hour = [add([of_hour[one] for one in units]) for of_hour in figures]
            if self.hours_need_impressions and not any(sums[0] for sums in by_hour):
                yield None, key, add(by_hour)
            else:
                for hour, sums in enumerate(by_hour):
                    yield hour, key, sums

    def _accounts(self, business: Business, question: Question) -> Iterator[Row]:
        for account in accounts_asked(business, question, self.platform):
            yield {**whose(account), "name": account.name, "time_zone": account.time_zone}

    def _campaigns(self, business: Business, question: Question) -> Iterator[Row]:
        for account in accounts_asked(business, question, self.platform):
            for one in business.portfolio(account).campaigns:
                if one.name.created <= question.as_of:
                    yield {
                        **whose(account),
                        "campaign_id": str(one.id),
                        "name": one.name.at(question.as_of),
                        **self.standing((one.status.at(question.as_of),)),
                        "channel": one.channel,
                        "start_date": str(one.start),
                        "end_date": None if one.end is None else str(one.end),
                        "budget": str(one.budget_cents.at(question.as_of) * CENT),
                        **self.describe(one, question.as_of),
                    }

    def _ad_groups(self, business: Business, question: Question) -> Iterator[Row]:
        for account in accounts_asked(business, question, self.platform):
            for campaign in business.portfolio(account).campaigns:
                for one in campaign.ad_groups:
                    if one.name.created <= question.as_of:
                        yield {
                            **whose(account),
                            "campaign_id": str(campaign.id),
                            "ad_group_id": str(one.id),
                            "name": one.name.at(question.as_of),
                            **self.standing(_statuses(question.as_of, campaign, one)),
                        }

    def _ads(self, business: Business, question: Question) -> Iterator[Row]:
        for account in accounts_asked(business, question, self.platform):
            for unit in business.portfolio(account).units:
                key = ad_key(unit)
                if unit.ad is None or key is None or unit.ad.status.created > question.as_of:
                    continue
                yield {
                    **whose(account),
                    **key,
                    "name": unit.ad.name,
                    "type": unit.ad.type,
                    **self.standing(
                        _statuses(question.as_of, unit.campaign, unit.ad_group, unit.ad)
                    ),
                    "final_urls": list(unit.ad.final_urls),
                    "image_url": unit.ad.image_url,
                }


def _statuses(clock: datetime, *things: Campaign | AdGroup | Ad | None) -> tuple[str, ...]:
    return tuple(one.status.at(clock) for one in things if one is not None)


def add(rows: list[list[int]]) -> list[int]:
    """Adds up rows of figures column by column."""
    return [sum(column) for column in zip(*rows, strict=True)]


def parts_of(
    whole: list[int], weights: list[int], units: list[int] | None = None
) -> Iterator[list[int]]:
    """Yields what each part of a whole has: up to its share of it less up to the share before.

    Args:
        whole: Its figures.
        weights: The shares.
        units: What each figure comes in, if not in ones.
    """
    total, before = sum(weights), 0
    counted = list(zip(whole, units or [1] * len(whole), strict=True))
    for weight in weights:
        low, high = before, before + weight
        before = high
        yield [
            (one // unit * high // total - one // unit * low // total) * unit
            for one, unit in counted
        ]
