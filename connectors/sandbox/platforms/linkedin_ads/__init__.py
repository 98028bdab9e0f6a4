"""LinkedIn Ads as its clients see it: the versioned REST API, read-only, lists and analytics."""

from __future__ import annotations

from connectors.sandbox.platforms.linkedin_ads.network import NETWORK
from connectors.sandbox.platforms.linkedin_ads.routes import LinkedInAds
from connectors.sandbox.platforms.linkedin_ads.sign_in import connections
from connectors.sandbox.platforms.linkedin_ads.truth import LEVELS
from connectors.sandbox.service import Service

SERVICE = Service(
    name=NETWORK.platform,
    routes=lambda world: LinkedInAds(world).routes(),
    connections=connections,
    truth=LEVELS,
    network=NETWORK,
)
