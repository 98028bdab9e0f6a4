"""The business's own account of itself as of any clock: what a correct warehouse must come to.

Worked out from the units of the business with Python's integers and decimals, without any of the
code that adds up, renders or filters for the wire: the two can be held against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from connectors.sandbox.business import Business
from connectors.sandbox.business.calendar import HOURS
from connectors.sandbox.business.entities import Account
from connectors.sandbox.business.observed import MEASURES
from connectors.sandbox.business.portfolio import Unit

Row = dict[str, Any]
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for.

    Attributes:
        level: One of `LEVELS`.
        as_of: The clock.
        account: Only this account's rows; None for all.
        first, last: Only these dates; None for all.
    """

    level: str
    as_of: datetime
    account: str | None = None
    first: date | None = None
    last: date | None = None


def tell(business: Business, question: Question) -> Iterator[Row]:
    """Returns the rows of a level as of a clock.

    Raises:
        ValueError: The level is not known.
    """
    answer = _ANSWERS.get(question.level)
    if answer is None:
        raise ValueError(f"unknown level {question.level!r}; known are {list(LEVELS)}")
    return answer(business, question)


def _accounts_asked(business: Business, question: Question) -> Iterator[Account]:
    for account in business.people.accounts:
        if question.account in (None, account.id):
            yield account


def _days(business: Business, question: Question) -> Iterator[date]:
    day = max(question.first or business.parameters.first_day, business.parameters.first_day)
    last = min(question.last or business.parameters.end, business.parameters.end)
    while day <= last:
        yield day
        day += timedelta(days=1)


def _daily(keys: Callable[[Unit], Row | None]) -> Callable[[Business, Question], Iterator[Row]]:
    def answer(business: Business, question: Question) -> Iterator[Row]:
        for account in _accounts_asked(business, question):
            groups = _groups(business, account, keys)
            for day in _days(business, question):
                shown = business.shown(account, day, question.as_of)
                if shown is None:
                    continue
                figures = shown.T.tolist()
                for key, units in groups:
                    chosen = [figures[one] for one in units]
                    sums = [sum(column) for column in zip(*chosen, strict=True)]
                    if any(sums):
                        yield {**_whose(account), "date": str(day), **key, **_measured(sums)}

    return answer


def _campaign_hours(business: Business, question: Question) -> Iterator[Row]:
    for account in _accounts_asked(business, question):
        groups = _groups(business, account, lambda unit: {"campaign_id": str(unit.campaign.id)})
        for day in _days(business, question):
            shown = business.shown(account, day, question.as_of, cells=True)
            if shown is None:
                continue
            figures = shown.sum(axis=3).transpose(2, 1, 0).tolist()
            for hour in range(HOURS):
                for key, units in groups:
                    chosen = [figures[hour][one] for one in units]
                    sums = [sum(column) for column in zip(*chosen, strict=True)]
                    if any(sums):
                        named = {"date": str(day), "hour": hour, **key}
                        yield {**_whose(account), **named, **_measured(sums)}


def _groups(
    business: Business, account: Account, keys: Callable[[Unit], Row | None]
) -> list[tuple[Row, list[int]]]:
    grouped: dict[tuple[str, ...], tuple[Row, list[int]]] = {}
    for position, unit in enumerate(business.portfolio(account).units):
        key = keys(unit)
        if key is not None:
            grouped.setdefault(tuple(key.values()), (key, []))[1].append(position)
    return list(grouped.values())


def _measured(sums: list[int]) -> Row:
    named = dict(zip(MEASURES, sums, strict=True))
    return {
        "impressions": named["impressions"],
        "clicks": named["clicks"],
        "cost": str(named["cost_cents"] * _CENT),
        "conversions": str(named["conversions_hundredths"] * _CENT),
        "conversions_value": str(named["value_cents"] * _CENT),
        "interactions": named["clicks"] + named["video_views"],
        "view_through_conversions": named["view_through_conversions"],
        "video_trueview_views": named["video_views"],
    }


def _whose(account: Account) -> Row:
    return {
        "organization_id": account.organization.id,
        "platform": "google_ads",
        "account_id": account.id,
        "currency": account.currency,
    }


def _ad_group_key(unit: Unit) -> Row | None:
    if unit.ad_group is None:
        return None
    return {"campaign_id": str(unit.campaign.id), "ad_group_id": str(unit.ad_group.id)}


def _ad_key(unit: Unit) -> Row | None:
    above = _ad_group_key(unit)
    return None if above is None or unit.ad is None else {**above, "ad_id": str(unit.ad.id)}


def _accounts(business: Business, question: Question) -> Iterator[Row]:
    for account in _accounts_asked(business, question):
        yield {**_whose(account), "name": account.name, "time_zone": account.time_zone}


def _organizations(business: Business, _: Question) -> Iterator[Row]:
    for one in business.people.organizations:
        yield {
            "organization_id": one.id,
            "name": one.name,
            "reporting_currency": one.reporting_currency,
            "time_zone": one.time_zone,
            "plan": one.plan,
        }


def _campaigns(business: Business, question: Question) -> Iterator[Row]:
    for account in _accounts_asked(business, question):
        for one in business.portfolio(account).campaigns:
            if one.name.created <= question.as_of:
                yield {
                    **_whose(account),
                    "campaign_id": str(one.id),
                    "name": one.name.at(question.as_of),
                    "status": one.status.at(question.as_of),
                    "channel": one.channel,
                    "start_date": str(one.start),
                    "end_date": None if one.end is None else str(one.end),
                    "budget": str(one.budget_cents.at(question.as_of) * _CENT),
                }


def _ad_groups(business: Business, question: Question) -> Iterator[Row]:
    for account in _accounts_asked(business, question):
        for campaign in business.portfolio(account).campaigns:
            for one in campaign.ad_groups:
                if one.name.created <= question.as_of:
                    yield {
                        **_whose(account),
                        "campaign_id": str(campaign.id),
                        "ad_group_id": str(one.id),
                        "name": one.name.at(question.as_of),
                        "status": one.status.at(question.as_of),
                    }


def _ads(business: Business, question: Question) -> Iterator[Row]:
    for account in _accounts_asked(business, question):
        for unit in business.portfolio(account).units:
            key = _ad_key(unit)
            if unit.ad is None or key is None or unit.ad.status.created > question.as_of:
                continue
            yield {
                **_whose(account),
                **key,
                "name": unit.ad.name,
                "type": unit.ad.type,
                "status": unit.ad.status.at(question.as_of),
                "final_urls": list(unit.ad.final_urls),
                "image_url": unit.ad.image_url,
            }


def _rates(business: Business, question: Question) -> Iterator[Row]:
    for one in reversed(business.rates.known(question.as_of)):
        for currency, rate in one.rates.items():
            yield {"date": str(one.day), "currency": currency, "rate": f"{rate:f}"}


def _events(business: Business, question: Question) -> Iterator[Row]:
    for one in business.events:
        if question.account not in (None, one.account.id):
            continue
        campaigns = business.portfolio(one.account).campaigns
        yield {
            **_whose(one.account),
            "kind": one.kind,
            "campaign_id": None if one.campaign is None else str(campaigns[one.campaign].id),
            "first_date": str(one.first),
            "last_date": None if one.last is None else str(one.last),
            "known_from": None if one.known_from is None else one.known_from.isoformat(),
            "conversion_rate_factor": one.factor,
            "description": one.description,
        }


def _demand(business: Business, question: Question) -> Iterator[Row]:
    for organization in business.people.organizations:
        for day in _days(business, question):
            wanted = business.demand(organization, day)
            yield {
                "organization_id": organization.id,
                "date": str(day),
                "sessions": wanted.sessions,
                "orders": wanted.orders,
            }


_ANSWERS: dict[str, Callable[[Business, Question], Iterator[Row]]] = {
    "organizations": _organizations,
    "accounts": _accounts,
    "campaigns": _campaigns,
    "ad_groups": _ad_groups,
    "ads": _ads,
    "account_day": _daily(lambda _: {}),
    "campaign_day": _daily(lambda unit: {"campaign_id": str(unit.campaign.id)}),
    "ad_group_day": _daily(_ad_group_key),
    "ad_day": _daily(_ad_key),
    "campaign_hour": _campaign_hours,
    "rates": _rates,
    "events": _events,
    "demand": _demand,
}
LEVELS = tuple(_ANSWERS)
