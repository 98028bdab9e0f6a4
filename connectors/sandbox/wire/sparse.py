"""Records of which a request names the fields that it wants."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]


def trimmed(body: Json, fields: Iterable[str]) -> Json:
    """Returns those fields of a record; `billing.email` names one of an object inside."""
    kept: Json = {}
    for name in fields:
        outer, _, inner = name.partition(".")
        if outer not in body:
            continue
        if not inner:
            kept[outer] = body[outer]
        elif inner in (body[outer] or {}):
            kept.setdefault(outer, {})[inner] = body[outer][inner]
    return kept
