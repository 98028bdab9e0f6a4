"""How lists continue. A paginator reads a reply and says how to ask for the next page.

Each holds the state of one walk through one list; make a new one for each list. All but `Single`
stop a platform that sends the reader round in circles.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

from connectors.core.errors import ShapeChanged
from connectors.core.replies import Reply

REPEATS_FORGIVEN = 1
"""A platform under load may serve the page before once more; asking again gets the right one."""

_LINK = re.compile(r"<([^>]*)>([^<]*)")
_NEXT = re.compile(r"""(?i);\s*rel\s*=\s*(?:"[^"]*\bnext\b[^"]*"|'[^']*\bnext\b[^']*'|next\b)""")


@dataclass(frozen=True, slots=True)
class Next:
    """What to ask for next: parameters to add to the same request, or another address."""

    params: Mapping[str, str] = field(default_factory=dict)
    url: str | None = None


class Paginator(Protocol):
    """Reads one reply after the other."""

    def after(self, reply: Reply, count: int, /) -> Next | None:
        """Returns how to get the page after this one; None when it was the last.

        Args:
            reply: the answer that was just read.
            count: how many records it held.

        Raises:
            ShapeChanged: the platform leads round in circles, or its marker is not readable.
        """
        ...


class Single:
    """A list that comes whole."""

    def after(self, _reply: Reply, _count: int, /) -> Next | None:
        """There is never another page."""
        return None


class _Trail:
    """The markers followed so far."""

    def __init__(self) -> None:
        self._followed: set[str] = set()
        self._repeats = 0

    def follow(self, marker: object) -> str | None:
        """Returns the marker to follow; None at the end of the list."""
        if marker is None or marker == "":
            return None
        if not isinstance(marker, str):
            kind = type(marker).__name__
            raise ShapeChanged(f"the marker of the next page is a {kind}, not text")
        if marker in self._followed:
            self._repeats += 1
            if self._repeats > REPEATS_FORGIVEN:
                raise ShapeChanged("the platform serves the same page again and again")
        self._followed.add(marker)
        return marker


class TokenInBody:
    """The body holds a token for the next page, e.g. `TokenInBody("nextPageToken", "pageToken")`.

    Args:
        path: dotted path of the token in the body, e.g. `paging.next.after`.
        param: the parameter that takes it.
    """

    def __init__(self, path: str, param: str) -> None:
        self._path = path
        self._param = param
        self._trail = _Trail()

    def after(self, reply: Reply, _count: int, /) -> Next | None:
        """Follows the token; an empty page with a token continues."""
        marker = self._trail.follow(at(reply.data, self._path))
        return None if marker is None else Next({self._param: marker})


class NextUrl:
    """The body holds the whole address of the next page; the client refuses other hosts."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._trail = _Trail()

    def after(self, reply: Reply, _count: int, /) -> Next | None:
        """Follows the address."""
        marker = self._trail.follow(at(reply.data, self._path))
        return None if marker is None else Next(url=marker)


class TokenOrUrl(TokenInBody):
    """The body holds a token for the next page, by itself or in the query of an address.

    Args:
        path: dotted path of the token or the address.
        param: the parameter that takes the token.
        others: further names that it may have in the address.
    """

    def __init__(self, path: str, param: str, *others: str) -> None:
        super().__init__(path, param)
        self._names = (param, *others)

    def after(self, reply: Reply, _count: int, /) -> Next | None:
        """Follows the token."""
        following = super().after(reply, _count)
        if following is None:
            return None
        text = following.params[self._names[0]]
        query = dict(parse_qsl(urlsplit(text).query))
        return Next({self._names[0]: next((query[o] for o in self._names if o in query), text)})


class LinkHeader:
    """The Link header holds the address of the next page (RFC 8288, `rel="next"`)."""

    def __init__(self) -> None:
        self._trail = _Trail()

    def after(self, reply: Reply, _count: int, /) -> Next | None:
        """Follows the link."""
        for address, attributes in _LINK.findall(reply.headers.get("Link", "")):
            if _NEXT.match(attributes.strip()):
                marker = self._trail.follow(address)
                return None if marker is None else Next(url=marker)
        return None


class PageNumber:
    """Pages are numbered.

    Args:
        param: the parameter that takes the number.
        size: records of a full page; a shorter one is the last, unless the total says more.
        first: the number of the first page.
        total_path: dotted path of the number of pages in the body, or None.
    """

    def __init__(
        self, param: str, size: int, *, first: int = 1, total_path: str | None = None
    ) -> None:
        self._param = param
        self._size = size
        self._first = first
        self._page = first
        self._total_path = total_path

    def after(self, reply: Reply, count: int, /) -> Next | None:
        """Counts on while there is more."""
        total = at(reply.data, self._total_path) if self._total_path else None
        if isinstance(total, int):
            more = self._page - self._first + 1 < total
        else:
            more = count >= self._size
        if not more:
            return None
        self._page += 1
        return Next({self._param: str(self._page)})


class Offset:
    """Records are counted.

    Args:
        param: the parameter that takes the number of records to skip.
        size: records of a full page.
        total_path: dotted path of the number of records in the body, or None.
    """

    def __init__(self, param: str, size: int, *, total_path: str | None = None) -> None:
        self._param = param
        self._size = size
        self._total_path = total_path
        self._seen = 0

    def after(self, reply: Reply, count: int, /) -> Next | None:
        """Skips what has been seen while there is more."""
        self._seen += count
        total = at(reply.data, self._total_path) if self._total_path else None
        more = self._seen < total if isinstance(total, int) else count >= self._size
        return Next({self._param: str(self._seen)}) if more and count else None


def walk(
    ask: Callable[[Next], Reply], listed: Callable[[Reply], list[Any]], paginator: Paginator
) -> Iterator[tuple[list[Any], Reply]]:
    """Yields the records of a list page by page, with the reply; a page may be empty.

    Args:
        ask: gets the page that `Next` leads to; the first one needs nothing more.
        listed: finds the records in a reply.
        paginator: a new one.
    """
    following: Next | None = Next()
    while following is not None:
        reply = ask(following)
        records = listed(reply)
        yield records, reply
        following = paginator.after(reply, len(records))


def at(data: Any, path: str) -> Any:
    """Returns what stands under a dotted path in a body; None where there is nothing."""
    for name in path.split("."):
        if not isinstance(data, dict):
            return None
        data = data.get(name)
    return data
