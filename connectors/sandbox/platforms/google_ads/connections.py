"""Google Ads' part of the file for `tributary connections apply`."""

from __future__ import annotations

from typing import Any

from connectors.sandbox.business import Business
from connectors.sandbox.platforms.google_ads.access import CLIENT_ID, Credential, credentials
from connectors.sandbox.platforms.google_ads.network import NETWORK
from connectors.sandbox.service import ConnectionsPart, connection


def connections(business: Business) -> ConnectionsPart:
    """Returns a credential for each organization and the agency's, and a connection an account."""
    return ConnectionsPart(
        credentials=[_described(one) for one in credentials(business.people)],
        connections=[
            connection(business, account, f"{account.organization.id}_google")
            for account in business.people.accounts_on(NETWORK.platform)
        ],
    )


def _described(credential: Credential) -> dict[str, Any]:
    secrets = {
        "client_id": CLIENT_ID,
        "client_secret": credential.client_secret,
        "refresh_token": credential.refresh_token,
    }
    if credential.login_customer_id is not None:
        secrets["login_customer_id"] = credential.login_customer_id
    described: dict[str, Any] = {"id": credential.id}
    if credential.organization is not None:
        described["organization"] = credential.organization
    return {**described, "platform": NETWORK.platform, "secrets": secrets}
