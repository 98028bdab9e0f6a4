"""Mailchimp as its clients see it: audiences, campaigns, reports, members and what they do."""

from __future__ import annotations

from connectors.sandbox.business import Business
from connectors.sandbox.platforms.mailchimp.routes import Endpoints
from connectors.sandbox.platforms.mailchimp.site import KEY, PLATFORM, SYSTEM
from connectors.sandbox.platforms.mailchimp.truth import LEVELS
from connectors.sandbox.service import ConnectionsPart, Service, one_each


def _connections(business: Business) -> ConnectionsPart:
    held = [(one.book.shop.organization.id, one.account_id) for one in business.mail(SYSTEM)]
    return one_each(business, PLATFORM, PLATFORM, lambda one: {"api_key": KEY.format(one)}, held)


SERVICE = Service(
    name=PLATFORM,
    routes=lambda world: Endpoints(world).routes(),
    connections=_connections,
    truth=LEVELS,
    mail=SYSTEM,
)
