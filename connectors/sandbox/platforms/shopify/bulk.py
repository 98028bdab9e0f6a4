"""Bulk operations of one shop: started by a mutation, run beside other requests, then fetched."""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import IO, Any

from graphql import GraphQLSchema

from connectors.sandbox.platforms.shopify.bulk_query import BulkQuery, Slice
from connectors.sandbox.platforms.shopify.errors import of_query
from connectors.sandbox.platforms.shopify.schema import parsed
from connectors.sandbox.platforms.shopify.versions import bulk_operations_at_once
from connectors.sandbox.platforms.shopify.view import View, when

_MOST_KEPT = 8
_URL_LIVES = timedelta(days=7)
_FIRST_ID = 1_250_000_000_001


class Operation:
    """One bulk query, its progress and its file.

    A client sees it RUNNING at least once, however fast it was: real ones always take a while.
    """

    def __init__(self, number: int, text: str, view: View, base_url: str, scopes: set[str]) -> None:
        self.id = f"gid://shopify/BulkOperation/{_FIRST_ID + number + view.shop.first_id}"
        digest = hashlib.sha256(f"{self.id} {text} {view.clock}".encode()).hexdigest()
        self.token = digest[:40]
        self._text, self._view, self._base_url = text, view, base_url
        self._denied = not scopes <= view.scopes
        self._objects = self._roots = self._size = 0
        self._looks = 0
        self.over = self.canceled = False
        # On disk and without a name: it is gone with the operation or with the process.
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115

    async def run(self, slices: Iterator[Slice]) -> None:
        """Writes the file, a slice at a time, so that other requests are answered meanwhile."""
        try:
            for one in () if self._denied else slices:
                if self.canceled:
                    break
                self._file.write(one.lines)
                self._objects += one.objects
                self._roots += one.roots
                self._size += len(one.lines)
                await asyncio.sleep(0)
        finally:
            self.over = True

    @property
    def status(self) -> str:
        """The status in the platform's words."""
        if self.canceled:
            return "CANCELED" if self.over else "CANCELING"
        if self._looks == 0:
            return "CREATED"
        if not self.over or self._looks == 1:
            return "RUNNING"
        return "FAILED" if self._denied else "COMPLETED"

    def report(self) -> dict[str, Any]:
        """Returns the operation's fields, to a client that looks."""
        status = self.status
        self._looks += 1
        done = status == "COMPLETED"
        url = f"{self._base_url}/bulk/{self.token}.jsonl?X-Goog-Signature={self.token[::-1]}"
        return {
            "id": self.id,
            "type": "QUERY",
            "status": status,
            "errorCode": "ACCESS_DENIED" if status == "FAILED" else None,
            "createdAt": when(self._view.now),
            "completedAt": when(self._view.now) if status in ("COMPLETED", "FAILED") else None,
            "objectCount": str(self._objects),
            "rootObjectCount": str(self._roots),
            "fileSize": str(self._size) if done and self._objects else None,
            "url": url if done and self._objects else None,
            "query": self._text,
        }

    def content(self, now: datetime) -> bytes | None:
        """Returns the file; None before it is complete and when its address has expired."""
        if not self.over or self.canceled or now >= self._view.now + _URL_LIVES:
            return None
        self._file.seek(0)
        return self._file.read()


class BulkOperations:
    """The bulk operations of one shop, the last of which are kept."""

    def __init__(self) -> None:
        self._operations: dict[str, Operation] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._started = 0

    def run(
        self,
        view: View,
        version: str,
        schema: GraphQLSchema,
        text: str,
        *,
        grouped: bool,
        base_url: str,
    ) -> dict[str, Any]:
        """Starts an operation; returns the mutation's payload."""
        running = [one for one in self._operations.values() if not one.over]
        if len(running) >= bulk_operations_at_once(version):
            return _refused(
                "A bulk query operation for this app and shop is already in progress: "
                f"{running[0].id}.",
                "OPERATION_IN_PROGRESS",
            )
        document, faults = parsed(schema, text)
        if document is None or faults:
            said = of_query(faults[0], document)["message"]
            return _refused(f"Invalid bulk query: {said}", "INVALID")
        try:
            query = BulkQuery(schema, document, view)
        except ValueError as trouble:
            return _refused(str(trouble), "INVALID")
        self._started += 1
        operation = Operation(self._started, text, view, base_url, query.scopes)
        self._keep(operation)
        task = asyncio.get_running_loop().create_task(operation.run(query.slices(grouped=grouped)))
        # The loop itself holds tasks only weakly.
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return {"bulkOperation": operation.report(), "userErrors": []}

    def cancel(self, id_: str) -> dict[str, Any]:
        """Cancels a running operation; returns the mutation's payload."""
        operation = self._operations.get(id_)
        if operation is None or operation.over:
            message = "A bulk operation cannot be canceled when it is completed."
            return {
                "bulkOperation": None if operation is None else operation.report(),
                "userErrors": [{"field": ["id"], "message": message}],
            }
        operation.canceled = True
        return {"bulkOperation": operation.report(), "userErrors": []}

    def find(self, id_: str) -> dict[str, Any] | None:
        """Returns an operation by its id."""
        operation = self._operations.get(id_)
        return None if operation is None else operation.report()

    def current(self) -> dict[str, Any] | None:
        """Returns the newest operation."""
        newest = next(reversed(self._operations.values()), None)
        return None if newest is None else newest.report()

    def file(self, token: str, now: datetime) -> bytes | None:
        """Returns the file at a signed address."""
        for one in self._operations.values():
            if one.token == token:
                return one.content(now)
        return None

    def _keep(self, operation: Operation) -> None:
        self._operations[operation.id] = operation
        finished = [id_ for id_, one in self._operations.items() if one.over]
        for id_ in finished[: max(0, len(self._operations) - _MOST_KEPT)]:
            del self._operations[id_]


def _refused(message: str, code: str) -> dict[str, Any]:
    error = {"field": ["query"], "message": message, "code": code}
    return {"bulkOperation": None, "userErrors": [error]}
