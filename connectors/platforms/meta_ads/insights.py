"""Reports: which way they are fetched, and smaller pieces when they are too much for Meta.

A chunk of one day is read at once: most accounts have a page or two of it, which costs a call or
two where a background report costs three and a wait. Everything longer, and a day that Meta finds
too much, is a background report. What is too much even so is halved: its dates by whoever asked
for the chunk, so that each half is committed once it is there; the campaigns of one day here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from connectors.core.accounts import Account
from connectors.core.columns import Column
from connectors.core.errors import ConnectorError
from connectors.core.extraction import halves
from connectors.core.http import Client
from connectors.core.stream import Page, Pages
from connectors.core.window import Window
from connectors.platforms.meta_ads import graph, schema
from connectors.platforms.meta_ads.jobs import finished_report

READ_AT_ONCE_DAYS = 1

_STATUSES = {
    "campaign": schema.CAMPAIGN_STATUSES,
    "adset": schema.AD_SET_STATUSES,
    "ad": schema.AD_STATUSES,
}
_HOUR = re.compile(r"(\d{2}):00:00 - \1:59:59")


@dataclass(frozen=True, slots=True)
class Report:
    """What to ask for.

    Attributes:
        level: `campaign`, `adset` or `ad`.
        columns: the stream's columns; the fields follow from them.
        breakdowns: sources of those columns that split the numbers further.
        windows: attribution windows by which conversions are counted beside the default.
    """

    level: str
    columns: Sequence[Column]
    breakdowns: tuple[str, ...] = ()
    windows: tuple[str, ...] = ()

    def question(self, piece: _Piece) -> dict[str, object]:
        """Returns the parameters that ask for a piece of the report."""
        unasked = {"date_start", "hour", *self.breakdowns}
        filters: list[dict[str, object]] = [
            {
                "field": f"{self.level}.effective_status",
                "operator": "IN",
                "value": _STATUSES[self.level],
            }
        ]
        if piece.campaigns:
            filters.append({"field": "campaign.id", "operator": "IN", "value": piece.campaigns})
        since, until = piece.window.start.isoformat(), piece.window.last_day.isoformat()
        asked: dict[str, object] = {
            "level": self.level,
            "fields": graph.fields([c for c in self.columns if c.source not in unasked]),
            "time_range": {"since": since, "until": until},
            "time_increment": "1",
            # The attribution of each ad set, as Ads Manager shows it.
            "use_unified_attribution_setting": "true",
            "filtering": filters,
        }
        if self.windows:
            asked["action_attribution_windows"] = self.windows
        return {**asked, "breakdowns": self.breakdowns} if self.breakdowns else asked


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a chunk: some dates, and some campaigns or (none named) all."""

    window: Window
    campaigns: tuple[str, ...] = ()

    @property
    def can_be_cut(self) -> bool:
        """Whether there is a smaller question."""
        return bool(halves(self.window)) or len(self.campaigns) != 1


def pages_of(report: Report) -> Pages:
    """Returns the function that fetches a report's pages."""

    def pages(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
        assert window is not None, "a report has a window"
        for page in _Fetch(client, account, report).pages(_Piece(window)):
            yield _with_hours(page) if schema.HOUR_RANGE in report.breakdowns else page

    return pages


class _Fetch:
    """One chunk of one report of one account."""

    def __init__(self, client: Client, account: Account, report: Report) -> None:
        self._client, self._account, self._report = client, account, report

    def pages(self, piece: _Piece) -> Iterator[Page]:
        """Yields the pages of a whole chunk, in one piece if that works."""
        if len(piece.window.days()) <= READ_AT_ONCE_DAYS:
            place = graph.account_path(self._client, self._account, "insights")
            question = self._question(piece)
            try:
                whole = _begun(graph.walk(self._client, place, question))
            except ConnectorError as trouble:
                if not trouble.less_may_help:
                    raise
                whole = self._made(piece)
            yield from whole
        else:
            yield from self._made(piece)

    def _question(self, piece: _Piece) -> dict[str, object]:
        columns = self._client.asked(self._report.columns)
        return replace(self._report, columns=columns).question(piece)

    def _made(self, piece: _Piece) -> Iterator[Page]:
        """Yields the pages of a report made in the background, or of smaller ones."""
        try:
            question = self._question(piece)
            run_id = finished_report(self._client, self._account, question, piece.can_be_cut)
            place = graph.path(self._client, run_id, "insights")
            # Only its first page can tell that it is too much: after it there is no way back.
            whole = _begun(graph.walk(self._client, place, {}))
        except ConnectorError as trouble:
            smaller = self._halves(piece) if trouble.less_may_help else []
            if not smaller:
                raise
            whole = chain.from_iterable(map(self._made, smaller))
        yield from whole

    def _halves(self, piece: _Piece) -> list[_Piece]:
        """Cuts the campaigns of one day in two; an empty list when it is one, or several days."""
        if halves(piece.window):
            return []
        campaigns = piece.campaigns or self._campaigns()
        if len(campaigns) < 2:
            return []
        middle = len(campaigns) // 2
        return [replace(piece, campaigns=half) for half in (campaigns[:middle], campaigns[middle:])]

    def _campaigns(self) -> tuple[str, ...]:
        place = graph.account_path(self._client, self._account, "campaigns")
        values = {"fields": "id", "effective_status": schema.CAMPAIGN_STATUSES}
        pages = graph.walk(self._client, place, values)
        return tuple(dict.fromkeys(str(record["id"]) for page in pages for record in page.records))


def _begun(pages: Iterator[Page]) -> Iterator[Page]:
    """Fetches the first page now, so that its trouble shows before any row has been handed on."""
    return chain([next(pages)], pages)


def _with_hours(page: Page) -> Page:
    return Page([_with_hour(record) for record in page.records], page.bytes)


def _with_hour(record: Any) -> Any:
    """Adds the hour as a number; what is not read as one stays text and goes to quarantine."""
    if not isinstance(record, dict):
        return record
    text = record.get(schema.HOUR_RANGE)
    if text is None:
        return {**record, schema.HOUR_RANGE: schema.NO_HOUR}
    found = _HOUR.fullmatch(str(text))
    return {**record, "hour": found.group(1) if found else f"not understood: {text}"}
