"""Files that have landed and are not loaded yet, and when a run should be asked for. No Dagster.

The log decides what is loaded; what is remembered between two looks is only which files a run was
asked for. A file whose run ended without a word about it in the log is asked for again, so that a
killed run loses none; one that failed is left to the schedule, so that it is not tried every tick.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from orchestration.due.intakes import planner_of
from orchestration.workspace import Workspace

MOST_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Request:
    """A run that was asked for on account of a file: its key, and how often that was done."""

    run_key: str
    attempt: int


Requests = Mapping[str, Request]
"""What was asked for, by the file's key."""


def waiting(space: Workspace) -> list[str]:
    """Returns the key of each complete file that no log row speaks of, of all active sources."""
    found = (planner_of(one).waiting(space, one) for one in space.platforms.values())
    return [key for keys in found for key in keys]


def next_request(
    keys: Sequence[str], before: Requests, is_alive: Callable[[str], bool]
) -> tuple[str | None, dict[str, Request]]:
    """Decides whether to ask for a run: one for all files that wait for one.

    Args:
        keys: the files that are waiting.
        before: what was asked for until now.
        is_alive: whether the run of a run key has yet to end.

    Returns:
        The key of the run to ask for, or None, and what to remember.
    """
    known = {key: before[key] for key in keys if key in before}
    alive = {r.run_key: is_alive(r.run_key) for r in known.values()}
    wanted = [
        key
        for key in keys
        if key not in known
        or (not alive[known[key].run_key] and known[key].attempt < MOST_ATTEMPTS)
    ]
    if not wanted:
        return None, known
    attempts = {key: known[key].attempt + 1 if key in known else 1 for key in wanted}
    named = json.dumps(sorted(attempts.items()))
    run_key = hashlib.sha256(named.encode()).hexdigest()[:32]
    asked = {key: Request(run_key, attempt) for key, attempt in attempts.items()}
    return run_key, {**known, **asked}


def read_cursor(text: str | None) -> dict[str, Request]:
    """Returns what `write_cursor` remembered."""
    found = json.loads(text or "{}")
    return {key: Request(run_key, attempt) for key, (run_key, attempt) in found.items()}


def write_cursor(requests: Requests) -> str:
    """Returns what was asked for as the sensor's cursor."""
    return json.dumps({key: [r.run_key, r.attempt] for key, r in requests.items()})
