"""The visits of a day as entries: a visit, the part of one in its next hour, or a refund."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import numpy as np

from connectors.sandbox.business.web_entities import COUNTRIES, DEVICES, WebDay
from connectors.sandbox.business.web_origins import NOWHERE, Origin
from connectors.sandbox.tables.entries import NOBODY, Entries, Integers, Texts

_NOT_SET = "(not set)"


def visits(web: WebDay, day: date, clock: datetime, shown: Sequence[Origin]) -> Entries:
    """Returns what is known of a day as of a clock.

    What adds up stands where a visit begins, but for the page view in its next hour. A refund has
    no visit. Money is in cents, key events are in hundredths.

    Args:
        web: The day.
        day: Its date.
        clock: As of when.
        shown: What each origin is shown as, in the order of the day's.
    """
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
        held = np.where(begins, np.asarray(values)[place], 0).astype(np.int64)
        return np.concatenate([held, np.zeros(back, dtype=np.int64)])

    def numbered(values: Any, only: Any = True) -> Integers:
        held = np.where(only, values, NOBODY)[place]
        return np.concatenate([held, np.full(back, NOBODY)]).astype(np.int64)

    origin = np.concatenate([web.origin[place], np.full(back, web.origins.index(NOWHERE))])
    given = np.concatenate([np.zeros(count), [one.cents for one in refunds]]).astype(np.int64)
    views = np.concatenate([np.where(begins, web.views[place], 1), np.zeros(back)]).astype(int)
    return Entries(
        {**times(day, hour), **_origins(shown, origin.astype(int)), **_places(web, place, back)},
        {
            "sessions": numbered(web.session),
            "engaged": numbered(web.session, web.is_engaged),
            "people": numbered(web.person),
            "active": numbered(web.person, web.is_engaged | web.is_new),
        },
        {
            "new": whole(web.is_new),
            "views": views,
            "seconds": whole(web.seconds),
            "baskets": whole(web.baskets),
            "checkouts": whole(web.checkouts),
            "sign_ups": whole(web.sign_ups),
            "key_events": whole(bought + web.sign_ups) * 100,
            "bought": whole(bought),
            "gross": whole(cents),
            "refunded": given,
            "net": whole(cents) - given,
            "begun": whole(np.ones(len(web.hour))),
            "engagements": whole(web.is_engaged),
            "refunds": np.concatenate([np.zeros(count), np.ones(back)]).astype(int),
        },
    )


def times(day: date, hour: Integers) -> dict[str, Texts]:
    """Returns the date and the hour of entries, as `YYYYMMDD` and `HH`."""
    hours, written = [f"{one:02d}" for one in range(24)], day.strftime("%Y%m%d")
    return {
        "day": ([written], np.zeros(len(hour), dtype=np.int64)),
        "day_hour": ([written + one for one in hours], hour),
        "hour": (hours, hour),
    }


def _origins(origins: Sequence[Origin], place: Integers) -> dict[str, Texts]:
    return {
        "source": ([one.source for one in origins], place),
        "medium": ([one.medium for one in origins], place),
        "source_medium": ([f"{one.source} / {one.medium}" for one in origins], place),
        "campaign": ([one.campaign for one in origins], place),
        "campaign_id": ([one.campaign_id for one in origins], place),
        "landing": ([one.landing for one in origins], place),
        "origin": ([str(number) for number in range(len(origins))], place),
    }


def _places(web: WebDay, place: Integers, back: int) -> dict[str, Texts]:
    """Returns where visits were made, and on what; a server that reports a refund has neither."""
    device = np.concatenate([web.device[place], np.full(back, len(DEVICES))]).astype(int)
    country = np.concatenate([web.country[place], np.full(back, len(COUNTRIES) - 1)]).astype(int)
    codes = [_NOT_SET if code == "ZZ" else code for _, code in COUNTRIES]
    return {
        "device": ([*(name for name, _ in DEVICES), _NOT_SET], device),
        "country": ([name for name, _ in COUNTRIES], country),
        "country_code": (codes, country),
    }
