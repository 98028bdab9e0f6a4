"""Reports that Meta makes in the background: start one, wait for it, start it again if it hangs.

    POST act_…/insights ──▶ report_run_id ──▶ Job Not Started ▶ Started ▶ Running ▶ Completed
                                              └──▶ Job Failed, Job Skipped, or no progress at all
https://developers.facebook.com/docs/marketing-api/insights/best-practices#asynchronous
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.core.accounts import Account
from connectors.core.errors import (
    ConnectorError,
    RateLimited,
    ReportNotReady,
    Terminal,
)
from connectors.core.http import Client
from connectors.core.pacing import LONGEST_WAIT
from connectors.platforms.meta_ads import graph
from connectors.platforms.meta_ads.failures import failed_report

ATTEMPTS = 2
"""Of the same report; one that fails twice is asked for in smaller pieces."""
FIRST_WAIT, LONGEST_POLL = 0.25, 30.0
"""Seconds between two looks; they double, so a quick report is not waited for and a slow one costs
few calls."""
HUNG_AFTER = 600.0
"""Seconds of waiting without any progress after which a report is given up. They are counted as
waits, not by a clock: the one clock may be frozen, and scaled waits must scale this too."""
LONGEST_REPORT = 3 * 3600.0
"""Seconds after which a report is given up although it moves, in favour of smaller ones."""
PACE_KNOWN_AFTER = 900.0
"""Seconds after which a report is given up at once whose pace would take it past that limit."""
LONGEST_WAITS = 6 * 3600.0
"""Seconds of waiting for all reports of one stream of an account in a run; the rest stays due."""

_ENDED = frozenset({"Job Failed", "Job Skipped"})
_RUN_FIELDS = (
    "async_status,async_percent_completion,error_code,error_subcode,error_message,error_user_msg"
)


class ReportFailed(ReportNotReady):
    """A report failed or hung as often as it is tried, or takes too long: a smaller one may do."""

    less_may_help = True

    @property
    def error_class(self) -> str:
        """The name of the branch of the error tree that it is on."""
        return ReportNotReady.__name__


def finished_report(
    client: Client, account: Account, question: Mapping[str, object], can_be_cut: bool = True
) -> str:
    """Has a report made and returns its id once it is complete.

    Args:
        client: a client for the account.
        account: whose numbers.
        question: the parameters.
        can_be_cut: whether smaller reports could be made instead of a slow one.

    Raises:
        ReportFailed: it failed or hung each time, or it takes too long.
        ReportNotReady: no more waiting is left for this run.
        TooHeavy: Meta says that it is too large.
        ConnectorError: as Meta answers.
    """
    trouble: ConnectorError | None = None
    for _ in range(ATTEMPTS):
        _wait(client, 0.0)
        run_id = _started(client, account, question)
        trouble = _outcome(client, run_id, can_be_cut)
        if trouble is None:
            return run_id
        if isinstance(trouble, Terminal | ReportFailed):
            raise trouble
        if isinstance(trouble, RateLimited):
            _wait(client, min(trouble.retry_after or 60.0, LONGEST_WAIT))
    assert trouble is not None
    raise ReportFailed(trouble.message)


def _started(client: Client, account: Account, question: Mapping[str, object]) -> str:
    place = graph.account_path(client, account, "insights")
    # Asked for twice, a report is made twice and read once: a retry does no harm.
    reply = client.post(place, form=graph.parameters(client, question))
    run_id = reply.data.get("report_run_id") if isinstance(reply.data, dict) else None
    if not isinstance(run_id, (str, int)) or not run_id:
        raise graph.odd(client, "a report was started without a report_run_id", reply)
    return str(run_id)


def _outcome(client: Client, run_id: str, can_be_cut: bool) -> ConnectorError | None:
    """Waits for a report; returns why there is none, or None when it is complete."""
    pause, idle, waited, seen = FIRST_WAIT, 0.0, 0.0, None
    while True:
        _wait(client, pause)
        waited += pause
        run = graph.node(client, graph.path(client, run_id), {"fields": _RUN_FIELDS}).data
        status, percent = run.get("async_status"), _percent(run)
        # A run may say that it is complete a moment before its last rows are there.
        if status == "Job Completed" and percent == 100:
            return None
        if status in _ENDED:
            return failed_report(run)
        idle = idle + pause if (status, percent) == seen else 0.0
        if idle >= HUNG_AFTER:
            return ReportNotReady(f"a report hangs as {status!r} at {percent} %")
        if waited >= LONGEST_REPORT or (can_be_cut and _is_too_slow(waited, percent)):
            return ReportFailed(f"a report is at {percent} % after {waited / 60:.0f} minutes")
        seen, pause = (status, percent), min(2 * pause, LONGEST_POLL)


def _is_too_slow(waited: float, percent: int) -> bool:
    """Says of a report that moves whether it would go on for too long at its pace."""
    return waited >= PACE_KNOWN_AFTER and waited * 100 > LONGEST_REPORT * percent


def _wait(client: Client, seconds: float) -> None:
    if client.stats.waited + seconds > LONGEST_WAITS:
        raise ReportNotReady(
            f"the reports of this stream have taken {LONGEST_WAITS / 3600:.0f} hours of waiting",
            remedy="Nothing to do: the next run goes on with what is left, in smaller reports.",
        )
    client.wait(seconds)


def _percent(run: Mapping[str, Any]) -> int:
    try:
        return int(run.get("async_percent_completion") or 0)
    except (TypeError, ValueError, OverflowError):
        return 0
