"""Lines of GA4 as BigQuery exports them to JSON: whole numbers are texts, parameters are a list.

They have no id and no time of receipt: the content is the id, and the device's time stands for
both. https://support.google.com/analytics/answer/7029846
"""

from __future__ import annotations

from typing import Any

from connectors.platforms.events.shapes.shape import Line, Shape

_KINDS = ("string_value", "int_value", "double_value", "float_value")


def _flat(line: Line) -> Line:
    """The list of parameters as an object, and the consent as a word."""
    params: dict[str, Any] = {}
    given = line.get("event_params")
    for one in given if isinstance(given, list) else ():
        value = one.get("value") if isinstance(one, dict) else None
        if isinstance(value, dict) and isinstance(one.get("key"), str):
            found = next((value[k] for k in _KINDS if value.get(k) is not None), None)
            params.setdefault(one["key"], found)
    return {**line, "params": params}


SHAPE = Shape(
    places={
        "event": ("event_name",),
        "occurred_at": ("event_timestamp",),
        "received_at": ("event_timestamp",),
        "device_id": ("user_pseudo_id",),
        "user_id": ("user_id",),
        "session_id": ("params.ga_session_id",),
        "url": ("params.page_location",),
        "referrer": ("params.page_referrer",),
        "title": ("params.page_title",),
        "browser": ("device.web_info.browser",),
        "operating_system": ("device.operating_system",),
        "device_type": ("device.category",),
        "analytics": ("privacy_info.analytics_storage",),
        "utm_source": ("collected_traffic_source.manual_source",),
        "utm_medium": ("collected_traffic_source.manual_medium",),
        "utm_campaign": ("collected_traffic_source.manual_campaign_name",),
        "utm_term": ("collected_traffic_source.manual_term",),
        "utm_content": ("collected_traffic_source.manual_content",),
        "utm_id": ("collected_traffic_source.manual_campaign_id",),
        "value": ("event_value_in_usd", "params.value"),
        "currency": ("params.currency",),
        "order_id": ("ecommerce.transaction_id", "params.transaction_id"),
        "props": ("params",),
    },
    prepare=_flat,
    own_id=True,
)
