"""The shops as credentials and connections for `tributary connections apply`."""

from __future__ import annotations

from typing import Any

from connectors.sandbox.business import Business
from connectors.sandbox.platforms.shopify.access import (
    CLIENT_ID,
    client_secret,
    new_refresh_token,
    static_token,
    way_of,
)
from connectors.sandbox.service import ConnectionsPart

PLATFORM = "shopify"


def connections(business: Business) -> ConnectionsPart:
    """Returns one credential and one connection for each organization's shop."""
    organizations = business.people.organizations
    return ConnectionsPart(
        credentials=[
            {
                "id": f"{one.id}_shopify",
                "organization": one.id,
                "platform": PLATFORM,
                "secrets": _secrets(one.number, one.id.replace("_", "-")),
            }
            for one in organizations
        ],
        connections=[
            {
                "organization": one.id,
                "platform": PLATFORM,
                "account": one.id.replace("_", "-"),
                "credential": f"{one.id}_shopify",
                "start_date": business.parameters.first_day,
                "sync_frequency": "daily",
            }
            for one in organizations
        ],
    )


def _secrets(number: int, shop: str) -> dict[str, Any]:
    way = way_of(number)
    if way == "static":
        return {"access_token": static_token(shop)}
    app = {"client_id": CLIENT_ID, "client_secret": client_secret(shop)}
    if way == "client_credentials":
        return app
    # A refresh token is spent by its first use, so every file carries a grant of its own.
    return {**app, "refresh_token": new_refresh_token(shop)}
