"""Records of the process's log: without secrets, and none that makes up another one.

Names, cells and answers come from outside. A line break in one must not begin what reads as a
record of ours, an escape must not steer the terminal that shows the log, and an error that nobody
foresaw may hold a secret. So each record is cleaned when it is made, whoever writes it.
"""

from __future__ import annotations

import logging
from typing import Any

from connectors.core.redaction import masked, masked_traceback
from orchestration.terminal import visible

CONTINUED = "\n  | "
"""Begins each further line of a record: a line without it is a record of its own."""


def mask_log() -> None:
    """Makes every record of this process a clean one."""
    logging.setLogRecordFactory(_Record)


class _Record(logging.LogRecord):
    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        # Now and not when it is shown: a formatter's own colours come after this.
        self.msg, self.args = _clean(_text(self)), ()
        if self.exc_info and self.exc_info[1] is not None:
            # Formatters take this for what they have made of the error before.
            self.exc_text = _clean(f"\n{masked_traceback(self.exc_info[1])}".rstrip())[1:]
        if self.stack_info:
            self.stack_info = _clean(f"\n{self.stack_info}")[1:]


def _text(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        # A mistake in a log line must not end what it is about.
        return f"{record.msg} {record.args}"


def _clean(text: str) -> str:
    return visible(masked(text)).replace("\n", CONTINUED)
