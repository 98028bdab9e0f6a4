"""Reading the ECB's file of euro reference rates: one CSV in a zip, newest day first."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date
from typing import Any

from connectors.core.accounts import Account
from connectors.core.bodies import EndsEarly
from connectors.core.errors import ConnectorError, ShapeChanged
from connectors.core.http import Client
from connectors.core.replies import Reply
from connectors.core.stream import Page
from connectors.core.window import Window

PATH = "/stats/eurofxref/eurofxref-hist.zip"
ACCOUNT = Account(id="ecb", name="European Central Bank", currency="EUR", time_zone="Europe/Berlin")
LARGEST_CSV = 64 * 2**20
"""Bytes, unpacked. Twenty-eight years take 2 MB; more than this is no honest file."""
RECORDS_PER_PAGE = 10_000
_ZIP = b"PK\x03\x04"
_NO_RATE = frozenset({"", "N/A"})


def pages(client: Client, _account: Account, window: Window | None) -> Iterator[Page]:
    """Yields the rates of a window, oldest day first.

    Raises:
        ShapeChanged: the file is not the CSV that it has always been.
    """
    reply = client.get(PATH, parse=unpacked)
    size = len(reply.body)
    batch: list[dict[str, Any]] = []
    for record in records(reply.data, window):
        batch.append(record)
        if len(batch) == RECORDS_PER_PAGE:
            yield Page(batch, size)
            batch, size = [], 0
    yield Page(batch, size)


def records(text: str, window: Window | None = None) -> Iterator[dict[str, str]]:
    """Yields date, currency and rate of each rate in the CSV, oldest day first.

    Days outside the window are left out; so are currencies that have no rate on a day (`N/A`).
    A rate that cannot be read is passed on as it stands, to be rejected with its reason.

    Raises:
        ShapeChanged: the first line is not `Date` and currency codes, or a day cannot be read.
    """
    lines = csv.reader(io.StringIO(text))
    header = [name.strip() for name in next(lines, [])]
    if len(header) < 2 or header[0] != "Date":
        begins = ",".join(header)[:80]
        raise ShapeChanged(f"the file begins with {begins!r}, not with Date and codes")
    days: dict[date, list[str]] = {}
    for line in lines:
        if line and line[0].strip():
            day = _day(line[0].strip())
            if window is None or day in window:
                days[day] = line
    for day in sorted(days):
        for currency, rate in zip(header[1:], days[day][1:], strict=False):
            if currency and rate.strip() not in _NO_RATE:
                yield {"date": day.isoformat(), "currency": currency, "rate": rate.strip()}


def unpacked(body: bytes) -> str:
    """Returns the CSV inside the zip, never unpacking more than `LARGEST_CSV` bytes.

    Raises:
        EndsEarly: the zip is cut short (worth another try).
        ValueError: it is damaged, or no zip.
        ShapeChanged: it does not hold exactly one CSV of an honest size.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            names = [name for name in archive.namelist() if name.lower().endswith(".csv")]
            if len(names) != 1:
                raise ShapeChanged(f"the zip holds {len(names)} CSV files, not one")
            with archive.open(names[0]) as member:
                # Read by count: the size in the zip's directory is only a claim.
                content = member.read(LARGEST_CSV + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as trouble:
        # What opens like a zip and has no directory, which stands at its end, was cut.
        cut = body.startswith(_ZIP) and not zipfile.is_zipfile(io.BytesIO(body))
        kind = EndsEarly if cut else ValueError
        raise kind(f"the zip cannot be unpacked ({type(trouble).__name__})") from trouble
    if len(content) > LARGEST_CSV:
        raise ShapeChanged(f"the CSV is larger than {LARGEST_CSV} bytes")
    return content.decode("utf-8-sig", "replace")


def discover(_client: Client) -> Iterator[Account]:
    """Yields the one account there is."""
    yield ACCOUNT


def describe_account(_client: Client, _account: Account) -> Account:
    """Returns the one account there is."""
    return ACCOUNT


def read_error(_reply: Reply) -> ConnectorError | None:
    """The file server has no error bodies of its own: the HTTP status says it all."""
    return None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as trouble:
        raise ShapeChanged(f"the file holds a day that cannot be read: {text[:40]!r}") from trouble
