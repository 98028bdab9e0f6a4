"""What Meta Ads must come to: the core of every ad platform, reach, and age and gender."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from connectors.sandbox.business import Business
from connectors.sandbox.business.demographics import SEGMENTS
from connectors.sandbox.business.entities import Campaign
from connectors.sandbox.platforms.meta_ads.delivery import (
    COUNTRY,
    DEVICE,
    PLATFORM,
    cells_of,
    unit_of,
    weights_of,
)
from connectors.sandbox.platforms.meta_ads.targeting import targeting_of
from connectors.sandbox.truth.ads import (
    CENT,
    AdsTruth,
    accounts_asked,
    add,
    campaign_key,
    days_asked,
    groups,
    parts_of,
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


def _delivered(breakdowns: tuple[str, ...], names: Callable[[dict[str, str]], Row]) -> Answer:
    """Returns the answer of a level of campaigns by where or on what ads were shown.

    Args:
        breakdowns: By what Meta divides a day.
        names: From the keys of a part to those of a row; parts of the same keys are one row.
    """

    def answer(business: Business, question: Question) -> Iterator[Row]:
        for account in accounts_asked(business, question, _PLATFORM):
            measures = business.portfolio(account).measures
            grouped = groups(business, account, campaign_key)
            whole = [unit_of(name) for name in measures]
            keys = [names(cell) for cell in cells_of(account, breakdowns)]
            distinct = [key for place, key in enumerate(keys) if key not in keys[:place]]
            for day in days_asked(business, question):
                shown = business.shown(account, day, question.as_of)
                if shown is None:
                    continue
                weights = weights_of(business.parameters, account, breakdowns, day).tolist()
                figures = shown.T.tolist()
                for campaign, units in grouped:
                    parts = list(parts_of(add([figures[one] for one in units]), weights, whole))
                    for key in distinct:
                        mine = [part for one, part in zip(keys, parts, strict=True) if one == key]
                        sums = add(mine)
                        if _TRUTH.shown(sums):
                            named = {"date": str(day), **campaign, **key}
                            yield {**whose(account), **named, **_TRUTH.measured(measures, sums)}

    return answer


def _place(cell: dict[str, str]) -> Row:
    """Returns the keys of a country: of people who were there, regions unknown."""
    place = {"country_id": cell[COUNTRY], "region_id": None}
    return {**place, "location_type": "LOCATION_OF_PRESENCE"}


_KINDS = {
    "iphone": "mobile",
    "android_smartphone": "mobile",
    "ipad": "tablet",
    "android_tablet": "tablet",
    "desktop": "desktop",
    "other": "other",
}


def _window_days(business: Business, question: Question) -> Iterator[Row]:
    """Yields what campaigns' days come to by each attribution window, where that is anything."""
    for account in accounts_asked(business, question, _PLATFORM):
        names = business.portfolio(account).measures
        grouped = groups(business, account, campaign_key)
        for day in days_asked(business, question):
            shown = business.shown(account, day, question.as_of)
            figures = [] if shown is None else shown.T.tolist()
            for key, units in grouped if figures else ():
                sums = dict(zip(names, add([figures[one] for one in units]), strict=True))
                for window in _WINDOWS:
                    count = sums[f"conversions_hundredths_{window}"]
                    value = sums[f"value_cents_{window}"]
                    if count or value:
                        named = {"date": str(day), **key, "attribution_window": window}
                        measured = {
                            "conversions": str(count * CENT),
                            "conversions_value": str(value * CENT),
                        }
                        yield {**whose(account), **named, **measured}


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


_KINDS_OF_AUDIENCE = {
    "interests": "interest",
    "behaviors": "behavior",
    "custom_audiences": "custom_audience",
    "excluded_custom_audiences": "excluded_custom_audience",
}


def _audiences(business: Business, question: Question) -> Iterator[Row]:
    for account in accounts_asked(business, question, _PLATFORM):
        for campaign in business.portfolio(account).campaigns:
            for ad_group in campaign.ad_groups:
                if ad_group.name.created > question.as_of:
                    continue
                aimed = targeting_of(campaign, ad_group)
                for part in (aimed, *aimed.get("flexible_spec", ())):
                    for key, kind in _KINDS_OF_AUDIENCE.items():
                        for one in part.get(key, ()):
                            named = {"audience_id": one["id"], "name": one["name"], "kind": kind}
                            yield {**whose(account), "ad_group_id": str(ad_group.id), **named}


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
    "geo_day": _delivered((COUNTRY,), _place),
    "device_day": _delivered(
        (PLATFORM, DEVICE),
        lambda cell: {"device": _KINDS[cell[DEVICE]], "network": cell[PLATFORM]},
    ),
    "window_day": _window_days,
    "audiences": _audiences,
}
