"""Bringing units to the resource a query is about: added up, cut into parts, split by hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

import numpy as np

from connectors.sandbox.business.entities import Account
from connectors.sandbox.business.portfolio import Integers, Portfolio, Unit
from connectors.sandbox.platforms.google_ads.network import NETWORK
from connectors.sandbox.platforms.google_ads.subjects import Subject


class Level(Protocol):
    """The subjects of a resource in one account, and how their figures follow from the units'."""

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """What rows can be about."""
        ...

    @property
    def measures(self) -> int:
        """How many figures a subject has."""
        ...

    def add_up(self, figures: Integers, day: date) -> Integers:
        """Brings a day's figures from (measure, unit, ...) to (measure, subject, ...)."""
        ...


@dataclass(frozen=True, slots=True)
class Sums:
    """A level of which each subject is the sum of a run of units.

    Attributes:
        subjects: What rows can be about, in the order of their units.
        units: The units that count at this level (Performance Max has no ad groups or ads).
        starts: Where in `units` each subject's run begins.
    """

    subjects: tuple[Subject, ...]
    units: Integers
    starts: Integers

    @property
    def measures(self) -> int:
        """How many figures a subject has."""
        return len(NETWORK.measures)

    def add_up(self, figures: Integers, _: date) -> Integers:
        """Adds up a day's figures from (measure, unit, ...) to (measure, subject, ...)."""
        counted = figures[:, self.units]
        if len(self.starts) == len(self.units):
            return np.asarray(counted)
        return np.asarray(np.add.reduceat(counted, self.starts, axis=1))


def listed(subjects: tuple[Subject, ...]) -> Sums:
    """Returns the level of a list: subjects without figures."""
    nothing = np.zeros(0, dtype=np.int64)
    return Sums(subjects, nothing, nothing)


def sums(portfolio: Portfolio, resource: str, clock: datetime) -> Sums:
    """Returns the level of a resource whose figures are sums, with its subjects as of a clock."""
    keyed = [
        (position, key)
        for position, unit in enumerate(portfolio.units)
        if (key := _key(unit, resource)) is not None
    ]
    units = np.array([position for position, _ in keyed], dtype=np.int64)
    starts: list[int] = []
    subjects: list[Subject] = []
    previous: tuple[int, ...] | None = None
    for place, (position, key) in enumerate(keyed):
        if key != previous:
            starts.append(place)
            subject = _subject(portfolio.account, portfolio.units[position], resource, clock)
            subjects.append(subject)
            previous = key
    return Sums(tuple(subjects), units, np.array(starts, dtype=np.int64))


def exists(subject: Subject) -> bool:
    """Says whether what a row is about has been created as of the subject's clock."""
    if subject.keyword is not None and subject.keyword.status.created > subject.clock:
        return False
    return subject.campaign is None or subject.campaign.name.created <= subject.clock


def split(measures: Integers, *, hour: bool, device: bool) -> Integers:
    """Brings (measure, subject, hour, device) down to the splits asked for, others added up."""
    if not device:
        measures = np.asarray(measures.sum(axis=3, keepdims=True))
    return measures if hour else np.asarray(measures.sum(axis=2, keepdims=True))


def _key(unit: Unit, resource: str) -> tuple[int, ...] | None:
    if resource == "customer":
        return ()
    if resource == "campaign":
        return (unit.campaign.id,)
    if unit.ad_group is None or unit.ad is None:
        return None
    if resource == "ad_group":
        return (unit.ad_group.id,)
    return (unit.ad_group.id, unit.ad.id)


def _subject(account: Account, unit: Unit, resource: str, clock: datetime) -> Subject:
    if resource == "customer":
        return Subject(clock, account)
    if resource == "campaign":
        return Subject(clock, account, unit.campaign)
    if resource == "ad_group":
        return Subject(clock, account, unit.campaign, unit.ad_group)
    return Subject(clock, account, unit.campaign, unit.ad_group, unit.ad)
