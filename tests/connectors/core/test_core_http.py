"""The client: retries, refresh, breaker, pace, addresses, and no secret anywhere."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.core.auth import NoAuth
from connectors.core.breaker import COOL_DOWN_SECONDS, Breaker
from connectors.core.errors import (
    AuthRejected,
    BadRequest,
    ConnectorError,
    NetworkTrouble,
    RateLimited,
    ServerTrouble,
    ShapeChanged,
    Terminal,
    Transient,
)
from connectors.core.http import Client
from connectors.core.pacing import LONGEST_WAIT, MAX_RETRIES, Bucket

ATTEMPTS = MAX_RETRIES + 1


def _calls(server: Any) -> list[Any]:
    return [asked for asked in server.asked if asked.path != "/token"]


def test_an_answer_is_parsed_and_counted(kit: Any, serve: Any) -> None:
    server = serve({"a": 1})
    client = kit.client(server)
    reply = client.get("/v1/things", params={"limit": "5"})
    assert reply.data == {"a": 1}
    call = _calls(server)[0]
    assert call.url == "https://api.example/v1/things?limit=5"
    assert call.headers["Authorization"] == "Bearer access-token-1"
    assert client.stats.requests == 2, "the token and the answer"
    assert client.stats.retries == 0
    assert client.stats.bytes > len(reply.body)


def test_every_signed_request_carries_the_platforms_own_headers(kit: Any, serve: Any) -> None:
    server = serve({})
    platform = kit.platform(headers={"Version": "7", "Method": "LIST"})
    client = kit.client(server, platform=platform)
    client.get("/x", headers={"Method": "FIND"})
    (call,) = _calls(server)
    assert (call.headers["Version"], call.headers["Method"]) == ("7", "FIND")
    assert "Version" not in next(asked for asked in server.asked if asked.path == "/token").headers


def test_post_sends_json(kit: Any, serve: Any) -> None:
    server = serve([])
    kit.client(server).post("v1/search", json={"query": "x"}, headers={"extra": "1"})
    call = _calls(server)[0]
    assert (call.method, call.json, call.headers["extra"]) == ("POST", {"query": "x"}, "1")
    assert call.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 408])
def test_trouble_that_passes_is_survived(status: int, kit: Any, serve: Any) -> None:
    sleeper = kit.sleeper()
    server = serve(kit.answer(status=status), kit.answer(status=status), {"ok": True})
    client = kit.client(server, sleep=sleeper)
    assert client.get("/x").data == {"ok": True}
    assert client.stats.retries == 2
    first, second = sleeper.waits
    assert 0.8 <= first <= 1.2
    assert 1.6 <= second <= 2.4


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (requests.ConnectionError("reset"), NetworkTrouble),
        (requests.Timeout("slow"), NetworkTrouble),
        (requests.exceptions.ChunkedEncodingError("cut"), NetworkTrouble),
        (requests.exceptions.SSLError("who?"), NetworkTrouble),
        (503, ServerTrouble),
        (429, RateLimited),
        ("truncated", NetworkTrouble),
    ],
    ids=str,
)
def test_trouble_that_stays_ends_after_six_attempts(
    trouble: Any, kind: type[ConnectorError], kit: Any, serve: Any
) -> None:
    answer = {
        int: lambda: kit.answer(status=trouble, data={}),
        str: lambda: kit.answer(body=b'{"results": [{"a": 1}, {"b'),
    }.get(type(trouble), lambda: trouble)()
    server, sleeper = serve(answer), kit.sleeper()
    with pytest.raises(kind) as caught:
        kit.client(server, sleep=sleeper).get("/x")
    assert len(_calls(server)) == ATTEMPTS
    assert len(sleeper.waits) == MAX_RETRIES
    assert caught.value.platform == "example"
    assert caught.value.account == "42"
    assert caught.value.url == "https://api.example/x"


@given(st.lists(st.sampled_from([200, 400, 401, 403, 404, 429, 500, 503, 0, -1]), max_size=20))
@settings(max_examples=80)
def test_never_more_than_six_attempts(kit: Any, statuses: list[int]) -> None:
    """Whatever mixture of answers, resets (0) and truncated bodies (-1) comes."""
    left = list(statuses)

    def handler(asked: Any) -> Any:
        if asked.path == "/token":
            return dict(kit.token)
        status = left.pop(0) if left else 500
        if status == 0:
            return requests.ConnectionError("reset")
        return kit.answer(body=b"{") if status == -1 else kit.answer({}, status=status)

    server, gave_up = kit.server(handler), False
    with contextlib.suppress(Terminal):
        try:
            kit.client(server).get("/x")
        except Transient:
            gave_up = True
    assert len(_calls(server)) <= ATTEMPTS
    assert not gave_up or len(_calls(server)) == ATTEMPTS


@pytest.mark.parametrize(
    ("asked", "least", "most"), [("7", 7, 8.4), ("100000", LONGEST_WAIT, LONGEST_WAIT)]
)
def test_retry_after_is_honoured_up_to_a_cap(
    asked: str, least: float, most: float, kit: Any, serve: Any
) -> None:
    sleeper = kit.sleeper()
    server = serve(kit.answer(status=429, headers={"retry-after": asked}), {})
    kit.client(server, sleep=sleeper).get("/x")
    assert least <= sleeper.waits[0] <= most


def test_a_platforms_own_delay_wins_over_the_header(kit: Any, serve: Any) -> None:
    platform = kit.platform(
        read_error=lambda reply: (
            RateLimited("slow down", retry_after=3.0) if reply.status == 429 else None
        )
    )
    sleeper = kit.sleeper()
    server = serve(kit.answer(status=429, headers={"Retry-After": "9"}), {})
    kit.client(server, platform=platform, sleep=sleeper).get("/x")
    assert 3 <= sleeper.waits[0] <= 3.6


@pytest.mark.parametrize(
    ("status", "kind"), [(400, BadRequest), (404, BadRequest), (403, AuthRejected)]
)
def test_what_cannot_be_helped_is_not_tried_again(
    status: int, kind: type[ConnectorError], kit: Any, serve: Any
) -> None:
    server = serve(kit.answer({"why": "because"}, status=status))
    with pytest.raises(kind, match="because"):
        kit.client(server).get("/x")
    assert len(_calls(server)) == 1


def test_an_expired_token_is_refreshed_once(kit: Any, serve: Any) -> None:
    sleeper = kit.sleeper()
    server = serve(kit.answer(status=401), {"ok": True})
    assert kit.client(server, sleep=sleeper).get("/x").data == {"ok": True}
    assert [call.headers["Authorization"] for call in _calls(server)] == [
        "Bearer access-token-1",
        "Bearer access-token-2",
    ]
    assert sleeper.waits == []


def test_a_new_token_that_is_refused_too_is_the_end(kit: Any, serve: Any) -> None:
    server = serve(kit.answer(status=401))
    with pytest.raises(AuthRejected):
        kit.client(server).get("/x")
    assert len(_calls(server)) == 2


def test_without_refresh_a_401_is_the_end(kit: Any, serve: Any) -> None:
    server = serve(kit.answer(status=401))
    with pytest.raises(AuthRejected):
        kit.client(server, platform=kit.platform(auth=NoAuth())).get("/x")
    assert len(_calls(server)) == 1


@pytest.mark.parametrize(
    ("status", "data", "kind", "tries", "word"),
    [
        (400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."},
         AuthRejected, 1, "revoked"),
        (401, {"error": "invalid_client"}, AuthRejected, 1, "invalid_client"),
        (403, "<html>", AuthRejected, 1, "html"),
        (503, {}, ServerTrouble, ATTEMPTS, "503"),
        (429, {}, RateLimited, ATTEMPTS, "429"),
        (200, {"nothing": 1}, ShapeChanged, 1, "token"),
        (200, [], ShapeChanged, 1, "token"),
    ],
    ids=["invalid_grant", "invalid_client", "page", "down", "busy", "no token", "no object"],
)  # fmt: skip
def test_trouble_at_the_token_address(
    status: int, data: Any, kind: type[ConnectorError], tries: int, word: str, kit: Any
) -> None:
    server = kit.server(lambda asked: kit.answer(data, status=status))
    with pytest.raises(kind, match=word) as caught:
        kit.client(server).get("/x")
    assert len(server.asked) == tries, "its retries are its own: they are not multiplied"
    assert caught.value.url == "https://login.example/token"


def test_an_error_that_asks_for_the_chunk_again_is_not_repeated_here(kit: Any, serve: Any) -> None:
    platform = kit.platform(read_error=lambda reply: ServerTrouble("expired", restart_chunk=True))
    breaker, server = Breaker(), serve({})
    for _ in range(4):
        with pytest.raises(ServerTrouble) as caught:
            kit.client(server, platform=platform, breaker=breaker).get("/x")
        assert caught.value.restart_chunk
    assert len(_calls(server)) == 4
    assert breaker.state("42") == "closed"


def test_the_breaker_opens_and_spares_the_platform(kit: Any, serve: Any) -> None:
    time = [0.0]
    breaker, server = Breaker(lambda: time[0]), serve(kit.answer(status=503))
    client = kit.client(server, breaker=breaker)
    for _ in range(3):
        with pytest.raises(ServerTrouble):
            client.get("/x")
    sent = len(_calls(server))
    with pytest.raises(ServerTrouble, match="circuit breaker"):
        client.get("/x")
    assert len(_calls(server)) == sent
    time[0] = COOL_DOWN_SECONDS + 1
    server.handler = lambda asked: dict(kit.token) if asked.path == "/token" else {"ok": True}
    assert client.get("/x").data == {"ok": True}


def test_a_refused_question_does_not_open_the_breaker(kit: Any, serve: Any) -> None:
    breaker = Breaker()
    client = kit.client(serve(kit.answer(status=400)), breaker=breaker)
    for _ in range(5):
        with pytest.raises(BadRequest):
            client.get("/x")
    assert breaker.state("42") == "closed"


def test_an_interrupted_probe_leaves_the_way_free(kit: Any, serve: Any) -> None:
    time = [0.0]
    breaker = Breaker(lambda: time[0])
    for _ in range(3):
        breaker.failed("42")
    time[0] = COOL_DOWN_SECONDS + 1

    def interrupted(body: bytes) -> Any:
        raise KeyboardInterrupt

    client = kit.client(serve({}), breaker=breaker)
    with pytest.raises(KeyboardInterrupt):
        client.get("/x", parse=interrupted)
    assert client.get("/x").data == {}


def test_the_pace_of_the_account_is_kept(kit: Any, serve: Any) -> None:
    sleeper = kit.sleeper()
    client = kit.client(
        serve({}),
        bucket=Bucket(2.0, lambda: 0.0),
        sleep=sleeper,
        platform=kit.platform(auth=NoAuth()),
    )
    for _ in range(6):
        client.get("/x")
    assert sleeper.waits == pytest.approx([0.5, 1.0])


def test_addresses_that_are_counted_apart_have_a_pace_of_their_own(kit: Any, serve: Any) -> None:
    sleeper = kit.sleeper()
    platform = kit.platform(
        name="paces",
        auth=NoAuth(),
        paces={"/reports": 1 / 30, "/lists": 100.0},
        read_usage=lambda reply: float(reply.headers.get("Wait", "0")),
    )
    headers = {"/reports": {}, "/lists": {"Wait": "60"}, "/x": {}}
    server = kit.server(lambda asked: kit.answer({}, headers=headers[asked.path]))
    client = kit.client(server, bucket=None, sleep=sleeper, platform=platform)
    for path in ("/x", "/reports", "/x", "/reports?page=2", "/lists", "/x"):
        client.get(path)
    # Only the second report had to wait; what the list asks for holds for lists alone.
    assert [round(one) for one in sleeper.waits] == [30]
    client.get("/lists")
    assert [round(one) for one in sleeper.waits] == [30, 60]


def test_the_base_of_the_waits_scales_them_all(
    kit: Any, serve: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIBUTARY_RETRY_BASE", "0.001")
    sleeper = kit.sleeper()
    with pytest.raises(ServerTrouble):
        kit.client(serve(kit.answer(status=500)), sleep=sleeper).get("/x")
    assert sum(sleeper.waits) <= 0.031 * 1.2


def test_a_base_of_zero_never_waits(kit: Any, serve: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIBUTARY_RETRY_BASE", "0")
    sleeper = kit.sleeper()
    with pytest.raises(RateLimited):
        kit.client(serve(kit.answer(status=429)), sleep=sleeper, bucket=None).get("/x")
    assert sleeper.waits == []


def test_clients_of_one_account_share_pace_and_breaker(kit: Any, serve: Any) -> None:
    platform, account = kit.platform(name="shared_pace"), None
    one, two = (
        Client(platform, kit.credential, account, session=serve({}).session()) for _ in range(2)
    )
    assert one._caller.bucket is two._caller.bucket
    assert one._breaker is two._breaker


def test_stats_can_be_kept_as_they_stand(kit: Any, serve: Any) -> None:
    client = kit.client(serve({}))
    before = client.stats.copy()
    with client:
        client.get("/x")
    assert before.requests == 0
    assert client.stats.requests == 2


def test_a_form_is_posted_as_one(kit: Any, serve: Any) -> None:
    server = serve({"report_run_id": "1"})
    kit.client(server).post("/insights", form={"level": "ad", "fields": "a,b"})
    (asked,) = _calls(server)
    assert asked.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert asked.body == b"level=ad&fields=a%2Cb"
