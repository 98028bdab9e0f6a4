"""The sandbox's accounts as a file for `tributary connections apply`."""

from __future__ import annotations

from typing import Any

import yaml

from connectors.sandbox.business import Business
from connectors.sandbox.google_ads.access import CLIENT_ID, Credential, credentials


def connections_yaml(business: Business) -> str:
    """Returns organizations, credentials and connections, ready to apply.

    The secrets are literals of the sandbox: they open nothing else.
    """
    people = business.people
    known = credentials(people)
    document: dict[str, Any] = {
        "organizations": [
            {
                "id": one.id,
                "name": one.name,
                "reporting_currency": one.reporting_currency,
                "time_zone": one.time_zone,
                "fiscal_year_start_month": 1,
                "plan": one.plan,
            }
            for one in people.organizations
        ],
        "credentials": [_credential(one) for one in known],
        "connections": [
            {
                "organization": account.organization.id,
                "platform": "google_ads",
                "account": account.id,
                "credential": f"{account.organization.id}_google",
                "start_date": business.parameters.first_day,
                "sync_frequency": "daily",
            }
            for account in people.accounts
        ],
    }
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True)


def _credential(credential: Credential) -> dict[str, Any]:
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
    return {**described, "platform": "google_ads", "secrets": secrets}
