"""Sign-in by a key and its secret: as they are over https, a signature by OAuth 1.0a over http."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl, quote, unquote

from starlette.requests import Request

from connectors.sandbox.wire.lifecycle import Call, Refusal
from connectors.sandbox.wire.sign_in import Clock
from connectors.sandbox.wire.tokens import Tokens, basic_pair

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
Refuse = Callable[[str], Refusal]
"""From what is wrong, one of `stranger`, `secret`, `missing`, `key`, `method`, `signature`,
`timestamp` and `nonce`, to the platform's words for it."""


def unsigned_key(call: Call, *without: str) -> bytes:
    """Returns what makes a request this one: no signature, which differs each time.

    Args:
        call: The request.
        without: Parameters that count for nothing either.
    """
    asked = sorted(call.request.query_params.multi_items())
    kept = [one for one in asked if not one[0].startswith("oauth_") and one[0] not in without]
    return f"{call.request.url.path} {kept}".encode()


def key_of(request: Request) -> str | None:
    """Returns the key that a request names, whichever way it signs in."""
    basic = basic_pair(request.headers.get("authorization"))
    if basic is not None:
        return basic[0]
    asked = dict(_asked(request))
    return asked.get("oauth_consumer_key") or asked.get("consumer_key")


class KeyPairs:
    """Knows the pairs of all accounts.

    Args:
        pairs: Of each account its key and its secret.
        refuse: What is said to those that it does not know.
        now: The clock of the world.
    """

    def __init__(self, pairs: Mapping[str, tuple[str, str]], refuse: Refuse, now: Clock) -> None:
        self._pairs, self._refuse, self._now = pairs, refuse, now
        self.tokens: Tokens[str] = Tokens(lasting_can_end=True)
        for account, (key, _) in pairs.items():
            self.tokens.keep(key, account)
        self._nonces: OrderedDict[tuple[str, str], None] = OrderedDict()

    def check(self, call: Call, account: str) -> None:
        """Makes sure that a request may read an account.

        Raises:
            Refusal: It may not.
        """
        request, secret = call.request, self._pairs[account][1]
        asked = dict(_asked(request))
        # A proxy in front of a site has https where the site itself has not.
        if "https" in (request.url.scheme, request.headers.get("x-forwarded-proto")):
            named = asked.get("consumer_key", ""), asked.get("consumer_secret", "")
            key, given = basic_pair(request.headers.get("authorization")) or named
            if not self._knows(call, key, account):
                raise self._refuse("stranger")
            if not hmac.compare_digest(given, secret):
                raise self._refuse("secret")
        else:
            self._check_signature(call, asked, account, secret)
        token = self.tokens.find(key_of(request))
        if token is not None:
            token.served += 1

    def _knows(self, call: Call, key: str, account: str) -> bool:
        token = self.tokens.find(key)
        if token is None or token.holder != account or account in call.plan.revoked_accounts:
            return False
        return not token.is_over(self._now(), call.plan)

    def _check_signature(self, call: Call, said: dict[str, str], account: str, secret: str) -> None:
        held = [name for name in _NEEDED if name in said]
        if len(held) < len(_NEEDED):
            raise self._refuse("missing" if held else "stranger")
        if not self._knows(call, said["oauth_consumer_key"], account):
            raise self._refuse("key")
        if said["oauth_signature_method"] not in _METHODS:
            raise self._refuse("method")
        if not hmac.compare_digest(_signature(call.request, said, secret), said["oauth_signature"]):
            raise self._refuse("signature")
        stamp, nonce = said["oauth_timestamp"], said["oauth_nonce"]
        # Clients with a clock of their own live by the wall's, ours by the one of the world.
        clocks = (self._now().timestamp(), time.time())
        if not stamp.isdecimal() or all(abs(int(stamp) - one) > _WINDOW for one in clocks):
            raise self._refuse("timestamp")
        if (stamp, nonce) in self._nonces:
            raise self._refuse("nonce")
        self._nonces[stamp, nonce] = None
        if len(self._nonces) > _MOST_NONCES:
            self._nonces.popitem(last=False)


def _asked(request: Request) -> Pairs:
    """Returns the parameters of the query string and those of an OAuth header."""
    pairs = parse_qsl(request.url.query, keep_blank_values=True)
    kind, _, text = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "oauth":
        for part in text.split(","):
            name, _, value = part.strip().partition("=")
            pairs.append((unquote(name), unquote(value.strip('"'))))
    return pairs


def _signature(request: Request, said: Mapping[str, str], secret: str) -> str:
    """Signs a request as a server does: of a name that is repeated, the last value counts."""
    signed = sorted((_raw(name), _raw(value)) for name, value in said.items())
    parts = [f"{_raw(name)}%3D{_raw(value)}" for name, value in signed if name != "oauth_signature"]
    url = request.url
    place = _raw(f"{url.scheme}://{url.netloc}{url.path}")
    base = f"{request.method}&{place}&{'%26'.join(parts)}"
    method = _METHODS[said["oauth_signature_method"]]
    return base64.b64encode(hmac.digest(f"{secret}&".encode(), base.encode(), method)).decode()


def _raw(text: str) -> str:
    return quote(text, safe="~")
