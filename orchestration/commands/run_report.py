"""What a run did, and what to do about what it could not do: each trouble once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from orchestration.commands.output import EXIT_FAILED, EXIT_PARTIAL, console, errors
from orchestration.commands.reasons import without_place
from orchestration.run_records import RunResult
from orchestration.workspace import open_workspace
from warehouse.registry_records import Connection
from warehouse.sync_rows import LogRow

HEALTH = "connections_healthy"
"""The check of raw assets; `orchestration.defs` cannot be imported without Dagster."""

_SHOWN = 5
_REMEDY = " Remedy: "


def report(result: RunResult) -> None:
    """Prints what a run did. One credential that is wrong is said once, with what it hits."""
    if result.is_idle:
        behind = "" if result.is_load_only else " and nothing is behind"
        console.print(f"nothing is due{behind}: no run was started")
        _report_checks(result)
        return
    total = sum(row.rows for row in result.log_rows)
    requests = sum(row.requests for row in result.log_rows)
    streams = len({(row.platform, row.stream) for row in result.log_rows})
    console.print(f"pulled {total:,} rows of {streams} streams with {requests:,} requests")
    for run_id in result.ended_runs:
        console.print(f"run {run_id[:8]} was killed earlier; it is marked as failed")
    for step, message in result.failed_steps.items():
        errors.print(f"failed: {step}: {message}", markup=False)
    for line in not_pulled(result):
        errors.print(line, markup=False)
    _report_checks(result)
    if result.is_load_only:
        console.print("nothing was built: the next run builds and publishes what was pulled")


def _report_checks(result: RunResult) -> None:
    for line in _by_check("red check", _without_reasons(result)):
        errors.print(line, markup=False)
    for line in _by_check("warning", result.warnings):
        console.print(line, markup=False)


def _without_reasons(result: RunResult) -> list[str]:
    """The red checks; those of what could not be pulled in this run without the reason."""
    failed = [row for row in result.log_rows if row.error_class]
    said = {f"raw/{row.platform}/{row.stream}: {HEALTH}" for row in failed}
    heads = [": ".join(check.split(": ", 2)[:2]) for check in result.failed_checks]
    return [
        head if head in said else check
        for head, check in zip(heads, result.failed_checks, strict=True)
    ]


def not_pulled(result: RunResult) -> list[str]:
    """Returns what could not be pulled, by its reason: two lines each."""
    groups: dict[tuple[str, str, str], list[LogRow]] = {}
    for row in result.failed_accounts:
        reason, remedy = _reason(row)
        groups.setdefault((row.platform, f"{row.error_class}: {reason}", remedy), []).append(row)
    lines = []
    for (_, reason, remedy), rows in groups.items():
        lines.append(f"not pulled: {_what(result, rows)}: {reason}")
        if remedy:
            lines.append(f"  what to do: {remedy}")
    return lines


def _reason(row: LogRow) -> tuple[str, str]:
    """The message of a failure without the place of it, and the remedy."""
    said, _, remedy = (row.error_message or "").partition(_REMEDY)
    return without_place(row.platform, said), remedy


def _what(result: RunResult, rows: Sequence[LogRow]) -> str:
    """Names the accounts and streams that rows of one reason are of."""
    accounts = list(
        dict.fromkeys(f"{row.organization_id}/{row.platform}/{row.account_id}" for row in rows)
    )
    streams = sorted({row.stream for row in rows})
    skipped = len({name for row in rows for name in result.skipped_streams(row)})
    more = f" and {skipped} more streams, which were skipped" if skipped else ""
    where = _few(accounts, "accounts")
    by = _credentials(rows) if len(accounts) > 1 or len(streams) > 1 else ""
    return f"{where} ({_few(streams, 'streams')}{more}{by})"


def _credentials(rows: Sequence[LogRow]) -> str:
    """Names the one credential that all accounts have, if they have one."""
    if {row.error_class for row in rows} != {"AuthRejected"}:
        return ""
    every = open_workspace().registry.connections(statuses=("active", "paused", "removed"))
    known: dict[str, Connection] = {one.connection_id: one for one in every}
    used = {known[row.connection_id].credential_id for row in rows if row.connection_id in known}
    return f"; credential {used.pop()}" if len(used) == 1 and None not in used else ""


def _few(names: Sequence[str], what: str) -> str:
    if len(names) <= _SHOWN:
        return ", ".join(names)
    return f"{len(names)} {what}: {', '.join(names[:_SHOWN])}, …"


def _by_check(word: str, checks: Iterable[str]) -> list[str]:
    """One line for each check, with the assets on which it is red."""
    assets: dict[str, list[str]] = {}
    for check in checks:
        asset, _, said = check.partition(": ")
        assets.setdefault(said, []).append(asset)
    return [f"{word}: {_few(names, 'assets')}: {said}" for said, names in assets.items()]


def exit_code(result: RunResult) -> int:
    """Returns 0, 1 (a step failed) or 3 (some account or check is red)."""
    if not result.success:
        return EXIT_FAILED
    return EXIT_PARTIAL if result.failed_accounts or result.failed_checks else 0


def record(result: RunResult) -> dict[str, object]:
    """Returns a result as JSON values."""
    return {
        "run_id": result.run_id,
        "success": exit_code(result) == 0,
        "exit_code": exit_code(result),
        "rows": sum(row.rows for row in result.log_rows),
        "requests": sum(row.requests for row in result.log_rows),
        "retries": sum(row.retries for row in result.log_rows),
        "failed_steps": result.failed_steps,
        "failed_checks": result.failed_checks,
        "warnings": result.warnings,
        "failed_accounts": [
            {
                "connection": f"{r.organization_id}/{r.platform}/{r.account_id}",
                "stream": r.stream,
                "error_class": r.error_class,
                "error": r.error_message,
                "skipped_streams": result.skipped_streams(r),
            }
            for r in result.failed_accounts
        ],
        "ended_runs": result.ended_runs,
        "idle": result.is_idle,
    }
