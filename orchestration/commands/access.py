"""What a connection's credential was not granted: asked when it is made, and by ``test``."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from connectors import platforms
from connectors.core import clock
from connectors.core.accounts import Account
from connectors.core.errors import ConnectorError
from connectors.core.reach import Shortfall
from orchestration.commands.output import console, errors
from orchestration.sources import Source, new_source
from orchestration.workspace import Workspace
from warehouse.registry_records import Connection

_AT_ONCE = 8


def ask_access(space: Workspace, made: Sequence[Connection], *, json: bool = False) -> bool:
    """Asks the platforms that can say so what new connections were not granted; prints it.

    Args:
        space: the home.
        made: the connections; those of other platforms are left out.
        json: standard output is for machines, so warnings go to standard error.

    Returns:
        Whether something of them will fail, or could not be asked.
    """
    sources = [
        new_source(space, platforms.get(one.platform), one)
        for one in made
        if platforms.get(one.platform).shortfalls is not None
    ]
    is_broken = False
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for source, found in zip(sources, pool.map(_described, sources), strict=True):
            if len(made) > 1:
                name = f"{source.organization_id}/{source.platform.name}/{source.account.id}"
                (errors if json else console).print(f"{name}:", markup=False)
            if isinstance(found, ConnectorError):
                errors.print(f"not tested: {found.error_class}: {found.message}", markup=False)
                errors.print(f"what to do: {found.remedy}", markup=False)
                is_broken = True
            else:
                is_broken |= report_access(source, found, json=json)
    return is_broken


def _described(source: Source) -> Account | ConnectorError:
    try:
        return source.describe()
    except ConnectorError as error:
        return error


def report_access(source: Source, account: Account, *, json: bool = False) -> bool:
    """Prints what an account was not granted and what follows; says whether something will fail.

    Args:
        source: the connection.
        account: it, as the platform has just described it.
        json: standard output is for machines, so warnings go to standard error.
    """
    is_broken = False
    for one in shortfalls(source, account):
        out = errors if one.is_error or json else console
        line = f"{'error' if one.is_error else 'warning'}: {one.missing}: {one.follows}"
        out.print(line, markup=False, soft_wrap=True)
        out.print(f"  what to do: {one.remedy}", markup=False, soft_wrap=True)
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
