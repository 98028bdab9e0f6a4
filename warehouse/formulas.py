"""Text that a spreadsheet would run as a formula, and how it is kept from that."""

from __future__ import annotations

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a formula begins with; a spreadsheet strips white space before it looks."""


def without_formula(text: str) -> str:
    """Puts an apostrophe before text that a spreadsheet would run, as OWASP recommends."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
