"""Reading parameters: JSON texts in the query string; those that are unknown are ignored."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson

from connectors.sandbox.platforms.tiktok_ads.envelope import bad
from connectors.sandbox.wire.lifecycle import Call

_MOST_ROWS, _USUAL_ROWS = 1_000, 10
_DATES = ("start_date", "end_date")


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


def read_days(call: Call) -> tuple[date, date]:
    """Returns the first and the last day of a report.

    Raises:
        TikTokError: One of them is none, or not given.
    """
    first, last = (call.day(one, bad(f"{one}: Not a valid date.")) for one in _DATES)
    return first, last


def read_page(call: Call) -> tuple[int, int]:
    """Returns the number of a page, from 1, and how many rows it has.

    Raises:
        TikTokError: One of them is out of its range.
    """
    number = call.number("page", 1, sys.maxsize, bad("page: Not a valid integer."))
    wrong = bad(f"page_size: Must be between 1 and {_MOST_ROWS}.")
    return number, call.number("page_size", _USUAL_ROWS, _MOST_ROWS, wrong)
