"""Who is one person in the business: in two shops, in mail and in sales."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime

import pytest

from connectors.sandbox.business import Business
from connectors.sandbox.business.outlet import outlet_of
from connectors.sandbox.business.shop_customers import person_of
from connectors.sandbox.service import services
from connectors.sandbox.truth.question import Question, Row

CLOCK = datetime(2026, 11, 15, 6, tzinfo=UTC)


@pytest.fixture(scope="module")
def people(business: Business) -> dict[str, list[Row]]:
    """The records of each person of the truth."""
    found: dict[str, list[Row]] = defaultdict(list)
    answers = [one.truth["person"] for one in services() if "person" in one.truth]
    for answer in answers:
        for row in answer(business, Question("person", CLOCK)):
            found[f"{row['organization_id']} {row['person']}"].append(row)
    return found


def test_a_person_is_of_one_organization_and_has_one_record_of_a_shop(
    people: dict[str, list[Row]],
) -> None:
    together: dict[tuple[str, tuple[str, ...]], int] = defaultdict(int)
    for rows in people.values():
        (organization,) = {row["organization_id"] for row in rows}
        places = [(row["platform"], row["account_id"]) for row in rows]
        assert len([one for one in places if one[0] == "shopify"]) <= 1
        together[organization, tuple(sorted({platform for platform, _ in places}))] += 1
    assert {platforms for _, platforms in together} >= {
        ("klaviyo", "shopify"),
        ("shopify", "woocommerce"),
        ("hubspot", "shopify"),
        ("crm_export", "shopify"),
    }


def test_an_address_is_of_one_person(people: dict[str, list[Row]]) -> None:
    owners = defaultdict(set)
    for person, rows in people.items():
        for row in rows:
            owners[row["organization_id"], row["email"].strip().casefold()].add(person)
    assert {len(some) for some in owners.values()} == {1}
    # Some people of the shop gave the people who sell another address.
    several = [rows for rows in people.values() if len({r["email"].casefold() for r in rows}) > 1]
    assert len(several) > 3


def test_a_family_shares_a_number_and_nothing_else(business: Business) -> None:
    organization = next(one for one in business.people.organizations if one.id == "kiwi_kitchen")
    outlet = outlet_of(business, organization, "woocommerce", "outlet.example.com")
    first = business.shop(organization)
    same, family = [], 0
    for place in range(min(outlet.customers, first.customers)):
        one, other = outlet.customer(place), first.customer(place)
        if person_of(outlet.shop, place) == person_of(first.shop, place):
            same.append(place)
            assert (one.email, one.phone) == (other.email, other.phone)
        else:
            assert one.email.casefold() != other.email.casefold()
            family += one.phone is not None and one.phone == other.phone
    assert len(same) > 10
    assert family > 3
