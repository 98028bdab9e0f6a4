"""Progress of long work: who watches registers here, who works reports here."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol


class Watcher(Protocol):
    """Somebody who wants to know, such as the terminal."""

    def phase(self, text: str) -> None:
        """The run turned to something else."""
        ...

    def accounts(self, platform: str, stream: str, done: int, total: int) -> None:
        """Of the accounts of one stream so many are done."""
        ...

    def models(self, done: int, total: int) -> None:
        """So many models of the warehouse are built."""
        ...

    def page(self, platform: str, stream: str, rows: int, size: int) -> None:
        """A page of ``rows`` rows and ``size`` bytes arrived."""
        ...


_watchers: list[Watcher] = []


@contextmanager
def watching(watcher: Watcher) -> Iterator[None]:
    """Registers a watcher while the block runs."""
    _watchers.append(watcher)
    try:
        yield
    finally:
        _watchers.remove(watcher)


def announce(text: str) -> None:
    """Reports to the watchers what the run turns to."""
    for watcher in _watchers:
        watcher.phase(text)


def count_accounts(platform: str, stream: str, done: int, total: int) -> None:
    """Reports to the watchers how many accounts of a stream are done, if it has any."""
    for watcher in _watchers if total else ():
        watcher.accounts(platform, stream, done, total)


def count_models(done: int, total: int) -> None:
    """Reports to the watchers how many models are built."""
    for watcher in _watchers:
        watcher.models(done, total)


def page_progress(platform: str, stream: str) -> Callable[[int, int], None]:
    """Returns a callback (rows, bytes) for the pages of one stream."""

    def report(rows: int, size: int) -> None:
        for watcher in _watchers:
            watcher.page(platform, stream, rows, size)

    return report
