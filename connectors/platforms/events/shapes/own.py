"""Our own line: the names of `FIELDS`, with what happened in `props`."""

from __future__ import annotations

from connectors.platforms.events.shapes.shape import FIELDS, Line, Shape

_IN_PROPS = (
    "category", "action", "label", "value", "currency", "order_id", "network", "conversion_id",
    "goal_id",
)  # fmt: skip
_READ = ("browser", "operating_system", "device_type")
"""What we read from the user agent ourselves."""
_KNOWN = frozenset(FIELDS) | {"v", "consent"}


def _with_rest(line: Line) -> Line:
    """Keys that are not known go to `props`."""
    if line.keys() <= _KNOWN:
        return line
    rest = {key: value for key, value in line.items() if key not in _KNOWN}
    props = line.get("props")
    return {**line, "props": {**rest, **(props if isinstance(props, dict) else {})}}


SHAPE = Shape(
    places={
        **{name: (name,) for name in FIELDS if name not in _READ},
        **{name: (name, f"props.{name}") for name in _IN_PROPS},
        "analytics": ("consent.analytics",),
    },
    prepare=_with_rest,
)
