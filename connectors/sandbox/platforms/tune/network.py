"""Who has a network at TUNE, its token and its ids."""

from __future__ import annotations

import hashlib

from connectors.sandbox.business.affiliate_entities import AffiliateNetwork

TOKEN = "sandbox-tune-{}"
"""The token of an organization's network, a literal of the sandbox."""
_FIRST = {"partner": 1_002, "offer": 52, "invoice": 301}


def _id(kind: str, number: int) -> str:
    if kind in _FIRST:
        return str(_FIRST[kind] + 2 * number)
    return hashlib.md5(f"tune {kind} {number}".encode()).hexdigest()


NETWORK = AffiliateNetwork(
    platform="tune",
    organization="kiwi_kitchen",
    account_id=lambda organization: organization.id.replace("_", ""),
    ids=_id,
    click_parameter="transaction_id",
)
