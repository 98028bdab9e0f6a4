"""Streams that are due because a sender has said that something of them changed. No Dagster.

What is due is derived: an event of an account that was received after its stream was last asked
for. There is no list of signals that could be lost, and of a thousand events one pull follows.
An account that could not be pulled is left to the schedule, as landed files are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from connectors.core import clock
from connectors.platforms.webhooks.hooks import PULLS
from connectors.platforms.webhooks.records import stored
from connectors.platforms.webhooks.senders import SENDERS
from orchestration.arrivals import MOST_ATTEMPTS
from orchestration.workspace import Workspace
from warehouse.delivery_journal import KNOWN_DAYS, files_since
from warehouse.registry_records import Connection
from warehouse.sync_log import SyncLog

_LONGEST_FILE = timedelta(hours=1)
"""Far longer than events are added to one file."""


@dataclass(frozen=True, slots=True)
class Signal:
    """An account with streams that are due.

    Attributes:
        newest: when the newest event was received that nobody has pulled yet.
    """

    connection_id: str
    platform: str
    streams: tuple[str, ...]
    newest: datetime


Asked = Mapping[str, tuple[str, int]]
"""By connection: the newest event that a run was asked for, and how often that was done."""


def signals(space: Workspace) -> list[Signal]:
    """Returns the accounts that events were received of since they were last asked."""
    found: dict[tuple[str, str], dict[str, datetime]] = {}
    for endpoint in space.registry.connections(platform="webhooks", statuses=("active",)):
        account = _account_of(space, endpoint)
        if account is not None:
            due = found.setdefault((account.connection_id, account.platform), {})
            for stream, newest in _due(space, endpoint, account).items():
                due[stream] = max(newest, due.get(stream, newest))
    return [
        Signal(connection_id, platform, tuple(sorted(due)), max(due.values()))
        for (connection_id, platform), due in sorted(found.items())
        if due
    ]


def next_asked(
    found: Sequence[Signal], before: Asked, alive: Sequence[str]
) -> tuple[list[Signal], dict[str, tuple[str, int]]]:
    """Decides which accounts a run is asked for: none that a run is on its way for.

    Args:
        found: the accounts with streams that are due.
        before: what was asked for until now.
        alive: the connections that a run which was asked for has yet to end of.

    Returns:
        The accounts to ask for, and what to remember.
    """
    wanted, known = [], {}
    for one in found:
        newest = one.newest.isoformat()
        last, attempts = before.get(one.connection_id, ("", 0))
        attempts = attempts if last == newest else 0
        if one.connection_id not in alive and attempts < MOST_ATTEMPTS:
            wanted.append(one)
            attempts += 1
        known[one.connection_id] = (newest, attempts)
    return wanted, known


def read_asked(text: str | None) -> dict[str, tuple[str, int]]:
    """Returns what `write_asked` remembered."""
    return {key: (newest, count) for key, (newest, count) in json.loads(text or "{}").items()}


def write_asked(asked: Asked) -> str:
    """Returns what was asked for as the sensor's cursor."""
    return json.dumps(asked)


def _account_of(space: Workspace, endpoint: Connection) -> Connection | None:
    """The active account that the events of an endpoint are about; None without one."""
    platform, _, account = endpoint.settings.get(PULLS, "").partition("/")
    if platform not in space.platforms:
        return None
    spelled = space.account_id(platform, account)
    owner = endpoint.organization_id
    known = space.registry.connections(owner, platform, statuses=("active",))
    return next((one for one in known if one.account_id == spelled), None)


def _due(space: Workspace, endpoint: Connection, account: Connection) -> dict[str, datetime]:
    """The streams of an account that are due, each with its newest event."""
    sender = SENDERS.get(endpoint.settings.get("sender", ""))
    declared = {one.name for one in space.platforms[account.platform].streams}
    if sender is None:
        return {}
    asked: dict[str, datetime] = {}
    for row in SyncLog(space.home).rows(account.platform, None, account.connection_id):
        started = row.fetch_started_at
        asked[row.stream] = max(started, asked.get(row.stream, started))
    streams = {s for named in sender.due.values() for s in named} & declared
    since = clock.now() - timedelta(days=KNOWN_DAYS)
    first = max(since, min((asked.get(one, since) for one in streams), default=since))
    folder = space.home.landing_dir(endpoint.organization_id, endpoint.account_id)
    due: dict[str, datetime] = {}
    for path in files_since(folder, first - _LONGEST_FILE):
        found = path.stat()
        for topic, newest in _topics(str(path), found.st_size, found.st_mtime_ns).items():
            for stream in sender.streams_of(topic):
                if stream in declared and newest > asked.get(stream, since):
                    due[stream] = max(newest, due.get(stream, newest))
    return due


@lru_cache(maxsize=10_000)
def _topics(path: str, _size: int, _modified: int) -> dict[str, datetime]:
    """The newest event of each topic in a file; of an open one its whole lines."""
    found: dict[str, datetime] = {}
    for event in stored(Path(path).read_bytes()):
        topic = event["topic"] or ""
        received = datetime.fromisoformat(event["received_at"]).astimezone(UTC)
        found[topic] = max(received, found.get(topic, received))
    return found
