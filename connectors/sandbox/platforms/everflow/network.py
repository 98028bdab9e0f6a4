"""Who has a network at Everflow, its key and its ids."""

from __future__ import annotations

import hashlib

from connectors.sandbox.business.affiliate_entities import AffiliateNetwork

KEY = "sandbox-everflow-{}"
"""The key of an organization's network, a literal of the sandbox."""
ZONES = {67: "UTC", 80: "America/New_York", 90: "Europe/Berlin"}
"""Numbers of time zones; of 67 and 80 they are Everflow's own."""
_FIRST = {"partner": 11, "offer": 41, "adjustment": 501, "invoice": 9_001}


def _id(kind: str, number: int) -> str:
    if kind in _FIRST:
        return str(_FIRST[kind] + number)
    return hashlib.md5(f"everflow {kind} {number}".encode()).hexdigest()


NETWORK = AffiliateNetwork(
    platform="everflow",
    organization="acme_outdoor",
    account_id=lambda organization: str(7_100 + organization.number),
    ids=_id,
    holds=True,
    click_parameter="_ef_transaction_id",
)
