"""WooCommerce's lists: what changed, what was made on a day, and whole ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from connectors.core.accounts import Account
from connectors.core.errors import BadRequest, ShapeChanged
from connectors.core.http import Client
from connectors.core.replies import Reply
from connectors.core.shifting import Listed, by_id, in_time
from connectors.core.stream import Page
from connectors.core.window import Window
from connectors.platforms.woocommerce.records import dated, read

API = "/wp-json/wc/v3/"
MOST = 100
"""Rows of a page at most: https://woocommerce.github.io/woocommerce-rest-api-docs/#pagination"""
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
        fields: what is asked for.
        statuses: one list each; all but `any` is hidden from `any`. Empty where there is no status.
    """

    path: str
    order: str
    fields: str
    statuses: tuple[str, ...] = ("",)

    def changed(self, client: Client, _account: Account, window: Window | None) -> Iterator[Page]:
        """Yields what was modified in a window of instants; both ends are cut to seconds."""
        start, end = (_gmt(side) for side in _sides(window))
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
        prefix, field = ("modified_", "date_modified_gmt") if modified else ("", "date_created")
        for status in self.statuses:
            asked = {
                f"{prefix}before": end.isoformat(),
                "dates_are_gmt": str(modified).lower(),
                "_fields": self.fields,
                "orderby": self.order,
                **({"status": status} if status else {}),
            }

            def ask(since: datetime, number: int, asked: dict[str, str] = asked) -> Listed:
                bound = {f"{prefix}after": since.isoformat()}
                return _page(client, self.path, asked | bound, number)

            yield from in_time(ask, lambda one: _time(one.get(field)), start)


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
    placed = Timed("orders", "date", "id,date_created,refunds", ("any", "trash"))
    for page in placed.made(client, account, Window(window.start - OLDEST_REFUNDED, window.end)):
        for order in page.records:
            if order.get("refunds"):
                found = _of_order(client, str(order["id"]), listed.fields)
                made = [dated({**one, "parent_id": order["id"]}) for one in found]
                yield Page([one for one in made if one["date_created"] in days], page.bytes)


def whole(client: Client, path: str, asked: Mapping[str, str] | None = None) -> Iterator[Page]:
    """Yields a list by id."""
    params = {**(asked or {}), "orderby": "id"}
    for page in by_id(lambda number: _page(client, path, params, number), path):
        yield Page([read(one) for one in page.records], page.bytes)


def products(client: Client, fields: str) -> Iterator[Page]:
    """Yields all products, variable ones with their variations."""
    for page in whole(client, "products", {"status": "any", "_fields": fields}):
        for product in page.records:
            if str(product.get("type")).startswith("variable"):
                found = whole(client, f"products/{product['id']}/variations")
                product["variants"] = [one for each in found for one in each.records]
            product.update(read({"variants": product.get("variants", [])}))
        yield page


def _of_order(client: Client, order_id: str, fields: str) -> list[dict[str, Any]]:
    try:
        pages = list(whole(client, f"orders/{order_id}/refunds", {"_fields": fields}))
    except OrderGone:
        return []
    return [one for page in pages for one in page.records]


def _page(client: Client, path: str, asked: Mapping[str, str], number: int) -> Listed:
    params = {**asked, "order": "asc", "per_page": str(MOST), "page": str(number)}
    reply = client.get(API + path, params=params)
    found = reply.data
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise ShapeChanged(f"{path}: the answer is no list of records: {reply.excerpt}")
    pages = _header(reply, "X-WP-TotalPages")
    # By the header: rows that a key may not read are left out of a page.
    more = len(found) >= MOST if pages is None else number < pages
    return Listed(found, more, _header(reply, "X-WP-Total"), len(reply.body))


def _header(reply: Reply, name: str) -> int | None:
    text = str(reply.headers.get(name, ""))
    return int(text) if text.isdecimal() else None


def _time(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None  # The row is rejected further down, with its reason.


def _sides(window: Window | None) -> tuple[date, date]:
    if window is None:
        raise TypeError("what has changed is asked for by a window")
    return window.start, window.end


def _gmt(side: date) -> datetime:
    """Returns an instant as GMT fields have it, in whole seconds."""
    if not isinstance(side, datetime):
        raise TypeError("what has changed is asked for by a window of instants")
    return side.astimezone(UTC).replace(microsecond=0, tzinfo=None)
