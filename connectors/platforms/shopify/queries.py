"""The GraphQL texts. Sizes are variables, so one text serves pages of every size.

The fields of an order, a customer and a product are written once and used by the paged query, by
the bulk operation and for what does not fit on a page.
https://shopify.dev/docs/api/admin-graphql/2026-10
"""

from __future__ import annotations

from datetime import UTC, datetime

_MONEY = "{shopMoney{amount}}"
_PAGE_INFO = "pageInfo{hasNextPage endCursor}"

_SHOP = "shop{id name myshopifyDomain currencyCode ianaTimezone plan{displayName}}"
_SCOPES = "currentAppInstallation{accessScopes{handle}}"
SHOP = f"{{{_SHOP}}}"
SCOPES = f"{{{_SCOPES}}}"
ACCOUNT = f"{{{_SHOP} {_SCOPES}}}"

_ALLOCATIONS = (
    f"discountAllocations{{allocatedAmountSet{_MONEY} discountApplication{{__typename targetType "
    "value{__typename} ...on DiscountCodeApplication{code} "
    "...on AutomaticDiscountApplication{title} ...on ManualDiscountApplication{title}}}"
)
LINE_FIELDS = (
    "id sku title name isGiftCard quantity currentQuantity product{id} variant{id} "
    f"originalTotalSet{_MONEY} discountedTotalSet{_MONEY} "
    # A code's discount is in no other amount of the line, and neither is its tax.
    f"{_ALLOCATIONS} taxLines{{rate priceSet{_MONEY}}}"
)
SHIPPING_FIELDS = (
    f"id title originalPriceSet{_MONEY} discountedPriceSet{_MONEY} "
    f"{_ALLOCATIONS} taxLines{{rate priceSet{_MONEY}}}"
)
VARIANT_FIELDS = (
    "id legacyResourceId title sku price compareAtPrice inventoryQuantity updatedAt "
    "inventoryItem{unitCost{amount currencyCode}}"
)
_UTM = "utmParameters{source medium campaign term content}"
_ORDER_FIELDS = (
    "id legacyResourceId name createdAt processedAt updatedAt cancelledAt cancelReason test edited "
    "taxesIncluded currencyCode presentmentCurrencyCode displayFinancialStatus "
    "displayFulfillmentStatus returnStatus sourceName discountCodes paymentGatewayNames tags "
    f"totalPriceSet{_MONEY} currentTotalPriceSet{_MONEY} subtotalPriceSet{_MONEY} "
    f"totalDiscountsSet{_MONEY} totalTaxSet{_MONEY} totalShippingPriceSet{_MONEY} "
    f"totalRefundedSet{_MONEY} originalTotalPriceSet{_MONEY} totalTipReceivedSet{_MONEY} "
    f"originalTotalDutiesSet{_MONEY} originalTotalAdditionalFeesSet{_MONEY} "
    "displayAddress{countryCodeV2 provinceCode} customer{legacyResourceId} "
    "fulfillments{status createdAt} "
    "customerJourneySummary{ready customerOrderIndex "
    f"firstVisit{{occurredAt source landingPage {_UTM}}} "
    f"lastVisit{{occurredAt source landingPage referrerUrl {_UTM}}}}}"
)
_CUSTOMER_FIELDS = (
    "id legacyResourceId createdAt updatedAt state numberOfOrders amountSpent{amount currencyCode} "
    "locale tags defaultAddress{countryCodeV2} "
    "defaultEmailAddress{emailAddress marketingState} defaultPhoneNumber{phoneNumber}"
)
_PRODUCT_FIELDS = (
    "id legacyResourceId title handle status vendor productType tags createdAt updatedAt "
    "publishedAt totalInventory category{fullName}"
)

_REFUND_HEAD = "id createdAt processedAt updatedAt totalRefundedSet{shopMoney{amount currencyCode}}"
REFUND_LINE_FIELDS = (
    f"id quantity restockType lineItem{{id}} subtotalSet{_MONEY} totalTaxSet{_MONEY}"
)
TRANSACTION_FIELDS = "kind status amountSet{shopMoney{amount currencyCode}}"
REFUND_SHIPPING_FIELDS = f"id subtotalAmountSet{_MONEY} taxAmountSet{_MONEY}"
ADJUSTMENT_FIELDS = f"id reason amountSet{_MONEY} taxAmountSet{_MONEY}"
SALE_FIELDS = (
    f"id actionType lineType quantity totalAmount{_MONEY} totalTaxAmount{_MONEY} "
    "...on ProductSale{lineItem{id}} ...on TipSale{lineItem{id}} ...on GiftCardSale{lineItem{id}}"
)
_AGREEMENT_HEAD = "id happenedAt reason ...on RefundAgreement{refund{id}}"
REFUND_FIELDS = (
    f"{_REFUND_HEAD} "
    f"refundLineItems(first:$refundLines){{{_PAGE_INFO} nodes{{{REFUND_LINE_FIELDS}}}}} "
    f"transactions(first:$transactions){{{_PAGE_INFO} nodes{{{TRANSACTION_FIELDS}}}}} "
    f"refundShippingLines(first:$few){{{_PAGE_INFO} nodes{{{REFUND_SHIPPING_FIELDS}}}}} "
    f"orderAdjustments(first:$few){{{_PAGE_INFO} nodes{{{ADJUSTMENT_FIELDS}}}}}"
)
_LEDGER = (
    f"agreements(first:$agreements){{{_PAGE_INFO} nodes{{{_AGREEMENT_HEAD} "
    f"sales(first:$sales){{{_PAGE_INFO} nodes{{{SALE_FIELDS}}}}}}}}}"
)

_WINDOWED = "query($first:Int!,$after:String,$q:String!"

ORDERS = (
    f"{_WINDOWED},$children:Int!,$shipping:Int!){{"
    f"orders(first:$first,after:$after,sortKey:UPDATED_AT,query:$q){{{_PAGE_INFO} "
    # Whether there are refunds is all that is asked of every order: what they hold costs more
    # points than all the rest, and few orders have any.
    f"nodes{{{_ORDER_FIELDS} refunds(first:1){{id}} "
    f"lineItems(first:$children){{{_PAGE_INFO} nodes{{{LINE_FIELDS}}}}} "
    f"shippingLines(first:$shipping){{{_PAGE_INFO} nodes{{{SHIPPING_FIELDS}}}}}}}}}}}"
)
CUSTOMERS = (
    f"{_WINDOWED}){{customers(first:$first,after:$after,sortKey:UPDATED_AT,query:$q){{{_PAGE_INFO} "
    f"nodes{{{_CUSTOMER_FIELDS}}}}}}}"
)
PRODUCTS = (
    f"query($first:Int!,$after:String,$children:Int!){{"
    f"products(first:$first,after:$after,sortKey:ID){{{_PAGE_INFO} "
    f"nodes{{{_PRODUCT_FIELDS} "
    f"variants(first:$children){{{_PAGE_INFO} nodes{{{VARIANT_FIELDS}}}}}}}}}}}"
)

START_BULK = (
    "mutation($q:String!){bulkOperationRunQuery(query:$q,groupObjects:false){"
    "bulkOperation{id status} userErrors{field message code}}}"
)
POLL_BULK = (
    "query($id:ID!){bulkOperation(id:$id){id status errorCode objectCount rootObjectCount "
    "fileSize url}}"
)


def bulk_orders(search: str) -> str:
    """Returns the inner query of a bulk operation over orders and their lines."""
    # No connection may stand inside the list `refunds`: what they hold is asked for afterwards, and
    # so is the ledger, whose sales would be a third level of connections.
    inner = (
        f"{_ORDER_FIELDS} refunds{{id}} lineItems{{edges{{node{{{LINE_FIELDS}}}}}}} "
        f"shippingLines{{edges{{node{{{SHIPPING_FIELDS}}}}}}}"
    )
    return f'{{orders(query:"{search}"){{edges{{node{{{inner}}}}}}}}}'


def bulk_customers(search: str) -> str:
    """Returns the inner query of a bulk operation over customers."""
    return f'{{customers(query:"{search}"){{edges{{node{{{_CUSTOMER_FIELDS}}}}}}}}}'


def bulk_products(_search: str) -> str:
    """Returns the inner query of a bulk operation over all products and their variants."""
    inner = f"{_PRODUCT_FIELDS} variants{{edges{{node{{{VARIANT_FIELDS}}}}}}}"
    return f"{{products{{edges{{node{{{inner}}}}}}}}}"


def children(parent: str, name: str, fields: str) -> str:
    """Returns the query for a further page of what hangs on one object, e.g. an order's lines."""
    return (
        f"query($id:ID!,$first:Int!,$after:String){{{parent}(id:$id){{"
        f"{name}(first:$first,after:$after){{{_PAGE_INFO} nodes{{{fields}}}}}}}}}"
    )


def refunded(count: int) -> str:
    """Returns the query for refunds and ledger of that many orders, under the aliases o0, o1 …"""
    ids = ",".join(f"$i{n}:ID!" for n in range(count))
    asked = " ".join(f"o{n}:order(id:$i{n}){{...refunded}}" for n in range(count))
    # Named once: spelled out for each of 50 orders it is 22 KB to send, read and check.
    each = f"fragment refunded on Order{{id refunds(first:$refunds){{{REFUND_FIELDS}}} {_LEDGER}}}"
    sizes = ("refunds", "refundLines", "transactions", "few", "agreements", "sales")
    taken = ",".join(f"${name}:Int!" for name in sizes)
    return f"query({ids},{taken}){{{asked}}} {each}"


def agreement() -> str:
    """Returns the query for one agreement of an order, the next after a cursor, and its sales."""
    sales = f"sales(first:$first,after:$salesAfter){{{_PAGE_INFO} nodes{{{SALE_FIELDS}}}}}"
    found = f"agreements(first:1,after:$after){{{_PAGE_INFO} nodes{{{_AGREEMENT_HEAD} {sales}}}}}"
    variables = "$id:ID!,$after:String,$first:Int!,$salesAfter:String"
    return f"query({variables}){{order(id:$id){{{found}}}}}"


def refund_heads() -> str:
    """Returns the query for all refunds of one order, without what is on them."""
    refunds = f"refunds(first:$refunds){{{_REFUND_HEAD}}}"
    return f"query($id:ID!,$refunds:Int!){{order(id:$id){{{refunds}}}}}"


def refund_parts(name: str, fields: str) -> str:
    """Returns the query for a further page of what is on one of an order's refunds.

    A refund is asked for as all that hangs on an order is, through the order.
    """
    part = f"{name}(first:$first,after:$after){{{_PAGE_INFO} nodes{{{fields}}}}}"
    variables = "$id:ID!,$refunds:Int!,$first:Int!,$after:String"
    return f"query({variables}){{order(id:$id){{refunds(first:$refunds){{id {part}}}}}}}"


def updated_between(start: datetime, end: datetime) -> str:
    """Returns the search for what was modified in [start, end).

    The quotes matter: the colon separates the parts of a search, and Shopify ignores a filter
    that it cannot read.
    """
    return f"updated_at:>='{_instant(start)}' AND updated_at:<'{_instant(end)}'"


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
