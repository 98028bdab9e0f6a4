"""Columns of an order's visits: the customer's first one, and the last one before the order.

Shopify looks back 30 days from an order of the web site. Of who came once both are the same.
What `connectors.core.landings` keeps of an address stands where the address stood.
Fields: https://shopify.dev/docs/api/admin-graphql/2026-10/objects/CustomerVisit
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pyarrow as pa

from connectors.core.columns import Column, attribute
from connectors.core.landings import host_of, landing_of


def _visit(which: str, prefix: str) -> Iterator[Column]:
    """Yields what is kept of a visit.

    Args:
        which: `first` or `last`.
        prefix: What the names of its parameters begin with.
    """
    path = f"customerJourneySummary.{which}Visit"

    def landing(name: str, part: str, description: str) -> Column:
        column = attribute(f"{prefix}{name}", f"{path}.{part}", description)
        return replace(column, field=f"{path}.landingPage")

    yield attribute(
        f"{which}_visit_at",
        f"{path}.occurredAt",
        f"When the {which} visit before the order was.",
        pa.timestamp("us", "UTC"),
    )
    yield attribute(
        f"{which}_visit_source",
        f"{path}.source",
        f"Where the {which} visit before the order came from.",
    )
    for part in ("source", "medium", "campaign", "term", "content"):
        name = f"utm_{part}"
        source = f"{path}.utmParameters.{part}"
        yield attribute(f"{prefix}{name}", source, f"{name} of the {which} visit.")
    yield landing(
        "landing_campaign_id",
        "landingCampaignId",
        f"Id of a campaign in the address of the {which} visit: gad_campaignid, utm_id and others.",
    )
    yield landing(
        "click_id_type",
        "clickIdType",
        "Parameter that a platform adds to clicked links, in that address: gclid, fbclid, ...",
    )
    token = "Token of the value of that parameter, if it names one click."
    yield replace(landing("click_id", "clickId", token), pii="id")
    if which == "last":
        yield landing(
            "landing_path",
            "landingPath",
            "Path of that address, if everybody may see it: products, collections, pages, blogs.",
        )
        host = attribute(
            "referrer_host", f"{path}.referrerHost", "Host that the last visit came from."
        )
        yield replace(host, field=f"{path}.referrerUrl")


VISITS = (*_visit("first", "first_"), *_visit("last", ""))


def reduce_addresses(record: dict[str, Any]) -> None:
    """Replaces the addresses of an order's first and last visit by what is kept of them."""
    journey = record.get("customerJourneySummary")
    if not isinstance(journey, dict):
        return
    first, last = journey.get("firstVisit"), journey.get("lastVisit")
    if isinstance(first, dict):
        _reduce(first)
        first.pop("landingPath", None)
    if isinstance(last, dict):
        _reduce(last)


def _reduce(visit: dict[str, Any]) -> None:
    if "referrerUrl" in visit:
        visit["referrerHost"] = host_of(visit.pop("referrerUrl"))
    if "landingPage" in visit:
        landing = landing_of(visit.pop("landingPage"))
        visit["landingCampaignId"] = landing.landing_campaign_id
        visit["clickIdType"] = landing.click_id_type
        visit["clickId"] = landing.click_id
        visit["landingPath"] = landing.landing_path
