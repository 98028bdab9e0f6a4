"""Files that have landed and are not loaded yet, and when a run should be asked for. No Dagster.

The log decides what is loaded; what is remembered between two looks is only which files a run was
asked for. A file whose run ended without a word about it in the log is asked for again, so that a
killed run loses none; one that failed is left to the schedule, so that it is not tried every tick.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from connectors.core.errors import ConnectorError
from connectors.core.platform import Platform
from orchestration.due.objects import due_objects, loaded_objects, schema_of
from orchestration.sources import new_source
from orchestration.workspace import Workspace
from warehouse.registry_records import Connection
from warehouse.sync_log import SyncLog
from warehouse.sync_rows import LogRow

MOST_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Request:
    """A run that was asked for on account of a file: its key, and how often that was done."""

    run_key: str
    attempt: int


Requests = Mapping[str, Request]
"""What was asked for, by the file's key."""


def waiting(space: Workspace) -> list[str]:
    """Returns the key of each complete file that no log row speaks of, of all active sources."""
    keys: list[str] = []
    for platform in space.platforms.values():
        if platform.objects is None:
            continue
        rows = _rows_by_connection(space, platform)
        for connection in space.registry.connections(platform=platform.name, statuses=("active",)):
            keys += _waiting(space, platform, connection, rows.get(connection.connection_id, []))
    return keys


def next_request(
    keys: Sequence[str], before: Requests, is_alive: Callable[[str], bool]
) -> tuple[str | None, dict[str, Request]]:
    """Decides whether to ask for a run: one for all files that wait for one.

    Args:
        keys: the files that are waiting.
        before: what was asked for until now.
        is_alive: whether the run of a run key has yet to end.

    Returns:
        The key of the run to ask for, or None, and what to remember.
    """
    known = {key: before[key] for key in keys if key in before}
    alive = {r.run_key: is_alive(r.run_key) for r in known.values()}
    wanted = [
        key
        for key in keys
        if key not in known
        or (not alive[known[key].run_key] and known[key].attempt < MOST_ATTEMPTS)
    ]
    if not wanted:
        return None, known
    attempts = {key: known[key].attempt + 1 if key in known else 1 for key in wanted}
    named = json.dumps(sorted(attempts.items()))
    run_key = hashlib.sha256(named.encode()).hexdigest()[:32]
    asked = {key: Request(run_key, attempt) for key, attempt in attempts.items()}
    return run_key, {**known, **asked}


def read_cursor(text: str | None) -> dict[str, Request]:
    """Returns what `write_cursor` remembered."""
    found = json.loads(text or "{}")
    return {key: Request(run_key, attempt) for key, (run_key, attempt) in found.items()}


def write_cursor(requests: Requests) -> str:
    """Returns what was asked for as the sensor's cursor."""
    return json.dumps({key: [r.run_key, r.attempt] for key, r in requests.items()})


def _rows_by_connection(space: Workspace, platform: Platform) -> dict[str, list[LogRow]]:
    rows: dict[str, list[LogRow]] = {}
    for row in SyncLog(space.home).rows(platform.name):
        rows.setdefault(row.connection_id, []).append(row)
    for found in rows.values():
        found.sort(key=lambda row: (row.fetch_started_at, row.sync_id, row.chunk_id))
    return rows


def _waiting(
    space: Workspace, platform: Platform, connection: Connection, rows: Sequence[LogRow]
) -> list[str]:
    objects = platform.objects
    assert objects is not None
    account = new_source(space, platform, connection).account
    try:
        kind, found = objects.kind(account), objects.find(account, False)
    except ConnectorError:
        return []  # a pull tells of it; here it would only be told every tick
    stream = objects.stream(account)
    own = [row for row in rows if row.stream == stream and row.object_digest]
    loaded = loaded_objects(row for row in own if row.status == "succeeded")
    told = {(row.object_digest, schema_of(row).get("revision")) for row in own}
    due = [each.data for each in due_objects(found, loaded, kind)]
    repeated = {(one.digest, one.revision) for one in loaded}
    return [
        f"{connection.connection_id}:{data.digest}:{data.revision}"
        for data in due
        if (data.digest, data.revision) not in told
        # A file that went back to what it was is due although the log knows the content.
        or (data.digest, data.revision) in repeated
    ]
