"""Signed requests, as senders make them: from their documents, and apart from the receiver."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from urllib.parse import urlencode

SECRET = "shhh-7c1f0b"
STANDARD_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NOW = 1_793_491_200
PUBLIC = "https://hooks.example.com"


def mac(secret: str | bytes, message: bytes) -> bytes:
    """Returns the HMAC-SHA256 of a message."""
    key = secret if isinstance(secret, bytes) else secret.encode()
    return hmac.new(key, message, hashlib.sha256).digest()


def b64(raw: bytes) -> str:
    """Returns bytes in base64."""
    return base64.b64encode(raw).decode()


@dataclass
class Sent:
    """A request, in the parts that a mutation may change."""

    method: str = "POST"
    path: str = "/hooks/x"
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


def shopify(body: bytes, secret: str = SECRET, number: int = 1) -> Sent:
    """An order of Shopify: the digest of the body in base64, no time."""
    headers = {
        "X-Shopify-Hmac-SHA256": b64(mac(secret, body)),
        "X-Shopify-Topic": "orders/create",
        "X-Shopify-Webhook-Id": f"webhook-{number}",
        "X-Shopify-Triggered-At": "2026-11-01T00:00:00Z",
    }
    return Sent(headers=headers, body=body)


def woocommerce(body: bytes, secret: str = SECRET, number: int = 1) -> Sent:
    """An order of WooCommerce: Shopify's scheme under other names."""
    headers = {
        "X-WC-Webhook-Signature": b64(mac(secret, body)),
        "X-WC-Webhook-Topic": "order.updated",
        "X-WC-Webhook-Delivery-ID": f"delivery-{number}",
    }
    return Sent(headers=headers, body=body)


def meta(body: bytes, secret: str = SECRET) -> Sent:
    """A change of Meta: the digest in hexadecimal after `sha256=`."""
    return Sent(headers={"X-Hub-Signature-256": f"sha256={mac(secret, body).hex()}"}, body=body)


def linkedin(body: bytes, secret: str = SECRET) -> Sent:
    """A notification of LinkedIn: `hmacsha256=` is signed, and not sent."""
    signature = mac(secret, b"hmacsha256=" + body).hex()
    return Sent(headers={"X-LI-Signature": signature}, body=body)


def tiktok(body: bytes, secret: str = SECRET, at: int = NOW) -> Sent:
    """An event of TikTok: time and digest in one header."""
    signature = mac(secret, f"{at}.".encode() + body).hex()
    return Sent(headers={"TikTok-Signature": f"t={at},s={signature}"}, body=body)


def hubspot(
    body: bytes, secret: str = SECRET, at: int = NOW * 1000, path: str = "/hooks/x"
) -> Sent:
    """Events of HubSpot: method, address, body and the time in milliseconds."""
    signed = f"POST{PUBLIC}{path}".encode() + body + str(at).encode()
    headers = {
        "X-HubSpot-Signature-v3": b64(mac(secret, signed)),
        "X-HubSpot-Request-Timestamp": str(at),
    }
    return Sent(headers=headers, body=body, path=path)


def klaviyo(body: bytes, secret: str = SECRET, at: str = "Sun, 01 Nov 2026 00:00:00 GMT") -> Sent:
    """Events of Klaviyo: the body and the time as it is written."""
    headers = {
        "Klaviyo-Signature": mac(secret, body + at.encode()).hex(),
        "Klaviyo-Timestamp": at,
    }
    return Sent(headers=headers, body=body)


def standard(
    body: bytes,
    secret: str = STANDARD_SECRET,
    at: int = NOW,
    number: int = 1,
    prefix: str = "webhook",
) -> Sent:
    """A message of Standard Webhooks: id, time and body; the key is base64."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"msg_{number}.{at}.".encode() + body
    headers = {
        f"{prefix}-id": f"msg_{number}",
        f"{prefix}-timestamp": str(at),
        f"{prefix}-signature": f"v1,{b64(mac(key, signed))}",
    }
    return Sent(headers=headers, body=body)


def google(body: bytes, secret: str = SECRET) -> Sent:
    """A lead form of Google Ads: the key travels in the body."""
    found = {**json.loads(body), "google_key": secret}
    return Sent(body=json.dumps(found).encode())


def postback(parameters: dict[str, str], token: str, secret: str = SECRET) -> Sent:
    """A postback of a network: the token travels in the query."""
    return Sent(method="GET", query=urlencode({**parameters, token: secret}))
