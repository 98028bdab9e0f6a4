"""Dagster's SQLite event log, kept as it is but with one engine per file.

Dagster makes a SQLAlchemy engine for every event it stores, so each event compiles its SQL
statements anew: about 8 ms an event, and a run over 120 daily partitions of eight streams has
2,000 of them. With the engine kept, and SQLite in WAL mode flushing at checkpoints instead of at
every commit, the same run takes a third of the time. A power cut may lose the UI's last
events; the truth about the data is the sync log, which is fsynced. An asset's partitions of one
run are stored in one transaction, and tables and columns that are there are not looked for again. A
killed process loses the events of the batch that it was writing. PostgreSQL needs none of this.
The names that it overrides are private ones of Dagster: `pyproject.toml` bounds its version.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from dagster import DagsterEventType, EventLogEntry
from dagster._core.storage.event_log.schema import SqlEventLogStorageTable
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from sqlalchemy import Connection, Engine, create_engine, event, func, select
from sqlalchemy.pool import StaticPool

BUSY_TIMEOUT_SECONDS = 30
KEPT_ENGINES = 16
"""One file a run: the web server sees thousands, so only the last ones stay open."""
BATCH_VARIABLE, BATCH_SIZE = "DAGSTER_EVENT_BATCH_SIZE", "500"
"""How many events Dagster keeps back until it stores them together; by itself it keeps none."""

_ID = SqlEventLogStorageTable.c.id
_OF_ASSETS = {
    DagsterEventType.ASSET_MATERIALIZATION,
    DagsterEventType.ASSET_MATERIALIZATION_PLANNED,
}


class KeptEngineEventLogStorage(SqliteEventLogStorage):
    """SQLite event log storage that keeps its engines (`event_log_storage` in dagster.yaml)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._engines: OrderedDict[str, Engine] = OrderedDict()
        self._found: set[str] = set()
        super().__init__(*args, **kwargs)

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> "KeptEngineEventLogStorage":
        """Builds it from dagster.yaml (the parent's version would build the parent)."""
        return cls(inst_data=inst_data, **config_value)

    def has_table(self, table_name: str) -> bool:
        """Says whether the index has a table."""
        return self._has(f"table {table_name}", partial(super().has_table, table_name))

    def has_secondary_index(self, name: str) -> bool:
        """Says whether the index was migrated that far."""
        return self._has(f"index {name}", partial(super().has_secondary_index, name))

    def _has_asset_key_col_on_connection(self, conn: Connection, column_name: str) -> bool:
        inherited = super()._has_asset_key_col_on_connection
        return self._has(f"column {column_name}", partial(inherited, conn, column_name))

    def _has(self, what: str, ask: Callable[[], bool]) -> bool:
        """What the file has it does not lose again; Dagster asks before each event."""
        if what not in self._found and ask():
            self._found.add(what)
        return what in self._found

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        """Stores what a run planned or made of assets in a transaction per file.

        As `store_event` does event by event, to which other batches are left.
        """
        run_ids = {event.run_id for event in events}
        if len(run_ids) != 1 or not all(map(_is_of_asset, events)):
            super().store_event_batch(events)
            return
        rows = [self._event_to_row(event) for event in events]
        with self.run_connection(run_ids.pop()) as connection:
            connection.execute(SqlEventLogStorageTable.insert(), rows)
        with self.index_transaction() as connection:
            connection.execute(SqlEventLogStorageTable.insert(), rows)
            # Nobody else writes to the file meanwhile, so their ids are the last ones.
            last: int = connection.execute(select(func.max(_ID))).scalar_one()
            numbered = dict(enumerate(events, last - len(events) + 1))
            self._store_asset_event_tags(connection, events, list(numbered))
            # Of an asset it keeps the newest event of a kind.
            newest = {_kind_and_asset(event): number for number, event in numbered.items()}
            for number in newest.values():
                self._store_asset_event(connection, numbered[number], number)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            engine = self._engine(shard)
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.connect() as connection, connection.begin():
                yield connection

    def _engine(self, shard: str) -> Engine:
        engine = self._engines.pop(shard, None)
        if engine is None:
            # One connection, used under the storage's own lock by whichever thread holds it.
            engine = create_engine(
                self.conn_string_for_shard(shard),
                poolclass=StaticPool,
                connect_args={"timeout": BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
            )
            event.listen(engine, "connect", _flush_at_checkpoints)
        self._engines[shard] = engine
        if len(self._engines) > KEPT_ENGINES:
            _, oldest = self._engines.popitem(last=False)
            oldest.dispose()
        return engine


def _is_of_asset(event: EventLogEntry) -> bool:
    return event.dagster_event is not None and event.dagster_event.event_type in _OF_ASSETS


def _kind_and_asset(event: EventLogEntry) -> tuple[object, object]:
    found = event.get_dagster_event()
    return found.event_type, found.asset_key


def _flush_at_checkpoints(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous=NORMAL")
