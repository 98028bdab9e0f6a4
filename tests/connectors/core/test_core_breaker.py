"""The circuit breaker."""

from __future__ import annotations

from connectors.core.breaker import COOL_DOWN_SECONDS, FAILURES_TO_OPEN, Breaker, Breakers


class _Time:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def _open(breaker: Breaker, account: str) -> None:
    for _ in range(FAILURES_TO_OPEN):
        breaker.failed(account)


def test_it_opens_after_three_failures_in_a_row() -> None:
    breaker = Breaker(_Time())
    breaker.failed("a")
    breaker.failed("a")
    assert breaker.state("a") == "closed"
    assert breaker.admit("a") == 0
    breaker.failed("a")
    assert breaker.state("a") == "open"
    assert breaker.admit("a") == COOL_DOWN_SECONDS


def test_a_success_between_failures_starts_the_count_again() -> None:
    breaker = Breaker(_Time())
    breaker.failed("a")
    breaker.failed("a")
    breaker.succeeded("a")
    breaker.failed("a")
    assert breaker.state("a") == "closed"


def test_half_open_lets_one_probe_out_and_closes_on_its_success() -> None:
    time = _Time()
    breaker = Breaker(time)
    _open(breaker, "a")
    time.now += COOL_DOWN_SECONDS
    assert breaker.state("a") == "half-open"
    assert breaker.admit("a") == 0
    assert breaker.admit("a") > 0, "a second call waits for the probe's verdict"
    breaker.succeeded("a")
    assert breaker.state("a") == "closed"
    assert breaker.admit("a") == 0


def test_a_failed_probe_opens_it_again() -> None:
    time = _Time()
    breaker = Breaker(time)
    _open(breaker, "a")
    time.now += COOL_DOWN_SECONDS
    assert breaker.admit("a") == 0
    breaker.failed("a")
    assert breaker.state("a") == "open"
    assert breaker.admit("a") == COOL_DOWN_SECONDS


def test_one_accounts_trouble_does_not_stop_another() -> None:
    breaker = Breaker(_Time())
    _open(breaker, "a")
    assert breaker.admit("a") > 0
    assert breaker.admit("b") == 0


def test_two_accounts_in_trouble_spare_the_whole_platform() -> None:
    time = _Time()
    breaker = Breaker(time)
    _open(breaker, "a")
    _open(breaker, "b")
    assert breaker.admit("c") > 0
    time.now += COOL_DOWN_SECONDS
    assert breaker.admit("c") == 0, "one probe for the platform"
    assert breaker.admit("b") > 0
    breaker.succeeded("c")
    assert breaker.admit("d") == 0
    assert breaker.admit("c") == 0


def test_a_failed_probe_of_a_third_account_keeps_the_platform_spared() -> None:
    time = _Time()
    breaker = Breaker(time)
    _open(breaker, "a")
    _open(breaker, "b")
    time.now += COOL_DOWN_SECONDS
    assert breaker.admit("c") == 0
    breaker.failed("c")
    assert breaker.admit("d") > 0


def test_each_platform_has_its_own_breaker() -> None:
    breakers = Breakers(_Time())
    assert breakers.of("one") is breakers.of("one")
    assert breakers.of("one") is not breakers.of("two")
