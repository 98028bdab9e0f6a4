"""The sandbox's accounts as a file for `tributary connections apply`."""

from __future__ import annotations

from typing import Any

import yaml

from connectors.sandbox.business import Business
from connectors.sandbox.service import services
from connectors.sandbox.tracking import sources


def connections_yaml(business: Business, *, landed: bool = False) -> str:
    """Returns organizations, credentials and connections, ready to apply.

    Args:
        business: Whose.
        landed: Whether sources of events are among them, whose files `sources.collect` writes.

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
        "connections": [
            *(connection for part in parts for connection in part.connections),
            *(sources.connections(business) if landed else ()),
        ],
    }
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
