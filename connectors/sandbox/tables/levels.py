"""Levels of a report: its subjects, and how their figures of a day follow from those of the units.

A unit is an ad, or a campaign that has none. A subject is the sum of a run of units, or of some
parts of what stands above it: keywords, places.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, Protocol, TypeVar

import numpy as np

from connectors.sandbox.business import Business
from connectors.sandbox.business.portfolio import Integers, Portfolio
from connectors.sandbox.business.shares import Shares, divided
from connectors.sandbox.tables.things import LEVELS, T, Thing

Subject_co = TypeVar("Subject_co", bound=Thing, covariant=True)


class Level(Protocol[Subject_co]):
    """The subjects of one level of one account."""

    @property
    def subjects(self) -> tuple[Subject_co, ...]:
        """What rows can be about."""
        ...

    def add_up(self, figures: Integers, day: date) -> Integers:
        """Brings a day's figures from (measure, unit, ...) to (measure, subject, ...)."""
        ...


@dataclass(frozen=True, slots=True)
class Sums(Generic[T]):
    """A level of which each subject is the sum of a run of units.

    Attributes:
        subjects: What rows can be about, in the order of their units.
        units: The units that count; one that does not go down to the level does not.
        starts: Where in `units` each subject's run begins.
    """

    subjects: tuple[T, ...]
    units: Integers
    starts: Integers

    def add_up(self, figures: Integers, _: date) -> Integers:
        """Adds up a day's figures from (measure, unit, ...) to (measure, subject, ...)."""
        counted = figures[:, self.units]
        if len(self.starts) == len(self.units):
            return np.asarray(counted)
        return np.asarray(np.add.reduceat(counted, self.starts, axis=1))


@dataclass(frozen=True, slots=True)
class Parts(Generic[T]):
    """A level of which each subject is the sum of some parts of what stands above it.

    Attributes:
        subjects: What rows can be about.
        whole: The level above, which is cut.
        chosen: Which subjects of `whole` have parts, in the order of the parts' parents.
        subject_of: Which subject each part belongs to; -1 for what no row shows.
        shares: The parts' shares of a day.
        score: A score of each part on a day, if there is one: it becomes a further measure, the
            score times the impressions, so that it too can be added up.
    """

    subjects: tuple[T, ...]
    whole: Sums[T]
    chosen: Integers
    subject_of: Integers
    shares: Callable[[date], Shares]
    score: Callable[[date], Integers] | None = None

    def add_up(self, figures: Integers, day: date) -> Integers:
        """Cuts a day's figures of the whole and adds up the parts of each subject."""
        parts = self.shares(day).cut(self.whole.add_up(figures, day)[:, self.chosen])
        if self.score is not None:
            parts = np.concatenate([parts, (parts[0] * self.score(day))[None]])
        shown = np.flatnonzero(self.subject_of >= 0)
        total = np.zeros((len(self.subjects), len(parts)), dtype=np.int64)
        np.add.at(total, self.subject_of[shown], parts[:, shown].T)
        return np.asarray(total.T)


@dataclass(frozen=True, slots=True)
class Split(Generic[T]):
    """A level of which each subject's figures are divided among the same parts: places, networks.

    Attributes:
        whole: The level that is divided.
        weights: The parts' shares of each subject on a day, shape (subject, part).
        unit: What each measure comes in, if not in ones.
    """

    whole: Level[T]
    weights: Callable[[date], Integers]
    unit: Integers | None = None

    @property
    def subjects(self) -> tuple[T, ...]:
        """What rows can be about."""
        return self.whole.subjects

    def add_up(self, figures: Integers, day: date) -> Integers:
        """Brings a day's figures from (measure, unit, ...) to (measure, subject, ..., part)."""
        return divided(self.whole.add_up(figures, day), self.weights(day), self.unit)


def listed(subjects: Iterable[T]) -> Sums[T]:
    """Returns the level of a list: subjects without figures."""
    nothing = np.zeros(0, dtype=np.int64)
    return Sums(tuple(subjects), nothing, nothing)


def sums(
    portfolio: Portfolio, top: T, level: str, about: Callable[[T], bool] | None = None
) -> Sums[T]:
    """Returns a level whose subjects are sums of units.

    Args:
        portfolio: What the account holds.
        top: The account as of a clock; subjects are of its kind.
        level: One of `things.LEVELS`.
        about: Whether a unit belongs to what is asked about; None for all.
    """
    depth = LEVELS.index(level)
    units: list[int] = []
    starts: list[int] = []
    subjects: list[T] = []
    previous: tuple[int, ...] | None = None
    for position, unit in enumerate(portfolio.units):
        path = tuple(one for one in (unit.campaign, unit.ad_group, unit.ad) if one is not None)
        if len(path) < depth or (about is not None and not about(replace(top, path=path))):
            continue
        key = tuple(one.id for one in path[:depth])
        if key != previous:
            starts.append(len(units))
            subjects.append(replace(top, path=path[:depth]))
            previous = key
        units.append(position)
    return Sums(tuple(subjects), np.array(units, np.int64), np.array(starts, np.int64))


def add_days(
    business: Business,
    top: Thing,
    level: Level[Thing],
    days: Iterable[date],
    *,
    cells: bool = False,
    segments: bool = False,
) -> Integers | None:
    """Adds up what the subjects of a level came to on some days.

    Args:
        business: Whose.
        top: The account as of a clock.
        level: Its subjects.
        days: Dates of the account.
        cells: Whether by hour and device, shape (measure, subject, hour, device).
        segments: Whether by age and gender instead, shape (measure, subject, segment).

    Returns:
        None where no such day is shown.
    """
    total: Integers | None = None
    for day in days:
        shown = business.shown(top.account, day, top.clock, cells=cells, segments=segments)
        if shown is not None:
            figures = level.add_up(shown, day)
            total = figures if total is None else total + figures
    return total


def days_between(first: date, last: date) -> list[date]:
    """Returns all days from the first to the last, both included."""
    return [date.fromordinal(one) for one in range(first.toordinal(), last.toordinal() + 1)]
