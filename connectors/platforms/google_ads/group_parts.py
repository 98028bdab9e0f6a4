"""Numbers by search term or placement, and those of the wholes that they are parts of.

Google withholds terms that few people searched for, and merges places that showed few ads. So the
ad groups that can have parts are asked for too, in the same chunk: what they have beyond their
parts is then known, and no spend is lost. Performance Max has no ad groups: its campaigns are the
wholes, in rows without an ad group. Of its placements Google gives impressions alone.
https://developers.google.com/google-ads/api/fields/v26/search_term_view
https://developers.google.com/google-ads/api/fields/v26/campaign_search_term_view
https://developers.google.com/google-ads/api/fields/v26/group_placement_view
https://developers.google.com/google-ads/api/fields/v26/performance_max_placement_view
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.core.accounts import Account
from connectors.core.columns import Column
from connectors.core.http import Client
from connectors.core.stream import Page
from connectors.core.window import Window
from connectors.platforms.google_ads import reports
from connectors.platforms.google_ads.gaql import json_path, query
from connectors.platforms.google_ads.hooks import search

_CHANNEL = "campaign.advertising_channel_type IN ({})"
_PERFORMANCE_MAX = _CHANNEL.format("'PERFORMANCE_MAX'")


@dataclass(frozen=True, slots=True)
class PartsOf:
    """The pages of a stream of parts: of ad groups, then of Performance Max.

    Attributes:
        columns: The stream's.
        view: The resource of the parts of ad groups.
        part: Its field with the name of a part.
        condition: Which ad groups can have parts.
        campaign_columns: What is asked of the parts of Performance Max campaigns.
        campaign_view: Their resource; its fields are named like those of `view`.
    """

    columns: Sequence[Column]
    view: str
    part: str
    condition: str
    campaign_columns: Sequence[Column]
    campaign_view: str

    def __call__(self, client: Client, account: Account, window: Window | None) -> Iterator[Page]:
        """Yields wholes, each with an empty part, and the rows of their parts."""
        view, campaign_view = json_path(self.view), json_path(self.campaign_view)
        nothing = {view: {json_path(self.part): ""}}
        asked = client.asked(reports.WHOLE_AD_GROUP_STATS)
        for page in search(client, account, query("ad_group", asked, window, self.condition)):
            yield _changed(page, nothing)
        yield from search(client, account, query(self.view, client.asked(self.columns), window))
        nothing |= _NO_AD_GROUP
        asked = client.asked(reports.WHOLE_CAMPAIGN_STATS)
        for page in search(client, account, query("campaign", asked, window, _PERFORMANCE_MAX)):
            yield _changed(page, nothing)
        asked = client.asked(self.campaign_columns)
        parts = query(self.campaign_view, asked, window, _PERFORMANCE_MAX)
        for page in search(client, account, parts):
            yield _changed(page, _NO_AD_GROUP, {campaign_view: view})


_NO_AD_GROUP = {"adGroup": {"id": ""}}


def _changed(page: Page, more: Mapping[str, Any], names: Mapping[str, str] | None = None) -> Page:
    """Returns a page whose records have more fields, and some under other names."""
    changed = names or {}
    records = [
        {**{changed.get(name, name): value for name, value in record.items()}, **more}
        if isinstance(record, dict)
        else record
        for record in page.records
    ]
    return Page(records, page.bytes)


search_term_stats = PartsOf(
    reports.SEARCH_TERM_STATS,
    "search_term_view",
    "search_term",
    _CHANNEL.format("'SEARCH', 'SHOPPING'"),
    reports.CAMPAIGN_TERM_STATS,
    "campaign_search_term_view",
)
placement_stats = PartsOf(
    reports.PLACEMENT_STATS,
    "group_placement_view",
    "placement",
    _CHANNEL.format("'DISPLAY', 'VIDEO', 'DEMAND_GEN'"),
    reports.CAMPAIGN_PLACEMENT_STATS,
    "performance_max_placement_view",
)
