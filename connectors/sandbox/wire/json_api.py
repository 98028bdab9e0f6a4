"""JSON:API on the wire: filters, sparse fields, what is included, pages by cursor, errors."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

import orjson
from starlette.responses import Response

from connectors.sandbox.wire.faults import Faults
from connectors.sandbox.wire.lifecycle import Call, Refusal, json_response
from connectors.sandbox.wire.pages import Signed, tokened, with_unknown_fields

T = TypeVar("T")
Json = dict[str, Any]
_FOREVER = 2**40
CURSORS = Signed("cursors of JSON:API")
_CONDITION = re.compile(r"([a-z-]+)\(([a-z_.]+),('[^']*'|\"[^\"]*\"|[^(),]*)\)")


def refusal(status: int, code: str, title: str, detail: str = "", **source: str) -> Refusal:
    """Returns a refusal, with what of the request it is about, if that is known."""
    error = {
        "id": "c5f8c1ff-0000-4000-8000-000000000000",
        "status": status,
        "code": code,
        "title": title,
        "detail": detail or title,
        "source": source or {"pointer": "/data/"},
        "links": {},
        "meta": {},
    }
    return Refusal(status, {"errors": [error]})


def invalid(detail: str, parameter: str = "") -> Refusal:
    """Returns the refusal of a wrong question."""
    source = {"parameter": parameter} if parameter else {}
    return refusal(400, "invalid", "Invalid input.", detail, **source)


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a filter."""

    operator: str
    name: str
    value: str

    @property
    def instant(self) -> int:
        """The value as seconds since 1970 UTC."""
        try:
            found = datetime.fromisoformat(self.value)
        except ValueError as trouble:
            raise invalid(f"'{self.value}' is not a valid datetime.", "filter") from trouble
        return int(found.replace(tzinfo=found.tzinfo or UTC).timestamp())

    @property
    def day(self) -> date:
        """The date of the value, in whatever zone it is written."""
        try:
            return datetime.fromisoformat(self.value).date()
        except ValueError as trouble:
            raise invalid(f"'{self.value}' is not a valid datetime.", "filter") from trouble


def conditions(call: Call, allowed: Mapping[str, Sequence[str]]) -> list[Condition]:
    """Returns the conditions of a filter, joined by `and` or by commas.

    Raises:
        Refusal: a name or an operator that the list does not have.
    """
    return read(call.request.query_params.get("filter", ""), allowed)


def read(text: str, allowed: Mapping[str, Sequence[str]]) -> list[Condition]:
    """Returns the conditions of a filter that is written down.

    Raises:
        Refusal: as `conditions`.
    """
    inner = text[4:-1] if text.startswith("and(") and text.endswith(")") else text
    found = [Condition(a, b, c.strip("'\"")) for a, b, c in _CONDITION.findall(inner)]
    if _CONDITION.sub("", inner).strip(","):
        raise invalid(f"'{text}' is not a valid filter.", "filter")
    for one in found:
        if one.operator not in allowed.get(one.name, ()):
            raise invalid(f"'{one.name}' is not an allowed filter.", "filter")
    return found


def span(found: Sequence[Condition]) -> tuple[int, int]:
    """Returns the instants between the bounds of a filter, half open."""
    start, end = 0, _FOREVER
    for one in found:
        side = one.instant + (one.operator in ("greater-than", "less-or-equal"))
        start, end = (side, end) if one.operator.startswith("greater") else (start, side)
    return start, end


def posted(call: Call, type_: str) -> Json:
    """Returns the attributes of a document that was posted, and records them.

    Raises:
        Refusal: it is none of that type.
    """
    try:
        data = orjson.loads(call.body)["data"]
        found, named = dict(data["attributes"]), data["type"]
    except (ValueError, KeyError, TypeError) as trouble:
        raise invalid("The body is no document of JSON:API.") from trouble
    if named != type_:
        raise invalid(f"'{named}' is not a valid type.")
    call.note(query=orjson.dumps(found).decode())
    return found


def of_fault(call: Call) -> Refusal:
    """Returns the refusal of a call that meets a fault; what is too much comes with its delay."""
    if not str(call.fault).startswith("429"):
        return Refusal.of_fault(call, lambda status: f"<html>{status.phrase}</html>")
    wait = f"{call.plan.retry_after:g}"
    detail = f"Request was throttled. Expected available in {wait} seconds."
    said = refusal(429, "throttled", "Request was throttled.", detail)
    said.headers["Retry-After"] = wait
    return said


def entity(
    address: str, type_: str, id_: str, said: Json, related: Mapping[str, Any] | None = None
) -> Json:
    """Returns an object; a relation leads to one `(type, id)`, or to a list of them."""
    own = f"{address}/{type_}s/{id_}"

    def led(to: Any) -> Any:
        if isinstance(to, list):
            return [led(one) for one in to]
        return dict(zip(("type", "id"), to, strict=True))

    relationships = {
        name: {
            "data": led(to),
            "links": {"self": f"{own}/relationships/{name}/", "related": f"{own}/{name}/"},
        }
        for name, to in (related or {}).items()
    }
    body = {"type": type_, "id": id_, "attributes": said, "links": {"self": f"{own}/"}}
    return {**body, "relationships": relationships} if related else body


def cut(
    faults: Faults, call: Call, key: str, rows: Sequence[T], asked: tuple[str, str], size: int
) -> tuple[Sequence[T], str]:
    """Returns the page that a cursor leads to, and the cursor of the next; empty for the last.

    Args:
        faults: what goes wrong.
        call: the call.
        key: what makes the list this one.
        rows: the whole list.
        asked: the parameter's name and the cursor; empty for the first page.
        size: rows a page.

    Raises:
        Refusal: the cursor is none of this list.
    """
    name, cursor = asked
    try:
        shown, following = tokened(faults, CURSORS, key, rows, cursor, size)
    except ValueError as trouble:
        raise invalid("Invalid cursor.", name) from trouble
    call.note(page=bool(cursor), fault=shown.fault or call.fault)
    return shown.rows, following


def results(
    faults: Faults, call: Call, question: Json, rows: Sequence[Json], cursor: str, size: int
) -> tuple[list[Json], Json]:
    """Returns a page of what a posted question is answered with, and its links."""
    address = str(call.request.url).partition("?")[0]
    key = f"{call.request.url.path} {orjson.dumps(question).decode()}"
    shown, following = cut(faults, call, key, rows, ("page_cursor", cursor), size)
    after = f"{address}?page_cursor={following}" if following else None
    return with_unknown_fields(shown, call.fault), {"self": address, "next": after}


@dataclass(frozen=True)
class Listing:
    """How one list answers.

    Attributes:
        most: Rows of the largest page.
        usual: Rows of a page where none are asked for; None for as many.
        optional: Attributes that come only when they are asked for.
        included: By the name of a relation: from an id to what it leads to.
    """

    most: int
    usual: int | None = None
    optional: frozenset[str] = frozenset()
    included: Mapping[str, Callable[[str], Json]] = field(default_factory=dict)

    def answer(
        self, faults: Faults, call: Call, rows: Sequence[T], write: Callable[[T], Json]
    ) -> Response:
        """Returns the page that a call asks for."""
        asked = call.request.query_params
        call.note_query()
        usual, wrong = self.usual or self.most, invalid("Page size.", "page[size]")
        size = call.number("page[size]", usual, self.most, wrong)
        key = call.list_key("page[cursor]").decode()
        cursor = ("page[cursor]", asked.get("page[cursor]", ""))
        shown, following = cut(faults, call, key, rows, cursor, size)
        written = [write(one) for one in shown]
        relations = [one for one in asked.get("include", "").split(",") if one]
        beside = [
            self._sparse(call, one) for name in relations for one in self._beside(written, name)
        ]
        trimmed = [self._sparse(call, _related(one, relations)) for one in written]
        address = str(call.request.url).partition("?")[0]
        parameters = {**dict(asked), "page[cursor]": following}
        links = {
            "self": str(call.request.url),
            "next": f"{address}?{urlencode(parameters)}" if following else None,
            "prev": None,
        }
        body: Json = {"data": with_unknown_fields(trimmed, call.fault), "links": links}
        return json_response(200, {**body, "included": beside} if relations else body)

    def _beside(self, rows: Sequence[Json], name: str) -> list[Json]:
        if name not in self.included:
            raise invalid(f"'{name}' is not an allowed include.", "include")
        held = [row["relationships"][name]["data"] for row in rows]
        led = [one for data in held for one in (data if isinstance(data, list) else [data])]
        # Each stands there once a page.
        return [self.included[name](one) for one in dict.fromkeys(each["id"] for each in led)]

    def _sparse(self, call: Call, row: Json) -> Json:
        type_, asked = row["type"], call.request.query_params
        named = asked.get(f"fields[{type_}]")
        more = set(asked.get(f"additional-fields[{type_}]", "").split(","))
        said = {
            name: value
            for name, value in row["attributes"].items()
            if name not in self.optional or name in more
        }
        if named is not None:
            for one in named.split(","):
                if one.partition(".")[0] not in row["attributes"]:
                    parameter = f"fields[{type_}]"
                    raise invalid(f"'{one}' is not a valid field for '{type_}'.", parameter)
            said = _named(said, named.split(","))
        return {**row, "attributes": said}


def _named(said: Json, names: Sequence[str]) -> Json:
    """Returns the attributes of these names; `location.country` is one inside."""
    kept: Json = {}
    for name in names:
        place, source, parts = kept, said, name.split(".")
        for part in parts[:-1]:
            source = source.get(part) or {}
            place = place.setdefault(part, {})
        if parts[-1] in source:
            place[parts[-1]] = source[parts[-1]]
    return kept


def _related(row: Json, included: Sequence[str]) -> Json:
    """Returns a row whose relations to many lead to ids only where they are included."""
    if "relationships" not in row:
        return row
    shown = {
        name: one if name in included or isinstance(one["data"], dict) else {"links": one["links"]}
        for name, one in row["relationships"].items()
    }
    return {**row, "relationships": shown}
