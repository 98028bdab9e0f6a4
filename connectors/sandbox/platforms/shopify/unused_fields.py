"""Fields that well-known clients select and this business has nothing in: pictures, risks, fees.

They are served as the platform serves them to a shop that has none: null, an empty list, no risk.
A type that is never there stands in the schema and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

_NOTHING: Mapping[str, tuple[str, ...]] = {
    "Product": ("templateSuffix", "onlineStorePreviewUrl", "onlineStoreUrl", "featuredImage",
                "featuredMedia", "feedback"),
    "ProductVariant": ("image", "taxCode"),
    "OrderTransaction": ("paymentId", "accountNumber", "receiptJson", "authorizationCode",
                         "totalUnsettledSet", "paymentDetails"),
    "Seo": ("title", "description"),
    "InventoryItemMeasurement": ("weight",),
    "ProductOptionValue": ("swatch",),
}  # fmt: skip
_ALWAYS: Mapping[str, Mapping[str, Any]] = {
    "Product": {"hasOutOfStockVariants": False, "requiresSellingPlan": False, "mediaCount": (0, 1)},
    "ProductVariant": {"inventoryPolicy": "DENY", "requiresComponents": False},
    "OrderTransaction": {"manuallyCapturable": False, "fees": []},
    "OrderRiskSummary": {"recommendation": "NONE", "assessments": []},
    "ProductOptionValue": {"hasVariants": True},
}
EMPTY = (
    ("Product", "images"),
    ("Product", "media"),
    ("ProductVariant", "productVariantComponents"),
    ("ProductVariant", "presentmentPrices"),
)
"""Connections without a node."""


def _constant(value: Any) -> Callable[[Any], Any]:
    return lambda _: value


def unused(type_: str) -> dict[str, Callable[[Any], Any]]:
    """Returns the getters of the fields of a type that hold nothing, or always the same."""
    nothing = dict.fromkeys(_NOTHING.get(type_, ()), _constant(None))
    always = {name: _constant(value) for name, value in _ALWAYS.get(type_, {}).items()}
    return {**nothing, **always}


TYPES = tuple(dict.fromkeys((*_NOTHING, *_ALWAYS)))
