"""What people searched for: numbers by search term, and those of the ad groups they belong to.

Google withholds terms that few people searched for. So the ad groups that can have terms are asked
for too, in the same chunk: what they have beyond their terms is then known, and no spend is lost.
https://developers.google.com/google-ads/api/fields/v26/search_term_view
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connectors.core.accounts import Account
from connectors.core.http import Client
from connectors.core.stream import Page
from connectors.core.window import Window
from connectors.platforms.google_ads import reports
from connectors.platforms.google_ads.gaql import query
from connectors.platforms.google_ads.hooks import search

_SEARCHED = "campaign.advertising_channel_type IN ('SEARCH', 'SHOPPING')"
"""Performance Max has terms of campaigns only (`campaign_search_term_view`), other types none."""


def search_term_stats(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
    """Yields the rows of whole ad groups, with an empty term, then those of their terms."""
    wholes = query("ad_group", client.asked(reports.SEARCHED_AD_GROUP_STATS), window, _SEARCHED)
    for page in search(client, account, wholes):
        yield Page([_of_all_terms(record) for record in page.records], page.bytes)
    terms = query("search_term_view", client.asked(reports.SEARCH_TERM_STATS), window)
    yield from search(client, account, terms)


def _of_all_terms(record: Any) -> Any:
    return {**record, "searchTermView": {"searchTerm": ""}} if isinstance(record, dict) else record
