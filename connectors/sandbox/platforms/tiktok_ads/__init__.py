"""TikTok Ads as its clients see it: the API for Business v1.3, read-only, lists and reports."""

from __future__ import annotations

from connectors.sandbox.platforms.tiktok_ads.network import NETWORK
from connectors.sandbox.platforms.tiktok_ads.routes import TikTokAds
from connectors.sandbox.platforms.tiktok_ads.sign_in import connections
from connectors.sandbox.platforms.tiktok_ads.truth import LEVELS
from connectors.sandbox.service import Service

SERVICE = Service(
    name=NETWORK.platform,
    routes=lambda world: TikTokAds(world).routes(),
    connections=connections,
    truth=LEVELS,
    network=NETWORK,
)
