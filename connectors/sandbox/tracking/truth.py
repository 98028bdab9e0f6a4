"""What the events of a site must come to: visits as they were, less those that a blocker hides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from connectors.sandbox.business.web_origins import DIRECT, NONE, UNKNOWN, Origin
from connectors.sandbox.tracking.visits import Visits


@dataclass(frozen=True, slots=True, order=True)
class TrueVisit:
    """A visit in numbers.

    Attributes:
        started_at, ended_at: its first and last event, UTC, to the millisecond.
        source, medium: as a visitor's address or the page before name them.
        orders: how many orders it has.
    """

    started_at: datetime
    ended_at: datetime
    events: int
    page_views: int
    orders: int
    source: str
    medium: str


@dataclass(frozen=True, slots=True)
class Truth:
    """What there was.

    Attributes:
        visits: that the collector could see.
        blocked: how many more there were.
    """

    visits: list[TrueVisit]
    blocked: int


def truth_of(visits: Visits, days: Iterable[date]) -> Truth:
    """Returns the visits that begin on some days of the site, in order."""
    found, blocked = [], 0
    for day in days:
        for one in visits.of_day(day):
            if one.is_blocked:
                blocked += 1
                continue
            names = [action.name for action in one.actions]
            source, medium = _known_as(one.origin)
            found.append(
                TrueVisit(
                    _instant(one.actions[0].at),
                    _instant(one.actions[-1].at),
                    len(names),
                    names.count("page_view"),
                    names.count("purchase"),
                    source,
                    medium,
                )
            )
    return Truth(sorted(found), blocked)


def _known_as(origin: Origin) -> tuple[str, str]:
    """Source and medium as they must be known: a search engine's own page is no site's referral."""
    if origin.source in (DIRECT, UNKNOWN):
        return DIRECT, NONE
    if (origin.source, origin.medium) == ("google.com", "referral"):
        return "google", "organic"
    return origin.source, origin.medium


def _instant(at: float) -> datetime:
    return datetime.fromtimestamp(round(at, 3), UTC)
