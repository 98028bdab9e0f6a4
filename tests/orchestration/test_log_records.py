"""The process's log: a record is one record, whatever is in it, and none of it is a secret."""

from __future__ import annotations

import io
import logging
import subprocess
import sys
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.core.redaction import Redactor
from orchestration.log_records import mask_log

CANARY = "c4n4ryOfEverySecret9"
FORGED = "tea\nERROR acme: everything was deleted\r\n\x1b[2J\u202e\x9b1m\u2028"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What a plain handler writes of records of this process."""
    Redactor([CANARY])  # as each client learns its secrets
    before = logging.getLogRecordFactory()
    mask_log()
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    logger = logging.getLogger(__name__)
    logger.propagate = False
    logger.addHandler(handler)
    yield written
    logger.removeHandler(handler)
    logging.setLogRecordFactory(before)


def _records(log: io.StringIO) -> int:
    return sum(not line.startswith("  | ") for line in log.getvalue().splitlines())


def _steers(text: str) -> bool:
    return any((ord(c) < 32 and c != "\n") or c in "\x7f\x9b\u2028\u202e" for c in text)


def test_a_name_with_line_breaks_makes_up_no_record(log: io.StringIO) -> None:
    logging.getLogger(__name__).warning("a line of %s is set aside", FORGED)
    assert _records(log) == 1
    assert log.getvalue().splitlines()[1] == "  | ERROR acme: everything was deleted"
    assert "\\x1b[2J\\u202e\\x9b1m\\u2028" in log.getvalue()
    assert not _steers(log.getvalue())


def test_a_traceback_makes_up_none_and_holds_no_secret(log: io.StringIO) -> None:
    try:
        try:
            raise LookupError(f"Location: http://[{CANARY}]/x {FORGED}")
        except LookupError as error:
            raise RuntimeError(FORGED) from error
    except RuntimeError:
        logging.getLogger(__name__).exception("it failed for %s", CANARY, stack_info=True)
    assert _records(log) == 1
    assert CANARY not in log.getvalue()
    assert "LookupError: Location: http://[***]/x tea" in log.getvalue()
    assert "Stack (most recent call last)" in log.getvalue()
    assert not _steers(log.getvalue())


def test_a_mistake_in_a_log_line_ends_nothing_and_shows_nothing(log: io.StringIO) -> None:
    logging.getLogger(__name__).warning("two of %s and %s", CANARY)
    assert log.getvalue() == "WARNING two of %s and %s ('***',)\n"


@given(st.text())
def test_any_text_is_one_record(text: str) -> None:
    before = logging.getLogRecordFactory()
    mask_log()
    try:
        record = logging.getLogger(__name__).makeRecord(
            __name__, logging.ERROR, "file", 1, "%s", (text,), None
        )
    finally:
        logging.setLogRecordFactory(before)
    lines = logging.Formatter("%(message)s").format(record).splitlines()
    assert all(line.startswith("  | ") for line in lines[1:])
    assert not any(_steers(line.replace("\t", " ")) for line in lines)


@pytest.mark.parametrize("module", ["orchestration.definitions", "orchestration.cli"])
def test_the_command_and_what_dagster_starts_log_so(module: str) -> None:
    code = (
        f"import logging, sys, {module} as module; sys.argv = ['tributary', '--version']\n"
        "try: getattr(module, 'main', int)()\n"
        "except SystemExit: pass\n"
        "logging.getLogger('any').warning('of\\nlines')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "of\n  | lines\n"
