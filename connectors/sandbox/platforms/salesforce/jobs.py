"""Bulk jobs: made by a query, run by themselves, and fetched as pages of CSV."""

from __future__ import annotations

import base64
import csv
import io
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from connectors.sandbox.platforms.salesforce.lists import Row
from connectors.sandbox.platforms.salesforce.sign_in import refusal
from connectors.sandbox.platforms.salesforce.soql import Query
from connectors.sandbox.platforms.salesforce.system import made_id

_MOST_KEPT = 100
_MOST_ROWS = 50_000
_AT_WORK = ("UploadComplete", "InProgress")
_FAILED = "InternalServerError: Retried more than 15 times"


@dataclass
class Job:
    """A job: its query, the rows that it found, and how often somebody looked."""

    id: str
    query: Query
    operation: str
    rows: Sequence[Row]
    fails: bool
    created: str
    looks: int = 0
    is_aborted: bool = False

    @property
    def state(self) -> str:
        """Its state; it is seen at work once, however fast it was."""
        if self.is_aborted:
            return "Aborted"
        if self.looks < 2:
            return _AT_WORK[self.looks]
        return "Failed" if self.fails else "JobComplete"

    def report(self) -> dict[str, Any]:
        """Returns its state to a client that looks."""
        state = self.state
        self.looks += 1
        body: dict[str, Any] = {
            "id": self.id,
            "operation": self.operation,
            "object": self.query.object,
            "createdDate": self.created,
            "state": state,
            "concurrencyMode": "Parallel",
            "contentType": "CSV",
            "apiVersion": 67.0,
            "jobType": "V2Query",
            "lineEnding": "LF",
            "columnDelimiter": "COMMA",
        }
        if state != "UploadComplete":
            # What failed had got half way.
            body["numberRecordsProcessed"] = len(self.rows) // (2 if state == "Failed" else 1)
        if state == "Failed":
            body["errorMessage"] = _FAILED
        return body

    def page(self, locator: str, most: int) -> tuple[bytes, str, int]:
        """Returns a page as CSV, the locator of the next, and how many rows it has.

        Raises:
            Refusal: the job is not complete, or has no such page.
        """
        if self.state != "JobComplete":
            raise refusal(400, "INVALIDJOBSTATE", "The job is not complete")
        try:
            start = int(base64.b64decode(f"{locator}==")) if locator else 0
        except ValueError:
            raise refusal(400, "INVALIDREQUEST", "The locator is invalid") from None
        end = start + min(most, _MOST_ROWS)
        following = base64.b64encode(str(end).encode()).decode().rstrip("=")
        rows = self.rows[start:end]
        return self._csv(rows), following if end < len(self.rows) else "null", len(rows)

    def _csv(self, rows: Sequence[Row]) -> bytes:
        text = io.StringIO()
        lines = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
        lines.writerow(self.query.fields)
        lines.writerows([_text(row[name]) for name in self.query.fields] for row in rows)
        return text.getvalue().encode()


class Jobs:
    """The jobs of an organization, the last of which are kept."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._count = 0

    def start(
        self,
        query: Query,
        operation: str,
        rows: Sequence[Row],
        created: str,
        fails: bool,
    ) -> Job:
        """Starts a job."""
        self._count += 1
        id_ = made_id("job", self._count)
        job = self._jobs[id_] = Job(id_, query, operation, rows, fails, created)
        if len(self._jobs) > _MOST_KEPT:
            self._jobs.popitem(last=False)
        return job

    def find(self, id_: str) -> Job:
        """Returns a job.

        Raises:
            Refusal: there is none of that id.
        """
        if id_ not in self._jobs:
            raise refusal(404, "NOT_FOUND", "The requested resource does not exist")
        return self._jobs[id_]

    def abort(self, id_: str) -> Job:
        """Stops a job that is at work.

        Raises:
            Refusal: there is none of that id, or it is not at work.
        """
        job = self.find(id_)
        if job.state not in _AT_WORK:
            raise refusal(400, "INVALIDJOBSTATE", f"Aborting a job that is {job.state}")
        job.is_aborted = True
        return job

    def delete(self, id_: str) -> None:
        """Deletes a job with its results.

        Raises:
            Refusal: there is none of that id, or it is at work.
        """
        if self.find(id_).state == "InProgress":
            raise refusal(400, "INVALIDJOBSTATE", "Deleting a job that is InProgress")
        del self._jobs[id_]

    def all(self) -> list[Job]:
        """Returns the jobs that are kept."""
        return list(self._jobs.values())


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    return text.replace(".000+0000", ".000Z") if text.endswith(".000+0000") else text
