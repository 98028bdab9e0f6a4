"""What the address of an order's last visit says of the ad behind it.

The address itself is not kept: it may hold whatever a mail or a shop puts into links.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

CAMPAIGN_PARAMETERS = ("gad_campaignid", "utm_id", "hsa_cam", "campaignid", "campaign_id")
"""Parameters with the id of a campaign, the surest first.

Google puts the first on every ad's address (https://support.google.com/google-ads/answer/16193746),
the second is Google Analytics' name for it, the others are what advertisers' templates use.
"""

CLICK_PARAMETERS = (
    *("gclid", "gbraid", "wbraid", "dclid", "gad_source", "msclkid", "fbclid", "ttclid"),
    *("li_fat_id", "sccid", "epik", "twclid", "rdt_cid"),
)
"""Parameters that a platform adds to what is clicked, the surest first."""

_ID = re.compile(r"[\w.-]{1,64}", re.ASCII)
_LONGEST = 8_000


def reduce_landing_page(record: dict[str, Any]) -> None:
    """Replaces the landing page of an order's last visit by the ids that it names."""
    journey = record.get("customerJourneySummary")
    visit = journey.get("lastVisit") if isinstance(journey, dict) else None
    if not isinstance(visit, dict) or "landingPage" not in visit:
        return
    named = _parameters(visit.pop("landingPage"))
    visit["landingCampaignId"] = next(
        (named[name] for name in CAMPAIGN_PARAMETERS if _ID.fullmatch(named.get(name, ""))), None
    )
    visit["clickIdType"] = next((name for name in CLICK_PARAMETERS if named.get(name)), None)


def _parameters(address: object) -> Mapping[str, str]:
    if not isinstance(address, str):
        return {}
    asked = address[:_LONGEST].partition("?")[2].partition("#")[0]
    # Of a parameter that stands twice the last counts: links get theirs added at the end.
    return {name.lower(): value.strip() for name, value in parse_qsl(asked)}
