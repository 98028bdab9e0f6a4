"""Bulk API 2.0: Salesforce runs a query by itself, and its rows are fetched as pages of CSV.

A job that fails half way leaves nothing that can be used, so rows are read from complete ones
alone. Each job is deleted when we are done with it, however that came; of a process that was killed
one is left, which Salesforce deletes after seven days. https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch
"""

from __future__ import annotations

import csv
import io
import logging
from collections.abc import Iterator
from typing import Any

from connectors.core.errors import (
    BadRequest,
    ConnectorError,
    NetworkTrouble,
    ReportNotReady,
    ShapeChanged,
)
from connectors.core.http import Client
from connectors.core.paginators import at
from connectors.core.replies import number_in_header
from connectors.core.stream import Page
from connectors.platforms.salesforce.failures import of_job

ROWS = 50_000
"""Rows of a page."""
FIRST_PAUSE, LONGEST_PAUSE, GROWTH = 1.0, 30.0, 1.5
"""Seconds between looks at a job: each look is one of the day's requests."""
MOST_LOOKS = 300
"""About two and a half hours."""
_log = logging.getLogger(__name__)


def bulk(client: Client, path: str, soql: str) -> Iterator[Page]:
    """Yields the rows of a query, deleted ones too, each value as a text or None.

    Args:
        client: the organization.
        path: of the API's version, `/services/data/v…`.
        soql: the query.

    Raises:
        JobFailed: the job failed; less at once may do.
        NotInBulk: the object cannot be read like this.
        ConnectorError: the query was refused, or the pages are not whole.
    """
    asked = {"operation": "queryAll", "query": soql, "contentType": "CSV"}
    marks = {"columnDelimiter": "COMMA", "lineEnding": "LF"}
    started = client.post(f"{path}/jobs/query", json={**asked, **marks}).data
    id_ = at(started, "id")
    if not isinstance(id_, str):
        raise ShapeChanged("a bulk job was started but has no id")
    job = f"{path}/jobs/query/{id_}"
    try:
        yield from _pages(client, job, _finished(client, job))
    finally:
        _leave(client, job)


def _pages(client: Client, job: str, total: int) -> Iterator[Page]:
    count, locator, followed = 0, "", set[str]()
    while locator != "null":
        params = {"maxRecords": str(ROWS), **({"locator": locator} if locator else {})}
        reply = client.get(
            f"{job}/results", params=params, headers={"Accept": "text/csv"}, parse=_rows
        )
        stated = number_in_header(reply, "Sforce-NumberOfRecords")
        if stated not in (None, len(reply.data)):
            raise _not_whole(f"{len(reply.data)} of {stated} rows of a page")
        count += len(reply.data)
        yield Page(reply.data, len(reply.body))
        locator = reply.headers.get("Sforce-Locator") or "null"
        if locator in followed:
            raise ShapeChanged("the pages of a bulk job lead round in circles")
        followed.add(locator)
    if count != total:
        raise _not_whole(f"{count} of {total} rows")


def _leave(client: Client, job: str) -> None:
    """Deletes a job, and stops it first if it is at work. One that stays does no harm."""
    try:
        try:
            client.delete(job)
        except BadRequest:
            client.patch(job, {"state": "Aborted"})
            client.delete(job)
    except ConnectorError as trouble:
        _log.info("salesforce: a bulk job stays for seven days: %s", trouble)


def _finished(client: Client, job: str) -> int:
    """Waits until a job is complete; returns its number of rows."""
    pause = FIRST_PAUSE
    for _ in range(MOST_LOOKS):
        found = client.get(job).data
        state = at(found, "state")
        if state == "JobComplete":
            return int(at(found, "numberRecordsProcessed") or 0)
        if state in ("Failed", "Aborted"):
            raise of_job(str(at(found, "errorMessage") or ""))
        if state not in ("UploadComplete", "InProgress"):
            raise ShapeChanged(f"a bulk job has the unknown state {state}")
        client.wait(pause)
        pause = min(pause * GROWTH, LONGEST_PAUSE)
    raise ReportNotReady("a bulk job does not end")


def _rows(body: bytes) -> list[dict[str, Any]]:
    """Reads a page of CSV. An empty value is none: Salesforce keeps no empty texts."""
    lines = csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), strict=True)
    try:
        names = next(lines, [])
        rows = [
            {name: value or None for name, value in zip(names, line, strict=True)}
            for line in lines
            if line
        ]
    except csv.Error as trouble:
        raise ValueError(f"no CSV: {trouble}") from None
    return rows


def _not_whole(what: str) -> NetworkTrouble:
    return NetworkTrouble(f"the pages of a bulk job are not whole: {what}", restart_chunk=True)
