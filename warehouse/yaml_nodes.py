"""YAML with line numbers: scalars stay the text that was written, no tag makes an object.

An account id such as ``0123`` is therefore ``"0123"`` and not an octal number, and every complaint
can name its line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import yaml

from warehouse.registry_records import RegistryError, did_you_mean

_ENVIRONMENT_PATTERN = re.compile(r"\$(?:\$|\{(?P<name>[^}]*)\})")
_VARIABLE_PATTERN = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*$")
_LARGEST_FILE = 10_000_000
_NULL_TAG = "tag:yaml.org,2002:null"

_Parsed = TypeVar("_Parsed")


class ApplyError(RegistryError):
    """The file cannot be applied; the message names the line. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a document comes from and what its ``${NAME}`` references may read."""

    label: str
    environment: Mapping[str, str] = field(repr=False)

    def error(self, node: yaml.Node, message: str) -> ApplyError:
        """An error that names the node's line."""
        return ApplyError(f"{self.label}, line {node.start_mark.line + 1}: {message}")

    def compose(self, text: str) -> yaml.Node | None:
        """The document's root node; None when it is empty.

        Raises:
            ApplyError: it is not YAML, too large, or uses aliases.
        """
        if len(text) > _LARGEST_FILE:
            raise ApplyError(f"{self.label} is larger than {_LARGEST_FILE / 1e6:.0f} MB")
        try:
            # Aliases are refused: nested ones would let a small file fill the memory.
            for event in yaml.parse(text, Loader=yaml.SafeLoader):
                if isinstance(event, yaml.AliasEvent):
                    line = "" if event.start_mark is None else event.start_mark.line + 1
                    raise ApplyError(f"{self.label}, line {line}: aliases (*name) are not allowed")
            return yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.YAMLError as error:
            raise ApplyError(f"{self.label} is not valid YAML: {_problem(error)}") from None

    def mapping(self, node: yaml.Node, what: str, allowed: Mapping[str, bool]) -> Fields:
        """A mapping whose keys are all in ``allowed`` (key -> required).

        Raises:
            ApplyError: not a mapping; an unknown, repeated or missing key.
        """
        found = self.free_mapping(node, what)
        for key, value in found.items():
            if key not in allowed:
                raise self.error(
                    value,
                    f"{what}: unknown key {key!r}{did_you_mean(key, allowed)}; "
                    f"known keys: {', '.join(allowed)}",
                )
        for key, required in allowed.items():
            if required and (key not in found or found[key].tag == _NULL_TAG):
                raise self.error(node, f"{what}: {key!r} is missing")
        return Fields(self, what, found)

    def free_mapping(self, node: yaml.Node, what: str) -> dict[str, yaml.Node]:
        """A mapping with any keys, none of them twice.

        Raises:
            ApplyError: not a mapping, or a repeated or non-text key.
        """
        if not isinstance(node, yaml.MappingNode):
            raise self.error(node, f"{what} must be a mapping (key: value)")
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise self.error(key, f"{what}: a key must be text")
            if key.value in found:
                raise self.error(key, f"{what}: key {key.value!r} is given twice")
            found[key.value] = value
        return found

    def sequence(self, node: yaml.Node, what: str) -> list[yaml.Node]:
        """A list; an empty value counts as an empty list.

        Raises:
            ApplyError: not a list.
        """
        if node.tag == _NULL_TAG:
            return []
        if not isinstance(node, yaml.SequenceNode):
            raise self.error(node, f"{what} must be a list (- …)")
        return list(node.value)

    def text(self, node: yaml.Node, what: str) -> str | None:
        """A scalar's text with ``${NAME}`` expanded (``$$`` is a dollar); None for an empty value.

        Raises:
            ApplyError: not a scalar, or a variable that is not set.
        """
        if not isinstance(node, yaml.ScalarNode):
            raise self.error(node, f"{what} must be a single value")
        if node.tag == _NULL_TAG:
            return None
        return _ENVIRONMENT_PATTERN.sub(lambda match: self._expand(node, what, match), node.value)

    def tree(self, node: yaml.Node, what: str) -> Any:
        """Any node as mappings, lists and texts; None for an empty value.

        Raises:
            ApplyError: a repeated key, or a variable that is not set.
        """
        if isinstance(node, yaml.MappingNode):
            found = self.free_mapping(node, what)
            return {key: self.tree(value, f"{what}.{key}") for key, value in found.items()}
        if isinstance(node, yaml.SequenceNode):
            return [self.tree(each, what) for each in node.value]
        return self.text(node, what)

    def _expand(self, node: yaml.Node, what: str, match: re.Match[str]) -> str:
        name = match["name"]
        if name is None:
            return "$"
        if not _VARIABLE_PATTERN.fullmatch(name):
            raise self.error(node, f"{what}: ${{{name}}} is not the name of a variable")
        if name not in self.environment:
            near = did_you_mean(name, self.environment)
            raise self.error(node, f"{what}: environment variable {name} is not set{near}")
        return self.environment[name]


@dataclass(frozen=True, slots=True)
class Fields:
    """The checked keys of one mapping, read as text or through a parser."""

    source: Source
    what: str
    nodes: Mapping[str, yaml.Node]

    def text(self, key: str) -> str | None:
        """The key's text; None when it is absent or empty."""
        node = self.nodes.get(key)
        return None if node is None else self.source.text(node, f"{self.what}: {key}")

    def required(self, key: str) -> str:
        """The key's text, which must not be blank.

        Raises:
            ApplyError: it is blank (a variable may be set to nothing).
        """
        found = self.text(key)
        if found is None or not found.strip():
            raise self.error(key, "must not be empty")
        return found

    def parsed(self, key: str, parse: Callable[[str], _Parsed], example: str) -> _Parsed | None:
        """The key's text through a parser that raises ValueError.

        Raises:
            ApplyError: the parser refused it.
        """
        found = self.text(key)
        if found is None:
            return None
        try:
            return parse(found)
        except ValueError:
            raise self.error(key, f"{found!r} is not valid; example: {example}") from None

    def error(self, key: str, message: str) -> ApplyError:
        """An error that names the key and its line."""
        return self.source.error(self.nodes[key], f"{self.what}: {key} {message}")


def _problem(error: yaml.YAMLError) -> str:
    """The problem and its place, without the excerpt: that line may hold a secret."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        mark = error.problem_mark
        return f"line {mark.line + 1}, column {mark.column + 1}: {error.problem}"
    return type(error).__name__
