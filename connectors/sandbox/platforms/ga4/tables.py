"""What a property has of one day as of a clock, as columns that a report groups.

An entry is a visit (or the part of one that falls into another hour), an event, a share of a key
event, or a line that was bought. `ids` are counted once each, `sums` are added up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from connectors.sandbox.business.web import COUNTRIES, DEVICES, WebDay
from connectors.sandbox.business.web_origins import NOWHERE, Origin
from connectors.sandbox.platforms.ga4.credits import credited, items_of, shown_origins
from connectors.sandbox.platforms.ga4.fields import KEY_EVENTS
from connectors.sandbox.platforms.ga4.labels import label
from connectors.sandbox.platforms.ga4.site import Property

Integers = npt.NDArray[np.int64]
NOBODY = -1
"""The number of a visit, or a person, that is none."""


@dataclass(frozen=True, slots=True)
class Table:
    """Entries of one day.

    Attributes:
        dimensions: Of each dimension the values that there are, and of each entry the place of its.
        ids: Of what is counted once each, the number of each entry; `NOBODY` counts for nothing.
        sums: What is added up; money in cents, key events in hundredths.
        is_rolled: Whether small rows were rolled into one.
    """

    dimensions: dict[str, tuple[Sequence[str], Integers]]
    ids: dict[str, Integers]
    sums: dict[str, Integers]
    is_rolled: bool = False


def table(name: str, property_: Property, day: date, clock: datetime, rolled: bool) -> Table | None:
    """Returns the entries of a day; None for a day that the property has nothing of.

    Args:
        name: One of `fields.TABLES`.
        property_: Whose.
        day: A date in its zone.
        clock: As of when.
        rolled: Whether it is the table by landing page, of which small rows are rolled into one.
    """
    web = property_.site.day(day)
    if web is None:
        return None
    if name == "visits":
        return _visits(web, day, clock, rolled)
    if name == "events":
        return _events(web, day, clock)
    return _credits(property_, web, day, clock) if name == "credits" else _items(web, day, clock)


def _visits(web: WebDay, day: date, clock: datetime, rolled: bool) -> Table:
    now = clock.timestamp()
    first = np.flatnonzero(web.known_at <= now)
    more = first[web.crosses[first] & (web.hour[first] < 23)]
    place = np.concatenate([first, more])
    refunds = [one for one in web.refunds if one.known_at <= now]
    count, back = len(place), len(refunds)
    begins = np.arange(count) < len(first)
    hour = np.concatenate([web.hour[place] + ~begins, [one.hour for one in refunds]]).astype(int)
    bought, cents = np.zeros(len(web.hour), dtype=int), np.zeros(len(web.hour), dtype=int)
    for one in web.purchases:
        if one.known_at <= now:
            bought[one.place] += 1
            cents[one.place] += one.cents

    def whole(values: Any) -> Integers:
        """The values of a visit stand at its beginning; a refund has none."""
        held = np.where(begins, np.asarray(values)[place], 0).astype(np.int64)
        return np.concatenate([held, np.zeros(back, dtype=np.int64)])

    def numbered(values: Any, only: Any = True) -> Integers:
        held = np.where(only, values, NOBODY)[place]
        return np.concatenate([held, np.full(back, NOBODY)]).astype(np.int64)

    seen, is_rolled = shown_origins(web, clock) if rolled else (web.origins, False)
    origin = np.concatenate([web.origin[place], np.full(back, web.origins.index(NOWHERE))])
    given = np.concatenate([np.zeros(count), [one.cents for one in refunds]]).astype(np.int64)
    key_events = bought + web.sign_ups
    views = np.concatenate([np.where(begins, web.views[place], 1), np.zeros(back)]).astype(int)
    events = _counts_by_event(web, bought)
    starts = whole(sum(events.values()))
    return Table(
        {
            **_times(day, hour),
            **_origins(seen, origin.astype(int)),
            **_places(web, place, back),
        },
        {
            "sessions": numbered(web.session),
            "engagedSessions": numbered(web.session, web.is_engaged),
            "totalUsers": numbered(web.person),
            "activeUsers": numbered(web.person, web.is_engaged | web.is_new),
        },
        {
            "newUsers": whole(web.is_new),
            "screenPageViews": views,
            "userEngagementDuration": whole(web.seconds),
            "addToCarts": whole(web.baskets),
            "checkouts": whole(web.checkouts),
            # The view in the next hour, and the refund, are one event each.
            "eventCount": starts + np.concatenate([~begins, np.ones(back)]).astype(int),
            "keyEvents": whole(key_events) * 100,
            "transactions": whole(bought),
            "grossPurchaseRevenue": whole(cents),
            "refundAmount": given,
            "purchaseRevenue": whole(cents) - given,
            "totalRevenue": whole(cents) - given,
        },
        is_rolled,
    )


def _counts_by_event(web: WebDay, bought: Integers) -> dict[str, Integers]:
    return {
        "session_start": np.ones(len(web.hour), dtype=np.int64),
        "first_visit": web.is_new.astype(np.int64),
        "page_view": web.views,
        "user_engagement": web.is_engaged.astype(np.int64),
        "add_to_cart": web.baskets,
        "begin_checkout": web.checkouts,
        "sign_up": web.sign_ups,
        "purchase": bought,
    }


def _events(web: WebDay, day: date, clock: datetime) -> Table:
    visits = _visits(web, day, clock, False)
    first = np.flatnonzero(web.known_at <= clock.timestamp())
    bought = visits.sums["transactions"]
    at_home = np.zeros(len(web.hour), dtype=np.int64)
    at_home[first] = bought[: len(first)]
    counts = [one[first] for one in _counts_by_event(web, at_home).values()]
    names = (*_counts_by_event(web, at_home), "refund")
    total = len(visits.sums["newUsers"])
    more = np.arange(len(first), total)
    is_refund = visits.ids["sessions"][more] == NOBODY
    # What crosses the hour is one page view, what has no visit is a refund.
    place = np.concatenate([*[np.arange(len(first))] * len(counts), more]).astype(int)
    event = np.concatenate(
        [np.repeat(np.arange(len(counts)), len(first)), np.where(is_refund, len(counts), 2)]
    ).astype(int)
    count = np.concatenate([*counts, np.ones(len(more))]).astype(np.int64)
    held = count > 0
    place, event, count = place[held], event[held], count[held]
    is_purchase = event == names.index("purchase")
    is_key = np.isin(event, [names.index(one) for one in KEY_EVENTS])
    money = np.where(is_purchase, visits.sums["grossPurchaseRevenue"][place], 0)
    given = np.where(event == len(counts), visits.sums["refundAmount"][place], 0)
    dimensions = {one: (values, codes[place]) for one, (values, codes) in visits.dimensions.items()}
    return Table(
        {
            **dimensions,
            "eventName": (names, event),
            "isKeyEvent": (("false", "true"), is_key.astype(int)),
        },
        {one: visits.ids[one][place] for one in ("totalUsers", "activeUsers")},
        {
            "eventCount": count,
            "keyEvents": np.where(is_key, count * 100, 0),
            "transactions": np.where(is_purchase, count, 0),
            "grossPurchaseRevenue": money,
            "refundAmount": given,
            "purchaseRevenue": money - given,
            "totalRevenue": money - given,
        },
    )


def _credits(property_: Property, web: WebDay, day: date, clock: datetime) -> Table:
    shares = list(credited(web, property_.attribution(clock), clock))
    origins = tuple(dict.fromkeys(one.origin for one in shares))
    place = np.array([origins.index(one.origin) for one in shares], dtype=int)
    return Table(
        {
            **_times(day, np.array([one.hour for one in shares], dtype=int)),
            "source": ([one.source for one in origins], place),
            "medium": ([one.medium for one in origins], place),
            "campaignName": ([one.campaign for one in origins], place),
            "defaultChannelGroup": ([label(one) for one in origins], place),
            "eventName": (
                KEY_EVENTS, np.array([KEY_EVENTS.index(one.event) for one in shares], dtype=int)
            ),
            "isKeyEvent": (("true",), np.zeros(len(shares), dtype=int)),
        },
        {},
        {
            "keyEvents": np.array([one.hundredths for one in shares], dtype=int),
            "purchaseRevenue": np.array([one.cents for one in shares], dtype=int),
            "totalRevenue": np.array([one.cents for one in shares], dtype=int),
        },
    )  # fmt: skip


def _items(web: WebDay, day: date, clock: datetime) -> Table:
    lines = list(items_of(web, clock))
    place = np.arange(len(lines))
    return Table(
        {
            **_times(day, np.array([one.hour for one in lines], dtype=int)),
            "itemId": ([one.id for one in lines], place),
            "itemName": ([one.name for one in lines], place),
            "itemCategory": ([one.category for one in lines], place),
        },
        {},
        {
            "itemsPurchased": np.array([one.quantity for one in lines], dtype=int),
            "itemRevenue": np.array([one.cents for one in lines], dtype=int),
        },
    )


def _times(day: date, hour: Integers) -> dict[str, tuple[Sequence[str], Integers]]:
    hours = [f"{one:02d}" for one in range(24)]
    written = day.strftime("%Y%m%d")
    return {
        "date": ([written], np.zeros(len(hour), dtype=np.int64)),
        "dateHour": ([written + one for one in hours], hour),
        "hour": (hours, hour),
    }


def _origins(
    origins: Sequence[Origin], place: Integers
) -> dict[str, tuple[Sequence[str], Integers]]:
    return {
        "sessionSource": ([one.source for one in origins], place),
        "sessionMedium": ([one.medium for one in origins], place),
        "sessionSourceMedium": ([f"{one.source} / {one.medium}" for one in origins], place),
        "sessionCampaignName": ([one.campaign for one in origins], place),
        "sessionCampaignId": ([one.campaign_id for one in origins], place),
        "sessionDefaultChannelGroup": ([label(one) for one in origins], place),
        "landingPage": ([one.landing for one in origins], place),
    }


def _places(web: WebDay, place: Integers, back: int) -> dict[str, tuple[Sequence[str], Integers]]:
    """Returns where visits were made, and on what; a server has neither."""
    device = np.concatenate([web.device[place], np.full(back, len(DEVICES))]).astype(int)
    country = np.concatenate([web.country[place], np.full(back, len(COUNTRIES) - 1)]).astype(int)
    return {
        "deviceCategory": ([*(name for name, _ in DEVICES), "(not set)"], device),
        "country": ([name for name, _ in COUNTRIES], country),
        "countryId": ([id_ if id_ != "ZZ" else "(not set)" for _, id_ in COUNTRIES], country),
    }
