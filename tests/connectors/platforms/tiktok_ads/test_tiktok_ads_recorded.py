"""Rows that TikTok has really sent keep every value, and every field that we do not know.

They were read by another connector, which took the envelopes away and made null of `-`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from connectors.core.columns import Column
from connectors.core.window import Window
from connectors.platforms import get

_PLATFORM = get("tiktok_ads")
_FILE = (
    Path(__file__).resolve().parents[5]
    / "shared/data/recorded/tiktok-marketing/expected_records.jsonl"
)
_RECORDED = {
    "advertisers": "advertisers",
    "campaigns": "campaigns",
    "ad_groups": "ad_groups",
    "ads": "ads",
    "campaign_reports": "campaigns_reports_daily",
    "ad_group_reports": "ad_groups_reports_daily",
    "ad_reports": "ads_reports_daily",
}
_WINDOW = Window(date(2021, 10, 15), date(2021, 11, 10))
pytestmark = pytest.mark.skipif(not _FILE.exists(), reason=f"{_FILE} is not there")


def _records(stream: str) -> list[dict[str, Any]]:
    lines = map(json.loads, _FILE.read_text("utf-8").splitlines())
    return [one["data"] for one in lines if one["stream"] == _RECORDED[stream]]


def _sent(record: dict[str, Any], column: Column) -> Any:
    """The value as it was sent, and as Python has it."""
    for name in column.source.split("."):
        record = record["stat_time_day"][:10] if name == "date" else record.get(name)  # type: ignore
    if record is None or pa.types.is_string(column.type):
        return record
    makers = {pa.date32(): date.fromisoformat, pa.timestamp("us"): datetime.fromisoformat}
    make = makers.get(column.type, Decimal)
    return make(str(record))


@pytest.mark.parametrize("stream", _RECORDED)
def test_recorded_rows(read: Callable[..., Any], stream: str) -> None:
    records = _records(stream)
    declared = _PLATFORM.stream(stream)
    answer = {"code": 0, "data": {"list": records, "page_info": {"total_page": 1}}}
    window = _WINDOW if declared.kind == "report" else None
    found = read(_PLATFORM, stream, lambda _: answer, window)
    assert found.rejected == []
    assert len(found.rows) == len(records) > 0
    for row, record in zip(found.rows, records, strict=True):
        for column in declared.columns:
            value, sent = row[column.name], _sent(record, column)
            if isinstance(sent, list):
                value = json.loads(value)
            assert value == (str(sent) if isinstance(sent, int) else sent), column.name
        extra = json.loads(row["_extra"])
        known = {column.source.partition(".")[0] for column in declared.columns}
        assert record.keys() <= known | extra.keys()
        metrics = {column.source.removeprefix("metrics.") for column in declared.columns}
        left = extra.get("metrics", {}).keys()
        assert record.get("metrics", {}).keys() <= metrics | left


def test_every_metric_that_is_asked_for_has_been_sent_by_that_name() -> None:
    sent = {name for one in _records("ad_reports") for name in one["metrics"]}
    for stream in _PLATFORM.streams:
        asked = {one.source for one in stream.columns if one.source.startswith("metrics.")}
        assert {source.removeprefix("metrics.") for source in asked} <= sent, stream.name


@pytest.mark.parametrize("stream", ["advertisers", "campaigns", "ad_groups", "ads"])
def test_every_field_of_a_list_has_been_sent_by_that_name(stream: str) -> None:
    sent = {name for one in _records(stream) for name in one}
    fields = {column.source for column in _PLATFORM.stream(stream).columns}
    # An ad has one or the other.
    assert fields - sent <= {"call_to_action"}
