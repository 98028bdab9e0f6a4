"""One shop as of one clock: what the fields of an answer are read from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from connectors.sandbox.business.shop import ShopBook
from connectors.sandbox.business.shop_entities import Customer, Order, Product, Shop, Variant
from connectors.sandbox.business.shop_state import OrderState

ALL_ORDERS = "read_all_orders"
_WITHOUT_DECIMALS = {"JPY"}
_RECENT = 60 * 86_400


class View:
    """A shop as an access token sees it at an instant.

    Attributes:
        book: The shop's orders, customers and products.
        clock: Seconds since 1970 UTC.
        scopes: What the token may read.
    """

    __slots__ = ("book", "clock", "now", "scopes")

    def __init__(self, book: ShopBook, now: datetime, scopes: frozenset[str]) -> None:
        self.book, self.scopes = book, scopes
        self.now, self.clock = now, int(now.timestamp())

    @property
    def shop(self) -> Shop:
        """The shop itself."""
        return self.book.shop

    @property
    def first_created(self) -> int:
        """From when on orders are shown: all of them, or those of the last 60 days."""
        return 0 if ALL_ORDERS in self.scopes else self.clock - _RECENT

    def order(self, row: int) -> OrderState:
        """Returns the order in a row of the ledger."""
        return OrderState(self.book.order(row), self.clock)

    def customer(self, place: int) -> CustomerNode:
        """Returns a customer by its place."""
        return CustomerNode(self.book.customer(place), place)


@dataclass(frozen=True, slots=True)
class CustomerNode:
    """A customer and its place in the ledger."""

    customer: Customer
    place: int


@dataclass(frozen=True, slots=True)
class VariantNode:
    """A variant and where it belongs."""

    product: Product
    variant: Variant
    position: int


def gid(kind: str, number: int) -> str:
    """Returns a global id."""
    return f"gid://shopify/{kind}/{number}"


@lru_cache(maxsize=200_000)
def instant(seconds: int) -> str:
    """Writes an instant as the platform's DateTime."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def when(at: datetime) -> str:
    """Writes an aware datetime as the platform's DateTime."""
    return instant(int(at.timestamp()))


@lru_cache(maxsize=100_000)
def amount(cents: int) -> str:
    """Writes an amount as a Decimal: no zeros at the end, but one digit behind the point."""
    sign, cents = ("-", -cents) if cents < 0 else ("", cents)
    whole, rest = divmod(cents, 100)
    if rest % 10:
        return f"{sign}{whole}.{rest:02d}"
    return f"{sign}{whole}.{rest // 10}"


def presented(cents: int, order: Order) -> int:
    """Returns an amount in cents of the currency that the customer saw."""
    currency, rate = order.presentment
    if rate == 1.0:
        return cents
    if currency in _WITHOUT_DECIMALS:
        return round(cents * rate / 100) * 100
    return round(cents * rate)
