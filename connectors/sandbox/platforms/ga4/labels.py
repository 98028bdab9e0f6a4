"""Google's own label of a visit: its default channel group.

Of linked Google Ads the network of the campaign decides; of all else source, medium and campaign.
https://support.google.com/analytics/answer/9756891
"""

from __future__ import annotations

import re
from functools import lru_cache

from connectors.sandbox.business.web_origins import Origin

_BY_NETWORK = {
    "SEARCH": "Paid Search",
    "SHOPPING": "Paid Shopping",
    "DISPLAY": "Display",
    "VIDEO": "Paid Video",
    "PERFORMANCE_MAX": "Cross-network",
    "DEMAND_GEN": "Cross-network",
}
_SEARCH = {"google", "bing", "duckduckgo"}
_SOCIAL = {"facebook", "l.facebook.com", "instagram", "l.instagram.com", "tiktok", "linkedin"}
_VIDEO = {"youtube.com", "youtube"}
_PAID = re.compile(r".*cp.*|ppc|retargeting|paid.*", re.IGNORECASE)
_SIMPLE = {
    "referral": "Referral", "app": "Referral", "link": "Referral", "email": "Email",
    "affiliate": "Affiliates", "audio": "Audio", "sms": "SMS", "ai-assistant": "AI Assistant",
    "organic": "Organic Search", "social": "Organic Social",
}  # fmt: skip


@lru_cache(maxsize=10_000)
def label(origin: Origin) -> str:
    """Returns the default channel group of a visit."""
    if origin.channel:
        return _BY_NETWORK.get(origin.channel, "Unassigned")
    source, medium = origin.source.lower(), origin.medium.lower()
    paid = _PAID.fullmatch(medium) is not None
    if source == "(direct)" and medium in ("(none)", "(not set)"):
        return "Direct"
    for kind, sources in (("Search", _SEARCH), ("Social", _SOCIAL), ("Video", _VIDEO)):
        if paid and source in sources:
            return f"Paid {kind}"
    if paid:
        return "Paid Other"
    for kind, sources in (("Social", _SOCIAL), ("Video", _VIDEO), ("Search", _SEARCH)):
        if source in sources:
            return f"Organic {kind}"
    return _SIMPLE.get(medium, "Unassigned")
