"""A sender that repeats, forges and spoils: what is right is stored once, and nothing else."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from receiving import Endpoint, add

from connectors.sandbox.posting import signing
from connectors.sandbox.posting.script import SIGN, posts
from connectors.sandbox.posting.signing import NOW, SECRET, STANDARD_SECRET
from orchestration.workspace import Workspace
from tests.patience import PATIENCE_SECONDS
from warehouse.delivery_journal import recover

Served = Callable[..., Endpoint]
POSTS = 5_000
SENDING = 16


@pytest.mark.parametrize("sender", SIGN)
def test_what_a_sender_posts_is_stored_once_if_it_is_right(endpoint: Served, sender: str) -> None:
    secret = STANDARD_SECRET if sender == "standard" else SECRET
    hook = endpoint(sender, secret=secret, requests_per_second="100000")
    right: set[str] = set()
    kinds: Counter[str] = Counter()
    for post in posts(sender, secret, NOW, 300):
        assert hook.status(post.sent) in post.statuses, post.kind
        kinds[post.kind] += 1
        right |= {post.object_id} - {""}
    stored = Counter(one["payload"]["id"] for one in hook.stored())
    assert {str(number) for number in stored} == right
    assert set(stored.values()) == {1}
    assert len(kinds) >= 8
    assert min(kinds["repeat"], kinds["wrong_secret"], kinds["reordered"]) > 5


class _Process:
    """`tributary webhooks`, as a process that can be killed."""

    def __init__(self, space: Workspace) -> None:
        program = str(Path(sys.executable).with_name("tributary"))
        self._process = subprocess.Popen(
            [program, "webhooks", "--port", "0"],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "TRIBUTARY_HOME": str(space.home.path)},
        )
        assert self._process.stdout is not None
        said = self._process.stdout.readline()
        assert said.startswith("receiving webhooks at http://127.0.0.1:"), said
        self.address = ("127.0.0.1", int(said.rsplit(":", 1)[1]))

    def end(self, how: signal.Signals) -> int:
        self._process.send_signal(how)
        return self._process.wait(PATIENCE_SECONDS)


def _send(shop: Endpoint, numbers: list[int], answered: list[int]) -> None:
    """Posts until its receiver is gone."""
    for number in numbers:
        try:
            if shop.status(signing.shopify(b'{"id":%d}' % number, number=number)) == 200:
                answered.append(number)
        except (OSError, http.client.HTTPException):
            return


def _post_all(shop: Endpoint, numbers: list[int], answered: list[int]) -> list[threading.Thread]:
    threads = [
        threading.Thread(target=_send, args=(shop, numbers[n::SENDING], answered))
        for n in range(SENDING)
    ]
    for thread in threads:
        thread.start()
    return threads


def test_a_receiver_ends_when_it_is_asked_to(space: Workspace) -> None:
    connection = add(space, "shopify")
    process = _Process(space)
    shop = Endpoint(space, connection, process.address)
    assert shop.status(signing.shopify(b'{"id":1}')) == 200
    second = subprocess.run(
        [str(Path(sys.executable).with_name("tributary")), "webhooks", "--port", "0"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 1
    assert "the receiver of webhooks is held by process" in second.stderr
    assert process.end(signal.SIGTERM) in (0, -signal.SIGTERM)
    assert [path.suffix for path in shop.folder.iterdir()] == [".ndjson"]


@pytest.mark.long
def test_of_posts_around_a_kill_each_answered_one_is_there_once(space: Workspace) -> None:
    connection = add(space, "shopify", requests_per_second="100000")
    numbers, answered = list(range(POSTS)), list[int]()
    for kill in (POSTS // 5, POSTS // 2):
        process = _Process(space)
        shop = Endpoint(space, connection, process.address)
        before = set(answered)
        threads = _post_all(shop, [one for one in numbers if one not in before], answered)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while len(answered) < kill:
            assert time.monotonic() < deadline
            time.sleep(0.001)
        process.end(signal.SIGKILL)
        for thread in threads:
            thread.join()
        assert len(answered) < POSTS, "it was killed in the middle"
        stored = Counter(one["object_id"] for one in _whole(shop))
        assert all(stored[str(one)] == 1 for one in answered)
    process = _Process(space)
    shop = replace(shop, address=process.address)
    for thread in _post_all(shop, numbers, answered):
        thread.join()
    process.end(signal.SIGTERM)
    stored = Counter(one["object_id"] for one in shop.stored())
    assert stored == Counter(str(number) for number in numbers)


def _whole(shop: Endpoint) -> list[dict[str, str]]:
    recover(shop.folder)
    return shop.stored()
