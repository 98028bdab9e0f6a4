"""Waits between attempts, and the pace of an account."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.core.pacing import (
    LONGEST_WAIT,
    MAX_RETRIES,
    Bucket,
    Buckets,
    retry_after_seconds,
    wait_before_retry,
    wait_scale,
    window_seconds,
)


def test_waits_double_from_one_second() -> None:
    waits = [wait_before_retry(n, None, chance=lambda: 0.5) for n in range(1, MAX_RETRIES + 1)]
    assert waits == [1, 2, 4, 8, 16]


@given(st.integers(1, MAX_RETRIES), st.floats(0, 1))
def test_jitter_is_a_fifth_either_way(retry: int, chance: float) -> None:
    plain = 2 ** (retry - 1)
    assert 0.8 * plain - 1e-9 <= wait_before_retry(retry, None, chance=lambda: chance)
    assert wait_before_retry(retry, None, chance=lambda: chance) <= 1.2 * plain + 1e-9


@given(st.floats(0.001, 1e9), st.floats(0, 1))
def test_what_was_asked_is_waited_up_to_the_cap(asked: float, chance: float) -> None:
    wait = wait_before_retry(1, asked, chance=lambda: chance)
    assert min(asked, LONGEST_WAIT) <= wait <= min(asked * 1.2, LONGEST_WAIT) + 1e-9


def test_zero_asked_falls_back_to_the_backoff() -> None:
    assert wait_before_retry(2, 0.0, chance=lambda: 0.5) == 2


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": " 2.5 "}, 2.5),
        ({"Retry-After": "-3"}, 0.0),
        ({"Retry-After": "inf"}, None),
        ({"Retry-After": "soon"}, None),
        (
            {
                "Retry-After": "Sun, 15 Nov 2026 06:01:00 GMT",
                "Date": "Sun, 15 Nov 2026 06:00:00 GMT",
            },
            60.0,
        ),
        ({"Retry-After": "Sun, 15 Nov 1998 06:01:00 GMT"}, 0.0),
    ],
)
def test_retry_after_is_seconds_or_a_date(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after_seconds(headers) == seconds


def test_the_scale_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert wait_scale() == 1.0
    monkeypatch.setenv("TRIBUTARY_RETRY_BASE", "0.01")
    assert wait_scale() == 0.01


@pytest.mark.parametrize("text", ["fast", "-1", "nan", "inf"])
def test_a_malformed_scale_names_the_variable(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIBUTARY_RETRY_BASE", text)
    with pytest.raises(ValueError, match="TRIBUTARY_RETRY_BASE"):
        wait_scale()


@given(st.floats(0.1, 100), st.lists(st.floats(0, 3), min_size=1, max_size=120))
def test_no_interval_sees_more_than_the_burst_and_the_rate(rate: float, gaps: list[float]) -> None:
    """Requests may come at any time: between any two of them the allowance holds."""
    time = [0.0]
    bucket = Bucket(rate, lambda: time[0])
    sent = []
    for gap in gaps:
        time[0] += gap
        sent.append(time[0] + bucket.reserve())
    burst = max(2 * rate, 1.0)
    for first in range(len(sent)):
        for last in range(first, len(sent)):
            allowed = burst + (sent[last] - sent[first]) * rate
            assert last - first + 1 <= allowed + 1 + 1e-6


def test_a_burst_of_twice_the_rate_goes_out_at_once() -> None:
    bucket = Bucket(5.0, lambda: 0.0)
    assert [bucket.reserve() for _ in range(10)] == [0.0] * 10
    assert bucket.reserve() == pytest.approx(0.2)
    assert bucket.reserve() == pytest.approx(0.4)


def test_a_held_bucket_lets_nobody_pass_and_then_all_in_order() -> None:
    time = [0.0]
    bucket = Bucket(2.0, lambda: time[0])
    bucket.hold(60.0)
    assert bucket.reserve() == pytest.approx(60.0)
    assert bucket.reserve() == pytest.approx(60.5), "not all at once when it ends"
    time[0] = 59.0
    bucket.hold(0.5)
    assert bucket.reserve() == pytest.approx(2.0), "a shorter hold shortens nothing"


def test_each_account_has_its_own_bucket() -> None:
    buckets = Buckets(lambda: 0.0)
    assert buckets.of("example", "1", 5) is buckets.of("example", "1", 5)
    assert buckets.of("example", "1", 5) is not buckets.of("example", "2", 5)


def test_a_rate_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="never"):
        Bucket(0.0)


@pytest.mark.parametrize(
    ("left", "until", "seconds"),
    [("0", "41", 41.0), (" 0 ", "41", 41.0), ("1", "41", 0.0), ("", "41", 0.0), ("0", "soon", 0.0)],
)
def test_a_limit_of_which_nothing_is_left(left: str, until: str, seconds: float) -> None:
    headers = {"RateLimit-Remaining": left, "RateLimit-Reset": until}
    assert window_seconds(headers) == seconds
