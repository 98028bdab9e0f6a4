"""Bulk operations: Shopify runs the query by itself and leaves a file of JSON lines to be fetched.

They cost no points and know no limit of depth, but take their time. Lines of children (an order's
lines) may stand far from their parent's, so they are brought together in a temporary SQLite file:
memory stays bounded whatever the size of the shop.
https://shopify.dev/docs/api/usage/bulk-operations/queries
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from connectors.core.bodies import EndsEarly, parsed
from connectors.core.errors import (
    AuthRejected,
    BadRequest,
    ConnectorError,
    FieldRefused,
    NetworkTrouble,
    ReportNotReady,
    ServerTrouble,
    ShapeChanged,
    Transient,
)
from connectors.platforms.shopify import queries
from connectors.platforms.shopify.failures import refused_fields
from connectors.platforms.shopify.graph import Graph
from connectors.platforms.shopify.schema import ADDRESS

_log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE, GROWTH = 0.25, 15.0, 1.5
"""Seconds between looks at an operation."""
MOST_LOOKS = 3000
"""About twelve hours; Shopify itself allows ten days."""
BATCH = 500
"""Objects on a page of ours."""

_CHILD = "__parentId"
_SETTINGS = """
    pragma journal_mode = off;
    pragma synchronous = off;
    pragma cache_size = -16384;
    create table lines (place integer primary key, id text, parent text, body blob not null);
"""


def bulk_objects(
    graph: Graph, inner: str, kinds: Mapping[str, str]
) -> Iterator[tuple[list[dict[str, Any]], int]]:
    """Yields the objects of a bulk query in batches, each with its children, and its bytes.

    Args:
        graph: the shop.
        inner: the query to run.
        kinds: the connections that children belong under (`lineItems`), by what they are in global
            ids; a child without an id belongs under the last.

    Raises:
        ConnectorError: Shopify refused the operation, or it failed, or its file is not whole.
    """
    asked = graph.spared(inner)
    operation = _finished(graph, _started(graph, asked), asked)
    url = operation.get("url")
    if not url:
        if _count(operation, "objectCount"):
            raise ShapeChanged("a bulk operation found objects but names no file")
        return
    with TemporaryDirectory(prefix="tributary-bulk-") as folder:
        file = Path(folder) / "objects.jsonl"
        size = graph.client.download(str(url), file)
        if size < _count(operation, "fileSize"):
            raise _cut_short(f"{size} of {_count(operation, 'fileSize')} bytes")
        roots = 0
        with closing(sqlite3.connect(Path(folder) / "lines.db", isolation_level=None)) as store:
            _load(store, file)
            for batch in _assembled(store, kinds):
                roots += len(batch[0])
                yield batch
    if roots != _count(operation, "rootObjectCount"):
        raise _cut_short(f"{roots} of {_count(operation, 'rootObjectCount')} objects")


def _started(graph: Graph, inner: str) -> str:
    """Starts the operation, after others if too many run; returns its id."""
    pause = FIRST_PAUSE
    for _ in range(MOST_LOOKS):
        answer = graph.ask(queries.START_BULK, {"q": inner}).data["data"]
        result = _object(answer.get("bulkOperationRunQuery"))
        operation = _object(result.get("bulkOperation"))
        faults = [_object(fault) for fault in result.get("userErrors") or []]
        if not faults:
            if not isinstance(operation.get("id"), str):
                raise ShapeChanged("a bulk operation was started but has no id")
            return str(operation["id"])
        message = "; ".join(str(fault.get("message", "")) for fault in faults)
        if not any(fault.get("code") == "OPERATION_IN_PROGRESS" for fault in faults):
            message = f"Shopify refused the bulk operation: {message}"
            refused = refused_fields(message)
            raise FieldRefused(message, fields=refused) if refused else BadRequest(message)
        _log.info("shopify: waiting for another bulk operation: %s", message)
        graph.client.wait(pause)
        pause = min(pause * GROWTH, LONGEST_PAUSE)
    raise ReportNotReady("other bulk operations of the shop do not end")


def _finished(graph: Graph, operation_id: str, asked: str) -> dict[str, Any]:
    """Waits until the operation is over; returns it."""
    pause = FIRST_PAUSE
    for _ in range(MOST_LOOKS):
        answer = graph.ask(queries.POLL_BULK, {"id": operation_id}).data["data"]
        operation = _object(answer.get("bulkOperation"))
        status, code = str(operation.get("status")), str(operation.get("errorCode"))
        if status == "COMPLETED":
            return operation
        if status == "FAILED" and code == "ACCESS_DENIED":
            raise _denied(asked, f"{operation_id} failed: {code}")
        if status == "FAILED":
            raise ServerTrouble(f"{operation_id} failed: {code}", restart_chunk=True)
        if status in {"CANCELING", "CANCELED", "EXPIRED"}:
            raise Transient(f"{operation_id} is {status}", restart_chunk=True)
        if status not in {"CREATED", "RUNNING"}:
            raise ShapeChanged(f"{operation_id} has the unknown status {status}")
        graph.client.wait(pause)
        pause = min(pause * GROWTH, LONGEST_PAUSE)
    raise ReportNotReady(f"{operation_id} does not end")


def _denied(asked: str, message: str) -> ConnectorError:
    """Returns the error for a refusal that names no field: the address is the first to go."""
    if ADDRESS in asked:
        return FieldRefused(message, fields=[ADDRESS])
    return AuthRejected(
        message, remedy="Give the app the access scopes that its README lists; install it again."
    )


def _load(store: sqlite3.Connection, file: Path) -> None:
    store.executescript(_SETTINGS)
    store.execute("begin")
    with file.open("rb") as lines:
        rows = (_row(line) for line in lines if line.strip())
        while batch := list(islice(rows, 10_000)):
            store.executemany("insert into lines (id, parent, body) values (?, ?, ?)", batch)
    store.execute("create index by_parent on lines (parent)")
    store.execute("commit")


def _row(line: bytes) -> tuple[Any, Any, bytes]:
    try:
        found = parsed(line)
    except EndsEarly:
        # The file came whole: it was left like this, and another operation may do better.
        raise ServerTrouble(
            "a line of a bulk operation's file ends too early", restart_chunk=True
        ) from None
    except ValueError as trouble:
        raise ShapeChanged(f"a line of a bulk operation's file is no JSON: {trouble}") from None
    if not isinstance(found, dict):
        raise ShapeChanged("a line of a bulk operation's file is no object")
    return found.get("id"), found.get(_CHILD), line


def _assembled(
    store: sqlite3.Connection, kinds: Mapping[str, str]
) -> Iterator[tuple[list[dict[str, Any]], int]]:
    """Yields the parents in the file's order, each with its children in the file's order."""
    left = store.execute("select count(*) from lines where parent is not null").fetchone()[0]
    parents = store.execute("select id, body from lines where parent is null order by place")
    while rows := parents.fetchmany(BATCH):
        objects = [parsed(body) for _, body in rows]
        size = sum(len(body) for _, body in rows)
        if kinds:
            by_id = {key: found for (key, _), found in zip(rows, objects, strict=True)}
            for found in objects:
                found.update({name: {"nodes": []} for name in kinds.values()})
            marks = ",".join("?" * len(by_id))
            query = f"select parent, body from lines where parent in ({marks}) order by place"
            for parent, body in store.execute(query, list(by_id)):
                line = parsed(body)
                del line[_CHILD]
                by_id[parent][_connection(line, kinds)]["nodes"].append(line)
                left, size = left - 1, size + len(body)
        yield objects, size
    if left:
        raise ShapeChanged(f"{left} lines of a bulk operation's file belong to no object in it")


def _connection(child: dict[str, Any], kinds: Mapping[str, str]) -> str:
    """Returns the connection that a child belongs under: a file does not name it."""
    kind = str(child.get("id")).removeprefix("gid://shopify/").split("/")[0]
    if kind in kinds:
        return kinds[kind]
    if len(kinds) > 1 and child.get("id") is not None:
        raise ShapeChanged(f"a bulk operation's file holds a {kind}, which was not asked for")
    return list(kinds.values())[-1]


def _count(operation: dict[str, Any], name: str) -> int:
    """A count of the operation: 64 bits, so it comes as text."""
    try:
        return int(operation.get(name) or 0)
    except (TypeError, ValueError) as trouble:
        raise ShapeChanged(f"{name} of a bulk operation is no number") from trouble


def _cut_short(what: str) -> NetworkTrouble:
    return NetworkTrouble(f"a bulk operation's file is not whole: {what}", restart_chunk=True)


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
