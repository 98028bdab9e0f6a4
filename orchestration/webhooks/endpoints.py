"""The addresses that senders call: one a connection of the platform `webhooks`."""

from __future__ import annotations

import hashlib
import hmac
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from connectors.platforms.webhooks.events import instant
from connectors.platforms.webhooks.hooks import per_second_of, sender_of
from connectors.platforms.webhooks.senders import Sender
from connectors.platforms.webhooks.signatures import Signature, check_secret
from orchestration.workspace import Workspace
from warehouse.delivery_journal import KNOWN_DAYS, known_ids, recover
from warehouse.registry_records import Connection, ConnectionStatus

_log = logging.getLogger(__name__)

PLATFORM = "webhooks"
TAKEN: tuple[ConnectionStatus, ...] = ("active", "paused")
"""Senders that are refused delete their subscription, so that a paused endpoint takes as well."""
_DAY = 86_400


class Bucket:
    """A pace: so many requests a second, and twice as many at once.

    Args:
        per_second: requests.
    """

    def __init__(self, per_second: float) -> None:
        self.per_second = per_second
        self._most = max(1.0, 2 * per_second)
        self._left, self._at = self._most, time.monotonic()

    def take(self) -> bool:
        """Takes one request; returns whether there was room for it."""
        now = time.monotonic()
        self._left = min(self._most, self._left + (now - self._at) * self.per_second)
        self._at = now
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True


class Known:
    """The ids of the deliveries that are on the disk, as long as a sender may repeat them."""

    def __init__(self) -> None:
        self._days: dict[bytes, int] = {}
        self._today = 0

    def __contains__(self, record_id: str) -> bool:
        return bytes.fromhex(record_id) in self._days

    def __len__(self) -> int:
        return len(self._days)

    def add(self, record_id: str, received: float) -> None:
        """Remembers an id; once a day those are forgotten that nobody repeats any more."""
        day = int(received // _DAY)
        self._days.setdefault(bytes.fromhex(record_id), day)
        if day > self._today:
            self._today = day
            first = day - KNOWN_DAYS
            self._days = {one: known for one, known in self._days.items() if known >= first}


@dataclass(slots=True)
class Endpoint:
    """One address.

    Attributes:
        label: organization/platform/account, for the log.
        sender_name, sender: who calls it.
        folder: where its deliveries are stored.
        secrets: those that are valid, each with until when; the newest first.
        verify: the verify tokens of a handshake.
        bucket: how fast its sender may call.
        known: what is stored.
    """

    label: str
    sender_name: str
    sender: Sender
    folder: Path
    secrets: tuple[tuple[str, datetime | None], ...] = field(repr=False)
    verify: tuple[str, ...] = field(repr=False)
    bucket: Bucket
    known: Known

    def valid_secrets(self, now: datetime) -> list[str]:
        """Returns the secrets that are valid at an instant."""
        return [secret for secret, until in self.secrets if until is None or now < until]


def path_id(space: Workspace, connection: Connection) -> str:
    """Returns what stands for a connection in its address: nobody else can guess it."""
    key = space.registry.hmac_key(connection.organization_id)
    text = f"webhooks/{connection.connection_id}".encode()
    return hmac.new(key, text, hashlib.sha256).hexdigest()[:32]


class Endpoints:
    """The endpoints of a home, read again when the registry has changed.

    Args:
        space: the home.
        now: the clock.
        takes: deliveries are taken for them: what was stored before is read, and files that a
            killed receiver left are finished. One process of a home may do that.
    """

    def __init__(self, space: Workspace, now: datetime, *, takes: bool = True) -> None:
        self._space, self._takes = space, takes
        self._known: dict[str, Known] = {}
        self._by_path: dict[str, Endpoint] = {}
        self._said: set[str] = set()
        self.read(now)

    def __len__(self) -> int:
        return len(self._by_path)

    def find(self, path: str) -> Endpoint | None:
        """Returns the endpoint of a path's id."""
        return self._by_path.get(path)

    def all(self) -> Mapping[str, Endpoint]:
        """Returns all, by the id in their path."""
        return self._by_path

    def read(self, now: datetime) -> None:
        """Reads connections and secrets anew; what is known of each stays."""
        before = self._by_path
        found: dict[str, Endpoint] = {}
        for one in self._space.registry.connections(platform=PLATFORM, statuses=TAKEN):
            path = path_id(self._space, one)
            try:
                found[path] = self._endpoint(one, before.get(path), now)
            except ValueError as trouble:
                self._say(f"{_label(one)} is not served: {trouble}")
        self._by_path = found

    def _endpoint(self, one: Connection, before: Endpoint | None, now: datetime) -> Endpoint:
        sender = sender_of(one.settings)
        secrets, verify = self._secrets(one, sender)
        folder = self._space.home.landing_dir(one.organization_id, one.account_id)
        pace = per_second_of(one.settings)
        same_pace = before is not None and before.bucket.per_second == pace
        return Endpoint(
            _label(one),
            one.settings["sender"],
            sender,
            folder,
            secrets,
            verify,
            before.bucket if before is not None and same_pace else Bucket(pace),
            self._known_of(folder, now),
        )

    def _known_of(self, folder: Path, now: datetime) -> Known:
        """What is stored in a folder, read once: files that are open now would be cut off."""
        known = self._known.get(str(folder))
        if known is None:
            known = self._known[str(folder)] = Known()
            if self._takes:
                recover(folder)
                for record_id, received in known_ids(folder, now.astimezone(UTC)):
                    known.add(record_id, received)
        return known

    def _secrets(
        self, one: Connection, sender: Sender
    ) -> tuple[tuple[tuple[str, datetime | None], ...], tuple[str, ...]]:
        """The secrets and the verify tokens of a connection.

        Raises:
            ValueError: there is none, or one that cannot be used.
        """
        ids = [one.credential_id, *one.alternate_credential_ids]
        given: Mapping[str, str] = next((self._space.registry.secrets(i) for i in ids if i), {})
        if not given.get("secret"):
            raise ValueError("its credential has no secret")
        found: list[tuple[str, datetime | None]] = [(given["secret"], None)]
        if previous := given.get("previous_secret"):
            found.append((previous, _until(given.get("previous_until", ""))))
        if isinstance(sender.proof, Signature):
            for secret, _ in found:
                if why := check_secret(sender.proof.key, secret):
                    raise ValueError(f"a secret of it cannot be used: {why}")
        verify = tuple(token for token in (given.get("verify_token"),) if token)
        return tuple(found), verify

    def _say(self, text: str) -> None:
        if text not in self._said:
            self._said.add(text)
            _log.warning("%s", text)


def _until(text: str) -> datetime | None:
    """Until when the previous secret is valid; without an end until it is taken out.

    Raises:
        ValueError: it is not an instant.
    """
    found = instant(text) if text else None
    if text and found is None:
        raise ValueError(f"previous_until {text!r} is no time such as 2026-12-01T00:00:00Z")
    return found


def _label(one: Connection) -> str:
    return f"{one.organization_id}/{one.platform}/{one.account_id}"
