"""Levels below ad groups and campaigns: keywords and places, each with its share of a day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from connectors.sandbox.business.parameters import Parameters
from connectors.sandbox.business.portfolio import Integers, Portfolio
from connectors.sandbox.business.shares import Shares
from connectors.sandbox.platforms.google_ads.geography import TARGETS, Geography, Spot
from connectors.sandbox.platforms.google_ads.keywords import Keywords
from connectors.sandbox.platforms.google_ads.levels import Sums, sums
from connectors.sandbox.platforms.google_ads.network import NETWORK
from connectors.sandbox.platforms.google_ads.subjects import Subject


@dataclass(frozen=True, slots=True)
class Parts:
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

    subjects: tuple[Subject, ...]
    whole: Sums
    chosen: Integers
    subject_of: Integers
    shares: Callable[[date], Shares]
    score: Callable[[date], Integers] | None = None

    @property
    def measures(self) -> int:
        """How many figures a subject has."""
        return len(NETWORK.measures) + (self.score is not None)

    def add_up(self, figures: Integers, day: date) -> Integers:
        """Cuts a day's figures of the whole and adds up the parts of each subject."""
        parts = self.shares(day).cut(self.whole.add_up(figures, day)[:, self.chosen])
        if self.score is not None:
            parts = np.concatenate([parts, (parts[0] * self.score(day))[None]])
        shown = np.flatnonzero(self.subject_of >= 0)
        total = np.zeros((len(self.subjects), len(parts)), dtype=np.int64)
        np.add.at(total, self.subject_of[shown], parts[:, shown].T)
        return np.asarray(total.T)


def keyword_subjects(
    parameters: Parameters, portfolio: Portfolio, clock: datetime
) -> tuple[Subject, ...]:
    """Returns the criteria of every ad group: its keywords, and one that is none."""
    slots = Keywords(parameters, portfolio).slots
    return tuple(
        Subject(
            clock,
            portfolio.account,
            campaign=slot.campaign,
            ad_group=slot.ad_group,
            keyword=slot.keyword,
        )
        for slot in slots
    )


def keyword_level(parameters: Parameters, portfolio: Portfolio, clock: datetime) -> Parts:
    """Returns the keywords of an account with what each ad group's day gives them."""
    keywords = Keywords(parameters, portfolio)
    whole = sums(portfolio, "ad_group", clock)
    searched = dict.fromkeys(slot.ad_group.id for slot in keywords.slots)
    places = {one.an_ad_group.id: place for place, one in enumerate(whole.subjects)}
    shown = np.array([slot.keyword is not None for slot in keywords.slots], dtype=np.bool_)
    subjects = keyword_subjects(parameters, portfolio, clock)
    return Parts(
        subjects=tuple(one for one in subjects if one.keyword is not None),
        whole=whole,
        chosen=np.array([places[id_] for id_ in searched], dtype=np.int64),
        subject_of=np.where(shown, shown.cumsum() - 1, -1),
        shares=keywords.shares,
        score=lambda day: np.array(
            [keywords.quality(slot, day) for slot in keywords.slots], dtype=np.int64
        ),
    )


def geographic_level(
    parameters: Parameters,
    portfolio: Portfolio,
    clock: datetime,
    *,
    by_campaign: bool,
    by_region: bool,
) -> Parts:
    """Returns the places of an account; those in no region are left out of a split by region."""
    geography = Geography(parameters, portfolio)
    subjects: dict[tuple[object, ...], int] = {}
    made: list[Subject] = []
    subject_of = []
    for spot in geography.spots:
        if by_region and spot.place.region is None:
            subject_of.append(-1)
            continue
        key = _place_key(spot, by_campaign=by_campaign, by_region=by_region)
        if key not in subjects:
            subjects[key] = len(made)
            campaign = spot.campaign if by_campaign else None
            made.append(Subject(clock, portfolio.account, campaign=campaign, place=spot.place))
        subject_of.append(subjects[key])
    whole = sums(portfolio, "campaign", clock)
    return Parts(
        subjects=tuple(made),
        whole=whole,
        chosen=np.arange(len(whole.subjects), dtype=np.int64),
        subject_of=np.array(subject_of, dtype=np.int64),
        shares=geography.shares,
    )


def target_subjects(clock: datetime, customer: Subject) -> tuple[Subject, ...]:
    """Returns every place there is; they are the same for all customers."""
    return tuple(Subject(clock, customer.customer, target=one) for one in TARGETS.values())


def _place_key(spot: Spot, *, by_campaign: bool, by_region: bool) -> tuple[object, ...]:
    return (
        spot.campaign.id if by_campaign else None,
        spot.place.country.id,
        spot.place.location_type,
        spot.place.region.id if by_region and spot.place.region else None,
    )
