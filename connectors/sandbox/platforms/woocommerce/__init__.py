"""WooCommerce as its clients see it: one site with orders, refunds, customers and products."""

from __future__ import annotations

from connectors.sandbox.business import Business
from connectors.sandbox.platforms.woocommerce.routes import Endpoints
from connectors.sandbox.platforms.woocommerce.site import PAIR, PLATFORM, outlets
from connectors.sandbox.platforms.woocommerce.truth import LEVELS
from connectors.sandbox.service import ConnectionsPart, Service, one_each


def _connections(business: Business) -> ConnectionsPart:
    held = [(one.shop.organization.id, one.shop.id) for one in outlets(business)]
    pair = dict(zip(("consumer_key", "consumer_secret"), PAIR, strict=True))
    return one_each(business, PLATFORM, PLATFORM, lambda _: pair, held)


SERVICE = Service(
    name=PLATFORM,
    routes=lambda world: Endpoints(world).routes(),
    connections=_connections,
    truth=LEVELS,
)
