"""Contacts, companies and deals: whole lists, what changed in a window, and what is in the bin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connectors.core.accounts import Account
from connectors.core.columns import Column
from connectors.core.errors import ShapeChanged
from connectors.core.http import Client
from connectors.core.paginators import Next, TokenInBody, at, walk
from connectors.core.replies import Reply
from connectors.core.stream import Page
from connectors.core.window import BEGINNING, Window, asked

API_VERSION = "2026-09"
PROPERTIES = "properties"
"""Setting of a connection: further properties, such as `deals.channel_partner contacts.plan`."""
Json = dict[str, Any]
_OF_LIST, _OF_SEARCH, _WITH_HISTORY = 100, 200, 50
"""Rows of a page at most: of lists, of searches, and wherever there is history."""
_MERGED = ("hs_merged_object_ids", "hs_calculated_merged_vids")


@dataclass(frozen=True)
class Records:
    """One type of record.

    Attributes:
        type: its name in addresses.
        modified: the property with the time of its last change: contacts have another one.
        columns: the columns of its stream.
        history: properties of which all values are read.
    """

    type: str
    modified: str
    columns: tuple[Column, ...]
    history: tuple[str, ...] = ()

    def __call__(self, client: Client, account: Account, window: Window | None) -> Iterator[Page]:
        """Yields what changed in a window; of one that begins with 1970 everything."""
        start, end = asked(window).instants("UTC")
        names = self._names(client, account)
        declared = declared_properties(account.settings, self.type)
        pages = (
            self._listed(client, names)
            if start <= BEGINNING
            else self._changed(client, names, start, end)
        )
        for page in pages:
            yield Page([read(one, declared) for one in page.records], page.bytes)
        # The bin has no order and no filter, so all of it is read each time: 90 days of it.
        for page in self._listed(client, names, archived=True):
            put = [one for one in page.records if is_between(one.get("archivedAt"), start, end)]
            yield Page([read(one, declared) for one in put], page.bytes)

    def _names(self, client: Client, account: Account) -> list[str]:
        sources = [one.source for one in client.asked(self.columns)]
        own = [one.partition(".")[2] for one in sources if one.startswith("properties.")]
        return [*own, *_MERGED, *declared_properties(account.settings, self.type)]

    def _listed(
        self, client: Client, names: Sequence[str], *, archived: bool = False
    ) -> Iterator[Page]:
        params = {
            "limit": str(_WITH_HISTORY if self.history else _OF_LIST),
            "properties": ",".join(names),
            "archived": str(archived).lower(),
        }
        if self.history:
            params["propertiesWithHistory"] = ",".join(self.history)
        yield from listing(client, f"/crm/objects/{API_VERSION}/{self.type}", params)

    def _changed(
        self, client: Client, names: Sequence[str], start: datetime, end: datetime
    ) -> Iterator[Page]:
        """Yields what changed between two instants.

        A search shows 10,000 rows at most, and many records may have been changed at one instant.
        So each question is for the ids above the last one, and no page is asked for by its place:
        a record that changes meanwhile leaves the window and moves no other.
        """
        last = 0
        while True:
            reply = client.post(
                f"/crm/objects/{API_VERSION}/{self.type}/search",
                json=self._question([] if self.history else names, start, end, last),
            )
            found = results(reply)
            numbers = [_number(one) for one in found]
            if numbers and min(numbers) <= last:
                raise ShapeChanged(f"asked for ids above {last} and got {min(numbers)}")
            if self.history:
                for some in range(0, len(found), _WITH_HISTORY):
                    yield self._by_id(client, names, found[some : some + _WITH_HISTORY])
            else:
                yield Page(found, len(reply.body))
            if at(reply.data, "paging.next") is None or not numbers:
                return
            last = max(numbers)

    def _question(
        self, names: Sequence[str], start: datetime, end: datetime, last: int
    ) -> dict[str, Any]:
        filters = (
            (self.modified, "GTE", _milliseconds(start)),
            (self.modified, "LT", _milliseconds(end)),
            ("hs_object_id", "GT", last),
        )
        return {
            "filterGroups": [
                {
                    "filters": [
                        {"propertyName": name, "operator": operator, "value": str(value)}
                        for name, operator, value in filters
                    ]
                }
            ],
            "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
            "properties": list(names),
            "limit": _OF_SEARCH,
        }

    def _by_id(self, client: Client, names: Sequence[str], found: Sequence[Json]) -> Page:
        """Returns records with their history; one that is gone meanwhile is left out."""
        question = {
            "properties": list(names),
            "propertiesWithHistory": list(self.history),
            "inputs": [{"id": str(one["id"])} for one in found],
        }
        reply = client.post(
            f"/crm/objects/{API_VERSION}/{self.type}/batch/read?archived=false", json=question
        )
        return Page(results(reply), len(reply.body))


def listing(client: Client, path: str, params: Mapping[str, str]) -> Iterator[Page]:
    """Yields the pages of a list; none is known by its place, each follows from the last."""

    def ask(more: Next) -> Reply:
        return client.get(path, params={**params, **more.params})

    for records, reply in walk(ask, results, TokenInBody("paging.next.after", "after")):
        yield Page(records, len(reply.body))


def results(reply: Reply) -> list[Any]:
    """Returns the rows of an answer.

    Raises:
        ShapeChanged: it holds no list of objects.
    """
    found = at(reply.data, "results")
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise ShapeChanged(f"the answer holds no list results: {reply.excerpt}")
    return found


def declared_properties(settings: Mapping[str, str], type_: str) -> list[str]:
    """Returns the properties of a type of record that a connection declares."""
    pairs = [one.partition(".") for one in settings.get(PROPERTIES, "").replace(",", " ").split()]
    return [name for kind, _, name in pairs if kind == type_]


def read(record: Json, declared: Sequence[str]) -> Json:
    """Returns a record as its columns read it: an empty text is no value, times stand beside."""
    kept = dict(record)
    properties = {
        name: None if value == "" else value
        for name, value in (kept.get("properties") or {}).items()
    }
    merged = [properties.pop(name, None) for name in _MERGED]
    custom = {name: properties.pop(name, None) for name in declared}
    changed = [kept.get("updatedAt"), kept.get("archivedAt")]
    history = kept.pop("propertiesWithHistory", None)
    return {
        **kept,
        "properties": properties,
        "created": kept.get("createdAt"),
        # Whether to be put into the bin counts as a change is not written down.
        "changed": max((one for one in changed if one), key=_instant, default=None),
        "merged": _merged_ids(merged),
        "custom": custom or None,
        **({"history": _changes(history)} if isinstance(history, dict) else {}),
    }


def is_between(text: Any, start: datetime, end: datetime) -> bool:
    """Says whether a time lies in a window; one that cannot be read does, to be set aside later."""
    found = _instant(text)
    return found == BEGINNING or start <= found < end


def _merged_ids(values: Sequence[Any]) -> list[str] | None:
    """Returns all ids of both lists, `id;id` and `id:milliseconds;…`: each may lack some."""
    parts = [one.partition(":")[0] for value in values if value for one in str(value).split(";")]
    return sorted({one for one in parts if one.isdecimal()}, key=int) or None


def _changes(history: Json) -> list[Json]:
    """Returns the values of properties with their times; who made them so is left out."""
    return [
        {"property": name, "at": one.get("timestamp"), "value": one.get("value")}
        for name, values in sorted(history.items())
        for one in values or ()
        if isinstance(one, dict)
    ]


def _instant(text: Any) -> datetime:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return BEGINNING
    return found if found.tzinfo else found.replace(tzinfo=BEGINNING.tzinfo)


def _number(record: Json) -> int:
    try:
        return int(record["id"])
    except (KeyError, TypeError, ValueError) as trouble:
        raise ShapeChanged("a record has no id that is a number") from trouble


def _milliseconds(instant: datetime) -> int:
    return round(instant.timestamp() * 1000)
