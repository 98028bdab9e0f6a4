"""The shops as the Shopify Admin API shows them: GraphQL, bulk operations, legacy REST."""

from __future__ import annotations

from connectors.sandbox.service import Service
from connectors.sandbox.shopify.connections import connections
from connectors.sandbox.shopify.routes import Shopify
from connectors.sandbox.shopify.truth import LEVELS

__all__ = ["SERVICE"]

SERVICE = Service(
    name="shopify",
    routes=lambda world: Shopify(world).routes(),
    connections=connections,
    truth=LEVELS,
)
