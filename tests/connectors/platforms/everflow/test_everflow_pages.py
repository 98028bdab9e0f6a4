"""Answers of Everflow become exact rows, on the network's own days."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors.core.accounts import Account
from connectors.core.errors import AuthRejected, TooHeavy
from connectors.core.window import Window
from connectors.platforms import get

_PLATFORM = get("everflow")
_WINDOW = Window(date(2026, 2, 28), date(2026, 3, 2))
_BERLIN = Account("7100", time_zone="Europe/Berlin")
_NETWORK = {"network_id": 7100, "default_currency_id": "EUR", "reporting_timezone_id": 90}


def page(name: str) -> Any:
    return json.loads((Path(__file__).parent / "pages" / f"{name}.json").read_text("utf-8"))


def test_a_conversion_is_on_the_day_of_the_network(read: Callable[..., Any]) -> None:
    found = read(_PLATFORM, "conversions", lambda _: page("conversions"), _WINDOW, account=_BERLIN)
    (row,) = found.rows
    assert (row["date"], row["conversion_id"]) == (
        date(2026, 3, 1), "9c0534c99eb34b57bda16f92b6d5d3d4",
    )  # fmt: skip
    assert row["converted_at"] == datetime(2026, 3, 1, tzinfo=UTC)
    assert (row["payout"], row["sale_amount"]) == (Decimal("12.5"), Decimal("99.9"))
    assert (row["offer_id"], row["affiliate_id"], row["stated_currency"]) == ("42", "3", "USD")
    (asked,) = found.asked
    assert asked.params == {"page": "1", "page_size": "2000"}
    # Two days of Berlin, in UTC.
    assert (asked.json["from"], asked.json["to"]) == ("2026-02-27 23:00:00", "2026-03-01 22:59:59")


@pytest.mark.parametrize(
    ("id_", "label"), [("1772319600", "x"), ("2026-03-01", "x"), ("x", "2026-03-01T00:00:00")]
)
def test_the_day_of_a_sum_is_read_from_text_or_seconds(
    read: Callable[..., Any], id_: str, label: str
) -> None:
    body = page("sums")
    body["table"][0]["columns"][0] |= {"id": id_, "label": label}

    def answer(asked: Any) -> Any:
        return _NETWORK if asked.path == "/v1/networks" else body

    (row,) = read(_PLATFORM, "daily", answer, _WINDOW, account=_BERLIN).rows
    assert (row["date"], row["clicks"], row["payout"]) == (date(2026, 3, 1), 10, Decimal(25))


def test_seconds_that_look_like_a_date_are_seconds(read: Callable[..., Any]) -> None:
    """1794092400 begins like the 24th of September 1794."""
    body = page("sums")
    body["table"][0]["columns"][0]["id"] = "1794092400"
    window = Window(date(2026, 11, 8), date(2026, 11, 9))
    answers = {"/v1/networks": _NETWORK}
    found = read(
        _PLATFORM, "daily", lambda asked: answers.get(asked.path, body), window, account=_BERLIN
    )
    assert [row["date"] for row in found.rows] == [date(2026, 11, 8)]


def test_sums_that_were_cut_are_asked_for_in_less(read: Callable[..., Any]) -> None:
    body = page("sums") | {"incomplete_results": True}
    answers = {"/v1/networks": _NETWORK}
    with pytest.raises(TooHeavy):
        read(
            _PLATFORM, "daily", lambda asked: answers.get(asked.path, body), _WINDOW,
            account=_BERLIN,
        )  # fmt: skip


def test_a_full_answer_of_clicks_is_asked_for_in_halves(read: Callable[..., Any]) -> None:
    """10,001 clicks of one day: one call has 10,000 of them and says nothing."""
    start = int(datetime(2026, 2, 28, tzinfo=UTC).timestamp())
    clicks = [
        {"transaction_id": f"{number}", "unix_timestamp": start + 8 * number, "payout": 0}
        for number in range(10_001)
    ]

    def answer(asked: Any) -> Any:
        first, last = (
            datetime.strptime(asked.json[name], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC).timestamp()
            for name in ("from", "to")
        )
        shown = [one for one in clicks if first <= one["unix_timestamp"] <= last]
        return {"clicks": shown[:10_000]}

    window = Window(date(2026, 2, 28), date(2026, 3, 1))
    found = read(_PLATFORM, "clicks", answer, window, account=Account("7100", time_zone="UTC"))
    assert len({row["transaction_id"] for row in found.rows}) == 10_001
    assert len(found.asked) == 3


def test_a_key_of_another_realm_is_named(kit: Any, read: Callable[..., Any]) -> None:
    refused = kit.answer({"error": "Out Of Realm"}, status=403)
    with pytest.raises(AuthRejected, match="Out Of Realm"):
        read(_PLATFORM, "offers", lambda _: refused, account=_BERLIN)
