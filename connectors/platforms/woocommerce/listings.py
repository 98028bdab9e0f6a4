"""Lists whose rows move while they are read: nothing is lost, and nothing comes twice.

Pages are cut anew for each request, so an order that arrives, is edited or trashed meanwhile
shifts all behind it over the borders. A list with a time is therefore never paged: each request
begins at the time of the last row seen. One without is read by id, and again from its start when
it got shorter meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from connectors.core.accounts import Account
from connectors.core.errors import BadRequest, ServerTrouble, ShapeChanged
from connectors.core.http import Client
from connectors.core.replies import Reply
from connectors.core.stream import Page
from connectors.core.window import Window
from connectors.platforms.woocommerce.records import dated, read

API = "/wp-json/wc/v3/"
MOST = 100
"""Rows of a page at most: https://woocommerce.github.io/woocommerce-rest-api-docs/#pagination"""
_SECOND = timedelta(seconds=1)
OLDEST_REFUNDED = timedelta(days=365)
"""How old an order may be whose refunds are found in a shop without a list of refunds."""


class NoList(BadRequest):
    """The shop has no list of refunds: WooCommerce before 9.0."""


class OrderGone(BadRequest):
    """The order was deleted since it was listed."""


@dataclass(frozen=True, slots=True)
class Timed:
    """A list in the order of a time.

    Attributes:
        path: below `API`.
        order: what it is sorted by, `modified` or `date`.
        field: the time of a record: of `modified` in GMT, of `date` in the shop's zone.
        fields: what is asked for.
        statuses: one list each; all but `any` is hidden from `any`. None where there is no status.
    """

    path: str
    order: str
    field: str
    fields: str
    statuses: tuple[str, ...] = ("",)

    def changed(self, client: Client, _account: Account, window: Window | None) -> Iterator[Page]:
        """Yields what was modified in a window of instants."""
        start, end = (_second(side) for side in _sides(window))
        if start < end:
            for page in self._between(client, start, end):
                yield Page([read(one) for one in page.records], page.bytes)

    def made(self, client: Client, _account: Account, window: Window | None) -> Iterator[Page]:
        """Yields what was made on the dates of a window, in the shop's zone."""
        start, end = (datetime.combine(side, time()) for side in _sides(window))
        for page in self._between(client, start, end):
            yield Page([dated(one) for one in page.records], page.bytes)

    def _between(self, client: Client, start: datetime, end: datetime) -> Iterator[Page]:
        modified = self.order == "modified"
        bounds = ("modified_after", "modified_before") if modified else ("after", "before")
        for status in self.statuses:
            asked = {
                bounds[1]: end.isoformat(),
                "dates_are_gmt": str(modified).lower(),
                "_fields": self.fields,
                **({"status": status} if status else {}),
            }
            try:
                yield from self._walk(client, asked, bounds[0], start)
            except BadRequest as refusal:
                if "orderby" not in refusal.message:
                    raise
                # A shop that cannot sort by it yet: the window is read by id.
                asked[bounds[0]] = (start - _SECOND).isoformat()
                for page in by_id(client, self.path, asked):
                    self._check(page.records, start)
                    yield page

    def _walk(
        self, client: Client, asked: Mapping[str, str], bound: str, start: datetime
    ) -> Iterator[Page]:
        # A bound is not part of what it bounds.
        since, number = start - _SECOND, 1
        seen: set[tuple[Any, Any]] = set()
        while True:
            params = {**asked, bound: since.isoformat(), "orderby": self.order}
            reply, records = _page(client, self.path, params, number)
            times = self._check(records, start)
            fresh = [one for one in records if (one.get("id"), one.get(self.field)) not in seen]
            seen.update((one.get("id"), one.get(self.field)) for one in fresh)
            yield Page(fresh, len(reply.body))
            if not _follows(reply, len(records), number):
                return
            reached = max(times, default=since) - _SECOND
            # Only where a whole page is of one second is there a second page.
            since, number = (reached, 1) if reached > since else (since, number + 1)

    def _check(self, records: list[dict[str, Any]], start: datetime) -> list[datetime]:
        """Returns the times of records, and makes sure that the bound was obeyed.

        Raises:
            ShapeChanged: a record is older; shops before WooCommerce 5.8 know no `modified_after`.
        """
        times = []
        for one in records:
            try:
                times.append(datetime.fromisoformat(str(one.get(self.field))))
            except ValueError:
                continue  # The row is rejected further down, with its reason.
            if times[-1] < start:
                raise ShapeChanged(
                    f"{self.path}: asked for what is of {start.isoformat()} or later and got "
                    f"{one.get('id')} of {one.get(self.field)}: the shop ignores the filter",
                    remedy="Update WooCommerce: shops before 5.8 do not filter by what changed.",
                )
        return times


def by_id(client: Client, path: str, asked: Mapping[str, str]) -> Iterator[Page]:
    """Yields a list by id, page by page. What is added meanwhile comes last and shifts nothing.

    Raises:
        ServerTrouble: it got shorter meanwhile: the chunk is to start again.
    """
    number, total, last = 1, 0, 0
    while True:
        reply, records = _page(client, path, {**asked, "orderby": "id"}, number)
        held = _header(reply, "X-WP-Total")
        if held is not None and held < total:
            raise ServerTrouble(
                f"{path}: {total - held} rows are gone since the list was begun",
                restart_chunk=True,
            )
        total = held or 0
        # A page may come twice.
        yield Page([one for one in records if _id(one) > last], len(reply.body))
        last = max([last, *map(_id, records)])
        if not _follows(reply, len(records), number):
            return
        number += 1


def refunds(listed: Timed, client: Client, account: Account, window: Window) -> Iterator[Page]:
    """Yields the refunds made on the dates of a window.

    A shop without a list of them is asked order by order, for orders of the year before.
    """
    try:
        yield from listed.made(client, account, window)
        return
    except NoList:
        pass  # Known from the first answer, so nothing was yielded.
    days = {str(day) for day in window.days()}
    placed = Timed("orders", "date", "date_created", "id,date_created,refunds", ("any", "trash"))
    for page in placed.made(client, account, Window(window.start - OLDEST_REFUNDED, window.end)):
        for order in page.records:
            if order.get("refunds"):
                found = _of_order(client, str(order.get("id")), listed.fields)
                made = [dated({**one, "parent_id": order["id"]}) for one in found]
                yield Page([one for one in made if one["date_created"] in days], page.bytes)


def _of_order(client: Client, order_id: str, fields: str) -> list[dict[str, Any]]:
    asked = {"_fields": fields}
    try:
        pages = list(by_id(client, f"orders/{order_id}/refunds", asked))
    except OrderGone:
        return []
    return [one for page in pages for one in page.records]


def customers(client: Client, fields: str) -> Iterator[Page]:
    """Yields all customers with an account, whatever their role."""
    for page in by_id(client, "customers", {"role": "all", "_fields": fields}):
        yield Page([read(one) for one in page.records], page.bytes)


def products(client: Client, _account: Account, _window: Window | None) -> Iterator[Page]:
    """Yields all products, variable ones with their variations."""
    for page in by_id(client, "products", {"status": "any"}):
        size, records = page.bytes, []
        for product in page.records:
            variants: list[Any] = []
            if product.get("type") in ("variable", "variable-subscription"):
                for found in by_id(client, f"products/{product['id']}/variations", {}):
                    variants += found.records
                    size += found.bytes
            records.append(read({**product, "variants": variants}))
        yield Page(records, size)


def _page(
    client: Client, path: str, asked: Mapping[str, str], number: int
) -> tuple[Reply, list[dict[str, Any]]]:
    params = {**asked, "order": "asc", "per_page": str(MOST), "page": str(number)}
    reply = client.get(API + path, params=params)
    if not isinstance(reply.data, list) or not all(isinstance(one, dict) for one in reply.data):
        raise ShapeChanged(f"{path}: the answer is no list of records: {reply.excerpt}")
    return reply, reply.data


def _follows(reply: Reply, count: int, number: int) -> bool:
    """Whether another page follows: rows that a key may not read are left out of a page."""
    pages = _header(reply, "X-WP-TotalPages")
    return count >= MOST if pages is None else number < pages


def _header(reply: Reply, name: str) -> int | None:
    text = str(reply.headers.get(name, ""))
    return int(text) if text.isdecimal() else None


def _id(record: dict[str, Any]) -> int:
    try:
        return int(record["id"])
    except (KeyError, TypeError, ValueError) as trouble:
        raise ShapeChanged("a record has no id that is a number") from trouble


def _sides(window: Window | None) -> tuple[date, date]:
    if window is None:
        raise TypeError("what has changed is asked for by a window")
    return window.start, window.end


def _second(side: date) -> datetime:
    """Returns an instant as GMT fields have it: both ends are cut, so windows that touched do."""
    if not isinstance(side, datetime):
        raise TypeError("what has changed is asked for by a window of instants")
    return side.astimezone(UTC).replace(microsecond=0, tzinfo=None)
