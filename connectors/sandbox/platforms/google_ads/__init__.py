"""Google Ads as its REST clients see it: v23 to v26, read-only, reports and entities."""

from __future__ import annotations

from connectors.sandbox.platforms.google_ads.access import connections
from connectors.sandbox.platforms.google_ads.network import NETWORK
from connectors.sandbox.platforms.google_ads.routes import GoogleAds
from connectors.sandbox.platforms.google_ads.truth import LEVELS
from connectors.sandbox.service import Service

__all__ = ["SERVICE"]

SERVICE = Service(
    name="google_ads",
    routes=lambda world: GoogleAds(world).routes(),
    connections=connections,
    truth=LEVELS,
    network=NETWORK,
)
