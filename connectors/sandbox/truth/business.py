"""The truth of the business as a whole: its organizations, its script and its demand."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.sandbox.business import Business
from connectors.sandbox.truth.ads import days_asked, whose
from connectors.sandbox.truth.question import Answer, Question, Row


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


LEVELS: dict[str, Answer] = {
    "organizations": _organizations,
    "events": _events,
    "demand": _demand,
}
