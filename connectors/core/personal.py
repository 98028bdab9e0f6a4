"""Personal values become tokens at extraction: nothing downstream ever sees the value itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Literal

Personal = Literal["email", "phone", "id"]
"""What a personal value is; an `id` is a platform's own of a person, which can be guessed."""

Hasher = Callable[[str], str]
"""Turns a normalised personal value into a token (a keyed hash, one key an organization)."""

# Neither begins in the middle of what could begin it: searched from each of its characters, a long
# text would take time by the square of its length.
_EMAIL = re.compile(r"(?<![\w.%+\-])[\w.%+\-]+(?:@|%40)[^\W_](?:(?:[^\W_]|-)*\.)+[^\W\d_]{2,}")

_PHONE = re.compile(r"(?<![+(])[+(]*\d(?:[\s+()./\-\u2010-\u2015]*\d){6,}")


def normalised(value: str, kind: Personal) -> str:
    """Returns the one spelling of an e-mail address, a phone number or an id.

    An address loses surrounding space and its capitals. A number keeps its digits, and its `+`
    also when that is written `00`. An id loses surrounding space.
    """
    if kind == "email":
        return value.strip().casefold()
    if kind == "id":
        return value.strip()
    digits = re.sub(r"\D", "", value)
    if value.strip().startswith("+"):
        return f"+{digits}" if digits else ""
    return f"+{digits[2:]}" if digits.startswith("00") else digits


def token(value: Any, kind: Personal, hasher: Hasher) -> str | None:
    """Returns the token of a personal value; None when there is none.

    Raises:
        ValueError: the value is neither text nor a number.
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise ValueError(f"a {type(value).__name__} is no {kind}")
    plain = normalised(str(value), kind)
    return hasher(plain) if plain else None


def scrubbed(value: Any, hasher: Hasher) -> Any:
    """Replaces every e-mail address inside a JSON value, keys included, by its token."""
    if isinstance(value, str):
        if "@" not in value and "%40" not in value:
            return value
        return _EMAIL.sub(lambda found: _email_token(found.group(), hasher), value)
    if isinstance(value, dict):
        return {scrubbed(k, hasher): scrubbed(v, hasher) for k, v in value.items()}
    if isinstance(value, list):
        return [scrubbed(item, hasher) for item in value]
    return value


def without_phones(text: str, hasher: Hasher) -> str:
    """Replaces whatever could be a phone number inside a text (7 digits or more) by its token.

    For texts of which nobody knows what they are: ids and dates are replaced as well.
    """
    return _PHONE.sub(lambda found: hasher(normalised(found.group(), "phone")), text)


def _email_token(found: str, hasher: Hasher) -> str:
    return hasher(normalised(found.replace("%40", "@"), "email"))
