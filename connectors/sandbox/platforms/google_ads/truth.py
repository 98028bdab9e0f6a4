"""What Google Ads must come to: the core of every ad platform, with Google's own figures."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.sandbox.business import Business
from connectors.sandbox.platforms.google_ads.ad_texts import descriptions, headlines
from connectors.sandbox.platforms.google_ads.clicks import Clicks
from connectors.sandbox.platforms.google_ads.geography import TARGETS, Geography
from connectors.sandbox.platforms.google_ads.keywords import Keywords, Slot
from connectors.sandbox.platforms.google_ads.labels import labelled
from connectors.sandbox.platforms.google_ads.network import DEVICES
from connectors.sandbox.platforms.google_ads.networks import NETWORKS, network_weights
from connectors.sandbox.platforms.google_ads.truth_parts import (
    ADS,
    PLATFORM,
    ad_groups_of,
    campaigns_of,
    cut,
    placement_days,
    search_term_days,
    wholes_of,
)
from connectors.sandbox.truth.ads import (
    accounts_asked,
    add,
    campaign_key,
    days_asked,
    groups,
    parts_of,
    whose,
)
from connectors.sandbox.truth.question import Answer, Question, Row


def _ads(business: Business, question: Question) -> Iterator[Row]:
    """Yields ads with their texts."""
    known = {
        (account.id, str(unit.ad.id)): (unit.ad, account.organization)
        for account in accounts_asked(business, question, PLATFORM)
        for unit in business.portfolio(account).units
        if unit.ad is not None
    }
    for row in ADS.levels("ads")["ads"](business, question):
        ad, organization = known[row["account_id"], row["ad_id"]]
        yield {
            **row,
            "headlines": headlines(ad, organization),
            "descriptions": descriptions(ad, organization),
        }


def _keywords(business: Business, question: Question) -> Iterator[Row]:
    for account in accounts_asked(business, question, PLATFORM):
        for slot in Keywords(business.parameters, business.portfolio(account)).slots:
            one = slot.keyword
            if one is None or one.status.created > question.as_of:
                continue
            yield {
                **whose(account),
                **_keyword_key(slot),
                "text": one.text,
                "match_type": one.match_type,
                "status": one.status.at(question.as_of),
                "negative": one.negative,
                "quality_score": None if one.quality is None else one.quality.at(question.as_of),
                "final_urls": list(one.final_urls),
            }


def _keyword_days(business: Business, question: Question) -> Iterator[Row]:
    for account in accounts_asked(business, question, PLATFORM):
        portfolio = business.portfolio(account)
        keywords = Keywords(business.parameters, portfolio)
        owners = ad_groups_of(portfolio)
        groups = [slot.ad_group.id for slot in keywords.slots]
        for day in days_asked(business, question):
            wholes = wholes_of(business, account, owners, day, question)
            parts = cut(wholes, groups, keywords.shares(day))
            for slot, part in zip(keywords.slots, parts, strict=True):
                if slot.keyword is not None and any(part):
                    yield {
                        **whose(account),
                        "date": str(day),
                        **_keyword_key(slot),
                        **ADS.measured(portfolio.measures, part),
                        "quality_score": (keywords.quality(slot, day) or None) if part[0] else None,
                    }


def _labels(business: Business, question: Question) -> Iterator[Row]:
    for account in accounts_asked(business, question, PLATFORM):
        for depth in (1, 2, 3):
            for label, path in labelled(business.portfolio(account), depth):
                ids = [str(one.id) for one in path] + [None] * (3 - depth)
                named = dict(zip(("campaign_id", "ad_group_id", "ad_id"), ids, strict=True))
                if path[0].name.created <= question.as_of:
                    yield {
                        **whose(account),
                        **named,
                        "label_id": str(label.id),
                        "label": label.name,
                    }


def _clicks(business: Business, question: Question) -> Iterator[Row]:
    for account in accounts_asked(business, question, PLATFORM):
        clicks = Clicks(business, account, question.as_of)
        for day in days_asked(business, question):
            for click in clicks.of(day):
                group, ad = click.unit.ad_group, click.unit.ad
                yield {
                    **whose(account),
                    "date": str(day),
                    "campaign_id": str(click.unit.campaign.id),
                    "ad_group_id": None if group is None or ad is None else str(group.id),
                    "ad_id": None if ad is None else str(ad.id),
                    "keyword_id": None if click.keyword is None else str(click.keyword.id),
                    "device": DEVICES[click.device].lower(),
                    "gclid": click.id,
                }


def _geo_days(business: Business, question: Question) -> Iterator[Row]:
    for account in accounts_asked(business, question, PLATFORM):
        portfolio = business.portfolio(account)
        geography = Geography(business.parameters, portfolio)
        owners = campaigns_of(portfolio)
        campaigns = [spot.campaign.id for spot in geography.spots]
        for day in days_asked(business, question):
            wholes = wholes_of(business, account, owners, day, question)
            parts = cut(wholes, campaigns, geography.shares(day))
            for spot, part in zip(geography.spots, parts, strict=True):
                region = spot.place.region
                if any(part):
                    yield {
                        **whose(account),
                        "date": str(day),
                        "campaign_id": str(spot.campaign.id),
                        "country_id": str(spot.place.country.id),
                        "region_id": None if region is None else str(region.id),
                        "location_type": spot.place.location_type,
                        **ADS.measured(portfolio.measures, part),
                    }


def _device_days(business: Business, question: Question) -> Iterator[Row]:
    """Yields campaigns by device and network."""
    for account in accounts_asked(business, question, PLATFORM):
        names = business.portfolio(account).measures
        grouped = groups(business, account, campaign_key)
        channels = {str(c.id): c.channel for c in business.portfolio(account).campaigns}
        listed = [channels[key["campaign_id"]] for key, _ in grouped]
        for day in days_asked(business, question):
            shown = business.shown(account, day, question.as_of, cells=True)
            if shown is None:
                continue
            weights = network_weights(business.parameters, account, listed, day).tolist()
            figures = shown.sum(axis=2).transpose(2, 1, 0).tolist()
            for device, by_unit in zip(DEVICES, figures, strict=True):
                for (key, units), weighed in zip(grouped, weights, strict=True):
                    sums = add([by_unit[one] for one in units])
                    for network, part in zip(NETWORKS, parts_of(sums, weighed), strict=True):
                        if any(part):
                            cut = {"device": device.lower(), "network": network.lower()}
                            measured = ADS.measured(names, part)
                            yield {**whose(account), "date": str(day), **key, **cut, **measured}


def _geo_targets(_: Business, __: Question) -> Iterator[Row]:
    for one in TARGETS.values():
        yield {"geo_target_id": str(one.id), "name": one.name, "country_code": one.country_code}


def _keyword_key(slot: Slot) -> Row:
    assert slot.keyword is not None
    return {
        "campaign_id": str(slot.campaign.id),
        "ad_group_id": str(slot.ad_group.id),
        "criterion_id": str(slot.keyword.id),
    }


LEVELS: dict[str, Answer] = {
    **ADS.levels(),
    "ads": _ads,
    "keywords": _keywords,
    "keyword_day": _keyword_days,
    "search_term_day": search_term_days,
    "click": _clicks,
    "placement_day": placement_days,
    "labels": _labels,
    "geo_day": _geo_days,
    "geo_targets": _geo_targets,
    "device_day": _device_days,
}
