"""What comes of an organization's mail, and its shop's orders, as events with their instants."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from connectors.sandbox.business.mail import MailBook
from connectors.sandbox.business.mail_entities import Message, Send
from connectors.sandbox.business.mail_reactions import claim_of
from connectors.sandbox.business.shop_entities import NEVER

RECEIVED, BOUNCED, OPENED, CLICKED = "received", "bounced", "opened", "clicked"
UNSUBSCRIBED, COMPLAINED, ORDERED = "unsubscribed", "complained", "ordered"


@dataclass(frozen=True, slots=True)
class MailEvent:
    """One event.

    Attributes:
        at: When, in seconds since 1970 UTC.
        kind: What happened. A mail that bounces is never received.
        person: Whose it is: the id of a member, or a customer's who is none.
        message: The mail that it is of, or that an order is credited to.
        detail: Of a bounce HARD or SOFT; else empty.
        cents: What an order was worth, with tax and shipping.
        order: The shop's id of an order.
    """

    at: int
    kind: str
    person: str
    message: Message | None = None
    detail: str = ""
    cents: int = 0
    order: str = ""


class MailEvents:
    """The events of one account, in the order of their instants."""

    def __init__(self, book: MailBook) -> None:
        self._book = book

    @cached_property
    def all(self) -> list[MailEvent]:
        """All that will ever happen."""
        mails = self._book.messages
        found = [
            event
            for message in (*mails.newsletters, *mails.flows)
            for send in self._book.sends(message)
            for event in self._of_send(send)
        ]
        found += self._uncredited({one.order for one in found})
        return sorted(found, key=lambda one: (one.at, one.kind, one.person, one.order))

    @cached_property
    def of_kind(self) -> dict[str, list[MailEvent]]:
        """The events of each kind."""
        found: dict[str, list[MailEvent]] = defaultdict(list)
        for one in self.all:
            found[one.kind].append(one)
        return found

    @cached_property
    def _instants(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for one in self.all:
            found[one.person].append(one.at)
        return found

    def last_of(self, person: str, clock: int) -> int | None:
        """Returns when somebody's last event was as of a clock; None before the first."""
        instants = self._instants.get(person, [])
        place = bisect_right(instants, clock)
        return instants[place - 1] if place else None

    def _uncredited(self, credited: set[str]) -> Iterator[MailEvent]:
        """Yields the shop's other orders of known customers, which no mail is credited with."""
        shop, system = self._book.book, self._book.system
        members = {one.customer: one.id for one in self._book.members}
        for offset in range(shop.days):
            for order in shop.day(offset):
                if order.customer >= 0 and not order.test and str(order.id) not in credited:
                    claim = claim_of(order, is_caused=False)
                    person = members.get(order.customer) or system.ids("member", -order.customer)
                    cents, number = claim.total_cents, str(order.id)
                    yield MailEvent(claim.at, ORDERED, person, cents=cents, order=number)

    def _of_send(self, send: Send) -> Iterator[MailEvent]:
        person, message = send.member.id, send.message
        if send.bounce is None:
            yield MailEvent(send.at, RECEIVED, person, message)
        else:
            yield MailEvent(send.bounced, BOUNCED, person, message, send.bounce)
        for opening in send.openings:
            yield MailEvent(opening.at, OPENED, person, message)
        for click in send.clicks:
            yield MailEvent(click.at, CLICKED, person, message)
        for at, kind in ((send.unsubscribed, UNSUBSCRIBED), (send.complained, COMPLAINED)):
            if at < NEVER:
                yield MailEvent(at, kind, person, message)
        for claim in send.claims:
            order = str(self._book.book.order(claim.row).id)
            cents = claim.total_cents
            yield MailEvent(claim.at, ORDERED, person, message, cents=cents, order=order)


def between(events: Sequence[MailEvent], start: int, end: int) -> Sequence[MailEvent]:
    """Returns the events from an instant on, before another."""
    first, last = (bisect_left(events, side, key=lambda one: one.at) for side in (start, end))
    return events[first:last]
