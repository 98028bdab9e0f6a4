"""Every stream of ours has the rows that Google's own protobuf reads, field by field.

The question is asked twice: by our connector, as `tributary run` does, through `search` and its
pages; and here in GAQL of our own through `searchStream`, each row parsed into `GoogleAdsRow`.
Which of Google's fields is which of our columns is written here a second time, on purpose.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pytest
from google.ads.googleads.v26.services.types.google_ads_service import GoogleAdsRow
from google.protobuf import json_format
from google.protobuf.descriptor import FieldDescriptor

from connectors.platforms import get
from connectors.sandbox.server import SandboxClient
from tests.referees.google_rest import BERLIN, post
from tests.referees.pulls import Puller, Row, check_same

FIRST, LAST = "2026-10-20", "2026-10-31"
"""Some days around the end of summer time, with the days on which a tag was lost."""
WHOLE = "segments.date BETWEEN '2026-09-01' AND '2026-11-15'"
OTHERS = (("kiwi_kitchen", "4200000337"), ("chai_house", "4300000637"))

CUSTOMER = {"customer_id": "customer.id"}
IN_CAMPAIGN = {**CUSTOMER, "campaign_id": "campaign.id"}
IN_AD_GROUP = {**IN_CAMPAIGN, "ad_group_id": "ad_group.id"}
CORE = {
    "date": "segments.date",
    "impressions": "metrics.impressions",
    "clicks": "metrics.clicks",
    "cost_micros": "metrics.cost_micros",
    "conversions": "metrics.conversions",
    "conversions_value": "metrics.conversions_value",
}
VIEW_THROUGH = {"view_through_conversions": "metrics.view_through_conversions"}
MORE = {
    "interactions": "metrics.interactions",
    "video_trueview_views": "metrics.video_trueview_views",
    **VIEW_THROUGH,
}
PERFORMANCE_MAX = "campaign.advertising_channel_type = 'PERFORMANCE_MAX'"
KEYWORD = {
    "criterion_id": "ad_group_criterion.criterion_id",
    "text": "ad_group_criterion.keyword.text",
    "match_type": "ad_group_criterion.keyword.match_type",
}
PLACE = {
    "country_criterion_id": "geographic_view.country_criterion_id",
    "location_type": "geographic_view.location_type",
}
TERM = {"search_term": "search_term_view.search_term", "status": "search_term_view.status"}
REGION = {"geo_target_region": "segments.geo_target_region"}


@dataclass(frozen=True)
class Asked:
    """What stands behind one of our streams: a resource, and the field of each column."""

    resource: str
    fields: Mapping[str, str]
    where: str = ""
    silent: frozenset[str] = frozenset()


STREAMS = {
    "accounts": Asked(
        "customer",
        {
            **CUSTOMER,
            "descriptive_name": "customer.descriptive_name",
            "currency_code": "customer.currency_code",
            "time_zone": "customer.time_zone",
            "manager": "customer.manager",
            "status": "customer.status",
        },
    ),
    "campaigns": Asked(
        "campaign",
        {
            **IN_CAMPAIGN,
            "name": "campaign.name",
            "status": "campaign.status",
            "advertising_channel_type": "campaign.advertising_channel_type",
            "start_date_time": "campaign.start_date_time",
            "end_date_time": "campaign.end_date_time",
            "budget_id": "campaign_budget.id",
            "budget_amount_micros": "campaign_budget.amount_micros",
            "budget_period": "campaign_budget.period",
            "budget_delivery_method": "campaign_budget.delivery_method",
            "advertising_channel_sub_type": "campaign.advertising_channel_sub_type",
            "bidding_strategy_type": "campaign.bidding_strategy_type",
        },
    ),
    "ad_groups": Asked(
        "ad_group",
        {
            **IN_AD_GROUP,
            "name": "ad_group.name",
            "status": "ad_group.status",
            "type": "ad_group.type",
            "cpc_bid_micros": "ad_group.cpc_bid_micros",
        },
    ),
    "ads": Asked(
        "ad_group_ad",
        {
            **IN_AD_GROUP,
            "ad_id": "ad_group_ad.ad.id",
            "name": "ad_group_ad.ad.name",
            "type": "ad_group_ad.ad.type",
            "final_urls": "ad_group_ad.ad.final_urls",
            "status": "ad_group_ad.status",
            "image_url": "ad_group_ad.ad.image_ad.image_url",
            "headlines": "ad_group_ad.ad.responsive_search_ad.headlines",
            "descriptions": "ad_group_ad.ad.responsive_search_ad.descriptions",
        },
    ),
    "keywords": Asked(
        "ad_group_criterion",
        {
            **IN_AD_GROUP,
            **KEYWORD,
            "status": "ad_group_criterion.status",
            "negative": "ad_group_criterion.negative",
            "cpc_bid_micros": "ad_group_criterion.cpc_bid_micros",
            "final_urls": "ad_group_criterion.final_urls",
            "quality_score": "ad_group_criterion.quality_info.quality_score",
            "creative_quality_score": "ad_group_criterion.quality_info.creative_quality_score",
            "post_click_quality_score": "ad_group_criterion.quality_info.post_click_quality_score",
            "search_predicted_ctr": "ad_group_criterion.quality_info.search_predicted_ctr",
        },
        "ad_group_criterion.type = 'KEYWORD'",
    ),
    "campaign_stats": Asked("campaign", {**IN_CAMPAIGN, **CORE, **MORE}),
    "ad_group_stats": Asked("ad_group", {**IN_AD_GROUP, **CORE, **VIEW_THROUGH}),
    "ad_stats": Asked("ad_group_ad", {**IN_AD_GROUP, "ad_id": "ad_group_ad.ad.id", **CORE, **MORE}),
    "campaign_stats_hourly": Asked("campaign", {**IN_CAMPAIGN, "hour": "segments.hour", **CORE}),
    "campaign_stats_by_device": Asked(
        "campaign",
        {
            **IN_CAMPAIGN,
            "device": "segments.device",
            "ad_network_type": "segments.ad_network_type",
            **CORE,
        },
    ),
    "keyword_stats": Asked(
        "keyword_view",
        {
            **IN_AD_GROUP,
            **KEYWORD,
            **CORE,
            "historical_quality_score": "metrics.historical_quality_score",
        },
    ),
}
PLACES = Asked(
    "geo_target_constant",
    {
        "geo_target_id": "geo_target_constant.id",
        "name": "geo_target_constant.name",
        "canonical_name": "geo_target_constant.canonical_name",
        "country_code": "geo_target_constant.country_code",
        "target_type": "geo_target_constant.target_type",
        "status": "geo_target_constant.status",
        "parent_geo_target": "geo_target_constant.parent_geo_target",
    },
)
KEYS = {
    "accounts": ("customer_id",),
    "campaigns": ("campaign_id",),
    "ad_groups": ("ad_group_id",),
    "ads": ("ad_group_id", "ad_id"),
    "keywords": ("ad_group_id", "criterion_id"),
    "campaign_stats": ("date", "campaign_id"),
    "ad_group_stats": ("date", "ad_group_id"),
    "ad_stats": ("date", "ad_group_id", "ad_id"),
    "campaign_stats_hourly": ("date", "hour", "campaign_id"),
    "campaign_stats_by_device": ("date", "campaign_id", "device", "ad_network_type"),
    "keyword_stats": ("date", "ad_group_id", "criterion_id"),
}
IDS = {"geo_target_id", "budget_id", "country_criterion_id"}
OURS: Mapping[str, Callable[[Any], Any]] = {
    # Google writes instants as the account's wall time, without a zone.
    "start_date_time": lambda text: datetime.strptime(text, "%Y-%m-%d %H:%M:%S"),
    "end_date_time": lambda text: datetime.strptime(text, "%Y-%m-%d %H:%M:%S"),
    "date": date.fromisoformat,
}


def protobuf_rows(
    sandbox: SandboxClient, who: str, customer: str, asked: Asked, where: str = ""
) -> list[Row]:
    """What Google's protobuf reads of the answer, under the names of our columns."""
    text = f"SELECT {', '.join(asked.fields.values())} FROM {asked.resource}"
    conditions = " AND ".join(filter(None, (asked.where, where)))
    query = {"query": f"{text} WHERE {conditions}" if conditions else text}
    status, chunks = post(sandbox, f"v26/customers/{customer}/googleAds:searchStream", query, who)
    assert status == 200, chunks
    parsed = [
        json_format.ParseDict(row, GoogleAdsRow.pb()(), ignore_unknown_fields=False)
        for chunk in chunks
        for row in chunk.get("results", [])
    ]
    return [
        {column: value_of(row, column, field) for column, field in asked.fields.items()}
        for row in parsed
    ]


def value_of(row: Any, column: str, field: str) -> Any:
    """A field of a protobuf as our column has it; None where Google left it unset."""
    *parents, last = field.split(".")
    for name in parents:
        row = getattr(row, name)
    # Python reserves `type`: the field has another name there than in a query.
    first, *rest = last.split("_")
    camel = first + "".join(part.capitalize() for part in rest)
    known: FieldDescriptor = row.DESCRIPTOR.fields_by_camelcase_name[camel]
    value = getattr(row, known.name)
    if known.is_repeated:
        is_message = known.message_type is not None
        return [json_format.MessageToDict(one) if is_message else one for one in value] or None
    if known.has_presence and not row.HasField(known.name):
        return None
    if known.enum_type is not None:
        named = known.enum_type.values_by_number[value].name
        return None if named == "UNSPECIFIED" else named
    if column in OURS:
        return OURS[column](value)
    # Ids are text with us: nobody adds them up.
    return str(value) if last in ("id", "criterion_id") or column in IDS else value


@pytest.mark.parametrize("stream", STREAMS)
def test_rows_of_a_stream(puller: Puller, sandbox: SandboxClient, stream: str) -> None:
    asked = STREAMS[stream]
    daily = "date" in asked.fields
    days = (FIRST, LAST) if daily else ()
    where = f"segments.date BETWEEN '{FIRST}' AND '{LAST}'" if daily else ""
    lists = {"final_urls", "headlines", "descriptions"} & asked.fields.keys()
    ours = puller.rows(f"google_ads/{stream}", BERLIN, *days, lists=lists)
    theirs = protobuf_rows(sandbox, "acme_outdoor", BERLIN, asked, where)
    check_same(ours, theirs, *KEYS[stream], silent=asked.silent)


@pytest.mark.parametrize(("who", "customer"), OTHERS)
def test_other_accounts_and_currencies(
    puller: Puller, sandbox: SandboxClient, who: str, customer: str
) -> None:
    asked = STREAMS["ad_stats"]
    ours = puller.rows("google_ads/ad_stats", customer, FIRST, LAST)
    dates = f"segments.date BETWEEN '{FIRST}' AND '{LAST}'"
    check_same(ours, protobuf_rows(sandbox, who, customer, asked, dates), *KEYS["ad_stats"])


def test_places_by_country_and_region(puller: Puller, sandbox: SandboxClient) -> None:
    dates = f"segments.date BETWEEN '{FIRST}' AND '{LAST}'"
    countries = Asked("geographic_view", {**IN_CAMPAIGN, **PLACE, **CORE})
    regions = Asked("geographic_view", {**IN_CAMPAIGN, **PLACE, **REGION, **CORE})
    whole = [
        # In our row of a whole country the region is empty, not unknown: it is part of the key.
        {**row, "geo_target_region": ""}
        for row in protobuf_rows(sandbox, "acme_outdoor", BERLIN, countries, dates)
    ]
    parts = protobuf_rows(sandbox, "acme_outdoor", BERLIN, regions, dates)
    named = [row for row in parts if row["geo_target_region"]]
    assert len(named) > 0
    ours = puller.rows("google_ads/geo_stats", BERLIN, FIRST, LAST)
    key = ("date", "campaign_id", *PLACE, "geo_target_region")
    check_same(ours, [*whole, *named], *key)


def test_search_terms_beside_their_ad_groups(puller: Puller, sandbox: SandboxClient) -> None:
    dates = f"segments.date BETWEEN '{FIRST}' AND '{LAST}'"
    channels = "campaign.advertising_channel_type IN ('SEARCH', 'SHOPPING')"
    wholes = Asked("ad_group", {**IN_AD_GROUP, **CORE}, channels)
    terms = Asked("search_term_view", {**IN_AD_GROUP, **TERM, **CORE})
    # In our row of a whole ad group the term is empty, not unknown: it is part of the key.
    theirs = [
        {**row, "search_term": "", "status": None}
        for row in protobuf_rows(sandbox, "acme_outdoor", BERLIN, wholes, dates)
    ]
    theirs += protobuf_rows(sandbox, "acme_outdoor", BERLIN, terms, dates)
    view = "campaign_search_term_view"
    whole = Asked("campaign", {**IN_CAMPAIGN, **CORE}, PERFORMANCE_MAX)
    theirs += [
        {**row, "ad_group_id": "", "search_term": "", "status": None}
        for row in protobuf_rows(sandbox, "acme_outdoor", BERLIN, whole, dates)
    ]
    parts = Asked(view, {**IN_CAMPAIGN, "search_term": f"{view}.search_term", **CORE})
    found = protobuf_rows(sandbox, "acme_outdoor", BERLIN, parts, dates)
    theirs += [{**row, "ad_group_id": "", "status": None} for row in found]
    assert len(found) > 10
    ours = puller.rows("google_ads/search_term_stats", BERLIN, FIRST, LAST)
    assert len({row["status"] for row in theirs}) > 2
    check_same(ours, theirs, "date", "campaign_id", "ad_group_id", "search_term")


def test_placements_beside_their_ad_groups(puller: Puller, sandbox: SandboxClient) -> None:
    dates = f"segments.date BETWEEN '{FIRST}' AND '{LAST}'"
    channels = "campaign.advertising_channel_type IN ('DISPLAY', 'VIDEO', 'DEMAND_GEN')"
    view = "group_placement_view"
    named = {
        **{name: f"{view}.{name}" for name in ("placement", "display_name", "target_url")},
        "placement_type": f"{view}.placement_type",
    }
    wholes = Asked("ad_group", {**IN_AD_GROUP, **CORE}, channels)
    nothing = dict.fromkeys(named)
    theirs = [
        row | nothing | {"placement": ""}
        for row in protobuf_rows(sandbox, "acme_outdoor", BERLIN, wholes, dates)
    ]
    parts = Asked(view, {**IN_AD_GROUP, **named, **CORE})
    theirs += [
        # The client knows no unset texts.
        row | {"target_url": row["target_url"] or None}
        for row in protobuf_rows(sandbox, "acme_outdoor", BERLIN, parts, dates)
    ]
    whole = Asked("campaign", {**IN_CAMPAIGN, **CORE}, PERFORMANCE_MAX)
    theirs += [
        {"ad_group_id": "", **row, **nothing, "placement": ""}
        for row in protobuf_rows(sandbox, "acme_outdoor", BERLIN, whole, dates)
    ]
    view = "performance_max_placement_view"
    named = {name: field.replace("group_placement_view", view) for name, field in named.items()}
    shown = {name: CORE[name] for name in ("date", "impressions")}
    parts = Asked(view, {**IN_CAMPAIGN, **named, **shown})
    found = protobuf_rows(sandbox, "acme_outdoor", BERLIN, parts, dates)
    theirs += [
        {"ad_group_id": "", **dict.fromkeys(CORE), **row, "target_url": row["target_url"] or None}
        for row in found
    ]
    assert len(found) > 10
    ours = puller.rows("google_ads/placement_stats", BERLIN, FIRST, LAST)
    check_same(ours, theirs, "date", "campaign_id", "ad_group_id", "placement")


def test_labels_of_everything(puller: Puller, sandbox: SandboxClient) -> None:
    label = {"label_id": "label.id", "name": "label.name"}
    campaign = {"customer_id": "customer.id", "campaign_id": "campaign.id"}
    group = {"ad_group_id": "ad_group.id"}
    kinds = {
        "campaign_label": campaign,
        "ad_group_label": campaign | group,
        "ad_group_ad_label": campaign | group | {"ad_id": "ad_group_ad.ad.id"},
    }
    theirs = [
        {"ad_group_id": "", "ad_id": "", **row}
        for resource, fields in kinds.items()
        for row in protobuf_rows(sandbox, "acme_outdoor", BERLIN, Asked(resource, fields | label))
    ]
    ours = puller.rows("google_ads/labels", BERLIN)
    check_same(ours, theirs, "label_id", "campaign_id", "ad_group_id", "ad_id")


def test_clicks_under_the_tokens_of_their_ids(puller: Puller, sandbox: SandboxClient) -> None:
    view = {
        "click_id": "click_view.gclid",
        "ad_group_ad": "click_view.ad_group_ad",
        "keyword": "click_view.keyword",
        "device": "segments.device",
        "clicks": "metrics.clicks",
    }
    asked = Asked("click_view", {**IN_CAMPAIGN, "date": "segments.date", **view})
    theirs = [
        row
        | {"click_id": puller.token("acme_outdoor", row["click_id"])}
        # The client knows no unset texts.
        | {name: row[name] or None for name in ("ad_group_ad", "keyword")}
        for day in ("2026-10-30", "2026-10-31")
        for row in protobuf_rows(sandbox, "acme_outdoor", BERLIN, asked, f"segments.date = '{day}'")
    ]
    ours = puller.rows("google_ads/clicks", BERLIN, "2026-10-30", "2026-10-31")
    assert len(ours) > 100
    check_same(ours, theirs, "date", "click_id")


def test_names_of_the_places_that_numbers_name(puller: Puller, sandbox: SandboxClient) -> None:
    used = set()
    for fields in (PLACE, REGION):
        asked = Asked("geographic_view", {**fields, "impressions": "metrics.impressions"})
        for row in protobuf_rows(sandbox, "acme_outdoor", BERLIN, asked, WHOLE):
            used.add(row.get("country_criterion_id"))
            used.add((row.get("geo_target_region") or "").rpartition("/")[2])
    theirs = protobuf_rows(sandbox, "acme_outdoor", BERLIN, PLACES)
    named = [row for row in theirs if row["geo_target_id"] in used]
    check_same(puller.rows("google_ads/geo_targets", BERLIN), named, "geo_target_id")


def test_every_stream_is_compared() -> None:
    declared = {stream.name for stream in get("google_ads").streams}
    assert declared == {
        *STREAMS,
        "search_term_stats",
        "placement_stats",
        "labels",
        "clicks",
        "geo_stats",
        "geo_targets",
    }
