"""Single clicks, each with the id that Google adds to the address of the page: the gclid.

Google gives clicks of one day a query.
https://developers.google.com/google-ads/api/fields/v26/click_view
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connectors.core.accounts import Account
from connectors.core.http import Client
from connectors.core.stream import Page
from connectors.core.window import Window
from connectors.platforms.google_ads import reports
from connectors.platforms.google_ads.gaql import DATE_FIELD, query
from connectors.platforms.google_ads.hooks import search


def clicks(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
    """Yields the clicks of a window, day by day.

    Clicks of campaigns for the installation of an app have no gclid: as nothing can be joined to
    them, they are left out. The reports count them.
    """
    asked = client.asked(reports.CLICKS)
    for day in window.days() if window is not None else ():
        text = query("click_view", asked, None, f"{DATE_FIELD} = '{day.isoformat()}'")
        for page in search(client, account, text):
            kept = [_without_name(record) for record in page.records if _is_kept(record)]
            yield Page(kept, page.bytes)


def _is_kept(record: Any) -> bool:
    click = record.get("clickView") if isinstance(record, dict) else None
    # What has another shape goes on to quarantine.
    return not isinstance(click, dict) or click.get("gclid") not in (None, "")


def _without_name(record: Any) -> Any:
    """Returns a record without the name of its click, which repeats the gclid."""
    click = record.get("clickView") if isinstance(record, dict) else None
    if not isinstance(click, dict):
        return record
    named = {key: value for key, value in click.items() if key != "resourceName"}
    return {**record, "clickView": named}
