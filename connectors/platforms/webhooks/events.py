"""The events that one request carries: found by paths, which are data of the sender."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import orjson

from connectors.core.instants import in_zone
from connectors.platforms.webhooks.received import Received

_MISSING = re.compile(r"\{[^{}]*\}|")
"""A macro that the sender had no value for, or nothing."""


class Malformed(ValueError):
    """A body that is the sender's, and not what it should be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """Where the events of a request are, and what is known of each.

    A path is names with dots in the event; `^` before it looks in what holds the event, `/` in the
    whole body, `header:` names a header. Of several paths, parted by `|`, the first that has a
    value counts.

    Attributes:
        each: names of the lists that hold the events, outermost first; a body without such a list
            is one event.
        topic: what happened.
        key: what makes an event one of a kind; of an event without it a hash of the whole.
        happened: when it happened.
        object: the id of what it is about.
        without: names that are taken out of the event before it is stored.
    """

    each: tuple[str, ...] = ()
    topic: str = ""
    key: tuple[str, ...] = ()
    happened: str = ""
    object: str = ""
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """One event, as it is stored.

    Attributes:
        id: of all deliveries of this event the same.
        topic: as the sender names it.
        happened_at: in UTC; None when the sender does not say, or says what is no time.
        object_id: of what it is about; empty when it is not said.
        payload: the event in JSON, without secrets.
    """

    id: str
    topic: str
    happened_at: datetime | None
    object_id: str
    payload: bytes


def events_of(spec: Events, received: Received) -> list[Event]:
    """Returns the events of a verified request.

    Raises:
        Malformed: its body is not JSON.
    """
    body = _body(received)
    found: list[Event] = []
    for event, holder in _each(spec.each, body, body):
        look = _Look(event, holder, body, received)
        if isinstance(event, dict):
            kept: Any = {name: value for name, value in event.items() if name not in spec.without}
        else:
            kept = event
        payload = orjson.dumps(kept, option=orjson.OPT_NON_STR_KEYS)
        topic = look.text(spec.topic)
        parts = [look.text(path) for path in spec.key]
        if not parts or not parts[0]:
            # What holds it is counted too: a setting that changes twice is two events.
            digest = hashlib.sha256(payload).hexdigest()
            parts = [*parts, digest, look.text("^id"), look.text("^time")]
        key = hashlib.sha256(orjson.dumps([topic, *parts])).hexdigest()[:32]
        happened = instant(look.value(spec.happened))
        found.append(Event(key, topic, happened, look.text(spec.object), payload))
    return found


def _body(received: Received) -> Any:
    if received.method == "GET":
        asked = received.parameters()
        return {name: value for name, value in asked.items() if not _MISSING.fullmatch(value)}
    try:
        return orjson.loads(received.body)
    except orjson.JSONDecodeError as trouble:
        raise Malformed("the body is not JSON") from trouble


def _each(names: Sequence[str], value: Any, holder: Any) -> list[tuple[Any, Any]]:
    """Returns the events below a value, each with what holds it."""
    if isinstance(value, list):
        return [pair for one in value for pair in _each(names, one, holder)]
    if names and isinstance(value, dict) and isinstance(value.get(names[0]), list):
        return [pair for one in value[names[0]] for pair in _each(names[1:], one, value)]
    return [(value, holder)]


@dataclass(frozen=True, slots=True)
class _Look:
    """Values around one event."""

    event: Any
    holder: Any
    body: Any
    received: Received

    def value(self, paths: str) -> Any:
        for path in paths.split("|"):
            found = self._one(path)
            if found not in (None, ""):
                return found
        return None

    def text(self, paths: str) -> str:
        found = self.value(paths)
        if found is None:
            return ""
        return found if isinstance(found, str) else orjson.dumps(found).decode()

    def _one(self, path: str) -> Any:
        if path.startswith("header:"):
            return self.received.header(path.removeprefix("header:"))
        at = {"^": self.holder, "/": self.body}.get(path[:1], self.event)
        for name in path.lstrip("^/").split("."):
            at = at.get(name) if isinstance(at, Mapping) else None
        return at


def instant(value: Any) -> datetime | None:
    """Reads a time: seconds or milliseconds since 1970, ISO 8601 or an HTTP date; else None.

    Times without a zone are UTC: senders write those in UTC that have a name in `…_gmt`, and
    Mailchimp's are taken for it.
    """
    try:
        if isinstance(value, int) and not isinstance(value, bool):
            seconds = value / 1000 if abs(value) >= 10**11 else float(value)
            return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 15:
            return instant(int(value))
        found = datetime.fromisoformat(value)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else in_zone(found, UTC)
    except (ValueError, TypeError, OverflowError):
        return _http_date(value)


def _http_date(value: Any) -> datetime | None:
    try:
        return parsedate_to_datetime(str(value)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
