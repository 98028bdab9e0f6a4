"""What a run is asked for and what comes of it. No Dagster here: the command starts fast."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from warehouse.coverage import SKIPPED
from warehouse.sync_rows import LogRow


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What the user asked for.

    Attributes:
        first, last: an explicit range of dates, both included; None for whatever is due.
        platforms: only these; empty for all.
        connection: only the connection of this id.
        replay: of that source of files only what was marked for loading again with this word.
        load_only: pull, and leave it to the next run to build and to publish.
    """

    organization: str | None = None
    platforms: Sequence[str] = ()
    first: date | None = None
    last: date | None = None
    connection: str | None = None
    replay: str | None = None
    load_only: bool = False


@dataclass(frozen=True, slots=True)
class RunResult:
    """What came of it.

    Attributes:
        run_id: of the run; of an idle one that of the last whole run, whose result still stands.
        success: the Dagster run succeeded: everything was built, tested and published.
        failed_steps: step -> error message.
        failed_checks: ``asset: check: what it says`` of each check that is red.
        warnings: the same of checks that only warn.
        log_rows: what was pulled, one row per account, stream and chunk.
        ended_runs: runs of killed processes that were marked as failed first.
        is_idle: nothing was due and nothing was behind, so no run was started.
        is_load_only: what it pulled waits for the next run to be built and published.
    """

    run_id: str
    success: bool
    failed_steps: dict[str, str] = field(default_factory=dict)
    failed_checks: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    log_rows: list[LogRow] = field(default_factory=list)
    ended_runs: list[str] = field(default_factory=list)
    is_idle: bool = False
    is_load_only: bool = False

    @property
    def failed_accounts(self) -> list[LogRow]:
        """Chunks that could not be pulled; of an account that was refused as a whole only one."""
        return [
            row for row in self.log_rows if row.status == "failed" and row.error_class != SKIPPED
        ]

    def skipped_streams(self, row: LogRow) -> list[str]:
        """Streams that were not asked for, since a failed row's account had been refused."""
        return sorted(
            other.stream
            for other in self.log_rows
            if other.error_class == SKIPPED and other.connection_id == row.connection_id
        )
