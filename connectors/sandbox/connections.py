"""The sandbox's accounts as a file for `tributary connections apply`."""

from __future__ import annotations

from typing import Any

import yaml

from connectors.sandbox.business import Business
from connectors.sandbox.service import services


def connections_yaml(business: Business) -> str:
    """Returns organizations, credentials and connections, ready to apply.

    The secrets are literals of the sandbox: they open nothing else.
    """
    parts = [one.connections(business) for one in services()]
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
            for one in business.people.organizations
        ],
        "credentials": [credential for part in parts for credential in part.credentials],
        "connections": [connection for part in parts for connection in part.connections],
    }
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
