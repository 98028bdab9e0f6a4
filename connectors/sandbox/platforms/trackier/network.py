"""Who has a network at Trackier, its key and its ids: a short one and a long one for each thing."""

from __future__ import annotations

import hashlib

from connectors.sandbox.business.affiliate_entities import AffiliateNetwork

KEY = "sandbox-trackier-{}"
"""The key of an organization's network, a literal of the sandbox."""
_FIRST = {"partner": 31, "offer": 16}


def long_id(kind: str, number: int | str) -> str:
    """Returns the long id of a thing: 24 hexadecimal digits."""
    return hashlib.md5(f"trackier {kind} {number}".encode()).hexdigest()[:24]


def _id(kind: str, number: int) -> str:
    return str(_FIRST[kind] + number) if kind in _FIRST else long_id(kind, number)


NETWORK = AffiliateNetwork(
    platform="trackier",
    organization="chai_house",
    account_id=lambda organization: f"{organization.id.partition('_')[0]}partners",
    ids=_id,
    adjusts=False,
    invoices=False,
)
