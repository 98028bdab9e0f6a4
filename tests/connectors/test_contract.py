"""What every registered platform owes, whichever it is. A new folder is held to it by itself."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import connectors.platforms
from connectors.core.arrow import EXTRA, PageTyper
from connectors.core.columns import Column
from connectors.core.platform import Platform
from connectors.core.stream import Page, Stream
from connectors.platforms import UnknownPlatform, get, load

_ROOT = Path(__file__).resolve().parents[2]
_PLATFORMS = list(load().values())
_STREAMS = [(platform, stream) for platform in _PLATFORMS for stream in platform.streams]
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_SAMPLES: dict[str, Any] = {
    "string": "7",
    "int64": "7",
    "int32": 7,
    "double": 7.5,
    "bool": True,
    "date32[day]": "2026-01-05",
    "timestamp[us]": "2026-01-05 00:00:00",
    "timestamp[us, tz=UTC]": "2026-01-05T00:00:00Z",
    "decimal128(20, 8)": "7.5",
    "decimal128(24, 6)": "7.5",
}

each_platform = pytest.mark.parametrize("platform", _PLATFORMS, ids=lambda each: each.name)
each_stream = pytest.mark.parametrize(
    ("platform", "stream"), _STREAMS, ids=[f"{p.name}-{s.name}" for p, s in _STREAMS]
)


def test_platforms_are_found_by_their_folders() -> None:
    folders = Path(connectors.platforms.__file__).parent.iterdir()
    found = sorted(folder.name for folder in folders if (folder / "__init__.py").exists())
    assert list(load()) == found
    assert "google_ads" in found
    assert "exchange_rates" in found


def test_an_unknown_platform_names_the_nearest_and_all() -> None:
    with pytest.raises(UnknownPlatform, match=r"Did you mean 'google_ads'.*exchange_rates"):
        get("gogle_ads")
    assert issubclass(UnknownPlatform, ValueError)


@each_platform
def test_a_platform_describes_itself(platform: Platform) -> None:
    assert _NAME.fullmatch(platform.name)
    assert platform.display_name
    assert platform.base_url.startswith("https://")
    assert platform.docs_url.startswith("https://")
    assert platform.requests_per_second > 0
    assert platform.streams
    assert len({stream.name for stream in platform.streams}) == len(platform.streams)
    assert all(field.help.endswith(".") for field in platform.credential_fields)


@each_platform
def test_what_looks_like_a_secret_is_declared_one(platform: Platform) -> None:
    for field in platform.credential_fields:
        if re.search(r"secret|token|password|key", field.name):
            assert field.secret, field.name


@each_platform
def test_a_platform_has_a_readme_and_recorded_pages(platform: Platform) -> None:
    folder = _ROOT / "connectors/platforms" / platform.name
    lines = (folder / "README.md").read_text("utf-8").splitlines()
    text = "\n".join(lines)
    assert 10 <= len(lines) <= 45
    assert all(word in text for word in ("Credentials", "Limits", "surprises", "https://"))
    for stream in platform.streams:
        assert f"`{stream.name}`" in text
    for field in platform.credential_fields:
        assert f"`{field.name}`" in text
    pages = list((_ROOT / "tests/connectors/platforms" / platform.name / "pages").iterdir())
    assert pages
    assert all(page.stat().st_size < 5_000 for page in pages)


@each_platform
def test_modules_stay_small(platform: Platform) -> None:
    for module in (_ROOT / "connectors/platforms" / platform.name).glob("*.py"):
        assert len(module.read_text("utf-8").splitlines()) < 300, module.name


@each_stream
def test_a_stream_describes_itself(platform: Platform, stream: Stream) -> None:
    assert _NAME.fullmatch(stream.name)
    assert stream.description.endswith(".")
    for column in stream.columns:
        assert _NAME.fullmatch(column.name), "raw names begin with no underscore: those are ours"
        assert column.description.endswith("."), column.name
    if stream.kind == "report":
        # A file restates its dates by being dropped again: there is nothing to look back for.
        assert not platform.intake.is_scheduled or stream.lookback_days > 0
        assert not platform.intake.is_scheduled or stream.lookback_reason.endswith(".")
        assert stream.column(stream.date_column).type == pa.date32()
        assert (stream.grain == "hour") == any(c.name == "hour" for c in stream.columns)


@each_stream
def test_every_part_of_the_key_is_required(platform: Platform, stream: Stream) -> None:
    for name in stream.key:
        assert stream.column(name).required, name


@each_stream
def test_money_is_never_a_float(platform: Platform, stream: Stream) -> None:
    """Cost and spend come whole (micros) or as decimals; a platform's own double stays one."""
    for column in stream.columns:
        if re.search(r"cost|spend|budget_amount|price|rate$", column.name):
            assert not pa.types.is_floating(column.type), column.name


@each_stream
def test_a_full_record_types_without_loss(platform: Platform, stream: Stream) -> None:
    records = [_record(stream.columns, day) for day in range(3)]
    page = PageTyper(stream, lambda value: "token").type(Page(records, 0))
    assert page.rejected == ()
    assert page.unknown_fields == frozenset()
    assert page.batch.schema.names == [*stream.arrow_schema.names, EXTRA]
    assert all(page.batch.column(name).null_count == 0 for name in stream.arrow_schema.names)
    keys = page.batch.select(list(stream.key)).to_pylist()
    if stream.kind == "report":
        assert len({tuple(key.values()) for key in keys}) == 3


@each_stream
def test_a_record_without_its_key_is_rejected(platform: Platform, stream: Stream) -> None:
    for name in stream.key:
        columns = tuple(column for column in stream.columns if column.name != name)
        page = PageTyper(stream, lambda value: "token").type(Page([_record(columns, 0)], 0))
        assert len(page.rejected) == 1
        assert page.rejected[0].raw_path == stream.column(name).source


def _record(columns: tuple[Column, ...], day: int) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for column in columns:
        place, *names = record, *column.source.split(".")
        for name in names[:-1]:
            place = place.setdefault(name, {})
        sample = _SAMPLES[str(column.type)]
        if column.type == pa.date32():
            sample = (date(2026, 1, 5) + timedelta(days=day)).isoformat()
        place[names[-1]] = sample
    return record
