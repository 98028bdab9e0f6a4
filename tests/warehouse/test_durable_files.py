from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from warehouse import durable_files
from warehouse.durable_files import (
    LakeFull,
    disk_guard,
    replacing,
    sweep_temporaries,
    temporary_for,
    write_bytes,
)
from warehouse.file_copies import copy_file, link_or_copy


def test_replacing_shows_the_old_content_until_the_new_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "file.parquet"
    write_bytes(path, b"old")
    with replacing(path) as temporary:
        temporary.write_bytes(b"new")
        assert path.read_bytes() == b"old"
        assert list(path.parent.glob("*.parquet")) == [path]
    assert path.read_bytes() == b"new"
    assert os.listdir(path.parent) == ["file.parquet"]


def test_an_error_leaves_the_old_content_and_no_temporary(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_bytes(path, b"old")

    def fail() -> None:
        with replacing(path) as temporary:
            temporary.write_bytes(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["file"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_says_what_to_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def full(_: int) -> None:
        raise OSError(number, os.strerror(number))

    write_bytes(tmp_path / "file", b"old")
    monkeypatch.setattr(durable_files.os, "fsync", full)
    with pytest.raises(LakeFull, match="Free space") as raised:
        write_bytes(tmp_path / "file", b"new")
    assert raised.value.errno == number
    assert (tmp_path / "file").read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["file"]


def test_a_device_that_is_really_full_is_called_full(tmp_path: Path) -> None:
    with (
        pytest.raises(LakeFull, match=f"under {tmp_path} .No space left on device; .* MB free of"),
        disk_guard(tmp_path),
        open("/dev/full", "wb", buffering=0) as file,
    ):
        file.write(b"x")


def test_other_errors_are_not_called_a_full_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: int) -> None:
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(durable_files.os, "fsync", broken)
    with pytest.raises(OSError, match="broken") as raised:
        write_bytes(tmp_path / "file", b"new")
    assert not isinstance(raised.value, LakeFull)


def test_sweep_removes_what_a_dead_process_left_and_nothing_else(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from warehouse.durable_files import temporary_for;"
        "temporary_for(Path(sys.argv[1]) / 'a.parquet').write_text('half')"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True)
    mine = temporary_for(tmp_path / "b.parquet")
    mine.write_text("being written")
    foreign = tmp_path / ".tmp-otherhost-1-0-c.parquet.part"
    foreign.write_text("on another machine")
    old = tmp_path / ".tmp-otherhost-1-1-d.parquet.part"
    old.write_text("old")
    os.utime(old, (0, 0))
    (tmp_path / "e.parquet").write_text("committed")

    removed = {path.name for path in sweep_temporaries(tmp_path)}

    assert old.name in removed
    assert len(removed) == 2
    assert {path.name for path in tmp_path.iterdir()} == {mine.name, foreign.name, "e.parquet"}


def test_temporary_names_are_ignored_by_the_globs_of_readers(tmp_path: Path) -> None:
    name = temporary_for(tmp_path / "x.parquet").name
    assert name.startswith(".tmp-")
    assert not name.endswith(".parquet")


def test_copies_have_the_same_content_and_never_overwrite(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(os.urandom(3_000_001))
    assert copy_file(source, tmp_path / "copy") in {"reflink", "copy_file_range", "copy"}
    assert (tmp_path / "copy").read_bytes() == source.read_bytes()
    with pytest.raises(FileExistsError):
        copy_file(source, tmp_path / "copy")
    link_or_copy(source, tmp_path / "link")
    assert (tmp_path / "link").read_bytes() == source.read_bytes()


def test_a_file_system_without_kernel_copies_or_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unsupported(*_: object, **__: object) -> int:
        raise OSError(errno.EOPNOTSUPP, "unsupported")

    monkeypatch.setattr("warehouse.file_copies.os.copy_file_range", unsupported)
    monkeypatch.setattr("warehouse.file_copies.os.link", unsupported)
    monkeypatch.setattr("warehouse.file_copies.fcntl.ioctl", unsupported)
    source = tmp_path / "source"
    source.write_bytes(os.urandom(2_000_001))
    assert copy_file(source, tmp_path / "copy") == "copy"
    link_or_copy(source, tmp_path / "link")
    for name in ("copy", "link"):
        assert (tmp_path / name).read_bytes() == source.read_bytes()


def test_the_log_of_a_database_that_was_being_written_goes_with_it(tmp_path: Path):
    left = [tmp_path / f".tmp-other-1-0-a.duckdb.part{end}" for end in ("", ".wal")]
    for path in left:
        path.write_text("half")
        os.utime(path, (0, 0))
    assert sorted(sweep_temporaries(tmp_path)) == left
