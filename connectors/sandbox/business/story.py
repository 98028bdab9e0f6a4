"""What happens in the business by script, so that whoever looks for it can be checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from connectors.sandbox.business.calendar import midnight
from connectors.sandbox.business.catalogue import Catalogue
from connectors.sandbox.business.entities import Account
from connectors.sandbox.business.networks import Network
from connectors.sandbox.business.parameters import Parameters


@dataclass(frozen=True, slots=True)
class Event:
    """One scripted thing.

    Attributes:
        kind: `incident`, `win` or `restated_to_nothing`.
        account: The ad account it happens to.
        campaign: Position of the campaign in its account; None for all of them.
        first: First day concerned, in the account's zone.
        last: Last day concerned; None when it does not end.
        factor: What it multiplies the chance of a conversion by.
        known_from: The instant from which the platform shows it; None when from the first moment.
        description: What a person would say about it.
    """

    kind: str
    account: Account
    campaign: int | None
    first: date
    last: date | None
    factor: float
    known_from: datetime | None
    description: str

    @property
    def order_factor(self) -> float:
        """What it multiplies the shop's own orders from those ads by.

        A lost tag loses no order, and nobody buys after an invalid click.
        """
        return {"incident": 1.0, "restated_to_nothing": 0.0}.get(self.kind, self.factor)

    def covers(self, day: date) -> bool:
        """Says whether the event concerns a day."""
        return self.first <= day and (self.last is None or day <= self.last)


def story(
    parameters: Parameters, people: Catalogue, networks: Sequence[Network]
) -> tuple[Event, ...]:
    """Writes the script of a business: an incident, a win, days restated to nothing everywhere."""
    home, *others = networks
    accounts = people.accounts_on(home.platform)
    outage, winner, emptied = accounts[0], accounts[len(accounts) // 2], accounts[-1]
    return (
        _outage(parameters, outage),
        _win(parameters, winner),
        _restated(parameters, accounts[min(1, len(accounts) - 1)], home.first_campaign),
        _restated(parameters, emptied, None),
        *(
            _restated(parameters, account, one.first_campaign)
            for one in others
            for account in people.accounts_on(one.platform)[:1]
        ),
    )


def _outage(parameters: Parameters, account: Account) -> Event:
    first = parameters.days_before_end(17)
    return Event(
        kind="incident",
        account=account,
        campaign=None,
        first=first,
        last=min(first + timedelta(days=2), parameters.end),
        factor=0.02,
        known_from=None,
        description=(
            f"The conversion tag of {account.name} was lost in a site release: for three days "
            "clicks and spend went on and almost no conversion was counted."
        ),
    )


def _win(parameters: Parameters, account: Account) -> Event:
    return Event(
        kind="win",
        account=account,
        campaign=0,
        first=parameters.days_before_end(30),
        last=None,
        factor=2.0,
        known_from=None,
        description=(
            f"New creatives with a clear offer in the brand campaign of {account.name} doubled "
            "its conversion rate from this day on."
        ),
    )


def _restated(parameters: Parameters, account: Account, first_campaign: str | None) -> Event:
    # Inside a 30-day lookback at both ends: a pull 28 days before the end still sees the day, one
    # 7 days before the end sees it gone.
    day = parameters.days_before_end(31 if first_campaign is None else 33)
    known = midnight(account.time_zone, parameters.days_before_end(10))
    whose = "every campaign" if first_campaign is None else first_campaign
    return Event(
        kind="restated_to_nothing",
        account=account,
        campaign=None if first_campaign is None else 0,
        first=day,
        last=day,
        factor=1.0,
        known_from=known,
        description=(
            f"The traffic of {whose} of {account.name} on this day was found to be invalid: from "
            "then on the platform returns nothing for it."
        ),
    )
