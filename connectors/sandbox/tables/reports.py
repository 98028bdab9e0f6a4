"""Reports: what came of each subject in each period, in each cell of it, as of a clock.

A subject is an account, a campaign, an ad group or an ad; a period is a day or a run of days; a
cell is an hour of the day, or none. Figures are whole numbers by the names of the measures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from connectors.sandbox.business import Business
from connectors.sandbox.business.entities import Account
from connectors.sandbox.business.portfolio import Integers
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
        about: Whether an ad belongs to what is asked about.
    """

    def __init__(
        self,
        business: Business,
        account: Account,
        level: str,
        clock: datetime,
        about: Callable[[Thing], bool] = lambda _: True,
    ) -> None:
        self._business, self._account, self._clock = business, account, clock
        self._portfolio = business.portfolio(account)
        self._units: list[int] = []
        runs: dict[tuple[int, ...], tuple[int, Thing]] = {}
        for position, unit in enumerate(self._portfolio.units):
            path = [one for one in (unit.campaign, unit.ad_group, unit.ad) if one is not None]
            ad = Thing(clock, account, tuple(path))
            if about(ad):
                subject = ad.above(level)
                key = tuple(one.id for one in subject.path)
                runs.setdefault(key, (len(self._units), subject))
                self._units.append(position)
        self.subjects = [thing for _, thing in runs.values()]
        self._starts = [position for position, _ in runs.values()]

    def daily(self, first: date, last: date) -> Iterator[Row]:
        """Yields a row for each subject and day on which something happened."""
        for day in _days(first, last):
            figures = self._seen(day)
            if figures is not None:
                yield from self._rows(figures, day, day, None)

    def hourly(self, first: date, last: date) -> Iterator[Row]:
        """Yields a row for each subject and hour of the account in which something happened."""
        for day in _days(first, last):
            figures = self._seen(day, cells=True)
            if figures is not None:
                by_hour = figures.sum(axis=3)
                for hour in range(by_hour.shape[2]):
                    yield from self._rows(by_hour[:, :, hour], day, day, hour)

    def whole(self, first: date, last: date) -> Iterator[Row]:
        """Yields a row for each subject, for all days together."""
        known = [one for day in _days(first, last) if (one := self._seen(day)) is not None]
        if known:
            yield from self._rows(np.sum(known, axis=0), first, last, None)

    def _rows(self, figures: Integers, first: date, last: date, hour: int | None) -> Iterator[Row]:
        if not self._units:
            return
        sums = np.add.reduceat(figures[:, self._units], self._starts, axis=1)
        audience = self._portfolio.audience
        for position in np.flatnonzero(sums.any(axis=0)).tolist():
            named = dict(zip(self._portfolio.measures, sums[:, position].tolist(), strict=True))
            seen = named["impressions"]
            reach = -(-seen * audience // (seen + audience))
            yield Row(self.subjects[position], first, last, hour, named, reach)

    def _seen(self, day: date, *, cells: bool = False) -> Integers | None:
        return self._business.shown(self._account, day, self._clock, cells=cells)


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)
