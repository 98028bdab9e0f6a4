"""Visits as a collector writes them down: late, twice, by clocks that are wrong, robots among them.

A line is what `docs/events.md` says; it is written from that page, apart from what reads it.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from connectors.sandbox.business.web_origins import DIRECT, UNKNOWN, Origin
from connectors.sandbox.tracking.visits import Action, Visits, VisitToSite

AGENTS = {
    "desktop": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/141.0.0.0 Safari/537.36",
    "mobile": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, "
    "like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
    "tablet": "Mozilla/5.0 (iPad; CPU OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/17.6 Mobile/15E148 Safari/604.1",
    "smart tv": "Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) AppleWebKit/537.36 (KHTML, like Gecko) "
    "SamsungBrowser/2.1 Chrome/76.0.3809.146 TV Safari/537.36",
}
ROBOTS = (
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; "
    "+https://openai.com/gptbot)",
    "python-requests/2.32.3",
    "",
)
_ROBOT_EACH = 12
"""One robot's visit to so many people's."""
_SKEWED, _HELD, _TWICE, _BAD = 0.15, 0.03, 0.04, 0.002
_DAY = 86_400.0
_SEARCHES = ("google", "bing", "duckduckgo")


@dataclass(frozen=True, slots=True)
class Written:
    """A line, and when the collector wrote it (seconds since 1970)."""

    at: float
    text: str


def lines_of(visits: Visits, day: date) -> Iterator[Written]:
    """Yields the lines of the visits that begin on a day, robots and broken lines among them."""
    address = visits.site.organization.site
    for place, visit in enumerate(visits.of_day(day)):
        chance = random.Random(f"collector {visit.number}")
        if place % _ROBOT_EACH == 0:
            yield _robot(visit, address, chance)
        if visit.is_blocked:
            continue
        clock = chance.uniform(-2 * _DAY, 2 * _DAY) if chance.random() < _SKEWED else 0.0
        for number, action in enumerate(visit.actions):
            yield from _copies(_event(visit, number, action, address), action.at, clock, chance)


def drop_files(
    visits: Visits, days: Iterable[date], folder: Path, now: datetime | None = None
) -> int:
    """Writes the files of a collector, one of each UTC hour in which it received something.

    Args:
        visits: of whom.
        days: whose visits.
        folder: where to; files that stand there stay.
        now: what would be received later is not written yet.

    Returns:
        How many lines were written.
    """
    by_hour: dict[datetime, list[Written]] = defaultdict(list)
    for day in days:
        for one in lines_of(visits, day):
            at = datetime.fromtimestamp(one.at, UTC)
            if now is None or at <= now:
                by_hour[at.replace(minute=0, second=0, microsecond=0)].append(one)
    written = 0
    folder.mkdir(parents=True, exist_ok=True)
    for hour, lines in sorted(by_hour.items()):
        if now is not None and hour + timedelta(hours=1) > now:
            continue  # the file of an hour is there when the hour is over
        path = folder / f"events-{hour:%Y-%m-%dT%H}.ndjson.gz"
        if not path.exists():
            part = path.with_name(f"{path.name}.part")
            texts = (one.text for one in sorted(lines, key=lambda one: one.at))
            part.write_bytes(
                gzip.compress("".join(f"{text}\n" for text in texts).encode(), 6, mtime=0)
            )
            os.replace(part, path)
            path.with_name(f"{path.name}.done").touch()
            written += len(lines)
    return written


def _copies(
    event: dict[str, Any], at: float, clock: float, chance: random.Random
) -> Iterator[Written]:
    """The lines of one event: late, by a clock that is wrong, some twice, a few broken."""
    held = chance.uniform(60, 2 * _DAY) if chance.random() < _HELD else 0.0
    times = [held] + [held + chance.uniform(1, _DAY / 2)] * (chance.random() < _TWICE)
    for delay in times:
        received = round(at + delay, 3)
        said = {
            **event,
            "occurred_at": _iso(at + clock),
            "sent_at": _iso(received + clock),
            "received_at": _iso(received),
        }
        yield Written(received, json.dumps(said))
    if chance.random() < _BAD:
        yield Written(at, json.dumps(event)[: chance.randint(1, 40)])


def _event(visit: VisitToSite, number: int, action: Action, address: str) -> dict[str, Any]:
    parameters, referrer = _came_from(visit.origin)
    url, order = f"{address}{action.path}", action.order
    first = {"url": f"{url}?{urlencode(parameters)}" if parameters else url, "referrer": referrer}
    money = (
        {"order_id": str(order.number), "value": _paid(order), "currency": order.shop.currency}
        if order
        else {}
    )
    return {
        "v": 1,
        "event_id": hashlib.sha256(f"{visit.number} {number}".encode()).hexdigest()[:32],
        "event": action.name,
        "device_id": visit.device,
        **({"url": url, "referrer": f"{address}/"} if number else first),
        "user_agent": AGENTS[visit.kind],
        "ip": f"203.0.113.{visit.number % 250 + 1}",
        "consent": {"analytics": "granted"},
        "props": money,
    }


def _came_from(origin: Origin) -> tuple[dict[str, str], str]:
    """Parameters of the landing page, and the page before it."""
    if origin.source in (DIRECT, UNKNOWN):
        return {}, ""
    if origin.medium == "organic" and origin.source in _SEARCHES:
        return {}, f"https://www.{origin.source}.com/"
    if origin.medium in ("referral", "ai-assistant"):
        return {}, f"https://{origin.source}/"
    said = {
        "utm_source": origin.source,
        "utm_medium": origin.medium,
        "utm_campaign": origin.campaign,
    }
    return {name: value for name, value in said.items() if value != UNKNOWN}, ""


def _robot(visit: VisitToSite, address: str, chance: random.Random) -> Written:
    at = visit.actions[0].at
    said = {
        "event_id": f"robot-{visit.number}",
        "event": "page_view",
        "occurred_at": _iso(at),
        "received_at": _iso(at),
        "device_id": f"robot-{visit.number}",
        "url": f"{address}/",
        "user_agent": chance.choice(ROBOTS),
    }
    return Written(at, json.dumps(said))


def _paid(order: Any) -> str:
    return f"{sum(cents for _, cents in order.payments[:1]) / 100:.2f}"


def _iso(at: float) -> str:
    return datetime.fromtimestamp(round(at, 3), UTC).isoformat(timespec="milliseconds")
