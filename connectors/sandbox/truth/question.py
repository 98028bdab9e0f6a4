"""What is asked of the truth, and what answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from connectors.sandbox.business import Business

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the truth.

    Attributes:
        level: One of `answers.levels()`.
        as_of: The clock.
        account: Only this account's rows; None for all.
        first, last: Only these dates; None for all.
        platform: Only this platform's rows; None for all.
    """

    level: str
    as_of: datetime
    account: str | None = None
    first: date | None = None
    last: date | None = None
    platform: str | None = None


Answer = Callable[[Business, Question], Iterator[Row]]
