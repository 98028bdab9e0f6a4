"""What a connection's credential was not granted, for ``connections add`` and ``test``."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from connectors.core import clock
from connectors.core.reach import Shortfall
from connectors.core.stream import Account
from orchestration.commands.output import console, errors
from orchestration.sources import Source


def report_access(source: Source, account: Account) -> bool:
    """Prints what an account was not granted and what follows; says whether something will fail.

    Args:
        source: the connection.
        account: it, as the platform has just described it.
    """
    is_broken = False
    for one in shortfalls(source, account):
        line = f"{'error' if one.is_error else 'warning'}: {one.missing}: {one.follows}"
        (errors if one.is_error else console).print(line, markup=False, soft_wrap=True)
        remedy = f"  what to do: {one.remedy}"
        (errors if one.is_error else console).print(remedy, markup=False, soft_wrap=True)
        is_broken = is_broken or one.is_error
    return is_broken


def shortfalls(source: Source, account: Account) -> Iterator[Shortfall]:
    """Yields what an account was not granted, and streams that begin before what it is shown."""
    if source.platform.shortfalls is not None:
        yield from source.platform.shortfalls(account)
    zone = ZoneInfo(account.time_zone or "UTC")
    now = clock.now()
    begins = datetime.combine(source.start_date, time(), zone)
    for stream in source.platform.streams:
        hidden = stream.reach.hidden_before(account, now) if stream.reach else None
        if hidden is not None and begins < hidden:
            shown = hidden.astimezone(zone).date() + timedelta(days=1)
            yield Shortfall(
                f"start {source.start_date}",
                f"{stream.name} before {shown} are hidden, so none at all are pulled",
                f"Do the above, or begin later: add it again with --start-date {shown} (or later).",
                is_error=True,
            )
