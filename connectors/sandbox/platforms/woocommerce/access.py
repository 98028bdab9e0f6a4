"""Who may read a site: a key and its secret over https, a signature by them over http."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections import OrderedDict
from urllib.parse import parse_qsl, quote, unquote

from starlette.requests import Request

from connectors.sandbox.wire.lifecycle import Call, Refusal
from connectors.sandbox.wire.tokens import Tokens
from connectors.sandbox.world import World

_NEEDED = (
    "oauth_consumer_key",
    "oauth_timestamp",
    "oauth_nonce",
    "oauth_signature",
    "oauth_signature_method",
)
_METHODS = {"HMAC-SHA1": hashlib.sha1, "HMAC-SHA256": hashlib.sha256}
_WINDOW = 15 * 60
_MOST_NONCES = 50_000
Pairs = list[tuple[str, str]]


def key_of_site(site: str) -> str:
    """Returns a site's consumer key, a literal of the sandbox."""
    return f"ck_sandbox_{site}"


def secret_of_site(site: str) -> str:
    """Returns the secret of that key, a literal of the sandbox."""
    return f"cs_sandbox_{site}"


def refusal(code: str, message: str, status: int = 401) -> Refusal:
    """Returns a refusal in the words of WordPress."""
    return Refusal(status, {"code": code, "message": message, "data": {"status": status}})


def cannot_view() -> Refusal:
    """Returns what a stranger is shown: a list that may not be seen."""
    return refusal("woocommerce_rest_cannot_view", "Sorry, you cannot list resources.")


def key_of(request: Request) -> str | None:
    """Returns the consumer key that a request names, whichever way it signs in."""
    basic = _basic(request)
    if basic is not None:
        return basic[0]
    return dict(_asked(request)).get("oauth_consumer_key") or request.query_params.get(
        "consumer_key"
    )


class Access:
    """Knows the keys of all sites.

    Args:
        world: Its clock and faults.
        sites: The hosts.
    """

    def __init__(self, world: World, sites: list[str]) -> None:
        self._world = world
        self.tokens: Tokens[str] = Tokens(lasting_can_end=True)
        for site in sites:
            self.tokens.keep(key_of_site(site), site)
        self._nonces: OrderedDict[tuple[str, str], None] = OrderedDict()

    def check(self, call: Call, site: str) -> None:
        """Makes sure that a request may read a site.

        Raises:
            Refusal: 401, with what WooCommerce says to it.
        """
        request = call.request
        if _is_secure(request):
            pair = _basic(request) or (
                request.query_params.get("consumer_key", ""),
                request.query_params.get("consumer_secret", ""),
            )
            if not self._knows(call, pair[0], site):
                # An unknown key is nobody's: WooCommerce goes on as with a stranger.
                raise cannot_view()
            if not hmac.compare_digest(pair[1], secret_of_site(site)):
                raise _wrong("Consumer secret is invalid.")
        else:
            self._check_signature(call, site)
        token = self.tokens.find(key_of(request))
        if token is not None:
            token.served += 1

    def _knows(self, call: Call, key: str, site: str) -> bool:
        token = self.tokens.find(key)
        if token is None or token.holder != site or site in call.plan.revoked_accounts:
            return False
        return not token.is_over(self._world.clock.now(), call.plan)

    def _check_signature(self, call: Call, site: str) -> None:
        asked = _asked(call.request)
        said = dict(asked)
        if not any(name in said for name in _NEEDED):
            raise cannot_view()
        missing = [name for name in _NEEDED if name not in said]
        if missing:
            named = ", ".join(missing)
            raise refusal(
                "woocommerce_rest_authentication_missing_parameter",
                f"Missing OAuth parameter {named}",
            )
        if not self._knows(call, said["oauth_consumer_key"], site):
            raise _wrong("Consumer key is invalid.")
        method = said["oauth_signature_method"]
        if method not in _METHODS:
            raise _wrong("Invalid signature - signature method is invalid.")
        right = _signature(call.request, asked, secret_of_site(site), method)
        if not hmac.compare_digest(right, said["oauth_signature"]):
            raise _wrong("Invalid signature - provided signature does not match.")
        self._check_nonce(said["oauth_timestamp"], said["oauth_nonce"])

    def _check_nonce(self, stamp: str, nonce: str) -> None:
        # Clients with a clock of their own live by the wall's, ours by the one of the world.
        clocks = (self._world.clock.now().timestamp(), time.time())
        if not stamp.isdecimal() or all(abs(int(stamp) - one) > _WINDOW for one in clocks):
            raise _wrong("Invalid timestamp.")
        if (stamp, nonce) in self._nonces:
            raise _wrong("Invalid nonce - nonce has already been used.")
        self._nonces[stamp, nonce] = None
        if len(self._nonces) > _MOST_NONCES:
            self._nonces.popitem(last=False)


def _wrong(message: str) -> Refusal:
    return refusal("woocommerce_rest_authentication_error", message)


def _is_secure(request: Request) -> bool:
    """Whether a request came by https, perhaps through a proxy in front of the site."""
    return "https" in (request.url.scheme, request.headers.get("x-forwarded-proto"))


def _basic(request: Request) -> tuple[str, str] | None:
    kind, _, text = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        key, _, secret = base64.b64decode(text).decode().partition(":")
    except ValueError:
        return None
    return key, secret


def _asked(request: Request) -> Pairs:
    """Returns the parameters of the query string and those of an OAuth header."""
    pairs = parse_qsl(request.url.query, keep_blank_values=True)
    kind, _, text = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "oauth":
        for part in text.split(","):
            name, _, value = part.strip().partition("=")
            pairs.append((unquote(name), unquote(value.strip('"'))))
    return pairs


def _signature(request: Request, asked: Pairs, secret: str, method: str) -> str:
    """Signs a request as the site does: names once each, the last value of a repeated one."""
    signed = {name: value for name, value in asked if name != "oauth_signature"}
    parts = [f"{_raw(name)}%3D{_raw(value)}" for name, value in sorted(_twice(signed))]
    url = request.url
    place = quote(f"{url.scheme}://{url.netloc}{url.path}", safe="~")
    base = f"{request.method}&{place}&{'%26'.join(parts)}"
    digest = hmac.new(f"{secret}&".encode(), base.encode(), _METHODS[method]).digest()
    return base64.b64encode(digest).decode()


def _twice(signed: dict[str, str]) -> Pairs:
    return [(_raw(name), _raw(value)) for name, value in signed.items()]


def _raw(text: str) -> str:
    return quote(text, safe="~")
