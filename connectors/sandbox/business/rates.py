"""Euro reference rates of the simulated world: TARGET days only, known from 16:00 in Frankfurt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import numpy as np

from connectors.sandbox.business.calendar import local_instant
from connectors.sandbox.business.parameters import Parameters

DAYS_OF_HISTORY = 60
_ZONE = "Europe/Berlin"
_PUBLISHED = time(16)
_RATES_STREAM = 41
_REVERSION = 0.02

# The columns of the ECB's own file, in its order; None are currencies that have joined the euro or
# are no longer quoted. Beginning of the walk (units for one euro) and daily volatility.
CURRENCIES: dict[str, tuple[float, float] | None] = {
    "USD": (1.12, 0.0042), "JPY": (175.0, 0.0055), "BGN": None, "CYP": None,
    "CZK": (24.4, 0.0020), "DKK": (7.4730, 0.00004), "EEK": None, "GBP": (0.84, 0.0032),
    "HUF": (367.0, 0.0040), "LTL": None, "LVL": None, "MTL": None, "PLN": (4.39, 0.0033),
    "ROL": None, "RON": (5.34, 0.0008), "SEK": (10.98, 0.0036), "SIT": None, "SKK": None,
    "CHF": (0.92, 0.0030), "ISK": (136.0, 0.0025), "NOK": (10.31, 0.0045), "HRK": None,
    "RUB": None, "TRL": None, "TRY": (55.5, 0.0050), "AUD": (1.6, 0.0044),
    "BRL": (6.02, 0.0070), "CAD": (1.56, 0.0037), "CNY": (7.43, 0.0038),
    "HKD": (8.76, 0.0042), "IDR": (20_250.0, 0.0045), "ILS": (3.48, 0.0055),
    "INR": (104.0, 0.0040), "KRW": (1_490.0, 0.0045), "MXN": (21.0, 0.0060),
    "MYR": (4.53, 0.0038), "NZD": (1.97, 0.0045), "PHP": (71.1, 0.0042),
    "SGD": (1.428, 0.0028), "THB": (37.6, 0.0040), "ZAR": (18.6, 0.0065),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RateDay:
    """The rates of one TARGET day, units of each currency for one euro."""

    day: date
    rates: dict[str, Decimal]


class Rates:
    """The reference rates of a business, from 60 days before its first day to its last."""

    def __init__(self, parameters: Parameters) -> None:
        first = parameters.first_day - timedelta(days=DAYS_OF_HISTORY)
        count = (parameters.end - first).days + 1
        days = [first + timedelta(days=step) for step in range(count)]
        self._days = tuple(_walk(parameters.seed, [day for day in days if is_target_day(day)]))

    def known(self, clock: datetime) -> list[RateDay]:
        """Returns the days that are published as of a clock, newest first."""
        return [one for one in reversed(self._days) if published_at(one.day) <= clock]


def published_at(day: date) -> datetime:
    """Returns the instant (UTC) at which a day's rates appear."""
    return local_instant(_ZONE, day, _PUBLISHED)


def is_target_day(day: date) -> bool:
    """Says whether the euro payment system is open: no weekend and none of its six holidays."""
    if day.weekday() >= 5 or (day.month, day.day) in {(1, 1), (5, 1), (12, 25), (12, 26)}:
        return False
    return day - _easter(day.year) not in {timedelta(days=-2), timedelta(days=1)}


def _easter(year: int) -> date:
    """Returns Easter Sunday (Gauss's rule for the Gregorian calendar)."""
    golden, century = year % 19, year // 100
    shift = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    moon = shift - (shift // 28) * (1 - (29 // (shift + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    days_after_21_march = moon - weekday
    return date(year, 3, 28) + timedelta(days=days_after_21_march)


def _walk(seed: int, days: list[date]) -> list[RateDay]:
    columns: dict[str, list[Decimal]] = {}
    for number, (currency, way) in enumerate(CURRENCIES.items()):
        if way is None:
            continue
        level, volatility = way
        steps = np.random.default_rng([seed, _RATES_STREAM, number]).normal(0, 1, len(days))
        away, path = 0.0, []
        for step in steps:
            away += volatility * float(step) - _REVERSION * away
            path.append(_quoted(level * float(np.exp(away))))
        columns[currency] = path
    return [
        RateDay(day, {currency: path[position] for currency, path in columns.items()})
        for position, day in enumerate(days)
    ]


def _quoted(rate: float) -> Decimal:
    """Rounds as the ECB quotes: about six digits, and no trailing zeros."""
    places = 5 if rate < 1 else 4 if rate < 100 else 2
    return Decimal(f"{rate:.{places}f}").normalize()
