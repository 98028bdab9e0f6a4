"""What has failed in a run, in words for whoever called it."""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterable
from pathlib import Path

import dagster as dg
from dagster._core.execution.plan.objects import StepFailureData
from dagster_shared.error import SerializableErrorInfo

from warehouse.damage import DOCTOR
from warehouse.durable_files import LakeFull, full_message, says_full
from warehouse.plain_paths import with_real_paths

_FILE = re.compile(r"\.(?:duckdb|parquet)\b")
"""Files that `tributary doctor` looks at; dbt, DuckDB and Arrow name them, and no remedy."""

RUN = "the run"
"""Stands for the step where no step has failed, and the run has all the same."""

_FORESEEN = (ValueError, OSError, RuntimeError)
"""What says itself what is wrong, as in `orchestration.trouble`."""


def failed_steps(events: Iterable[dg.DagsterEvent], home: Path) -> dict[str, str]:
    """Returns step -> why, of the steps that failed themselves."""
    failed: dict[str, str] = {}
    of_run = None
    for event in events:
        if event.is_step_failure and event.step_key:
            failed[event.step_key] = _of_step(event.step_failure_data, home)
        elif event.event_type is dg.DagsterEventType.RUN_FAILURE:
            of_run = event.job_failure_data.error
    return failed if failed or of_run is None else {RUN: _of_error(of_run, home)}


def in_words(said: str, home: Path) -> str:
    """Returns what dbt or an engine said, with the remedy where it is one for people to know.

    Args:
        said: their words.
        home: whose files they may be about.
    """
    said = with_real_paths(said.strip())
    if says_full(said):
        # dbt names the model; that the disk is full, and what to do, is said by us.
        return f"{said}\n{full_message(home, 'the disk is full')}"
    if str(home) in said and _FILE.search(said):
        return f"{said}\n{DOCTOR}"
    return said


def _of_step(failure: StepFailureData, home: Path) -> str:
    """What a step raised on purpose is in words already; all else is an error."""
    own = failure.user_failure_data
    if own is not None and own.description:
        return own.description
    return _of_error(failure.error, home)


def _of_error(error: SerializableErrorInfo | None, home: Path) -> str:
    if error is None:
        return "failed"
    found = error.cause or error
    said = found.message.strip()
    said = with_real_paths(said) if found.cls_name == LakeFull.__name__ else in_words(said, home)
    kind = getattr(builtins, found.cls_name or "", None)
    if isinstance(kind, type) and not issubclass(kind, _FORESEEN):
        return f"{said}\nunforeseen, please report it:\n{''.join(found.stack)}".rstrip()
    return said
