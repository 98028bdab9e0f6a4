"""Shopify's own Python SDK, pointed at the sandbox: REST with the Link header, plain GraphQL."""

from __future__ import annotations

import json
from typing import Any

import shopify

from connectors.sandbox.server import SandboxClient

SHOP, VERSION = "acme-outdoor", "2026-10"
FROM, TO = "2026-10-29T00:00:00+01:00", "2026-11-03T00:00:00+01:00"
"""Two days after the clocks went back: orders of both offsets change on it."""
SEARCH = "updated_at:>='2026-10-28T23:00:00Z' AND updated_at:<'2026-11-02T23:00:00Z'"
"""The same day, its end excluded, as GraphQL searches for it."""
SALE = "2026-10-07T06:00:00Z"
"""While some products are sold for less, beside the price that they had before."""
# The query of the document (platforms/shopify.md), word for word but for the page's size.
DOCUMENTED = """query($after:String,$q:String!){orders(first:100,after:$after,sortKey:UPDATED_AT,query:$q){
 pageInfo{hasNextPage endCursor}
 nodes{id legacyResourceId name createdAt processedAt updatedAt cancelledAt cancelReason test edited
  currencyCode presentmentCurrencyCode displayFinancialStatus displayFulfillmentStatus returnStatus
  totalPriceSet{shopMoney{amount currencyCode} presentmentMoney{amount currencyCode}}
  currentTotalPriceSet{shopMoney{amount currencyCode}} totalRefundedSet{shopMoney{amount currencyCode}}
  totalDiscountsSet{shopMoney{amount}} totalTaxSet{shopMoney{amount}}
  totalShippingPriceSet{shopMoney{amount}}
  discountCodes sourceName tags customer{id}
  customerJourneySummary{ready customerOrderIndex
   lastVisit{source utmParameters{source medium campaign term content}}}
  lineItems(first:50){nodes{id sku title quantity currentQuantity product{id} variant{id}
    originalTotalSet{shopMoney{amount}} discountedTotalSet{shopMoney{amount}}}}
  refunds(first:50){id createdAt updatedAt totalRefundedSet{shopMoney{amount currencyCode}}
    refundLineItems(first:50){nodes{id quantity restockType lineItem{id}
     subtotalSet{shopMoney{amount}} totalTaxSet{shopMoney{amount}}}}}}}}"""  # noqa: E501


def activate(sandbox: SandboxClient, token: str = f"shpat_sandbox_{SHOP}") -> None:
    """Signs the SDK in and points it at the sandbox."""
    session = shopify.Session(f"{SHOP}.myshopify.com", VERSION, token)
    shopify.ShopifyResource.activate_session(session)
    shopify.ShopifyResource.site = f"{sandbox.url}/shopify/{SHOP}/admin/api/{VERSION}"


def rest_all(resource: Any, **asked: Any) -> tuple[dict[int, dict[str, Any]], int]:
    """Every page of a REST list, by id, and how many pages there were."""
    page = resource.find(**asked)
    found = {one.id: one.to_dict() for one in page}
    pages = 1
    while page.has_next_page():
        page = page.next_page()
        pages += 1
        for one in page:
            assert one.id not in found
            found[one.id] = one.to_dict()
    return found, pages


def graphql_all(root: str, query: str, text: str | None = None) -> list[dict[str, Any]]:
    """Every node of a connection, page by page; each page tells what it cost."""
    found: list[dict[str, Any]] = []
    after = None
    while True:
        answer = json.loads(shopify.GraphQL().execute(query, {"q": text, "after": after}))
        assert "errors" not in answer, answer["errors"]
        assert {*answer["extensions"]["cost"]} == {
            "requestedQueryCost",
            "actualQueryCost",
            "throttleStatus",
        }
        page = answer["data"][root]
        found += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]
