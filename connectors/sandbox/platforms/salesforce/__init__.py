"""Salesforce as its clients see it: queries, descriptions of objects, bulk jobs, tokens."""

from __future__ import annotations

from connectors.sandbox.platforms.salesforce.routes import Endpoints
from connectors.sandbox.platforms.salesforce.sign_in import connections
from connectors.sandbox.platforms.salesforce.system import PLATFORM, SYSTEM
from connectors.sandbox.platforms.salesforce.truth import LEVELS
from connectors.sandbox.service import Service

SERVICE = Service(
    name=PLATFORM,
    routes=lambda world: Endpoints(world).routes(),
    connections=connections,
    truth=LEVELS,
    crm=SYSTEM,
)
