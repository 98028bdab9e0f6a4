"""Records as they are kept: times with their zone, lists without what is personal or for looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from connectors.core.landings import host_of, landing_of
from connectors.platforms.woocommerce.schema import ORDERS

_ATTRIBUTION = "_wc_order_attribution_"
_OF_VISIT = frozenset(column.source.removeprefix("attribution.") for column in ORDERS)
_REFUNDED_LINE = "_refunded_item_id"
_KEPT: Mapping[str, tuple[str, ...]] = {
    "line_items": (
        "id", "name", "product_id", "variation_id", "sku", "quantity", "subtotal", "subtotal_tax",
        "total", "total_tax",
    ),
    "shipping_lines": ("id", "method_id", "total", "total_tax"),
    "fee_lines": ("id", "name", "total", "total_tax"),
    "tax_lines": ("id", "rate_id", "rate_code", "compound", "tax_total", "shipping_tax_total"),
    "coupon_lines": ("id", "code", "discount", "discount_tax", "discount_type"),
    "refunds": ("id", "total"),
    "variants": (
        "id", "name", "sku", "status", "price", "regular_price", "stock_quantity",
        "date_modified_gmt",
    ),
}  # fmt: skip


def read(record: dict[str, Any]) -> dict[str, Any]:
    """Returns a record as it is kept: the one that was sent is not changed.

    A `…_gmt` has no zone on the wire, which is UTC's. Of `meta_data`, where plugins and people
    write anything, only where an order came from is read.
    """
    kept = dict(record)
    for name, value in record.items():
        if name.endswith("_gmt") and isinstance(value, str) and value:
            kept[name] = value if value.endswith("Z") else f"{value}Z"
        elif name in _KEPT and isinstance(value, list):
            kept[name] = [_reduced(one, _KEPT[name]) for one in value]
    meta = record.get("meta_data")
    if isinstance(meta, list):
        del kept["meta_data"]
        said = {key: value for key, value in _texts(meta) if key.startswith(_ATTRIBUTION)}
        if said:
            kept["attribution"] = _visit(said)
    return kept


def dated(record: dict[str, Any]) -> dict[str, Any]:
    """Returns a record of a report: its time in the shop's zone is its day."""
    kept, made = read(record), record.get("date_created")
    kept["date_created"] = made[:10] if isinstance(made, str) else made
    return kept


def _visit(said: Mapping[str, Any]) -> dict[str, Any]:
    """Returns what is kept of the visit before an order: of its addresses no more than columns."""
    named = {name.removeprefix(_ATTRIBUTION): value for name, value in said.items()}
    return {
        **{name: value for name, value in named.items() if name in _OF_VISIT},
        **asdict(landing_of(named.get("session_entry"))),
        "referrer_host": host_of(named.get("referrer")),
    }


def _reduced(one: Any, names: tuple[str, ...]) -> Any:
    """Returns an object of a list with some of its keys; what is none is left to the typer."""
    if not isinstance(one, dict):
        return one
    kept = {name: one[name] for name in names if name in one}
    meta = one.get("meta_data")
    for key, value in _texts(meta) if isinstance(meta, list) else ():
        if key == _REFUNDED_LINE:
            kept["refunded_line_id"] = value
    return kept


def _texts(meta: Iterable[Any]) -> Iterable[tuple[str, Any]]:
    """Yields key and value of what is meta data."""
    for one in meta:
        if isinstance(one, dict) and isinstance(one.get("key"), str):
            yield one["key"], one.get("value")
