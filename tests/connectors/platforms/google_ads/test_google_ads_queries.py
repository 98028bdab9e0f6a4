"""Queries follow from the columns, and the columns are the API's own fields."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest
from google.ads.googleads.v26.services.types.google_ads_service import GoogleAdsRow
from google.protobuf.descriptor import FieldDescriptor

from connectors.core.columns import Column
from connectors.core.window import Window
from connectors.platforms import get
from connectors.platforms.google_ads import reports, schema
from connectors.platforms.google_ads.gaql import json_path, query

_STREAMS = get("google_ads").streams
_COLUMNS = sorted({c for s in _STREAMS for c in s.columns}, key=lambda c: (c.field or "", c.name))


def test_a_report_selects_filters_and_orders_by_its_dimensions() -> None:
    text = query(
        "campaign", reports.CAMPAIGN_STATS_HOURLY, Window(date(2026, 1, 1), date(2026, 1, 15))
    )
    assert text == (
        "SELECT customer.id, segments.date, segments.hour, campaign.id, metrics.impressions, "
        "metrics.clicks, metrics.cost_micros, metrics.conversions, metrics.conversions_value "
        "FROM campaign WHERE segments.date BETWEEN '2026-01-01' AND '2026-01-14' "
        "ORDER BY segments.date, segments.hour, campaign.id"
    )


def test_a_list_of_one_kind_says_which() -> None:
    text = query("ad_group_criterion", schema.KEYWORDS, None, "ad_group_criterion.type = 'KEYWORD'")
    assert text.endswith(" FROM ad_group_criterion WHERE ad_group_criterion.type = 'KEYWORD'")


def test_one_day_is_asked_for_as_one_day() -> None:
    text = query("ad_group_ad", reports.AD_STATS, Window(date(2026, 2, 28), date(2026, 3, 1)))
    assert "BETWEEN '2026-02-28' AND '2026-02-28'" in text


def test_a_snapshot_selects_everything() -> None:
    assert query("customer", schema.ACCOUNTS, None) == (
        "SELECT customer.id, customer.descriptive_name, customer.currency_code, "
        "customer.time_zone, customer.manager, customer.status FROM customer"
    )


def test_removed_things_are_not_filtered_out() -> None:
    window = Window(date(2026, 1, 1), date(2026, 1, 2))
    for columns in (schema.CAMPAIGNS, schema.AD_GROUPS, schema.ADS, reports.CAMPAIGN_STATS):
        assert "status !=" not in query("campaign", columns, window)
        assert "REMOVED" not in query("campaign", columns, window)


def test_a_column_without_a_field_is_refused() -> None:
    with pytest.raises(ValueError, match="no GAQL field"):
        query("campaign", (Column("x", pa.string(), "x", "attribute", "X."),), None)


@pytest.mark.parametrize("column", _COLUMNS, ids=lambda column: f"{column.name}={column.field}")
def test_every_column_is_a_field_of_the_official_messages(column: Column) -> None:
    """Google's own protobufs of this version: the name exists, its JSON name and type are ours."""
    assert column.field is not None
    message = GoogleAdsRow.pb().DESCRIPTOR
    path = []
    for name in column.field.split("."):
        # Python's protobufs rename fields that are keywords of Python.
        field = message.fields_by_name.get(name) or message.fields_by_name[f"{name}_"]
        path.append(field.json_name)
        message = field.message_type
    assert ".".join(path) == json_path(column.field) == column.source
    number = {FieldDescriptor.CPPTYPE_INT64, FieldDescriptor.CPPTYPE_INT32}
    allowed = {
        FieldDescriptor.CPPTYPE_INT64: {pa.int64()},
        FieldDescriptor.CPPTYPE_INT32: {pa.int32()},
        FieldDescriptor.CPPTYPE_DOUBLE: {pa.float64()},
        FieldDescriptor.CPPTYPE_BOOL: {pa.bool_()},
        FieldDescriptor.CPPTYPE_ENUM: {pa.string()},
        FieldDescriptor.CPPTYPE_STRING: {pa.string(), pa.date32(), pa.timestamp("us")},
        # As JSON.
        FieldDescriptor.CPPTYPE_MESSAGE: {pa.string()},
    }[field.cpp_type]
    if field.cpp_type in number and column.name.endswith("_id"):
        allowed = {pa.string()}
    assert column.type in allowed


@pytest.mark.parametrize("stream", _STREAMS, ids=lambda stream: stream.name)
def test_the_raw_column_names_are_the_contract(stream: object) -> None:
    names = [column.name for column in stream.columns]  # type: ignore[attr-defined]
    core = ["impressions", "clicks", "cost_micros", "conversions", "conversions_value"]
    more = ["interactions", "video_trueview_views", "view_through_conversions"]
    expected = {
        "accounts": ["customer_id", "descriptive_name", "currency_code", "time_zone", "manager",
                     "status"],
        "campaigns": ["customer_id", "campaign_id", "name", "status", "advertising_channel_type",
                      "advertising_channel_sub_type", "bidding_strategy_type",
                      "start_date_time", "end_date_time", "budget_id", "budget_amount_micros",
                      "budget_period", "budget_delivery_method"],
        "ad_groups": ["customer_id", "campaign_id", "ad_group_id", "name", "status", "type",
                      "cpc_bid_micros"],
        "ads": ["customer_id", "campaign_id", "ad_group_id", "ad_id", "name", "type", "final_urls",
                "status", "image_url", "headlines", "descriptions"],
        "campaign_stats": ["customer_id", "date", "campaign_id", *core, *more],
        "campaign_stats_hourly": ["customer_id", "date", "hour", "campaign_id", *core],
        "ad_group_stats": ["customer_id", "date", "campaign_id", "ad_group_id", *core, more[-1]],
        "ad_stats": ["customer_id", "date", "campaign_id", "ad_group_id", "ad_id", *core, *more],
        "keywords": ["customer_id", "campaign_id", "ad_group_id", "criterion_id", "text",
                     "match_type", "status", "negative", "cpc_bid_micros", "final_urls",
                     "quality_score", "creative_quality_score", "post_click_quality_score",
                     "search_predicted_ctr"],
        "geo_targets": ["geo_target_id", "name", "canonical_name", "country_code", "target_type",
                        "status", "parent_geo_target"],
        "campaign_stats_by_device": ["customer_id", "date", "campaign_id", "device",
                                     "ad_network_type", *core],
        "keyword_stats": ["customer_id", "date", "campaign_id", "ad_group_id", "criterion_id",
                          "text", "match_type", *core, "historical_quality_score"],
        "search_term_stats": ["customer_id", "date", "campaign_id", "ad_group_id", "search_term",
                              "status", *core],
        "labels": ["customer_id", "label_id", "name", "campaign_id", "ad_group_id", "ad_id"],
        "placement_stats": ["customer_id", "date", "campaign_id", "ad_group_id", "placement",
                            "display_name", "target_url", "placement_type", *core],
        "clicks": ["customer_id", "date", "click_id", "campaign_id", "ad_group_ad", "keyword",
                   "device", "clicks"],
        "geo_stats": ["customer_id", "date", "campaign_id", "country_criterion_id",
                      "location_type", "geo_target_region", *core],
    }  # fmt: skip
    assert names == expected[stream.name]  # type: ignore[attr-defined]


def test_keys_and_windows() -> None:
    platform = get("google_ads")
    assert platform.stream("ads").key == ("ad_group_id", "ad_id")
    assert platform.stream("campaign_stats_hourly").key == ("date", "hour", "campaign_id")
    assert platform.stream("campaign_stats_hourly").max_window_days == 14
    assert platform.stream("ad_stats").max_window_days == 90
    assert platform.stream("keyword_stats").key == (
        "date", "campaign_id", "ad_group_id", "criterion_id"
    )  # fmt: skip
    assert platform.stream("geo_stats").key == (
        "date", "campaign_id", "country_criterion_id", "location_type", "geo_target_region"
    )  # fmt: skip
    restated = [s for s in platform.streams if s.kind == "report" and s.name != "clicks"]
    assert all(s.retention_days == 1_123 for s in restated)
    assert all(s.lookback_days == 30 for s in restated)
    clicks = platform.stream("clicks")
    assert (clicks.retention_days, clicks.lookback_days, clicks.key) == (
        30,
        3,
        ("date", "click_id"),
    )
