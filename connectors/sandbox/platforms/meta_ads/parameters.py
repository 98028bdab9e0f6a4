"""Reading Graph parameters: lists and objects are JSON in a string, fields nest with braces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from connectors.sandbox.platforms.meta_ads.errors import invalid


@dataclass(frozen=True, slots=True)
class Field:
    """A field asked for, with what is asked of the node that it leads to."""

    name: str
    inner: tuple[Field, ...] = ()


def words(text: str) -> tuple[str, ...]:
    """Returns the names that a text lists, separated by spaces."""
    return tuple(text.split())


def read_fields(text: str) -> tuple[Field, ...]:
    """Reads `id,name,creative{id,url_tags}`, or the same as a JSON list.

    Raises:
        GraphError: The braces do not match, or a name is empty.
    """
    if text.startswith("["):
        text = ",".join(read_texts("fields", text))
    fields, rest = _fields(text.replace(" ", ""), 0)
    if rest != len(text.replace(" ", "")):
        raise invalid("Syntax error in the fields parameter")
    return fields


def _fields(text: str, at: int) -> tuple[tuple[Field, ...], int]:
    found: list[Field] = []
    while True:
        begin = at
        while at < len(text) and text[at] not in ",{}":
            at += 1
        name = text[begin:at]
        if not name:
            raise invalid("Syntax error in the fields parameter")
        inner: tuple[Field, ...] = ()
        if at < len(text) and text[at] == "{":
            inner, at = _fields(text, at + 1)
            if at >= len(text):
                raise invalid("Syntax error in the fields parameter")
            at += 1
        found.append(Field(name, inner))
        if at >= len(text) or text[at] == "}":
            return tuple(dict.fromkeys(found)), at
        at += 1


def read_json(name: str, text: str) -> Any:
    """Reads a parameter that is JSON.

    Raises:
        GraphError: It is not.
    """
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as trouble:
        raise invalid(f"Param {name} must be valid JSON") from trouble


def read_texts(name: str, text: str | None) -> tuple[str, ...]:
    """Reads a list of texts: JSON, or simply separated by commas.

    Raises:
        GraphError: It is neither.
    """
    if not text:
        return ()
    if not text.startswith("["):
        return tuple(part.strip() for part in text.split(",") if part.strip())
    values = read_json(name, text)
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise invalid(f"Param {name} must be an array of strings")
    return tuple(values)


def read_enum(name: str, value: str, known: Sequence[str]) -> str:
    """Reads a value of a list.

    Raises:
        GraphError: It is not in the list.
    """
    if value not in known:
        raise invalid(f"{name} must be one of the following values: {', '.join(known)}")
    return value


def read_number(name: str, text: str, least: int, most: int) -> int:
    """Reads a whole number.

    Raises:
        GraphError: It is none, or out of bounds.
    """
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise invalid(f"Param {name} must be an integer between {least} and {most}")
    return int(text)


def read_day(name: str, value: object) -> date:
    """Reads a date.

    Raises:
        GraphError: It is none.
    """
    try:
        if not isinstance(value, str) or len(value) != 10:
            raise ValueError(value)
        return date.fromisoformat(value)
    except ValueError as trouble:
        raise invalid(
            f"Must be a date representation in the format YYYY-MM-DD: {name}"
        ) from trouble
