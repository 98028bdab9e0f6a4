"""What clients of others ask for: scopes, traces of deletions, texts, variants, addresses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors.sandbox.business import Parameters
from connectors.sandbox.platforms.shopify.access import SCOPES, limited_token, products_token
from connectors.sandbox.server import SandboxClient, sandbox_thread
from tests.connectors.sandbox.shop_client import ACME, KIWI, ShopClient


@pytest.fixture(scope="module")
def few_days() -> Iterator[str]:
    with sandbox_thread(Parameters(days=4)) as running:
        running.set_clock("2026-11-15T06:00:00Z")
        yield running.url


@pytest.mark.parametrize(
    ("token", "scopes"),
    [
        (None, SCOPES),
        (limited_token(ACME), SCOPES - {"read_all_orders"}),
        (products_token(ACME), {"read_products"}),
    ],
)
def test_a_token_knows_its_scopes(
    sandbox: SandboxClient, token: str | None, scopes: frozenset[str]
) -> None:
    shop = ShopClient(sandbox.url, token=token)
    found = shop.data("{currentAppInstallation{id accessScopes{handle description}}}")
    handles = [one["handle"] for one in found["currentAppInstallation"]["accessScopes"]]
    assert handles == sorted(scopes)
    status, _, body = shop.call(
        "GET",
        f"/shopify/{ACME}/admin/oauth/access_scopes.json",
        headers={"X-Shopify-Access-Token": shop.token},
    )
    assert status == 200
    assert body == b'{"access_scopes":[%s]}' % b",".join(
        b'{"handle":"%s"}' % handle.encode() for handle in handles
    )


def test_scopes_of_a_wrong_token_are_refused(sandbox: SandboxClient) -> None:
    path = f"/shopify/{ACME}/admin/oauth/access_scopes.json"
    assert ShopClient(sandbox.url).call("GET", path)[0] == 401


def test_deletions_leave_events(sandbox: SandboxClient) -> None:
    shop = ShopClient(sandbox.url, KIWI)
    told = {
        one["order_id"]
        for one in sandbox.truth("shop_events", account=KIWI)
        if one["kind"].startswith("deleted")
    }
    asked = "events.json?filter=Order&verb=destroy&limit=250"
    status, _, body = shop.rest(asked)
    assert status == 200
    assert {str(one["subject_id"]) for one in body["events"]} == told
    assert {(one["subject_type"], one["verb"]) for one in body["events"]} == {("Order", "destroy")}
    query = (
        "query($q:String){events(first:50,query:$q,sortKey:CREATED_AT){nodes{id action createdAt "
        "...on BasicEvent{subjectId subjectType}}}}"
    )
    nodes = shop.data(query, q="subject_type:ORDER action:destroy")["events"]["nodes"]
    assert {one["subjectId"].rsplit("/", 1)[1] for one in nodes} == told
    assert {(one["subjectType"], one["action"]) for one in nodes} == {("ORDER", "destroy")}
    # Products are deleted too; before anything was, there is no trace.
    kinds = {one["subjectType"] for one in shop.data(query)["events"]["nodes"]}
    assert kinds == {"ORDER", "PRODUCT"}
    sandbox.set_clock("2026-09-01T00:00:00Z")
    assert shop.rest(asked)[2] == {"events": []}


def test_texts_of_products_and_variants_by_themselves(sandbox: SandboxClient) -> None:
    shop = ShopClient(sandbox.url)
    products = shop.data(
        "{products(first:250){nodes{id bodyHtml descriptionHtml description "
        "variants(first:50){nodes{id sku}}}}}"
    )["products"]["nodes"]
    assert all(one["bodyHtml"] == one["descriptionHtml"] for one in products)
    assert all(one["bodyHtml"] == f"<p>{one['description']}</p>" for one in products)
    below = [node["id"] for one in products for node in one["variants"]["nodes"]]
    found = shop.data("{productVariants(first:250){nodes{id sku product{id}}}}")
    variants = found["productVariants"]["nodes"]
    assert sorted(one["id"] for one in variants) == sorted(below)
    one = shop.data("query($i:ID!){productVariant(id:$i){id sku}}", i=below[0])["productVariant"]
    assert one == products[0]["variants"]["nodes"][0]
    done, objects = shop.bulk("{productVariants{edges{node{id sku}}}}")
    assert {one["id"] for one in objects} == set(below)
    assert done["rootObjectCount"] == str(len(below))


def test_addresses_have_provinces_where_the_country_has(sandbox: SandboxClient) -> None:
    query = (
        "{orders(first:250,reverse:true){nodes{shippingAddress{countryCodeV2 provinceCode "
        "province city zip} transactions{status errorCode}}}}"
    )
    nodes = ShopClient(sandbox.url).data(query)["orders"]["nodes"]
    places = [one["shippingAddress"] for one in nodes if one["shippingAddress"]]
    with_province = {"AU", "CA", "IN", "NZ", "US"}
    for one in places:
        assert (one["provinceCode"] is not None) == (one["countryCodeV2"] in with_province)
    assert {one["countryCodeV2"] in with_province for one in places} == {True, False}
    moves = [move for one in nodes for move in one["transactions"]]
    assert all((one["errorCode"] is None) == (one["status"] != "FAILURE") for one in moves)
    assert any(one["errorCode"] == "CARD_DECLINED" for one in moves)


PRICE = "{amount currency_code:currencyCode}"
SELECTED = {
    "transactions": """{orders{edges{node{__typename id currency:currencyCode transactions{id
 errorCode test kind amount createdAt status processedAt gateway paymentId accountNumber
 formattedGateway manuallyCapturable receipt:receiptJson parentTransaction{parentId:id}
 authorization:authorizationCode totalUnsettledSet{presentmentMoney{amount currency:currencyCode}
 shopMoney{amount currency:currencyCode}} amountSet{shop_money:shopMoney{amount}}
 fees{id rate type flat_fee_name:flatFeeName amount{amount}} paymentDetails{...on CardPaymentDetails
 {avsResultCode creditCardBin:bin creditCardExpirationYear:expirationYear}}}}}}}""",
    "products": f"""{{products(sortKey:UPDATED_AT){{edges{{node{{__typename id publishedAt createdAt
 status vendor updatedAt bodyHtml productType tags handle templateSuffix title description
 descriptionHtml isGiftCard legacyResourceId onlineStorePreviewUrl onlineStoreUrl totalInventory
 tracksInventory hasOnlyDefaultVariant hasOutOfStockVariants requiresSellingPlan
 priceRangeV2{{max_variant_price:maxVariantPrice{PRICE} min_variant_price:minVariantPrice{PRICE}}}
 featuredImage{{height id url width alt_text:altText}} seo{{description title}}
 featuredMedia{{alt id status preview{{status image{{id}}}} mediaErrors{{code details message}}}}
 feedback{{summary details{{app{{id}} link{{url}} messages{{field message}}}}}}
 total_variants:variantsCount{{total_variants:count}} media_count:mediaCount{{media_count:count}}
 options{{id name values position}} images{{edges{{node{{__typename id}}}}}}
 variants{{edges{{node{{__typename id}}}}}}}}}}}}}}""",
    "product_variants": f"""{{productVariants{{edges{{node{{__typename id title price sku position
 inventoryPolicy compareAtPrice createdAt updatedAt taxable barcode inventoryQuantity
 requiresComponents availableForSale displayName taxCode options:selectedOptions{{name value
 option_value:optionValue{{id name has_variants:hasVariants swatch{{color image{{id
 image{{src url}}}}}}}}}} image{{image_id:id image_src:src image_url:url}}
 old_inventory_quantity:inventoryQuantity product{{product_id:id product_options:options{{id name
 position}}}} inventoryItem{{inventory_item_id:id tracked requires_shipping:requiresShipping
 measurement{{weight{{value unit}}}}}} productVariantComponents{{edges{{node{{__typename id quantity
 productVariant{{id product{{id}}}}}}}}}} presentmentPrices{{edges{{node{{__typename
 price{PRICE} compareAtPrice{PRICE}}}}}}}}}}}}}}}""",
    "customer_address": """{customers{edges{node{__typename id defaultAddress{id} addresses{address1
 address2 city country countryCode company firstName id lastName name phone province provinceCode
 zip} updatedAt}}}}""",
    "order_risks": """{orders{edges{node{__typename updatedAt order_id:id risk{recommendation
 assessments{risk_level:riskLevel facts{description sentiment} provider{features description handle
 provider_id:id failed_requirements:failedRequirements{message action{title url action_id:id}}
 feedback{link{label url} messages{field message}}}}}}}}}""",
}


@pytest.mark.parametrize("stream", SELECTED)
def test_what_airbytes_source_selects_in_bulk_is_served(few_days: str, stream: str) -> None:
    done, objects = ShopClient(few_days).bulk(SELECTED[stream])
    roots = [one for one in objects if "__parentId" not in one]
    assert len(roots) == int(done["rootObjectCount"]) > 20


def test_options_and_price_ranges_are_those_of_the_variants(few_days: str) -> None:
    _, objects = ShopClient(few_days).bulk(SELECTED["product_variants"])
    prices: dict[str, list[float]] = {}
    for one in objects:
        assert one["options"][0]["value"] == one["title"]
        prices.setdefault(one["product"]["product_id"], []).append(float(one["price"]))
    _, objects = ShopClient(few_days).bulk(SELECTED["products"])
    for one in (one for one in objects if "__parentId" not in one):
        bounds = one["priceRangeV2"]
        of_variants = prices[one["id"]]
        assert float(bounds["min_variant_price"]["amount"]) == min(of_variants)
        assert float(bounds["max_variant_price"]["amount"]) == max(of_variants)
        assert len(one["options"][0]["values"]) == one["total_variants"]["total_variants"]
