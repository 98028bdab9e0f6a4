"""Rows that a process holds of the log are those that its files have."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.warehouse.log_rows import row
from warehouse import log_files
from warehouse.log_files import read_files, write
from warehouse.log_listing import stable_listing
from warehouse.sync_rows import LOG_SCHEMA, rows_to_table

_steps = st.lists(
    st.tuples(
        st.sampled_from(["write", "replace", "remove", "merge"]),
        st.integers(0, 5),
        st.integers(0, 40),
    ),
    max_size=14,
)


def put(path: Path, rows: int, name: str) -> None:
    write(path, rows_to_table([row(name, chunk_id=number) for number in range(rows)]))


def opened(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The files that are opened from now on, by call."""
    calls: list[list[str]] = []
    genuine = log_files._on_disk

    def noting(files: Sequence[str], *rest: object) -> pa.Table:
        calls.append([Path(file).stem for file in files])
        return genuine(files, *rest)

    monkeypatch.setattr(log_files, "_on_disk", noting)
    return calls


@settings(max_examples=60, deadline=None)
@given(_steps, st.sampled_from([1, 4_000, log_files.LARGE_BYTES]), st.sampled_from([2, 9]))
def test_what_is_held_is_what_the_files_have(
    steps: list[tuple[str, int, int]], large: int, kept: int
) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(log_files, "LARGE_BYTES", large)
        patch.setattr(log_files, "KEPT_FILES", kept)
        for number, (step, which, rows) in enumerate(steps):
            path = Path(folder) / f"{which}.parquet"
            if (step == "write" and not path.exists()) or step == "replace":
                put(path, rows, f"sync-{number}")
            elif step == "remove":
                path.unlink(missing_ok=True)
            elif step == "merge" and path.exists():
                merged = log_files._on_disk(stable_listing(Path(folder)), LOG_SCHEMA.names, None)
                for other in Path(folder).iterdir():
                    other.unlink()
                write(path, merged)
            files = stable_listing(Path(folder))
            found = read_files(files, ["sync_id", "chunk_id"], None).to_pylist()
            on_disk = log_files._on_disk(files, ["sync_id", "chunk_id"], None).to_pylist()
            assert sorted(map(str, found)) == sorted(map(str, on_disk))


def test_only_files_that_came_are_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "1.parquet", 2, "a")
    read_files(stable_listing(tmp_path), ["sync_id"], None)
    calls = opened(monkeypatch)
    put(tmp_path / "2.parquet", 3, "b")
    assert read_files(stable_listing(tmp_path), ["sync_id"], None).num_rows == 5
    assert read_files(stable_listing(tmp_path), ["sync_id"], None).num_rows == 5
    assert calls == [["2"]]


def test_a_file_that_took_the_place_of_another_is_read(tmp_path: Path) -> None:
    path = tmp_path / "1.parquet"
    put(path, 2, "a")
    assert set(read_files([str(path)], ["sync_id"], None).column(0).to_pylist()) == {"a"}
    put(path, 2, "b")
    assert set(read_files([str(path)], ["sync_id"], None).column(0).to_pylist()) == {"b"}


def test_a_large_file_is_not_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_files, "LARGE_BYTES", 1)
    put(tmp_path / "1.parquet", 2, "a")
    calls = opened(monkeypatch)
    for _ in range(2):
        assert read_files(stable_listing(tmp_path), ["sync_id"], None).num_rows == 2
    assert calls == [["1"], ["1"]]


def test_a_file_that_is_gone_is_no_empty_one(tmp_path: Path) -> None:
    path = tmp_path / "1.parquet"
    put(path, 2, "a")
    read_files([str(path)], ["sync_id"], None)
    os.unlink(path)
    with pytest.raises(FileNotFoundError):
        read_files([str(path)], ["sync_id"], None)
