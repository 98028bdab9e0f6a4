"""What GraphQL answers has the names, types and formats of the platform's document, all of it.

The rules are written from `platforms/shopify.md`; a leaf without a rule is a field that it does not
know, and a rule that nothing ever met proves nothing: both fail.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import shopify

from connectors.sandbox.server import SandboxClient
from tests.referees.shopify_columns import CUSTOMERS, PRODUCTS
from tests.referees.shopify_sdk import DOCUMENTED, SALE, SEARCH, graphql_all

DOCUMENT = Path(__file__).resolve().parents[3] / "shared/platforms/shopify.md"
Rule = Callable[[Any], bool]


def matches(pattern: str) -> Rule:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


def gid(kind: str) -> Rule:
    return matches(rf"gid://shopify/{kind}/\d+")


def one_of(words: str) -> Rule:
    return lambda value: value in words.split()


def whole(value: Any) -> bool:
    return type(value) is int


def truth(value: Any) -> bool:
    return type(value) is bool


def text(value: Any) -> bool:
    return isinstance(value, str)


def or_null(rule: Rule) -> Rule:
    return lambda value: value is None or rule(value)


DECIMAL = matches(r"-?\d+\.\d+")
DATE_TIME = matches(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
UNSIGNED = matches(r"\d+")
CURRENCY = matches(r"[A-Z]{3}")

ORDER: Mapping[str, Rule] = {
    "id": gid("Order"),
    "legacyResourceId": UNSIGNED,
    "name": matches(r"#\d+"),
    "createdAt": DATE_TIME,
    "processedAt": DATE_TIME,
    "updatedAt": DATE_TIME,
    "cancelledAt": or_null(DATE_TIME),
    "cancelReason": or_null(one_of("CUSTOMER DECLINED FRAUD INVENTORY STAFF OTHER")),
    "test": truth,
    "edited": truth,
    "currencyCode": CURRENCY,
    "presentmentCurrencyCode": CURRENCY,
    "displayFinancialStatus": one_of(
        "PENDING AUTHORIZED PARTIALLY_PAID PAID PARTIALLY_REFUNDED REFUNDED VOIDED EXPIRED"
    ),
    "displayFulfillmentStatus": one_of(
        "UNFULFILLED PARTIALLY_FULFILLED FULFILLED RESTOCKED PENDING_FULFILLMENT OPEN IN_PROGRESS "
        "ON_HOLD SCHEDULED REQUEST_DECLINED"
    ),
    "returnStatus": text,
    "totalPriceSet.shopMoney.amount": DECIMAL,
    "totalPriceSet.shopMoney.currencyCode": CURRENCY,
    "totalPriceSet.presentmentMoney.amount": DECIMAL,
    "totalPriceSet.presentmentMoney.currencyCode": CURRENCY,
    "currentTotalPriceSet.shopMoney.amount": DECIMAL,
    "currentTotalPriceSet.shopMoney.currencyCode": CURRENCY,
    "totalRefundedSet.shopMoney.amount": DECIMAL,
    "totalRefundedSet.shopMoney.currencyCode": CURRENCY,
    "totalDiscountsSet.shopMoney.amount": DECIMAL,
    "totalTaxSet.shopMoney.amount": DECIMAL,
    "totalShippingPriceSet.shopMoney.amount": DECIMAL,
    "discountCodes[]": text,
    "sourceName": text,
    "tags[]": text,
    "customer.id": gid("Customer"),
    "customerJourneySummary.ready": truth,
    "customerJourneySummary.customerOrderIndex": or_null(whole),
    "customerJourneySummary.lastVisit.source": text,
    **{
        f"customerJourneySummary.lastVisit.utmParameters.{name}": or_null(text)
        for name in ("source", "medium", "campaign", "term", "content")
    },
    "lineItems.nodes[].id": gid("LineItem"),
    "lineItems.nodes[].sku": or_null(text),
    "lineItems.nodes[].title": text,
    "lineItems.nodes[].quantity": whole,
    "lineItems.nodes[].currentQuantity": whole,
    "lineItems.nodes[].product.id": gid("Product"),
    "lineItems.nodes[].variant.id": gid("ProductVariant"),
    "lineItems.nodes[].originalTotalSet.shopMoney.amount": DECIMAL,
    "lineItems.nodes[].discountedTotalSet.shopMoney.amount": DECIMAL,
    "refunds[].id": gid("Refund"),
    "refunds[].createdAt": DATE_TIME,
    "refunds[].updatedAt": DATE_TIME,
    "refunds[].totalRefundedSet.shopMoney.amount": DECIMAL,
    "refunds[].totalRefundedSet.shopMoney.currencyCode": CURRENCY,
    "refunds[].refundLineItems.nodes[].id": gid("RefundLineItem"),
    "refunds[].refundLineItems.nodes[].quantity": whole,
    "refunds[].refundLineItems.nodes[].restockType": one_of(
        "RETURN CANCEL NO_RESTOCK LEGACY_RESTOCK"
    ),
    "refunds[].refundLineItems.nodes[].lineItem.id": gid("LineItem"),
    "refunds[].refundLineItems.nodes[].subtotalSet.shopMoney.amount": DECIMAL,
    "refunds[].refundLineItems.nodes[].totalTaxSet.shopMoney.amount": DECIMAL,
}
CUSTOMER: Mapping[str, Rule] = {
    "legacyResourceId": UNSIGNED,
    "createdAt": DATE_TIME,
    "updatedAt": DATE_TIME,
    "state": one_of("DISABLED ENABLED INVITED DECLINED"),
    "numberOfOrders": UNSIGNED,
    "amountSpent.amount": DECIMAL,
    "amountSpent.currencyCode": CURRENCY,
    "locale": text,
    "tags[]": text,
    "defaultAddress.countryCodeV2": matches("[A-Z]{2}"),
    "defaultEmailAddress.emailAddress": text,
    "defaultEmailAddress.marketingState": matches("[A-Z_]+"),
    "defaultPhoneNumber.phoneNumber": text,
}
PRODUCT: Mapping[str, Rule] = {
    "legacyResourceId": UNSIGNED,
    "title": text,
    "handle": matches(r"[a-z0-9-]+"),
    "status": one_of("ACTIVE ARCHIVED DRAFT UNLISTED"),
    "vendor": text,
    "productType": text,
    # Not in the document: TaxonomyCategory of shopify.dev/docs/api/admin-graphql.
    "category.fullName": text,
    "tags[]": text,
    "createdAt": DATE_TIME,
    "updatedAt": DATE_TIME,
    "publishedAt": or_null(DATE_TIME),
    "totalInventory": whole,
    "variants.nodes[].legacyResourceId": UNSIGNED,
    "variants.nodes[].title": text,
    "variants.nodes[].sku": or_null(text),
    # Money in the shop's currency is plain text here, no MoneyV2.
    "variants.nodes[].price": DECIMAL,
    "variants.nodes[].compareAtPrice": or_null(DECIMAL),
    "variants.nodes[].inventoryQuantity": whole,
    "variants.nodes[].updatedAt": DATE_TIME,
    "variants.nodes[].inventoryItem.unitCost.amount": DECIMAL,
    "variants.nodes[].inventoryItem.unitCost.currencyCode": CURRENCY,
}
OBJECTS = {
    "customer",
    "customerJourneySummary",
    "customerJourneySummary.lastVisit",
    "customerJourneySummary.lastVisit.utmParameters",
    "lineItems.nodes[].product",
    "lineItems.nodes[].variant",
    "defaultPhoneNumber",
    "variants.nodes[].inventoryItem.unitCost",
}
"""Objects that may be null as a whole: guests, custom lines, deleted products, unknown costs."""


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every leaf of an answer with its path; `[]` stands for an element of a list."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, f"{path}[]")
    elif not (value is None and path in OBJECTS):
        yield path, value


@pytest.mark.parametrize(
    ("root", "query", "search", "rules"),
    [
        ("orders", DOCUMENTED, SEARCH, ORDER),
        ("customers", CUSTOMERS, SEARCH, CUSTOMER),
        ("products", PRODUCTS, None, PRODUCT),
    ],
    ids=["orders", "customers", "products"],
)
def test_every_field_is_as_documented(
    session: SandboxClient, root: str, query: str, search: str | None, rules: Mapping[str, Rule]
) -> None:
    if root == "products":
        session.set_clock(SALE)
    met = set()
    for path, value in (leaf for node in graphql_all(root, query, search) for leaf in leaves(node)):
        assert path in rules, f"{path} is not in the document"
        assert rules[path](value), f"{path} is {value!r}"
        if value is not None:
            met.add(path)
    assert rules.keys() == met


def test_the_cost_stands_beside_the_data(session: SandboxClient) -> None:
    answer = json.loads(shopify.GraphQL().execute(DOCUMENTED, {"q": SEARCH, "after": None}))
    assert answer.keys() == {"data", "extensions"}
    assert answer["extensions"].keys() <= {"cost", "search"}
    cost = answer["extensions"]["cost"]
    assert whole(cost["requestedQueryCost"])
    assert 0 < cost["actualQueryCost"] <= cost["requestedQueryCost"] <= 1000
    status = cost["throttleStatus"]
    assert {*status} == {"maximumAvailable", "currentlyAvailable", "restoreRate"}
    assert type(status["maximumAvailable"]) is type(status["restoreRate"]) is float
    assert status["maximumAvailable"] == 20 * status["restoreRate"]
    assert status["currentlyAvailable"] <= status["maximumAvailable"]
    page = answer["data"]["orders"]["pageInfo"]
    assert truth(page["hasNextPage"])
    assert text(page["endCursor"])


def test_the_query_is_the_documents() -> None:
    if not DOCUMENT.exists():
        pytest.skip("the platform's document is not beside the repo")
    documented = re.search(r"```graphql\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
    assert documented
    spaces, size = re.compile(r"\s+"), ("orders(first:50", "orders(first:100")
    assert spaces.sub("", documented[1].replace(*size)) == spaces.sub("", DOCUMENTED)
