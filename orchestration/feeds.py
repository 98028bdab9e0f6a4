"""Feeds that nobody owns reach as far back as what they are for."""

import uuid

from orchestration.first_days import ensure_feed
from orchestration.pull import Pull, pull
from orchestration.sources import select_sources
from orchestration.workspace import Workspace


def reach_back(space: Workspace, run_id: str) -> list[str]:
    """Pulls what feeds lack of days that files have just brought.

    The feeds' own part of the run may be over, and the money of an old file would stay unconverted
    until the next one.

    Args:
        space: the workspace.
        run_id: of the run that loaded the files.

    Returns:
        The feeds that begin earlier now.
    """
    earlier = [p for p in space.platforms.values() if p.shared and ensure_feed(space, p)]
    for platform in earlier:
        for stream in platform.streams:
            # A run of its own: the sources of this one still have the old first day.
            own_run = uuid.uuid4().hex
            sources = select_sources(space, platform, stream.name, run_id=own_run)
            pull(Pull(space.home, platform, stream, run_id), sources)
    return [platform.name for platform in earlier]
