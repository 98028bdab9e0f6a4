"""Where and on what Meta shows ads: countries, platforms and devices, and their parts of a day."""

from __future__ import annotations

from datetime import date

import numpy as np

from connectors.sandbox.business.entities import Account
from connectors.sandbox.business.parameters import Parameters
from connectors.sandbox.business.portfolio import Integers
from connectors.sandbox.business.shares import varied

COUNTRY, PLATFORM, DEVICE = "country", "publisher_platform", "impression_device"
_PLACES_STREAM, _PLACEMENTS_STREAM = 91, 92
# Countries by the account's currency: its own, one beside it, one far away.
_PLACES = {
    "EUR": ("DE", "AT", "US"),
    "USD": ("US", "CA", "GB"),
    "AUD": ("AU", "NZ", "GB"),
    "NZD": ("NZ", "AU", "GB"),
    "INR": ("IN", "AE", "GB"),
    "GBP": ("GB", "IE", "US"),
}
_USUAL_PLACES = (860, 110, 30)
# Platform and device of an impression, and what they usually weigh together.
_USUAL_PLACEMENTS = {
    ("facebook", "iphone"): 170,
    ("facebook", "android_smartphone"): 260,
    ("facebook", "ipad"): 25,
    ("facebook", "android_tablet"): 15,
    ("facebook", "desktop"): 120,
    ("instagram", "iphone"): 190,
    ("instagram", "android_smartphone"): 150,
    ("instagram", "desktop"): 20,
    ("audience_network", "android_smartphone"): 45,
    ("audience_network", "other"): 5,
}


def cells_of(account: Account, breakdowns: tuple[str, ...]) -> list[dict[str, str]]:
    """Returns the keys of each part that a breakdown of one family divides an account's days into.

    Args:
        account: Whose.
        breakdowns: `country` alone, or some of `publisher_platform` and `impression_device`.
    """
    if COUNTRY in breakdowns:
        return [{COUNTRY: code} for code in _PLACES[account.currency]]
    return [{PLATFORM: platform, DEVICE: device} for platform, device in _USUAL_PLACEMENTS]


def weights_of(
    parameters: Parameters, account: Account, breakdowns: tuple[str, ...], day: date
) -> Integers:
    """Returns the share that each of those parts has of a day."""
    by_country = COUNTRY in breakdowns
    usual = _USUAL_PLACES if by_country else tuple(_USUAL_PLACEMENTS.values())
    stream = _PLACES_STREAM if by_country else _PLACEMENTS_STREAM
    key = [parameters.seed, stream, account.serial, day.toordinal()]
    return varied(key, np.array(usual, dtype=np.int64))


def unit_of(measure: str) -> int:
    """Returns what a measure comes in: Meta counts whole conversions."""
    return 100 if measure.startswith("conversions_hundredths") else 1
