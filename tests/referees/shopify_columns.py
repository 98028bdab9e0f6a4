"""How Shopify's answers, by REST and by GraphQL, come to the columns of ours: a second reading.

Written from Shopify's documents, never from the connector. What hangs on an order or a product is
brought into one form, whichever way it came: ids as numbers, money as decimals.
"""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlparse

from tests.referees.pulls import Row

Json = dict[str, Any]
ORDERS = """query($after:String,$q:String!){orders(first:5,after:$after,sortKey:UPDATED_AT,query:$q){
 pageInfo{hasNextPage endCursor}
 nodes{legacyResourceId name createdAt processedAt updatedAt cancelledAt cancelReason test edited
  taxesIncluded currencyCode presentmentCurrencyCode displayFinancialStatus displayFulfillmentStatus
  returnStatus totalPriceSet{shopMoney{amount}} currentTotalPriceSet{shopMoney{amount}}
  subtotalPriceSet{shopMoney{amount}} totalRefundedSet{shopMoney{amount}}
  totalDiscountsSet{shopMoney{amount}} totalTaxSet{shopMoney{amount}}
  totalShippingPriceSet{shopMoney{amount}} originalTotalPriceSet{shopMoney{amount}}
  totalTipReceivedSet{shopMoney{amount}} originalTotalDutiesSet{shopMoney{amount}}
  originalTotalAdditionalFeesSet{shopMoney{amount}}
  shippingLines(first:9){nodes{title originalPriceSet{shopMoney{amount}}
   discountedPriceSet{shopMoney{amount}} taxLines{priceSet{shopMoney{amount}}}}} discountCodes sourceName tags customer{id}
  paymentGatewayNames fulfillments{status createdAt}
  shippingAddress{countryCodeV2 provinceCode} billingAddress{countryCodeV2 provinceCode}
  customerJourneySummary{ready customerOrderIndex
   firstVisit{occurredAt source landingPage utmParameters{source medium campaign term content}}
   lastVisit{occurredAt source landingPage referrerUrl
    utmParameters{source medium campaign term content}}}
  lineItems(first:50){nodes{id sku title quantity currentQuantity product{id} variant{id}
    originalTotalSet{shopMoney{amount}} discountedTotalSet{shopMoney{amount}}
    discountAllocations{allocatedAmountSet{shopMoney{amount}}} taxLines{priceSet{shopMoney{amount}}}}}
  refunds(first:9){id createdAt totalRefundedSet{shopMoney{amount}}
    refundLineItems(first:9){nodes{id quantity restockType lineItem{id}
     subtotalSet{shopMoney{amount}} totalTaxSet{shopMoney{amount}}}}
    transactions(first:9){nodes{kind status amountSet{shopMoney{amount}}}}}}}}"""  # noqa: E501
CUSTOMERS = """query($after:String,$q:String!){customers(first:100,after:$after,sortKey:UPDATED_AT,query:$q){
 pageInfo{hasNextPage endCursor}
 nodes{legacyResourceId createdAt updatedAt state numberOfOrders amountSpent{amount currencyCode}
  locale tags defaultAddress{countryCodeV2} defaultEmailAddress{emailAddress marketingState}
  defaultPhoneNumber{phoneNumber}}}}"""  # noqa: E501
PRODUCTS = """query($after:String){products(first:10,after:$after){
 pageInfo{hasNextPage endCursor}
 nodes{legacyResourceId title handle status vendor productType category{fullName} tags createdAt
  updatedAt publishedAt
  totalInventory variants(first:50){nodes{legacyResourceId title sku price compareAtPrice
   inventoryQuantity updatedAt inventoryItem{unitCost{amount currencyCode}}}}}}}"""
SHOP = "{shop{id name myshopifyDomain currencyCode ianaTimezone plan{displayName}}}"
UNFULFILLED = {None: "UNFULFILLED", "partial": "PARTIALLY_FULFILLED"}
"""REST leaves the status out where GraphQL says UNFULFILLED."""


def number(gid: str | None) -> int | None:
    """The number in a global id."""
    return None if gid is None else int(gid.rsplit("/", 1)[1])


def instant(text: str | None) -> datetime | None:
    """An instant, whatever its offset."""
    return None if text is None else datetime.fromisoformat(text)


def money(bag: Json) -> Decimal:
    """The shop's own amount of a MoneyBag, as REST or as GraphQL spells it."""
    amounts = bag["shop_money"] if "shop_money" in bag else bag["shopMoney"]
    return Decimal(amounts["amount"])


def text(value: int | None) -> str | None:
    """An id as our columns have it."""
    return None if value is None else str(value)


def upper(value: str | None) -> str | None:
    """REST's small letters as GraphQL's capitals."""
    return None if value is None else value.upper()


def rest_order(one: Json) -> Row:
    """An order of REST as our columns; it has no word for edits, returns and the journey."""
    status = one["fulfillment_status"]
    return {
        "order_id": str(one["id"]),
        "name": one["name"],
        "created_at": instant(one["created_at"]),
        "processed_at": instant(one["processed_at"]),
        "updated_at": instant(one["updated_at"]),
        "cancelled_at": instant(one["cancelled_at"]),
        "cancel_reason": upper(one["cancel_reason"]),
        "is_test": one["test"],
        "taxes_included": one["taxes_included"],
        "currency_code": one["currency"],
        "presentment_currency_code": one["presentment_currency"],
        "financial_status": upper(one["financial_status"]),
        "fulfillment_status": UNFULFILLED.get(status, upper(status)),
        "source_name": one["source_name"],
        "total_price": Decimal(one["total_price"]),
        "current_total_price": Decimal(one["current_total_price"]),
        "subtotal_price": Decimal(one["subtotal_price"]),
        "total_discounts": Decimal(one["total_discounts"]),
        "total_tax": Decimal(one["total_tax"]),
        "total_shipping": money(one["total_shipping_price_set"]),
        # What was really given back is what the successful transactions say.
        "total_refunded": sum(map(refunded, one["refunds"]), Decimal(0)),
        "payment_gateways": one["payment_gateway_names"],
        "discount_codes": [code["code"] for code in one["discount_codes"]],
        "tags": listed(one["tags"]),
        "customer_id": text((one["customer"] or {}).get("id")),
        "line_items": [rest_line(line) for line in one["line_items"]],
        "refunds": [rest_refund(refund) for refund in one["refunds"]],
    }


def listed(tags: str) -> list[str]:
    """REST's one text of tags as a list."""
    return tags.split(", ") if tags else []


def rest_line(line: Json) -> Row:
    """A line; REST tells the price of one piece and the discounts that are not a code's."""
    whole = Decimal(line["price"]) * line["quantity"]
    return {
        "id": line["id"],
        "sku": line["sku"],
        "title": line["title"],
        "quantity": line["quantity"],
        "current": line["current_quantity"],
        "product": line["product_id"],
        "variant": line["variant_id"],
        "gross": whole,
        "discounted": whole - Decimal(line["total_discount"]),
        "allocations": [Decimal(part["amount"]) for part in line["discount_allocations"]],
        "taxes": [Decimal(tax["price"]) for tax in line["tax_lines"]],
    }


def refunded(refund: Json) -> Decimal:
    """What a refund of REST has given back."""
    paid = [
        Decimal(one["amount"])
        for one in refund["transactions"]
        if (one["kind"], one["status"]) == ("refund", "success")
    ]
    return sum(paid, Decimal(0))


def rest_refund(refund: Json) -> Row:
    """A refund with its lines and transactions."""
    return {
        "id": refund["id"],
        "at": instant(refund["created_at"]),
        "amount": refunded(refund),
        "lines": [
            {
                "id": line["id"],
                "line": line["line_item_id"],
                "quantity": line["quantity"],
                "restock": upper(line["restock_type"]),
                # The one place where REST writes money as a JSON float.
                "subtotal": Decimal(str(line["subtotal"])),
                "tax": Decimal(str(line["total_tax"])),
            }
            for line in refund["refund_line_items"]
        ],
        "transactions": [
            (upper(one["kind"]), upper(one["status"]), Decimal(one["amount"]))
            for one in refund["transactions"]
        ],
    }


def node_line(line: Json) -> Row:
    """The same of a LineItem, as GraphQL answers and as our JSON keeps it."""
    return {
        "id": number(line["id"]),
        "sku": line["sku"],
        "title": line["title"],
        "quantity": line["quantity"],
        "current": line["currentQuantity"],
        "product": number((line["product"] or {}).get("id")),
        "variant": number((line["variant"] or {}).get("id")),
        "gross": money(line["originalTotalSet"]),
        "discounted": money(line["discountedTotalSet"]),
        "allocations": [money(p["allocatedAmountSet"]) for p in line["discountAllocations"]],
        "taxes": [money(tax["priceSet"]) for tax in line["taxLines"]],
    }


def node_refund(refund: Json) -> Row:
    """The same of a Refund."""
    return {
        "id": number(refund["id"]),
        "at": instant(refund["createdAt"]),
        "amount": money(refund["totalRefundedSet"]),
        "lines": [
            {
                "id": number(line["id"]),
                "line": number(line["lineItem"]["id"]),
                "quantity": line["quantity"],
                "restock": line["restockType"],
                "subtotal": money(line["subtotalSet"]),
                "tax": money(line["totalTaxSet"]),
            }
            for line in refund["refundLineItems"]["nodes"]
        ],
        "transactions": [
            (one["kind"], one["status"], money(one["amountSet"]))
            for one in refund["transactions"]["nodes"]
        ],
    }


def landing_ids(address: str | None) -> Row:
    """The campaign and the kind of click that an address of a sandbox's ad names."""
    query = address or ""
    campaign = re.search(r"[?&]gad_campaignid=(\d+)", query)
    click = re.search(r"[?&](gclid|fbclid|ttclid|_ef_transaction_id)=([^&#]+)", query)
    return {
        "landing_campaign_id": campaign[1] if campaign else None,
        "click_id_type": click[1] if click else None,
        "click_id": click[2] if click else None,
        "landing_path": public_path(address),
    }


def public_path(address: str | None) -> str | None:
    """The path of an address, of pages that everybody sees; the sandbox has no others to keep."""
    path = urlparse(address or "").path or "/"
    first = path.split("/")[1]
    is_public = first in ("", "products", "collections", "pages", "blogs")
    return path if address and is_public else None


def node_order(one: Json) -> Row:
    """An order of the documented query, with what was added to it, as our columns."""
    journey = one["customerJourneySummary"] or {}
    first, visit = journey.get("firstVisit") or {}, journey.get("lastVisit") or {}
    first_tags, tags = first.get("utmParameters") or {}, visit.get("utmParameters") or {}
    first_ids = landing_ids(first.get("landingPage"))
    return {
        "order_id": one["legacyResourceId"],
        "name": one["name"],
        "created_at": instant(one["createdAt"]),
        "processed_at": instant(one["processedAt"]),
        "updated_at": instant(one["updatedAt"]),
        "cancelled_at": instant(one["cancelledAt"]),
        "cancel_reason": one["cancelReason"],
        "is_test": one["test"],
        "is_edited": one["edited"],
        "taxes_included": one["taxesIncluded"],
        "currency_code": one["currencyCode"],
        "presentment_currency_code": one["presentmentCurrencyCode"],
        "financial_status": one["displayFinancialStatus"],
        "fulfillment_status": one["displayFulfillmentStatus"],
        "return_status": one["returnStatus"],
        "source_name": one["sourceName"],
        "total_price": money(one["totalPriceSet"]),
        "current_total_price": money(one["currentTotalPriceSet"]),
        "subtotal_price": money(one["subtotalPriceSet"]),
        "total_discounts": money(one["totalDiscountsSet"]),
        "total_tax": money(one["totalTaxSet"]),
        "total_shipping": money(one["totalShippingPriceSet"]),
        "total_refunded": money(one["totalRefundedSet"]),
        "discount_codes": one["discountCodes"],
        "tags": one["tags"],
        "customer_id": text(number((one["customer"] or {}).get("id"))),
        "country_code": (one["shippingAddress"] or one["billingAddress"] or {}).get(
            "countryCodeV2"
        ),
        "region_code": (one["shippingAddress"] or one["billingAddress"] or {}).get("provinceCode"),
        "payment_gateways": one["paymentGatewayNames"],
        "fulfillments": one["fulfillments"],
        "customer_order_index": journey.get("customerOrderIndex"),
        "is_journey_ready": journey.get("ready"),
        "first_visit_at": instant(first.get("occurredAt")),
        "first_visit_source": first.get("source"),
        **{f"first_utm_{name}": first_tags.get(name) for name in UTM},
        **{f"first_{name}": id_ for name, id_ in first_ids.items() if name != "landing_path"},
        "last_visit_at": instant(visit.get("occurredAt")),
        "last_visit_source": visit.get("source"),
        **{f"utm_{name}": tags.get(name) for name in UTM},
        **landing_ids(visit.get("landingPage")),
        "referrer_host": re.sub(r"^https?://|/.*$", "", visit.get("referrerUrl") or "") or None,
        "line_items": [node_line(line) for line in one["lineItems"]["nodes"]],
        "refunds": [node_refund(refund) for refund in one["refunds"]],
        "original_total_price": money(one["originalTotalPriceSet"]),
        "total_tip": money(one["totalTipReceivedSet"]),
        "total_duties": _money_or_none(one["originalTotalDutiesSet"]),
        "total_fees": _money_or_none(one["originalTotalAdditionalFeesSet"]),
        "shipping_lines": [node_shipping(line) for line in one["shippingLines"]["nodes"]],
    }


def node_shipping(line: Json) -> Row:
    """A ShippingLine, as GraphQL answers and as our JSON keeps it."""
    return {
        "title": line["title"],
        "price": money(line["originalPriceSet"]),
        "left": money(line["discountedPriceSet"]),
        "taxes": [money(tax["priceSet"]) for tax in line["taxLines"]],
    }


def _money_or_none(bag: Json | None) -> Decimal | None:
    return None if bag is None else money(bag)


UTM = ("source", "medium", "campaign", "term", "content")
