"""Secrets that travel with a request where a sender signs nothing: in the body, or in the URL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from connectors.platforms.webhooks.received import Received
from connectors.platforms.webhooks.signatures import same_text


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyKey:
    """A secret as a value of the JSON body. It protects no other byte of it.

    Attributes:
        name: the key that holds it; it is taken out before anything is stored.
    """

    name: str

    def refusal(self, received: Received, secrets: Sequence[str], _now: float) -> str | None:
        """Returns why a request is not the sender's; None when it is."""
        try:
            found = orjson.loads(received.body)
        except orjson.JSONDecodeError:
            return "no key"
        given = found.get(self.name) if isinstance(found, dict) else None
        if not isinstance(given, str) or not given:
            return "no key"
        return None if same_text(given, secrets) else "wrong key"


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlToken:
    """A secret as a parameter of the URL. It protects no other byte of it.

    Attributes:
        name: the parameter; it is taken out before anything is stored.
    """

    name: str

    def refusal(self, received: Received, secrets: Sequence[str], _now: float) -> str | None:
        """Returns why a request is not the sender's; None when it is."""
        given = received.parameters().get(self.name)
        if not given:
            return "no token"
        return None if same_text(given, secrets) else "wrong token"
