"""A source of events: what its settings say, and the files that a collector has written for it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from connectors.core.accounts import Account
from connectors.core.arrow import PageTyper, TypedPage
from connectors.core.errors import BadRequest
from connectors.core.http import Client
from connectors.core.intake import Reading
from connectors.core.objects import DataObject, DueObject
from connectors.core.personal import Hasher
from connectors.core.set_aside import SetAside
from connectors.core.stream import Kind, Page, Stream
from connectors.platforms.events import addresses, landing
from connectors.platforms.events.lines import Line, lines_of
from connectors.platforms.events.places import Places
from connectors.platforms.events.records import BadLine, RecordMaker
from connectors.platforms.events.shapes import SHAPES
from connectors.platforms.events.shapes.shape import FIELDS, Shape

SHAPE, FIELD_PLACES, IP, GEOIP, ZONE = "shape", "fields", "ip", "geoip", "time_zone"
SETTINGS = (SHAPE, FIELD_PLACES, IP, GEOIP, ZONE)
"""Settings of a source; README.md says what each may be."""
_OF_THE_PIPELINE = ("landing", "home", "key_file")
_RULES = "1"
"""Raised when lines are read otherwise: files that still lie in landing are then read again."""
_PAGE_ROWS = 5_000


def shape_of(settings: Mapping[str, str]) -> Shape:
    """Returns the shape of a source's lines, with places of its own.

    Raises:
        ValueError: its settings name no shape, or no places.
    """
    name = settings.get(SHAPE) or "own"
    if name not in SHAPES:
        raise ValueError(f"setting {SHAPE}={name!r}: it is one of {', '.join(SHAPES)}")
    try:
        places = orjson.loads(settings.get(FIELD_PLACES) or "{}")
    except orjson.JSONDecodeError:
        places = None
    if not isinstance(places, dict) or not all(isinstance(v, str) for v in places.values()):
        raise ValueError(
            f"setting {FIELD_PLACES} is no JSON object of our names and dotted places, "
            'such as {"event_id": "meta.id"}'
        )
    if unknown := sorted(set(places) - set(FIELDS)):
        raise ValueError(
            f"setting {FIELD_PLACES} has {', '.join(unknown)}; known are {', '.join(FIELDS)}"
        )
    return SHAPES[name].with_places(places)


def check_settings(_account_id: str, settings: Mapping[str, str]) -> None:
    """Refuses settings that cannot work.

    Raises:
        ValueError: what is wrong, and what to write instead.
    """
    unknown = sorted(set(settings) - {*SETTINGS, *_OF_THE_PIPELINE})
    if unknown:
        raise ValueError(f"unknown setting {', '.join(unknown)}; known are {', '.join(SETTINGS)}")
    shape_of(settings)
    keep = settings.get(IP) or "network"
    if keep not in addresses.KEPT:
        raise ValueError(f"setting {IP}={keep!r}: it is one of {', '.join(addresses.KEPT)}")
    if settings.get(GEOIP) and not Path(settings[GEOIP]).is_absolute():
        raise ValueError(f"setting {GEOIP}={settings[GEOIP]!r}: it is a path from the root")


def stream(_account: Account) -> str:
    """Every source feeds the one stream."""
    return "events"


def kind(_account: Account) -> Kind:
    """Events are what changed."""
    return "changes"


def in_order(_account: Account) -> bool:
    """A file that fails holds back none: each event stands for itself."""
    return False


def find(account: Account, _wait: bool = True) -> list[DataObject]:
    """Returns the complete files of a source, oldest first."""
    return landing.objects(
        Path(account.settings.get("landing", "/nonexistent")), _revision(account)
    )


def read(account: Account, due: DueObject, hash_pii: Hasher | None) -> Reading:
    """Returns the pages of one file."""
    from connectors.platforms.events import PLATFORM

    _checked(account)
    settings = account.settings
    maker = RecordMaker(
        shape_of(settings), Places(settings.get(GEOIP, "")), settings.get(IP) or "network", hash_pii
    )
    return EventReading(PLATFORM.stream("events"), due, maker, hash_pii)


class EventReading:
    """The pages of one file of events."""

    is_due_again = False
    covered = None

    def __init__(
        self, of: Stream, due: DueObject, maker: RecordMaker, hash_pii: Hasher | None
    ) -> None:
        self._due, self._maker = due, maker
        self._typer = PageTyper(of, hash_pii)

    @property
    def schema(self) -> dict[str, Any]:
        """Nothing: what a line has is said by its shape."""
        return {}

    def __iter__(self) -> Iterator[TypedPage]:
        records: list[dict[str, Any]] = []
        aside: list[SetAside] = []
        size = 0
        for line in lines_of(Path(self._due.data.locator)):
            size += line.bytes
            try:
                records.append(self._record(line))
            except BadLine as trouble:
                aside.append(self._aside(line, str(trouble)))
            if len(records) + len(aside) >= _PAGE_ROWS:
                yield self._typer.type(Page(records, size, tuple(aside)))
                records, aside, size = [], [], 0
        yield self._typer.type(Page(records, size, tuple(aside)))

    def _record(self, line: Line) -> dict[str, Any]:
        if line.content is None:
            raise BadLine(line.reason)
        return {**self._maker.record(line.content), "line": line.number}

    def _aside(self, line: Line, reason: str) -> SetAside:
        """A bad line by its place: no copy of it is kept, for it may hold an address."""
        part = {"object": self._due.data.name, "line": line.number, "bytes": line.bytes}
        if line.content is not None:
            part["keys"] = sorted(map(str, line.content))[:50]
        return SetAside(f"line {line.number}: {reason}", part)


def remarks(account: Account) -> list[str]:
    """Returns what the first lines of the newest file would become."""
    found = find(account)
    if not found:
        return ["no complete file lies in the landing folder"]
    reading = read(account, DueObject(found[-1]), lambda _: "token")
    page = next(iter(reading))
    lines = [f"{found[-1].name}: of its first lines {page.batch.num_rows} are events"]
    return lines + [f"{found[-1].name}: {one.reason}" for one in page.rejected[:5]]


def describe_account(_client: Client, account: Account) -> Account:
    """Returns the source, in the zone that its settings state.

    Raises:
        BadRequest: its settings cannot work.
        ShapeChanged: its GeoIP database is not there.
    """
    _checked(account)
    Places(account.settings.get(GEOIP, ""))
    zone = account.settings.get(ZONE) or account.time_zone or "UTC"
    return account.described(account.name or account.id, account.currency, zone)


def _checked(account: Account) -> None:
    try:
        check_settings(account.id, account.settings)
    except ValueError as trouble:
        raise BadRequest(str(trouble), remedy="Apply the connection with right settings.") from None


def _revision(account: Account) -> str:
    """Of the rules, and of the settings that lines are read by."""
    said = orjson.dumps([[name, account.settings.get(name)] for name in SETTINGS])
    return f"{_RULES}.{hashlib.sha256(said).hexdigest()[:8]}"
