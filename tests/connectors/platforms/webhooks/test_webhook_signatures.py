"""Signatures that senders and SDKs have published hold; what was changed on the way does not."""

from __future__ import annotations

import json
import random
import string
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.platforms.webhooks.received import Received
from connectors.platforms.webhooks.senders import SENDERS
from connectors.platforms.webhooks.signatures import Signature
from connectors.sandbox.posting import signing
from connectors.sandbox.posting.signing import NOW, PUBLIC, SECRET, STANDARD_SECRET, Sent

MUTATIONS = 10_000
ZOE = '{"id":1,"name":"Zoë"}'.encode()
UNSIGNED = ("-Topic", "-Webhook-Id", "-Triggered-At", "-Delivery-ID")
WORDS = string.ascii_letters + string.digits + "+/=-_."


def received(sent: Sent) -> Received:
    query = f"?{sent.query}" if sent.query else ""
    headers = [(name.lower().encode(), value.encode()) for name, value in sent.headers.items()]
    return Received(sent.method, f"{PUBLIC}{sent.path}{query}", sent.query, headers, sent.body)


def refusal(sender: str, sent: Sent, *secrets: str, now: float = NOW) -> str | None:
    return SENDERS[sender].proof.refusal(received(sent), secrets or (SECRET,), now)


_PAGE = Path(__file__).parent / "pages" / "signatures.json"
PUBLISHED = {one["name"]: one for one in json.loads(_PAGE.read_text("utf-8"))}


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_signature_holds_and_a_changed_body_does_not(name: str) -> None:
    one = PUBLISHED[name]
    sender, secret, now = one["sender"], one["secret"], one["now"]
    sent = Sent(headers=one["headers"], body=one["body"].encode())
    assert refusal(sender, sent, secret, now=now) is None
    changed = replace(sent, body=sent.body + b" ")
    assert refusal(sender, changed, secret, now=now) == "wrong signature"


def test_hubspots_own_vector_holds() -> None:
    """Of the tests of HubSpot's SDKs."""
    headers = {
        "X-HubSpot-Signature-v3": "K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=",
        "X-HubSpot-Request-Timestamp": "1693657560000",
    }
    found = Received(
        "POST",
        "https://www.example.com/webhook_uri",
        headers=[(name.lower().encode(), value.encode()) for name, value in headers.items()],
        body=b"{'example_field':'example_value'}",
    )
    proof, secrets = SENDERS["hubspot"].proof, ("yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy",)
    assert proof.refusal(found, secrets, 1693657560.0) is None
    assert proof.refusal(found, secrets, 1693657560.0 + 301) == "old or no time"
    assert proof.refusal(found, secrets, 1693657560.0 - 301) == "old or no time"


def test_hubspot_signs_some_escapes_decoded() -> None:
    headers = [
        (b"x-hubspot-signature-v3", b"lAMaERjXaO/m4gvMFWl4IPhm68nyJ1P9lQ/IzDbwJ50="),
        (b"x-hubspot-request-timestamp", b"1793491200000"),
    ]
    url = f"{PUBLIC}/hubspot?src=hs%3Aapp%2Fv3&x=%28a%29"
    proof = SENDERS["hubspot"].proof
    found = Received("POST", url, headers=headers, body=ZOE)
    assert proof.refusal(found, ("test_secret",), NOW) is None
    headers[0] = (headers[0][0], b"J28wEuru6WQW37J5vzzYn+nBonkPuzUM/YiJdOLKy44=")
    assert proof.refusal(found, ("test_secret",), NOW) == "wrong signature"


def test_a_part_of_the_time_cannot_become_a_part_of_the_body() -> None:
    sent = signing.hubspot(b"[]")
    time = sent.headers["X-HubSpot-Request-Timestamp"]
    moved = replace(
        sent, body=b"[]1", headers={**sent.headers, "X-HubSpot-Request-Timestamp": time[1:]}
    )
    assert refusal("hubspot", moved) == "old or no time"
    sent = signing.standard(b"x.y")
    key = {"webhook-id": "msg_1.1793491200", "webhook-timestamp": str(NOW)}
    assert refusal("standard", replace(sent, headers={**sent.headers, **key}), STANDARD_SECRET)


def test_woocommerces_secret_is_read_without_its_entities() -> None:
    sent = signing.woocommerce(b"{}", secret="a&b<c")
    assert refusal("woocommerce", sent, "a&amp;b&lt;c") is None
    assert refusal("woocommerce", sent, "a&b<d") == "wrong signature"


GOOD: dict[str, tuple[Callable[[], Sent], str]] = {
    "shopify": (lambda: signing.shopify(ZOE), SECRET),
    "woocommerce": (lambda: signing.woocommerce(ZOE), SECRET),
    "meta": (lambda: signing.meta(ZOE), SECRET),
    "linkedin": (lambda: signing.linkedin(ZOE), SECRET),
    "tiktok": (lambda: signing.tiktok(ZOE), SECRET),
    "hubspot": (lambda: signing.hubspot(ZOE), SECRET),
    "klaviyo": (lambda: signing.klaviyo(ZOE), SECRET),
    "standard": (lambda: signing.standard(ZOE), STANDARD_SECRET),
    "svix": (lambda: signing.standard(ZOE, prefix="svix"), STANDARD_SECRET),
    "google_lead_form": (lambda: signing.google(b'{"lead_id":"1"}'), SECRET),
    "everflow": (lambda: signing.postback({"status": "approved"}, "verification_token"), SECRET),
    "tune": (lambda: signing.postback({"status": "approved"}, "security_token"), SECRET),
    "trackier": (lambda: signing.postback({"status": "approved"}, "token"), SECRET),
}


def test_each_sender_is_tested() -> None:
    assert GOOD.keys() == SENDERS.keys()


def mutated(text: str, chance: random.Random) -> str:
    """One character is changed, added or taken away, or the end is cut off."""
    at, letter = chance.randrange(len(text)), chance.choice(WORDS)
    return chance.choice(
        (
            text[:at] + letter + text[at + 1 :],
            text[:at] + letter + text[at:],
            text[:at] + text[at + 1 :],
            text[:at],
            text.swapcase(),
        )
    )


def forgery(sender: str, sent: Sent, secret: str, chance: random.Random) -> Sent:
    """A request of which something signed, its signature, its key or its token was changed."""
    if sender == "google_lead_form":
        body = {**json.loads(sent.body), "google_key": mutated(secret, chance)}
        return replace(sent, body=json.dumps(body).encode())
    if sender in ("everflow", "tune", "trackier"):
        return replace(sent, query=sent.query.replace(secret, mutated(secret, chance)))
    signed = [name for name in sent.headers if not name.endswith(UNSIGNED)]
    part = chance.choice(["body", *signed, *(["path", "method"] if sender == "hubspot" else [])])
    if part == "body":
        return replace(sent, body=mutated(sent.body.decode("latin-1"), chance).encode("latin-1"))
    if part == "path":
        return replace(sent, path=mutated(sent.path, chance))
    if part == "method":
        return replace(sent, method="PUT")
    return replace(sent, headers={**sent.headers, part: mutated(sent.headers[part], chance)})


@pytest.mark.parametrize("sender", GOOD)
def test_of_ten_thousand_changed_requests_none_is_accepted(sender: str) -> None:
    make, secret = GOOD[sender]
    sent, chance = make(), random.Random(f"forgeries of {sender}")
    assert refusal(sender, sent, secret) is None
    tried = 0
    while tried < MUTATIONS:
        forged = forgery(sender, sent, secret, chance)
        if forged == sent:
            continue
        tried += 1
        assert refusal(sender, forged, secret) is not None, forged


@pytest.mark.parametrize("sender", GOOD)
def test_of_two_secrets_either_is_accepted_and_no_other(sender: str) -> None:
    make, secret = GOOD[sender]
    other = STANDARD_SECRET[:-2] + "AA" if secret == STANDARD_SECRET else "another"
    assert refusal(sender, make(), other, secret) is None
    assert refusal(sender, make(), secret, other) is None
    assert refusal(sender, make(), other) is not None
    assert SENDERS[sender].proof.refusal(received(make()), (), NOW) is not None


SIGNED = [name for name, one in SENDERS.items() if isinstance(one.proof, Signature)]


@pytest.mark.parametrize("sender", SIGNED)
def test_a_signature_that_is_missing_empty_or_repeated_is_none(sender: str) -> None:
    make, secret = GOOD[sender]
    sent = make()
    header = SENDERS[sender].proof.header  # type: ignore[union-attr]
    without = replace(sent, headers={k: v for k, v in sent.headers.items() if k != header})
    assert refusal(sender, without, secret) == "no signature"
    assert refusal(sender, replace(sent, headers={**sent.headers, header: ""}), secret)
    twice = received(sent)
    twice.headers = [*twice.headers, (header.lower().encode(), sent.headers[header].encode())]
    assert SENDERS[sender].proof.refusal(twice, (secret,), NOW) == "no signature"
