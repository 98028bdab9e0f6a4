"""Whom the ad sets of an account are aimed at."""

from __future__ import annotations

from typing import Any

from connectors.sandbox.business.entities import AdGroup, Campaign

_INTERESTS = (("6003107902433", "Camping"), ("6003384248805", "Cooking"), ("6003155333705", "Tea"))
_BEHAVIOUR = ("6071631541183", "Engaged shoppers")
_CUSTOMERS = ("23840000000000001", "Buyers of 180 days")


def targeting_of(campaign: Campaign, ad_group: AdGroup) -> dict[str, Any]:
    """Returns an ad set's targeting: of a retargeting campaign former buyers, else interests."""
    place = campaign.ad_groups.index(ad_group)
    aimed: dict[str, Any] = {
        "age_min": 18 + 7 * (place % 2),
        "age_max": 65,
        "geo_locations": {"countries": ["US"]},
    }
    if place % 2:
        aimed["genders"] = [2]
    if "Retargeting" in campaign.name.changes[0][1]:
        aimed["custom_audiences"] = [_named(_CUSTOMERS)]
    else:
        interests = _INTERESTS[campaign.id % len(_INTERESTS)]
        aimed["flexible_spec"] = [
            {"interests": [_named(interests)]},
            {"behaviors": [_named(_BEHAVIOUR)]},
        ]
        aimed["excluded_custom_audiences"] = [_named(_CUSTOMERS)]
    return aimed


def _named(pair: tuple[str, str]) -> dict[str, str]:
    return {"id": pair[0], "name": pair[1]}
