"""Reports: what came of each subject in each period, in each cell of it, as of a clock.

A subject is an account, a campaign, an ad group or an ad; a period is a day or a run of days; a
cell is an hour of the day, or none. Figures are whole numbers by the names of the measures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from connectors.sandbox.business import Business
from connectors.sandbox.business.entities import Account
from connectors.sandbox.business.portfolio import Integers
from connectors.sandbox.tables.levels import add_days, days_between, sums
from connectors.sandbox.tables.things import Thing


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a report.

    Attributes:
        subject: Whom it is about.
        first, last: The days it is about, both included.
        hour: The hour of the day; None for all of it.
        figures: By measure.
        reach: How many people of the account's audience the impressions reach: the more there are,
            the fewer new ones.
    """

    subject: Thing
    first: date
    last: date
    hour: int | None
    figures: Mapping[str, int]
    reach: int


class Report:
    """A question about one account, whose units all are ads.

    Args:
        business: Whose.
        account: The account.
        level: What subjects are: one of `things.LEVELS`.
        clock: As of when.
        about: Whether an ad belongs to what is asked about; None for all.
    """

    def __init__(
        self,
        business: Business,
        account: Account,
        level: str,
        clock: datetime,
        about: Callable[[Thing], bool] | None = None,
    ) -> None:
        self._business, self._top = business, Thing(clock, account)
        self._portfolio = business.portfolio(account)
        self._level = sums(self._portfolio, self._top, level, about)
        self.subjects = self._level.subjects

    def daily(self, first: date, last: date) -> Iterator[Row]:
        """Yields a row for each subject and day on which something happened."""
        for day in days_between(first, last):
            yield from self._rows(self._figures([day]), day, day, None)

    def hourly(self, first: date, last: date) -> Iterator[Row]:
        """Yields a row for each subject and hour of the account in which something happened."""
        for day in days_between(first, last):
            figures = self._figures([day], cells=True)
            by_hour = () if figures is None else np.moveaxis(figures.sum(axis=3), 2, 0)
            for hour, of_hour in enumerate(by_hour):
                yield from self._rows(of_hour, day, day, hour)

    def whole(self, first: date, last: date) -> Iterator[Row]:
        """Yields a row for each subject, for all days together."""
        yield from self._rows(self._figures(days_between(first, last)), first, last, None)

    def _rows(
        self, figures: Integers | None, first: date, last: date, hour: int | None
    ) -> Iterator[Row]:
        if figures is None:
            return
        audience = self._portfolio.audience
        for position in np.flatnonzero(figures.any(axis=0)).tolist():
            named = dict(zip(self._portfolio.measures, figures[:, position].tolist(), strict=True))
            seen = named["impressions"]
            reach = -(-seen * audience // (seen + audience))
            yield Row(self.subjects[position], first, last, hour, named, reach)

    def _figures(self, days: Sequence[date], *, cells: bool = False) -> Integers | None:
        return add_days(self._business, self._top, self._level, days, cells=cells)
