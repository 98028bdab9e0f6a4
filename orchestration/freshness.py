"""The state of each connection, read from the registry and the sync log."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, Protocol

from connectors.core import clock
from orchestration.reach import Unseen, unseen
from warehouse.coverage import StreamStatus
from warehouse.home import SHARED_ORGANIZATION, Home
from warehouse.log_attempts import latest_status
from warehouse.registry_glance import Tenants
from warehouse.registry_records import Connection

FREQUENCY = {"hourly": timedelta(hours=1), "daily": timedelta(days=1), "weekly": timedelta(days=7)}
STALE_AFTER = 2
"""In sync frequencies: one sync may be late, two may not."""
FEED_STALE_AFTER = timedelta(days=7)
"""A feed is silent for up to five days (Easter); a rate is carried for seven."""

MISSING_REMEDY = (
    "The platform no longer has these fields, or does not let this credential read them; their "
    "columns stay empty until Tributary is updated, or the app has the platform's approval."
)

State = Literal[
    "ok",
    "incomplete",
    "failing",
    "future",
    "quarantined",
    "limited",
    "stale",
    "never synced",
    "paused",
    "removed",
]


@dataclass(frozen=True, slots=True)
class ConnectionState:
    """How one connection is doing.

    Attributes:
        succeeded_at: the oldest of its streams' last successes; None if one never succeeded.
        lag: the clock minus ``succeeded_at``.
        rows: rows that the newest sync of each stream brought, together.
        error, remedy: of the newest failure that has not been followed by a success.
        is_refused: the account is refused as a whole, not one stream or the other.
        missing_fields: `stream.column` of what came without, since the platform refused the field.
        unseen: what the platform hides from it, and since when.
    """

    connection: Connection
    state: State
    attempted_at: datetime | None
    succeeded_at: datetime | None
    lag: timedelta | None
    rows: int
    rejected_rows: int
    failing_streams: tuple[str, ...]
    error: str = ""
    remedy: str = ""
    is_refused: bool = False
    missing_fields: tuple[str, ...] = ()
    unseen: tuple[Unseen, ...] = ()

    @property
    def label(self) -> str:
        """``organization/platform/account``."""
        c = self.connection
        return f"{c.organization_id}/{c.platform}/{c.account_id}"

    @property
    def is_stale(self) -> bool:
        """It should have succeeded by now and has not."""
        if self.state == "future":
            return True
        return self.state in {"stale", "never synced", "failing"} and not self._is_young()

    def _is_young(self) -> bool:
        allowed = _allowed_lag(self.connection)
        return allowed is None or (self.lag is not None and self.lag <= allowed)


class Space(Protocol):
    """A home with its registry."""

    @property
    def home(self) -> Home:
        """The home."""
        ...

    @property
    def registry(self) -> Tenants:
        """Its registry."""
        ...


def connection_states(space: Space) -> list[ConnectionState]:
    """Returns the state of every connection that is not removed, by organization and platform."""
    now = clock.now()
    by_connection: dict[str, list[StreamStatus]] = {}
    for status in latest_status(space.home, now=now):
        by_connection.setdefault(status.connection_id, []).append(status)
    found = space.registry.connections(statuses=("active", "paused"))
    states = [_state(c, by_connection.get(c.connection_id, []), now) for c in found]
    limits = unseen(space.home)
    states = [_with_limits(s, limits.get(s.connection.connection_id, [])) for s in states]
    return sorted(states, key=lambda s: s.label)


def _with_limits(state: ConnectionState, limits: list[Unseen]) -> ConnectionState:
    """The state with what the platform hides: one that is well otherwise is then no longer ok."""
    if not limits:
        return state
    is_limited = state.state == "ok" and any(one.records for one in limits)
    return replace(state, state="limited" if is_limited else state.state, unseen=tuple(limits))


def _state(connection: Connection, streams: list[StreamStatus], now: datetime) -> ConnectionState:
    failing = [s for s in streams if s.status != "succeeded"]
    successes = [s.succeeded_at for s in streams]
    succeeded_at = min((s for s in successes if s), default=None) if all(successes) else None
    # The refusal itself is of more use than the news that other streams were skipped for it.
    newest_failure = max(failing, key=lambda s: (not s.is_skipped, s.attempted_at), default=None)
    message = (newest_failure.error_message or "") if newest_failure else ""
    error, _, remedy = message.partition(" Remedy: ")
    lag = now - succeeded_at if succeeded_at else None
    ahead = [s for s in streams if s.future_at]
    if ahead and not failing:
        error, remedy = _of_the_future(connection, ahead)
    empty = [s for s in streams if _brought_nothing(s)]
    if empty and not failing and not ahead:
        error, remedy = _of_quarantine(connection, empty)
    return ConnectionState(
        connection,
        _verdict(connection, streams, bool(failing), lag),
        max((min(s.attempted_at, now) for s in streams), default=None),
        succeeded_at,
        lag,
        sum(s.rows for s in streams),
        sum(s.rejected_rows for s in streams),
        tuple(sorted(s.stream for s in failing or ahead or empty)),
        f"{newest_failure.error_class}: {error}" if newest_failure else error,
        remedy,
        any(s.is_skipped for s in failing),
        tuple(f"{s.stream}.{name}" for s in streams for name in s.missing_fields),
    )


def _brought_nothing(stream: StreamStatus) -> bool:
    """Every row of the newest sync was set aside."""
    return bool(stream.rejected_rows) and not stream.rows


def _of_quarantine(connection: Connection, empty: list[StreamStatus]) -> tuple[str, str]:
    """What to say of streams that brought rows of which none could be read, and what to do."""
    count = sum(stream.rejected_rows for stream in empty)
    look = (
        "See the reasons with `tributary files quarantine`, correct the file or its mapping, and "
        "load it again with `tributary files replay`."
        if connection.platform == "files"
        else f"See the reasons in lake/quarantine/{connection.platform}, in the column reason."
    )
    return f"every row that came was set aside: {count} of {count}", look


def _of_the_future(connection: Connection, ahead: list[StreamStatus]) -> tuple[str, str]:
    """What to say of syncs that a wrong clock dated into the future, and what to do."""
    said = max(status.future_at for status in ahead if status.future_at)
    c = connection
    return (
        f"a sync is dated {said:%Y-%m-%d %H:%M} UTC, which lies in the future: the clock was wrong "
        "when it ran. Nothing of it counts as a success, and what it covers is due",
        "Set the machine's clock (or TRIBUTARY_NOW) right, then `tributary run`. If the clock is "
        "right and that day has come meanwhile, ask for everything again: `tributary connections "
        f"reset-cursor {c.organization_id}/{c.platform}/{c.account_id}`.",
    )


def _verdict(
    connection: Connection, streams: list[StreamStatus], failing: bool, lag: timedelta | None
) -> State:
    if connection.status == "paused":
        return "paused"
    if failing:
        return "failing"
    if any(stream.future_at for stream in streams):
        return "future"
    if any(_brought_nothing(stream) for stream in streams):
        return "quarantined"
    if not streams or lag is None:
        return "never synced"
    allowed = _allowed_lag(connection)
    if allowed and lag > allowed:
        return "stale"
    return "incomplete" if any(s.missing_fields for s in streams) else "ok"


def _allowed_lag(connection: Connection) -> timedelta | None:
    """How old the last success may be; None when nobody waits for one."""
    if connection.organization_id == SHARED_ORGANIZATION:
        return FEED_STALE_AFTER
    frequency = FREQUENCY.get(connection.sync_frequency)
    return STALE_AFTER * frequency if frequency else None
