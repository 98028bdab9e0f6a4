"""What GA4 must come to, from the visits of the business with sets and sums of Python alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from connectors.sandbox.business import Business
from connectors.sandbox.business.web import COUNTRIES, DEVICES, WebDay
from connectors.sandbox.business.web_origins import NOWHERE, Origin
from connectors.sandbox.platforms.ga4.credits import credited, items_of, shown_origins
from connectors.sandbox.platforms.ga4.labels import label
from connectors.sandbox.platforms.ga4.site import LEAST_PEOPLE, PLATFORM, Property, properties
from connectors.sandbox.truth.ads import days_asked
from connectors.sandbox.truth.question import Answer, Question, Row

_CENT = Decimal("0.01")
Key = tuple[Any, ...]


def _properties(business: Business, question: Question) -> Iterator[Property]:
    for one in properties(business):
        if question.account in (None, one.id):
            yield one


def _whose(one: Property) -> Row:
    return {
        "organization_id": one.site.organization.id,
        "platform": PLATFORM,
        "account_id": one.id,
        "currency": one.currency,
    }


def _accounts(business: Business, question: Question) -> Iterator[Row]:
    for one in _properties(business, question):
        name = f"{one.site.organization.name} web"
        model = one.attribution(question.as_of)
        yield {**_whose(one), "name": name, "time_zone": one.time_zone, "attribution_model": model}


class _Visit:
    """One visit that the property shows, or a refund, which is none."""

    def __init__(self, web: WebDay, place: int, hour: int, begins: bool) -> None:
        self.web, self.place, self.hour, self.begins = web, place, hour, begins

    @property
    def origin(self) -> Origin:
        """Where it came from."""
        place: int = self.web.origin[self.place]
        return self.web.origins[place]


def _touches(web: WebDay, now: float) -> Iterator[_Visit]:
    for place in range(len(web.session)):
        if web.known_at[place] <= now:
            hour = int(web.hour[place])
            yield _Visit(web, place, hour, True)
            if web.crosses[place] and hour < 23:
                yield _Visit(web, place, hour + 1, False)


class _Sums:
    """What adds up to one row."""

    def __init__(self) -> None:
        self.sessions: set[int] = set()
        self.engaged: set[int] = set()
        self.people: set[int] = set()
        self.active: set[int] = set()
        self.counts = dict.fromkeys(
            ("new_users", "views", "key_events", "transactions", "gross", "refunded", "events"), 0
        )

    def add(self, one: _Visit, bought: dict[int, list[int]]) -> None:
        """Adds a visit, of which all that adds up stands where it begins."""
        web, place, counts = one.web, one.place, self.counts
        session, person = int(web.session[place]), int(web.person[place])
        self.sessions.add(session)
        self.people.add(person)
        if web.is_engaged[place]:
            self.engaged.add(session)
        if web.is_engaged[place] or web.is_new[place]:
            self.active.add(person)
        if not one.begins:
            counts["views"] += 1
            return
        cents = bought.get(place, [])
        counts["new_users"] += int(web.is_new[place])
        counts["views"] += int(web.views[place])
        counts["key_events"] += len(cents) + int(web.sign_ups[place])
        counts["transactions"] += len(cents)
        counts["gross"] += sum(cents)

    def row(self) -> Row:
        """Returns the columns."""
        counts = self.counts
        return {
            "sessions": len(self.sessions),
            "engaged_sessions": len(self.engaged),
            "total_users": len(self.people),
            "active_users": len(self.active),
            "new_users": counts["new_users"],
            "page_views": counts["views"],
            "key_events": counts["key_events"],
            "transactions": counts["transactions"],
            "gross_purchase_revenue": str(counts["gross"] * _CENT),
            "refund_amount": str(counts["refunded"] * _CENT),
            "purchase_revenue": str((counts["gross"] - counts["refunded"]) * _CENT),
        }


def _visits(
    names: tuple[str, ...],
    key: Callable[[_Visit, dict[Origin, Origin]], Key],
    refund: Callable[[int], Key],
    fewest: int = 0,
    rolled: bool = False,
) -> Answer:
    """Returns the answer of a level of visits.

    Args:
        names: The columns of the key.
        key: From a visit, and what each origin is shown as, to its key.
        refund: From the hour of a refund to its key.
        fewest: A row of fewer people is withheld.
        rolled: Whether small origins are rolled into one.
    """

    def answer(business: Business, question: Question) -> Iterator[Row]:
        now = question.as_of.timestamp()
        for one, day, web in _days(business, question):
            shown = shown_origins(web, question.as_of)[0] if rolled else web.origins
            seen_as = dict(zip(web.origins, shown, strict=True))
            bought: dict[int, list[int]] = {}
            for purchase in web.purchases:
                if purchase.known_at <= now:
                    bought.setdefault(purchase.place, []).append(purchase.cents)
            rows: dict[Key, _Sums] = {}
            for visit in _touches(web, now):
                rows.setdefault(key(visit, seen_as), _Sums()).add(visit, bought)
            for back in web.refunds:
                if back.known_at <= now:
                    sums = rows.setdefault(refund(back.hour), _Sums())
                    sums.counts["refunded"] += back.cents
            for values, sums in rows.items():
                if len(sums.people) >= fewest:
                    named = dict(zip(names, values, strict=True))
                    yield {**_whose(one), "date": str(day), **named, **sums.row()}

    return answer


def _days(business: Business, question: Question) -> Iterator[tuple[Property, date, WebDay]]:
    for one in _properties(business, question):
        for day in days_asked(business, question):
            web = one.site.day(day)
            if web is not None:
                yield one, day, web


def _from(origin: Origin) -> Key:
    names = (origin.source, origin.medium, origin.campaign, origin.campaign_id)
    return (*names, origin.landing, label(origin))


def _place(visit: _Visit, _: dict[Origin, Origin]) -> Key:
    web, place = visit.web, visit.place
    name, code = COUNTRIES[web.country[place]]
    return DEVICES[web.device[place]][0], name, "(not set)" if code == "ZZ" else code


def _credits(business: Business, question: Question) -> Iterator[Row]:
    for one, day, web in _days(business, question):
        rows: dict[Key, list[int]] = {}
        for share in credited(web, one.attribution(question.as_of), question.as_of):
            origin = share.origin
            key = (share.event, origin.source, origin.medium, origin.campaign)
            sums = rows.setdefault(key, [0, 0])
            sums[0] += share.hundredths
            sums[1] += share.cents
        for (event, *where), (hundredths, cents) in rows.items():
            names = dict(zip(("source", "medium", "campaign_name"), where, strict=True))
            yield {
                **_whose(one), "date": str(day), "event_name": event, **names,
                "key_events": str(hundredths * _CENT), "revenue": str(cents * _CENT),
            }  # fmt: skip


def _events(business: Business, question: Question) -> Iterator[Row]:
    now = question.as_of.timestamp()
    for one, day, web in _days(business, question):
        known = [place for place in range(len(web.session)) if web.known_at[place] <= now]
        crossing = [place for place in known if web.crosses[place] and web.hour[place] < 23]
        counts = {
            "session_start": len(known),
            "first_visit": sum(bool(web.is_new[place]) for place in known),
            "page_view": sum(int(web.views[place]) for place in known) + len(crossing),
            "user_engagement": sum(bool(web.is_engaged[place]) for place in known),
            "add_to_cart": sum(int(web.baskets[place]) for place in known),
            "begin_checkout": sum(int(web.checkouts[place]) for place in known),
            "sign_up": sum(int(web.sign_ups[place]) for place in known),
            "purchase": sum(purchase.known_at <= now for purchase in web.purchases),
            "refund": sum(back.known_at <= now for back in web.refunds),
        }
        cents = {
            "purchase": sum(item.cents for item in web.purchases if item.known_at <= now),
            "refund": -sum(back.cents for back in web.refunds if back.known_at <= now),
        }
        for name, count in counts.items():
            if count:
                revenue = str(cents.get(name, 0) * _CENT)
                key_events = count if name in ("purchase", "sign_up") else 0
                named = {"date": str(day), "event_name": name, "event_count": count}
                yield {**_whose(one), **named, "key_events": key_events, "revenue": revenue}


def _items(business: Business, question: Question) -> Iterator[Row]:
    for one, day, web in _days(business, question):
        rows: dict[Key, list[int]] = {}
        for item in items_of(web, question.as_of):
            sums = rows.setdefault((item.id, item.name, item.category), [0, 0])
            sums[0] += item.quantity
            sums[1] += item.cents
        for key, (quantity, cents) in rows.items():
            named = dict(zip(("item_id", "item_name", "item_category"), key, strict=True))
            bought = {"items_purchased": quantity, "item_revenue": str(cents * _CENT)}
            yield {**_whose(one), "date": str(day), **named, **bought}


def _missed(business: Business, question: Question) -> Iterator[Row]:
    """Yields what the tag saw of the shop's orders, a day."""
    for one, day, web in _days(business, question):
        book, size = business.shop(one.site.organization), business.parameters
        listed, now = book.day((day - size.first_day).days), question.as_of.timestamp()
        placed = [placed_ for placed_ in listed if not placed_.test and placed_.processed <= now]
        yield {
            **_whose(one), "date": str(day), "orders": len(placed),
            "seen_orders": sum(purchase.order.processed <= now for purchase in web.purchases),
            "lost_sources": sum(
                purchase.origin.medium in ("organic", "referral")
                and purchase.order.visit is not None
                and purchase.order.visit.source in ("facebook", "tiktok")
                for purchase in web.purchases
            ),
        }  # fmt: skip


_TRAFFIC = (
    "hour", "source", "medium", "campaign_name", "campaign_id", "landing_page", "channel_group",
)  # fmt: skip
LEVELS: dict[str, Answer] = {
    "accounts": _accounts,
    "web_traffic_hour": _visits(
        _TRAFFIC,
        lambda visit, seen_as: (visit.hour, *_from(seen_as[visit.origin])),
        lambda hour: (hour, *_from(NOWHERE)),
        rolled=True,
    ),
    "web_source_day": _visits(
        ("source", "medium", "campaign_name", "channel_group"),
        lambda visit, _: (*_from(visit.origin)[:3], label(visit.origin)),
        lambda _: (*_from(NOWHERE)[:3], label(NOWHERE)),
    ),
    "web_property_day": _visits((), lambda *_: (), lambda _: ()),
    "web_channel_day": _visits(
        ("channel_group",),
        lambda visit, _: (label(visit.origin),),
        lambda _: (label(NOWHERE),),
    ),
    "web_device_day": _visits(
        ("device_category", "country", "country_id"),
        _place,
        lambda _: ("(not set)",) * 3,
        fewest=LEAST_PEOPLE,
    ),
    "web_event_day": _events,
    "web_credit_day": _credits,
    "web_item_day": _items,
    "web_orders_day": _missed,
}
