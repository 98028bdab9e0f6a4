"""What the events of a site must come to: visits as they were, less those that a blocker hides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from connectors.sandbox.business.web_origins import DIRECT, NONE, UNKNOWN, Origin
from connectors.sandbox.tracking.receipts import Receipt, receipts
from connectors.sandbox.tracking.visits import Visits, VisitToSite


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
        visits: that the collector has seen something of.
        blocked: how many more there were.
    """

    visits: list[TrueVisit]
    blocked: int


def truth_of(visits: Visits, days: Iterable[date], now: datetime | None = None) -> Truth:
    """Returns the visits that begin on some days of the site, in order.

    Args:
        visits: of whom.
        days: of the site's own zone.
        now: what the collector received later is not known yet; None for all that there is.
    """
    found, blocked = [], 0
    for day in days:
        for one in visits.of_day(day):
            blocked += one.is_blocked
            known = _known(one, now)
            if known:
                found.append(_as_seen(one, known))
    return Truth(sorted(found), blocked)


def _known(visit: VisitToSite, now: datetime | None) -> list[Receipt]:
    """Returns the events of a visit that have been received, in order."""
    last = float("inf") if now is None else now.timestamp()
    return [one for one in receipts(visit) if one.received[0] <= last]


def _as_seen(visit: VisitToSite, known: list[Receipt]) -> TrueVisit:
    names = [one.action.name for one in known]
    # Only the first page has what led there; what comes after it was reached from the site itself.
    origin = visit.origin if known[0].place == 0 else Origin(DIRECT, NONE, DIRECT)
    source, medium = _known_as(origin)
    return TrueVisit(
        _instant(known[0].action.at),
        _instant(known[-1].action.at),
        len(names),
        names.count("page_view"),
        names.count("purchase"),
        source,
        medium,
    )


def _known_as(origin: Origin) -> tuple[str, str]:
    """Source and medium as they must be known: a search engine's own page is no site's referral."""
    if origin.source in (DIRECT, UNKNOWN):
        return DIRECT, NONE
    if (origin.source, origin.medium) == ("google.com", "referral"):
        return "google", "organic"
    return origin.source, origin.medium


def _instant(at: float) -> datetime:
    return datetime.fromtimestamp(round(at, 3), UTC)
