"""The ECB's file, its surprises, and the whole of the real one."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import currency_converter
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.core.arrow import PageTyper
from connectors.core.errors import NetworkTrouble, ShapeChanged
from connectors.core.extraction import extract
from connectors.core.stream import Page
from connectors.core.window import Window
from connectors.platforms import get
from connectors.platforms.exchange_rates import hooks
from connectors.platforms.exchange_rates.hooks import ACCOUNT, records, unpacked

_PLATFORM = get("exchange_rates")
_STREAM = _PLATFORM.stream("reference_rates")
_CSV = (Path(__file__).parent / "pages" / "eurofxref-hist.csv").read_text("utf-8")
_REAL = (
    Path(__file__).resolve().parents[4] / ".." / "shared/data/ecb_rates/eurofxref-hist.zip"
).resolve()


def _zip(text: str | bytes, name: str = "eurofxref-hist.csv", **more: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
        for other, content in more.items():
            archive.writestr(other, content)
    return packed.getvalue()


def _extract(kit: Any, *bodies: bytes, window: Window) -> tuple[list[Any], Any]:
    left = list(bodies)
    server = kit.server(lambda asked: kit.answer(body=left.pop(0) if len(left) > 1 else left[0]))
    client = kit.client(server, platform=_PLATFORM, credential={}, account=ACCOUNT)
    return list(extract(_PLATFORM, _STREAM, ACCOUNT, window, client)), server


def test_a_window_is_cut_out_oldest_day_first(kit: Any) -> None:
    window = Window(date(2025, 12, 31), date(2026, 1, 9))
    (page,), server = _extract(kit, _zip(_CSV), window=window)
    assert [tuple(row.values())[:3] for row in page.batch.to_pylist()] == [
        (date(2025, 12, 31), "USD", Decimal("1.17500000")),
        (date(2025, 12, 31), "JPY", Decimal("184.09000000")),
        (date(2025, 12, 31), "BGN", Decimal("1.95580000")),
        (date(2026, 1, 8), "USD", Decimal("1.16750000")),
        (date(2026, 1, 8), "JPY", Decimal("182.90000000")),
    ]
    (asked,) = server.asked
    assert asked.url == "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.zip"
    assert "Authorization" not in asked.headers


def test_a_weekend_is_honestly_empty(kit: Any) -> None:
    (page,), _ = _extract(kit, _zip(_CSV), window=Window(date(2026, 1, 10), date(2026, 1, 12)))
    assert page.batch.num_rows == 0
    assert page.bytes > 0


def test_a_rate_that_cannot_be_read_is_rejected_alone(kit: Any) -> None:
    text = _CSV.replace("182.9", "about 183")
    (page,), _ = _extract(kit, _zip(text), window=Window(date(2026, 1, 8), date(2026, 1, 9)))
    assert page.batch.column("currency").to_pylist() == ["USD"]
    assert page.rejected[0].raw_path == "rate"
    assert "about 183" in page.rejected[0].payload_json


def test_a_byte_that_is_no_text_costs_its_rate_alone(kit: Any) -> None:
    spoilt = _CSV.encode().replace(b"182.9", b"18\xff.9")
    pages, server = _extract(kit, _zip(spoilt), window=Window(date(2026, 1, 8), date(2026, 1, 9)))
    assert pages[0].batch.column("currency").to_pylist() == ["USD"]
    assert "\ufffd" in pages[0].rejected[0].payload_json
    assert len(server.asked) == 1


def test_a_whole_answer_that_is_no_zip_is_not_asked_for_again(kit: Any) -> None:
    body = b"not to be unpacked"
    answer = kit.answer(body=body, headers={"Content-Length": str(len(body))})
    server = kit.server(lambda asked: answer)
    client = kit.client(server, platform=_PLATFORM, credential={})
    with pytest.raises(ShapeChanged, match="came whole"):
        client.get(hooks.PATH, parse=unpacked)
    assert len(server.asked) == 1


def test_a_zip_that_is_cut_short_is_asked_for_again(kit: Any) -> None:
    whole = _zip(_CSV)
    window = Window(date(2026, 1, 1), date(2026, 1, 10))
    pages, server = _extract(kit, whole[:-40], b"<html>busy</html>", b"", whole, window=window)
    assert pages[0].batch.num_rows == 4
    assert len(server.asked) == 4


def test_a_zip_that_stays_broken_is_network_trouble(kit: Any) -> None:
    with pytest.raises(NetworkTrouble, match="BadZipFile"):
        _extract(kit, b"PK no zip", window=Window(date(2026, 1, 1), date(2026, 1, 2)))


def test_damaged_contents_are_noticed() -> None:
    whole = bytearray(_zip(_CSV * 50))
    whole[200] ^= 0xFF
    with pytest.raises(ValueError, match="cannot be unpacked"):
        unpacked(bytes(whole))


@pytest.mark.parametrize(
    "body", [_zip("x", "readme.txt"), _zip(_CSV, **{"second.csv": "x"})], ids=["none", "two"]
)
def test_not_exactly_one_csv_is_a_changed_shape(body: bytes) -> None:
    with pytest.raises(ShapeChanged, match="CSV files"):
        unpacked(body)


def test_a_zip_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "LARGEST_CSV", 10_000)
    with pytest.raises(ShapeChanged, match="larger than 10000"):
        unpacked(_zip(b"0" * 10_001))
    assert unpacked(_zip(b"0" * 10_000)) == "0" * 10_000


@pytest.mark.parametrize("text", ["", "Day,USD,\n", "Date\n", "<html>"])
def test_another_first_line_is_a_changed_shape(text: str) -> None:
    with pytest.raises(ShapeChanged, match="begins with"):
        list(records(text))


def test_a_day_that_cannot_be_read_is_a_changed_shape() -> None:
    with pytest.raises(ShapeChanged, match="31/12/2026"):
        list(records("Date,USD,\n31/12/2026,1.1,\n"))


def test_a_mark_of_byte_order_and_blank_lines_are_no_trouble() -> None:
    text = unpacked(_zip("\ufeffDate, USD ,\r\n\r\n2026-01-09, 1.2 ,\r\n".encode()))
    assert list(records(text)) == [{"date": "2026-01-09", "currency": "USD", "rate": "1.2"}]


_DAYS = st.dates(date(1999, 1, 4), date(2030, 1, 1))


@given(
    st.dictionaries(
        _DAYS, st.lists(st.sampled_from(["1.5", "N/A", "", "7"]), min_size=3, max_size=3)
    ),
    st.tuples(_DAYS, _DAYS).filter(lambda ends: ends[0] < ends[1]),
)
def test_every_rate_of_the_window_comes_once_and_in_order(
    days: dict[date, list[str]], ends: tuple[date, date]
) -> None:
    lines = ["Date,AAA,BBB,CCC,"]
    lines += [f"{day},{','.join(rates)}," for day, rates in sorted(days.items(), reverse=True)]
    found = list(records("\n".join(lines), Window(*ends)))
    expected = [
        (str(day), code, rate)
        for day, rates in sorted(days.items())
        if ends[0] <= day < ends[1]
        for code, rate in zip(("AAA", "BBB", "CCC"), rates, strict=True)
        if rate not in ("", "N/A")
    ]
    assert [tuple(record.values()) for record in found] == expected


def test_a_shared_feed_has_one_account(kit: Any) -> None:
    client = kit.client(kit.server(lambda asked: {}), platform=_PLATFORM, credential={})
    assert _PLATFORM.shared
    assert list(_PLATFORM.discover(client)) == [ACCOUNT]
    assert _PLATFORM.describe_account(client, ACCOUNT) == ACCOUNT
    assert (ACCOUNT.id, ACCOUNT.currency, ACCOUNT.time_zone) == ("ecb", "EUR", "Europe/Berlin")


@pytest.mark.skipif(not _REAL.exists(), reason="../shared/data/ecb_rates is not here")
def test_the_real_file_gives_its_known_figures(kit: Any) -> None:
    window = Window(date(1999, 1, 1), date(2027, 1, 1))
    pages, _ = _extract(kit, _REAL.read_bytes(), window=window)
    assert not any(page.rejected or page.unknown_fields for page in pages)
    days = [day for page in pages for day in page.batch.column("date").to_pylist()]
    assert len(set(days)) == 7126
    assert days == sorted(days)
    assert (days[0], days[-1]) == (date(1999, 1, 4), date(2026, 10, 30))
    assert not [day for day in set(days) if day.weekday() > 4]
    codes = {code for page in pages for code in page.batch.column("currency").to_pylist()}
    assert len(codes) == 41
    last = {
        row["currency"]: row["rate"]
        for row in pages[-1].batch.to_pylist()
        if row["date"] == date(2026, 10, 30)
    }
    assert last["USD"] == Decimal("1.1172")
    assert last["IDR"] == Decimal("20275.17")


def test_an_independent_copy_of_the_file_reads_alike() -> None:
    """The file inside the `currency_converter` package, against what that package makes of it."""
    path = Path(currency_converter.__file__).parent / "eurofxref-hist.zip"
    found = list(records(unpacked(path.read_bytes()), Window(date(2010, 1, 1), date(2010, 3, 1))))
    typed = PageTyper(_STREAM).type(Page(list(found), 0))
    converter = currency_converter.CurrencyConverter(str(path), decimal=True)
    assert typed.rejected == ()
    assert typed.batch.num_rows > 1000
    for row in typed.batch.to_pylist():
        assert converter._rates[row["currency"]][row["date"]] == row["rate"]
