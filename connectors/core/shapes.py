"""The shape that an answer must have: lists and objects at their places."""

from __future__ import annotations

from typing import Any

from connectors.core.errors import ShapeChanged
from connectors.core.paginators import at
from connectors.core.replies import Reply


def objects_at(reply: Reply, path: str = "", *, optional: bool = False) -> list[dict[str, Any]]:
    """Returns the objects of a list.

    Args:
        reply: the answer.
        path: dotted path of the list; empty when it is the body.
        optional: whether an answer leaves out a list without anything in it.

    Raises:
        ShapeChanged: there is no list, or something in it is no object.
    """
    found = at(reply.data, path) if path else reply.data
    if found is None and optional and isinstance(reply.data, dict):
        return []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise ShapeChanged(f"the answer holds no list of objects {path}: {reply.excerpt}")
    return found


def object_of(data: Any, name: str) -> dict[str, Any]:
    """Returns an object inside an object; an empty one where it is none."""
    found = data.get(name) if isinstance(data, dict) else None
    return found if isinstance(found, dict) else {}


def body_of(reply: Reply, *wanted: str) -> dict[str, Any]:
    """Returns the object that an answer is.

    Raises:
        ShapeChanged: it is none, or lacks one of the wanted keys.
    """
    if not isinstance(reply.data, dict) or not reply.data.keys() >= set(wanted):
        raise ShapeChanged(f"the answer is no object with {wanted or 'keys'}: {reply.excerpt}")
    return reply.data
