"""Deliveries on the disk: whole lines only, whatever ended the process that wrote them."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.patience import PATIENCE_SECONDS
from warehouse import delivery_journal
from warehouse.delivery_journal import Journal, files_since, known_ids, recover

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


class _Settled:
    """What a journal has reported."""

    def __init__(self) -> None:
        self.done: list[Any] = []
        self.failed: list[Any] = []
        self._arrived = threading.Condition()

    def __call__(self, tokens: Sequence[Any], trouble: OSError | None) -> None:
        with self._arrived:
            (self.failed if trouble else self.done).extend(tokens)
            self._arrived.notify_all()

    def wait(self, count: int) -> None:
        with self._arrived:
            assert self._arrived.wait_for(
                lambda: len(self.done) + len(self.failed) >= count, PATIENCE_SECONDS
            )


def line(number: int, received: datetime = NOW) -> bytes:
    found = {"record_id": f"{number:032x}", "received_at": received.isoformat()}
    return orjson.dumps(found, option=orjson.OPT_APPEND_NEWLINE)


def numbers(folder: Path) -> list[int]:
    return sorted(int(one, 16) for one, _ in known_ids(folder, NOW))


def test_lines_of_several_folders_are_settled_and_closed(tmp_path: Path) -> None:
    settled = _Settled()
    journal = Journal(settled, lambda: NOW)
    for number in range(100):
        journal.append(tmp_path / "ab"[number % 2], line(number), number)
    settled.wait(100)
    assert list((tmp_path / "a").glob("*.ndjson.part")), "it is still added to"
    journal.close()
    assert sorted(settled.done) == list(range(100))
    assert numbers(tmp_path / "a") == list(range(0, 100, 2))
    assert numbers(tmp_path / "b") == list(range(1, 100, 2))


def test_a_full_file_is_closed(tmp_path: Path) -> None:
    settled = _Settled()
    journal = Journal(settled, lambda: NOW, close_bytes=1)
    for number in range(3):
        journal.append(tmp_path, line(number), number)
        settled.wait(number + 1)
    journal.close()
    assert len(list(tmp_path.glob("*.ndjson"))) == 3


def test_what_a_killed_process_left_is_finished_without_its_torn_end(tmp_path: Path) -> None:
    (tmp_path / "20261101T120000.000000-aa.ndjson.part").write_bytes(line(1) + line(2)[:-5])
    (tmp_path / "20261101T120001.000000-bb.ndjson.part").write_bytes(line(3)[:-1])
    assert numbers(tmp_path) == [], "an open file may be cut off anywhere"
    assert recover(tmp_path) == 2
    assert numbers(tmp_path) == [1]
    assert [path.suffix for path in tmp_path.iterdir()] == [".ndjson"]


@pytest.mark.parametrize("call", ["write", "fdatasync"])
def test_after_a_failed_write_what_was_settled_stays_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    settled = _Settled()
    journal = Journal(settled, lambda: NOW)
    journal.append(tmp_path, line(1), 1)
    settled.wait(1)
    write = os.write

    def full(descriptor: int, *content: bytes) -> int:
        if content:
            write(descriptor, bytes(content[0])[:20])
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(delivery_journal.os, call, full)
        journal.append(tmp_path, line(2), 2)
        settled.wait(2)
    journal.append(tmp_path, line(3), 3)
    settled.wait(3)
    journal.close()
    assert (settled.done, settled.failed) == ([1, 3], [2])
    assert numbers(tmp_path) == [1, 3]


def test_what_nobody_repeats_any_more_is_not_known(tmp_path: Path) -> None:
    old, young = NOW - timedelta(days=9), NOW - timedelta(days=7)
    for number, moment in ((1, old), (2, young)):
        settled = _Settled()
        journal = Journal(settled, lambda moment=moment: moment)  # type: ignore[misc]
        journal.append(tmp_path, line(number, moment), number)
        settled.wait(1)
        journal.close()
    assert numbers(tmp_path) == [2]
    assert len(files_since(tmp_path, young)) == 1
    assert len(files_since(tmp_path, old)) == 2
