"""Lists of JSON:API (jsonapi.org): pages that lead on to the next, each with what it includes.

What is `included` holds for its page alone, and only there stands what a relation leads to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.core.errors import ShapeChanged
from connectors.core.http import Client
from connectors.core.paginators import Next, NextUrl, Paginator, at, walk
from connectors.core.replies import Reply
from connectors.core.stream import Page

MEDIA_TYPE = "application/vnd.api+json"
Json = dict[str, Any]
Included = Mapping[tuple[str, str], Json]
"""What a page includes, by type and id."""


def plain(row: Json, _: Included | None = None) -> Json:
    """Returns a row without its addresses; a relation is the id that it leads to, or a list."""
    kept = {name: value for name, value in row.items() if name not in ("type", "links")}
    relations = kept.pop("relationships", None)
    if isinstance(relations, dict):
        led = {n: one for n, one in relations.items() if isinstance(one, dict) and "data" in one}
        if led:
            kept["relationships"] = {name: _ids(one["data"]) for name, one in led.items()}
    return kept


def _ids(led: Any) -> Any:
    if isinstance(led, list):
        return [_ids(one) for one in led]
    return {"id": led.get("id")} if isinstance(led, dict) else led


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that comes whole, or the part of it that `params` ask for.

    Called like any `Stream.pages`, it yields the list's pages.

    Attributes:
        path: its address.
        params: parameters of its first request; the next addresses hold them.
        read: reads a row, given what its page includes.
    """

    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    read: Callable[[Json, Included], Json] = plain

    def __call__(self, client: Client, *_: object) -> Iterator[Page]:
        """Yields the pages.

        Raises:
            ConnectorError: as the platform answers; ShapeChanged when there is no list.
        """

        def ask(more: Next) -> Reply:
            if more.url is not None:
                return client.get(more.url)
            return client.get(self.path, params=self.params)

        for rows, reply in walk(ask, rows_of, NextUrl("links.next")):
            beside = at(reply.data, "included")
            found = {(str(one.get("type")), str(one.get("id"))): one for one in beside or ()}
            read = [self.read(one, found) if isinstance(one, dict) else one for one in rows]
            yield Page(read, len(reply.body))


def rows_of(reply: Reply) -> list[Any]:
    """Returns the rows of an answer.

    Raises:
        ShapeChanged: it holds no list.
    """
    found = at(reply.data, "data")
    if not isinstance(found, list):
        raise ShapeChanged(f"the answer holds no list data: {reply.excerpt}")
    return found


def answers(
    client: Client,
    path: str,
    asked: tuple[str, Json],
    rows: Callable[[Reply], list[Any]],
    paginator: Paginator,
) -> Iterator[Reply]:
    """Yields the pages of what a posted question is answered with.

    Args:
        client: the client.
        path: the address.
        asked: the question's type and attributes. A cursor that comes by itself is added to them;
            an address that follows holds the cursor alone, so the question is posted there again.
        rows: finds the rows of an answer.
        paginator: a new one.
    """
    type_, attributes = asked

    def ask(more: Next) -> Reply:
        body = {"data": {"type": type_, "attributes": {**attributes, **more.params}}}
        return client.post(more.url or path, json=body, headers={"Content-Type": MEDIA_TYPE})

    for _, reply in walk(ask, rows, paginator):
        yield reply


def first_error(reply: Reply) -> tuple[dict[str, Any], str]:
    """Returns the first error that an answer reports, and what it says; empty where there is none.

    What is said begins with the code, after which a reader of messages can search.
    """
    errors = at(reply.data, "errors")
    error = errors[0] if isinstance(errors, list) and errors else {}
    if not isinstance(error, dict):
        return {}, ""
    return error, ": ".join(
        str(error[one]) for one in ("code", "title", "detail") if error.get(one)
    )
