"""JSON lines and Parquet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from file_reads import ORDERS, Read, read_path

from connectors.core.errors import ConnectorError
from connectors.platforms.files import json_lines

Reader = Callable[..., Read]
Refused = Callable[..., ConnectorError]


def test_json_lines(read: Reader) -> None:
    found = read(
        '{"id": 1, "at": "2026-11-01T10:00:00Z", "n": 2, "price": 0.1, "what": "a"}\n'
        "\n"
        '{"id": "002", "at": "2026-11-01", "tags": ["x"], "new": {"a": 1}}\r\n'
        "not json\n[1]\n"
        '{"id": 3, "at": "2026-11-01", "price": "free"}\n',
        name="x.ndjson",
    )
    assert [row["order_id"] for row in found.rows] == ["1", "002"]
    assert found.rows[0]["unit_price"] == Decimal("0.1")
    assert found.rows[1]["_extra"] == '{"tags":["x"],"new":{"a":1}}'
    assert found.unknown == {"tags", "new"}
    assert [one["row"] for one in found.rejected] == [4, 5, 6]
    assert found.rejected[0]["record"] == "not json"


def test_json_without_a_mapped_key_anywhere_is_another_shape(refused: Refused) -> None:
    assert "no column 'at'" in refused('{"id": 1}\n', name="x.ndjson").message


def test_a_giant_line_of_json_is_refused(refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_lines, "LARGEST_ROW", 1000)
    assert "line 1 is longer than" in refused("x" * 2000, name="x.ndjson").message


def test_a_damaged_parquet_file_is_told(refused: Refused, tmp_path: Path) -> None:
    assert "not a Parquet file" in refused(b"PAR1xxxxPAR1", name="x.parquet").message
    path = tmp_path / "whole.parquet"
    pq.write_table(pa.table({"id": ["1"] * 1000, "at": ["2026-11-01"] * 1000}), path)
    content = bytearray(path.read_bytes())
    content[8:40] = b"\xff" * 32
    mapping = ("{target: orders, kind: snapshot, time_zone: UTC, currency: EUR,"
               " columns: {order_id: id, ordered_at: at}}")  # fmt: skip
    assert refused(bytes(content), mapping, name="x.parquet").error_class == "ShapeChanged"


def test_typed_columns_of_parquet(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    table = pa.table(
        {
            "id": pa.array([17850.0, None]),
            "at": pa.array(
                [datetime(2026, 7, 1, 12), datetime(2026, 7, 1, 12)], pa.timestamp("us")
            ),
            "n": pa.array([1, 2], pa.int32()),
            "price": pa.array([Decimal("1.50"), None], pa.decimal128(10, 2)),
            "what": pa.array(["a", "b"]).dictionary_encode(),
            "more": pa.array([[1, 2], None]),
        }
    )
    pq.write_table(table, path)
    found = read_path(path, ORDERS)
    assert found.rows[0]["order_id"] == "17850"
    assert found.rows[0]["ordered_at"] == datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert found.rows[0]["_extra"] == '{"more":[1,2]}'
    assert "order_id (column 'id') is missing" in found.reasons[0]


def test_a_file_that_changes_while_it_is_read_is_not_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.csv"
    path.write_text("id,at,n,price,what\n1,2026-11-01,1,1,x\n")
    from connectors.platforms.files import reading

    original = reading.TableTyper.type

    def type_and_append(self, batch):
        with path.open("a") as file:
            file.write("2,2026-11-01,1,1,x\n")
        return original(self, batch)

    monkeypatch.setattr(reading.TableTyper, "type", type_and_append)
    with pytest.raises(ConnectorError, match="changed while it was read"):
        read_path(path, ORDERS)


def test_a_link_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("id,at,n,price,what\n")
    (tmp_path / "x.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(ConnectorError, match="cannot be opened"):
        read_path(tmp_path / "x.csv", ORDERS)
