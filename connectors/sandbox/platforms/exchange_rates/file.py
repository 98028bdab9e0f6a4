"""The ECB's file of euro reference rates, as the ECB serves it: one CSV in a zip."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

from connectors.sandbox.business.rates import CURRENCIES, RateDay, Rates, published_at

PATH = "/stats/eurofxref/eurofxref-hist.zip"
_MEMBER = "eurofxref-hist.csv"


def render_csv(days: list[RateDay]) -> str:
    """Renders days, newest first; every line ends with a comma, as in the original."""
    lines = [",".join(["Date", *CURRENCIES]) + ","]
    for one in days:
        rates = (_written(one, currency) for currency in CURRENCIES)
        lines.append(",".join([one.day.isoformat(), *rates]) + ",")
    return "\n".join(lines) + "\n"


def render_zip(rates: Rates, clock: datetime) -> bytes:
    """Renders the file as it stood at a clock; equal clocks give equal bytes."""
    days = rates.known(clock)
    packed = io.BytesIO()
    stamp = published_at(days[0].day) if days else clock
    moment = (stamp.year, stamp.month, stamp.day, stamp.hour, stamp.minute, 0)
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(_MEMBER, moment), render_csv(days), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _written(day: RateDay, currency: str) -> str:
    rate = day.rates.get(currency)
    return "N/A" if rate is None else f"{rate:f}"
