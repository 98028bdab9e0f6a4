"""Report runs: jobs that are started with a POST, watched, and read page by page.

A job moves on each time that somebody looks, not with the clock, which may stand still.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from connectors.sandbox.platforms.meta_ads.asked import Asked
from connectors.sandbox.platforms.meta_ads.errors import GraphError, no_field, no_node
from connectors.sandbox.platforms.meta_ads.nodes import Node
from connectors.sandbox.platforms.meta_ads.parameters import Field, words

_MOST_RUNS = 20_000
_LIFETIME = timedelta(days=30)
_FIRST_ID = 6_023_920_149_050
_SMALL, _LARGE = 500, 5_000
COMPLETED, FAILED, SKIPPED = "Job Completed", "Job Failed", "Job Skipped"
_Steps = tuple[tuple[str, int], ...]
_DONE: _Steps = ((COMPLETED, 100),)
_QUICK: _Steps = (("Job Running", 42), *_DONE)
# Completed, yet not to the last percent: rows that are read now would be too few.
_SLOW: _Steps = (
    ("Job Not Started", 0),
    ("Job Started", 0),
    ("Job Running", 35),
    ("Job Running", 80),
    (COMPLETED, 98),
    *_DONE,
)
_STEPS_OF_FAULTS: dict[str, _Steps] = {
    "job_failed": (("Job Running", 17), (FAILED, 17)),
    "job_skipped": ((SKIPPED, 0),),
    "job_stuck": (("Job Not Started", 0),),
    # Whoever looks every 30 seconds sees one percent a minute.
    "job_slow": (*(("Job Running", look // 2) for look in range(200)), *_DONE),
}
_FAILURE = GraphError(
    400,
    2,
    "Service temporarily unavailable",
    1504043,
    True,
    title="The report could not be generated",
    advice="Please retry the request later.",
)
FIELDS = words(
    "id account_id time_ref time_completed async_status async_percent_completion date_start "
    "date_stop is_running is_async_export schedule_id emails async_report_url error_code "
    "error_subcode error_message error_user_title error_user_msg friendly_name is_bookmarked "
    "user_id"
)


@dataclass(slots=True)
class Run:
    """One job.

    Attributes:
        id: The run's id.
        node, asked: The question, as of the instant at which the job was started.
        steps: What it goes through, status and percent.
        looked: How often somebody has looked.
    """

    id: str
    node: Node
    asked: Asked
    steps: _Steps
    looked: int = 0

    @property
    def state(self) -> tuple[str, int]:
        """Status and percent as of the last look."""
        return self.steps[min(max(self.looked, 1), len(self.steps)) - 1]

    @property
    def finished(self) -> bool:
        """Says whether its rows can be read."""
        return self.state == (COMPLETED, 100)

    def render(self, fields: tuple[Field, ...]) -> dict[str, Any]:
        """Returns the run as JSON values.

        Raises:
            GraphError: A field that runs do not have.
        """
        for field in fields:
            if field.name not in FIELDS:
                raise no_field(field.name, "AdReportRun")
        shown = self._everything()
        if not fields:
            return shown
        return {"id": self.id, **{one.name: shown[one.name] for one in fields if one.name in shown}}

    def _everything(self) -> dict[str, Any]:
        status, percent = self.state
        periods = self.asked.periods
        shown: dict[str, Any] = {
            "id": self.id,
            "account_id": self.node.account.id,
            "time_ref": int(self.node.clock.timestamp()),
            "async_status": status,
            "async_percent_completion": percent,
            "is_running": status not in (FAILED, SKIPPED) and not self.finished,
            "date_start": str(periods[0][0]),
            "date_stop": str(periods[-1][1]),
        }
        if self.finished:
            shown["time_completed"] = shown["time_ref"]
        if status == FAILED:
            error = _FAILURE.written("")["error"]
            shown |= {"error_code": error["code"], "error_message": error["message"]}
            for name in ("error_subcode", "error_user_title", "error_user_msg"):
                shown[name] = error[name]
        return shown


class Jobs:
    """All report runs, the oldest forgotten."""

    def __init__(self) -> None:
        self._runs: OrderedDict[str, Run] = OrderedDict()
        self._started = 0

    def start(self, node: Node, asked: Asked, size: int, fault: str | None) -> Run:
        """Starts a job.

        Args:
            node, asked: The question.
            size: How many rows it can come to: large jobs take longer.
            fault: `job_failed`, `job_skipped`, `job_stuck`, `job_slow` or None.
        """
        self._started += 1
        steps = _DONE if size <= _SMALL else _QUICK if size <= _LARGE else _SLOW
        steps = _STEPS_OF_FAULTS.get(fault or "", steps)
        id_ = str(_FIRST_ID + 7 * self._started)
        run = self._runs[id_] = Run(id_, node, asked, steps)
        if len(self._runs) > _MOST_RUNS:
            self._runs.popitem(last=False)
        return run

    def find(self, id_: str) -> Run | None:
        """Returns a run by its id, None when there is none."""
        return self._runs.get(id_)


def check_finished(run: Run, now: Node) -> None:
    """Refuses to read a run that is not finished, or was a month ago.

    Raises:
        GraphError: It has no rows (yet).
    """
    if now.clock - run.node.clock > _LIFETIME:
        raise no_node(run.id)
    if not run.finished:
        raise GraphError(400, 2601, "(#2601) Error accessing adreport job: it is not completed")
