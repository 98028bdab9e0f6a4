"""The truth of collected events by level: visits, and the customers who bought in them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from connectors.sandbox.business import Business
from connectors.sandbox.business.shop_customers import person_of
from connectors.sandbox.tracking.receipts import receipts
from connectors.sandbox.tracking.sources import PLATFORM, Source, sources_of
from connectors.sandbox.tracking.truth import truth_of
from connectors.sandbox.truth.question import Answer, Question, Row


def _asked(business: Business, question: Question) -> Iterator[Source]:
    for one in sources_of(business):
        if question.account in (None, one.account) and question.platform in (None, PLATFORM):
            yield one


def _whose(source: Source) -> Row:
    return {
        "organization_id": source.organization,
        "platform": PLATFORM,
        "account_id": source.account,
    }


def _visits(business: Business, question: Question) -> Iterator[Row]:
    for source in _asked(business, question):
        found = truth_of(source.visits(business), source.dates(business), question.as_of)
        for one in found.visits:
            yield {
                **_whose(source),
                "started_at": _text(one.started_at),
                "ended_at": _text(one.ended_at),
                "events": one.events,
                "page_views": one.page_views,
                "orders": one.orders,
                "source": one.source,
                "medium": one.medium,
            }


def _people(business: Business, question: Question) -> Iterator[Row]:
    """Devices with which customers bought, as the person whose record the shop has."""
    for source in _asked(business, question):
        visits = source.visits(business)
        book = business.shop(visits.site.organization)
        devices = {
            visit.device: one.action.order
            for day in source.dates(business)
            for visit in visits.of_day(day)
            for one in receipts(visit)
            if one.action.order is not None and one.action.order.customer >= 0
        }
        for device, order in devices.items():
            yield {
                **_whose(source),
                "record_id": device,
                "email": book.customer(order.customer).email,
                "person": person_of(order.shop, order.customer),
            }


def _text(instant: datetime) -> str:
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")


LEVELS: dict[str, Answer] = {"visit": _visits, "person": _people}
