"""Streams that need no code: where to ask and what for, where the records are, how pages follow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from connectors.core.accounts import Account
from connectors.core.columns import Column
from connectors.core.errors import ShapeChanged
from connectors.core.http import Client
from connectors.core.paginators import Next, Paginator, Single, at, walk
from connectors.core.replies import Reply
from connectors.core.stream import Page
from connectors.core.window import Window


@dataclass(frozen=True, slots=True)
class Rest:
    """A list at one address. Called like any `Stream.pages`, it yields the list's pages.

    In `path` and `params`, `{account}` stands for the account's id and, of a report, `{start}`,
    `{last_day}` (included) and `{end}` (not included) for the dates of the window.

    Attributes:
        path: the address; it may have a query that is encoded already.
        records: dotted path of the list in the body, e.g. `data.list`; empty when it is the body.
        paginator: makes the paginator of one walk.
        params: parameters of each request.
        headers: headers of each request.
        columns: the stream's columns, where the platform wants its fields named.
        named: turns those columns that may be asked for into parameters.
        read: reads one record before it is typed; None leaves the record out.
    """

    path: str
    records: str
    paginator: Callable[[], Paginator] = Single
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[Column, ...] = ()
    named: Callable[[Sequence[Column]], Mapping[str, str]] | None = None
    read: Callable[[dict[str, Any]], dict[str, Any] | None] | None = None

    def __call__(
        self, client: Client, account: Account, window: Window | None = None
    ) -> Iterator[Page]:
        """Yields the pages; one may be empty and yet not be the last.

        Raises:
            ConnectorError: as the platform answers. ShapeChanged when there is no list in an
                answer, or when the paging has no end.
        """
        marks = _marks(account, window)
        path = _filled(self.path, {mark: quote(text, safe="") for mark, text in marks.items()})
        params = {name: _filled(text, marks) for name, text in self.params.items()}
        if self.named is not None:
            params |= self.named(client.asked(self.columns))

        def ask(more: Next) -> Reply:
            if more.url is not None:
                # The whole address of the next page holds all parameters.
                return client.get(more.url, headers=self.headers)
            return client.get(path, params={**params, **more.params}, headers=self.headers)

        for records, reply in walk(ask, self._listed, self.paginator()):
            yield Page(self._read(records), len(reply.body))

    def _listed(self, reply: Reply) -> list[Any]:
        found = at(reply.data, self.records) if self.records else reply.data
        if not isinstance(found, list):
            raise ShapeChanged(f"the answer holds no list {self.records}: {reply.excerpt}")
        return found

    def _read(self, records: list[Any]) -> list[Any]:
        """Reads the records; what is no object is left to the typer, which rejects it."""
        if self.read is None:
            return records
        read = [self.read(one) if isinstance(one, dict) else one for one in records]
        return [one for one in read if one is not None]


def _marks(account: Account, window: Window | None) -> dict[str, str]:
    marks = {"{account}": account.id}
    if window is not None:
        marks["{start}"], marks["{end}"] = window.start.isoformat(), window.end.isoformat()
        if window.is_dated:
            marks["{last_day}"] = window.last_day.isoformat()
    return marks


def _filled(text: str, marks: Mapping[str, str]) -> str:
    for mark, value in marks.items():
        text = text.replace(mark, value)
    return text
