"""The columns of what a lake holds: raw rows by stream, the sync log, the registry's exports."""

from __future__ import annotations

import commerce_streams
import google_parts_streams
import meta_streams
import pyarrow as pa

from connectors.platforms import load

INSTANT = pa.timestamp("us", tz="UTC")
LOCAL = pa.timestamp("us")
TEXT, INT, DOUBLE, DATE = pa.string(), pa.int64(), pa.float64(), pa.date32()

SYSTEM = [
    ("_organization_id", TEXT),
    ("_connection_id", TEXT),
    ("_sync_id", TEXT),
    ("_chunk_id", pa.int32()),
    ("_synced_at", INSTANT),
]
COMPACTED = [
    pa.field("_observed", TEXT),
    pa.field(
        "_observations",
        pa.list_(pa.struct([("sync_id", TEXT), ("chunk_id", pa.int32()), ("synced_at", INSTANT)])),
    ),
]
_METRICS = [
    ("impressions", INT),
    ("clicks", INT),
    ("cost_micros", INT),
    ("conversions", DOUBLE),
    ("conversions_value", DOUBLE),
]
_MORE_METRICS = [
    ("interactions", INT),
    ("video_trueview_views", INT),
    ("view_through_conversions", INT),
]

STREAMS: dict[tuple[str, str], list[tuple[str, pa.DataType]]] = {
    ("google_ads", "accounts"): [
        ("customer_id", TEXT),
        ("descriptive_name", TEXT),
        ("currency_code", TEXT),
        ("time_zone", TEXT),
        ("manager", pa.bool_()),
        ("status", TEXT),
    ],
    ("google_ads", "campaigns"): [
        ("customer_id", TEXT),
        ("campaign_id", TEXT),
        ("name", TEXT),
        ("status", TEXT),
        ("advertising_channel_type", TEXT),
        ("start_date_time", LOCAL),
        ("end_date_time", LOCAL),
        ("budget_id", TEXT),
        ("budget_amount_micros", INT),
        ("budget_period", TEXT),
        ("budget_delivery_method", TEXT),
        ("advertising_channel_sub_type", TEXT),
        ("bidding_strategy_type", TEXT),
    ],
    ("google_ads", "ad_groups"): [
        ("customer_id", TEXT),
        ("campaign_id", TEXT),
        ("ad_group_id", TEXT),
        ("name", TEXT),
        ("status", TEXT),
        ("type", TEXT),
        ("cpc_bid_micros", INT),
    ],
    ("google_ads", "ads"): [
        ("customer_id", TEXT),
        ("campaign_id", TEXT),
        ("ad_group_id", TEXT),
        ("ad_id", TEXT),
        ("name", TEXT),
        ("type", TEXT),
        ("final_urls", TEXT),
        ("status", TEXT),
        ("image_url", TEXT),
        ("headlines", TEXT),
        ("descriptions", TEXT),
    ],
    ("google_ads", "campaign_stats"): [
        ("customer_id", TEXT),
        ("date", DATE),
        ("campaign_id", TEXT),
        *_METRICS,
        *_MORE_METRICS,
    ],
    ("google_ads", "campaign_stats_hourly"): [
        ("customer_id", TEXT),
        ("date", DATE),
        ("hour", pa.int32()),
        ("campaign_id", TEXT),
        *_METRICS,
    ],
    ("google_ads", "ad_group_stats"): [
        ("customer_id", TEXT),
        ("date", DATE),
        ("campaign_id", TEXT),
        ("ad_group_id", TEXT),
        *_METRICS,
        _MORE_METRICS[-1],
    ],
    ("google_ads", "ad_stats"): [
        ("customer_id", TEXT),
        ("date", DATE),
        ("campaign_id", TEXT),
        ("ad_group_id", TEXT),
        ("ad_id", TEXT),
        *_METRICS,
        *_MORE_METRICS,
    ],
    ("exchange_rates", "reference_rates"): [
        ("date", DATE),
        ("currency", TEXT),
        ("rate", pa.decimal128(20, 8)),
    ],
    **commerce_streams.STREAMS,
    **google_parts_streams.STREAMS,
    **meta_streams.STREAMS,
}
"""The streams whose rows the scenarios write; their columns are written by hand."""

DECLARED: dict[tuple[str, str], list[tuple[str, pa.DataType]]] = {
    (platform.name, stream.name): [(column.name, column.type) for column in stream.columns]
    for platform in load().values()
    for stream in platform.streams
}
"""All streams, as connectors declare them: a lake has files of each."""

LOG = pa.schema(
    [
        ("sync_id", TEXT),
        ("organization_id", TEXT),
        ("connection_id", TEXT),
        ("platform", TEXT),
        ("account_id", TEXT),
        ("stream", TEXT),
        ("kind", TEXT),
        ("chunk_id", pa.int32()),
        ("window_from", LOCAL),
        ("window_to", LOCAL),
        ("status", TEXT),
        ("mode", TEXT),
        ("fetch_started_at", INSTANT),
        ("committed_at", INSTANT),
        ("rows", INT),
        ("rejected_rows", INT),
        ("bytes", INT),
        ("requests", pa.int32()),
        ("retries", pa.int32()),
        ("duration_seconds", DOUBLE),
        ("error_class", TEXT),
        ("error_message", TEXT),
        ("unknown_fields", TEXT),
        ("account_name", TEXT),
        ("account_currency", TEXT),
        ("account_time_zone", TEXT),
        ("raw_file", TEXT),
        ("clock_carried_seconds", DOUBLE),
        ("hidden_before", INSTANT),
        ("run_id", TEXT),
        ("object_schema", TEXT),
    ]
)
ORGANIZATIONS = pa.schema(
    [
        ("organization_id", TEXT),
        ("name", TEXT),
        ("plan", TEXT),
        ("reporting_currency", TEXT),
        ("time_zone", TEXT),
        ("fiscal_year_start_month", pa.int32()),
        ("status", TEXT),
        ("created_at", INSTANT),
    ]
)
CONNECTIONS = pa.schema(
    [
        ("connection_id", TEXT),
        ("organization_id", TEXT),
        ("platform", TEXT),
        ("account_id", TEXT),
        ("account_name", TEXT),
        ("account_currency", TEXT),
        ("account_time_zone", TEXT),
        ("status", TEXT),
        ("sync_frequency", TEXT),
        ("start_date", DATE),
        ("created_at", INSTANT),
        ("removed_at", INSTANT),
    ]
)
PLATFORMS = pa.schema(
    [
        ("platform", TEXT),
        ("display_name", TEXT),
        ("category", TEXT),
        ("api_version", TEXT),
        ("api_sunset", DATE),
        ("requests_per_second", DOUBLE),
        ("is_active", pa.bool_()),
        ("shared", pa.bool_()),
        ("lookback_days", pa.int32()),
    ]
)
ACKNOWLEDGEMENTS = pa.schema(
    [
        ("organization_id", TEXT),
        ("alert_key", TEXT),
        ("rule_id", TEXT),
        ("scope_type", TEXT),
        ("scope", TEXT),
        ("first_day", DATE),
        ("last_day", DATE),
        ("acknowledged_at", INSTANT),
        ("acknowledged_by", TEXT),
        ("note", TEXT),
    ]
)
OWN_RATES = pa.schema(
    [
        ("currency", TEXT),
        ("base_currency", TEXT),
        ("units_per_base", pa.decimal128(20, 8)),
        ("valid_from", DATE),
        ("valid_to", DATE),
        ("provider", TEXT),
    ]
)


def raw_schema(platform: str, stream: str) -> pa.Schema:
    """The columns of a raw file."""
    key = (platform, stream)
    return pa.schema([*SYSTEM, *STREAMS.get(key, DECLARED[key]), ("_extra", TEXT)])
