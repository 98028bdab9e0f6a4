"""WooCommerce's lists: what changed, what was made on a day, and whole ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from connectors.core import window as windows
from connectors.core.accounts import Account
from connectors.core.errors import BadRequest
from connectors.core.http import Client
from connectors.core.replies import number_in_header
from connectors.core.shapes import objects_at
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
        start, end = (
            side.replace(microsecond=0, tzinfo=None)
            for side in windows.asked(window).instants("UTC")
        )
        if start < end:
            for page in self._between(client, start, end):
                yield Page([read(one) for one in page.records], page.bytes)

    def made(self, client: Client, _account: Account, window: Window | None) -> Iterator[Page]:
        """Yields what was made on the dates of a window, in the shop's zone."""
        days = windows.asked(window)
        start, end = (datetime.combine(side, time()) for side in (days.start, days.end))
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


def refunds(
    listed: Timed, client: Client, account: Account, window: Window | None
) -> Iterator[Page]:
    """Yields the refunds made on the dates of a window.

    A shop without a list of them is asked order by order, for orders of the year before.
    """
    try:
        yield from listed.made(client, account, window)
        return
    except NoList:
        pass  # Known from the first answer, so nothing was yielded.
    window = windows.asked(window)
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
    found = objects_at(reply)
    pages = number_in_header(reply, "X-WP-TotalPages")
    # By the header: rows that a key may not read are left out of a page.
    more = len(found) >= MOST if pages is None else number < pages
    return Listed(found, more, number_in_header(reply, "X-WP-Total"), len(reply.body))


def _time(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None  # The row is rejected further down, with its reason.
