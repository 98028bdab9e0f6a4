"""The mails that salespeople send: one of welcome to everybody who came, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.sandbox.business.crm import CrmBook
from connectors.sandbox.business.crm_entities import IMPORT, SHOP, Person

SENT, DELIVERED, OPENED, CLICKED, BOUNCED = "sent", "delivered", "opened", "clicked", "bounced"
_HOUR = 3_600


@dataclass(frozen=True, slots=True)
class MailEvent:
    """Something that happened to a mail, at a second since 1970 UTC."""

    at: int
    kind: str
    person: Person


def events_of(book: CrmBook) -> list[MailEvent]:
    """Returns all that will ever happen to the mails of a book, by when it does."""
    found = [
        MailEvent(one.created + after, kind, one)
        for one in book.people
        if one.origin.kind not in (SHOP, IMPORT)
        for after, kind in _after(one)
    ]
    return sorted(found, key=lambda one: (one.at, one.person.number, one.kind))


def _after(one: Person) -> list[tuple[int, str]]:
    sent = (_HOUR, SENT)
    if one.number % 25 == 3:
        return [sent, (_HOUR + 20, BOUNCED)]
    opened = [(5 * _HOUR, OPENED)] if one.number % 2 else []
    clicked = [(5 * _HOUR + 60, CLICKED)] if one.number % 4 == 1 else []
    return [sent, (_HOUR + 20, DELIVERED), *opened, *clicked]
