"""What all rows of the truth share: whose they are, which are asked for and how values are written.

Nothing of it is shared with what the wire reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

from connectors.sandbox.business import Business
from connectors.sandbox.business.shop import ShopBook
from connectors.sandbox.business.shop_entities import Shop
from connectors.sandbox.truth.question import Question, Row

_CENT = Decimal("0.01")


Books = Callable[[Business], Iterable[ShopBook]]
"""The books of all shops on a platform."""


def asked_books(books: Books, business: Business, question: Question) -> Iterator[ShopBook]:
    """Yields the books of the shops that a question is about."""
    for book in books(business):
        if question.account in (None, book.shop.id):
            yield book


def whose(shop: Shop) -> Row:
    """Returns the columns that say which shop a row belongs to."""
    return {
        "organization_id": shop.organization.id,
        "platform": shop.platform,
        "account_id": shop.id,
        "currency": shop.currency,
    }


def money(cents: int) -> str:
    """Returns an amount as a plain decimal."""
    return str(Decimal(cents) * _CENT)


def instant(seconds: int) -> str:
    """Returns an instant in UTC, as ISO 8601 writes it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


def asked(question: Question, day: date) -> bool:
    """Says whether a day lies in the days that a question is about."""
    return (question.first is None or question.first <= day) and (
        question.last is None or day <= question.last
    )
