"""Landed objects: which are due, and how one is loaded."""

from __future__ import annotations

from collections.abc import Sequence

from connectors.core import clock
from connectors.core.accounts import Account
from connectors.core.errors import ConnectorError
from connectors.core.http import Client
from connectors.core.intake import Reading
from connectors.core.objects import DataObject, DueObject, LandedObjects
from connectors.core.personal import Hasher
from connectors.core.platform import Platform
from orchestration.due.chunks import Chunk, Planner, Pull
from orchestration.due.loads import due_objects, loaded_objects, schema_of
from orchestration.sources import Source, new_source
from orchestration.workspace import Workspace
from warehouse.registry_records import Connection
from warehouse.sync_log import SyncLog
from warehouse.sync_rows import LogRow


class ObjectPlanner(Planner):
    """Decides which objects are due: those whose content the log does not know."""

    def __init__(self, job: Pull, log: SyncLog) -> None:
        super().__init__(job, log)
        self._loaded = log.objects(job.platform.name, job.stream.name)

    def chunks(self, source: Source, account: Account) -> list[Chunk]:
        """Returns the objects to load; of lists one at a time, since a sync is one list."""
        job, objects = self._job, _intake(self._job.platform)
        if objects.stream(account) != job.stream.name:
            return []
        loaded = loaded_objects(self._loaded.get(source.connection_id, []))
        kind = objects.kind(account)
        due = due_objects(objects.find(account, True), loaded, kind)
        if job.replay is not None:
            due = [data for data in due if data.revision.endswith(f".{job.replay}")]
        if kind == "snapshot":
            own_id = source.connection_id
            due = [data for data in due if (own_id, data.digest) not in job.tried][:1]
        elif job.tried:
            return []
        previous = loaded[-1] if loaded else None
        return [Chunk(kind, data=data, previous=previous) for data in due]

    def refused(self, source: Source) -> Chunk | None:
        """Returns an object without a name: they could not even be looked for."""
        if _intake(self._job.platform).stream(source.account) != self._job.stream.name:
            return None
        return Chunk("changes", data=DataObject("", "", 0, clock.now(), "", ""))

    def read(
        self, chunk: Chunk, account: Account, _client: Client, hash_pii: Hasher | None
    ) -> Reading:
        """Returns the pages of an object; nobody is asked for it."""
        assert chunk.data is not None
        objects, due = _intake(self._job.platform), DueObject(chunk.data, chunk.previous)
        return objects.read(account, due, hash_pii)

    def is_the_end(self, account: Account, _error: ConnectorError, _succeeded: bool) -> bool:
        """Returns whether the order of loading decides what counts; else each stands for itself."""
        return _intake(self._job.platform).in_order(account)

    @staticmethod
    def waiting(space: Workspace, platform: Platform) -> list[str]:
        """Returns the key of each complete object that no row of the log names."""
        rows = SyncLog(space.home).rows(platform.name)
        rows.sort(key=lambda row: (row.fetch_started_at, row.sync_id, row.chunk_id))
        found = space.registry.connections(platform=platform.name, statuses=("active",))
        return [key for one in found for key in _waiting(space, platform, one, rows)]


def _waiting(
    space: Workspace, platform: Platform, connection: Connection, rows: Sequence[LogRow]
) -> list[str]:
    objects, own_id = _intake(platform), connection.connection_id
    account = new_source(space, platform, connection).account
    try:
        kind, found = objects.kind(account), objects.find(account, False)
    except ConnectorError:
        return []  # a pull reports it; here it would be reported at every tick
    stream = objects.stream(account)
    own = [row for row in rows if (row.connection_id, row.stream) == (own_id, stream)]
    loaded = loaded_objects(r for r in own if r.status == "succeeded" and r.object_digest)
    known = {(row.object_digest, schema_of(row).get("revision")) for row in own}
    # A file that went back to what it was is due although the log knows the content.
    known -= {(one.digest, one.revision) for one in loaded}
    return [
        f"{own_id}:{data.digest}:{data.revision}"
        for data in due_objects(found, loaded, kind)
        if (data.digest, data.revision) not in known
    ]


def _intake(platform: Platform) -> LandedObjects:
    """The intake of a platform that `intakes` gives to this planner."""
    assert isinstance(platform.intake, LandedObjects)
    return platform.intake
