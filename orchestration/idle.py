"""Whether a run would find nothing to do: asked before anything is started for one."""

from __future__ import annotations

from orchestration.due.streams import Question, due_streams
from orchestration.last_run import standing_run
from orchestration.run_records import RunRequest, RunResult
from orchestration.run_scope import asked_for
from orchestration.workspace import Workspace


def idle_result(space: Workspace, request: RunRequest) -> RunResult | None:
    """Returns what stands in place of a run when nothing is due and nothing is behind; else None.

    The last run's failed checks and warnings still hold, and are reported again.

    Raises:
        ValueError: unknown organization.
    """
    if request.first or request.last or request.replay:
        return None
    if not set(request.platforms) <= space.platforms.keys():
        return None  # the run says what is wrong with it
    if request.organization:
        space.registry.organization(request.organization)
    last = standing_run(space)
    if last is None and not request.load_only:
        return None
    asked = Question(request.platforms, request.organization, request.connection)
    if due_streams(space, asked, only_first=True):
        return None
    if last is None:
        return RunResult("", success=True, is_idle=True, is_load_only=True)
    return RunResult(
        run_id=last.run_id,
        success=True,
        failed_checks=asked_for(request, last.failed_checks),
        warnings=asked_for(request, last.warnings),
        is_idle=True,
    )
