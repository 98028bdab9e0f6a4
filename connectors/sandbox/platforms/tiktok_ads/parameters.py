"""Reading parameters: JSON texts in the query string; those that are unknown are ignored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson

from connectors.sandbox.platforms.tiktok_ads.envelope import bad

_MOST_ROWS, _USUAL_ROWS = 1_000, 10


def read_json(params: Mapping[str, str], name: str, kind: type, default: Any = None) -> Any:
    """Returns a parameter that is a JSON text; the default where it is not given.

    Raises:
        TikTokError: It is no JSON, or JSON of another kind.
    """
    if not params.get(name):
        return default
    try:
        value = orjson.loads(params[name])
    except orjson.JSONDecodeError as trouble:
        raise bad(f"{name}: Not a valid JSON.") from trouble
    if not isinstance(value, kind):
        raise bad(f"{name}: Not a valid {kind.__name__}.")
    return value


def required(params: Mapping[str, str], name: str) -> str:
    """Returns a parameter.

    Raises:
        TikTokError: It is not given.
    """
    if not params.get(name):
        raise bad(f"{name}: Missing data for required field.")
    return params[name]


def read_day(params: Mapping[str, str], name: str) -> date:
    """Returns a date.

    Raises:
        TikTokError: It is none, or not given.
    """
    try:
        return date.fromisoformat(required(params, name))
    except ValueError as trouble:
        raise bad(f"{name}: Not a valid date.") from trouble


def read_page(params: Mapping[str, str]) -> tuple[int, int]:
    """Returns the number of a page, from 1, and how many rows it has.

    Raises:
        TikTokError: One of them is out of its range.
    """
    try:
        number, size = int(params.get("page", 1)), int(params.get("page_size", _USUAL_ROWS))
    except ValueError as trouble:
        raise bad("page: Not a valid integer.") from trouble
    if number < 1 or not 1 <= size <= _MOST_ROWS:
        raise bad(f"page_size: Must be between 1 and {_MOST_ROWS}.")
    return number, size
