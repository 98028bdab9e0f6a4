"""Series become rows: the days that they are of, and what happened on them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from connectors.core.errors import ShapeChanged
from connectors.core.series import by_day, days_of

BERLIN = ZoneInfo("Europe/Berlin")
DAYS = ["2026-11-01", "2026-11-02", "2026-11-03"]


def test_a_midnight_is_the_accounts_and_another_time_an_instant() -> None:
    labels = [
        f"{day}T00:00:00{offset}" for day, offset in zip(DAYS, ("", "Z", "+01:00"), strict=True)
    ]
    assert days_of(labels, BERLIN) == DAYS
    assert days_of(["2026-10-31T23:00:00Z", "2026-11-01T23:30:00+00:00"], BERLIN) == DAYS[:2]
    with pytest.raises(ShapeChanged, match="soon"):
        days_of(["soon"], BERLIN)


def test_days_without_anything_are_left_out() -> None:
    series = {"sent": [0.0, 2.0, 0.0], "value": [0.0, 0.0, None]}
    assert list(by_day(series, DAYS)) == [("2026-11-02", {"sent": 2.0, "value": 0.0})]
    for wrong in ({"sent": [1.0]}, {"sent": "7"}, [1.0]):
        with pytest.raises(ShapeChanged, match="does not fit"):
            list(by_day(wrong, DAYS))
