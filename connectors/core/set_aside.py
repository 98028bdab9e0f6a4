"""Parts of records that go to quarantine while the record itself stays as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class SetAside:
    """A part of a record that cannot be used, while the record stays as it is.

    Attributes:
        reason: why, with what it means for the numbers.
        part: the part, with the id of its record.
    """

    reason: str
    part: dict[str, Any]
