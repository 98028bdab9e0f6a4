"""Numbers by search term or placement, and those of the ad groups that they are parts of.

Google withholds terms that few people searched for, and merges places that showed few ads. So the
ad groups that can have parts are asked for too, in the same chunk: what they have beyond their
parts is then known, and no spend is lost.
https://developers.google.com/google-ads/api/fields/v26/search_term_view
https://developers.google.com/google-ads/api/fields/v26/group_placement_view
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from connectors.core.accounts import Account
from connectors.core.columns import Column
from connectors.core.http import Client
from connectors.core.stream import Page, Pages
from connectors.core.window import Window
from connectors.platforms.google_ads import reports
from connectors.platforms.google_ads.gaql import query
from connectors.platforms.google_ads.hooks import search

_CHANNEL = "campaign.advertising_channel_type IN ({})"
_SEARCHED = _CHANNEL.format("'SEARCH', 'SHOPPING'")
"""Performance Max has terms of campaigns only (`campaign_search_term_view`), other types none."""
_PLACED = _CHANNEL.format("'DISPLAY', 'VIDEO', 'DEMAND_GEN'")
"""Of Performance Max Google says where it showed, without clicks and cost; it is left out."""


def _with_wholes(
    view: str, columns: Sequence[Column], name: tuple[str, str], condition: str
) -> Pages:
    """Returns what yields whole ad groups, with an empty part, then the rows of their parts.

    Args:
        view: the resource of the parts.
        columns: the stream's.
        name: where a record has the name of its part.
        condition: which ad groups can have parts.
    """

    def pages(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
        wholes = query("ad_group", client.asked(reports.WHOLE_AD_GROUP_STATS), window, condition)
        for page in search(client, account, wholes):
            yield Page([_of_whole(record) for record in page.records], page.bytes)
        parts = query(view, client.asked(columns), window)
        yield from search(client, account, parts)

    def _of_whole(record: Any) -> Any:
        return {**record, name[0]: {name[1]: ""}} if isinstance(record, dict) else record

    return pages


search_term_stats = _with_wholes(
    "search_term_view", reports.SEARCH_TERM_STATS, ("searchTermView", "searchTerm"), _SEARCHED
)
placement_stats = _with_wholes(
    "group_placement_view",
    reports.PLACEMENT_STATS,
    ("groupPlacementView", "placement"),
    _PLACED,
)
