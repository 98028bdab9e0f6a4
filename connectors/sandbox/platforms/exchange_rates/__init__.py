"""The ECB's reference rates at the ECB's address; no credential and no account."""

from __future__ import annotations

from connectors.sandbox.platforms.exchange_rates.routes import ExchangeRates
from connectors.sandbox.platforms.exchange_rates.truth import rates
from connectors.sandbox.service import Service

__all__ = ["SERVICE"]

SERVICE = Service(
    name="exchange_rates",
    routes=lambda world: ExchangeRates(world).routes(),
    truth={"rates": rates},
)
