"""The legacy REST API: lists with a Link header, single resources, counts."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import numpy as np
import orjson

from connectors.sandbox.platforms.shopify.errors import refusal
from connectors.sandbox.platforms.shopify.rest_orders import RestWriter
from connectors.sandbox.platforms.shopify.root_tables import table_of
from connectors.sandbox.platforms.shopify.tables import Flags, Table
from connectors.sandbox.platforms.shopify.view import View
from connectors.sandbox.wire.lifecycle import Refusal

_KINDS = {
    "orders": "Order",
    "customers": "Customer",
    "products": "Product",
    "events": "Event",
}
_SCOPES = {
    "orders": "read_orders",
    "customers": "read_customers",
    "products": "read_products",
    "events": "read_products",
}
_LARGEST, _USUAL = 250, 50
_WITH_PAGE = {"limit", "fields", "page_info"}
_STATUS = "open"


@dataclass(frozen=True, slots=True)
class Listed:
    """A list's body, and the addresses on either side of it."""

    body: dict[str, Any]
    links: str | None


class Rest:
    """The resources of one shop as of one clock."""

    def __init__(self, view: View, base_url: str) -> None:
        self._view, self._base_url = view, base_url
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

    def listed(self, resource: str, asked: Mapping[str, str]) -> Listed:
        """Returns a page of a list.

        Raises:
            Refusal: 400 for filters beside `page_info`, 403 for want of a scope.
        """
        self._may(resource)
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
        rows, table = self._rows(resource, filters)
        # Of the moment's list: a row that leaves it between two pages shifts the next one.
        chosen = rows[start : start + size]
        fields = set(filter(None, (asked.get("fields") or "").split(",")))
        bodies = [self._body(resource, table, row) for row in chosen.tolist()]
        if fields:
            bodies = [{name: body[name] for name in body if name in fields} for body in bodies]
        links = self._links(resource, filters, start, size, len(rows), asked.get("fields"))
        return Listed({resource: bodies}, links)

    def count(self, resource: str, asked: Mapping[str, str]) -> dict[str, int]:
        """Returns how many there are."""
        self._may(resource)
        return {"count": len(self._rows(resource, dict(asked))[0])}

    def one(self, resource: str, id_: str) -> dict[str, Any]:
        """Returns a single resource.

        Raises:
            Refusal: 404, there is none.
        """
        table, row = self._find(resource, id_)
        return {resource.removesuffix("s"): self._body(resource, table, row)}

    def refunds(self, id_: str) -> dict[str, Any]:
        """Returns the refunds of an order."""
        _, row = self._find("orders", id_)
        state = self._view.order(row)
        return {"refunds": [self._writer.refund(state, refund) for refund in state.refunds]}

    def _find(self, resource: str, id_: str) -> tuple[Table, int]:
        self._may(resource)
        table = table_of(self._view, _KINDS[resource])
        found = (table.ids == int(id_)) & table.visible if id_.isdigit() else table.visible & False
        if not found.any():
            raise refusal(404, "Not Found")
        return table, int(found.argmax())

    def _body(self, resource: str, table: Table, row: int) -> dict[str, Any]:
        if resource == "orders":
            return self._writer.order(table.node(row))
        if resource == "customers":
            return self._writer.customer(row)
        if resource == "events":
            return self._writer.event(table.node(row))
        return self._writer.product(table.node(row))

    def _rows(self, resource: str, asked: dict[str, str]) -> tuple[Any, Table]:
        table = table_of(self._view, _KINDS[resource])
        chosen: Flags = table.visible.copy()
        for name, column in table.numbers.items():
            if not name.endswith("_at"):
                continue
            if f"{name}_min" in asked:
                chosen &= column >= _instant(asked[f"{name}_min"])
            if f"{name}_max" in asked:
                chosen &= column <= _instant(asked[f"{name}_max"])
        if "since_id" in asked:
            chosen &= table.ids > int(asked["since_id"])
        if "ids" in asked:
            chosen &= np.isin(table.ids, [int(one) for one in asked["ids"].split(",")])
        if resource == "orders":
            chosen = self._of_status(table, chosen, asked)
        if resource == "events":
            for name, field in (("filter", "subject_type"), ("verb", "action")):
                for row in np.flatnonzero(chosen).tolist() if name in asked else ():
                    wanted = asked[name].lower().split(",")
                    chosen[row] = not table.texts[field](row).isdisjoint(wanted)
        key, _, way = (asked.get("order") or "").partition(" ")
        # Newest first, as the platform lists orders unless asked otherwise.
        falling = way.lower() == "desc" if key else resource == "orders"
        sort = key.upper() if key else "PROCESSED_AT" if resource == "orders" else "ID"
        return table.sorted_rows(chosen, sort, reverse=falling), table

    def _of_status(self, table: Table, chosen: Flags, asked: Mapping[str, str]) -> Flags:
        status = asked.get("status", _STATUS)
        wanted: list[tuple[str, str]] = [] if status == "any" else [("status", status)]
        if asked.get("financial_status", "any") != "any":
            wanted.append(("financial_status", asked["financial_status"]))
        for name, value in wanted:
            read: Callable[[int], set[str]] = table.texts[name]
            for row in np.flatnonzero(chosen).tolist():
                chosen[row] = value in read(row)
        return chosen

    def _links(
        self,
        resource: str,
        filters: Mapping[str, str],
        start: int,
        size: int,
        count: int,
        fields: str | None,
    ) -> str | None:
        links = []
        for name, at, there in (
            ("previous", max(0, start - size), start > 0),
            ("next", start + size, start + size < count),
        ):
            if there:
                asked = {"limit": size, "page_info": _page_info(filters, at)}
                if fields:
                    asked["fields"] = fields
                url = f"{self._base_url}/{resource}.json?{urlencode(asked)}"
                links.append(f'<{url}>; rel="{name}"')
        return ", ".join(links) or None

    def _may(self, resource: str) -> None:
        scope = _SCOPES[resource]
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
    return base64.urlsafe_b64encode(orjson.dumps({"filters": kept, "start": start})).decode()


def _read_page(text: str) -> tuple[dict[str, str], int]:
    try:
        body = orjson.loads(base64.urlsafe_b64decode(text))
        return dict(body["filters"]), int(body["start"])
    except (binascii.Error, ValueError, KeyError, TypeError) as trouble:
        raise Refusal(400, {"errors": {"page_info": "Invalid value."}}) from trouble


def _instant(text: str) -> int:
    # In a URL an unescaped + arrives as a space.
    try:
        at = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError as trouble:
        raise Refusal(400, {"errors": {"base": f"invalid date: {text}"}}) from trouble
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())
