"""Finds a known text in another, however it is spelled there and wherever it was cut.

What a platform echoes of a secret is rarely the secret itself: it comes percent-encoded once or
twice, with JSON's escapes, in base64 together with a user's name, as hex, broken over lines, or
cut off by an excerpt. So the text is read as the bytes that it means, spaces left out, and any
piece of a secret that is long enough counts.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator

SHORTEST = 8
"""Characters. Of a shorter secret only the plain spellings are searched for: see `redaction`."""

PIECE = 12
"""So many characters of a secret are found wherever they were cut from it; of its beginning
`SHORTEST` are enough."""

_UNIT = re.compile(
    r"(?P<percent>%(?:25)*(?P<hex>[0-9A-Fa-f]{2}))"
    r"|(?P<escape>\\+(?:u00|x)(?P<code>[0-9A-Fa-f]{2}))"
    r"|(?P<entity>&#(?P<decimal>\d{1,3});|&#[xX](?P<hexadecimal>[0-9A-Fa-f]{1,2});)"
    r"|(?P<skipped>\s+|\\+[nrt]|\\+|=\r?\n)"
    r"|(?P<plain>.)",
    re.DOTALL,
)


class Spellings:
    """What is searched for."""

    def __init__(self) -> None:
        self._wholes: set[str] = set()
        self._beginnings: set[str] = set()
        self._pieces: dict[str, tuple[str, ...]] = {}

    def add(self, secret: str) -> None:
        """Adds a secret: it, its hex, and what base64 makes of it behind any other text."""
        raw = secret.encode("utf-8", "surrogatepass")
        if len(raw) < SHORTEST:
            return
        for text in {_read(secret)[0], raw.hex(), raw.hex().upper(), *_base64(raw)}:
            self._add(text)

    def ranges(self, text: str) -> list[tuple[int, int]]:
        """Returns where the text has something of a secret: starts and ends, in order, apart."""
        if not self._wholes:
            return []
        meant, starts, ends = _read(text)
        found: list[tuple[int, int]] = []
        for first, last in self._matches(meant):
            start, end = starts[first], ends[last - 1]
            if found and start <= found[-1][1]:
                found[-1] = (found[-1][0], max(end, found[-1][1]))
            else:
                found.append((start, end))
        return found

    def _add(self, text: str) -> None:
        if len(text) < SHORTEST or text in self._wholes:
            return
        self._wholes.add(text)
        self._beginnings.add(text[:PIECE])
        for at in range(max(1, len(text) - PIECE + 1)):
            piece = text[at : at + PIECE]
            others = self._pieces.get(piece[:SHORTEST], ())
            if piece not in others:
                self._pieces[piece[:SHORTEST]] = (*others, piece)

    def _matches(self, meant: str) -> Iterator[tuple[int, int]]:
        for at in range(len(meant) - SHORTEST + 1):
            for piece in self._pieces.get(meant[at : at + SHORTEST], ()):
                if meant.startswith(piece, at):
                    yield at, at + len(piece)
                elif piece in self._beginnings:
                    # The beginning of a secret, cut off before a piece of it is over.
                    yield at, at + _common(meant, at, piece)


def _common(text: str, at: int, piece: str) -> int:
    """How many characters of a piece stand at a place."""
    length = SHORTEST
    while length < len(piece) and text[at + length : at + length + 1] == piece[length]:
        length += 1
    return length


def _read(text: str) -> tuple[str, list[int], list[int]]:
    """The bytes that a text means, one character each, and from where to where each stands."""
    meant: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for unit in _UNIT.finditer(text):
        if unit["skipped"] is not None:
            continue
        if unit["plain"] is not None:
            said = unit["plain"].encode("utf-8", "surrogatepass").decode("latin-1")
        else:
            said = chr(_code(unit) & 0xFF)
        for character in said:
            if not character.isspace():
                meant.append(character)
                starts.append(unit.start())
                ends.append(unit.end())
    return "".join(meant), starts, ends


def _code(unit: re.Match[str]) -> int:
    if unit["decimal"] is not None:
        return int(unit["decimal"])
    return int(unit["hex"] or unit["code"] or unit["hexadecimal"], 16)


def _base64(raw: bytes) -> Iterator[str]:
    """What stands in base64 of any text with these bytes in it, in both of its alphabets."""
    for before, unsure in ((0, 0), (1, 2), (2, 3)):
        whole = (before + len(raw)) // 3 * 3
        text = b64encode(b"\0" * before + raw)[: whole * 4 // 3].decode()[unsure:]
        yield text
        yield text.replace("+", "-").replace("/", "_")
