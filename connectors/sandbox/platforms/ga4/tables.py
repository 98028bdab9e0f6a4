"""What a property has of one day as of a clock, under GA4's names: see `fields`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import numpy as np

from connectors.sandbox.business.web_entities import WebDay
from connectors.sandbox.business.web_origins import Origin
from connectors.sandbox.platforms.ga4.credits import credited, items_of, shown_origins
from connectors.sandbox.platforms.ga4.fields import KEY_EVENTS
from connectors.sandbox.platforms.ga4.labels import label
from connectors.sandbox.platforms.ga4.site import Property
from connectors.sandbox.tables.entries import Entries, Integers, Texts
from connectors.sandbox.tables.visits import times, visits

_TIMES = {"date": "day", "dateHour": "day_hour"}
_TEXTS = _TIMES | {
    "sessionSource": "source", "sessionMedium": "medium", "sessionCampaignName": "campaign",
    "sessionCampaignId": "campaign_id", "landingPage": "landing", "deviceCategory": "device",
    "country": "country", "countryId": "country_code",
}  # fmt: skip
_IDS = {
    "sessions": "sessions", "engagedSessions": "engaged", "totalUsers": "people",
    "activeUsers": "active",
}  # fmt: skip
_SUMS = {
    "newUsers": "new", "screenPageViews": "views", "keyEvents": "key_events",
    "transactions": "bought", "refundAmount": "refunded", "purchaseRevenue": "net",
    "totalRevenue": "net",
}  # fmt: skip
_EVENTS = {
    "session_start": "begun", "first_visit": "new", "page_view": "views",
    "user_engagement": "engagements", "add_to_cart": "baskets", "begin_checkout": "checkouts",
    "sign_up": "sign_ups", "purchase": "bought", "refund": "refunds",
}  # fmt: skip


def table(
    name: str, property_: Property, day: date, clock: datetime, rolled: bool
) -> Entries | None:
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
    if name in ("visits", "events"):
        shown, is_rolled = shown_origins(web, clock) if rolled else (web.origins, False)
        seen = visits(web, day, clock, shown)
        return _visits(seen, shown, is_rolled) if name == "visits" else _events(seen, shown)
    return _credits(property_, web, day, clock) if name == "credits" else _items(web, day, clock)


def _texts(seen: Entries, shown: Sequence[Origin]) -> dict[str, Texts]:
    labels = [label(one) for one in shown]
    place = seen.texts["origin"][1]
    named = {name: seen.texts[ours] for name, ours in _TEXTS.items()}
    return {**named, "sessionDefaultChannelGroup": (labels, place)}


def _visits(seen: Entries, shown: Sequence[Origin], is_rolled: bool) -> Entries:
    sums = {name: seen.sums[ours] for name, ours in _SUMS.items()}
    sums["eventCount"] = sum(
        (seen.sums[ours] for ours in _EVENTS.values()), np.zeros(len(seen), int)
    )
    ids = {name: seen.ids[ours] for name, ours in _IDS.items()}
    return Entries(_texts(seen, shown), ids, sums, is_rolled)


def _events(seen: Entries, shown: Sequence[Origin]) -> Entries:
    names, counts = tuple(_EVENTS), np.stack([seen.sums[ours] for ours in _EVENTS.values()])
    event, place = np.nonzero(counts)
    count = counts[event, place]

    def only(name: str, values: Integers) -> Integers:
        return np.asarray(np.where(event == names.index(name), values[place], 0))

    is_key = np.isin(event, [names.index(one) for one in KEY_EVENTS])
    gross, given = only("purchase", seen.sums["gross"]), only("refund", seen.sums["refunded"])
    texts = {one: (values, at[place]) for one, (values, at) in _texts(seen, shown).items()}
    return Entries(
        {
            **texts,
            "eventName": (names, event),
            "isKeyEvent": (("false", "true"), is_key.astype(int)),
        },
        {name: seen.ids[_IDS[name]][place] for name in ("totalUsers", "activeUsers")},
        {
            "eventCount": count,
            "keyEvents": np.where(is_key, count * 100, 0),
            "transactions": only("purchase", seen.sums["bought"]),
            "refundAmount": given,
            "purchaseRevenue": gross - given,
            "totalRevenue": gross - given,
        },
    )


def _credits(property_: Property, web: WebDay, day: date, clock: datetime) -> Entries:
    shares = list(credited(web, property_.attribution(clock), clock))
    place = np.arange(len(shares))
    cents = np.array([one.cents for one in shares], dtype=int)
    return Entries(
        {
            **_timed(day, [one.hour for one in shares]),
            "source": ([one.origin.source for one in shares], place),
            "medium": ([one.origin.medium for one in shares], place),
            "campaignName": ([one.origin.campaign for one in shares], place),
            "defaultChannelGroup": ([label(one.origin) for one in shares], place),
            "eventName": ([one.event for one in shares], place),
            "isKeyEvent": (["true"] * len(shares), place),
        },
        {},
        {
            "keyEvents": np.array([one.hundredths for one in shares], dtype=int),
            "purchaseRevenue": cents,
            "totalRevenue": cents,
        },
    )


def _items(web: WebDay, day: date, clock: datetime) -> Entries:
    lines, count = items_of(web, clock)
    place = np.arange(len(lines))
    return Entries(
        {
            **_timed(day, [one.hour for one in lines]),
            "itemId": ([one.id for one in lines], place),
            "itemName": ([one.name for one in lines], place),
            "itemCategory": ([one.category for one in lines], place),
        },
        {},
        {
            "itemsPurchased": np.array([one.quantity for one in lines], dtype=int),
            "itemRevenue": np.array([one.cents for one in lines], dtype=int),
        },
        sample=(len(lines), count),
    )


def _timed(day: date, hours: list[int]) -> dict[str, Texts]:
    found = times(day, np.array(hours, dtype=int))
    return {name: found[ours] for name, ours in _TIMES.items()}
