"""A build by ``tributary-dbt`` in a process of its own, and what dbt reports of each node."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from orchestration import dbt_manifest, dbt_standby
from orchestration.settings import DBT_PROJECT_DIR

_RESULTS = {"LogModelResult", "LogSeedResult", "LogTestResult"}
_REASONS = {"RunResultError", "RunResultWarningMessage"}
"""dbt says how a node ended first, and at the end of its run why."""
_TABLE = "JinjaLogInfo"
_LAST_LINES = 15
_PATIENCE_SECONDS = 30


@dataclass(frozen=True, slots=True)
class NodeResult:
    """How one model, seed or test ended.

    Attributes:
        id: dbt's unique id.
        status: ``success``, ``pass``, ``warn``, ``fail``, ``error``, ``skipped``.
        seconds: how long it took.
        failures: of a test, how many rows break it.
        code: the file with its compiled SQL; it is there if dbt compiled it.
        rows: of a table, how many it has now; None if dbt did not say.
        types: of a table, column -> type.
    """

    id: str
    status: str
    seconds: float
    failures: int | None = None
    code: Path | None = None
    rows: int | None = None
    types: dict[str, str] = field(default_factory=dict)


class DbtProcess:
    """``tributary-dbt`` at work.

    Attributes:
        reasons: dbt's unique id -> why it failed or warned; complete once it has ended.
        errors: what dbt printed as errors of no node, such as a project that it cannot parse.
        printed: the last lines that are no events, such as a traceback.
        exit_code: how it ended; None while it is at work.
    """

    def __init__(self, process: subprocess.Popen[bytes], target: Path) -> None:
        self.reasons: dict[str, str] = {}
        self.errors: list[str] = []
        self.printed: deque[str] = deque(maxlen=_LAST_LINES)
        self.exit_code: int | None = None
        self._process, self._target = process, target
        self._tables: dict[str, dict[str, Any]] = {}

    def results(self) -> Iterator[NodeResult]:
        """Yields each node as it ends, and prints what dbt prints."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            event = _event(line)
            if event is None:
                self.printed.append(line.decode(errors="replace").rstrip())
                print(self.printed[-1], flush=True)
            elif event["info"]["name"] != _TABLE or not self._keep_table(event):
                print(event["info"]["msg"], flush=True)
                found = self._result(event)
                if found:
                    yield found
        self.exit_code = self._process.wait()

    def _result(self, event: dict[str, Any]) -> NodeResult | None:
        data, info = event.get("data", {}), event["info"]
        node = data.get("node_info", {})
        key = node.get("unique_id")
        if info["name"] in _RESULTS and node.get("resource_type") in {"model", "seed", "test"}:
            table = self._tables.get(key, {})
            return NodeResult(
                key,
                str(node["node_status"]),
                float(data.get("execution_time") or 0),
                failures=data.get("num_failures"),
                code=self._code(node),
                rows=table.get("rows"),
                types=dict(line.split(" ", 1) for line in table.get("types", "").splitlines()),
            )
        if info["name"] in _REASONS and key:
            self.reasons.setdefault(key, " ".join(str(info["msg"]).split()))
        elif info["level"] == "error" and not key and info["msg"]:
            self.errors.append(str(info["msg"]))
        return None

    def _code(self, node: dict[str, Any]) -> Path:
        return self._target / "compiled" / "tributary" / "models" / str(node.get("node_path"))

    def _keep_table(self, event: dict[str, Any]) -> bool:
        """Takes a line of the macro `report_table`; False for anything else that a macro logs."""
        try:
            found = orjson.loads(event["info"]["msg"])
        except orjson.JSONDecodeError:
            return False
        if not isinstance(found, dict) or "table_of" not in found:
            return False
        self._tables[found["table_of"]] = found
        return True


@contextmanager
def dbt_process(arguments: Sequence[str], target: Path) -> Iterator[DbtProcess]:
    """Starts ``tributary-dbt`` and ends it with the block.

    Args:
        arguments: as dbt's.
        target: the folder for what it compiles.
    """
    target.mkdir(parents=True, exist_ok=True)
    with start(arguments, target) as process:
        try:
            yield DbtProcess(process, target)
        finally:
            if process.poll() is None:
                _end(process)
            sys.stdout.flush()


def start(arguments: Sequence[str], target: Path) -> subprocess.Popen[bytes]:
    """Starts ``tributary-dbt``, which prints its events as lines of JSON."""
    environment = os.environ | {
        "DBT_LOG_FORMAT": "json",
        "DBT_TARGET_PATH": str(target),
        "DBT_LOG_PATH": str(target),
        # What matters of it is an event that we read; to write them all takes a tenth of a build.
        "DBT_LOG_LEVEL_FILE": os.environ.get("DBT_LOG_LEVEL_FILE", "none"),
        "PYTHONUNBUFFERED": "1",
    }
    return dbt_standby.take(arguments, environment) or subprocess.Popen(
        [dbt_manifest.EXECUTABLE, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment,
        cwd=DBT_PROJECT_DIR,
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    """Interrupts dbt, which then rolls back what it is at; ends it when that takes too long."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(_PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()


def _event(line: bytes) -> dict[str, Any] | None:
    """One line as dbt's event; None if it is none."""
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(found, dict) or not isinstance(found.get("info"), dict):
        return None
    return found if {"name", "msg", "level"} <= found["info"].keys() else None
