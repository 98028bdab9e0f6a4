"""The business's own account of itself as of any clock: what a correct warehouse must come to.

What belongs to the business as a whole stands here; what belongs to a platform is answered by its
`Service`, and several platforms may answer one level. No answer uses the code that adds up, renders
or filters for the wire: the two can be held against each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from connectors.sandbox.business import Business
from connectors.sandbox.service import Answer, Question, Row, services
from connectors.sandbox.truth_of_ads import days_asked, whose

__all__ = ["Question", "Row", "levels", "tell"]


def tell(business: Business, question: Question) -> Iterator[Row]:
    """Returns the rows of a level as of a clock, one platform after the other.

    Raises:
        ValueError: The level or the platform is not known.
    """
    names = [one.name for one in services()]
    if question.platform is not None and question.platform not in names:
        raise ValueError(f"unknown platform {question.platform!r}; known are {names}")
    if question.level not in levels():
        raise ValueError(f"unknown level {question.level!r}; known are {list(levels())}")
    answers: list[Answer] = [
        one.truth[question.level]
        for one in services()
        if question.level in one.truth and question.platform in (None, one.name)
    ]
    if question.level in _ANSWERS:
        answers.insert(0, _ANSWERS[question.level])
    return chain.from_iterable(answer(business, question) for answer in answers)


def levels() -> tuple[str, ...]:
    """Returns every level that somebody answers."""
    shown = chain(_ANSWERS, *(one.truth for one in services()))
    return tuple(dict.fromkeys(shown))


def _organizations(business: Business, _: Question) -> Iterator[Row]:
    for one in business.people.organizations:
        yield {
            "organization_id": one.id,
            "name": one.name,
            "reporting_currency": one.reporting_currency,
            "time_zone": one.time_zone,
            "plan": one.plan,
        }


def _events(business: Business, question: Question) -> Iterator[Row]:
    for one in business.events:
        if question.account not in (None, one.account.id):
            continue
        if question.platform not in (None, one.account.platform):
            continue
        campaigns = business.portfolio(one.account).campaigns
        yield {
            **whose(one.account),
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
        for day in days_asked(business, question):
            wanted = business.demand(organization, day)
            yield {
                "organization_id": organization.id,
                "date": str(day),
                "sessions": wanted.sessions,
                "orders": wanted.orders,
            }


_ANSWERS: dict[str, Answer] = {
    "organizations": _organizations,
    "events": _events,
    "demand": _demand,
}
