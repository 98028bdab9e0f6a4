"""Where ads lead: an address of the shop, and what its UTM parameters say."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from connectors.sandbox.business.entities import Ad, Campaign

Utm = tuple[str | None, ...]
PARTS = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")


@dataclass(frozen=True, slots=True)
class Landing:
    """Where an ad leads: an address; its campaign; `unit` is its place in its account."""

    url: str
    utm: Utm
    campaign_id: int
    unit: int


def landing_of(site: str, campaign: Campaign, ad: Ad | None, unit: int) -> Landing:
    """Returns where an ad, or a campaign without ads, leads.

    What has no address of its own leads to a page of the shop, without UTM parameters: the
    platform's own tags alone say where the visit came from.
    """
    if ad is not None and ad.final_urls:
        url = ad.final_urls[0]
    else:
        subject = campaign.name.changes[0][1].rpartition("|")[2]
        url = f"{site}/collections/{'-'.join(subject.lower().split())}"
    asked = dict(parse_qsl(urlsplit(url).query))
    return Landing(url, tuple(asked.get(part) for part in PARTS), campaign.id, unit)
