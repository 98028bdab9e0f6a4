"""Labels of campaigns, ad groups and ads: a row for each pair.

https://developers.google.com/google-ads/api/docs/reporting/labels
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connectors.core.accounts import Account
from connectors.core.http import Client
from connectors.core.stream import Page
from connectors.core.window import Window
from connectors.platforms.google_ads import schema
from connectors.platforms.google_ads.gaql import query
from connectors.platforms.google_ads.hooks import search

_LABELLED = {
    "campaign_label": ("ad_group.", "ad_group_ad."),
    "ad_group_label": ("ad_group_ad.",),
    "ad_group_ad_label": (),
}
"""What has labels, and the fields that its rows lack."""


def labels(client: Client, account: Account, _: Window | None) -> Iterator[Page]:
    """Yields the labels of campaigns, then those of ad groups, then those of ads."""
    for resource, lacking in _LABELLED.items():
        columns = [
            column
            for column in client.asked(schema.LABELS)
            if not (column.field or "").startswith(lacking)
        ]
        for page in search(client, account, query(resource, columns, None)):
            yield Page([_explicit(record) for record in page.records], page.bytes)


def _explicit(record: Any) -> Any:
    """Says of a label that is on no ad group or no ad that there is none: it is part of the key."""
    if not isinstance(record, dict):
        return record
    return {"adGroup": {"id": ""}, "adGroupAd": {"ad": {"id": ""}}, **record}
