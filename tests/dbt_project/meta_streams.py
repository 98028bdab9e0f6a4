"""Meta's raw streams for the fixture lake: their columns, and rows as Meta would have sent them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa

TEXT, INT, DATE, MONEY = pa.string(), pa.int64(), pa.date32(), pa.decimal128(24, 6)
INSTANT = pa.timestamp("us", tz="UTC")

_TIMES = [("created_time", INSTANT), ("updated_time", INSTANT)]
_BUDGETS = [("daily_budget", INT), ("lifetime_budget", INT)]
_CORE = [("impressions", INT), ("clicks", INT), ("spend", MONEY)]
_ADDITIVE = [
    *_CORE,
    ("inline_link_clicks", INT),
    ("inline_post_engagement", INT),
    ("actions", TEXT),
    ("action_values", TEXT),
    ("outbound_clicks", TEXT),
]
_DAILY = [
    *_ADDITIVE,
    ("reach", INT),
    ("frequency", MONEY),
    ("unique_outbound_clicks", TEXT),
    *[(f"video_p{part}_watched_actions", TEXT) for part in (25, 50, 75, 100)],
    ("video_thruplay_watched_actions", TEXT),
    ("attribution_setting", TEXT),
]
_OF_DAY = [("ad_account_id", TEXT), ("account_currency", TEXT), ("date", DATE)]

STREAMS: dict[tuple[str, str], list[tuple[str, pa.DataType]]] = {
    ("meta_ads", "accounts"): [
        *[(name, TEXT) for name in ("ad_account_id", "name", "currency", "timezone_name")],
        ("timezone_offset_hours_utc", pa.float64()),
        ("account_status", pa.int32()),
        ("amount_spent", INT),
    ],
    ("meta_ads", "campaigns"): [
        *[(name, TEXT) for name in ("ad_account_id", "campaign_id", "name", "objective")],
        *[(name, TEXT) for name in ("status", "effective_status", "configured_status")],
        ("buying_type", TEXT),
        *_BUDGETS,
        ("start_time", INSTANT),
        ("stop_time", INSTANT),
        *_TIMES,
    ],
    ("meta_ads", "ad_sets"): [
        *[(name, TEXT) for name in ("ad_account_id", "campaign_id", "ad_set_id", "name")],
        *[(name, TEXT) for name in ("status", "effective_status", "optimization_goal")],
        *[(name, TEXT) for name in ("billing_event", "bid_strategy")],
        ("bid_amount", INT),
        *_BUDGETS,
        ("attribution_spec", TEXT),
        ("promoted_object", TEXT),
        ("targeting", TEXT),
        ("start_time", INSTANT),
        ("end_time", INSTANT),
        *_TIMES,
    ],
    ("meta_ads", "ads"): [
        *[(name, TEXT) for name in ("ad_account_id", "campaign_id", "ad_set_id", "ad_id")],
        *[(name, TEXT) for name in ("name", "status", "effective_status")],
        *_TIMES,
        *[(f"creative_{name}", TEXT) for name in ("id", "name", "title", "body", "object_type")],
        *[(f"creative_object_story_{name}", TEXT) for name in ("id", "spec")],
        *[(name, TEXT) for name in ("thumbnail_url", "image_url", "link_url", "url_tags")],
    ],
    ("meta_ads", "campaign_insights"): [*_OF_DAY, ("campaign_id", TEXT), *_DAILY],
    ("meta_ads", "ad_set_insights"): [
        *_OF_DAY,
        ("campaign_id", TEXT),
        ("ad_set_id", TEXT),
        *_DAILY,
    ],
    ("meta_ads", "ad_insights"): [
        *_OF_DAY,
        ("campaign_id", TEXT),
        ("ad_set_id", TEXT),
        ("ad_id", TEXT),
        *_DAILY,
        ("quality_ranking", TEXT),
        ("engagement_rate_ranking", TEXT),
        ("conversion_rate_ranking", TEXT),
    ],
    ("meta_ads", "campaign_insights_hourly"): [
        *_OF_DAY,
        ("campaign_id", TEXT),
        ("hour_range", TEXT),
        ("hour", pa.int32()),
        *_ADDITIVE,
    ],
    ("meta_ads", "campaign_demographics"): [
        *_OF_DAY,
        ("campaign_id", TEXT),
        ("age", TEXT),
        ("gender", TEXT),
        *_CORE,
        ("reach", INT),
        ("actions", TEXT),
        ("action_values", TEXT),
    ],
    ("meta_ads", "campaign_countries"): [
        *_OF_DAY,
        ("campaign_id", TEXT),
        ("country", TEXT),
        *_CORE,
        ("actions", TEXT),
        ("action_values", TEXT),
    ],
    ("meta_ads", "campaign_placements"): [
        *_OF_DAY,
        ("campaign_id", TEXT),
        ("publisher_platform", TEXT),
        ("impression_device", TEXT),
        *_CORE,
        ("actions", TEXT),
        ("action_values", TEXT),
    ],
    ("meta_ads", "campaign_attribution"): [
        *_OF_DAY,
        ("campaign_id", TEXT),
        ("actions", TEXT),
        ("action_values", TEXT),
    ],
}


def actions(**values: object) -> str:
    """A list of action types with their values, as Meta sends it: one type may stand there twice.

    A whole number is told in two parts, as with a breakdown of actions.
    """
    listed = []
    for name, value in values.items():
        parts = [1, value - 1] if isinstance(value, int) and value > 1 else [value]
        listed += [{"action_type": name, "value": str(part)} for part in parts]
    return json.dumps(listed)


def insight(
    day: date, campaign: str, spend: str | None = "1.00", did: Mapping[str, object] | None = None,
    worth: Mapping[str, object] | None = None, **more: Any,
) -> dict[str, Any]:  # fmt: skip
    """A row of insights: 100 impressions, 10 clicks, and what people did. More keys: finer."""
    return {
        "ad_account_id": "1",
        "account_currency": "EUR",
        "date": day,
        "campaign_id": campaign,
        "impressions": 100,
        "clicks": 10,
        "spend": spend and Decimal(spend),
        "actions": actions(**did) if did else None,
        "action_values": actions(**worth) if worth else None,
        **more,
    }


def listed(campaign: str, name: str = "", **more: Any) -> dict[str, Any]:
    """A row of a complete list of campaigns."""
    return {
        "ad_account_id": "1",
        "campaign_id": campaign,
        "name": name or f"Campaign {campaign}",
        "objective": "OUTCOME_SALES",
        "status": "ACTIVE",
        "effective_status": "ACTIVE",
        "buying_type": "AUCTION",
        "daily_budget": 5000,
        "start_time": datetime.fromisoformat("2026-01-31T23:30:00+00:00"),
        **more,
    }
