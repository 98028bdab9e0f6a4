"""Where people see an account's ads: places, and what part of a campaign's day each has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from connectors.sandbox.business.entities import Campaign
from connectors.sandbox.business.parameters import Parameters
from connectors.sandbox.business.portfolio import Integers, Portfolio
from connectors.sandbox.business.shares import Shares, varied

PRESENCE, INTEREST = "LOCATION_OF_PRESENCE", "AREA_OF_INTEREST"
_DAY_STREAM = 61


@dataclass(frozen=True, slots=True)
class GeoTarget:
    """A place that ads can be aimed at; a country has no parent."""

    id: int
    name: str
    country_code: str
    type: str
    parent: int | None = None


def _country(number: int, name: str, code: str) -> GeoTarget:
    # Google numbers countries by 2000 and their number of ISO 3166-1.
    return GeoTarget(2000 + number, name, code, "Country")


_DE, _AT = _country(276, "Germany", "DE"), _country(40, "Austria", "AT")
_US, _CA = _country(840, "United States", "US"), _country(124, "Canada", "CA")
_NZ, _AU = _country(554, "New Zealand", "NZ"), _country(36, "Australia", "AU")
_IN, _AE = _country(356, "India", "IN"), _country(784, "United Arab Emirates", "AE")
_GB, _IE = _country(826, "United Kingdom", "GB"), _country(372, "Ireland", "IE")


def _regions(country: GeoTarget, type_: str, *named: tuple[int, str]) -> tuple[GeoTarget, ...]:
    return tuple(
        GeoTarget(id_, name, country.country_code, type_, country.id) for id_, name in named
    )


# The ids of regions are of Google's kind; which is whose is the sandbox's own.
_REGIONS = {
    _DE: _regions(_DE, "State", (20226, "Berlin"), (20228, "Bavaria"), (20231, "Hamburg")),
    _US: _regions(_US, "State", (21137, "California"), (21167, "New York"), (21176, "Texas")),
    _NZ: _regions(_NZ, "Region", (20561, "Auckland"), (20568, "Wellington")),
    _AU: _regions(_AU, "State", (20034, "New South Wales"), (20035, "Victoria")),
    _IN: _regions(_IN, "State", (20461, "Maharashtra"), (20455, "Karnataka"), (20453, "Delhi")),
    _GB: _regions(_GB, "Country", (20339, "England"), (20342, "Scotland")),
}
TARGETS = {
    target.id: target
    for target in (_DE, _AT, _US, _CA, _NZ, _AU, _IN, _AE, _GB, _IE, *sum(_REGIONS.values(), ()))
}
_HOMES = {"EUR": (_DE, _AT), "USD": (_US, _CA), "NZD": (_NZ, _AU), "INR": (_IN, _AE),
          "GBP": (_GB, _IE), "AUD": (_AU, _NZ)}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A country or a region in it, and how people have to do with it.

    Attributes:
        region: None where the platform knows no more than the country.
        location_type: `LOCATION_OF_PRESENCE` or `AREA_OF_INTEREST`.
    """

    country: GeoTarget
    region: GeoTarget | None
    location_type: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A place, seen by one campaign."""

    campaign: Campaign
    place: Place


class Geography:
    """All places of an account.

    Attributes:
        spots: They stand campaign by campaign, in the order of the portfolio.
    """

    def __init__(self, parameters: Parameters, portfolio: Portfolio) -> None:
        self._seed, self._serial = parameters.seed, portfolio.account.serial
        places = _places(portfolio.account.currency)
        held = portfolio.campaigns
        self.spots = tuple(Spot(campaign, place) for campaign in held for place, _ in places)
        self._parent: Integers = np.repeat(np.arange(len(held), dtype=np.int64), len(places))
        usual = np.array([weight for _, weight in places], dtype=np.int64)
        self._usual: Integers = np.tile(usual, len(held))

    def shares(self, day: date) -> Shares:
        """Returns each spot's share of its campaign's figures of a day."""
        key = [self._seed, _DAY_STREAM, self._serial, day.toordinal()]
        return Shares(self._parent, varied(key, self._usual))


def _places(currency: str) -> list[tuple[Place, int]]:
    """The places of an account, each with what it usually weighs."""
    home, abroad = _HOMES[currency]
    places = [
        (Place(home, region, PRESENCE), 300 - 70 * number)
        for number, region in enumerate(_REGIONS[home])
    ]
    places.append((Place(home, None, PRESENCE), 90))
    places.append((Place(home, _REGIONS[home][0], INTEREST), 45))
    places.append((Place(home, None, INTEREST), 20))
    places.append((Place(abroad, None, PRESENCE), 40))
    return places
