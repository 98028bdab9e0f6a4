"""What Meta Ads must come to: the core of every ad platform, reach, and age and gender."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from connectors.sandbox.business import Business
from connectors.sandbox.business.demographics import SEGMENTS
from connectors.sandbox.business.entities import Campaign
from connectors.sandbox.truth.ads import (
    CENT,
    AdsTruth,
    accounts_asked,
    add,
    campaign_key,
    days_asked,
    groups,
    whose,
)
from connectors.sandbox.truth.question import Answer, Question, Row

_PLATFORM = "meta_ads"


def _more(figures: dict[str, int]) -> Row:
    return {"link_clicks": figures["link_clicks"], "video_views": figures["video_views"]}


def _reached(impressions: int, audience: int) -> int:
    """Returns how many of an audience so many impressions reach: the more, the fewer new ones."""
    whole, rest = divmod(impressions * audience, impressions + audience)
    return whole + bool(rest)


def _campaign_reach(business: Business, question: Question) -> Iterator[Row]:
    for account in accounts_asked(business, question, _PLATFORM):
        audience = business.portfolio(account).audience
        for row in _TRUTH.daily(campaign_key)(business, replace(question, account=account.id)):
            impressions = row["impressions"]
            if impressions:
                reach = _reached(impressions, audience)
                named = ("date", "campaign_id", "impressions")
                yield {**whose(account), **{name: row[name] for name in named}, "reach": reach}


def _demographics(business: Business, question: Question) -> Iterator[Row]:
    for account in accounts_asked(business, question, _PLATFORM):
        portfolio = business.portfolio(account)
        grouped = groups(business, account, campaign_key)
        for day in days_asked(business, question):
            shown = business.shown(account, day, question.as_of, segments=True)
            if shown is None:
                continue
            figures = shown.transpose(2, 1, 0).tolist()
            for (age, gender), by_unit in zip(SEGMENTS, figures, strict=True):
                for key, units in grouped:
                    sums = add([by_unit[one] for one in units])
                    if _TRUTH.shown(sums):
                        measured = _TRUTH.measured(portfolio.measures, sums)
                        reach = _reached(measured["impressions"], portfolio.audience)
                        named = {"date": str(day), **key, "age": age, "gender": gender}
                        yield {**whose(account), **named, **measured, "reach": reach}


def _describe(campaign: Campaign, clock: datetime) -> Row:
    """Returns a campaign's budgets: of its own, a day or for life, or left to its ad sets."""
    budget = campaign.budget_cents.at(clock) * CENT
    written: Row = {"budget": str(budget), "daily_budget": None, "lifetime_budget": None}
    if campaign.channel in ("OUTCOME_TRAFFIC", "OUTCOME_LEADS"):
        return {**written, "budget": None}
    if campaign.end is None:
        return {**written, "daily_budget": str(budget)}
    days = (campaign.end - campaign.start).days + 1
    return {**written, "budget": None, "lifetime_budget": str(budget * days)}


def _standing(statuses: tuple[str, ...]) -> Row:
    own, above = statuses[-1], statuses[:-1]
    effective = own
    if own == "ACTIVE" and "PAUSED" in above:
        effective = ("CAMPAIGN_PAUSED", "ADSET_PAUSED")[above.index("PAUSED")]
    if "ARCHIVED" in statuses:
        effective = "ARCHIVED"
    if "DELETED" in statuses:
        effective = "DELETED"
    configured = "ACTIVE" if own == "DISAPPROVED" else own
    return {"status": configured, "effective_status": effective}


_WINDOWS = ("1d_click", "7d_click", "28d_click", "1d_view")
_TRUTH = AdsTruth(
    _PLATFORM,
    _more,
    _describe,
    _standing,
    # A conversion that only a longer window counts makes no row: by default nobody sees it.
    silent=2 * len(_WINDOWS),
    hours_need_impressions=True,
)
LEVELS: dict[str, Answer] = {
    **_TRUTH.levels(),
    "campaign_reach": _campaign_reach,
    "demographics_day": _demographics,
}
