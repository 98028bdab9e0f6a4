"""Where people were: numbers by country and region, and the names of those places.

`geographic_view` has a row for each country and kind of location. Split by region it leaves out
what it places in no region, so the countries are asked for too, in the same chunk: what the
regions of a country lack is then known, and no spend is lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from connectors.core import clock
from connectors.core.accounts import Account
from connectors.core.http import Client
from connectors.core.stream import Page
from connectors.core.window import Window
from connectors.platforms.google_ads import reports, schema
from connectors.platforms.google_ads.gaql import query
from connectors.platforms.google_ads.hooks import search

_VIEW = "geographic_view"
_TARGETS_AT_ONCE = 1_000
"""Google takes some 20,000 values in a list; a query of this length stays readable in its log."""


def geo_stats(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
    """Yields the rows of whole countries, without a region, then those of their regions."""
    for page in search(
        client, account, query(_VIEW, client.asked(reports.GEO_COUNTRY_STATS), window)
    ):
        yield Page([_explicit(record) for record in page.records], page.bytes)
    for page in search(client, account, query(_VIEW, client.asked(reports.GEO_STATS), window)):
        # A row that names no region would pass for the whole country's, which is there already.
        named = [_explicit(record) for record in page.records if _region(record)]
        yield Page(named, page.bytes)


def geo_targets(client: Client, account: Account, _: Window | None) -> Iterator[Page]:
    """Yields the places that the account's numbers name, out of more than 200,000 that exist."""
    used = sorted(_targets_in_use(client, account))
    for start in range(0, len(used), _TARGETS_AT_ONCE):
        listed = ", ".join(str(target) for target in used[start : start + _TARGETS_AT_ONCE])
        condition = f"geo_target_constant.id IN ({listed})"
        text = query("geo_target_constant", client.asked(schema.GEO_TARGETS), None, condition)
        yield from search(client, account, text)


def _targets_in_use(client: Client, account: Account) -> set[int]:
    today = clock.today(account.time_zone or "UTC")
    first = today - timedelta(days=reports.RETENTION_DAYS)
    dates = f"WHERE segments.date BETWEEN '{first}' AND '{today}'"
    found: set[int] = set()
    for field in ("geographic_view.country_criterion_id", "segments.geo_target_region"):
        # Without the date in SELECT it is one row a place, however long the range.
        for page in search(
            client, account, f"SELECT {field}, metrics.impressions FROM {_VIEW} {dates}"
        ):
            for record in page.records:
                found.update(filter(None, (_country(record), _region(record))))
    return found


def _explicit(record: Any) -> Any:
    """Writes out what Google leaves unset of a row's key: JSON has no empty text and no zero."""
    if not isinstance(record, dict):
        return record
    view, segments = _part(record, "geographicView"), _part(record, "segments")
    return {
        **record,
        "geographicView": {"countryCriterionId": "", "locationType": "UNSPECIFIED", **view},
        "segments": {"geoTargetRegion": "", **segments},
    }


def _country(record: dict[str, Any]) -> int | None:
    return _number(_part(record, "geographicView").get("countryCriterionId"))


def _region(record: dict[str, Any]) -> int | None:
    """Reads `geoTargetConstants/21137`."""
    name = _part(record, "segments").get("geoTargetRegion")
    return _number(name.rpartition("/")[2]) if isinstance(name, str) else None


def _part(record: Any, key: str) -> dict[str, Any]:
    part = record.get(key) if isinstance(record, dict) else None
    return part if isinstance(part, dict) else {}


def _number(value: object) -> int | None:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() else None
