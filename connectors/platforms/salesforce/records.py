"""The records of an object: which fields may be read, how many rows there are, and the rows.

Few rows are read by REST, many by a bulk job. Where a job fails, or a query takes too long, the
window is cut in halves.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from connectors.core.accounts import Account
from connectors.core.columns import Column
from connectors.core.errors import FieldRefused, ShapeChanged, TooHeavy
from connectors.core.http import Client
from connectors.core.paginators import NextUrl, at, walk
from connectors.core.replies import Reply
from connectors.core.stream import Page
from connectors.core.window import Window
from connectors.platforms.salesforce.bulk import bulk
from connectors.platforms.salesforce.failures import JobFailed, NotInBulk, NotThere
from connectors.platforms.salesforce.schema import OPTIONAL, PERSONAL

_log = logging.getLogger(__name__)

API_VERSION = "67.0"
API = f"/services/data/v{API_VERSION}"
FIELDS = "fields"
"""Setting of a connection: further fields, such as `Opportunity.Channel__c Lead.Plan__c`."""
BULK_FROM = 2_000
"""Rows from which a bulk job is cheaper than pages of a query; the vendor's advice."""
_PAGE = {"Sforce-Query-Options": "batchSize=2000"}
_SECOND = timedelta(seconds=1)
_HIDDEN_TYPES = {"email", "phone", "address", "location", "base64", "encryptedstring"}
"""Types of fields that are never read by declaration: people, or what is no value."""
Json = dict[str, Any]


@dataclass(frozen=True)
class Records:
    """The records of one object.

    Attributes:
        object: its name.
        columns: the columns of its stream; each source is a field, or one of a parent.
        cursor: the field with the time of the last change; empty for a list that is read whole.
        where: a further condition of the query.
        optional: whether there may be no such object, or none that the user may see.
    """

    object: str
    columns: tuple[Column, ...]
    cursor: str = "SystemModstamp"
    where: str = ""
    optional: bool = False

    def __call__(self, client: Client, account: Account, window: Window | None) -> Iterator[Page]:
        """Yields the records that changed in a window, deleted ones too; or the whole list.

        Raises:
            FieldRefused: fields of columns are not there, or hidden; all of them are named.
            NotThere: the object is not there, or hidden, and the stream needs it.
        """
        try:
            described = describe(client, self.object)
        except NotThere:
            if self.optional:
                return
            raise
        names = self._names(client, described)
        own = set(_declared_there(account.settings, self.object, described)) - {*names.values()}
        asked = [*names.values(), *sorted(own)]
        back = {theirs: ours for ours, theirs in names.items() if ours != theirs}
        for page in self._rows(client, ", ".join(asked), window):
            yield Page([_read(one, back, own) for one in page.records], page.bytes)

    def _names(self, client: Client, described: Mapping[str, Json]) -> dict[str, str]:
        """Returns the fields of the columns, each with its name as the organization spells it."""
        found: dict[str, str] = {}
        missing: list[str] = []
        for column in client.asked(self.columns):
            if column.source == "custom":
                continue
            name = _spelled(column.source, described)
            if name is not None:
                found[column.source] = name
            elif column.source not in OPTIONAL:
                missing.append(column.source)
        if missing:
            # It cannot be known which of both: what is hidden is left out of the description.
            raise FieldRefused(
                f"{self.object} does not have, or does not show, {', '.join(missing)}",
                fields=missing,
                remedy="Let the user of the connected app read these fields (field-level security)",
            )
        return found

    def _rows(self, client: Client, names: str, window: Window | None) -> Iterator[Page]:
        if window is None:
            yield from self._read(client, names, self.where)
            return
        start, end = window.instants("UTC")
        yield from self._between(client, names, start, end)

    def _between(
        self, client: Client, names: str, start: datetime, end: datetime
    ) -> Iterator[Page]:
        bounds = [f"{self.cursor} >= {_literal(start)}", f"{self.cursor} < {_literal(end)}"]
        condition = " AND ".join([*bounds, *([self.where] if self.where else [])])
        middle = start + (end - start) // 2 // _SECOND * _SECOND
        try:
            yield from self._read(client, names, condition, is_last=middle <= start)
        except (JobFailed, TooHeavy) as trouble:
            if middle <= start:
                raise
            _log.info("salesforce: %s is cut in halves: %s", self.object, trouble.message)
            yield from self._between(client, names, start, middle)
            yield from self._between(client, names, middle, end)

    def _read(
        self, client: Client, names: str, condition: str, *, is_last: bool = True
    ) -> Iterator[Page]:
        """Yields the rows of a query by a bulk job or by REST.

        Args:
            client: the organization.
            names: the fields.
            condition: which rows; empty for all that are not deleted.
            is_last: whether the query cannot be made smaller: REST follows a job that failed.
        """
        which = f"FROM {self.object}" + (f" WHERE {condition}" if condition else "")
        soql, deleted = f"SELECT {names} {which}", bool(self.cursor)
        counted = _query(client, f"SELECT COUNT() {which}", deleted=deleted)
        count = at(counted.data, "totalSize")
        if not isinstance(count, int):
            raise ShapeChanged("the answer holds no totalSize")
        if not count:
            yield Page([], len(counted.body))
            return
        if deleted and count >= BULK_FROM:
            try:
                yield from bulk(client, API, soql)
                return
            except NotInBulk as trouble:
                _log.info("salesforce: %s is read by REST: %s", self.object, trouble.message)
            except JobFailed:
                if not is_last:
                    raise
        yield from query(client, soql, deleted=deleted)


def describe(client: Client, object_: str) -> dict[str, Json]:
    """Returns the fields of an object that the user may read, by their names in small letters."""
    fields = at(client.get(f"{API}/sobjects/{object_}/describe").data, "fields")
    if not isinstance(fields, list):
        raise ShapeChanged(f"the description of {object_} has no fields")
    return {str(one["name"]).lower(): one for one in fields}


def query(client: Client, soql: str, *, deleted: bool = False) -> Iterator[Page]:
    """Yields the pages of a query, deleted rows too if they are asked for."""

    def ask(more: Any) -> Reply:
        if more.url is not None:
            return client.get(more.url, headers=_PAGE)
        return _query(client, soql, deleted=deleted)

    for records, reply in walk(ask, _records, NextUrl("nextRecordsUrl")):
        yield Page([_plain(one) for one in records], len(reply.body))


def declared(settings: Mapping[str, str], object_: str) -> list[str]:
    """Returns the fields of an object that a connection declares."""
    pairs = [one.partition(".") for one in settings.get(FIELDS, "").replace(",", " ").split()]
    return [name for kind, _, name in pairs if kind == object_]


def _query(client: Client, soql: str, *, deleted: bool) -> Reply:
    path = "queryAll" if deleted else "query"
    return client.get(f"{API}/{path}", params={"q": soql}, headers=_PAGE)


def _records(reply: Reply) -> list[Any]:
    found = at(reply.data, "records")
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise ShapeChanged(f"the answer holds no list records: {reply.excerpt}")
    return found


def _spelled(source: str, described: Mapping[str, Json]) -> str | None:
    """Returns a field as the organization spells it; None where there is none of that name."""
    parent, dot, name = source.partition(".")
    if not dot:
        found = described.get(source.lower())
        return None if found is None else str(found["name"])
    parents = {str(one.get("relationshipName")).lower() for one in described.values()}
    return f"{parent}.{name}" if parent.lower() in parents else None


def _declared_there(
    settings: Mapping[str, str], object_: str, described: Mapping[str, Json]
) -> list[str]:
    found, missing = [], []
    for name in declared(settings, object_):
        known = described.get(name.lower())
        if known is None or known.get("type") in _HIDDEN_TYPES or name.lower() in PERSONAL:
            missing.append(name)
        else:
            found.append(str(known["name"]))
    if missing:
        _log.warning("salesforce: %s is read without %s", object_, ", ".join(missing))
    return found


def _plain(record: Json) -> Json:
    """Returns a record without what Salesforce says of its address; so are its parents."""
    return {
        name: _plain(value) if isinstance(value, dict) else value
        for name, value in record.items()
        if name != "attributes"
    }


def _read(record: Json, back: Mapping[str, str], own: Set[str]) -> Json:
    """Returns a record under our names; CSV has a parent's field as `Parent.Field`."""
    row: Json = {}
    custom: Json = {}
    for name, value in record.items():
        parent, dot, inner = name.partition(".")
        if name in own:
            custom[name] = value
        elif dot:
            row.setdefault(parent, {})[inner] = value
        else:
            row[back.get(name, name)] = value
    return {**row, "custom": custom} if custom else row


def _literal(instant: datetime) -> str:
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"
