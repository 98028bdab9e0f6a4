"""Klaviyo's reports, which book by the day of sending, and aggregates by the day of the event.

The two never agree, and are streams of their own. Campaigns have no report by day: one call shows
all that were sent in a span, and the list of campaigns says when each of them was.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from connectors.core import window as windows
from connectors.core.accounts import Account
from connectors.core.columns import Column
from connectors.core.errors import ShapeChanged
from connectors.core.http import Client
from connectors.core.json_api import Json, answers
from connectors.core.paginators import NextUrl, TokenOrUrl, at
from connectors.core.replies import Reply
from connectors.core.series import day_of, unpivoted
from connectors.core.shapes import objects_at
from connectors.core.stream import Page
from connectors.core.undated import dated
from connectors.core.window import Window
from connectors.platforms.klaviyo import listings, measured, schema


def results(reply: Reply) -> list[Json]:
    """Returns the rows of a report."""
    return objects_at(reply, "data.attributes.results")


def campaign_values(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
    """Yields what the campaigns that were sent in a window have brought until now."""
    days = {
        str(one["id"]): day_of(at(one, "attributes.send_time"), _zone(account))
        for page in listings.campaigns(client)
        for one in page.records
    }

    def ask(span: Window) -> Iterator[Page]:
        for reply in _report(client, account, span, "campaign-values", schema.CAMPAIGN_VALUES):
            yield Page(results(reply), len(reply.body))

    def key_of(row: Json) -> str:
        return str(at(row, "groupings.campaign_id"))

    # A campaign that is deleted is in no list.
    return dated(ask, key_of, days.get, windows.asked(window))


def flow_series(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
    """Yields what the messages that flows sent on the days of a window have brought until now."""
    asked, more = windows.asked(window), {"interval": "daily"}
    for reply in _report(client, account, asked, "flow-series", schema.FLOW_SERIES, **more):
        times = "data.attributes.date_times"
        yield unpivoted(reply, results(reply), "statistics", times, _zone(account), asked)


def _zone(account: Account) -> ZoneInfo:
    return ZoneInfo(account.time_zone or "UTC")


def _report(
    client: Client,
    account: Account,
    window: Window,
    name: str,
    columns: tuple[Column, ...],
    **more: str,
) -> Iterator[Reply]:
    """Yields the pages of a report of what was sent, for each message."""
    conversion, metrics = measured.of_reports(client, account)
    if not metrics:
        # There was never an event, so nothing was sent.
        return
    asked = [one for one in client.asked(columns) if one.role == "metric"]
    if conversion is None:
        asked = [one for one in asked if one.name not in schema.CONVERSION_STATISTICS]
    kind = name.partition("-")[0]
    question = {
        "statistics": [one.asked_as for one in asked],
        # Klaviyo reads both in the account's own zone, whatever offset they have. With a last
        # second it makes no difference whether the end is included.
        "timeframe": {
            "start": f"{window.start}T00:00:00+00:00",
            "end": f"{window.last_day}T23:59:59+00:00",
        },
        "conversion_metric_id": (conversion or metrics[0]).id,
        "group_by": [f"{kind}_id", f"{kind}_message_id", "send_channel"],
        **more,
    }
    path, following = f"/api/{name}-reports", NextUrl("links.next")
    yield from answers(client, path, (f"{name}-report", question), results, following)


def metric_aggregates(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
    """Yields what happened on the days of a window, by metric and message."""
    asked = windows.asked(window)
    for metric, by in measured.aggregated(client, account):
        question = {
            "metric_id": metric.id,
            "measurements": ["count", "sum_value", "unique"],
            "interval": "day",
            "page_size": 500,
            "by": list(by),
            # Whether the bounds are read in this zone or in UTC is not written down: with a day
            # on either side the days of the window are whole in any case.
            "filter": [
                f"greater-or-equal(datetime,{asked.start - timedelta(days=1)}T00:00:00)",
                f"less-than(datetime,{asked.end + timedelta(days=1)}T00:00:00)",
            ],
            "timezone": account.time_zone or "UTC",
        }
        posted, path = ("metric-aggregate", question), "/api/metric-aggregates"
        # Where the next page stands is not written down.
        cursor = TokenOrUrl("links.next", "page_cursor", "page[cursor]")
        for reply in answers(client, path, posted, _groups, cursor):
            rows = [_named(one, metric, by) for one in _groups(reply)]
            times = "data.attributes.dates"
            yield unpivoted(reply, rows, "measurements", times, _zone(account), asked)


def _groups(reply: Reply) -> list[Json]:
    return objects_at(reply, "data.attributes.data")


def _named(group: Json, metric: measured.Metric, by: tuple[str, ...]) -> Json:
    """Returns a group by the names of its dimensions; events without one have an empty text.

    Raises:
        ShapeChanged: it has others than were asked for.
    """
    beside = dict(group)
    dimensions = beside.pop("dimensions", None)
    if not isinstance(dimensions, list) or len(dimensions) != len(by):
        raise ShapeChanged(f"a group does not fit the dimensions {by}: {group}")
    message, detail = ([str(one or "") for one in dimensions] + [""])[:2]
    named = {"metric_id": metric.id, "metric_name": metric.name}
    return {**named, **beside, "message_id": message, "detail": detail}
