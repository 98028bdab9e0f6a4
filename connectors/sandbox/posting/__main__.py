"""`python -m connectors.sandbox.posting ADDRESS --sender shopify --secret …`: posts a script."""

from __future__ import annotations

import argparse
import http.client
import sys
import time
from collections import Counter
from urllib.parse import urlsplit

from connectors.sandbox.posting.script import SIGN, posts

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def main(arguments: list[str] | None = None) -> int:
    """Posts to a receiver on this machine; returns 1 when an answer was not the right one."""
    parser = argparse.ArgumentParser(prog="python -m connectors.sandbox.posting")
    parser.add_argument("address", help="as `tributary webhooks --list` prints it")
    parser.add_argument("--sender", choices=sorted(SIGN), default="shopify")
    parser.add_argument("--secret", required=True)
    parser.add_argument("--count", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(arguments)
    place = urlsplit(given.address)
    if place.hostname not in _LOOPBACK:
        parser.error("the receiver must be on this machine")
    counts: Counter[tuple[str, int, bool]] = Counter()
    for post in posts(given.sender, given.secret, int(time.time()), given.count, given.seed):
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=30)
        connection.request(post.sent.method, place.path, post.sent.body, post.sent.headers)
        status = connection.getresponse().status
        connection.close()
        counts[post.kind, status, status in post.statuses] += 1
    for (kind, status, is_right), count in sorted(counts.items()):
        print(f"{count:6} {kind:13} answered {status}{'' if is_right else ', which is wrong'}")
    return 0 if all(is_right for _, _, is_right in counts) else 1


if __name__ == "__main__":
    sys.exit(main())
