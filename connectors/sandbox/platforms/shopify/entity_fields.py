"""How each field of customers, products and the shop itself is read from the business."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from connectors.sandbox.business.shop_entities import Product, Variant
from connectors.sandbox.platforms.shopify.entity_facts import (
    description_of,
    inventory_of,
    last_change,
    product_updated,
    province_of,
    variant_updated,
)
from connectors.sandbox.platforms.shopify.order_fields import journey_ready
from connectors.sandbox.platforms.shopify.view import (
    CustomerNode,
    VariantNode,
    View,
    amount,
    gid,
    instant,
    when,
)
from connectors.sandbox.wire.amounts import money

Getter = Callable[[Any], Any]
_COUNTRIES = {"AU": "Australia", "CA": "Canada", "DE": "Germany", "FR": "France",
              "GB": "United Kingdom", "IN": "India", "NZ": "New Zealand",
              "US": "United States"}  # fmt: skip
_PRESENTMENT = ("EUR", "GBP", "JPY", "USD")


def fields_of(view: View) -> Mapping[str, Mapping[str, Getter]]:
    """Returns the getters of the types whose fields depend on the clock."""
    return {
        "Shop": _shop(view),
        "ShopPlan": {
            "displayName": lambda one: one.shop.plan,
        },
        "AppInstallation": {
            "id": lambda one: gid("AppInstallation", one.shop.number + 1),
            "accessScopes": lambda one: sorted(one.scopes),
        },
        "AccessScope": {
            "handle": lambda scope: scope,
            "description": lambda scope: scope.replace("_", " ").capitalize(),
        },
        "Customer": _customer(view),
        "CustomerEmailAddress": {
            "emailAddress": lambda one: one.customer.email,
            "marketingState": lambda one: one.customer.consent.at(view.now),
        },
        "CustomerPhoneNumber": {"phoneNumber": lambda one: one.customer.phone},
        "MailingAddress": {
            "id": lambda one: gid("MailingAddress", one.customer.id + 1),
            "countryCodeV2": lambda one: one.customer.country,
            "countryCode": lambda one: one.customer.country,
            "country": lambda one: _COUNTRIES[one.customer.country],
            "provinceCode": lambda one: province_of(one.customer)[0],
            "province": lambda one: province_of(one.customer)[1],
            "city": lambda _: "Sandbox City",
            "zip": lambda one: f"{one.customer.id % 90_000 + 10_000}",
            "firstName": lambda one: one.customer.first_name,
            "lastName": lambda one: one.customer.last_name,
            "name": lambda one: f"{one.customer.first_name} {one.customer.last_name}",
            "company": lambda _: None,
            "phone": lambda one: one.customer.phone,
            "address1": lambda one: f"{one.customer.id % 97 + 1} Example Street",
            "address2": lambda _: None,
        },
        "TaxonomyCategory": {"fullName": lambda name: name},
        "Product": _product(view),
        "ProductVariant": _variant(view),
        "InventoryItem": {
            "id": lambda one: gid("InventoryItem", one.variant.id + 3),
            "legacyResourceId": lambda one: str(one.variant.id + 3),
            "sku": lambda one: one.variant.sku,
            "tracked": lambda _: True,
            "requiresShipping": lambda one: not one.product.is_gift_card,
            "measurement": lambda one: one,
            "unitCost": lambda one: _unit_cost(view, one.variant),
            "createdAt": lambda one: when(one.variant.price_cents.created),
            "updatedAt": lambda one: when(last_change(one.variant.cost_cents, view)),
        },
        "ProductPriceRangeV2": {
            "maxVariantPrice": lambda one: _price(view, one, max),
            "minVariantPrice": lambda one: _price(view, one, min),
        },
        # Every product has one option: the names of its variants.
        "ProductOption": {
            "id": lambda one: gid("ProductOption", one.id + 1),
            "name": lambda _: "Title",
            "position": lambda _: 1,
            "values": lambda one: [variant.title for variant in one.variants],
        },
        "SelectedOption": {
            "name": lambda _: "Title",
            "value": lambda one: one.variant.title,
            "optionValue": lambda one: one,
        },
        "ProductOptionValue": {
            "id": lambda one: gid("ProductOptionValue", one.variant.id + 4),
            "name": lambda one: one.variant.title,
        },
        "CustomerJourneySummary": {
            "ready": journey_ready,
            "customerOrderIndex": lambda one: (
                one.order.customer_order or None if journey_ready(one) else None
            ),
            "firstVisit": lambda one: one.order.first_visit if journey_ready(one) else None,
            "lastVisit": lambda one: one.order.visit if journey_ready(one) else None,
        },
        "CustomerVisit": {
            "occurredAt": lambda one: instant(one.at),
            "source": lambda one: one.source,
            "landingPage": lambda one: one.landing_page,
            "referrerUrl": lambda one: one.referrer,
            "utmParameters": lambda one: one.utm,
        },
        "UTMParameters": {
            "source": lambda one: one[0],
            "medium": lambda one: one[1],
            "campaign": lambda one: one[2],
            "term": lambda one: one[3],
            "content": lambda one: one[4],
        },
        "Count": {
            "count": lambda one: min(one),
            "precision": lambda one: "EXACT" if one[0] <= one[1] else "AT_LEAST",
        },
    }


def _unit_cost(view: View, variant: Variant) -> tuple[str, str] | None:
    cents = variant.cost_cents.at(view.now)
    return None if cents is None else (amount(cents), view.shop.currency)


def _price(view: View, product: Product, choose: Callable[..., int]) -> tuple[str, str]:
    cents = choose(variant.price_cents.at(view.now) for variant in product.variants)
    return amount(cents), view.shop.currency


def _shop(view: View) -> dict[str, Getter]:
    zone = ZoneInfo(view.shop.time_zone)
    local = view.now.astimezone(zone)
    offset = local.utcoffset()
    minutes = 0 if offset is None else int(offset.total_seconds()) // 60
    domain = f"{view.shop.id}.myshopify.com"
    return {
        "id": lambda one: gid("Shop", one.shop.first_id + 1),
        "name": lambda one: one.shop.name,
        "email": lambda one: f"owner@{one.shop.organization.site.rsplit('www.', 1)[-1]}",
        "myshopifyDomain": lambda _: domain,
        "url": lambda _: f"https://{domain}",
        "createdAt": lambda one: when(one.shop.created),
        "currencyCode": lambda one: one.shop.currency,
        "enabledPresentmentCurrencies": lambda one: sorted({*_PRESENTMENT, one.shop.currency}),
        "ianaTimezone": lambda one: one.shop.time_zone,
        "timezoneOffsetMinutes": lambda _: minutes,
        "taxesIncluded": lambda one: one.shop.taxes_included,
        "plan": lambda one: one,
    }


def _customer(view: View) -> dict[str, Getter]:
    def spent(one: CustomerNode) -> tuple[str, str]:
        return amount(view.book.spending(one.place, view.clock)[1]), view.shop.currency

    def updated(one: CustomerNode) -> str:
        return instant(int(view.book.customers_updated(view.clock)[one.place]))

    return {
        "id": lambda one: gid("Customer", one.customer.id),
        "legacyResourceId": lambda one: str(one.customer.id),
        "createdAt": lambda one: instant(one.customer.created),
        "updatedAt": updated,
        "firstName": lambda one: one.customer.first_name,
        "lastName": lambda one: one.customer.last_name,
        "numberOfOrders": lambda one: str(view.book.spending(one.place, view.clock)[0]),
        "amountSpent": spent,
        "state": lambda one: one.customer.state,
        "tags": lambda one: sorted(one.customer.tags.at(view.now)),
        "locale": lambda one: one.customer.locale,
        "email": lambda one: one.customer.email,
        "phone": lambda one: one.customer.phone,
        "defaultEmailAddress": lambda one: one,
        "defaultPhoneNumber": lambda one: one if one.customer.phone else None,
        "defaultAddress": lambda one: one,
    }


def _product(view: View) -> dict[str, Getter]:
    return {
        "id": lambda one: gid("Product", one.id),
        "legacyResourceId": lambda one: str(one.id),
        "title": lambda one: one.title.at(view.now),
        "handle": lambda one: one.handle,
        "bodyHtml": lambda one: f"<p>{description_of(one)}</p>",
        "descriptionHtml": lambda one: f"<p>{description_of(one)}</p>",
        "description": description_of,
        "status": lambda one: one.status.at(view.now),
        "vendor": lambda one: one.vendor,
        "productType": lambda one: one.type,
        "category": lambda one: one.category,
        "tags": lambda one: sorted(one.tags),
        "createdAt": lambda one: when(one.title.created),
        "updatedAt": lambda one: when(product_updated(one, view)),
        "publishedAt": lambda one: (
            when(one.title.created) if one.status.at(view.now) == "ACTIVE" else None
        ),
        "totalInventory": lambda one: sum(inventory_of(view, variant) for variant in one.variants),
        "tracksInventory": lambda _: True,
        "isGiftCard": lambda one: one.is_gift_card,
        "hasOnlyDefaultVariant": lambda one: len(one.variants) == 1,
        "priceRangeV2": lambda one: one,
        "seo": lambda one: one,
        "variantsCount": lambda one: (len(one.variants), 10_000),
    }


def _variant(view: View) -> dict[str, Getter]:
    def compared(one: VariantNode) -> str | None:
        cents = one.variant.compare_at_cents.at(view.now)
        return None if cents is None else money(cents)

    return {
        "id": lambda one: gid("ProductVariant", one.variant.id),
        "legacyResourceId": lambda one: str(one.variant.id),
        "title": lambda one: one.variant.title,
        "displayName": lambda one: f"{one.product.title.at(view.now)} - {one.variant.title}",
        "sku": lambda one: one.variant.sku,
        "barcode": lambda _: None,
        "price": lambda one: money(one.variant.price_cents.at(view.now)),
        "compareAtPrice": compared,
        "inventoryQuantity": lambda one: inventory_of(view, one.variant),
        "position": lambda one: one.position,
        "taxable": lambda one: view.shop.tax_per_mille > 0 and not one.product.is_gift_card,
        "availableForSale": lambda one: one.product.status.at(view.now) == "ACTIVE",
        "createdAt": lambda one: when(one.variant.price_cents.created),
        "updatedAt": lambda one: when(variant_updated(one.variant, view)),
        "selectedOptions": lambda one: [one],
        "inventoryItem": lambda one: one,
        "product": lambda one: one.product,
    }
