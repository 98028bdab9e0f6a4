"""Progress of long work on the terminal: who watches registers here, who works reports here."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Watcher = Callable[[str, str, int, int], None]
"""Called with (platform, stream, rows, bytes) for each page."""

_watchers: list[Watcher] = []


@contextmanager
def watching(watcher: Watcher) -> Iterator[None]:
    """Registers a watcher while the block runs."""
    _watchers.append(watcher)
    try:
        yield
    finally:
        _watchers.remove(watcher)


def page_progress(platform: str, stream: str) -> Callable[[int, int], None] | None:
    """Returns a callback for the pages of one stream, or None when nobody watches."""
    if not _watchers:
        return None

    def report(rows: int, size: int) -> None:
        for watcher in _watchers:
            watcher(platform, stream, rows, size)

    return report
