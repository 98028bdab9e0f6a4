"""One chunk of one stream of one account: pages in, typed pages out."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from connectors.core.accounts import Account
from connectors.core.arrow import Hasher, PageTyper, TypedPage
from connectors.core.errors import ConnectorError, FieldRefused, ServerTrouble, ShapeChanged
from connectors.core.http import Client
from connectors.core.platform import Platform
from connectors.core.stream import Page, Stream
from connectors.core.window import Window

_log = logging.getLogger(__name__)

IDLE_PAGES = 1_000
"""Pages in a row without a new record. Filters of a platform leave a few pages empty; one that
gives a new cursor each time and nothing else has lost its way."""


def extract(
    platform: Platform,
    stream: Stream,
    account: Account,
    window: Window | None,
    client: Client,
    hash_pii: Hasher | None = None,
) -> Iterator[TypedPage]:
    """Yields the typed pages of one chunk.

    Pages may be empty. A page that comes twice in a row, as from a platform under load, is taken
    once; of rows that repeat otherwise the stream's key picks one further down, not here.

    Args:
        platform: the platform.
        stream: one of its streams.
        account: whose data.
        window: half-open, at most `stream.max_window_days` long; None for a snapshot.
        client: a client for this account.
        hash_pii: turns a normalised e-mail address or phone number into a token; needed for
            streams with personal columns.

    Raises:
        ValueError: the window does not suit the stream.
        ConnectorError: with platform, stream, account and window filled in. A `Transient` with
            `restart_chunk` asks to throw away what this chunk has brought and to extract it again.
    """
    _check(stream, window)
    typer = PageTyper(stream, hash_pii)
    return _pages(platform, stream, account, window, client, typer)


def halves(window: Window | None) -> tuple[Window, ...]:
    """Returns the halves of a window that is too much at once; none of one day or less.

    Each half is a chunk of its own, so that what has been fetched stays when another half fails.
    """
    if window is None or window.end - window.start <= timedelta(days=1):
        return ()
    days = (window.end - window.start) // timedelta(days=1)
    return window.split((days + 1) // 2)


def _pages(
    platform: Platform,
    stream: Stream,
    account: Account,
    window: Window | None,
    client: Client,
    typer: PageTyper,
) -> Iterator[TypedPage]:
    taken: list[dict[str, Any]] = []
    idle = 0
    try:
        for page in _without_refused(stream, client, account, window):
            repeats = bool(page.records) and page.records == taken
            idle = idle + 1 if repeats or not page.records else 0
            if idle >= IDLE_PAGES:
                raise ShapeChanged(
                    f"{idle} pages in a row brought no new record: the paging has no end",
                    remedy="Nothing of this chunk was kept, and the next run asks again. If it "
                    "comes again, report it with this message.",
                )
            if repeats:
                continue
            taken = page.records or taken
            yield typer.type(page)
    except ConnectorError as error:
        error.located(
            platform=platform.name,
            stream=stream.name,
            account=account.id,
            window="" if window is None else str(window),
        )
        raise


def _without_refused(
    stream: Stream, client: Client, account: Account, window: Window | None
) -> Iterator[Page]:
    """Yields the pages; a field that the platform refuses, and that can be spared, is left out.

    The client remembers it, so that no later question of this stream asks for it.
    """
    while True:
        begun = False
        try:
            for page in stream.pages(client, account, window):
                begun = True
                yield page
            return
        except FieldRefused as refusal:
            spared = stream.dispensable(refusal.fields)
            if spared.keys() <= client.left_out.keys():
                raise
            _log.warning(
                "%s %s: %s is pulled without %s: %s", client.platform.name, account.id,
                stream.name, ", ".join(sorted(spared)), refusal.message,
            )  # fmt: skip
            client.left_out |= spared
            if begun:
                raise ServerTrouble(refusal.message, restart_chunk=True) from refusal


def _check(stream: Stream, window: Window | None) -> None:
    if (window is None) != (stream.kind == "snapshot"):
        needs = "no window" if stream.kind == "snapshot" else "a window"
        raise ValueError(f"stream {stream.name} is a {stream.kind}: it needs {needs}")
    if window is None:
        return
    if window.is_dated != (stream.kind == "report"):
        ends = "dates" if stream.kind == "report" else "aware datetimes"
        raise ValueError(f"stream {stream.name} is a {stream.kind}: its window's ends are {ends}")
    if stream.kind == "report" and stream.max_window_days is not None:
        days = (window.end - window.start).days
        if days > stream.max_window_days:
            raise ValueError(
                f"stream {stream.name} takes at most {stream.max_window_days} days at once, "
                f"not {days}; cut the window with Window.split"
            )
