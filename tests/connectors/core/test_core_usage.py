"""A platform that tells how much of the allowance is used up is obeyed before it has to refuse."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.core.auth import NoAuth
from connectors.core.errors import BadRequest
from connectors.core.pacing import LONGEST_WAIT, Bucket


def _client(kit: Any, *answers: Any, sleeper: Any) -> Any:
    left = list(answers)
    platform = kit.platform(
        auth=NoAuth(), read_usage=lambda reply: float(reply.headers.get("Usage", 0))
    )
    return kit.client(
        kit.server(lambda asked: left.pop(0)),
        platform=platform,
        bucket=Bucket(1000.0, lambda: 0.0),
        sleep=sleeper,
    )


def test_high_usage_holds_the_next_request_and_not_this_one(kit: Any) -> None:
    sleeper = kit.sleeper()
    client = _client(kit, kit.answer({}, headers={"Usage": "30"}), {}, sleeper=sleeper)
    client.get("/x")
    assert sleeper.waits == []
    client.get("/x")
    assert sleeper.waits == pytest.approx([30.0])


def test_usage_is_read_on_errors_too(kit: Any) -> None:
    sleeper = kit.sleeper()
    refused = kit.answer({}, status=400, headers={"Usage": "7"})
    client = _client(kit, refused, {}, sleeper=sleeper)
    with pytest.raises(BadRequest):
        client.get("/x")
    client.get("/x")
    assert sleeper.waits == pytest.approx([7.0])


def test_nobody_sleeps_for_hours(kit: Any) -> None:
    sleeper = kit.sleeper()
    client = _client(kit, kit.answer({}, headers={"Usage": "86400"}), {}, sleeper=sleeper)
    client.get("/x")
    client.get("/x")
    assert sleeper.waits == pytest.approx([LONGEST_WAIT])


def test_waits_for_a_platforms_work_are_scaled(kit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIBUTARY_RETRY_BASE", "0.01")
    sleeper = kit.sleeper()
    client = _client(kit, kit.answer({}, headers={"Usage": "30"}), {}, sleeper=sleeper)
    client.wait(10.0)
    client.get("/x")
    client.get("/x")
    assert sleeper.waits == pytest.approx([0.1, 0.3])
    monkeypatch.setenv("TRIBUTARY_RETRY_BASE", "0")
    _client(kit, sleeper=sleeper).wait(10.0)
    assert len(sleeper.waits) == 2
