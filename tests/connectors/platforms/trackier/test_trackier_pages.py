"""Answers of Trackier become exact rows: objects by ids, times and errors of many shapes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors.core.accounts import Account
from connectors.core.errors import (
    AccountGone,
    AuthRejected,
    BadRequest,
    RateLimited,
    ServerTrouble,
    VersionSunset,
)
from connectors.core.window import Window
from connectors.platforms import get

_PLATFORM = get("trackier")
_WINDOW = Window(date(2026, 3, 12), date(2026, 3, 14))
_KOLKATA = Account("chai", time_zone="Asia/Kolkata")
_CONVERSIONS = Path(__file__).parent / "pages" / "conversions.json"


def test_an_id_may_stand_as_a_key_only(read: Callable[..., Any]) -> None:
    page = json.loads(_CONVERSIONS.read_text("utf-8"))
    found = read(_PLATFORM, "conversions", lambda _: page, _WINDOW, account=_KOLKATA)
    (row,) = found.rows
    assert row["conversion_id"] == "5ce555bbeaee790674925370"
    assert (row["date"], row["converted_at"]) == (
        date(2026, 3, 12), datetime(2026, 3, 12, 10, 48, 58, tzinfo=UTC),
    )  # fmt: skip
    assert (row["payout"], row["revenue"]) == (Decimal("0.015"), Decimal("0.03"))
    (asked,) = found.asked
    assert (asked.params["start"], asked.params["end"]) == ("2026-03-12", "2026-03-13")
    assert asked.url.count("fields%5B%5D=") > 10


@pytest.mark.parametrize(
    "created",
    [
        "2026-03-12 16:18:58",
        "2026-03-12T10:48:58.000Z",
        {"date": "2026-03-12 16:18:58.000000", "timezone_type": 3, "timezone": "Asia/Kolkata"},
    ],
)
def test_times_have_many_shapes(read: Callable[..., Any], created: Any) -> None:
    page = json.loads(_CONVERSIONS.read_text("utf-8"))
    page["records"]["5ce555bbeaee790674925370"]["created"] = created
    (row,) = read(_PLATFORM, "conversions", lambda _: page, _WINDOW, account=_KOLKATA).rows
    assert row["converted_at"] == datetime(2026, 3, 12, 10, 48, 58, tzinfo=UTC)


@pytest.mark.parametrize("created", ["yesterday", "0001-01-01T00:00:00"])
def test_a_time_that_cannot_be_read_is_set_aside(read: Callable[..., Any], created: str) -> None:
    page = json.loads(_CONVERSIONS.read_text("utf-8"))
    page["records"]["5ce555bbeaee790674925370"]["created"] = created
    found = read(_PLATFORM, "conversions", lambda _: page, _WINDOW, account=_KOLKATA)
    assert found.rows == []
    assert len(found.rejected) == 1


def test_no_rows_are_an_empty_list(read: Callable[..., Any]) -> None:
    page = {"success": True, "records": [], "count": 0}
    assert read(_PLATFORM, "conversions", lambda _: page, _WINDOW, account=_KOLKATA).rows == []


def test_a_full_page_of_clicks_is_followed_by_another(read: Callable[..., Any]) -> None:
    clicks = [{"_id": f"{number:024x}", "created": "2026-03-12 16:18:58"} for number in range(1500)]

    def answer(asked: Any) -> Any:
        start = (int(asked.params["page"]) - 1) * 1000
        return {"success": True, "data": {"clicks": clicks[start : start + 1000]}}

    found = read(_PLATFORM, "clicks", answer, _WINDOW, account=_KOLKATA)
    assert (len({row["click_id"] for row in found.rows}), len(found.asked)) == (1500, 2)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, {"error": {"code": 13, "message": "Invalid API Key"}}, AuthRejected),
        (400, {"error": {"code": 41, "message": "IP not whitelisted"}}, AuthRejected),
        (400, {"error": {"code": 42, "message": "Locked"}}, AccountGone),
        (400, {"error": {"code": 40, "message": "Too many requests"}}, RateLimited),
        (400, {"error": {"code": 51, "message": "Internal"}}, ServerTrouble),
        (400, {"errors": [{"code": "107", "message": "end is required"}]}, BadRequest),
        (501, {"error": {"code": 30, "message": "Unknown URI"}}, VersionSunset),
        (403, {"errors": [{"code": "x", "message": "Not yours"}]}, AuthRejected),
    ],
)
def test_refusals(kit: Any, status: int, body: Any, error: type[Exception]) -> None:
    assert type(_PLATFORM.read_error(kit.reply({"success": False, **body}, status=status))) is error


def test_a_zone_that_is_none_is_named(kit: Any) -> None:
    server = kit.server(lambda _: {"success": True, "data": {"campaigns": []}})
    credential = {"api_key": "k", "network_id": "chai", "time_zone": "Indien", "currency": "INR"}
    client = kit.client(server, platform=_PLATFORM, account=_KOLKATA, credential=credential)
    with pytest.raises(AuthRejected, match="Indien is no time zone"):
        list(_PLATFORM.discover(client))
