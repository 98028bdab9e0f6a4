"""Levels below ad groups and campaigns: keywords, terms, places, each with its share of a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from connectors.sandbox.business import Business
from connectors.sandbox.business.entities import AdGroup, Campaign
from connectors.sandbox.business.parameters import Parameters
from connectors.sandbox.business.portfolio import Integers, Portfolio
from connectors.sandbox.platforms.google_ads.clicks import Clicks
from connectors.sandbox.platforms.google_ads.geography import TARGETS, Geography, Spot
from connectors.sandbox.platforms.google_ads.group_parts import GroupParts, P, Part
from connectors.sandbox.platforms.google_ads.keywords import Keywords
from connectors.sandbox.platforms.google_ads.labels import labelled, labels
from connectors.sandbox.platforms.google_ads.placements import campaign_placements, placements
from connectors.sandbox.platforms.google_ads.search_terms import campaign_terms, search_terms
from connectors.sandbox.platforms.google_ads.subjects import Subject
from connectors.sandbox.tables.levels import Parts, Sums, sums


def keyword_subjects(
    parameters: Parameters, portfolio: Portfolio, top: Subject
) -> Iterator[Subject]:
    """Yields the criteria of every ad group: its keywords, and one that is none."""
    for slot in Keywords(parameters, portfolio).slots:
        yield replace(top, path=(slot.campaign, slot.ad_group), keyword=slot.keyword)


def keyword_level(parameters: Parameters, portfolio: Portfolio, top: Subject) -> Parts[Subject]:
    """Returns the keywords of an account with what each ad group's day gives them."""
    keywords = Keywords(parameters, portfolio)
    whole = sums(portfolio, top, "ad_group")
    shown = np.array([slot.keyword is not None for slot in keywords.slots], dtype=np.bool_)
    subjects = keyword_subjects(parameters, portfolio, top)
    return Parts(
        subjects=tuple(one for one in subjects if one.keyword is not None),
        whole=whole,
        chosen=_chosen(whole, (slot.ad_group.id for slot in keywords.slots)),
        subject_of=np.where(shown, shown.cumsum() - 1, -1),
        shares=keywords.shares,
        score=lambda day: np.array(
            [keywords.quality(slot, day) for slot in keywords.slots], dtype=np.int64
        ),
    )


def search_term_level(parameters: Parameters, portfolio: Portfolio, top: Subject) -> Parts[Subject]:
    """Returns the search terms of an account; those that are withheld are left out."""
    found = search_terms(parameters, portfolio)
    return _group_level(found, portfolio, top, lambda one, term: replace(one, term=term))


def campaign_term_level(
    parameters: Parameters, portfolio: Portfolio, top: Subject
) -> Parts[Subject]:
    """Returns the search terms of Performance Max campaigns; what is withheld is left out."""
    found = campaign_terms(parameters, portfolio)
    return _group_level(found, portfolio, top, lambda one, term: replace(one, term=term))


def placement_level(parameters: Parameters, portfolio: Portfolio, top: Subject) -> Parts[Subject]:
    """Returns the placements of an account; those that are withheld are left out."""
    found = placements(parameters, portfolio)
    return _group_level(found, portfolio, top, lambda one, part: replace(one, placement=part))


def campaign_placement_level(
    parameters: Parameters, portfolio: Portfolio, top: Subject
) -> Parts[Subject]:
    """Returns the placements of Performance Max campaigns; what is withheld is left out."""
    found = campaign_placements(parameters, portfolio)
    return _group_level(found, portfolio, top, lambda one, part: replace(one, placement=part))


def label_subjects(portfolio: Portfolio, top: Subject, resource: str) -> Iterator[Subject]:
    """Yields the labels of an account, or each thing with each label that is on it."""
    if resource == "label":
        for label in labels(portfolio):
            yield replace(top, label=label)
        return
    depth = ("campaign_label", "ad_group_label", "ad_group_ad_label").index(resource) + 1
    for label, path in labelled(portfolio, depth):
        yield replace(top, path=path, label=label)


def geographic_level(
    parameters: Parameters,
    portfolio: Portfolio,
    top: Subject,
    *,
    by_campaign: bool,
    by_region: bool,
) -> Parts[Subject]:
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
            path = (spot.campaign,) if by_campaign else ()
            made.append(replace(top, path=path, place=spot.place))
        subject_of.append(subjects[key])
    whole = sums(portfolio, top, "campaign")
    return Parts(
        subjects=tuple(made),
        whole=whole,
        chosen=np.arange(len(whole.subjects), dtype=np.int64),
        subject_of=np.array(subject_of, dtype=np.int64),
        shares=geography.shares,
    )


@dataclass(frozen=True, slots=True)
class ClickLevel:
    """The clicks of a day, each of which is one on its device."""

    subjects: tuple[Subject, ...]

    def add_up(self, figures: Integers, _: date) -> Integers:
        """Returns one of everything for each click, by device where the day is."""
        ones = np.ones((len(figures), len(self.subjects)), dtype=np.int64)
        if figures.ndim == len(ones.shape):
            return ones
        on = np.zeros((len(self.subjects), 1, figures.shape[-1]), dtype=np.int64)
        on[np.arange(len(self.subjects)), 0, [one.a_click.device for one in self.subjects]] = 1
        return ones[..., None, None] * on


def click_level(business: Business, top: Subject, day: date) -> ClickLevel:
    """Returns the clicks of an account on a day."""
    return ClickLevel(
        tuple(
            Subject(top.clock, top.account, (click.unit.campaign,), click=click)
            for click in Clicks(business, top.account, top.clock).of(day)
        )
    )


def target_subjects(top: Subject) -> Iterator[Subject]:
    """Yields every place there is; they are the same for all customers."""
    for one in TARGETS.values():
        yield replace(top, target=one)


def _group_level(
    found: GroupParts[P],
    portfolio: Portfolio,
    top: Subject,
    named: Callable[[Subject, P], Subject],
) -> Parts[Subject]:
    in_groups = all(part.ad_group is not None for part in found.all)
    whole = sums(portfolio, top, "ad_group" if in_groups else "campaign")
    shown = np.array([part.text is not None for part in found.all], dtype=np.bool_)
    return Parts(
        subjects=tuple(
            named(replace(top, path=_path(part)), part)
            for part in found.all
            if part.text is not None
        ),
        whole=whole,
        chosen=_chosen(whole, found.owners),
        subject_of=np.where(shown, shown.cumsum() - 1, -1),
        shares=found.shares,
    )


def _path(part: Part) -> tuple[Campaign] | tuple[Campaign, AdGroup]:
    return (part.campaign,) if part.ad_group is None else (part.campaign, part.ad_group)


def _chosen(whole: Sums[Subject], parents: Iterable[int]) -> Integers:
    """Returns where the subjects that have parts stand among all, in the order of the parts."""
    places = {one.path[-1].id: place for place, one in enumerate(whole.subjects)}
    return np.array([places[id_] for id_ in dict.fromkeys(parents)], dtype=np.int64)


def _place_key(spot: Spot, *, by_campaign: bool, by_region: bool) -> tuple[object, ...]:
    return (
        spot.campaign.id if by_campaign else None,
        spot.place.country.id,
        spot.place.location_type,
        spot.place.region.id if by_region and spot.place.region else None,
    )
