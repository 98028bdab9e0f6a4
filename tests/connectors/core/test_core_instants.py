"""What others write of times is an instant or a refusal, whatever it is."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.core.instants import in_zone
from connectors.core.series import day_of
from connectors.platforms.webhooks.events import instant

PUNE = ZoneInfo("Asia/Kolkata")
EDGES = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "9999-12-31T23:59:59Z")


@pytest.mark.parametrize("text", EDGES)
def test_there_is_no_day_beyond_the_calendar(text: str) -> None:
    assert day_of(text, PUNE) is None
    with pytest.raises(ValueError, match="no year that calendars have"):
        in_zone(datetime.fromisoformat(text), PUNE)


@given(st.datetimes(timezones=st.timezones()))
def test_an_instant_is_the_same_by_each_clock(moment: datetime) -> None:
    try:
        found = in_zone(moment, PUNE)
    except ValueError:
        assert moment.year in (1, 9999)
    else:
        assert in_zone(found, UTC) == moment.astimezone(UTC)


@pytest.mark.parametrize("text", EDGES[:2])
def test_a_webhook_of_no_year_has_no_instant(text: str) -> None:
    assert instant(text) is None


@given(st.one_of(st.text(), st.integers(), st.floats(), st.none(), st.lists(st.text())))
def test_whatever_a_webhook_says_of_its_time_is_no_error(value: object) -> None:
    found = instant(value)
    assert found is None or found.tzinfo is not None
