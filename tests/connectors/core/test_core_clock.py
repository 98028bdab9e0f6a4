"""The one clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from connectors.core import clock


def test_the_wall_clock_by_default() -> None:
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
    assert clock.now().tzinfo is UTC


@pytest.mark.parametrize(
    "text", ["2026-11-15T06:00:00Z", "2026-11-15T07:00:00+01:00", " 2026-11-14T22:00:00-08:00 "]
)
def test_a_frozen_instant_in_any_zone(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIBUTARY_NOW", text)
    assert clock.now() == datetime(2026, 11, 15, 6, tzinfo=UTC)
    assert clock.now().utcoffset() == timedelta(0)


def test_today_is_the_accounts_own_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIBUTARY_NOW", "2026-11-14T12:00:00Z")
    assert clock.today("Pacific/Auckland") == date(2026, 11, 15)
    assert clock.today("America/New_York") == date(2026, 11, 14)


@pytest.mark.parametrize(
    "text", ["yesterday", "2026-11-15", "2026-11-15T06:00:00", "2026-13-01T00Z"]
)
def test_a_malformed_instant_names_the_variable_and_an_example(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIBUTARY_NOW", text)
    with pytest.raises(ValueError, match=r"TRIBUTARY_NOW.*2026-11-15T06:00:00Z"):
        clock.now()


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd"])
def test_an_unknown_zone_is_a_value_error(zone: str) -> None:
    with pytest.raises(ValueError, match="time zone"):
        clock.today(zone)
