"""On which of Google's networks ads are seen, and what part of a campaign's day each has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from connectors.sandbox.business.entities import Account
from connectors.sandbox.business.parameters import Parameters
from connectors.sandbox.business.portfolio import Integers
from connectors.sandbox.business.shares import varied

NETWORKS = ("SEARCH", "SEARCH_PARTNERS", "CONTENT", "YOUTUBE", "GMAIL", "DISCOVER", "MIXED")
_DAY_STREAM = 81
# By type of campaign, what each network usually weighs, in the order of NETWORKS.
_USUAL = {
    "SEARCH": (880, 120, 0, 0, 0, 0, 0),
    "SHOPPING": (940, 60, 0, 0, 0, 0, 0),
    "DISPLAY": (0, 0, 1000, 0, 0, 0, 0),
    "VIDEO": (0, 0, 90, 910, 0, 0, 0),
    "PERFORMANCE_MAX": (0, 0, 0, 0, 0, 0, 1000),
    "DEMAND_GEN": (0, 0, 0, 520, 140, 340, 0),
}


def network_weights(
    parameters: Parameters, account: Account, channels: Sequence[str], day: date
) -> Integers:
    """Returns the networks' shares of a day for campaigns of some types, shape (campaign, network).

    Args:
        parameters: The business's.
        account: Whose day.
        channels: The type of each campaign.
        day: A date of the account.
    """
    usual = np.array(list(_USUAL.values()), dtype=np.int64)
    key = [parameters.seed, _DAY_STREAM, account.serial, day.toordinal()]
    of_day = varied(key, usual.ravel()).reshape(usual.shape)
    types = list(_USUAL)
    return np.asarray(of_day[[types.index(channel) for channel in channels]])
