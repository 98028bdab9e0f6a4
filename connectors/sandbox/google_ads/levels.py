"""Adding up units to the resource a query is about, and splitting them by hour and device."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from connectors.sandbox.business.entities import Account
from connectors.sandbox.business.portfolio import Integers, Portfolio, Unit
from connectors.sandbox.google_ads.fields import Subject


@dataclass(frozen=True, slots=True)
class Level:
    """The subjects of a resource in one account, and which run of units each is the sum of.

    Attributes:
        subjects: What rows can be about, in the order of their units.
        units: The units that count at this level (Performance Max has no ad groups or ads).
        starts: Where in `units` each subject's run begins.
    """

    subjects: tuple[Subject, ...]
    units: Integers
    starts: Integers

    def add_up(self, measures: Integers) -> Integers:
        """Adds up measures of shape (measure, unit, ...) to (measure, subject, ...)."""
        counted = measures[:, self.units]
        if len(self.starts) == len(self.units):
            return np.asarray(counted)
        return np.asarray(np.add.reduceat(counted, self.starts, axis=1))


def level(portfolio: Portfolio, resource: str, clock: datetime) -> Level:
    """Returns the level of a resource that has metrics, with its subjects as of a clock."""
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
    return Level(tuple(subjects), units, np.array(starts, dtype=np.int64))


def exists(subject: Subject) -> bool:
    """Says whether what a row is about has been created as of the subject's clock."""
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
