"""The feeds that are measured, each as the least that any program must know to read it.

A `Feed` says how a plain program gets the records: one address, the place of the records in an
answer, the marker of the next page, and the columns. The floor and dlt are given that; ours has its
own connector. All ask for the same fields, so that they read the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

import requests

from connectors import platforms
from connectors.platforms.meta_ads.graph import fields as meta_fields
from connectors.platforms.shopify.queries import ORDERS

NOW = "2026-11-16T06:00:00+00:00"
"""The clock of the sandbox, which days of a feed follow."""

GOOGLE_QUERY = (
    "SELECT customer.id, segments.date, campaign.id, ad_group.id, ad_group_ad.ad.id, "
    "metrics.impressions, metrics.clicks, metrics.cost_micros, metrics.conversions, "
    "metrics.conversions_value, metrics.interactions, metrics.video_trueview_views, "
    "metrics.view_through_conversions FROM ad_group_ad"
)

Column = tuple[str, Sequence[str], str]
"""Name, path in the record, and type: text, whole, double, money, date, instant or json."""


@dataclass(frozen=True, slots=True)
class Feed:
    """How the pages of a feed are asked for.

    Attributes:
        url: the address, below the server's.
        body: JSON to post, or None to get.
        params: of the query.
        records: where an answer holds its records.
        marker: where it holds the marker of the next page.
        marker_param: the query's parameter, or the path in the body, that takes the marker.
        has_more: where an answer says whether there is a next page; empty when the marker does.
    """

    url: str
    headers: Mapping[str, str]
    records: str
    marker: str
    marker_param: str
    columns: Sequence[Column]
    body: Mapping[str, Any] | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    has_more: str = ""

    def record(self) -> dict[str, Any]:
        """The feed as JSON, for the processes that read it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Subject:
    """One stream to be measured.

    Attributes:
        size: arguments of the sandbox.
        days: length of one window.
        feed: makes the feed from the server's address and an entry of the connections file.
        repeatable: whether a window's recorded pages serve for every window.
    """

    platform: str
    stream: str
    size: Mapping[str, int]
    days: int
    feed: Callable[[str, dict[str, Any], dict[str, Any]], Feed]
    repeatable: bool = False


def _google(url: str, connection: dict[str, Any], secrets: dict[str, Any]) -> Feed:
    form = {"grant_type": "refresh_token", **secrets}
    token = requests.post(f"{url}/google_ads/token", data=form, timeout=60).json()["access_token"]
    columns: list[Column] = [
        ("customer_id", ["customer", "id"], "text"),
        ("date", ["segments", "date"], "date"),
        ("campaign_id", ["campaign", "id"], "text"),
        ("ad_group_id", ["adGroup", "id"], "text"),
        ("ad_id", ["adGroupAd", "ad", "id"], "text"),
        ("impressions", ["metrics", "impressions"], "whole"),
        ("clicks", ["metrics", "clicks"], "whole"),
        ("cost_micros", ["metrics", "costMicros"], "whole"),
        ("conversions", ["metrics", "conversions"], "double"),
        ("conversions_value", ["metrics", "conversionsValue"], "double"),
        ("interactions", ["metrics", "interactions"], "whole"),
        ("video_trueview_views", ["metrics", "videoTrueviewViews"], "whole"),
        ("view_through_conversions", ["metrics", "viewThroughConversions"], "whole"),
    ]
    return Feed(
        url=f"{url}/google_ads/v26/customers/{connection['account']}/googleAds:search",
        headers={"Authorization": f"Bearer {token}"},
        records="results",
        marker="nextPageToken",
        marker_param="pageToken",
        columns=columns,
        body={"query": GOOGLE_QUERY},
    )


def _meta(url: str, connection: dict[str, Any], secrets: dict[str, Any]) -> Feed:
    columns = platforms.get("meta_ads").stream(META.stream).columns
    headers = {"Authorization": f"Bearer {secrets['access_token']}"}
    last = datetime.fromisoformat(NOW).date() - timedelta(days=1)
    first = last - timedelta(days=META.days - 1)
    asked = {
        "level": "ad",
        "time_increment": "1",
        "time_range": f'{{"since":"{first}","until":"{last}"}}',
        "fields": meta_fields([one for one in columns if one.source != "date_start"]),
    }
    # So many rows come only as a report, which floor and dlt find made.
    place = f"{url}/meta_ads/v26.0"
    started = requests.post(
        f"{place}/act_{connection['account']}/insights", data=asked, headers=headers, timeout=60
    )
    report = started.json()["report_run_id"]
    percent = 0
    while percent < 100:
        run = requests.get(f"{place}/{report}", headers=headers, timeout=60)
        percent = run.json()["async_percent_completion"]
    page = requests.get(f"{place}/{report}/insights", headers=headers, timeout=60).json()["data"]
    lists = {name for row in page for name, value in row.items() if isinstance(value, list)}
    return Feed(
        url=f"{place}/{report}/insights",
        headers=headers,
        records="data",
        marker="paging.cursors.after",
        marker_param="after",
        has_more="paging.next",
        columns=[
            (one.name, [one.source], "json" if one.source in lists else _KINDS[str(one.type)])
            for one in columns
        ],
        params={"limit": "500"},
    )


_KINDS = {
    "string": "text",
    "int64": "whole",
    "double": "double",
    "date32[day]": "date",
    "decimal128(24, 6)": "money",
}


def _shopify(url: str, connection: dict[str, Any], secrets: dict[str, Any]) -> Feed:
    address = f"{url}/shopify/{connection['account']}/admin/api/2026-10/graphql.json"
    headers = {"X-Shopify-Access-Token": secrets["access_token"]}
    sizes = {"first": 40, "children": 10, "shipping": 2}
    # The query that our connector pages orders with, and reads in bulk.
    body = {"query": ORDERS, "variables": {**sizes, "after": None, "q": ""}}
    answer = requests.post(address, json=body, headers=headers, timeout=60).json()
    return Feed(
        url=address,
        headers=headers,
        records="data.orders.nodes",
        marker="data.orders.pageInfo.endCursor",
        marker_param="variables.after",
        has_more="data.orders.pageInfo.hasNextPage",
        columns=_columns_of(answer["data"]["orders"]["nodes"]),
        body=body,
    )


def _columns_of(nodes: Sequence[dict[str, Any]]) -> list[Column]:
    """The columns of some orders: amounts and instants as such, what is nested as a text."""
    columns: list[Column] = []
    for name in nodes[0]:
        values = [node[name] for node in nodes]
        known = [value for value in values if value is not None]
        if known and not isinstance(known[0], dict | list):
            columns.append((name, [name], "instant" if name.endswith("At") else "text"))
        elif len(known) == len(values) and "shopMoney" in known[0]:
            columns.append((name, [name, "shopMoney", "amount"], "money"))
        else:
            columns.append((name, [name], "json"))
    return columns


GOOGLE = Subject(
    "google_ads",
    "ad_stats",
    {"campaigns": 50, "ad-groups": 10, "ads": 8, "days": 90},
    90,
    _google,
    repeatable=True,
)
META = Subject(
    "meta_ads", "ad_insights", {"campaigns": 50, "ad-groups": 10, "ads": 8, "days": 30}, 30, _meta
)
# A plain list of orders ends after 25,000.
SHOPIFY = Subject(
    "shopify", "orders", {"campaigns": 20, "ad-groups": 5, "ads": 9, "days": 30}, 30, _shopify
)
SUBJECTS = (GOOGLE, META, SHOPIFY)
