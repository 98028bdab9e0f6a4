"""The legacy REST API: lists with a Link header, single resources, counts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import numpy as np

from connectors.sandbox.business.portfolio import Integers
from connectors.sandbox.platforms.shopify.errors import refusal
from connectors.sandbox.platforms.shopify.rest_orders import RestWriter
from connectors.sandbox.platforms.shopify.root_tables import LISTS, SCOPES, table_of
from connectors.sandbox.platforms.shopify.view import View
from connectors.sandbox.tables.records import Records
from connectors.sandbox.tables.results import Flags
from connectors.sandbox.wire.lifecycle import Refusal
from connectors.sandbox.wire.pages import Signed

_SERVED = ("orders", "customers", "products", "events")
_LARGEST, _USUAL = 250, 50
_PAGES = Signed("pages of REST")
_WITH_PAGE = {"limit", "fields", "page_info"}
_STATUS = "open"
_EVENT_FILTERS = (("filter", "subject_type"), ("verb", "action"))


class Rest:
    """Answers one request about the resources of a shop.

    Args:
        view: The shop.
        base_url: Where its resources are.
        at: The parts of the path: the resource and its id, where it has them.
        asked: The parameters.

    Attributes:
        links: The addresses on either side of the list that was asked for; None for others.
    """

    def __init__(
        self, view: View, base_url: str, at: Mapping[str, str], asked: Mapping[str, str]
    ) -> None:
        self._view, self._base_url, self._asked = view, base_url, asked
        self._resource, self._id = at.get("resource", "orders"), at.get("id", "")
        self.links: str | None = None
        self._writer = RestWriter(view)

    def shop(self) -> dict[str, Any]:
        """Returns the shop itself."""
        shop = self._view.shop
        return {
            "shop": {
                "id": shop.first_id + 1,
                "name": shop.name,
                "currency": shop.currency,
                "iana_timezone": shop.time_zone,
                "myshopify_domain": f"{shop.id}.myshopify.com",
                "taxes_included": shop.taxes_included,
                "plan_display_name": shop.plan,
            }
        }

    def scopes(self) -> dict[str, list[dict[str, str]]]:
        """Returns the access scopes of the token."""
        return {"access_scopes": [{"handle": scope} for scope in sorted(self._view.scopes)]}

    def listed(self) -> dict[str, Any]:
        """Returns a page of a list.

        Raises:
            Refusal: 400 for filters beside `page_info`, 403 for want of a scope.
        """
        asked, resource = self._asked, self._resource
        self._may()
        size = _limit(asked)
        filters = dict(asked)
        start = 0
        if "page_info" in asked:
            beside = sorted(set(asked) - _WITH_PAGE)
            if beside:
                raise refusal(
                    400,
                    f"{beside[0]} cannot be passed. See "
                    "https://shopify.dev/api/usage/pagination-rest for more information.",
                )
            filters, start = _read_page(asked["page_info"])
        rows, table = self._rows(filters)
        # Of the moment's list: a row that leaves it between two pages shifts the next one.
        chosen = rows[start : start + size]
        fields = set(filter(None, (asked.get("fields") or "").split(",")))
        bodies = [self._body(table, row) for row in chosen.tolist()]
        if fields:
            bodies = [{name: body[name] for name in body if name in fields} for body in bodies]
        self.links = self._links(filters, start, size, len(rows))
        return {resource: bodies}

    def count(self) -> dict[str, Any]:
        """Returns how many there are."""
        self._may()
        return {"count": len(self._rows(self._asked)[0])}

    def one(self) -> dict[str, Any]:
        """Returns a single resource.

        Raises:
            Refusal: 404, there is none.
        """
        table, row = self._find()
        return {self._resource.removesuffix("s"): self._body(table, row)}

    def refunds(self) -> dict[str, Any]:
        """Returns the refunds of an order."""
        _, row = self._find()
        state = self._view.order(row)
        return {"refunds": [self._writer.refund(state, refund) for refund in state.refunds]}

    def _find(self) -> tuple[Records, int]:
        self._may()
        table = table_of(self._view, LISTS[self._resource])
        row = table.row_of(int(self._id)) if self._id.isdigit() else None
        if row is None:
            raise refusal(404, "Not Found")
        return table, row

    def _body(self, table: Records, row: int) -> dict[str, Any]:
        resource = self._resource
        if resource == "orders":
            return self._writer.order(table.node(row))
        if resource == "customers":
            return self._writer.customer(row)
        if resource == "events":
            return self._writer.event(table.node(row))
        return self._writer.product(table.node(row))

    def _rows(self, asked: Mapping[str, str]) -> tuple[Integers, Records]:
        resource = self._resource
        table = table_of(self._view, LISTS[resource])
        chosen: Flags = table.visible.copy()
        for name in table.numbers:
            for edge, how in (("min", ">="), ("max", "<=")):
                if name.endswith("_at") and f"{name}_{edge}" in asked:
                    chosen &= table.compared(name, how, _instant(asked[f"{name}_{edge}"]))
        if "since_id" in asked:
            chosen &= table.ids > int(asked["since_id"])
        if "ids" in asked:
            chosen &= np.isin(table.ids, [int(one) for one in asked["ids"].split(",")])
        if resource == "orders":
            chosen = self._of_status(table, chosen, asked)
        for name, field in _EVENT_FILTERS if resource == "events" else ():
            if name in asked:
                chosen = table.having(field, set(asked[name].lower().split(",")), chosen)
        key, _, way = (asked.get("order") or "").partition(" ")
        # Newest first, as the platform lists orders unless asked otherwise.
        falling = way.lower() == "desc" if key else resource == "orders"
        sort = key.upper() if key else "PROCESSED_AT" if resource == "orders" else "ID"
        return table.sorted(chosen, sort, falling=falling).rows, table

    def _of_status(self, table: Records, chosen: Flags, asked: Mapping[str, str]) -> Flags:
        status = asked.get("status", _STATUS)
        wanted: list[tuple[str, str]] = [] if status == "any" else [("status", status)]
        if asked.get("financial_status", "any") != "any":
            wanted.append(("financial_status", asked["financial_status"]))
        for name, value in wanted:
            chosen = table.having(name, {value}, chosen)
        return chosen

    def _links(self, filters: Mapping[str, str], start: int, size: int, count: int) -> str | None:
        links = []
        for name, at, there in (
            ("previous", max(0, start - size), start > 0),
            ("next", start + size, start + size < count),
        ):
            if there:
                asked: dict[str, Any] = {"limit": size, "page_info": _page_info(filters, at)}
                if fields := self._asked.get("fields"):
                    asked["fields"] = fields
                url = f"{self._base_url}/{self._resource}.json?{urlencode(asked)}"
                links.append(f'<{url}>; rel="{name}"')
        return ", ".join(links) or None

    def _may(self) -> None:
        if self._resource not in _SERVED:
            raise refusal(404, "Not Found")
        scope = SCOPES[LISTS[self._resource]]
        if scope not in self._view.scopes:
            raise refusal(
                403,
                f"[API] This action requires merchant approval for {scope} scope.",
            )


def _limit(asked: Mapping[str, str]) -> int:
    text = asked.get("limit", str(_USUAL))
    if not text.isdigit() or not 1 <= int(text) <= _LARGEST:
        raise Refusal(400, {"errors": {"limit": f"must be between 1 and {_LARGEST}"}})
    return int(text)


def _page_info(filters: Mapping[str, str], start: int) -> str:
    kept = {name: value for name, value in filters.items() if name not in _WITH_PAGE}
    return _PAGES.write("", [kept, start])


def _read_page(text: str) -> tuple[dict[str, str], int]:
    try:
        filters, start = _PAGES.read("", text)
    except ValueError as trouble:
        raise Refusal(400, {"errors": {"page_info": "Invalid value."}}) from trouble
    return filters, start


def _instant(text: str) -> int:
    # In a URL an unescaped + arrives as a space.
    try:
        at = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError as trouble:
        raise Refusal(400, {"errors": {"base": f"invalid date: {text}"}}) from trouble
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())
