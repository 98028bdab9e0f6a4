"""The shops as the Shopify Admin API shows them: GraphQL, bulk operations, legacy REST."""

from __future__ import annotations

from connectors.sandbox.platforms.shopify.access import connections
from connectors.sandbox.platforms.shopify.routes import Shopify
from connectors.sandbox.platforms.shopify.truth import LEVELS
from connectors.sandbox.service import Service

__all__ = ["SERVICE"]

SERVICE = Service(
    name="shopify",
    routes=lambda world: Shopify(world).routes(),
    connections=connections,
    truth=LEVELS,
)
