"""HubSpot as its clients see it: records, searches, links, pipelines, owners, forms, mails."""

from __future__ import annotations

from connectors.sandbox.platforms.hubspot.routes import Endpoints
from connectors.sandbox.platforms.hubspot.sign_in import connections
from connectors.sandbox.platforms.hubspot.system import PLATFORM, SYSTEM
from connectors.sandbox.platforms.hubspot.truth import LEVELS
from connectors.sandbox.service import Service

SERVICE = Service(
    name=PLATFORM,
    routes=lambda world: Endpoints(world).routes(),
    connections=connections,
    truth=LEVELS,
    crm=SYSTEM,
)
