"""Compacted files hold each distinct row once and forget no sync that brought it."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.warehouse.observed import rows_of_syncs, stored_rows
from warehouse.compacted_rows import RawFiles
from warehouse.raw_rows import compacted_schema, raw_schema

DATA = pa.schema(
    [
        pa.field("date", pa.date32()),
        pa.field("campaign_id", pa.string()),
        pa.field("clicks", pa.int64()),
        pa.field("rate", pa.decimal128(20, 8)),
        pa.field("share", pa.float64()),
    ]
)
SCHEMA = raw_schema(DATA)
START = datetime(2026, 11, 1, tzinfo=UTC)

_rows = st.lists(
    st.fixed_dictionaries(
        {
            "_connection_id": st.sampled_from(["one", "other"]),
            "_chunk_id": st.integers(0, 1),
            "date": st.sampled_from([date(2026, 11, 1), date(2026, 11, 2)]),
            "campaign_id": st.sampled_from(["a", "b'\"", None]),
            "clicks": st.integers(0, 1),
            "rate": st.sampled_from([None, Decimal("1.00000000")]),
            "share": st.sampled_from([None, float("nan"), 0.1]),
            "_extra": st.sampled_from([None, '{"a": "1"}', ""]),
        }
    ),
    max_size=6,
)


def _plain(folder: Path, number: int, rows: list[dict]) -> Path:
    stamp = {
        "_organization_id": "acme",
        "_sync_id": f"019a{number:04d}",
        "_synced_at": START + timedelta(hours=number),
    }
    path = folder / f"{number:04d}.parquet"
    pq.write_table(pa.Table.from_pylist([{**row, **stamp} for row in rows], schema=SCHEMA), path)
    return path


def _compacted(folder: Path, files: list[Path], name: str) -> Path:
    target = folder / name
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        RawFiles(connection, files).write_compacted(target)
    return target


def _read(files: list[Path]) -> list[tuple]:
    """What syncs brought; a row that one sync's chunk brought twice counts once."""
    return [row for row, _ in itertools.groupby(rows_of_syncs(stored_rows(files)), key=repr)]


def _values(rows: list[dict]) -> list[str]:
    names = [name for name in SCHEMA.names if name not in ("_sync_id", "_chunk_id", "_synced_at")]
    return [repr([row[name] for name in names]) for row in rows]


@settings(deadline=None, max_examples=25)
@given(syncs=st.lists(_rows, min_size=1, max_size=7), cut=st.integers(0, 7))
def test_each_value_is_kept_once_and_every_sync_can_be_read_back(tmp_path_factory, syncs, cut):
    folder = tmp_path_factory.mktemp("rows")
    plain = [_plain(folder, number, rows) for number, rows in enumerate(syncs)]
    expected = _read(plain)
    # Days first, then what they and later files become together, as a month does.
    days = [
        _compacted(folder, half, f"d{place}.parquet")
        for place, half in enumerate((plain[:cut], plain[cut:-1]))
        if half
    ]
    month = _compacted(folder, [*days, plain[-1]] if cut < len(plain) else days, "month.parquet")
    assert _read([month]) == expected
    stored = stored_rows([month])
    assert len(set(_values(stored))) == len(stored) == len(set(_values(stored_rows(plain))))
    # What lies there is the first observation of each value.
    first: dict[str, tuple] = {}
    for row, value in zip(stored_rows(plain), _values(stored_rows(plain)), strict=True):
        seen = (row["_sync_id"], row["_chunk_id"], row["_synced_at"])
        first[value] = min(first.get(value, seen), seen)
    assert {
        value: (row["_sync_id"], row["_chunk_id"], row["_synced_at"])
        for row, value in zip(stored, _values(stored), strict=True)
    } == first
    assert pq.read_schema(month).remove_metadata().equals(compacted_schema(DATA))


@pytest.fixture
def week(tmp_path) -> list[Path]:
    """A number that goes from 1 to 2 and back, beside one that never moves and one that is gone."""
    clicks = [{"a": 1, "b": 5, "c": 9}, {"a": 2, "b": 5}, {"a": 1, "b": 5, "c": 9}]
    return [
        _plain(
            tmp_path,
            number,
            [
                {"_connection_id": "one", "_chunk_id": 0, "date": START.date()}
                | {"campaign_id": name, "clicks": count}
                for name, count in seen.items()
            ],
        )
        for number, seen in enumerate(clicks)
    ]


def test_a_value_that_comes_back_is_told_from_one_that_stayed(tmp_path, week):
    month = _compacted(tmp_path, week, "month.parquet")
    stored = stored_rows([month])
    assert [(row["campaign_id"], row["clicks"], row["_sync_id"]) for row in stored] == [
        ("a", 1, "019a0000"),
        ("a", 2, "019a0001"),
        ("b", 5, "019a0000"),
        ("c", 9, "019a0000"),
    ]
    # Rows that the same syncs brought share one list of them.
    lists = [row["_observations"] for row in stored if row["_observations"]]
    assert [[seen["sync_id"] for seen in members] for members in lists] == [
        ["019a0000", "019a0002"],
        ["019a0001"],
        ["019a0000", "019a0001", "019a0002"],
    ]
    assert stored[0]["_observed"] == stored[3]["_observed"] != stored[2]["_observed"]


def test_the_product_reads_what_the_files_say(tmp_path, week):
    """`expanded`, which compaction compares files by, against the reading in Python."""
    month = _compacted(tmp_path, week[:2], "month.parquet")
    files = [month, week[2]]
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        raw = RawFiles(connection, files)
        table = connection.execute(f"select * from ({raw.expanded()})").to_arrow_table()
        content = raw.content()
    assert rows_of_syncs(table.to_pylist()) == rows_of_syncs(stored_rows(week))
    assert content.rows == 8
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        assert RawFiles(connection, week).content() == content
        assert RawFiles(connection, week[:2]).content() != content


def test_the_handbooks_query_reads_the_rows_of_every_sync(tmp_path, week):
    text = (Path(__file__).resolve().parents[2] / "docs" / "operations.md").read_text()
    query = text.split("<!-- raw rows -->\n```\n")[1].split("```")[0]
    folder = tmp_path / "compacted=2026-11"
    folder.mkdir()
    _compacted(folder, week, "month.parquet")
    query = query.replace("lake/raw/google_ads/campaign_stats", str(tmp_path))
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        # DuckDB shows the folder's name as a column.
        table = connection.execute(query).to_arrow_table().drop_columns(["compacted"])
    assert rows_of_syncs(table.to_pylist()) == rows_of_syncs(stored_rows(week))
