"""Lines of Segment: calls of its libraries with what its collector adds.

https://segment.com/docs/connections/spec/common
"""

from __future__ import annotations

from connectors.platforms.events.shapes.shape import Line, Shape

_CALLS = {"page": "page_view", "screen": "page_view", "identify": "identify"}


def _named(line: Line) -> Line:
    """A `track` call has a name; of all others the call is the name."""
    call = line.get("type")
    if call in _CALLS:
        return {**line, "event": _CALLS[call]}
    return line if line.get("event") else {**line, "event": call}


SHAPE = Shape(
    places={
        "event_id": ("messageId",),
        "event": ("event",),
        "occurred_at": ("originalTimestamp", "timestamp"),
        "sent_at": ("sentAt",),
        "received_at": ("receivedAt",),
        "device_id": ("anonymousId",),
        "user_id": ("userId",),
        "url": ("context.page.url", "properties.url"),
        "referrer": ("context.page.referrer", "properties.referrer"),
        "title": ("context.page.title", "properties.title"),
        "user_agent": ("context.userAgent",),
        "client_hints": ("context.userAgentData",),
        "ip": ("context.ip",),
        "channel": ("channel", "context.channel"),
        "utm_source": ("context.campaign.source",),
        "utm_medium": ("context.campaign.medium",),
        "utm_campaign": ("context.campaign.name",),
        "utm_term": ("context.campaign.term",),
        "utm_content": ("context.campaign.content",),
        "category": ("properties.category", "category"),
        "action": ("properties.action",),
        "label": ("properties.label",),
        "value": ("properties.revenue", "properties.value", "properties.total"),
        "currency": ("properties.currency",),
        "order_id": ("properties.order_id",),
        "props": ("properties",),
    },
    prepare=_named,
)
