"""Klaviyo as its clients see it: campaigns, flows, profiles, events, reports and aggregates."""

from __future__ import annotations

from connectors.sandbox.platforms.klaviyo.routes import Endpoints
from connectors.sandbox.platforms.klaviyo.sign_in import connections
from connectors.sandbox.platforms.klaviyo.system import PLATFORM, SYSTEM
from connectors.sandbox.platforms.klaviyo.truth import LEVELS
from connectors.sandbox.service import Service

SERVICE = Service(
    name=PLATFORM,
    routes=lambda world: Endpoints(world).routes(),
    connections=connections,
    truth=LEVELS,
    mail=SYSTEM,
)
