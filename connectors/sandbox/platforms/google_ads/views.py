"""Fields of the resources that cut ad groups and campaigns into parts: keywords, terms, places."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Callable

from connectors.sandbox.platforms.google_ads.geography import TARGETS, GeoTarget
from connectors.sandbox.platforms.google_ads.keywords import Keyword
from connectors.sandbox.platforms.google_ads.subjects import (
    Attribute,
    Subject,
    Value,
    always,
    micros,
)

REGION = "segments.geo_target_region"
_AGE_RANGE_ID = 503_001
_BUCKETS = ("BELOW_AVERAGE", "AVERAGE", "ABOVE_AVERAGE")


def customer_name(subject: Subject) -> str:
    """Returns the resource name of a row's account."""
    return f"customers/{subject.account.id}"


def _criterion(subject: Subject) -> str:
    """What makes a criterion another; one without a keyword is an age range, the same in all."""
    id_ = _AGE_RANGE_ID if subject.keyword is None else subject.keyword.id
    return f"{subject.ad_group.id}~{id_}"


def _of_keyword(read: Callable[[Keyword], Value]) -> Callable[[Subject], Value]:
    return lambda subject: None if subject.keyword is None else read(subject.keyword)


def _quality(subject: Subject) -> int | None:
    if subject.keyword is None or subject.keyword.quality is None:
        return None
    return subject.keyword.quality.at(subject.clock)


def _bucket(place: int) -> Callable[[Subject], Value]:
    def read(subject: Subject) -> Value:
        score = _quality(subject)
        return None if score is None else _BUCKETS[min(2, max(0, score + place - 5) // 2)]

    return read


def _target_name(target: GeoTarget) -> str:
    return f"geoTargetConstants/{target.id}"


def _parent_name(subject: Subject) -> str | None:
    parent = subject.a_target.parent
    return None if parent is None else f"geoTargetConstants/{parent}"


def _canonical_name(subject: Subject) -> str:
    target = subject.a_target
    above = [] if target.parent is None else [TARGETS[target.parent].name]
    return ",".join([target.name, *above])


def _term_name(subject: Subject) -> str:
    term = urlsafe_b64encode(subject.a_term.encode()).decode().rstrip("=")
    ids = f"{subject.campaign.id}~{subject.ad_group.id}"
    return f"{customer_name(subject)}/searchTermViews/{ids}~{term}"


def _click_name(subject: Subject) -> str:
    click = subject.a_click
    return f"{customer_name(subject)}/clickViews/{click.day}~{click.id}"


def _clicked_ad(subject: Subject) -> str | None:
    unit = subject.a_click.unit
    if unit.ad is None or unit.ad_group is None:
        return None
    return f"{customer_name(subject)}/adGroupAds/{unit.ad_group.id}~{unit.ad.id}"


def _clicked_keyword(subject: Subject) -> str | None:
    click = subject.a_click
    if click.keyword is None or click.unit.ad_group is None:
        return None
    return f"{customer_name(subject)}/adGroupCriteria/{click.unit.ad_group.id}~{click.keyword.id}"


def _of_clicked_keyword(read: Callable[[Keyword], Value]) -> Callable[[Subject], Value]:
    return lambda s: None if s.a_click.keyword is None else read(s.a_click.keyword)


def _campaign_term_name(subject: Subject) -> str:
    term = urlsafe_b64encode(subject.a_term.encode()).decode().rstrip("=")
    return f"{customer_name(subject)}/campaignSearchTermViews/{subject.campaign.id}~{term}"


def _placement_name(subject: Subject) -> str:
    part = urlsafe_b64encode((subject.a_placement.text or "").encode()).decode().rstrip("=")
    if subject.a_placement.ad_group is None:
        return f"{customer_name(subject)}/performanceMaxPlacementViews/{part}"
    return f"{customer_name(subject)}/groupPlacementViews/{subject.ad_group.id}~{part}"


def _label_name(subject: Subject) -> str:
    return f"{customer_name(subject)}/labels/{subject.a_label.id}"


def _labelled_name(collection: str, depth: int) -> Callable[[Subject], str]:
    def read(subject: Subject) -> str:
        ids = [str(one.id) for one in subject.path[min(1, depth - 1) : depth]]
        joined = "~".join([*ids, str(subject.a_label.id)])
        return f"{customer_name(subject)}/{collection}/{joined}"

    return read


def region_name(subject: Subject) -> str | None:
    """Returns the resource name of the region of a row; None where it has none."""
    region = subject.a_place.region
    return None if region is None else _target_name(region)


VIEW_NAMES: dict[str, Callable[[Subject], str]] = {
    "ad_group_criterion": lambda s: f"{customer_name(s)}/adGroupCriteria/{_criterion(s)}",
    "keyword_view": lambda s: f"{customer_name(s)}/keywordViews/{_criterion(s)}",
    "geographic_view": lambda s: (
        f"{customer_name(s)}/geographicViews/{s.a_place.country.id}~{s.a_place.location_type}"
    ),
    "geo_target_constant": lambda s: _target_name(s.a_target),
    "search_term_view": _term_name,
    "click_view": _click_name,
    "campaign_search_term_view": _campaign_term_name,
    "group_placement_view": _placement_name,
    "performance_max_placement_view": _placement_name,
    "label": _label_name,
    "campaign_label": _labelled_name("campaignLabels", 1),
    "ad_group_label": _labelled_name("adGroupLabels", 2),
    "ad_group_ad_label": _labelled_name("adGroupAdLabels", 3),
}
_OF_PLACEMENT: tuple[tuple[str, str, Callable[[Subject], Value]], ...] = (
    ("placement", "STRING", lambda s: s.a_placement.text),
    ("display_name", "STRING", lambda s: s.a_placement.name),
    ("target_url", "STRING", lambda s: s.a_placement.url),
    ("placement_type", "ENUM", lambda s: s.a_placement.kind),
)
VIEW_ATTRIBUTES = (
    Attribute(
        "ad_group_criterion.criterion_id",
        "INT64",
        lambda s: _AGE_RANGE_ID if s.keyword is None else s.keyword.id,
    ),
    Attribute(
        "ad_group_criterion.ad_group",
        "RESOURCE_NAME",
        lambda s: f"{customer_name(s)}/adGroups/{s.ad_group.id}",
    ),
    Attribute("ad_group_criterion.type", "ENUM", lambda s: "KEYWORD" if s.keyword else "AGE_RANGE"),
    Attribute(
        "ad_group_criterion.status",
        "ENUM",
        lambda s: s.keyword.status.at(s.clock) if s.keyword else "ENABLED",
    ),
    Attribute(
        "ad_group_criterion.negative", "BOOLEAN", lambda s: bool(s.keyword and s.keyword.negative)
    ),
    Attribute("ad_group_criterion.keyword.text", "STRING", _of_keyword(lambda k: k.text)),
    Attribute("ad_group_criterion.keyword.match_type", "ENUM", _of_keyword(lambda k: k.match_type)),
    Attribute(
        "ad_group_criterion.cpc_bid_micros",
        "INT64",
        _of_keyword(lambda keyword: micros(keyword.bid_cents)),
    ),
    Attribute(
        "ad_group_criterion.final_urls",
        "STRING",
        _of_keyword(lambda keyword: list(keyword.final_urls) or None),
        True,
    ),
    Attribute("ad_group_criterion.quality_info.quality_score", "INT32", _quality),
    Attribute("ad_group_criterion.quality_info.creative_quality_score", "ENUM", _bucket(0)),
    Attribute("ad_group_criterion.quality_info.post_click_quality_score", "ENUM", _bucket(1)),
    Attribute("ad_group_criterion.quality_info.search_predicted_ctr", "ENUM", _bucket(-1)),
    Attribute("geographic_view.country_criterion_id", "INT64", lambda s: s.a_place.country.id),
    Attribute("geographic_view.location_type", "ENUM", lambda s: s.a_place.location_type),
    Attribute("geo_target_constant.id", "INT64", lambda s: s.a_target.id),
    Attribute("geo_target_constant.name", "STRING", lambda s: s.a_target.name),
    Attribute("geo_target_constant.canonical_name", "STRING", _canonical_name),
    Attribute("geo_target_constant.country_code", "STRING", lambda s: s.a_target.country_code),
    Attribute("geo_target_constant.target_type", "STRING", lambda s: s.a_target.type),
    Attribute("geo_target_constant.status", "ENUM", always("ENABLED")),
    Attribute("geo_target_constant.parent_geo_target", "RESOURCE_NAME", _parent_name),
    Attribute("click_view.gclid", "STRING", lambda s: s.a_click.id),
    Attribute("click_view.ad_group_ad", "RESOURCE_NAME", _clicked_ad),
    Attribute("click_view.keyword", "RESOURCE_NAME", _clicked_keyword),
    Attribute("click_view.keyword_info.text", "STRING", _of_clicked_keyword(lambda k: k.text)),
    Attribute(
        "click_view.keyword_info.match_type", "ENUM", _of_clicked_keyword(lambda k: k.match_type)
    ),
    *(
        Attribute(f"{view}.{name}", data_type, read)
        for view in ("group_placement_view", "performance_max_placement_view")
        for name, data_type, read in _OF_PLACEMENT
    ),
    Attribute("label.id", "INT64", lambda s: s.a_label.id),
    Attribute("label.name", "STRING", lambda s: s.a_label.name),
    Attribute("label.status", "ENUM", always("ENABLED")),
    *(
        Attribute(f"{resource}.label", "RESOURCE_NAME", _label_name)
        for resource in ("campaign_label", "ad_group_label", "ad_group_ad_label")
    ),
    Attribute("search_term_view.search_term", "STRING", lambda s: s.a_term),
    Attribute("campaign_search_term_view.search_term", "STRING", lambda s: s.a_term),
    Attribute(
        "campaign_search_term_view.campaign",
        "RESOURCE_NAME",
        lambda s: f"{customer_name(s)}/campaigns/{s.campaign.id}",
    ),
    Attribute("search_term_view.status", "ENUM", lambda s: s.term.status if s.term else None),
    Attribute(
        "search_term_view.ad_group",
        "RESOURCE_NAME",
        lambda s: f"{customer_name(s)}/adGroups/{s.ad_group.id}",
    ),
)
