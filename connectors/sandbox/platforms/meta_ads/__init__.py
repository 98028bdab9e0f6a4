"""Meta Ads as its clients see it: the Graph API v23 to v26, read-only, nodes and insights."""

from __future__ import annotations

from connectors.sandbox.platforms.meta_ads.access import connections
from connectors.sandbox.platforms.meta_ads.network import NETWORK
from connectors.sandbox.platforms.meta_ads.routes import MetaAds
from connectors.sandbox.platforms.meta_ads.truth import LEVELS
from connectors.sandbox.service import Service

__all__ = ["SERVICE"]

SERVICE = Service(
    name="meta_ads",
    routes=lambda world: MetaAds(world).routes(),
    connections=connections,
    truth=LEVELS,
    network=NETWORK,
)
