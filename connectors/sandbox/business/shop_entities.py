"""The things of a shop: products, customers, orders, refunds. Money is in cents of its currency.

An `Order` holds all that will ever happen to it, each with its instant (seconds since 1970 UTC);
`shop_state` says what of it is there as of a clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from connectors.sandbox.business.entities import History, Organization
from connectors.sandbox.business.landings import Landing

NEVER = 2**62
GOODS, TIP, GIFT_CARD = "goods", "tip", "gift_card"
GIFT_CARDS = "Gift Cards"
FREE_SHIPPING_CODE = "FREESHIP"
IDS_PER_ORDER = 1_000
IDS_PER_CUSTOMER = 3


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop of an organization.

    Attributes:
        id: Its handle, the organization's id with dashes: `acme-outdoor`.
        tax_per_mille: The rate on goods and shipping in thousandths, 0 for a shop without tax.
        taxes_included: Whether prices include the tax.
        platform: Where it is.
    """

    id: str
    number: int
    organization: Organization
    name: str
    currency: str
    time_zone: str
    country: str
    units_per_eur: float
    tax_per_mille: int
    taxes_included: bool
    plan: str
    created: datetime
    platform: str = "shopify"

    @property
    def first_id(self) -> int:
        """The number below all ids of this shop."""
        return (self.number + 1) * 100_000_000_000


def first_order_id(shop: Shop) -> int:
    """Returns the id of the order in the ledger's first row."""
    return shop.first_id + 5_000_000_000_000


def first_customer_id(shop: Shop) -> int:
    """Returns the id of the customer in the first place."""
    return shop.first_id + 7_000_000_000_001


@dataclass(frozen=True, slots=True)
class Variant:
    """One variant of a product; its list price and its unit cost change over time."""

    id: int
    title: str
    sku: str
    price_cents: History[int]
    compare_at_cents: History[int | None]
    cost_cents: History[int | None]


@dataclass(frozen=True, slots=True)
class Product:
    """One product. `deleted` is the instant from which it is gone, None for most."""

    id: int
    title: History[str]
    handle: str
    vendor: str
    type: str
    category: str
    tags: tuple[str, ...]
    status: History[str]
    deleted: datetime | None
    variants: tuple[Variant, ...]

    @property
    def is_gift_card(self) -> bool:
        """Whether money is bought here, to be spent later."""
        return self.type == GIFT_CARDS

    def exists(self, clock: datetime) -> bool:
        """Says whether the product is there as of a clock."""
        return self.title.created <= clock and (self.deleted is None or clock < self.deleted)


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer. `changes` are the instants at which tags or consent changed."""

    id: int
    created: int
    first_name: str
    last_name: str
    email: str
    phone: str | None
    country: str
    locale: str
    state: str
    tags: History[tuple[str, ...]]
    consent: History[str]


@dataclass(frozen=True, slots=True)
class Visit:
    """Where a visit came from.

    Attributes:
        utm: Source, medium, campaign, term and content that the address names.
        clicked: The ad behind it, also where the address lost what names it.
    """

    at: int
    source: str
    referrer: str | None
    landing_page: str
    utm: tuple[str | None, ...] | None
    clicked: Landing | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an order.

    Attributes:
        product: None for a line that was typed in by hand, and for a tip.
        automatic_cents: What automatic discounts take off the line.
        code_cents: The line's share of what a discount code takes off.
        tax_cents: The tax on what is left, contained in it where the shop's prices include tax.
        added: When an edit or an exchange added it; NEVER for a line of the order as placed.
        kind: GOODS, TIP or GIFT_CARD; discounts and taxes are for goods only.
    """

    id: int
    product: Product | None
    variant: Variant | None
    title: str
    sku: str | None
    quantity: int
    unit_cents: int
    automatic_cents: int
    code_cents: int
    tax_cents: int
    added: int
    kind: str = GOODS

    @property
    def worth(self) -> int:
        """What all its units cost after all discounts, with tax where prices include it."""
        return self.quantity * self.unit_cents - self.automatic_cents - self.code_cents


@dataclass(frozen=True, slots=True)
class Removal:
    """Units that an edit takes off an unpaid order: no refund shows them."""

    at: int
    line: Line
    quantity: int
    subtotal_cents: int
    tax_cents: int


@dataclass(frozen=True, slots=True)
class RefundLine:
    """Units of a line that are given back: their value after discounts, and the tax of it."""

    id: int
    line: Line
    quantity: int
    subtotal_cents: int
    tax_cents: int
    restock: str


@dataclass(frozen=True, slots=True)
class Refund:
    """One refund.

    Attributes:
        at: When it was made, which bumps the order's `updatedAt`.
        processed: The instant that it counts for, which may lie before `at`.
        shipping_cents: What of the shipping is given back, with tax where prices include it.
        shipping_tax_cents: The tax of that.
        adjustment_cents: What is given back for no line and no shipping: goodwill, or money that
            follows lines of an earlier refund; negative where less is paid than the goods are
            worth.
        settled_cents: What of the value moves no money, and is no difference either: it pays for
            what was taken in exchange, or was never paid.
        paid_cents: The money that goes back to the customer.
        is_pending: Whether the adjustment is one of a pair: value first, its money later.
        failed_first: Whether the payment provider refused the first attempt.
        removed: When it is taken back; NEVER for most.
    """

    id: int
    at: int
    processed: int
    lines: tuple[RefundLine, ...]
    shipping_cents: int
    shipping_tax_cents: int
    adjustment_cents: int
    settled_cents: int
    paid_cents: int
    is_pending: bool
    failed_first: bool
    note: str | None
    removed: int = NEVER


@dataclass(frozen=True, slots=True)
class Order:
    """One order and all that will ever happen to it.

    Attributes:
        number: The one that people see: #1001.
        processed: The instant that counts for the business, before `created` for an import.
        customer: The customer's place in the ledger, -1 for none.
        customer_order: Which order of the customer it is, from 1.
        authorized: Whether money was first reserved and captured later.
        journey: When the customer's journey is worked out; NEVER for some.
        case: What is out of the ordinary, one of `shop_cases`.
        shipping_cents: The price of shipping before discounts, with tax where prices include it.
        duty_cents: What customs take, on the first line.
        fee_cents: A fee of the shop's own; like duties it bears no tax.
        payments: The money that comes in: instants and cents.
        gift_card_cents: What of the first payment a gift card pays.
        removals: Units that edits take off without a refund.
        presentment: The currency that the customer saw, and its units for one of the shop's.
        trashed, restored: Between these it is in the shop's bin and counts for nothing.
        other instants: NEVER when the thing does not happen.
    """

    shop: Shop
    row: int
    id: int
    number: int
    processed: int
    created: int
    test: bool
    customer: int
    customer_order: int
    country: str
    source: str
    authorized: bool
    declined_first: bool
    paid: int
    expired: int
    cancelled: int
    cancel_reason: str | None
    fulfilled: int
    edited: int
    tagged: int
    touched: tuple[int, ...]
    journey: int
    deleted: int
    lines: tuple[Line, ...]
    discount_code: str | None
    discount_type: str | None
    discount_value: int
    case: int
    shipping_cents: int
    shipping_discount_cents: int
    shipping_tax_cents: int
    duty_cents: int
    fee_cents: int
    payments: tuple[tuple[int, int], ...]
    gift_card_cents: int
    removals: tuple[Removal, ...]
    tags: tuple[str, ...]
    later_tag: str
    note: str | None
    presentment: tuple[str, float]
    visit: Visit | None
    first_visit: Visit | None
    refunds: tuple[Refund, ...]
    trashed: int = NEVER
    restored: int = NEVER

    def in_bin(self, clock: int) -> bool:
        """Says whether it is in the shop's bin as of a clock."""
        return self.trashed <= clock < self.restored

    @property
    def shipping_paid(self) -> int:
        """What shipping costs after its discount, with tax where prices include it."""
        return self.shipping_cents - self.shipping_discount_cents

    @property
    def codes(self) -> list[str]:
        """The discount codes that were given."""
        shipping = FREE_SHIPPING_CODE if self.shipping_discount_cents else None
        return [code for code in (self.discount_code, shipping) if code is not None]
