"""Who may read which shop: static tokens, client credentials, rotating refresh tokens."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from connectors.sandbox.business import Business
from connectors.sandbox.business.entities import Organization
from connectors.sandbox.platforms.shopify.errors import BAD_TOKEN, refusal
from connectors.sandbox.service import ConnectionsPart, one_each
from connectors.sandbox.wire.faults import FaultPlan
from connectors.sandbox.wire.pages import Signed
from connectors.sandbox.wire.sign_in import oauth_refusal
from connectors.sandbox.wire.tokens import Tokens

PLATFORM = "shopify"
SCOPES = frozenset(
    {"read_orders", "read_all_orders", "read_customers", "read_products", "read_inventory"}
)
CLIENT_ID = "sandbox-client"
LIVES = timedelta(seconds=86_399)
ROTATING_LIVES = timedelta(hours=1)
REFRESH_LIVES = timedelta(days=90)
_REFRESH, _GRANTS = "shprt_sandbox_", Signed("refresh tokens")
_MOST_GRANTS = 5_000


def shop_id(organization: Organization) -> str:
    """Returns the name of an organization's shop."""
    return organization.id.replace("_", "-")


def static_token(shop_id: str) -> str:
    """Returns the static token of a shop, a literal of the sandbox."""
    return f"shpat_sandbox_{shop_id}"


def limited_token(shop_id: str) -> str:
    """Returns a static token without `read_all_orders`: orders over 60 days old do not appear."""
    return f"shpat_sandbox_recent_{shop_id}"


def products_token(shop_id: str) -> str:
    """Returns a static token that may read products only."""
    return f"shpat_sandbox_products_{shop_id}"


def client_secret(shop_id: str) -> str:
    """Returns the client secret of a shop's app, a literal of the sandbox."""
    return f"shpss_sandbox_{shop_id}"


def new_refresh_token(shop_id: str) -> str:
    """Returns the first refresh token of a new grant; every grant has a chain of its own."""
    return _refresh_token(shop_id, secrets.token_hex(6), 0)


def _refresh_token(shop_id: str, grant: str, generation: int) -> str:
    # Signed, so that a process knows the grants that one before it made.
    return _REFRESH + _GRANTS.write(shop_id, [grant, generation])


def connections(business: Business) -> ConnectionsPart:
    """Returns one credential and one connection for each organization's shop.

    The shops take turns in how their credential is made.
    """
    held = [(one.id, shop_id(one)) for one in business.people.organizations]
    numbers = {one.id: one.number for one in business.people.organizations}
    shops = dict(held)

    def opening(organization: str) -> dict[str, str]:
        shop, way = shops[organization], numbers[organization] % 3
        if way == 0:
            return {"access_token": static_token(shop)}
        app = {"client_id": CLIENT_ID, "client_secret": client_secret(shop)}
        # A refresh token is spent by its first use, so every file carries a grant of its own.
        return app if way == 1 else {**app, "refresh_token": new_refresh_token(shop)}

    return one_each(business, PLATFORM, PLATFORM, opening, held)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token opens: one shop, as far as its scopes go."""

    shop: str
    scopes: frozenset[str]


class Access:
    """Hands out access tokens and knows what a token may read."""

    def __init__(self, business: Business) -> None:
        self._shops = {shop_id(one) for one in business.people.organizations}
        self.tokens: Tokens[Grant] = Tokens("shpat_")
        self._generations: OrderedDict[str, int] = OrderedDict()
        for shop in sorted(self._shops):
            self.tokens.keep(static_token(shop), Grant(shop, SCOPES))
            self.tokens.keep(limited_token(shop), Grant(shop, SCOPES - {"read_all_orders"}))
            self.tokens.keep(products_token(shop), Grant(shop, frozenset({"read_products"})))

    def knows(self, shop: str) -> bool:
        """Says whether there is such a shop."""
        return shop in self._shops

    def scopes(
        self, shop: str, token: str | None, now: datetime, plan: FaultPlan
    ) -> frozenset[str]:
        """Returns what a token may read in a shop.

        Raises:
            Refusal: 401, the token is unknown, another shop's, or over.
        """
        known = self.tokens.find(token)
        if known is None or known.holder.shop != shop or known.is_over(now, plan):
            raise refusal(401, BAD_TOKEN)
        known.served += 1
        return known.holder.scopes

    def issue(
        self, shop: str, asked: dict[str, Any], now: datetime, plan: FaultPlan
    ) -> dict[str, Any]:
        """Answers the token endpoint.

        Args:
            shop: Whose.
            asked: The fields of the request.
            now: From when the token lives.
            plan: The faults of the moment: what replaces a token they ended is spared a while.

        Raises:
            Refusal: Unknown client, wrong secret, dead refresh token or another grant type.
        """
        if asked.get("client_id") != CLIENT_ID or asked.get("client_secret") != client_secret(shop):
            raise oauth_refusal(401, "invalid_client", "Client authentication failed.")
        if shop in plan.revoked_accounts:
            raise oauth_refusal(400, "app_not_installed", "The app is not installed on this shop.")
        kind = asked.get("grant_type")
        if kind == "client_credentials":
            token = self._new(shop, f"client {shop}", now + LIVES, plan)
            return {**token, "expires_in": int(LIVES.total_seconds())}
        if kind == "refresh_token":
            return self._refresh(shop, str(asked.get("refresh_token")), now, plan)
        raise oauth_refusal(400, "unsupported_grant_type", "The grant type is not supported.")

    def _refresh(self, shop: str, given: str, now: datetime, plan: FaultPlan) -> dict[str, Any]:
        try:
            grant, number = _GRANTS.read(shop, given.removeprefix(_REFRESH))
        except ValueError:
            grant, number = "", -1
        if number < self._generations.get(grant, 0):
            said = "The refresh token is invalid or has expired."
            raise oauth_refusal(400, "invalid_grant", said)
        self._generations[grant] = generation = number + 1
        if len(self._generations) > _MOST_GRANTS:
            self._generations.popitem(last=False)
        token = self._new(shop, f"grant {grant}", now + ROTATING_LIVES, plan)
        return {
            **token,
            "expires_in": int(ROTATING_LIVES.total_seconds()),
            "refresh_token": _refresh_token(shop, grant, generation),
            "refresh_token_expires_in": int(REFRESH_LIVES.total_seconds()),
        }

    def _new(self, shop: str, family: str, ends: datetime, plan: FaultPlan) -> dict[str, Any]:
        token = self.tokens.issue(Grant(shop, SCOPES), family, ends, plan)
        return {"access_token": token, "scope": ",".join(sorted(SCOPES))}
