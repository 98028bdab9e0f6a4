"""The Dagster instance of a home: its configuration, and runs whose process is gone."""

import fcntl
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import yaml
from dagster import DagsterInstance, DagsterRun, DagsterRunStatus, RunsFilter

from orchestration.defs import tags
from orchestration.event_storage import BATCH_SIZE, BATCH_VARIABLE
from warehouse.home import Home
from warehouse.plain_paths import plain

DATABASE_VARIABLE = "TRIBUTARY_DAGSTER_DATABASE_URL"
RESOLVED_VARIABLE = "DAGSTER_POSTGRES_URL"
"""Set by us to the same address with its driver; dagster.yaml names it."""

FREE_SLOTS_SECONDS = 60
OURS = "# Written by tributary. Delete this line to keep changes of your own.\n"
RESUMED_WITHIN = timedelta(days=1)
_BACKFILL = (tags.PARTITION, tags.RANGE_START, tags.RANGE_END, tags.ORGANIZATION)
LIVE = [DagsterRunStatus.STARTING, DagsterRunStatus.STARTED, DagsterRunStatus.CANCELING]


def open_instance(home: Home) -> DagsterInstance:
    """Opens the instance of a home; writes its dagster.yaml first if there is none."""
    with (home.dagster_dir / "open.lock").open("w") as lock:
        # Two first runs on a new home would both create Dagster's tables, and one would fail.
        fcntl.flock(lock, fcntl.LOCK_EX)
        configure(home)
        return DagsterInstance.get()


def configure(home: Home) -> Path:
    """Sets Dagster's environment and writes dagster.yaml unless the user has one of their own."""
    os.environ["DAGSTER_HOME"] = plain(home.dagster_dir)
    os.environ.setdefault(BATCH_VARIABLE, BATCH_SIZE)
    path = home.dagster_dir / "dagster.yaml"
    # Written anew each time: a home that was moved must not write to its old place.
    if not path.exists() or path.read_text().startswith(OURS):
        text = OURS + yaml.safe_dump(_settings(home), sort_keys=False)
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
    return path


def _settings(home: Home) -> dict[str, object]:
    settings: dict[str, object] = {
        "telemetry": {"enabled": False},
        "nux": {"enabled": False},
        "freshness": {"enabled": True},
        # A run that was killed keeps its pool's slot until somebody frees it.
        "run_monitoring": {
            "enabled": True,
            "free_slots_after_run_end_seconds": FREE_SLOTS_SECONDS,
        },
        # Fairness: two runs do not pull the same platform at once, each at full pace.
        "concurrency": {"runs": {"max_concurrent_runs": 4}, "pools": {"default_limit": 1}},
    }
    if os.environ.get(DATABASE_VARIABLE):
        # SQLAlchemy's own default for PostgreSQL is psycopg 3, which neither Dagster nor we have.
        url = os.environ[DATABASE_VARIABLE]
        scheme, _, rest = url.partition("://")
        named = "postgresql+psycopg2" if scheme in {"postgres", "postgresql"} else scheme
        # By way of the environment: the password is not written to a file.
        os.environ[RESOLVED_VARIABLE] = f"{named}://{rest}"
        settings["storage"] = {"postgres": {"postgres_url": {"env": RESOLVED_VARIABLE}}}
        return settings
    history, schedules = plain(home.dagster_dir / "history"), plain(home.dagster_dir / "schedules")
    settings |= {
        "run_storage": _storage("dagster._core.storage.runs", "SqliteRunStorage", history),
        "event_log_storage": _storage(
            "orchestration.event_storage", "KeptEngineEventLogStorage", history
        ),
        "schedule_storage": _storage(
            "dagster._core.storage.schedules", "SqliteScheduleStorage", schedules
        ),
    }
    return settings


def _storage(module: str, name: str, base_dir: str) -> dict[str, object]:
    return {"module": module, "class": name, "config": {"base_dir": base_dir}}


def process_tag() -> str:
    """Names this process so that its pid cannot be mistaken for a later one's."""
    return f"{os.getpid()}:{psutil.Process().create_time():.2f}"


def sign_run(instance: DagsterInstance, run: DagsterRun) -> None:
    """Writes this process into the run's tags, so that a kill is noticed, however it started."""
    if run.tags.get(tags.PROCESS) != process_tag():
        instance.add_run_tags(run.run_id, {tags.PROCESS: process_tag()})


def end_dead_runs(instance: DagsterInstance) -> list[str]:
    """Ends runs of this machine whose process is gone and frees their pool slots.

    Returns:
        The ids of the runs that were ended.
    """
    ended = []
    for run in instance.get_runs(RunsFilter(statuses=LIVE)):
        process = _process_of(instance, run)
        if process is None or _is_alive(process):
            continue
        instance.report_run_failed(run, message="Its process was killed; the next run took over.")
        instance.add_run_tags(run.run_id, {tags.KILLED: run.run_id})
        ended.append(run.run_id)
    for run_id in ended:
        instance.event_log_storage.free_concurrency_slots_for_run(run_id)
    return ended


def killed_runs_like(instance: DagsterInstance, run: DagsterRun) -> frozenset[str]:
    """Returns the killed backfills of the same dates and organization that a run goes on with.

    Only those since the last such run that came to its end, and of the last day: what was fetched
    longer ago is fetched again, as whoever asks for a backfill expects.
    """
    same = {name: run.tags[name] for name in _BACKFILL if name in run.tags}
    found = instance.get_run_records(
        RunsFilter(tags=same, created_after=datetime.now(UTC) - RESUMED_WITHIN)
    )
    killed = []
    for record in found:  # newest first
        other = record.dagster_run
        if other.run_id == run.run_id or _differs(other, run):
            continue
        if other.tags.get(tags.KILLED) != other.run_id:
            break
        killed.append(other.run_id)
    return frozenset(killed)


def _differs(one: DagsterRun, other: DagsterRun) -> bool:
    """A filter by tags finds runs that have more of them, too: an organization, a mode."""
    names = (*_BACKFILL, tags.MODE)
    return any(one.tags.get(name) != other.tags.get(name) for name in names)


def _process_of(instance: DagsterInstance, run: DagsterRun) -> str | None:
    """Returns who signed a run; one that was started again from a page has the tags of the other.

    Until it signs itself, the process of that other run says nothing about it.
    """
    process = run.tags.get(tags.PROCESS)
    other = instance.get_run_by_id(run.parent_run_id) if run.parent_run_id else None
    return None if other is not None and other.tags.get(tags.PROCESS) == process else process


def _is_alive(process: str) -> bool:
    pid, _, started = process.partition(":")
    try:
        return f"{psutil.Process(int(pid)).create_time():.2f}" == started
    except psutil.NoSuchProcess:
        return False
