"""Raw columns and rows of Google Ads' keywords, terms, places and devices, for the fixture lake."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa

TEXT, INT, DOUBLE, DATE = pa.string(), pa.int64(), pa.float64(), pa.date32()
_CORE = [
    ("impressions", INT),
    ("clicks", INT),
    ("cost_micros", INT),
    ("conversions", DOUBLE),
    ("conversions_value", DOUBLE),
]
_DAY = [("customer_id", TEXT), ("date", DATE), ("campaign_id", TEXT)]

STREAMS: dict[tuple[str, str], list[tuple[str, pa.DataType]]] = {
    ("google_ads", "keywords"): [
        ("customer_id", TEXT),
        ("campaign_id", TEXT),
        ("ad_group_id", TEXT),
        ("criterion_id", TEXT),
        ("text", TEXT),
        ("match_type", TEXT),
        ("status", TEXT),
        ("negative", pa.bool_()),
        ("cpc_bid_micros", INT),
        ("final_urls", TEXT),
        ("quality_score", pa.int32()),
        ("creative_quality_score", TEXT),
        ("post_click_quality_score", TEXT),
        ("search_predicted_ctr", TEXT),
    ],
    ("google_ads", "geo_targets"): [
        ("geo_target_id", TEXT),
        ("name", TEXT),
        ("canonical_name", TEXT),
        ("country_code", TEXT),
        ("target_type", TEXT),
        ("status", TEXT),
        ("parent_geo_target", TEXT),
    ],
    ("google_ads", "campaign_stats_by_device"): [
        *_DAY,
        ("device", TEXT),
        ("ad_network_type", TEXT),
        *_CORE,
    ],
    ("google_ads", "keyword_stats"): [
        *_DAY,
        ("ad_group_id", TEXT),
        ("criterion_id", TEXT),
        ("text", TEXT),
        ("match_type", TEXT),
        *_CORE,
        ("historical_quality_score", INT),
    ],
    ("google_ads", "search_term_stats"): [
        *_DAY,
        ("ad_group_id", TEXT),
        ("search_term", TEXT),
        ("status", TEXT),
        *_CORE,
    ],
    ("google_ads", "placement_stats"): [
        *_DAY,
        ("ad_group_id", TEXT),
        ("placement", TEXT),
        ("display_name", TEXT),
        ("target_url", TEXT),
        ("placement_type", TEXT),
        *_CORE,
    ],
    ("google_ads", "labels"): [
        ("customer_id", TEXT),
        ("label_id", TEXT),
        ("name", TEXT),
        ("campaign_id", TEXT),
        ("ad_group_id", TEXT),
        ("ad_id", TEXT),
    ],
    ("google_ads", "clicks"): [
        ("customer_id", TEXT),
        ("date", DATE),
        ("click_id", TEXT),
        ("campaign_id", TEXT),
        ("ad_group_ad", TEXT),
        ("keyword", TEXT),
        ("device", TEXT),
        ("clicks", INT),
    ],
    ("google_ads", "geo_stats"): [
        *_DAY,
        ("country_criterion_id", TEXT),
        ("location_type", TEXT),
        ("geo_target_region", TEXT),
        *_CORE,
    ],
}


def part_row(day: date, impressions: int, **more: Any) -> dict[str, Any]:
    """A raw report row of campaign 1 whose every number follows from its impressions."""
    return {
        "date": day,
        "campaign_id": "1",
        "impressions": impressions,
        "clicks": impressions // 10,
        "cost_micros": impressions * 10_000,
        "conversions": impressions / 100,
        "conversions_value": impressions / 10,
        **more,
    }


def keyword_row(day: date, impressions: int, keyword: str = "7", **more: Any) -> dict[str, Any]:
    """A raw row of a keyword of ad group 11."""
    return part_row(
        day,
        impressions,
        ad_group_id="11",
        criterion_id=keyword,
        text=f"words {keyword}",
        match_type="EXACT",
        **more,
    )


def term_row(day: date, impressions: int, term: str = "", **more: Any) -> dict[str, Any]:
    """A raw row of a search term of ad group 11: of the whole ad group without a term."""
    row = {"ad_group_id": "11", "search_term": term, "status": "NONE" if term else None}
    return part_row(day, impressions, **row | more)


def click_row(day: date, token: str, **more: Any) -> dict[str, Any]:
    """A raw row of a click on ad 5 of ad group 11, for keyword 7."""
    return {
        "date": day,
        "click_id": token,
        "campaign_id": "1",
        "ad_group_ad": "customers/1/adGroupAds/11~5",
        "keyword": "customers/1/adGroupCriteria/11~7",
        "device": "MOBILE",
        "clicks": 1,
        **more,
    }


def place_row(
    day: date, impressions: int, country: str = "2276", region: str = "", **more: Any
) -> dict[str, Any]:
    """A raw row of a place: of the whole country without a region."""
    return part_row(
        day,
        impressions,
        country_criterion_id=country,
        geo_target_region=f"geoTargetConstants/{region}" if region else "",
        **{"location_type": "LOCATION_OF_PRESENCE", **more},
    )


def listed_keyword(keyword: str, quality: int | None = None, **more: Any) -> dict[str, Any]:
    """A row of a complete list of keywords."""
    return {
        "campaign_id": "1",
        "ad_group_id": "11",
        "criterion_id": keyword,
        "text": f"words {keyword}",
        "match_type": "EXACT",
        "status": "ENABLED",
        "negative": False,
        "quality_score": quality,
        **more,
    }


def listed_place(place: str, name: str, parent: str = "") -> dict[str, Any]:
    """A row of a complete list of places."""
    return {
        "geo_target_id": place,
        "name": name,
        "canonical_name": name,
        "country_code": "DE",
        "target_type": "State" if parent else "Country",
        "status": "ENABLED",
        "parent_geo_target": f"geoTargetConstants/{parent}" if parent else None,
    }
