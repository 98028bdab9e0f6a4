"""Trackier as its clients see it: campaigns, conversions, clicks and sums of one network."""

from __future__ import annotations

from connectors.sandbox.business import Business
from connectors.sandbox.business.affiliates import affiliate_books
from connectors.sandbox.platforms.trackier.network import KEY, NETWORK
from connectors.sandbox.platforms.trackier.routes import Endpoints
from connectors.sandbox.platforms.trackier.truth import LEVELS
from connectors.sandbox.service import ConnectionsPart, Service, one_each


def _connections(business: Business) -> ConnectionsPart:
    accounts = [one.account for one in affiliate_books(business, NETWORK)]
    secrets = {
        one.organization.id: {
            "api_key": KEY.format(one.organization.id),
            "network_id": one.id,
            "time_zone": one.time_zone,
            "currency": one.currency,
        }
        for one in accounts
    }
    held = [(one.organization.id, one.id) for one in accounts]
    return one_each(business, NETWORK.platform, NETWORK.platform, secrets.__getitem__, held)


SERVICE = Service(
    name=NETWORK.platform,
    routes=lambda world: Endpoints(world).routes(),
    connections=_connections,
    truth=LEVELS,
    affiliates=NETWORK,
)
