"""When leads become contacts, and who is who after merges, as Salesforce lets one have it.

Leads are merged with leads, contacts with contacts. Where one of two is a contact already, the
lead is converted into it; where the one that stays is still a lead, it is converted first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from connectors.sandbox.business.crm import CrmBook
from connectors.sandbox.business.crm_entities import Deal, Person
from connectors.sandbox.business.shop_entities import NEVER


class Conversions:
    """The conversions of all leads of a book, whatever the clock."""

    def __init__(self, book: CrmBook) -> None:
        self._book = book
        self._kept: dict[int, tuple[int, Deal | None]] = {}

    def of(self, person: Person) -> tuple[int, Deal | None]:
        """Returns when a lead becomes a contact of its own (NEVER), and with which deal."""
        if person.number not in self._kept:
            found = [(self.role_begins(deal, person), deal) for deal in self._deals[person.number]]
            at, deal = min(found, key=lambda one: one[0], default=(NEVER, None))
            taken = [one.merged for one in self.taken_in(person) if self.of(one)[0] < NEVER]
            if min(taken, default=NEVER) < at:
                at, deal = min(taken), None
            self._kept[person.number] = (at, deal) if at < person.merged else (NEVER, None)
        return self._kept[person.number]

    def joins_contact(self, person: Person) -> bool:
        """Reports whether a lead that turns out to be somebody is converted into its contact."""
        if person.into < 0 or self.of(person)[0] < NEVER:
            return False
        return self.of(self._book.people[person.into])[0] <= person.merged

    def role_begins(self, deal: Deal, person: Person) -> int:
        """Returns when somebody comes to a deal: who is in the bin does so when it is restored."""
        return person.restored if person.in_bin(deal.created) else deal.created

    def taken_in(self, person: Person) -> list[Person]:
        """Returns those who turn out to be somebody, one step away."""
        return self._taken[person.number]

    def chain(self, person: Person, clock: int) -> Iterator[Person]:
        """Yields somebody and all that it turns out to be by a clock, one after the other."""
        yield person
        while person.merged <= clock:
            person = self._book.people[person.into]
            yield person

    def lead(self, person: Person, clock: int) -> Person:
        """Returns whose lead somebody's lead has become by merges of leads."""
        for one in self.chain(person, clock):
            stays = one.merged > clock or self.of(one)[0] < NEVER or self.joins_contact(one)
            if stays:
                return one
        raise AssertionError("a chain ends with somebody who stays")

    @cached_property
    def _deals(self) -> dict[int, list[Deal]]:
        found: dict[int, list[Deal]] = defaultdict(list)
        for deal in self._book.deals:
            buyers = {
                self._book.survivor(self._book.people[one], deal.created).number
                for one in deal.people
            }
            for number in buyers:
                found[number].append(deal)
        return found

    @cached_property
    def _taken(self) -> dict[int, list[Person]]:
        found: dict[int, list[Person]] = defaultdict(list)
        for one in self._book.people:
            if one.into >= 0:
                found[one.into].append(one)
        return found
