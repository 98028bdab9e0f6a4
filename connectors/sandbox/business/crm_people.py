"""Who is sold to: people by the ads that brought them, by themselves or from the shop."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

from connectors.sandbox.business.calendar import midnight
from connectors.sandbox.business.crm_entities import (
    AD_VISIT,
    DIRECT,
    FORM_AD,
    IMPORT,
    OFFLINE,
    REFERRAL,
    SEARCH,
    SHOP,
    Company,
    Origin,
    Person,
)
from connectors.sandbox.business.entities import Organization
from connectors.sandbox.business.parameters import Parameters
from connectors.sandbox.business.portfolio import Portfolio
from connectors.sandbox.business.shop import ShopBook

DAY = 86_400
_HOUR = 3_600
DAYS_BEFORE = 8
"""Sales are older than the business days: some are known who came before. Not by much: what is
sold is converted at the rate of its day, and these begin with the oldest connection."""
_FIRST = ("Asha", "Bela", "Carl", "Dina", "Eli", "Fay", "Gus", "Hugo", "Ines", "Jo", "Kofi", "Lara")
_LAST = ("Ahmed", "Brandt", "Costa", "Dietz", "Ekström", "Faure", "Grant", "Horvath", "Iyer")
_INDUSTRIES = ("HOSPITALITY", "SOFTWARE", "INSURANCE", "EDUCATION", "RETAIL")
_COUNTRIES = ("India", "India", "India", "India", "United Kingdom")
_OWN = (SEARCH, REFERRAL, DIRECT, OFFLINE)
_PEOPLE_OF_COMPANY = 3
_MERGED_ONE_OF, _ARCHIVED_ONE_OF, _RESTORED_ONE_OF = 37, 29, 58
_FROM_SHOP_ONE_OF, _OTHER_ADDRESS_ONE_OF = 60, 4

Came = tuple[int, Origin, int | None]
"""When somebody came, where from, and the place in the shop's ledger of who is a customer."""


def companies_of(organization: Organization, people: Sequence[Person]) -> tuple[Company, ...]:
    """Returns the companies that people work for, each as old as the first of them."""
    found: dict[int, Company] = {}
    for one in people:
        if one.company >= 0 and one.company not in found:
            number = one.company
            found[number] = Company(
                number=number,
                name=f"{_LAST[number % len(_LAST)]} {organization.products[number % 3]} {number}",
                domain=f"company-{number}.example",
                industry=_INDUSTRIES[number % len(_INDUSTRIES)],
                country=_COUNTRIES[number % len(_COUNTRIES)],
                employees=7 + number * 13 % 400,
                created=one.created,
            )
    return tuple(found[number] for number in sorted(found))


def people_of(
    parameters: Parameters,
    book: ShopBook,
    portfolios: Sequence[Portfolio],
) -> tuple[Person, ...]:
    """Returns everybody, by when they came.

    Args:
        parameters: The business.
        book: The shop of the organization.
        portfolios: Its ad accounts.
    """
    came = [*_own(parameters, book), *_by_ads(parameters, portfolios)]
    came += _from_shop(book)
    came.sort(key=lambda one: (one[0], one[1].kind))
    drawn = [_reached(_person(parameters, n, *one), book) for n, one in enumerate(came)]
    people = [_with_accidents(one, drawn) for one in drawn]
    return (*people, *_imported(parameters, len(people)))


def _own(parameters: Parameters, book: ShopBook) -> Iterator[Came]:
    day = parameters.first_day - timedelta(days=DAYS_BEFORE)
    while day <= parameters.end:
        random = Random(f"{parameters.seed} people {book.shop.number} {day}")
        at = int(midnight(book.shop.time_zone, day).timestamp())
        yield at + random.randrange(8 * _HOUR, 20 * _HOUR), Origin(random.choice(_OWN)), None
        day += timedelta(days=1)


def _by_ads(parameters: Parameters, portfolios: Sequence[Portfolio]) -> Iterator[Came]:
    """Yields those who filled in the form of an ad, and those who did so after a visit."""
    for portfolio in portfolios:
        account, forms = portfolio.account, portfolio.network.forms
        held = [unit.campaign for unit in portfolio.units]
        day = parameters.first_day
        while day <= parameters.end:
            random = Random(f"{parameters.seed} leads {account.serial} {day}")
            clicks = portfolio.expected_clicks(parameters.seed, day).tolist()
            begin = int(midnight(account.time_zone, day).timestamp())
            for kind, share, most in ((FORM_AD, 0.04, 0.8), (AD_VISIT, 0.002, 0.3)):
                expected = [
                    clicks[place] * ((one.channel in forms) == (kind == FORM_AD))
                    for place, one in enumerate(held)
                ]
                # At most one of each a day: deals are few.
                wanted = min(most, share * sum(expected))
                if random.random() >= wanted:
                    continue
                (campaign,) = random.choices(held, expected)
                at = begin + random.randrange(8 * _HOUR, 20 * _HOUR)
                yield at, Origin(kind, account, campaign), None
            day += timedelta(days=1)


def _from_shop(book: ShopBook) -> Iterator[Came]:
    for place in range(0, book.customers, _FROM_SHOP_ONE_OF):
        customer = book.customer(place)
        yield customer.created + 600, Origin(SHOP), place


def _person(
    parameters: Parameters, number: int, at: int, origin: Origin, customer: int | None
) -> Person:
    random = Random(f"{parameters.seed} person {number}")
    first, last = random.choice(_FIRST), random.choice(_LAST)
    # Every eighth writes as a private person.
    company = -1 if number % 8 == 5 or customer is not None else number // _PEOPLE_OF_COMPANY
    host = "mail.example" if company < 0 else f"company-{company}.example"
    email = f"{first}.{last}.{number}@{host}".lower()
    return Person(number, first, last, email, company, customer, origin, at)


def _reached(one: Person, book: ShopBook) -> Person:
    """Returns a person who came from the shop with the address it has there, as most have."""
    if one.customer is None or one.number % _OTHER_ADDRESS_ONE_OF == 3:
        return one
    return replace(one, email=book.customer(one.customer).email)


def _with_accidents(one: Person, people: Sequence[Person]) -> Person:
    """Returns a person with what happens to it: a merge, of which some form a chain, or the bin."""
    place = one.number % _MERGED_ONE_OF
    following = people[one.number + 1] if one.number + 1 < len(people) else None
    if place in (20, 21) and not _is_customer(one) and not _is_customer(following):
        assert following is not None
        at = following.created + (2 if place == 20 else 5) * DAY
        return replace(one, into=following.number, merged=at)
    if one.number % _ARCHIVED_ONE_OF == 11 and place != 22:
        archived = one.created + 6 * DAY
        if one.number % _RESTORED_ONE_OF == 11:
            return replace(one, archived=archived, restored=archived + 4 * DAY)
        return replace(one, archived=archived)
    return one


def _is_customer(one: Person | None) -> bool:
    """Says of somebody that a merge cannot concern: it has bought in the shop, or is nobody."""
    return one is None or one.customer is not None


def _imported(parameters: Parameters, first: int) -> Iterator[Person]:
    """Yields people of one list, which one step of an import changed in the same second."""
    if not parameters.imported_people:
        return
    touched = int(midnight("UTC", parameters.end - timedelta(days=1)).timestamp()) + 12 * _HOUR
    for number in range(first, first + parameters.imported_people):
        email = f"import.{number}@list.example"
        created = touched - DAY
        yield Person(
            number, "Im", "Port", email, -1, None, Origin(IMPORT), created, touched=touched
        )
