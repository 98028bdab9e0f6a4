"""The sales of an organization: one door to its people, companies and deals.

Everything that will ever happen is drawn once; who asks as of a clock takes what lies before it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property

from connectors.sandbox.business.crm_deals import PIPELINES, deals_of, owners_of
from connectors.sandbox.business.crm_entities import SHOP, WON, Company, CrmSystem, Deal, Person
from connectors.sandbox.business.crm_people import companies_of, people_of
from connectors.sandbox.business.entities import Account
from connectors.sandbox.business.parameters import Parameters
from connectors.sandbox.business.portfolio import Portfolio
from connectors.sandbox.business.shop import ShopBook
from connectors.sandbox.business.shop_entities import NEVER

_NEW_IDS = 5_000_000


class CrmBook:
    """The sales of one organization.

    Attributes:
        system: What it sells with.
        book: The shop whose goods it sells; its currency and zone are the account's.
        account: Its account there.
        pipelines: The ways that deals go.
    """

    pipelines = PIPELINES

    def __init__(
        self,
        parameters: Parameters,
        system: CrmSystem,
        book: ShopBook,
        portfolios: Sequence[Portfolio],
    ) -> None:
        self.system, self.book = system, book
        self._parameters, self._portfolios = parameters, portfolios
        shop = book.shop
        owner = shop.organization
        places = (shop.currency, shop.time_zone, shop.units_per_eur)
        id_ = system.account_id(owner)
        self.account = Account(id_, shop.number, owner, owner.name, *places, system.platform)
        self.owners = owners_of(parameters, shop)

    @cached_property
    def people(self) -> tuple[Person, ...]:
        """Everybody, by when they came."""
        return people_of(self._parameters, self.book, self._portfolios)

    @cached_property
    def companies(self) -> tuple[Company, ...]:
        """The companies that they work for."""
        return companies_of(self.book.shop.organization, self.people)

    @cached_property
    def deals(self) -> tuple[Deal, ...]:
        """All deals."""
        return deals_of(self._parameters, self.book.shop, self.people, self.owners)

    def is_there(self, person: Person, clock: int) -> bool:
        """Says whether somebody is known as of a clock, in the bin or not, and nobody else."""
        return person.created <= clock < person.merged

    def survivor(self, person: Person, clock: int) -> Person:
        """Returns who somebody turned out to be by a clock."""
        while person.merged <= clock:
            person = self.people[person.into]
        return person

    def merged_into(self, person: Person, clock: int) -> list[Person]:
        """Returns those who turned out to be somebody by a clock, in the order of the merges."""
        found: list[Person] = []
        for one in self._merged[person.number]:
            if one.merged <= clock:
                found += [*self.merged_into(one, clock), one]
        return sorted(found, key=lambda one: (one.merged, one.number))

    def ids(self, person: Person, clock: int) -> list[str]:
        """Returns the ids that somebody has had by a clock; the last one is the present one."""
        ids = [self.system.ids("person", person.number)]
        renumbered = [
            one for one in self._merged[person.number] if one.merged <= clock and one.number % 2
        ]
        if self.system.gives_new_ids and renumbered:
            ids.append(self.system.ids("person", person.number + _NEW_IDS))
        return ids

    def id_of(self, person: Person, clock: int) -> str:
        """Returns the id that somebody has as of a clock."""
        return self.ids(person, clock)[-1]

    def buyers(self, deal: Deal, clock: int) -> list[Person]:
        """Returns whom a deal is sold to as of a clock, the one that was first known at the front.

        Who is in the bin has lost its deals.
        """
        found = {
            one.number: one
            for one in (self.survivor(self.people[number], clock) for number in deal.people)
        }
        return sorted(
            (one for one in found.values() if not one.in_bin(clock)),
            key=lambda one: (one.created, one.number),
        )

    def deals_with(self, person: Person, clock: int) -> list[Deal]:
        """Returns the deals that were ever made with somebody by a clock."""
        numbers = [person.number, *(one.number for one in self.merged_into(person, clock))]
        return [
            deal for number in numbers for deal in self._by_person[number] if deal.created <= clock
        ]

    def converted(self, person: Person, clock: int) -> int:
        """Returns when somebody first had a deal, as of a clock; NEVER while it has none."""
        known = _last_seen(person, clock)
        return min((one.created for one in self.deals_with(person, known)), default=NEVER)

    def bought(self, person: Person, clock: int) -> int:
        """Returns when somebody became a customer, as of a clock; NEVER while it is none."""
        if person.origin.kind == SHOP:
            return person.created
        known = _last_seen(person, clock)
        won = [
            one.closed(known)
            for one in self.deals_with(person, known)
            if one.stage(known).outcome == WON
        ]
        return min(won, default=NEVER)

    def updated(self, person: Person, clock: int) -> int:
        """Returns when somebody last changed as of a clock."""
        instants = [person.created, person.archived, person.restored, person.touched]
        instants += [one.merged for one in self.merged_into(person, clock)]
        instants += [self.converted(person, clock), self.bought(person, clock)]
        return max(at for at in instants if at <= clock)

    def known(self, clock: int) -> Iterator[Person]:
        """Yields who is known as of a clock, in the bin or not."""
        return (one for one in self.people if self.is_there(one, clock))

    @cached_property
    def _merged(self) -> dict[int, list[Person]]:
        found: dict[int, list[Person]] = defaultdict(list)
        for one in self.people:
            if one.into >= 0:
                found[one.into].append(one)
        return found

    @cached_property
    def _by_person(self) -> dict[int, list[Deal]]:
        found: dict[int, list[Deal]] = defaultdict(list)
        for deal in self.deals:
            for number in deal.people:
                found[number].append(deal)
        return found


def _last_seen(person: Person, clock: int) -> int:
    """Returns until when somebody's deals concern it: in the bin nothing changes."""
    return person.archived if person.in_bin(clock) else clock
