"""One chunk of one stream."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from connectors.core.accounts import Account
from connectors.core.errors import ShapeChanged
from connectors.core.extraction import extract
from connectors.core.stream import Page
from connectors.core.window import Window

_WINDOW = Window(date(2026, 1, 1), date(2026, 1, 8))


def _record(day: int) -> dict[str, Any]:
    return {"date": f"2026-01-{day:02d}", "thing": {"id": "7"}, "metrics": {"clicks": "1"}}


def _run(kit: Any, pages: Any, window: Window | None = _WINDOW, **changes: Any) -> list[Any]:
    stream = kit.stream(pages=pages, **changes)
    client = kit.client(kit.server(lambda asked: {}))
    return list(extract(kit.platform(), stream, Account("42"), window, client))


def test_pages_come_typed_and_one_served_twice_is_taken_once(kit: Any) -> None:
    def pages(client: Any, account: Account, window: Window | None) -> Iterator[Page]:
        assert (account.id, window) == ("42", _WINDOW)
        yield Page([_record(1), _record(2)], 10)
        yield Page([], 2)
        yield Page([_record(1), _record(2)], 10)
        yield Page([_record(2)], 5)
        yield Page([_record(1), _record(2)], 10)

    typed = _run(kit, pages)
    assert [page.batch.num_rows for page in typed] == [2, 0, 1, 2]


def test_an_error_says_where_it_happened(kit: Any) -> None:
    def pages(client: Any, account: Account, window: Window | None) -> Iterator[Page]:
        yield Page([_record(1)], 10)
        raise ShapeChanged("odd")

    with pytest.raises(ShapeChanged) as caught:
        _run(kit, pages)
    assert str(caught.value).startswith(
        "example/things account 42 window 2026-01-01..2026-01-08: odd"
    )


def _none(client: Any, account: Account, window: Window | None) -> Iterator[Page]:
    yield from ()


@pytest.mark.parametrize(
    ("changes", "window", "message"),
    [
        ({}, None, "needs a window"),
        (
            {},
            Window(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)),
            "ends are dates",
        ),
        ({"kind": "snapshot", "grain": None, "key_columns": ("thing_id",)}, _WINDOW, "no window"),
        (
            {"kind": "changes", "grain": None, "key_columns": ("thing_id",)},
            _WINDOW,
            "aware datetimes",
        ),
        ({"max_window_days": 6}, _WINDOW, "at most 6 days"),
    ],
)
def test_a_window_that_does_not_suit_is_refused_before_anything_is_asked(
    kit: Any, changes: Any, window: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        _run(kit, _none, window, **changes)


def test_a_window_of_the_longest_length_passes(kit: Any) -> None:
    assert _run(kit, _none, _WINDOW, max_window_days=7) == []
