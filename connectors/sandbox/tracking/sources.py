"""The sources that collect events in the business: whose, of which days, and where files go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from connectors.sandbox.business import Business
from connectors.sandbox.tracking.lines import drop_files
from connectors.sandbox.tracking.visits import Visits

PLATFORM = "events"
_HOURS_A_FILE = 6


@dataclass(frozen=True, slots=True)
class Source:
    """A site that has a collector, on the last days of the business.

    Attributes:
        organization: whose site.
        account: the name of the source.
        days: how many days of visits.
    """

    organization: str
    account: str
    days: int

    def visits(self, business: Business) -> Visits:
        """Returns the visits to its site."""
        (owner,) = (one for one in business.people.organizations if one.id == self.organization)
        return Visits(business, owner)

    def dates(self, business: Business) -> list[date]:
        """Returns its days, the first one first."""
        end = business.parameters.end
        return [end - timedelta(days=back) for back in reversed(range(self.days))]


_SOURCES = (Source("acme_outdoor", "web_shop", 9), Source("kiwi_kitchen", "storefront", 2))


def sources_of(business: Business) -> Iterator[Source]:
    """Yields the sources whose organizations the business has."""
    known = {one.id for one in business.people.organizations}
    return (one for one in _SOURCES if one.organization in known)


def collect(business: Business, landing: Path, now: datetime) -> int:
    """Writes what each source has received into `<landing>/<organization>/<source>`.

    Args:
        business: whose.
        landing: the folder of the lake where files land.
        now: the clock.

    Returns:
        How many lines were written; what lies there already is not written again.
    """
    return sum(
        drop_files(
            one.visits(business),
            one.dates(business),
            landing / one.organization / one.account,
            now,
            _HOURS_A_FILE,
            broken=0,  # a line that is set aside is trouble, of which the demo has none
        )
        for one in sources_of(business)
    )


def connections(business: Business) -> list[dict[str, Any]]:
    """Returns the sources for the file of `tributary connections apply`."""
    return [
        {
            "organization": one.organization,
            "platform": PLATFORM,
            "account": one.account,
            "settings": {"time_zone": one.visits(business).site.shop.time_zone},
        }
        for one in sources_of(business)
    ]
