"""Klaviyo's reports, which book by the day of sending, and aggregates by the day of the event.

The two never agree, and are streams of their own. Campaigns have no report by day: one call shows
all that were sent in a span, and the list of campaigns says when each of them was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from connectors.core.accounts import Account
from connectors.core.columns import Column
from connectors.core.errors import ShapeChanged
from connectors.core.http import Client
from connectors.core.json_api import Json
from connectors.core.paginators import Next, NextUrl, TokenInBody, at, walk
from connectors.core.replies import Reply
from connectors.core.series import days_of, fit, happened
from connectors.core.stream import Page
from connectors.core.window import Window
from connectors.platforms.klaviyo import listings, measured, schema
from connectors.platforms.klaviyo.activity import asked_window, local_day

_JSON_API = {"Content-Type": "application/vnd.api+json"}


@dataclass(frozen=True, slots=True)
class Report:
    """A report of what was sent, for each message.

    Attributes:
        type: its type, which its address is made of.
        kind: what messages are of: `campaign` or `flow`.
        columns: the stream's columns, whose metrics are its statistics.
    """

    type: str
    kind: str
    columns: tuple[Column, ...]

    def answered(
        self, client: Client, account: Account, window: Window, **more: str
    ) -> Iterator[Reply]:
        """Yields the pages of the answer."""
        conversion, any_metric = measured.of_reports(client, account)
        asked = [one for one in client.asked(self.columns) if one.role == "metric"]
        if conversion is None:
            asked = [one for one in asked if one.name not in schema.CONVERSION_STATISTICS]
        attributes = {
            "statistics": [one.asked_as for one in asked],
            # Klaviyo reads both in the account's own zone, whatever offset they have. With a last
            # second it makes no difference whether the end is included.
            "timeframe": {
                "start": f"{window.start}T00:00:00+00:00",
                "end": f"{window.last_day}T23:59:59+00:00",
            },
            "conversion_metric_id": (conversion or any_metric).id,
            "group_by": [f"{self.kind}_id", f"{self.kind}_message_id", "send_channel"],
            **more,
        }
        body = {"data": {"type": self.type, "attributes": attributes}}

        def ask(more: Next) -> Reply:
            # The next address holds the cursor alone: the question is asked again.
            return client.post(more.url or f"/api/{self.type}s", json=body, headers=_JSON_API)

        for _, reply in walk(ask, results, NextUrl("links.next")):
            yield reply


_CAMPAIGNS = Report("campaign-values-report", "campaign", schema.CAMPAIGN_VALUES)
_FLOWS = Report("flow-series-report", "flow", schema.FLOW_SERIES)


def results(reply: Reply) -> list[Json]:
    """Returns the rows of a report."""
    return _objects(reply, "data.attributes.results")


def campaign_values(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
    """Yields what the campaigns that were sent in a window have brought until now.

    A campaign that the list no longer has is found by asking for less: its day is the one whose
    report has it.
    """
    zone = ZoneInfo(account.time_zone or "UTC")
    days = {
        str(one["id"]): local_day(at(one, "attributes.send_time"), zone) or ""
        for page in listings.campaigns(client)
        for one in page.records
    }
    yield from _dated(client, account, asked_window(window), days, None)


def _dated(
    client: Client,
    account: Account,
    window: Window,
    days: Mapping[str, str],
    wanted: Set[str] | None,
) -> Iterator[Page]:
    """Yields the rows of a window with their days; of `wanted` campaigns alone, if it is given."""
    asked = set(map(str, window.days()))
    lost: set[str] = set()
    for reply in _CAMPAIGNS.answered(client, account, window):
        rows = []
        for row in results(reply):
            campaign = str(at(row, "groupings.campaign_id"))
            day = str(window.start) if len(asked) == 1 else days.get(campaign)
            if wanted is not None and campaign not in wanted:
                continue
            if day in asked:
                rows.append({**row, "date": day})
            else:
                lost.add(campaign)
        yield Page(rows, len(reply.body))
    if lost:
        for half in window.split((len(asked) + 1) // 2):
            yield from _dated(client, account, half, {}, lost)


def flow_series(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
    """Yields what the messages that flows sent on the days of a window have brought until now."""
    asked = asked_window(window)
    for reply in _FLOWS.answered(client, account, asked, interval="daily"):
        days = _days(reply, "date_times", account)
        rows = []
        for row in results(reply):
            series = row.get("statistics")
            if not fit(series, days):
                raise ShapeChanged(f"a series does not fit the dates of its report: {row}")
            rows += [{**row, "statistics": one, "date": day} for day, one in happened(series, days)]
        yield _within(asked, rows, reply)


def metric_aggregates(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
    """Yields what happened on the days of a window, by metric and message."""
    asked = asked_window(window)
    for one in measured.aggregated(client, account):
        question = {
            "metric_id": one.metric.id,
            "measurements": ["count", "sum_value", "unique"],
            "interval": "day",
            "page_size": 500,
            "by": [one.message, *([one.detail] if one.detail else [])],
            # Whether the bounds are read in this zone or in UTC is not written down: with a day
            # on either side the days of the window are whole in any case.
            "filter": [
                f"greater-or-equal(datetime,{asked.start - timedelta(days=1)}T00:00:00)",
                f"less-than(datetime,{asked.end + timedelta(days=1)}T00:00:00)",
            ],
            "timezone": account.time_zone or "UTC",
        }
        for reply in _aggregate(client, question):
            days = _days(reply, "dates", account)
            rows = [row for group in _groups(reply) for row in _unpivoted(group, days, one)]
            yield _within(asked, rows, reply)


def _aggregate(client: Client, question: Json) -> Iterator[Reply]:
    def ask(more: Next) -> Reply:
        cursor = more.params.get("page_cursor")
        # Where the cursor is delivered is not written down: by itself, or in an address.
        query = parse_qs(urlsplit(cursor or "").query)
        bare = query.get("page_cursor") or query.get("page[cursor]") or [cursor or ""]
        paged = {**question, "page_cursor": bare[0]} if cursor else question
        body = {"data": {"type": "metric-aggregate", "attributes": paged}}
        return client.post("/api/metric-aggregates", json=body, headers=_JSON_API)

    for _, reply in walk(ask, _groups, TokenInBody("links.next", "page_cursor")):
        yield reply


def _groups(reply: Reply) -> list[Json]:
    return _objects(reply, "data.attributes.data")


def _unpivoted(group: Json, days: list[str], asked: measured.Aggregated) -> Iterator[Json]:
    """Yields the days of a group on which something happened."""
    beside = dict(group)
    measurements, dimensions = beside.pop("measurements", None), beside.pop("dimensions", None)
    if not fit(measurements, days):
        raise ShapeChanged(f"the measurements of {asked.metric.name} do not fit their dates")
    if not isinstance(dimensions, list) or len(dimensions) != 1 + bool(asked.detail):
        raise ShapeChanged(f"a group of {asked.metric.name} has other dimensions: {dimensions}")
    # Events without the property are a group of their own.
    message, detail = ([str(one or "") for one in dimensions] + [""])[:2]
    named = {"metric_id": asked.metric.id, "metric_name": asked.metric.name}
    for day, values in happened(measurements, days):
        yield {
            **beside,
            **named,
            "date": day,
            "message_id": message,
            "detail": detail,
            "measurements": values,
        }


def _within(window: Window, rows: list[Json], reply: Reply) -> Page:
    """Returns a page of the rows whose days were asked for."""
    days = set(map(str, window.days()))
    return Page([row for row in rows if row["date"] in days], len(reply.body))


def _days(reply: Reply, name: str, account: Account) -> list[str]:
    times = at(reply.data, f"data.attributes.{name}")
    return days_of(times or (), ZoneInfo(account.time_zone or "UTC"))


def _objects(reply: Reply, path: str) -> list[Json]:
    found = at(reply.data, path)
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise ShapeChanged(f"the answer holds no list {path}: {reply.excerpt}")
    return found
