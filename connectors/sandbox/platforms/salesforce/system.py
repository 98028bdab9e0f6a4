"""Salesforce's side of the business: who sells with it, its ids and its words."""

from __future__ import annotations

from connectors.sandbox.business.crm_deals import PIPELINES
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

PLATFORM = "salesforce"
_PREFIXES = {
    "person": "00Q", "contact": "003", "company": "001", "deal": "006", "owner": "005",
    "pipeline": "012", "campaign": "701", "member": "00v", "role": "00K", "history": "008",
    "field_history": "017", "organization": "00D", "job": "750", "stage_row": "01J",
}  # fmt: skip
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_STAGES = {stage.number: stage.name for pipeline in PIPELINES for stage in pipeline.stages}
SOURCES = {
    FORM_AD: ("Advertisement", None, None),
    AD_VISIT: ("Web", None, None),
    SEARCH: ("Web", "google", "organic"),
    REFERRAL: ("Partner Referral", "the-gift-list.example", "referral"),
    DIRECT: ("Web", "direct", None),
    OFFLINE: ("Trade Show", None, None),
    SHOP: ("Customer", None, None),
    IMPORT: ("Purchased List", None, None),
}
"""LeadSource, utm_source and utm_medium of where somebody came from; ads have their own."""
NETWORKS = {"google_ads": "google", "meta_ads": "facebook", "linkedin_ads": "linkedin",
            "tiktok_ads": "tiktok"}  # fmt: skip


def made_id(kind: str, number: int) -> str:
    """Returns the id of a thing; a stage is its name, of which there can be one alone."""
    if kind == "stage":
        # Another pipeline has an offer of its own.
        return "Renewal offer" if number == 8 else _STAGES[number]
    short = f"{_PREFIXES[kind]}RO{number:010d}"
    parts = (short[place : place + 5] for place in (0, 5, 10))
    return short + "".join(_LETTERS[_capitals(part)] for part in parts)


def _capitals(part: str) -> int:
    return sum(1 << place for place, letter in enumerate(part) if letter.isupper())


SYSTEM = CrmSystem(
    platform=PLATFORM,
    organizations=("kiwi_kitchen",),
    account_id=lambda organization: made_id("organization", 71 + organization.number),
    ids=made_id,
)
