"""A shape: where a collector's line keeps what ours has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Line = Mapping[str, Any]

FIELDS = (
    "event_id", "event", "class", "occurred_at", "sent_at", "received_at", "device_id", "user_id",
    "session_id", "url", "referrer", "title", "user_agent", "client_hints", "ip", "analytics",
    "sample_rate", "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "utm_id",
    "category", "action", "label", "value", "currency", "order_id", "network", "conversion_id",
    "goal_id", "channel", "browser", "operating_system", "device_type", "props",
)  # fmt: skip
"""What a line may say, in our words. A mapping of one's own names a place for each."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Where a collector keeps what our own line has.

    Attributes:
        places: our name -> dotted places; the first that has a value counts.
        prepare: makes a line fit for these places (lists of parameters, bodies of events).
        own_id: whether lines have no id of their own: then their content is their id.
    """

    places: Mapping[str, tuple[str, ...]]
    prepare: Callable[[Line], Line] = field(default=lambda line: line)
    own_id: bool = False

    def with_places(self, places: Mapping[str, str]) -> Shape:
        """Returns the shape with places of one's own, which are looked at first."""
        known = self.places
        more = {name: (place, *known.get(name, ())) for name, place in places.items()}
        return Shape({**known, **more}, self.prepare, self.own_id)
