"""The sync log as it stood at one instant, in memory: for whoever asks it many things at once."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.dataset as ds

from warehouse.home import Home
from warehouse.sync_log import SyncLog
from warehouse.sync_rows import LOG_SCHEMA


class KeptLog(SyncLog):
    """The rows of a home's log, read once; what is committed later is not in it."""

    def __init__(self, home: Home) -> None:
        super().__init__(home)
        self._kept = super()._scan(LOG_SCHEMA.names, None)

    def _scan(self, columns: Sequence[str], where: ds.Expression | None) -> pa.Table:
        found = self._kept if where is None else self._kept.filter(where)
        return found.select(list(columns))
