"""The simulated exchange rates, held against the file that the ECB publishes."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from connectors.sandbox.business import Business, Parameters
from connectors.sandbox.business.rates import is_target_day
from connectors.sandbox.platforms.exchange_rates.file import render_csv, render_zip
from connectors.sandbox.service import simulated

REAL = Path(__file__).resolve().parents[3] / ".." / "shared/data/ecb_rates/eurofxref-hist.zip"
LATE = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def real_lines() -> list[str]:
    if not REAL.exists():
        pytest.skip("the ECB's file is not at hand")
    with zipfile.ZipFile(REAL) as archive:
        return archive.read("eurofxref-hist.csv").decode().splitlines()


def test_the_shape_is_the_ecbs(business: Business, real_lines: list[str]) -> None:
    lines = render_csv(business.rates.known(LATE)).splitlines()
    assert lines[0] == real_lines[0]
    for ours, theirs in zip(lines[1].split(","), real_lines[1].split(","), strict=True):
        assert (ours == "N/A") == (theirs == "N/A")
        assert (ours == "") == (theirs == "")


def test_target_days_are_the_ecbs(real_lines: list[str]) -> None:
    published = {date.fromisoformat(line[:10]) for line in real_lines[1:]}
    # Before 2002 TARGET also closed on 31 December, which these rules leave out.
    day, last = date(2002, 1, 1), max(published)
    wrong = []
    while day <= last:
        if is_target_day(day) != (day in published):
            wrong.append(day)
        day += timedelta(days=1)
    assert wrong == []


def test_rates_look_like_the_real_ones(business: Business, real_lines: list[str]) -> None:
    names, newest = real_lines[0].split(","), real_lines[1].split(",")
    real = dict(zip(names, newest, strict=True))
    for currency, rate in business.rates.known(LATE)[-1].rates.items():
        assert abs(rate / Decimal(real[currency]) - 1) < Decimal("0.05"), currency


def test_a_day_is_published_at_16_hours_in_frankfurt(business: Business) -> None:
    before = business.rates.known(datetime(2026, 11, 12, 14, 59, tzinfo=UTC))
    after = business.rates.known(datetime(2026, 11, 12, 15, 0, tzinfo=UTC))
    assert before[0].day == date(2026, 11, 11)
    assert after[0].day == date(2026, 11, 12)
    summer = business.rates.known(datetime(2026, 8, 12, 14, 0, tzinfo=UTC))
    assert summer[0].day == date(2026, 8, 12)


def test_history_begins_sixty_days_before_the_business(business: Business) -> None:
    first = business.rates.known(LATE)[-1].day
    assert timedelta(days=55) <= business.parameters.first_day - first <= timedelta(days=60)


def test_published_rates_never_change(business: Business) -> None:
    early = business.rates.known(datetime(2026, 9, 1, 20, tzinfo=UTC))
    late = {one.day: one.rates for one in business.rates.known(LATE)}
    assert all(late[one.day] == one.rates for one in early)
    assert render_csv(business.rates.known(LATE)) == render_csv(
        simulated(Parameters()).rates.known(LATE)
    )


def test_rates_move_but_not_wildly(business: Business) -> None:
    path = [one.rates["USD"] for one in business.rates.known(LATE)]
    moves = [abs(new / old - 1) for new, old in pairwise(path)]
    assert max(moves) < Decimal("0.02")
    assert len(set(path)) > len(path) / 2


def test_equal_clocks_give_equal_bytes(business: Business) -> None:
    clock = datetime(2026, 11, 12, 15, 0, tzinfo=UTC)
    packed = render_zip(business.rates, clock)
    assert packed == render_zip(business.rates, clock)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.namelist() == ["eurofxref-hist.csv"]
        assert archive.testzip() is None
