"""A small Admin API client that does what a correct client does, and no more."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from tests.patience import PATIENCE_SECONDS

ACME, KIWI, CHAI = "acme-outdoor", "kiwi-kitchen", "chai-house"
LINE = """id sku title name isGiftCard quantity currentQuantity product{id} variant{id}
 originalTotalSet{shopMoney{amount}} discountedTotalSet{shopMoney{amount}}
 taxLines{priceSet{shopMoney{amount}}}
 discountAllocations{allocatedAmountSet{shopMoney{amount}}}"""
LINES = f"lineItems(first:50){{pageInfo{{hasNextPage endCursor}} nodes{{{LINE}}}}}"
SHIPPING = """shippingLines(first:3){nodes{originalPriceSet{shopMoney{amount}}
 discountedPriceSet{shopMoney{amount}} taxLines{priceSet{shopMoney{amount}}}
 discountAllocations{allocatedAmountSet{shopMoney{amount}}}}}"""
REFUNDS = """refunds(first:50){id createdAt processedAt
 totalRefundedSet{shopMoney{amount currencyCode}}
 refundLineItems(first:250){nodes{id quantity restockType lineItem{id}
  subtotalSet{shopMoney{amount}} totalTaxSet{shopMoney{amount}}}}
 refundShippingLines(first:5){nodes{subtotalAmountSet{shopMoney{amount}}
  taxAmountSet{shopMoney{amount}}}}
 orderAdjustments(first:5){nodes{amountSet{shopMoney{amount}} reason}}
 transactions(first:10){nodes{kind status amountSet{shopMoney{amount}}}}}"""
ORDER = f"""id legacyResourceId name createdAt processedAt updatedAt cancelledAt cancelReason test
 edited taxesIncluded currencyCode presentmentCurrencyCode displayFinancialStatus
 displayFulfillmentStatus returnStatus totalPriceSet{{shopMoney{{amount currencyCode}}
 presentmentMoney{{amount currencyCode}}}} totalRefundedSet{{shopMoney{{amount}}}}
 totalDiscountsSet{{shopMoney{{amount}}}} totalTaxSet{{shopMoney{{amount}}}}
 totalShippingPriceSet{{shopMoney{{amount}}}} discountCodes sourceName tags
 customer{{legacyResourceId}} customerJourneySummary{{ready customerOrderIndex
 firstVisit{{occurredAt source utmParameters{{source medium campaign term content}}}}
 lastVisit{{occurredAt source utmParameters{{source medium campaign term content}}}}}}
 originalTotalPriceSet{{shopMoney{{amount}}}} currentTotalPriceSet{{shopMoney{{amount}}}}
 totalTipReceivedSet{{shopMoney{{amount}}}}
 originalTotalDutiesSet{{shopMoney{{amount}}}} originalTotalAdditionalFeesSet{{shopMoney{{amount}}}}
 {SHIPPING} {LINES} {REFUNDS}"""
ORDERS = (
    "query($after:String,$q:String,$n:Int!){orders(first:$n,after:$after,sortKey:UPDATED_AT,"
    "query:$q){pageInfo{hasNextPage endCursor} nodes{" + ORDER + "}}}"
)
MORE_LINES = (
    "query($id:ID!,$after:String){order(id:$id){lineItems(first:50,after:$after)"
    "{pageInfo{hasNextPage endCursor} nodes{id}}}}"
)
START = (
    "mutation($q:String!,$g:Boolean!){bulkOperationRunQuery(query:$q,groupObjects:$g)"
    "{bulkOperation{id status} userErrors{field message code}}}"
)
POLL = (
    "query($i:ID!){node(id:$i){...on BulkOperation{id status errorCode objectCount "
    "rootObjectCount fileSize url createdAt completedAt}}}"
)

Answer = tuple[int, dict[str, str], Any]


class ShopClient:
    """Plain HTTP, one connection a call."""

    def __init__(self, url: str, shop: str = ACME, token: str | None = None) -> None:
        self.address = urlsplit(url)
        self.shop, self.version = shop, "2026-10"
        self.token = token or f"shpat_sandbox_{shop}"
        self.secrets: dict[str, str] = {}
        self.calls = 0

    def call(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection(
            self.address.hostname or "", self.address.port, timeout=PATIENCE_SECONDS
        )
        try:
            sent = None if body is None else json.dumps(body)
            told = {"Content-Type": "application/json", **(headers or {})}
            connection.request(method, path, sent, told)
            answer = connection.getresponse()
            received = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, received, answer.read()
        finally:
            connection.close()

    def ask(self, query: str, **variables: Any) -> Answer:
        """One GraphQL call, whatever comes of it."""
        path = f"/shopify/{self.shop}/admin/api/{self.version}/graphql.json"
        body = {"query": query, "variables": variables}
        status, headers, answer = self.call(
            "POST", path, body, {"X-Shopify-Access-Token": self.token}
        )
        return status, headers, json.loads(answer)

    def data(self, query: str, **variables: Any) -> Any:
        """One GraphQL call that must succeed."""
        status, _, answer = self.ask(query, **variables)
        assert status == 200, answer
        assert "errors" not in answer, answer
        return answer["data"]

    def rest(self, path: str) -> Answer:
        """One REST call, whatever comes of it."""
        status, headers, answer = self.call(
            "GET",
            f"/shopify/{self.shop}/admin/api/{self.version}/{path}",
            None,
            {"X-Shopify-Access-Token": self.token},
        )
        return status, headers, json.loads(answer)

    def grant(self, **asked: str) -> Answer:
        """Asks the token endpoint."""
        status, headers, answer = self.call(
            "POST", f"/shopify/{self.shop}/admin/oauth/access_token", asked
        )
        return status, headers, json.loads(answer)

    def refresh(self) -> None:
        """Gets a new access token by the secrets of the connections file."""
        kind = "refresh_token" if "refresh_token" in self.secrets else "client_credentials"
        status, _, body = self.grant(**self.secrets, grant_type=kind)
        assert status == 200, body
        self.token = body["access_token"]
        if "refresh_token" in body:
            self.secrets["refresh_token"] = body["refresh_token"]

    def persist(self, query: str, **variables: Any) -> Any:
        """One GraphQL call with at most five retries."""
        for _ in range(6):
            self.calls += 1
            try:
                status, _, answer = self.ask(query, **variables)
            except (OSError, http.client.HTTPException, ValueError):
                continue
            if status == 401 and self.secrets:
                self.refresh()
            elif status == 200 and "errors" not in answer:
                return answer["data"]
            elif status == 200:
                code = answer["errors"][0]["extensions"]["code"]
                assert code in ("THROTTLED", "INTERNAL_SERVER_ERROR"), answer
                time.sleep(0.01)
            else:
                assert status in (429, 500, 503), answer
        raise AssertionError("five retries were not enough")

    def orders(self, q: str | None = None, size: int = 100) -> Iterator[dict[str, Any]]:
        """All orders of a filter, page by page, with retries."""
        after = None
        while True:
            page = self.persist(ORDERS, q=q, after=after, n=size)["orders"]
            yield from page["nodes"]
            if not page["pageInfo"]["hasNextPage"]:
                return
            assert page["pageInfo"]["endCursor"] != after, "the same cursor would never end"
            after = page["pageInfo"]["endCursor"]

    def finish(self, id_: str) -> dict[str, Any]:
        """Polls a bulk operation until it is over."""
        for _ in range(600):
            one = self.data(POLL, i=id_)["node"]
            if one["status"] not in ("CREATED", "RUNNING", "CANCELING"):
                return dict(one)
            time.sleep(0.02)
        raise AssertionError("the bulk operation did not end")

    def bulk(self, query: str, *, grouped: bool = False) -> tuple[dict[str, Any], list[Any]]:
        """Runs a bulk query; returns the operation and its objects."""
        started = self.data(START, q=query, g=grouped)["bulkOperationRunQuery"]
        assert started["userErrors"] == [], started
        done = self.finish(started["bulkOperation"]["id"])
        assert done["status"] == "COMPLETED"
        if done["url"] is None:
            return done, []
        status, _, body = self.call("GET", done["url"].split(self.address.netloc, 1)[1])
        assert status == 200
        return done, [json.loads(line) for line in body.splitlines()]
