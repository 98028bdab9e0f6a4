"""HubSpot's side of the business: who sells with it, its ids and its words."""

from __future__ import annotations

import uuid

from connectors.sandbox.business.crm_entities import (
    AD_VISIT,
    DIRECT,
    FORM_AD,
    IMPORT,
    OFFLINE,
    REFERRAL,
    SEARCH,
    SHOP,
    CrmSystem,
)

PLATFORM = "hubspot"
_FIRST = {"person": 101_001, "company": 5_000_526_215, "deal": 9_000_100_001, "owner": 52_550_153}
_STAGES = {1: "appointmentscheduled", 2: "qualifiedtobuy", 3: "presentationscheduled",
           4: "contractsent", 5: "closedwon", 6: "closedlost"}  # fmt: skip
"""The ids of the first pipeline, which every account has; stages that are added have numbers."""
FORMS = {
    FORM_AD: (1, "Ad form"),
    SEARCH: (2, "Ask for an offer"),
    AD_VISIT: (2, "Ask for an offer"),
}
"""Which form somebody sent in, by where they came from; others sent in none."""
SOURCES = {
    SEARCH: ("ORGANIC_SEARCH", "Unknown keywords (SSL)", "GOOGLE"),
    REFERRAL: ("REFERRALS", "the-gift-list.example", "/offices"),
    DIRECT: ("DIRECT_TRAFFIC", "www.chai-house.example/offices", None),
    OFFLINE: ("OFFLINE", "CRM_UI", "userId:61"),
    SHOP: ("OFFLINE", "INTEGRATION", "52447"),
    IMPORT: ("OFFLINE", "IMPORT", "list.csv"),
}
"""What it says of where somebody came from: the source, and two details of it."""
NETWORKS = {"google_ads": "google", "meta_ads": "facebook", "linkedin_ads": "linkedin"}


def made_id(kind: str, number: int) -> str:
    """Returns the id of a thing."""
    if kind == "form":
        return str(uuid.UUID(int=0xB6336282_50EC_465E_894E_E368146FA200 + number))
    if kind == "pipeline":
        return "default" if number == 1 else str(75_012_000 + number)
    if kind == "stage":
        return _STAGES.get(number) or str(171_650_400 + number)
    return str(_FIRST[kind] + number)


SYSTEM = CrmSystem(
    platform=PLATFORM,
    organizations=("chai_house",),
    account_id=lambda organization: str(48_120_001 + organization.number),
    ids=made_id,
    gives_new_ids=True,
)
