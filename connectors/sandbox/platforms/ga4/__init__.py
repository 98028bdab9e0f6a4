"""Google Analytics 4 as its clients see it: reports of the Data API, settings of the Admin API."""

from __future__ import annotations

from connectors.sandbox.business import Business
from connectors.sandbox.platforms.ga4.access import secrets
from connectors.sandbox.platforms.ga4.routes import Endpoints
from connectors.sandbox.platforms.ga4.site import PLATFORM, properties
from connectors.sandbox.platforms.ga4.truth import LEVELS
from connectors.sandbox.service import ConnectionsPart, Service, one_each


def _connections(business: Business) -> ConnectionsPart:
    held = [(one.site.organization.id, one.id) for one in properties(business)]
    return one_each(business, PLATFORM, PLATFORM, secrets, held)


SERVICE = Service(
    name=PLATFORM,
    routes=lambda world: Endpoints(world).routes(),
    connections=_connections,
    truth=LEVELS,
)
