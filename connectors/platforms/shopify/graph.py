"""Asks one shop by GraphQL: at the pace of its points, in pages that its limit allows."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from connectors.core.errors import BadRequest, ShapeChanged, Transient
from connectors.core.http import Client
from connectors.core.paginators import TokenInBody
from connectors.core.replies import Reply
from connectors.platforms.shopify.costs import SHARED_BUDGETS, PageSize
from connectors.platforms.shopify.failures import TooExpensive, cost_of, number
from connectors.platforms.shopify.selections import without

_log = logging.getLogger(__name__)

Question = tuple[str, Mapping[str, Any]]
"""The text of a query and its variables."""


class Graph:
    """The GraphQL endpoint of one shop.

    Args:
        client: a client for that shop.

    Attributes:
        client: the same.
    """

    def __init__(self, client: Client) -> None:
        self.client = client
        self._path = f"/admin/api/{client.platform.api_version}/graphql.json"
        self._budget = SHARED_BUDGETS.of(client.base_url)

    def ask(
        self, text: str, variables: Mapping[str, Any] | None = None, *, expected: float = 0.0
    ) -> Reply:
        """Sends a query and returns its answer, which holds an object `data`.

        Args:
            text: the query.
            variables: its variables.
            expected: points that it will ask for, as far as is known.

        Raises:
            ConnectorError: as Shopify answers. TooExpensive when it exceeds one query's limit.
        """
        self.client.wait(self._budget.reserve(expected))
        status: Mapping[str, Any] = {}
        try:
            asked = {"query": self.spared(text), "variables": variables or {}}
            reply = self.client.post(self._path, json=asked)
            status = cost_of(reply.data).get("throttleStatus") or {}
        finally:
            self._budget.settle(expected, status)
        if not isinstance(reply.data, dict) or not isinstance(reply.data.get("data"), dict):
            raise ShapeChanged(f"the answer holds no data: {reply.excerpt}")
        return reply

    def spared(self, text: str) -> str:
        """Returns a query without the fields that this shop has refused so far."""
        refused = frozenset(self.client.left_out.values())
        return without(text, refused) if refused else text

    def ask_sized(self, question: Callable[[PageSize], Question], size: PageSize) -> Reply:
        """Sends a query whose size is adapted until Shopify takes it, and to its cost after.

        Args:
            question: makes the query of a size.
            size: the size; it is changed.

        Raises:
            ConnectorError: as of `ask`.
        """
        while True:
            text, variables = question(size)
            try:
                reply = self.ask(text, variables, expected=size.expected_cost)
            except TooExpensive as trouble:
                if not size.shrink(trouble.cost, trouble.limit):
                    raise BadRequest(trouble.message, url=trouble.url) from None
                _log.info("shopify: a page of %d from now on: %s", size.first, trouble.message)
                continue
            size.learn(number(cost_of(reply.data).get("requestedQueryCost")))
            return reply

    def walk(
        self, name: str, question: Callable[[PageSize, str | None], Question], size: PageSize
    ) -> Iterator[tuple[list[dict[str, Any]], Reply, bool]]:
        """Yields the objects of a root connection page by page, with the reply and "is there more".

        Args:
            name: the connection, e.g. `orders`.
            question: makes the query of a size, after a cursor.
            size: the size of the pages; it is adapted.
        """
        paginator = TokenInBody(f"data.{name}.pageInfo.endCursor", "after")
        after: str | None = None
        while True:
            cursor = after
            reply = self.ask_sized(lambda fitted: question(fitted, cursor), size)  # noqa: B023
            nodes, more = connection(reply.data["data"], name)
            yield nodes, reply, more
            if not more:
                return
            following = paginator.after(reply, len(nodes))
            if following is None:
                raise ShapeChanged(f"{name}: there is another page, but no cursor to it")
            after = following.params["after"]


def connection(parent: Any, name: str) -> tuple[list[dict[str, Any]], bool]:
    """Returns the objects of a connection and whether it goes on.

    Raises:
        ShapeChanged: it is none.
    """
    found = parent.get(name) if isinstance(parent, dict) else None
    nodes = found.get("nodes") if isinstance(found, dict) else None
    if not isinstance(nodes, list) or not all(isinstance(node, dict) for node in nodes):
        raise ShapeChanged(f"the answer holds no list of {name}")
    info = found.get("pageInfo") if isinstance(found, dict) else None
    return nodes, isinstance(info, dict) and info.get("hasNextPage") is True


def rest_of(
    graph: Graph,
    text: str,
    variables: Mapping[str, Any],
    owner: Callable[[dict[str, Any]], Any],
    name: str,
    after: str | None,
) -> Iterator[dict[str, Any]]:
    """Yields what hangs on one object, from a cursor on.

    Args:
        graph: the shop.
        text: the query; it takes `first` and `after`.
        variables: its other variables; `id` is the object that is asked for.
        owner: finds in the data the object that has the connection; None when it is gone.
        name: the connection on it, e.g. `lineItems`.
        after: the cursor of the page that is there already; None for the first page.

    Raises:
        Transient: the object has vanished meanwhile; the chunk starts again.
    """
    size = PageSize(first=50)
    paginator = TokenInBody(f"{name}.pageInfo.endCursor", "after")
    while True:
        asked = {**variables, "after": after}
        reply = graph.ask_sized(lambda s: (text, {**asked, "first": s.first}), size)  # noqa: B023
        found = owner(reply.data["data"])
        if found is None:
            raise vanished(str(variables["id"]))
        nodes, more = connection(found, name)
        yield from nodes
        if not more:
            return
        following = paginator.after(replace(reply, data=found), len(nodes))
        if following is None:
            raise ShapeChanged(f"{name} of {variables['id']}: there is more, but no cursor to it")
        after = following.params["after"]


def vanished(object_id: str) -> Transient:
    """Returns the error for an object that was deleted while it was being read."""
    return Transient(f"{object_id} was deleted while it was being read", restart_chunk=True)
