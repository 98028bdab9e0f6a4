"""What there is to say about the files of a connection, and how one is loaded again."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from connectors.core.accounts import Account
from connectors.platforms import get
from connectors.platforms.files import hooks, landing
from connectors.platforms.files.reasons import advice, grouped
from orchestration.due.loads import due_objects, loaded_objects, schema_of
from orchestration.replacements import in_words, replaced_rows
from orchestration.sources import new_source
from orchestration.workspace import Workspace
from warehouse.apply_file import ApplyFile
from warehouse.durable_files import ensure_directory
from warehouse.quarantine import quarantined
from warehouse.registry_records import Connection, RegistryError, did_you_mean
from warehouse.sync_log import SyncLog
from warehouse.sync_rows import LogRow

PLATFORM = "files"


@dataclass(frozen=True, slots=True)
class FileState:
    """One file of a source and what became of it.

    Attributes:
        state: `loaded`, `due`, `failed`, `superseded` (an older list), `repeated` (the same content
            under another name), `unfinished` or `ignored`.
        rows, rejected_rows: of its newest load.
        note: why it is not loaded, or what changed in its header.
    """

    name: str
    state: str
    modified: datetime
    rows: int | None
    rejected_rows: int | None
    note: str
    digest: str = ""


def account_of(space: Workspace, connection: Connection) -> Account:
    """Returns a connection's account as its platform sees it."""
    return new_source(space, get(PLATFORM), connection).account


def file_states(space: Workspace, connection: Connection) -> list[FileState]:
    """Returns every file of a source, oldest first."""
    account = account_of(space, connection)
    mapping = hooks.mapping_of(account)
    replays = json.loads(account.settings.get(hooks.REPLAYS) or "{}")
    rows = _rows(space, connection, mapping.target)
    loaded = [row for row in rows if row.status == "succeeded"]
    found = landing.files(mapping, hooks.folder(account))
    complete = {
        one.name: landing.data_object(one, mapping, replays)
        for one in found
        if one.state == "complete"
    }
    due = due_objects(list(complete.values()), loaded_objects(loaded), mapping.kind)
    waiting = {each.name for each in due}
    replaced = replaced_rows(rows)
    states = []
    for one in found:
        if one.name not in complete:
            states.append(FileState(one.name, one.state, one.modified, None, None, one.reason))
            continue
        data = complete[one.name]
        own = [row for row in rows if row.object_digest == data.digest]
        last = own[-1] if own else None
        state = _state(one.name in waiting, last, [row for row in own if row in loaded], data.name)
        states.append(
            FileState(
                one.name,
                state,
                one.modified,
                last.rows if last else None,
                last.rejected_rows if last else None,
                _note(last, replaced.get((last.sync_id, last.chunk_id), {})) if last else "",
                data.digest,
            )
        )
    return states


def quarantined_rows(
    space: Workspace, connection: Connection, name: str | None = None
) -> list[dict[str, str]]:
    """Returns reason and payload of the rows of each file's newest load that were set aside."""
    target = hooks.stream(account_of(space, connection))
    newest: dict[str, LogRow] = {}
    for row in _rows(space, connection, target):
        if row.status == "succeeded" and row.object_name and name in (None, row.object_name):
            newest[row.object_name] = row
    chunks = {(row.sync_id, row.chunk_id) for row in newest.values() if row.rejected_rows}
    table = quarantined(space.home, PLATFORM, target, connection.connection_id, chunks)
    found: list[dict[str, str]] = table.select(["reason", "payload"]).to_pylist()
    return found


def place_of_files(space: Workspace, connection: Connection) -> Path:
    """Returns where the files of a source are read; its landing folder is made."""
    account = account_of(space, connection)
    return landing.root_of(hooks.mapping_of(account), hooks.folder(account))


def quarantine_reasons(
    space: Workspace, connection: Connection, rows: Sequence[Mapping[str, str]]
) -> list[dict[str, Any]]:
    """Returns the reasons of quarantined rows, the most frequent first.

    Args:
        space: the workspace.
        connection: the source.
        rows: as `quarantined_rows` returned them.

    Returns:
        Of each `reason`, `rows`, `first_row`, `example` (JSON of the cells) and `add_to_mapping`.
    """
    mapping = hooks.mapping_of(account_of(space, connection))
    groups = grouped((row["reason"], row["payload"]) for row in rows)
    return [
        {
            "reason": one.reason,
            "rows": one.rows,
            "first_row": one.first_row,
            "example": one.payload,
            "add_to_mapping": advice(one.reasons, mapping),
        }
        for one in groups
    ]


def mark_for_replay(
    space: Workspace, connection: Connection, name: str | None = None, word: str | None = None
) -> list[str]:
    """Makes files due again: the named one, or all of which rows are in quarantine.

    Where the order of loading says which version is newer, all that was loaded after them comes
    too: loaded alone, an old file would win over the newer ones. For the same reason a file that
    was never loaded brings those before it that are due.

    Args:
        space: the workspace.
        connection: the source.
        name: the file; None for all of which rows are in quarantine.
        word: by it a run finds the marked files; None when no run will ask for them by it.

    Returns:
        Their names, in the order in which they are loaded.

    Raises:
        RegistryError: there is no such file any more.
    """
    states = [one for one in file_states(space, connection) if one.digest]
    chosen = [s for s in states if s.rejected_rows] if name is None else _named(states, name)
    if hooks.in_order(account_of(space, connection)):
        chosen = _with_later(space, connection, states, chosen)
    replays = json.loads(connection.settings.get(hooks.REPLAYS, "{}"))
    replays |= dict.fromkeys((one.digest for one in chosen), word or new_word())
    if chosen:
        space.registry.change_settings(
            connection.connection_id, {hooks.REPLAYS: json.dumps(replays)}
        )
    return [one.name for one in chosen]


def make_landing_folder(space: Workspace, organization: str, source: str) -> Path:
    """Makes the folder in which the files of a source are dropped, and returns it.

    Raises:
        ValueError: the names cannot be those of an organization and a source.
    """
    if not organization or organization == source:
        raise ValueError(f"{source!r} is no source; write organization/source, such as acme/ads")
    hooks.check_name(source)
    folder = space.home.landing_dir(organization, source)
    ensure_directory(folder)
    return folder


def new_word() -> str:
    """Returns a word that no replay was marked with."""
    return uuid.uuid4().hex[:8]


def accept(space: Workspace, connection: Connection, name: str) -> None:
    """Lets a list be loaded although it is much shorter than the one before.

    Raises:
        RegistryError: there is no such file.
    """
    chosen = _named([s for s in file_states(space, connection) if s.digest], name)
    accepted = json.loads(connection.settings.get(hooks.ACCEPTED, "[]"))
    accepted = sorted({*accepted, *(one.digest for one in chosen)})
    space.registry.change_settings(connection.connection_id, {hooks.ACCEPTED: json.dumps(accepted)})


def expecting_nothing(space: Workspace, declared: ApplyFile) -> ApplyFile:
    """Lets new sources that state no frequency expect no files, so that none shows as late."""
    known = {
        (c.organization_id, c.platform, c.account_id)
        for c in space.registry.connections(statuses=("active", "paused", "removed"))
    }
    return replace(
        declared,
        connections=tuple(
            replace(one, sync_frequency="manual")
            if not space.platforms[one.platform].intake.is_scheduled
            and one.sync_frequency is None
            and (one.organization_id, one.platform, one.account_id) not in known
            else one
            for one in declared.connections
        ),
    )


def _named(states: Sequence[FileState], name: str) -> list[FileState]:
    names = [one.name for one in states]
    if name not in names:
        raise RegistryError(
            f"no complete file {name!r}{did_you_mean(name, names)}; there are: {', '.join(names)}"
        )
    return [one for one in states if one.name == name]


def _with_later(
    space: Workspace,
    connection: Connection,
    states: Sequence[FileState],
    chosen: Sequence[FileState],
) -> list[FileState]:
    """Adds the files that were loaded after the first of the chosen ones, and those due before."""
    rows = _rows(space, connection, hooks.stream(account_of(space, connection)))
    place = {row.object_digest: n for n, row in enumerate(rows) if row.status == "succeeded"}
    first = min((place[s.digest] for s in chosen if s.digest in place), default=len(rows))
    new = [n for n, s in enumerate(states) if s in chosen and s.digest not in place]
    before = {s.digest for s in states[: max(new, default=0)] if s.state in {"due", "failed"}}
    both = [
        s for s in states if s in chosen or s.digest in before or place.get(s.digest, -1) > first
    ]
    return sorted(both, key=lambda s: place.get(s.digest, len(rows)))


def _rows(space: Workspace, connection: Connection, target: str) -> list[LogRow]:
    rows = SyncLog(space.home).rows(PLATFORM, target, connection.connection_id)
    return sorted(rows, key=lambda row: (row.fetch_started_at, row.sync_id, row.chunk_id))


def _state(is_due: bool, last: LogRow | None, loads: Sequence[LogRow], name: str) -> str:
    if is_due:
        return "failed" if last is not None and last.status == "failed" else "due"
    if any(row.object_name == name for row in loads):
        return "loaded"
    return "repeated" if loads else "superseded"


def _note(row: LogRow, replaced: Mapping[str, int]) -> str:
    if row.status == "failed":
        return row.error_message or ""
    schema = schema_of(row)
    parts = [
        f"{name.replace('_', ' ')}: {', '.join(schema[name])}"
        for name in ("new_columns", "gone_columns")
        if schema.get(name)
    ]
    if schema.get("skipped_rows"):
        parts.append(f"{schema['skipped_rows']} rows skipped by rule")
    parts += [
        f"{column}: {found['cells']} cells not read (first {found['first']})"
        for column, found in schema.get("unread_cells", {}).items()
    ]
    if left := schema.get("left_days"):
        shown = left[0] if len(left) == 1 else f"{len(left)} days ({left[0]} to {left[-1]})"
        parts.append(f"left {shown} as it was: a row of it could not be read")
    if replaced:
        parts.append(in_words(replaced))
    return "; ".join(parts)
