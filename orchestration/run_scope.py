"""What a run has to look at: everything, or what lies below the streams that are due.

While the last run stands (`last_run.standing_run`), all that no due stream reaches is as it was:
a run need neither plan nor record it, and what its checks said then still holds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from connectors.core.platform import Platform
from connectors.core.stream import Stream
from orchestration.due.streams import Question, due_streams
from orchestration.last_run import LastRun, standing_run
from orchestration.run_records import RunRequest
from orchestration.workspace import Workspace


@dataclass(frozen=True, slots=True)
class RunScope:
    """What a run is about.

    Attributes:
        platforms: whose streams are pulled; None for all.
        due: of the streams of these only the due ones, where `last` stands or the run only pulls;
            else None.
        last: the run whose results hold for everything else; None when nothing is sure to stand.
    """

    platforms: frozenset[str] | None
    due: list[tuple[Platform, Stream]] | None = None
    last: LastRun | None = None

    def has_stream(self, platform: str, stream: str) -> bool:
        """Whether a stream is pulled."""
        if self.due is None:
            return self.platforms is None or platform in self.platforms
        return any((p.name, s.name) == (platform, stream) for p, s in self.due)

    def still_hold(self, lines: Iterable[str], seen: Collection[str]) -> list[str]:
        """Returns what the last run's checks said, of those that this run has not evaluated.

        Args:
            lines: of the last run, ``asset: check`` with what it says, as `RunResult` has them.
            seen: ``asset: check`` of those that were evaluated.
        """
        return [line for line in lines if not any(_is_of(line, check) for check in seen)]


def scope_of(space: Workspace, request: RunRequest) -> RunScope:
    """Decides what a run is about; call it before anything of it begins."""
    shared = {one.name for one in space.platforms.values() if one.shared}
    # Without its exchange rates no platform's money can be converted.
    platforms = frozenset({*request.platforms, *shared}) if request.platforms else None
    if request.first or request.last or request.replay:
        return RunScope(platforms)
    last = None if request.load_only else standing_run(space)
    if last is None and not request.load_only:
        return RunScope(platforms)
    asked = Question(request.platforms, request.organization, request.connection)
    return RunScope(platforms, due_streams(space, asked), last)


def asked_for(request: RunRequest, lines: Iterable[str]) -> list[str]:
    """Returns what checks said, without those of streams of platforms that were not asked for."""
    wanted = tuple(f"raw/{name}/" for name in request.platforms)
    return [
        line
        for line in lines
        if not wanted or not line.startswith("raw/") or line.startswith(wanted)
    ]


def _is_of(line: str, check: str) -> bool:
    return line == check or line.startswith(f"{check}: ")
