"""``tributary status``: how every connection is doing, and what to do about it."""

from collections.abc import Iterable, Sequence
from typing import Annotated

import typer

from orchestration.build_report import first_of, held_back, published_now
from orchestration.commands.first_steps import has_connections, no_connections
from orchestration.commands.output import (
    EXIT_PARTIAL,
    console,
    errors,
    format_lag,
    print_json,
    print_table,
)
from orchestration.commands.reasons import without_place
from orchestration.freshness import MISSING_REMEDY, ConnectionState, connection_states
from orchestration.glance import open_glance
from warehouse.registry_guard import check_registry

RED = {"failing", "future", "quarantined", "incomplete", "stale", "never synced"}


def status(
    json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Show each connection: last sync, rows, lag, state, last error and its remedy.

    Also what a platform hides from a connection (state `limited`, a warning), and what holds the
    next release back, if a model or a test of the last build failed. With --json a monitor can
    read it; the exit code is 3 as long as anything is red.

    Example: tributary status --json
    """
    space = open_glance()
    check_registry(space.home, space.registry)
    states, blockers = connection_states(space), held_back(space.home)
    if json:
        print_json([_record(state) for state in states])
    else:
        _print(states)
        if not has_connections(space.registry):
            console.print(no_connections(space.home), markup=False, soft_wrap=True)
    for blocker in first_of(blockers):
        errors.print(f"no release: {blocker}", markup=False)
    if blockers:
        errors.print(f"{published_now(space.home)}; `tributary run` builds and tests again")
    if blockers or any(state.state in RED for state in states):
        raise typer.Exit(EXIT_PARTIAL)


def _print(states: list[ConnectionState]) -> None:
    if not states:
        return
    print_table(
        ["connection", "state", "last success (UTC)", "lag", "rows", "quarantined"],
        [
            (s.label, s.state, s.succeeded_at, format_lag(s.lag), s.rows, s.rejected_rows)
            for s in states
        ],
    )
    for alike in _by_reason(states):
        for state in alike:
            streams = "the account" if state.is_refused else ", ".join(state.failing_streams)
            gap = "\n" if state is alike[0] else ""
            console.print(f"{gap}{state.label} ({streams})", markup=False)
        error = alike[0].error if len(alike) == 1 else _reason(alike[0])
        console.print(f"  error:      {error}", markup=False)
        console.print(f"  what to do: {alike[0].remedy}", markup=False)
    for state in states:
        if state.missing_fields:
            console.print(f"\n{state.label}", markup=False)
            console.print(f"  without:    {', '.join(state.missing_fields)}", markup=False)
            console.print(f"  what to do: {MISSING_REMEDY}", markup=False)
        for unseen in state.unseen:
            console.print(f"\n{state.label}", markup=False)
            console.print(
                f"  {'warning: ' if unseen.records else 'note:    '}   {unseen}", markup=False
            )
            console.print(f"  what to do: {unseen.remedy}", markup=False)


def _by_reason(states: Sequence[ConnectionState]) -> Iterable[list[ConnectionState]]:
    """The connections with an error; those that fail for one reason are said together."""
    found: dict[tuple[str, str], list[ConnectionState]] = {}
    for state in states:
        if state.error:
            found.setdefault((_reason(state), state.remedy), []).append(state)
    return found.values()


def _reason(state: ConnectionState) -> str:
    kind, colon, said = state.error.partition(": ")
    return f"{kind}{colon}{without_place(state.connection.platform, said)}"


def _record(state: ConnectionState) -> dict[str, object]:
    return {
        "connection": state.label,
        "state": state.state,
        "attempted_at": state.attempted_at,
        "succeeded_at": state.succeeded_at,
        "lag_seconds": state.lag.total_seconds() if state.lag is not None else None,
        "rows": state.rows,
        "rejected_rows": state.rejected_rows,
        "failing_streams": state.failing_streams,
        "account_refused": state.is_refused,
        "missing_fields": state.missing_fields,
        "unseen": [unseen.as_row for unseen in state.unseen],
        "error": state.error,
        "remedy": state.remedy,
    }
