"""Answers of TUNE become exact rows: envelopes, empty lists, local times, refusals as HTTP 200."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors.core.accounts import Account
from connectors.core.errors import AuthRejected, BadRequest, RateLimited, ServerTrouble
from connectors.core.window import Window
from connectors.platforms import get

_PLATFORM = get("tune")
_WINDOW = Window(date(2026, 1, 5), date(2026, 1, 7))
_AUCKLAND = Account("kiwi", time_zone="Pacific/Auckland")
_STATS = Path(__file__).parent / "pages" / "stats.json"


def envelope(data: Any, **more: Any) -> Any:
    return {"response": {"status": 1, "httpStatus": 200, "data": data, **more}}


def refusal(message: str) -> Any:
    return {"response": {"status": -1, "httpStatus": 200, "data": "", "errorMessage": message}}


def conversion(id_: str, **more: Any) -> Any:
    said = {"tune_event_id": id_, "datetime": "2026-01-05 09:30:00", "payout": "1.50000"}
    return {"Stat": {**said, "status": "approved", "is_adjustment": "0", **more}}


def test_sums_of_a_day(read: Callable[..., Any]) -> None:
    page = json.loads(_STATS.read_text("utf-8"))
    found = read(_PLATFORM, "stats", lambda _: page, _WINDOW, account=_AUCKLAND)
    (row,) = found.rows
    assert (row["date"], row["offer_id"], row["clicks"], row["payout"]) == (
        date(2026, 1, 5), "42", 120, Decimal(30),
    )  # fmt: skip
    (asked,) = found.asked
    assert asked.params["filters[Stat.date][values][1]"] == "2026-01-06"
    assert (asked.params["Target"], asked.params["Method"]) == ("Report", "getStats")


@pytest.mark.parametrize("empty", [{"data": []}, {"data": False}, [], False, {"page": 1}])
def test_an_empty_list_has_many_shapes(read: Callable[..., Any], empty: Any) -> None:
    for stream in ("conversions", "offers"):
        window = _WINDOW if stream == "conversions" else None
        assert read(_PLATFORM, stream, lambda _: envelope(empty), window).rows == []


def test_times_are_local_to_the_network(read: Callable[..., Any]) -> None:
    page = envelope({"count": "1", "pageCount": 1, "data": [conversion("a")]})
    (row,) = read(_PLATFORM, "conversions", lambda _: page, _WINDOW, account=_AUCKLAND).rows
    assert row["converted_at"] == datetime(2026, 1, 4, 20, 30, tzinfo=UTC)
    assert (row["date"], row["clicked_at"]) == (date(2026, 1, 5), None)


def test_corrections_are_no_conversions_even_where_the_filter_is_ignored(
    read: Callable[..., Any],
) -> None:
    rows = [conversion("a"), conversion("b", is_adjustment="1", payout="-2.00000")]
    page = envelope({"count": 2, "pageCount": 1, "data": rows})
    for stream, id_ in (("conversions", "a"), ("adjustments", "b")):
        (row,) = read(_PLATFORM, stream, lambda _: page, _WINDOW, account=_AUCKLAND).rows
        assert row["conversion_id"] == id_


def test_entities_stand_under_their_ids(read: Callable[..., Any]) -> None:
    rows = {"42": {"Offer": {"id": "42", "name": "Tea", "status": "active"}}}
    page = envelope({"count": 1, "pageCount": 1, "data": rows})
    (row,) = read(_PLATFORM, "offers", lambda _: page).rows
    assert (row["offer_id"], row["name"]) == ("42", "Tea")


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ("NetworkToken X is not authenticated", AuthRejected),
        ("User has exceeded API rate limit", RateLimited),
        ("API usage exceeded rate limit. Configured: 50/10s window; Your usage: 51.", RateLimited),
        ("Field Stat.x is not available", BadRequest),
    ],
)
def test_refusals_come_as_success(kit: Any, message: str, error: type[Exception]) -> None:
    found = _PLATFORM.read_error(kit.reply(refusal(message)))
    assert type(found) is error
    assert getattr(found, "retry_after", 10.0) == 10.0


def test_a_range_that_is_too_large_is_asked_for_in_halves(kit: Any) -> None:
    found = _PLATFORM.read_error(kit.reply("<html>", status=504))
    assert isinstance(found, ServerTrouble)
    assert found.less_may_help
