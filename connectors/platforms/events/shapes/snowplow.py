"""Lines of Snowplow: enriched events as its analytics SDKs write them, columns as keys.

https://docs.snowplow.io/docs/fundamentals/canonical-event
"""

from __future__ import annotations

from typing import Any

from connectors.platforms.events.shapes.shape import Line, Shape

_BODY = "unstruct_event_"
_FORMS = ("submit_form", "change_form", "focus_form")
_OF_FORMS = ("formId", "formClasses", "elementId", "nodeName", "type")
"""What is kept of the body of a form: the values of its fields may be anybody's."""


def _with_body(line: Line) -> Line:
    """The body of a self-describing event, whichever version of its schema it has."""
    bodies = [v for k, v in line.items() if k.startswith(_BODY) and isinstance(v, dict)]
    body: dict[str, Any] = bodies[0] if bodies else {}
    if line.get("event_name") in _FORMS:
        body = {name: body[name] for name in _OF_FORMS if name in body}
    return {**line, "body": body} if body else line


SHAPE = Shape(
    places={
        "event_id": ("event_id",),
        "event": ("event_name", "event"),
        "occurred_at": ("true_tstamp", "dvce_created_tstamp"),
        "sent_at": ("dvce_sent_tstamp",),
        "received_at": ("collector_tstamp",),
        "device_id": ("domain_userid", "network_userid"),
        "user_id": ("user_id",),
        "session_id": ("domain_sessionid",),
        "url": ("page_url",),
        "referrer": ("page_referrer",),
        "title": ("page_title",),
        "user_agent": ("useragent",),
        "ip": ("user_ipaddress",),
        "channel": ("platform",),
        "utm_source": ("mkt_source",),
        "utm_medium": ("mkt_medium",),
        "utm_campaign": ("mkt_campaign",),
        "utm_term": ("mkt_term",),
        "utm_content": ("mkt_content",),
        "category": ("se_category",),
        "action": ("se_action",),
        "label": ("se_label",),
        "value": ("se_value", "tr_total"),
        "currency": ("tr_currency",),
        "order_id": ("tr_orderid",),
        "props": ("body",),
    },
    prepare=_with_body,
)
