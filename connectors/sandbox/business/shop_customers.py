"""Who buys: one customer at a time, drawn from the customer's place in the ledger.

Some people buy in the shop that their organization has beside its first one as well, under the
same address and number. Of the others some are of a family with a customer of the first shop, and
share nothing but the number.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

from connectors.sandbox.business.entities import History
from connectors.sandbox.business.shop_entities import (
    IDS_PER_CUSTOMER,
    Customer,
    Shop,
    first_customer_id,
)

_FIRST = ("Ada", "Ben", "Chloé", "Dev", "Emi", "Farid", "Grace", "Hana", "Ivan", "Jörg", "Kiri",
          "Lena", "Mei", "Noor", "Olu", "Priya", "Quinn", "Rosa", "Sven", "Tane")  # fmt: skip
_LAST = ("Abbott", "Bauer", "Chandra", "Díaz", "Evans", "Fischer", "Gupta", "Hansen", "Ito",
         "Jones", "Kaur", "Lindt", "Müller", "Ngata", "O'Brien", "Patel", "Reyes")  # fmt: skip
_LOCALES = {"DE": "de", "US": "en-US", "NZ": "en-NZ", "IN": "en-IN", "GB": "en-GB", "AU": "en-AU",
            "FR": "fr", "CA": "en-CA"}  # fmt: skip
_ABROAD = ("FR", "US", "GB", "CA", "AU")
_LONGEST_CHANGE = 60 * 86_400
_ALSO_ELSEWHERE_ONE_OF, _FAMILY_ONE_OF = 4, 16


def country_of(random: Random, shop: Shop) -> str:
    """Returns a country: mostly the shop's own."""
    return shop.country if random.random() < 0.9 else _ABROAD[random.randrange(len(_ABROAD))]


def person_of(shop: Shop, place: int) -> str:
    """Returns who a customer is: one name for each person of the business.

    Args:
        shop: Whose customer.
        place: The position among the shop's customers.
    """
    first = shop.organization.number
    number = first if place % _ALSO_ELSEWHERE_ONE_OF == 0 else shop.number
    return f"customer {number} {place}"


def customer_of(seed: int, shop: Shop, place: int, created: int) -> Customer:
    """Draws the customer at a place of the ledger.

    Args:
        seed: The seed of the business.
        shop: Whose customer.
        place: The position among the shop's customers.
        created: When the customer came to be, in seconds since 1970 UTC.
    """
    random = Random(f"{seed} customer {shop.number} {place}")
    first, last, country, email, number = _contact(random, shop, place)
    if shop.number != shop.organization.number:
        usual = Random(f"{seed} customer {shop.organization.number} {place}")
        *_, known_email, known_number = _contact(usual, shop, place)
        if place % _ALSO_ELSEWHERE_ONE_OF == 0:
            email, number = known_email, known_number
        else:
            email = email.replace("@", f".{shop.number}@")
            is_family = place % _FAMILY_ONE_OF == 1
            number = known_number if is_family else number and f"+4940{place:07d}"
    born = datetime.fromtimestamp(created, UTC)
    return Customer(
        id=first_customer_id(shop) + place * IDS_PER_CUSTOMER,
        created=created,
        first_name=first,
        last_name=last,
        email=email,
        phone=number,
        country=country,
        locale=_LOCALES[country],
        state="ENABLED" if random.random() < 0.35 else "DISABLED",
        tags=_tags(random, born),
        consent=_consent(random, born),
    )


def _contact(random: Random, shop: Shop, place: int) -> tuple[str, str, str, str, str | None]:
    """Draws first and last name, country, address and phone number."""
    first = _FIRST[random.randrange(len(_FIRST))]
    last = _LAST[random.randrange(len(_LAST))]
    country = country_of(random, shop)
    name = f"{first}.{last}".lower().replace("'", "")
    # Addresses are written as people write them: capitals and blanks are not another person.
    email = f"{name}.{place}@example.com"
    if random.random() < 0.1:
        email = email.title()
    return first, last, country, email, f"+4930{place:07d}" if random.random() < 0.4 else None


def _tags(random: Random, born: datetime) -> History[tuple[str, ...]]:
    first = ("newsletter",) if random.random() < 0.3 else ()
    if random.random() < 0.06:
        return History.of(born, first, (_later(random, born), (*first, "VIP")))
    return History.of(born, first)


def _consent(random: Random, born: datetime) -> History[str]:
    chance = random.random()
    first = "SUBSCRIBED" if chance < 0.45 else "PENDING" if chance < 0.5 else "NOT_SUBSCRIBED"
    if first == "PENDING":
        return History.of(born, first, (born + timedelta(hours=3), "SUBSCRIBED"))
    if random.random() < 0.08:
        other = "UNSUBSCRIBED" if first == "SUBSCRIBED" else "SUBSCRIBED"
        return History.of(born, first, (_later(random, born), other))
    return History.of(born, first)


def _later(random: Random, born: datetime) -> datetime:
    return born + timedelta(seconds=random.randrange(3_600, _LONGEST_CHANGE))
