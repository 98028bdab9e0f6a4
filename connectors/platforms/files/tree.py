"""Reading a tree of settings: every complaint names the key and what to write instead."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from connectors.platforms.files.rules import Rule, RuleError

_T = TypeVar("_T")


class MappingError(ValueError):
    """A mapping that cannot work; the message names the key and the fix."""


def folded(name: str) -> str:
    """A column's name without regard to capitals and kinds of spaces."""
    return " ".join(name.casefold().replace("\xa0", " ").split())


def near(name: str, known: Iterable[str]) -> str:
    """`" (did you mean 'x'?)"` for a near match, else nothing."""
    by_lower = {str(each).lower(): str(each) for each in known}
    close = difflib.get_close_matches(name.lower(), by_lower, n=1)
    return f" (did you mean {by_lower[close[0]]!r}?)" if close else ""


class Tree:
    """Reads the keys of one mapping and complains about those that nobody asked for."""

    def __init__(self, tree: Any, where: str) -> None:
        if not isinstance(tree, Mapping):
            raise MappingError(f"{where} must be a mapping (key: value)")
        self._tree = {str(key): value for key, value in tree.items()}
        self._asked: set[str] = set()
        self.where = where

    def names(self) -> list[str]:
        """Returns the keys in their order."""
        return list(self._tree)

    def has(self, key: str) -> bool:
        """Tells whether the key is given."""
        return key in self._tree

    def is_tree(self, key: str) -> bool:
        """Tells whether the key holds a mapping."""
        return isinstance(self._tree.get(key), Mapping)

    def raw(self, key: str, *, required: bool = False) -> str:
        """The key's text as it stands."""
        self._asked.add(key)
        value = self._tree.get(key)
        if isinstance(value, (Mapping, list)):
            raise MappingError(f"{self.where}.{key} must be a single value")
        if value is None or value == "":
            if required:
                raise MappingError(f"{self.where}: {key} is missing")
            return ""
        return str(value).lower() if isinstance(value, bool) else str(value)

    def text(self, key: str, *, required: bool = False) -> str:
        """The key's text without space around it."""
        return self.raw(key, required=required).strip()

    def texts(self, key: str) -> list[str]:
        """The texts of a list; a single text counts as a list of one."""
        self._asked.add(key)
        value = self._tree.get(key)
        items = value if isinstance(value, list) else [] if value in (None, "") else [value]
        if any(isinstance(item, (Mapping, list)) for item in items):
            raise MappingError(f"{self.where}.{key} must be a list of names")
        return [str(item).strip() for item in items]

    def choice(self, key: str, known: Iterable[str], *, required: bool = False) -> str:
        """One of the known words; empty when the key is absent."""
        value = self.text(key, required=required)
        if value and value not in known:
            raise MappingError(
                f"{self.where}: unknown {key} {value!r}{near(value, known)}; "
                f"use one of {', '.join(known)}"
            )
        return value

    def truth(self, key: str) -> bool:
        """True or false; false when the key is absent."""
        return self.choice(key, ("true", "false", "yes", "no")) in {"true", "yes"}

    def parsed(self, key: str, read: Callable[[str], _T], example: str) -> _T | None:
        """The key's text through a parser that raises ValueError."""
        value = self.text(key)
        if not value:
            return None
        try:
            return read(value)
        except ValueError:
            raise MappingError(
                f"{self.where}: {key} {value!r} is not valid; use {example}"
            ) from None

    def inner(self, key: str, *, required: bool = False) -> Tree:
        """The mapping under a key."""
        self._asked.add(key)
        if key not in self._tree and required:
            raise MappingError(f"{self.where}: {key} is missing")
        return Tree(self._tree.get(key), f"{self.where}.{key}")

    def rules(self, key: str) -> tuple[Rule, ...]:
        """The rules under a key: one, or a list."""
        self._asked.add(key)
        value = self._tree.get(key)
        found = value if isinstance(value, list) else [] if value is None else [value]
        try:
            return tuple(Rule.parse(each) for each in found)
        except RuleError as trouble:
            raise MappingError(f"{self.where}.{key}: {trouble}") from None

    def done(self) -> None:
        """Complains about keys that nobody asked for."""
        for key in self._tree:
            if key not in self._asked:
                raise MappingError(
                    f"{self.where}: unknown key {key!r}{near(key, self._asked)}; "
                    f"known keys: {', '.join(sorted(self._asked))}"
                )
