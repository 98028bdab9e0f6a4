"""Questions by which senders make sure that an address is ours, before they send events."""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import orjson

from connectors.platforms.webhooks.received import Received
from connectors.platforms.webhooks.signatures import same_text

_CHALLENGE = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_PING = re.compile(rb"webhook_id=[0-9]{1,20}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a sender is answered."""

    status: int
    body: bytes = b""
    content_type: str = "text/plain"


Handshake = Callable[[Received, Sequence[str], Sequence[str]], Answer | None]
"""From a request, the valid secrets and the verify tokens to an answer; None: it is none."""


def meta(received: Received, _secrets: Sequence[str], verify: Sequence[str]) -> Answer | None:
    """Returns the challenge as text, if the verify token is ours.

    https://developers.facebook.com/docs/graph-api/webhooks/getting-started
    """
    if received.method != "GET":
        return None
    asked = received.parameters()
    known = same_text(asked.get("hub.verify_token", ""), verify)
    if not known or asked.get("hub.mode") != "subscribe":
        return Answer(403)
    return Answer(200, asked.get("hub.challenge", "").encode())


def linkedin(received: Received, secrets: Sequence[str], _verify: Sequence[str]) -> Answer | None:
    """Returns the challenge, signed with the newest secret.

    Only a UUID is signed: whoever could have any text signed could have a body signed.
    https://learn.microsoft.com/en-us/linkedin/shared/api-guide/webhook-validation
    """
    if received.method != "GET":
        return None
    code = received.parameters().get("challengeCode", "")
    if _CHALLENGE.fullmatch(code) is None or not secrets:
        return Answer(400)
    response = hmac.digest(secrets[0].encode(), code.encode(), "sha256").hex()
    found = orjson.dumps({"challengeCode": code, "challengeResponse": response})
    return Answer(200, found, "application/json")


def woocommerce(
    received: Received, _secrets: Sequence[str], _verify: Sequence[str]
) -> Answer | None:
    """Returns 200 to the unsigned form that is posted when a webhook is saved; it is no event.

    https://github.com/woocommerce/woocommerce/blob/trunk/plugins/woocommerce/includes/class-wc-webhook.php
    """
    is_ping = received.method == "POST" and _PING.fullmatch(received.body) is not None
    return Answer(200) if is_ping else None


def none(_received: Received, _secrets: Sequence[str], _verify: Sequence[str]) -> Answer | None:
    """The sender asks nothing before it sends."""
    return None


HANDSHAKES: Mapping[str, Handshake] = {
    "": none,
    "linkedin": linkedin,
    "meta": meta,
    "woocommerce": woocommerce,
}
