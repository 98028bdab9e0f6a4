"""Bodies of JSON as platforms send them, also with a character that JSON forbids.

Half a surrogate pair (a name that some form cut in the middle of an emoji), bytes that are no
UTF-8, a raw control character: one of them makes a parser refuse the whole answer, and with it
everything else that it holds. Here the character alone is lost: it becomes U+FFFD.
"""

from __future__ import annotations

import json
import re
from typing import Any

import orjson

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

# Surrogates written as bytes of UTF-8: a pair of them is a character, half of one is none.
_RAW_PAIR = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]")
_RAW_HALF = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")

_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
# Every escape is matched, so that what follows an escaped backslash is never read as one.
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|(?P<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
_CONTROL = re.compile(r"[\x00-\x1f]")


# An integer that may not fit 64 bits, where a value begins.
_LONG = re.compile(rb"[:,\[]\s*(?:-\d{19}|\d{20})")


class EndsEarly(ValueError):
    """The body stops before what it holds is complete."""


def parsed(body: bytes) -> Any:
    """Returns the JSON of a body; characters that cannot be are U+FFFD in it.

    Raises:
        EndsEarly: it stops inside its JSON, or before it begins.
        ValueError: it is no JSON.
    """
    try:
        return _exact(body) if _LONG.search(body) else orjson.loads(body)
    except orjson.JSONDecodeError:
        text = mended(body)
    try:
        return _exact(text) if _LONG.search(text.encode()) else orjson.loads(text)
    except orjson.JSONDecodeError as trouble:
        if _ends_early(text):
            raise EndsEarly(str(trouble)) from None
        raise


def _exact(text: bytes | str) -> Any:
    """Reads JSON whose integers may have more than 64 bits: orjson makes rounded floats of them."""
    orjson.loads(text)
    return json.loads(text)


def mended(body: bytes) -> str:
    """Returns a body's text with U+FFFD in place of each character that JSON forbids."""
    joined = _RAW_PAIR.sub(_joined, body)
    halved = _RAW_HALF.sub(REPLACEMENT.encode(), joined)
    # A byte order mark is no character at all, and no part of JSON.
    text = halved.decode("utf-8", "replace").removeprefix("\ufeff")
    return _STRING.sub(lambda found: _fit(found.group()), text)


def _ends_early(text: str) -> bool:
    left = _STRING.sub("", text)
    opened, closed = (sum(left.count(mark) for mark in marks) for marks in ("[{", "]}"))
    # A quote that is left has no other that closes it.
    return not text.strip() or '"' in left or opened > closed


def _joined(found: re.Match[bytes]) -> bytes:
    pair = found.group().decode("utf-8", "surrogatepass")
    return pair.encode("utf-16", "surrogatepass").decode("utf-16").encode()


def _fit(string: str) -> str:
    if "\\" in string:
        string = _ESCAPE.sub(lambda found: REPLACEMENT if found["half"] else found.group(), string)
    return _CONTROL.sub(REPLACEMENT, string)
