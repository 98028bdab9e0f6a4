"""The truth of what Google Ads cuts into parts, and of search terms and placements.

A share of a part is one of its ad group's, or of its campaign's where that has no ad groups.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date

from connectors.sandbox.business import Business
from connectors.sandbox.business.entities import Account
from connectors.sandbox.business.parameters import Parameters
from connectors.sandbox.business.portfolio import Portfolio
from connectors.sandbox.business.shares import Shares
from connectors.sandbox.platforms.google_ads.group_parts import GroupParts, P
from connectors.sandbox.platforms.google_ads.placements import (
    Placement,
    campaign_placements,
    placements,
)
from connectors.sandbox.platforms.google_ads.search_terms import (
    Term,
    campaign_terms,
    search_terms,
)
from connectors.sandbox.truth.ads import AdsTruth, accounts_asked, add, days_asked, whose
from connectors.sandbox.truth.question import Question, Row

PLATFORM = "google_ads"


def _more(figures: dict[str, int]) -> Row:
    return {
        "interactions": figures["clicks"] + figures["video_views"],
        "view_through_conversions": figures["view_through_conversions"],
        "video_trueview_views": figures["video_views"],
    }


ADS = AdsTruth(PLATFORM, _more)


def search_term_days(business: Business, question: Question) -> Iterator[Row]:
    """Yields search terms by day; those that are withheld are a row without a term."""

    def named(term: Term) -> Row:
        return {
            "search_term": term.text,
            "term_status": None if term.text is None else term.status,
        }

    for found, owners in ((search_terms, ad_groups_of), (campaign_terms, campaigns_of)):
        for part, row, figures, _ in _part_days(business, question, found, owners):
            if any(figures.values()):
                yield {**row, **named(part), **ADS.measured(tuple(figures), [*figures.values()])}


def placement_days(business: Business, question: Question) -> Iterator[Row]:
    """Yields placements by day; those that are withheld are a row without a placement.

    Of Performance Max impressions alone are known of a placement: the row without one has all
    clicks, cost and conversions.
    """

    def named(one: Placement) -> Row:
        return {"placement": one.text, "placement_type": one.kind or None}

    for part, row, figures, _ in _part_days(business, question, placements, ad_groups_of):
        if any(figures.values()):
            yield {**row, **named(part), **ADS.measured(tuple(figures), [*figures.values()])}
    for part, row, figures, whole in _part_days(
        business, question, campaign_placements, campaigns_of
    ):
        impressions = {"impressions": figures["impressions"]}
        rest = whole | impressions
        measured = ADS.measured(tuple(rest), [*rest.values()])
        if part.text is None and any(rest.values()):
            yield {**row, **named(part), **measured}
        elif part.text is not None and figures["impressions"]:
            unknown = dict.fromkeys(measured)
            shown = {"impressions": measured["impressions"]}
            yield {**row, **named(part), **unknown, **shown}


Figures = dict[str, int]


def _part_days(
    business: Business,
    question: Question,
    parts_of: Callable[[Parameters, Portfolio], GroupParts[P]],
    owned: Callable[[Portfolio], list[int]],
) -> Iterator[tuple[P, Row, Figures, Figures]]:
    """Yields each part of each day: whose it is, its figures, and those of its whole.

    Args:
        business, question: What is asked of what.
        parts_of: The parts.
        owned: The id of what each unit of an account is in that can have parts.
    """
    for account in accounts_asked(business, question, PLATFORM):
        portfolio = business.portfolio(account)
        found, names = parts_of(business.parameters, portfolio), portfolio.measures
        owners = owned(portfolio)
        for day in days_asked(business, question):
            wholes = wholes_of(business, account, owners, day, question)
            shares = cut(wholes, found.owners, found.shares(day))
            for part, owner, share in zip(found.all, found.owners, shares, strict=True):
                if owner in wholes:
                    row = {
                        **whose(account),
                        "date": str(day),
                        "campaign_id": str(part.campaign.id),
                        "ad_group_id": None if part.ad_group is None else str(part.ad_group.id),
                    }
                    figures = dict(zip(names, share, strict=True))
                    yield part, row, figures, dict(zip(names, wholes[owner], strict=True))


def ad_groups_of(portfolio: Portfolio) -> list[int]:
    """Returns the ad group of each unit; 0 for one that is in none."""
    return [unit.ad_group.id if unit.ad_group else 0 for unit in portfolio.units]


def campaigns_of(portfolio: Portfolio) -> list[int]:
    """Returns the campaign of each unit."""
    return [unit.campaign.id for unit in portfolio.units]


def wholes_of(
    business: Business, account: Account, owners: list[int], day: date, question: Question
) -> dict[int, list[int]]:
    """Returns what each owner's units came to on a day; nothing for a day not shown."""
    shown = business.shown(account, day, question.as_of)
    rows: dict[int, list[list[int]]] = defaultdict(list)
    for owner, row in zip(owners, [] if shown is None else shown.T.tolist(), strict=False):
        rows[owner].append(row)
    return {owner: add(figures) for owner, figures in rows.items()}


def cut(wholes: dict[int, list[int]], owners: list[int], shares: Shares) -> Iterator[list[int]]:
    """Yields each part's figures: up to its share of the owner's less up to the share before."""
    weights = shares.weight.tolist()
    totals: dict[int, int] = defaultdict(int)
    for owner, weight in zip(owners, weights, strict=True):
        totals[owner] += weight
    before: dict[int, int] = defaultdict(int)
    for owner, weight in zip(owners, weights, strict=True):
        low, high, total = before[owner], before[owner] + weight, totals[owner]
        before[owner] = high
        whole = wholes.get(owner, [0])
        yield [one * high // total - one * low // total for one in whole]
