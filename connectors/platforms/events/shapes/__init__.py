"""The shapes that collectors write: where each keeps what our own line has."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.platforms.events.shapes import ga4, own, segment, snowplow
from connectors.platforms.events.shapes.shape import Shape

SHAPES: Mapping[str, Shape] = {
    "own": own.SHAPE,
    "segment": segment.SHAPE,
    "snowplow": snowplow.SHAPE,
    "ga4": ga4.SHAPE,
}
"""By the word of the setting `shape`."""
