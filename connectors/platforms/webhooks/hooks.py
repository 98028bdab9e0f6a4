"""An endpoint: what its settings say, and the deliveries that the receiver has stored for it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from connectors.core.accounts import Account
from connectors.core.arrow import PageTyper, TypedPage
from connectors.core.errors import BadRequest, ShapeChanged
from connectors.core.http import Client
from connectors.core.intake import Reading
from connectors.core.objects import DataObject, DueObject
from connectors.core.personal import Hasher
from connectors.core.stream import Kind, Page, Stream
from connectors.platforms.webhooks.records import RECORDS, scrubbed_record, stored
from connectors.platforms.webhooks.senders import SENDERS, Sender

SENDER = "sender"
"""Setting: who calls the endpoint."""
PULLS = "pulls"
"""Setting: `platform/account` of the same organization, that an event makes due."""
PER_SECOND = "requests_per_second"
"""Setting: how many requests of the sender are taken; the rest are asked to come again."""
SETTINGS = (SENDER, PULLS, PER_SECOND)
PER_SECOND_DEFAULT = 200.0
MOST_PER_SECOND = 100_000.0

SUFFIX = ".ndjson"
"""Of a file of deliveries to which no more is added."""
_OF_THE_PIPELINE = ("landing", "home", "key_file")
_REVISION = "1"
_PAGE_ROWS = 10_000


def sender_of(settings: Mapping[str, str]) -> Sender:
    """Returns who calls an endpoint.

    Raises:
        ValueError: its settings name no sender that is known.
    """
    name = settings.get(SENDER, "")
    if name not in SENDERS:
        raise ValueError(f"setting {SENDER}={name!r}: it is one of {', '.join(sorted(SENDERS))}")
    return SENDERS[name]


def per_second_of(settings: Mapping[str, str]) -> float:
    """Returns how many requests of its sender an endpoint takes in a second.

    Raises:
        ValueError: the setting is no such number.
    """
    text = settings.get(PER_SECOND, "") or str(PER_SECOND_DEFAULT)
    try:
        found = float(text)
    except ValueError:
        found = 0.0
    if not 0 < found <= MOST_PER_SECOND:
        raise ValueError(f"setting {PER_SECOND}={text!r} is no number above 0, such as 200")
    return found


def check_settings(_account_id: str, settings: Mapping[str, str]) -> None:
    """Refuses settings that cannot work.

    Raises:
        ValueError: what is wrong, and what to write instead.
    """
    unknown = sorted(set(settings) - {*SETTINGS, *_OF_THE_PIPELINE})
    if unknown:
        raise ValueError(f"unknown setting {', '.join(unknown)}; known are {', '.join(SETTINGS)}")
    sender = sender_of(settings)
    per_second_of(settings)
    pulls = settings.get(PULLS, "")
    platform, _, account = pulls.partition("/")
    if pulls and (not account or platform != sender.platform):
        wanted = f"{sender.platform}/ACCOUNT" if sender.platform else "left out"
        raise ValueError(f"setting {PULLS}={pulls!r} of sender {sender.label}: it is {wanted}")


def stream(account: Account) -> str:
    """Which stream an endpoint feeds, even when its settings cannot work."""
    sender = SENDERS.get(account.settings.get(SENDER, ""))
    return sender.feeds if sender else "deliveries"


def kind(_account: Account) -> Kind:
    """Deliveries are what changed."""
    return "changes"


def in_order(_account: Account) -> bool:
    """A file that fails holds back none: each delivery stands for itself."""
    return False


def find(account: Account, _wait: bool = True) -> list[DataObject]:
    """Returns the files of deliveries to which no more is added, oldest first."""
    folder = Path(account.settings.get("landing", "/nonexistent"))
    return [_object(path) for path in sorted(folder.glob(f"[0-9]*{SUFFIX}"))]


def read(account: Account, due: DueObject, hash_pii: Hasher | None) -> Reading:
    """Returns the pages of one file of deliveries."""
    from connectors.platforms.webhooks import PLATFORM

    return DeliveryReading(PLATFORM.stream(stream(account)), due, hash_pii)


class DeliveryReading:
    """The pages of one file of deliveries."""

    is_due_again = False
    covered = None

    def __init__(self, of: Stream, due: DueObject, hash_pii: Hasher | None) -> None:
        self._stream, self._due, self._hash = of, due, hash_pii
        self._typer = PageTyper(of, hash_pii)

    @property
    def schema(self) -> dict[str, Any]:
        """Nothing: the receiver writes the lines, so that they have no header of their own."""
        return {}

    def __iter__(self) -> Iterator[TypedPage]:
        try:
            content = Path(self._due.data.locator).read_bytes()
        except OSError as trouble:
            raise ShapeChanged(f"it cannot be read: {trouble.strerror}") from None
        record = RECORDS[self._stream.name]
        try:
            records = [scrubbed_record(record(e), self._hash) for e in stored(content)]
        except (ValueError, AttributeError) as trouble:
            raise ShapeChanged(f"a line of it is no stored delivery: {trouble}") from None
        for start in range(0, len(records), _PAGE_ROWS):
            part = records[start : start + _PAGE_ROWS]
            yield self._typer.type(Page(part, len(content) * len(part) // len(records)))


def remarks(account: Account) -> list[str]:
    """Returns which files are waiting to be loaded or were loaded."""
    return [f"{len(find(account))} files of deliveries are kept"]


def describe_account(_client: Client, account: Account) -> Account:
    """Returns the endpoint, named after its sender.

    Raises:
        BadRequest: its settings cannot work.
    """
    try:
        check_settings(account.id, account.settings)
    except ValueError as trouble:
        raise BadRequest(str(trouble), remedy="Apply the connection with right settings.") from None
    label = sender_of(account.settings).label
    return account.described(account.name or label, account.currency, account.time_zone or "UTC")


def _object(path: Path) -> DataObject:
    found = path.stat()
    digest = _digest(str(path), found.st_size, found.st_mtime_ns)
    modified = datetime.fromtimestamp(found.st_mtime, UTC)
    return DataObject(path.name, digest, found.st_size, modified, str(path), _REVISION)


@lru_cache(maxsize=100_000)
def _digest(path: str, _size: int, _modified: int) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()
