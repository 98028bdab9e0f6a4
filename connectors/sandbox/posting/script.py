"""What a sender posts over time, and what of it a correct receiver has stored afterwards."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from connectors.sandbox.posting import signing
from connectors.sandbox.posting.signing import Sent

Make = Callable[[bytes, str, int, int], Sent]
"""From a body, the secret, the time and the number of a delivery to its request."""

SIGN: dict[str, Make] = {
    "shopify": lambda body, secret, _at, number: signing.shopify(body, secret, number),
    "woocommerce": lambda body, secret, _at, number: signing.woocommerce(body, secret, number),
    "tiktok": lambda body, secret, at, _number: signing.tiktok(body, secret, at),
    "standard": lambda body, secret, at, number: signing.standard(body, secret, at, number),
}
"""The senders of the script, which cover: no time, a time, a time with an id."""

_KINDS = {
    "good": 60,
    "repeat": 10,
    "reordered": 5,
    "wrong_secret": 8,
    "changed_body": 5,
    "old_time": 4,
    "malformed": 3,
    "unsigned": 3,
    "ping": 1,
    "oversized": 1,
}
"""What is posted, with its share of a hundred."""


@dataclass(frozen=True, slots=True)
class Post:
    """One request of the script.

    Attributes:
        kind: what it is, one of `good`, `repeat`, `wrong_secret` and so on.
        object_id: of what it is about; empty when nothing of it may be stored.
        statuses: the answers that are right.
    """

    kind: str
    sent: Sent
    object_id: str
    statuses: tuple[int, ...]


def posts(sender: str, secret: str, now: int, count: int, seed: int = 0) -> Iterator[Post]:
    """Yields the requests of a sender, in the order in which they are posted.

    Args:
        sender: one of `SIGN`.
        secret: that it shares with the receiver.
        now: the receiver's clock, in seconds since 1970.
        count: how many.
        seed: of what happens when.
    """
    chance = random.Random(f"{sender} {seed}")
    make, sent_before, held = SIGN[sender], list[Post](), list[Post]()
    for number in range(1, count + 1):
        kind = chance.choices(list(_KINDS), list(_KINDS.values()))[0]
        post = _post(sender, make, kind, number, secret, now)
        if kind == "repeat" and sent_before:
            post = replace(chance.choice(sent_before), kind="repeat")
        if kind == "reordered":
            held.append(post)
            continue
        if post.kind in ("good", "repeat"):
            sent_before.append(post)
        yield post
    yield from reversed(held)


def _post(sender: str, make: Make, kind: str, number: int, secret: str, now: int) -> Post:
    body = _body(number)
    good = make(body, secret, now, number)
    refused: dict[str, tuple[Callable[[], Sent], tuple[int, ...]]] = {
        "wrong_secret": (lambda: make(body, _other(secret), now, number), (401,)),
        "changed_body": (lambda: replace(good, body=_body(number + 10**9)), (401,)),
        "old_time": (lambda: make(body, secret, now - 3600, number), (401,)),
        "malformed": (lambda: make(body[:-1], secret, now, number), (400,)),
        "unsigned": (lambda: Sent(body=body), (401,)),
        "ping": (lambda: Sent(body=b"webhook_id=12"), (200 if sender == "woocommerce" else 401,)),
        "oversized": (lambda: make(b" " * 5_000_000, secret, now, number), (413,)),
    }
    if kind == "old_time" and sender in ("shopify", "woocommerce"):
        kind = "good"  # they sign no time
    if kind in refused:
        spoil, statuses = refused[kind]
        return Post(kind, spoil(), "", statuses)
    return Post(kind, good, str(number), (200,))


def _body(number: int) -> bytes:
    """An order, with a name that is not ASCII."""
    found: dict[str, Any] = {"id": number, "type": "order.updated", "data": {"id": number}}
    found |= {"customer": "Zoë", "total": "19.90"}
    return json.dumps(found, ensure_ascii=False).encode()


def _other(secret: str) -> str:
    return secret[:-1] + ("A" if secret[-1] != "A" else "B")
