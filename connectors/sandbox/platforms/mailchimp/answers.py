"""How an answer is cut: pages by offset, and the fields that are asked for or left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from connectors.sandbox.platforms.mailchimp.errors import invalid
from connectors.sandbox.wire.lifecycle import Call

_MOST, _USUAL = 1000, 10
_ALWAYS = {"_links", "total_items"}
Json = dict[str, Any]


def listed(call: Call, records: str, rows: Sequence[Json], known: frozenset[str]) -> Json:
    """Returns the page of a list that a call asks for.

    Args:
        call: The call.
        records: What the list is called.
        rows: The whole list.
        known: The fields that a row may have.
    """
    wrong = invalid("count", "This value should be between 0 and 1000.")
    size = call.number("count", _USUAL, _MOST, wrong)
    text = call.request.query_params.get("offset") or "0"
    if not text.isdecimal():
        raise invalid("offset", "This value should be a number.")
    start = int(text)
    call.note(page=start > 0)
    body = {records: list(rows[start : start + size]), "total_items": len(rows), "_links": []}
    return cut(call, body, {f"{records}.{one}" for one in known} | {records})


def cut(call: Call, body: Json, known: set[str]) -> Json:
    """Returns a body with the fields that are asked for, or without those that are left out."""
    asked = call.request.query_params
    wanted, without = _named(asked.get("fields")), _named(asked.get("exclude_fields"))
    if wanted and without:
        raise invalid("exclude_fields", "Cannot be used together with fields.")
    for name in (*wanted, *without):
        if name not in known | _ALWAYS and name.rpartition(".")[2] != "_links":
            raise invalid("fields", f"The field {name} does not exist.")
    shown: Json = _kept(body, "", wanted) if wanted else _left(body, "", without)
    return shown


def paths(value: Json, prefix: str = "") -> set[str]:
    """Returns the dotted names of all fields of an object."""
    found = set()
    for name, inner in value.items():
        found.add(prefix + name)
        if isinstance(inner, dict):
            found |= paths(inner, f"{prefix}{name}.")
    return found


def _named(text: str | None) -> frozenset[str]:
    return frozenset(text.split(",")) if text else frozenset()


def _kept(value: Any, path: str, wanted: frozenset[str]) -> Any:
    if path in wanted:
        return value
    if isinstance(value, list):
        return [_kept(one, path, wanted) for one in value]
    if not isinstance(value, dict):
        return value
    kept = {}
    for name, inner in value.items():
        place = f"{path}.{name}" if path else name
        if any(one == place or one.startswith(f"{place}.") for one in wanted):
            kept[name] = _kept(inner, place, wanted)
    return kept


def _left(value: Any, path: str, without: frozenset[str]) -> Any:
    if isinstance(value, list):
        return [_left(one, path, without) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name: _left(inner, f"{path}.{name}" if path else name, without)
        for name, inner in value.items()
        if (f"{path}.{name}" if path else name) not in without
    }
