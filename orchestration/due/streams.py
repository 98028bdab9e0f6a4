"""Which streams have something to pull, before anything is started for it. No Dagster in here.

The command and the schedule ask the same question, and the pull answers it again for each account:
this one only spares what a run costs that would find nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from connectors.core.errors import ConnectorError
from connectors.core.platform import Platform
from connectors.core.stream import Stream
from orchestration.due.chunks import Planner, Pull
from orchestration.due.intakes import planner_of
from orchestration.sources import Source, select_sources
from orchestration.workspace import Workspace
from warehouse.kept_log import KeptLog
from warehouse.sync_log import SyncLog


@dataclass(frozen=True, slots=True)
class Question:
    """Whose streams are asked about.

    Attributes:
        platforms: only these, and the feeds that all share; empty for all.
        organization, connection: only this one's, and the feeds.
        scheduled: only accounts whose ``sync_frequency`` makes them due.
    """

    platforms: Collection[str] = ()
    organization: str | None = None
    connection: str | None = None
    scheduled: bool = False


def due_streams(
    space: Workspace, question: Question, *, only_first: bool = False
) -> list[tuple[Platform, Stream]]:
    """Returns the streams of which a pull would ask somebody for something.

    Args:
        space: the workspace.
        question: whose streams.
        only_first: stop at the first one: whether there is any.
    """
    log, run_id = KeptLog(space.home), uuid.uuid4().hex
    found: list[tuple[Platform, Stream]] = []
    for platform in space.platforms.values():
        if question.platforms and platform.name not in question.platforms and not platform.shared:
            continue
        for stream in platform.streams:
            sources = select_sources(
                space,
                platform,
                stream.name,
                run_id=run_id,
                organization=question.organization,
                connection=question.connection,
                scheduled=question.scheduled,
            )
            if sources and _is_due(space, platform, stream, sources, log):
                found.append((platform, stream))
                if only_first:
                    return found
    return found


def _is_due(
    space: Workspace, platform: Platform, stream: Stream, sources: list[Source], log: SyncLog
) -> bool:
    planner = planner_of(platform)(Pull(space.home, platform, stream, run_id=""), log)
    return any(_has_chunks(planner, platform, source) for source in sources)


def _has_chunks(planner: Planner, platform: Platform, source: Source) -> bool:
    """Whether a pull would do more of an account than plan; in doubt it would."""
    if not source.account.time_zone and platform.intake.needs_zone:
        return True  # which dates it has is not known before it was asked
    try:
        return bool(planner.chunks(source, source.account))
    except (ConnectorError, ValueError, OSError):
        return True  # the pull reports it
