"""Declarations that contradict themselves are refused when they are made."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from connectors.core.accounts import Account
from connectors.core.columns import Column


def test_a_reports_key_is_its_dimensions(kit: Any) -> None:
    assert kit.stream().key == ("date", "thing_id")


def test_the_schema_is_the_columns_in_order(kit: Any) -> None:
    assert kit.stream().arrow_schema.names == ["date", "thing_id", "clicks", "share", "spend"]
    assert kit.stream().arrow_schema.field("spend").type == pa.decimal128(18, 4)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": "snapshot", "grain": None}, "key"),
        ({"kind": "snapshot", "key_columns": ("date",)}, "grain"),
        ({"grain": None}, "grain"),
        ({"key_columns": ("thing_id",)}, "dimensions"),
        ({"date_column": "day"}, "date"),
        ({"lookback_days": 3}, "reason"),
        ({"kind": "changes", "grain": None, "key_columns": ("other",)}, "not among"),
    ],
)
def test_a_contradictory_stream_is_refused(kit: Any, changes: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        kit.stream(**changes)


def test_a_column_name_is_used_once(kit: Any) -> None:
    columns = kit.stream().columns
    with pytest.raises(ValueError, match="twice"):
        kit.stream(columns=(*columns, columns[0]))


def test_a_metric_and_only_a_metric_has_an_additivity() -> None:
    with pytest.raises(ValueError, match="additivity"):
        Column("clicks", pa.int64(), "clicks", "metric", "Clicks.")
    with pytest.raises(ValueError, match="additivity"):
        Column("name", pa.string(), "name", "attribute", "Name.", "additive")


def test_a_personal_column_is_text() -> None:
    with pytest.raises(ValueError, match="token"):
        Column("phone", pa.int64(), "phone", "attribute", "Phone.", pii="phone")


def test_an_unknown_stream_names_the_nearest(kit: Any) -> None:
    assert kit.platform().stream("things").name == "things"
    with pytest.raises(ValueError, match="did you mean 'things'"):
        kit.platform().stream("thigns")


def test_an_account_keeps_what_the_platform_leaves_out() -> None:
    known = Account("7", "Acme", "EUR", "UTC", settings={"a": "b"})
    assert known.described(None, "", None) == known
    described = known.described("Acme Outdoor", "USD", "Europe/Berlin", id="8")
    assert described == Account("8", "Acme Outdoor", "USD", "Europe/Berlin", settings={"a": "b"})
