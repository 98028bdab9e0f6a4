"""Half-open windows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.core.window import Window

_instants = st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))


@given(st.dates(), st.integers(1, 800), st.integers(1, 100))
def test_pieces_of_dates_tile_the_window(start: date, days: int, size: int) -> None:
    end = min(start.toordinal() + days, date.max.toordinal())
    if end == start.toordinal():
        return
    window = Window(start, date.fromordinal(end))
    pieces = window.split(size)
    assert [day for piece in pieces for day in piece.days()] == list(window.days())
    assert all(1 <= len(piece.days()) <= size for piece in pieces)
    assert all(a.end == b.start for a, b in pairwise(pieces))


@given(_instants, st.timedeltas(timedelta(microseconds=1), timedelta(days=90)), st.integers(1, 9))
def test_pieces_of_instants_tile_the_window(start: datetime, length: timedelta, size: int) -> None:
    window = Window(start, start + length)
    pieces = window.split(size)
    assert pieces[0].start == window.start
    assert pieces[-1].end == window.end
    assert all(a.end == b.start for a, b in pairwise(pieces))
    assert all(piece.end - piece.start <= timedelta(days=size) for piece in pieces)


@given(st.dates(), st.dates(), st.dates())
def test_a_moment_is_inside_from_the_start_until_before_the_end(
    a: date, b: date, moment: date
) -> None:
    if a == b:
        return
    window = Window(min(a, b), max(a, b))
    assert (moment in window) == (min(a, b) <= moment < max(a, b))


def test_no_limit_does_not_cut() -> None:
    window = Window(date(2026, 1, 1), date(2027, 1, 1))
    assert window.split(None) == (window,)
    assert window.last_day == date(2026, 12, 31)
    assert str(window) == "2026-01-01..2027-01-01"


@pytest.mark.parametrize(
    ("start", "end", "message"),
    [
        (date(2026, 1, 2), date(2026, 1, 2), "empty"),
        (date(2026, 1, 2), date(2026, 1, 1), "empty"),
        (datetime(2026, 1, 1), datetime(2026, 1, 2), "time zone"),
        (date(2026, 1, 1), datetime(2026, 1, 2, tzinfo=UTC), "both"),
    ],
    ids=["empty", "backwards", "naive", "mixed"],
)
def test_a_window_that_makes_no_sense_is_refused(start: date, end: date, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Window(start, end)


def test_pieces_of_no_days_are_refused() -> None:
    with pytest.raises(ValueError, match="0 days"):
        Window(date(2026, 1, 1), date(2026, 1, 2)).split(0)


def test_instants_have_no_days() -> None:
    window = Window(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC))
    with pytest.raises(ValueError, match="instants"):
        window.days()


def test_the_ends_as_instants_are_midnights_of_a_zone() -> None:
    # Summer time ends on October 25.
    days = Window(date(2026, 10, 25), date(2026, 10, 26))
    assert days.instants("Europe/Berlin") == (
        datetime(2026, 10, 24, 22, tzinfo=UTC),
        datetime(2026, 10, 25, 23, tzinfo=UTC),
    )
    east = timezone(timedelta(hours=2))
    moments = Window(datetime(2026, 1, 1, tzinfo=east), datetime(2026, 1, 2, tzinfo=east))
    assert moments.instants("Europe/Berlin")[0] == datetime(2025, 12, 31, 22, tzinfo=UTC)
