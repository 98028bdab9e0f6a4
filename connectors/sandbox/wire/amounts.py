"""Money as platforms write it; the business counts in cents."""

from __future__ import annotations


def money(cents: int | float) -> str:
    """Returns money as a text with two digits behind the point."""
    whole = abs(int(cents))
    return f"{'-' if cents < 0 else ''}{whole // 100}.{whole % 100:02d}"


def number(cents: int) -> float | int:
    """Returns money as a JSON number; a whole one has no decimals."""
    return cents // 100 if cents % 100 == 0 else cents / 100
