"""What HubSpot must come to: it shows sales as they are."""

from __future__ import annotations

from connectors.sandbox.platforms.hubspot.system import SYSTEM
from connectors.sandbox.truth.crm import levels_of
from connectors.sandbox.truth.question import Answer

LEVELS: dict[str, Answer] = levels_of(SYSTEM)
