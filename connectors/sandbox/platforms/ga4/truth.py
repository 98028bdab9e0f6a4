"""What GA4 must come to: visits at each level, events, credits and items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.sandbox.business import Business
from connectors.sandbox.business.web_entities import COUNTRIES, DEVICES, WebDay
from connectors.sandbox.business.web_origins import NOWHERE, Origin
from connectors.sandbox.platforms.ga4.credits import credited, items_of, shown_origins
from connectors.sandbox.platforms.ga4.labels import label
from connectors.sandbox.platforms.ga4.site import LEAST_PEOPLE, PLATFORM, properties
from connectors.sandbox.truth.question import Answer, Question, Row
from connectors.sandbox.truth.web import Key, Visit, WebTruth, in_money

_TRUTH = WebTruth(PLATFORM, properties)
_CAMPAIGN = ("source", "medium", "campaign_name")
_TRAFFIC = ("hour", *_CAMPAIGN, "campaign_id", "landing_page", "channel_group")


def _accounts(business: Business, question: Question) -> Iterator[Row]:
    for one in properties(business):
        if question.account in (None, one.id):
            name, model = f"{one.site.organization.name} web", one.attribution(question.as_of)
            zone = {"name": name, "time_zone": one.time_zone}
            yield {**_TRUTH.whose(one), **zone, "attribution_model": model}


def _from(origin: Origin) -> Key:
    names = (origin.source, origin.medium, origin.campaign, origin.campaign_id)
    return (*names, origin.landing, label(origin))


def _shown(web: WebDay, clock: Any) -> Mapping[Origin, Origin]:
    return dict(zip(web.origins, shown_origins(web, clock)[0], strict=True))


def _place(visit: Visit, _: Mapping[Origin, Origin]) -> Key:
    web, place = visit.web, visit.place
    name, code = COUNTRIES[web.country[place]]
    return DEVICES[web.device[place]][0], name, "(not set)" if code == "ZZ" else code


def _events(business: Business, question: Question) -> Iterator[Row]:
    now = question.as_of.timestamp()
    for one, day, web in _TRUTH.days(business, question):
        known = [place for place in range(len(web.session)) if web.known_at[place] <= now]
        crossing = [place for place in known if web.crosses[place] and web.hour[place] < 23]
        bought = [each.cents for each in web.purchases if each.known_at <= now]
        back = [each.cents for each in web.refunds if each.known_at <= now]
        counts = {
            "session_start": len(known),
            "first_visit": sum(bool(web.is_new[place]) for place in known),
            "page_view": sum(int(web.views[place]) for place in known) + len(crossing),
            "user_engagement": sum(bool(web.is_engaged[place]) for place in known),
            "add_to_cart": sum(int(web.baskets[place]) for place in known),
            "begin_checkout": sum(int(web.checkouts[place]) for place in known),
            "sign_up": sum(int(web.sign_ups[place]) for place in known),
            "purchase": len(bought),
            "refund": len(back),
        }
        cents = {"purchase": sum(bought), "refund": -sum(back)}
        for name, count in counts.items():
            if count:
                key_events = count if name in ("purchase", "sign_up") else 0
                named = {"date": str(day), "event_name": name, "event_count": count}
                revenue = in_money(cents.get(name, 0))
                yield {**_TRUTH.whose(one), **named, "key_events": key_events, "revenue": revenue}


def _credits(business: Business, question: Question) -> Iterator[Row]:
    for one, day, web in _TRUTH.days(business, question):
        rows: dict[Key, list[int]] = {}
        for share in credited(web, one.attribution(question.as_of), question.as_of):
            origin = share.origin
            key = (share.event, origin.source, origin.medium, origin.campaign)
            sums = rows.setdefault(key, [0, 0])
            sums[0] += share.hundredths
            sums[1] += share.cents
        for key, (hundredths, cents) in rows.items():
            named = dict(zip(("event_name", *_CAMPAIGN), key, strict=True))
            counted = {"key_events": in_money(hundredths), "revenue": in_money(cents)}
            yield {**_TRUTH.whose(one), "date": str(day), **named, **counted}


def _items(business: Business, question: Question) -> Iterator[Row]:
    for one, day, web in _TRUTH.days(business, question):
        rows: dict[Key, list[int]] = {}
        for item in items_of(web, question.as_of)[0]:
            sums = rows.setdefault((item.id, item.name, item.category), [0, 0])
            sums[0] += item.quantity
            sums[1] += item.cents
        for key, (quantity, cents) in rows.items():
            named = dict(zip(("item_id", "item_name", "item_category"), key, strict=True))
            bought = {"items_purchased": quantity, "item_revenue": in_money(cents)}
            yield {**_TRUTH.whose(one), "date": str(day), **named, **bought}


LEVELS: dict[str, Answer] = {
    "accounts": _accounts,
    "web_traffic_hour": _TRUTH.visits(
        _TRAFFIC,
        lambda visit, seen_as: (visit.hour, *_from(seen_as[visit.origin])),
        lambda hour: (hour, *_from(NOWHERE)),
        shown=_shown,
    ),
    "web_source_day": _TRUTH.visits(
        (*_CAMPAIGN, "channel_group"),
        lambda visit, _: (*_from(visit.origin)[:3], label(visit.origin)),
        lambda _: (*_from(NOWHERE)[:3], label(NOWHERE)),
    ),
    "web_property_day": _TRUTH.visits((), lambda *_: (), lambda _: ()),
    "web_channel_day": _TRUTH.visits(
        ("channel_group",), lambda visit, _: (label(visit.origin),), lambda _: (label(NOWHERE),)
    ),
    "web_device_day": _TRUTH.visits(
        ("device_category", "country", "country_id"),
        _place,
        lambda _: ("(not set)",) * 3,
        fewest=LEAST_PEOPLE,
    ),
    "web_event_day": _events,
    "web_credit_day": _credits,
    "web_item_day": _items,
    "web_orders_day": _TRUTH.orders,
}
