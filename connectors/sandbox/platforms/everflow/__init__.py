"""Everflow as its clients see it: one network with its partners, conversions, clicks and sums."""

from __future__ import annotations

from connectors.sandbox.business import Business
from connectors.sandbox.business.affiliates import affiliate_books
from connectors.sandbox.platforms.everflow.network import KEY, NETWORK
from connectors.sandbox.platforms.everflow.routes import Endpoints
from connectors.sandbox.platforms.everflow.truth import LEVELS
from connectors.sandbox.service import ConnectionsPart, Service, one_each


def _connections(business: Business) -> ConnectionsPart:
    held = [
        (one.account.organization.id, one.account_id) for one in affiliate_books(business, NETWORK)
    ]
    secrets = {"api_key": KEY.format(NETWORK.organization)}
    return one_each(business, NETWORK.platform, NETWORK.platform, lambda _: secrets, held)


SERVICE = Service(
    name=NETWORK.platform,
    routes=lambda world: Endpoints(world).routes(),
    connections=_connections,
    truth=LEVELS,
    affiliates=NETWORK,
)
