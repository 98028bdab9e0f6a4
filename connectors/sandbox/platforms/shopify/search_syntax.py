"""The search syntax of `query` arguments: terms, AND, OR, NOT, parentheses, quotes.

A filter that cannot be read is left out, not refused: the list comes back as if it had not been
asked, with a warning beside it. That is what the platform does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<open>\()|(?P<close>\))
        |(?P<term>-?[A-Za-z_][A-Za-z_.]*\s*:\s*(?P<sign>>=|<=|>|<)?\s*
            (?:'[^']*'|"[^"]*"|[^\s()'"]+))
        |(?P<word>'[^']*'|"[^"]*"|[^\s()]+)
    )""",
    re.VERBOSE,
)
_TERM = re.compile(r"(-?)([A-Za-z_.]+)\s*:\s*(>=|<=|>|<)?\s*(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Term:
    """One comparison: a field, how (`=`, `>=`, `<=`, `>`, `<`) and with what."""

    field: str
    how: str
    value: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Several conditions that must all hold, or of which one must."""

    every: bool
    parts: tuple[Condition, ...]
    negated: bool = False


Condition = Term | Group


@dataclass(slots=True)
class Search:
    """A filter as it was understood.

    Attributes:
        text: As it was asked.
        condition: None for everything.
        warnings: What was left out, as the platform tells it.
    """

    text: str
    condition: Condition | None
    warnings: list[dict[str, str]] = field(default_factory=list)


def read_search(text: str, known: frozenset[str]) -> Search:
    """Reads a filter over the known fields."""
    search = Search(text, None)
    tokens = list(_tokens(text, known, search))
    reader = _Reader(tokens)
    condition = reader.either()
    if reader.rest():
        # A parenthesis too many: the whole filter is not understood.
        search.warnings.append(_warning("", "Unmatched parenthesis in query.", "invalid_query"))
        condition = None
    search.condition = condition
    return search


def _warning(name: str, message: str, code: str) -> dict[str, str]:
    return {"field": name, "message": message, "code": code}


def _tokens(text: str, known: frozenset[str], search: Search) -> Iterator[str | Term]:
    place = 0
    while place < len(text.rstrip()):
        match = _TOKEN.match(text, place)
        if match is None:
            search.warnings.append(_warning("", "Query could not be parsed.", "invalid_query"))
            return
        place = match.end()
        if match["open"] or match["close"]:
            yield "(" if match["open"] else ")"
        elif match["term"]:
            term = _term(match["term"], known, search)
            if term is not None:
                yield term
        elif match["word"] in ("AND", "OR", "NOT"):
            yield match["word"]
        else:
            yield Term("default", "=", match["word"].strip("'\""))


def _term(text: str, known: frozenset[str], search: Search) -> Term | None:
    parts = _TERM.fullmatch(text)
    if parts is None:
        return None
    negated, name, how, value = parts.groups()
    if name not in known:
        search.warnings.append(
            _warning(name, "Invalid search field for this query.", "invalid_field")
        )
        return None
    if value[:1] in "'\"":
        value = value[1:-1]
    elif ":" in value:
        # The colon separates tokens: without quotes the value ends at its first one.
        search.warnings.append(
            _warning(name, f"Input `{value}` is not an accepted value.", "invalid_value")
        )
        return None
    return Term(name, how or "=", value, bool(negated))


class _Reader:
    """Recursive descent; OR binds weaker than AND, which may be left out."""

    def __init__(self, tokens: list[str | Term]) -> None:
        self._tokens, self._place = tokens, 0

    def rest(self) -> bool:
        return self._place < len(self._tokens)

    def either(self) -> Condition | None:
        parts = [self._every()]
        while self._peek() == "OR":
            self._place += 1
            parts.append(self._every())
        return _group(False, parts)

    def _every(self) -> Condition | None:
        parts: list[Condition | None] = []
        while self.rest() and self._peek() not in ("OR", ")"):
            if self._peek() == "AND":
                self._place += 1
            else:
                parts.append(self._one())
        return _group(True, parts)

    def _one(self) -> Condition | None:
        token = self._tokens[self._place]
        self._place += 1
        if isinstance(token, Term):
            return token
        if token == "NOT":
            inner = self._one() if self.rest() else None
            return None if inner is None else Group(True, (inner,), negated=True)
        inner = self.either()
        if self._peek() == ")":
            self._place += 1
        return inner

    def _peek(self) -> str | Term | None:
        return self._tokens[self._place] if self.rest() else None


def _group(every: bool, parts: list[Condition | None]) -> Condition | None:
    kept = tuple(part for part in parts if part is not None)
    if not kept:
        return None
    return kept[0] if len(kept) == 1 else Group(every, kept)
