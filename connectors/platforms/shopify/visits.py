"""Columns of an order's visits: the customer's first one, and the last one before the order.

Shopify looks back 30 days from an order of the web site. Of who came once both are the same.
What `landing_pages` keeps of an address stands where the address stood.
Fields: https://shopify.dev/docs/api/admin-graphql/2026-10/objects/CustomerVisit
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pyarrow as pa

from connectors.core.columns import Column, attribute


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
