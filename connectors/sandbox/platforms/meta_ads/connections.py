"""Meta's part of the file for `tributary connections apply`."""

from __future__ import annotations

from typing import Any

from connectors.sandbox.business import Business
from connectors.sandbox.platforms.meta_ads.access import Credential, credentials
from connectors.sandbox.platforms.meta_ads.network import PLATFORM
from connectors.sandbox.service import ConnectionsPart, connection


def connections(business: Business) -> ConnectionsPart:
    """Returns a credential and a connection for each organization, and the agency's credential."""
    people = business.people
    return ConnectionsPart(
        credentials=[_described(one) for one in credentials(people)],
        connections=[
            connection(business, account, f"{account.organization.id}_meta")
            for account in people.accounts_on(PLATFORM)
        ],
    )


def _described(credential: Credential) -> dict[str, Any]:
    described: dict[str, Any] = {"id": credential.id}
    if credential.organization is not None:
        described["organization"] = credential.organization
    secrets = {"access_token": credential.access_token}
    return {**described, "platform": PLATFORM, "secrets": secrets}
