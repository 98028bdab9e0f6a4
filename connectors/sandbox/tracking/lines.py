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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from connectors.sandbox.business.web_origins import DIRECT, UNKNOWN
from connectors.sandbox.tracking.receipts import LATEST_DAYS, Receipt, receipts
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
_BROKEN = 0.002
_NAMED, _STAMP = "events-", "%Y-%m-%dT%H"
_WITH_CLICK_ID = ("google", "cpc")
_SEARCHES = ("google", "bing", "duckduckgo")


@dataclass(frozen=True, slots=True)
class Written:
    """A line, and when the collector wrote it (seconds since 1970)."""

    at: float
    text: str


def lines_of(visits: Visits, day: date, broken: float = _BROKEN) -> Iterator[Written]:
    """Yields the lines of the visits that begin on a day, robots among them.

    Args:
        visits: of whom.
        day: of the site's own zone.
        broken: the part of the events beside which a line was cut off.
    """
    address = visits.site.organization.site
    for place, visit in enumerate(visits.of_day(day)):
        chance = random.Random(f"collector {visit.number}")
        if place % _ROBOT_EACH == 0:
            yield _robot(visit, address, chance)
        for one in receipts(visit):
            event = _event(visit, one, address)
            yield from _copies(event, one)
            if chance.random() < broken:
                yield Written(one.action.at, json.dumps(event)[: chance.randint(1, 40)])


def drop_files(
    visits: Visits,
    days: Iterable[date],
    folder: Path,
    now: datetime | None = None,
    hours: int = 1,
    broken: float = _BROKEN,
) -> int:
    """Writes the files of a collector, one of each period (UTC) in which it received something.

    Args:
        visits: of whom.
        days: whose visits.
        folder: where to; files that stand there stay.
        now: what would be received later is not written yet, nor the file of a period that lasts.
        hours: of a period; 24 are a multiple of it.
        broken: as of `lines_of`.

    Returns:
        How many lines were written.
    """
    written = 0
    folder.mkdir(parents=True, exist_ok=True)
    coming = [day for day in days if _may_have_lines(day, _newest_period(folder), now)]
    for start, lines in sorted(_by_period(visits, coming, hours, broken).items()):
        end = start + timedelta(hours=hours)
        path = folder / f"{_NAMED}{start:{_STAMP}}.ndjson.gz"
        if (now is None or end <= now) and not path.exists():
            _write(path, lines, end)
            written += len(lines)
    return written


def _newest_period(folder: Path) -> datetime | None:
    """Returns the beginning of the newest file's period."""
    names = [path.name for path in folder.glob(f"{_NAMED}*.ndjson.gz")]
    if not names:
        return None
    return datetime.strptime(max(names), f"{_NAMED}{_STAMP}.ndjson.gz").replace(tzinfo=UTC)


def _may_have_lines(day: date, newest: datetime | None, now: datetime | None) -> bool:
    """Reports whether visits of a day may have lines that no file has yet."""
    is_over = newest is not None and (newest.date() - day).days > LATEST_DAYS
    is_to_come = now is not None and (day - now.date()).days > 1
    return not (is_over or is_to_come)


def _by_period(
    visits: Visits, days: Iterable[date], hours: int, broken: float
) -> Mapping[datetime, Sequence[Written]]:
    found: dict[datetime, list[Written]] = defaultdict(list)
    for day in days:
        for one in lines_of(visits, day, broken):
            at = datetime.fromtimestamp(one.at, UTC)
            start = at.replace(hour=at.hour - at.hour % hours, minute=0, second=0, microsecond=0)
            found[start].append(one)
    return found


def _write(path: Path, lines: Sequence[Written], end: datetime) -> None:
    """Writes a file whole, as old as the period whose end it was closed at."""
    part = path.with_name(f"{path.name}.part")
    text = "".join(f"{one.text}\n" for one in sorted(lines, key=lambda one: one.at))
    part.write_bytes(gzip.compress(text.encode(), 6, mtime=0))
    os.utime(part, (end.timestamp(), end.timestamp()))
    os.replace(part, path)
    path.with_name(f"{path.name}.done").touch()


def _copies(event: dict[str, Any], receipt: Receipt) -> Iterator[Written]:
    """The lines of one event, by the clock of its device."""
    occurred = _iso(receipt.action.at + receipt.clock)
    for at in receipt.received:
        times = {
            "occurred_at": occurred,
            "sent_at": _iso(at + receipt.clock),
            "received_at": _iso(at),
        }
        yield Written(at, json.dumps({**event, **times}))


def _event(visit: VisitToSite, receipt: Receipt, address: str) -> dict[str, Any]:
    number, action = receipt.place, receipt.action
    parameters, referrer = _came_from(visit)
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
        "user_id": (visit.user or None) if order else None,
        **({"url": url, "referrer": f"{address}/"} if number else first),
        "title": action.path.strip("/").replace("/", " ").capitalize() or "Home",
        "user_agent": AGENTS[visit.kind],
        "ip": f"203.0.113.{visit.number % 250 + 1}",
        "consent": {"analytics": "granted"},
        "props": {**_labels(action), **money},
    }


def _labels(action: Action) -> dict[str, str]:
    """What a tag says of an action beside its name; of a view nothing."""
    if action.name == "page_view":
        return {}
    return {"category": "shop", "action": action.name, "label": action.path}


def _came_from(visit: VisitToSite) -> tuple[dict[str, str], str]:
    """Parameters of the landing page, and the page before it."""
    origin = visit.origin
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
    if (origin.source, origin.medium) == _WITH_CLICK_ID:
        said["gclid"] = f"click-{visit.number}"
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
