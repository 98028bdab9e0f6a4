"""The same second reading for customers, products with their variants, and the shop itself."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from tests.referees.pulls import Row
from tests.referees.shopify_columns import Json, instant, listed, upper

Token = Callable[[str | None], str | None]


def spelled(email: str | None) -> str | None:
    """The one spelling of an address, of which the token is made."""
    return email and email.strip().lower()


def dialled(phone: str | None) -> str | None:
    """The one spelling of a number: its plus and its digits."""
    return phone and "+" + "".join(filter(str.isdigit, phone))


def rest_customer(one: Json, token: Token) -> Row:
    """A customer of REST as our columns; it has no language."""
    return {
        "customer_id": str(one["id"]),
        "created_at": instant(one["created_at"]),
        "updated_at": instant(one["updated_at"]),
        "state": upper(one["state"]),
        "number_of_orders": one["orders_count"],
        "amount_spent": Decimal(one["total_spent"]),
        "amount_spent_currency": one["currency"],
        "country_code": one["default_address"]["country_code"],
        "tags": sorted(listed(one["tags"])),
        "email": token(spelled(one["email"])),
        "phone": token(dialled(one["phone"])),
        "marketing_state": upper(one["email_marketing_consent"]["state"]),
    }


def node_customer(one: Json, token: Token) -> Row:
    """A customer of GraphQL as our columns."""
    email, phone = one["defaultEmailAddress"] or {}, one["defaultPhoneNumber"] or {}
    return {
        "customer_id": one["legacyResourceId"],
        "created_at": instant(one["createdAt"]),
        "updated_at": instant(one["updatedAt"]),
        "state": one["state"],
        "number_of_orders": int(one["numberOfOrders"]),
        "amount_spent": Decimal(one["amountSpent"]["amount"]),
        "amount_spent_currency": one["amountSpent"]["currencyCode"],
        "country_code": (one["defaultAddress"] or {}).get("countryCodeV2"),
        "locale": one["locale"],
        "tags": one["tags"],
        "email": token(spelled(email.get("emailAddress"))),
        "phone": token(dialled(phone.get("phoneNumber"))),
        "marketing_state": email.get("marketingState"),
    }


def rest_product(one: Json) -> Row:
    """A product of REST as our columns; it has no stock of its own, no costs and no taxonomy."""
    return {
        "product_id": str(one["id"]),
        "title": one["title"],
        "handle": one["handle"],
        "status": upper(one["status"]),
        "vendor": one["vendor"],
        "product_type": one["product_type"],
        "tags": listed(one["tags"]),
        "created_at": instant(one["created_at"]),
        "updated_at": instant(one["updated_at"]),
        "published_at": instant(one["published_at"]),
        "total_inventory": sum(each["inventory_quantity"] for each in one["variants"]),
        "variants": [
            {
                "id": str(each["id"]),
                "title": each["title"],
                "sku": each["sku"],
                "price": Decimal(each["price"]),
                "compare_at": each["compare_at_price"] and Decimal(each["compare_at_price"]),
                "stock": each["inventory_quantity"],
                "at": instant(each["updated_at"]),
            }
            for each in one["variants"]
        ],
    }


def node_product(one: Json) -> Row:
    """A product of GraphQL as our columns."""
    return {
        "product_id": one["legacyResourceId"],
        "title": one["title"],
        "handle": one["handle"],
        "status": one["status"],
        "vendor": one["vendor"],
        "product_type": one["productType"],
        "category": one["category"]["fullName"],
        "tags": one["tags"],
        "created_at": instant(one["createdAt"]),
        "updated_at": instant(one["updatedAt"]),
        "published_at": instant(one["publishedAt"]),
        "total_inventory": one["totalInventory"],
        "variants": [node_variant(each) for each in one["variants"]["nodes"]],
    }


def node_variant(each: Json) -> Row:
    """A variant, as GraphQL answers and as our JSON keeps it."""
    cost = (each["inventoryItem"] or {}).get("unitCost")
    return {
        "id": each["legacyResourceId"],
        "title": each["title"],
        "sku": each["sku"],
        "price": Decimal(each["price"]),
        "compare_at": each["compareAtPrice"] and Decimal(each["compareAtPrice"]),
        "stock": each["inventoryQuantity"],
        "at": instant(each["updatedAt"]),
        "cost": cost and (Decimal(cost["amount"]), cost["currencyCode"]),
    }


def node_shop(one: Json) -> Row:
    """The shop itself."""
    return {
        "shop_id": one["id"],
        "name": one["name"],
        "myshopify_domain": one["myshopifyDomain"],
        "currency_code": one["currencyCode"],
        "iana_time_zone": one["ianaTimezone"],
        "plan_name": one["plan"]["displayName"],
    }


def rest_shop(one: Json) -> Row:
    """The shop of REST."""
    return {
        "shop_id": f"gid://shopify/Shop/{one['id']}",
        "name": one["name"],
        "myshopify_domain": one["myshopify_domain"],
        "currency_code": one["currency"],
        "iana_time_zone": one["iana_timezone"],
        "plan_name": one["plan_display_name"],
    }
