"""Run tags: ids and modes only, never a secret."""

MODE = "tributary/mode"
"""``incremental``: whatever is due. ``scheduled``: the same, where the frequency says so.
Absent: the partitions of the run, as chosen in the UI (a backfill)."""

ORGANIZATION = "tributary/organization"
"""Only this organization's accounts."""

PLATFORMS = "tributary/platforms"
"""Only these platforms, with commas; the feeds that they need come along."""

PROCESS = ".dagster/tributary_process"
"""``pid:start-time`` of the process that executes the run, by which a killed run is found.
Dagster's pages do not show it."""

KILLED = "tributary/killed"
"""Set on a run whose process was gone when the next one looked; a like backfill resumes it.

The run's own id: a run that is started again from its page takes over all tags, and is no such run.
"""

CONNECTION = "tributary/connection"
"""Of platforms of files only this source's."""

REPLAY = "tributary/replay"
"""Of a source's files only those that were marked for loading again with this word."""

BUILD, WHOLE = "tributary/build", "whole"
"""Set: dbt builds whatever changed, though the run plans only what lies below the due streams."""

LANDING = "tributary/landing"
"""Which batch of landed files a run was asked for."""

SIGNAL = "tributary/signal"
"""The connection that a run was asked for because of an event that its sender has posted."""

PARTITION = "dagster/partition"
"""The one date that was chosen on a page; several are a range."""

RANGE_START = "dagster/asset_partition_range_start"
RANGE_END = "dagster/asset_partition_range_end"
