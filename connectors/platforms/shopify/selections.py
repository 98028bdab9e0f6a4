"""Queries without some of their fields, for a version of the API that no longer has them."""

from __future__ import annotations

import re
from collections.abc import Set

from connectors.platforms.shopify.failures import STRUCTURE

_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|\.\.\.|[{}()]|[A-Za-z_]\w*|[^\s\w{}()"]')
_NAME = re.compile(r"[A-Za-z_]\w*")


def without(text: str, refused: Set[str]) -> str:
    """Returns a query without some fields of its objects, whatever hangs on them included.

    Args:
        text: a query whose root has one connection or object.
        refused: paths from an object on, such as `customerJourneySummary.ready`; a bare name that
            is no path of a field stands for every field of that name.
    """
    tokens = list(_TOKEN.finditer(text))
    cuts: list[tuple[int, int]] = []
    within: list[str] = []
    position, name = 0, ""
    while position < len(tokens):
        word = tokens[position].group()
        if word == "(":
            position = _behind(tokens, position)
            continue
        if word == "{":
            within.append(name)
        elif word == "}":
            within.pop()
        elif _NAME.fullmatch(word) and within:
            name = word
            if _is_refused(within, name, refused):
                begin, position = tokens[position].start(), position + 1
                while position < len(tokens) and tokens[position].group() in ("(", "{"):
                    position = _behind(tokens, position)
                cuts.append((begin, tokens[position - 1].end()))
                continue
        position += 1
    for begin, end in reversed(cuts):
        text = text[:begin] + text[end:]
    return text


def _is_refused(within: list[str], name: str, refused: Set[str]) -> bool:
    # The first two are the operation and what its root names.
    path = ".".join([*(step for step in within[2:] if step not in STRUCTURE), name])
    return len(within) > 1 and any(path == one or path.endswith(f".{one}") for one in refused)


def _behind(tokens: list[re.Match[str]], position: int) -> int:
    """Returns the position behind a pair of brackets that opens here."""
    depth = 0
    for place in range(position, len(tokens)):
        word = tokens[place].group()
        depth += (word in ("(", "{")) - (word in (")", "}"))
        if depth == 0:
            return place + 1
    return len(tokens)
