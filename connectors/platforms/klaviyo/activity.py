"""Profiles and their events: what people are and did, without who they are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from connectors.core.accounts import Account
from connectors.core.http import Client
from connectors.core.json_api import Included, Json, Listing, plain
from connectors.core.paginators import at
from connectors.core.series import day_of
from connectors.core.stream import Page
from connectors.core.window import Window, asked
from connectors.platforms.klaviyo.schema import EVENT_PROPERTIES


def profiles(client: Client, _: Account, window: Window | None) -> Iterator[Page]:
    """Yields the profiles that changed in a window, without what Klaviyo knows of the person."""
    start, end = asked(window).instants("UTC")
    # The bounds are exclusive.
    since = start.replace(microsecond=0) - timedelta(seconds=1)
    params = {
        "filter": f"and(greater-than(updated,{_text(since)}),less-than(updated,{_text(end)}))",
        "additional-fields[profile]": "subscriptions",
        "fields[profile]": "created,email,last_event_date,locale,location.country,phone_number,"
        "subscriptions,updated",
        "page[size]": "100",
        "sort": "updated",
    }
    return Listing("/api/profiles", params)(client)


def events(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
    """Yields the events of the days of a window, in the account's zone."""
    zone = account.time_zone or "UTC"
    start, end = map(_text, asked(window).instants(zone))
    params = {
        "filter": f"and(greater-or-equal(datetime,{start}),less-than(datetime,{end}))",
        "fields[event]": "timestamp,event_properties,datetime,uuid",
        "fields[metric]": "name",
        "include": "metric",
        # Its text says at most 200, its schema 1000.
        "page[size]": "200",
        "sort": "datetime",
    }
    return Listing("/api/events", params, partial(read_event, zone=ZoneInfo(zone)))(client)


def read_event(row: Json, included: Included, zone: ZoneInfo) -> Json:
    """Returns an event with its day and its metric's name; of its properties the known ones."""
    kept = plain(row)
    attributes = dict(kept.get("attributes") or {})
    properties = attributes.get("event_properties")
    if isinstance(properties, dict):
        known = {name: properties[name] for name in EVENT_PROPERTIES if name in properties}
        attributes["event_properties"] = known
    metric = included.get(("metric", str(at(kept, "relationships.metric.id"))), {})
    day = day_of(attributes.get("datetime"), zone)
    named = {"date": day, "metric_name": at(metric, "attributes.name")}
    return {**kept, "attributes": attributes, **named}


def _text(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")
