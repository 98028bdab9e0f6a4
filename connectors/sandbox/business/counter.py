"""A counter: what an organization sells beside its shop, by people, and writes down in a sheet.

Courses, packages, menus and equipment; small, without shipping and tax. Who sells comes and goes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

import numpy as np

from connectors.sandbox.business import Business, Parameters
from connectors.sandbox.business.calendar import local_instant
from connectors.sandbox.business.entities import History, Organization
from connectors.sandbox.business.outlet import shop_beside
from connectors.sandbox.business.shop import ShopBook
from connectors.sandbox.business.shop_attribution import Attribution, Sources
from connectors.sandbox.business.shop_cases import NO_CASE
from connectors.sandbox.business.shop_entities import (
    IDS_PER_ORDER,
    NEVER,
    Line,
    Order,
    Product,
    Refund,
    RefundLine,
    Shop,
    Variant,
    first_order_id,
)
from connectors.sandbox.business.shop_ledger import Ledger
from connectors.sandbox.business.shop_ledger_days import ledger_of
from connectors.sandbox.business.shop_state import OrderState

_NUMBER = 700
"""Behind those of all other shops and outlets."""
_DAY = 86_400
_GOODS = (
    # Title, kind, category, and its price in parts of what an order usually comes to.
    ("Tasting Evening", "course", "Evening courses", 0.55),
    ("Brewing Workshop", "course", "Weekend courses", 1.4),
    ("Starter Package", "package", "Packages", 0.9),
    ("Family Package", "package", "Packages", 1.9),
    ("Seasonal Menu", "menu", "Menus", 0.4),
    ("Banquet Menu", "menu", "Menus", 2.6),
    ("Travel Kettle", "equipment", "Equipment", 0.7),
    ("Scale", "equipment", "Equipment", 0.3),
    ("Gift Voucher Case", "merchandise", "Other", 0.2),
)
_STAFF = (
    # Name, role, team, manager, and in which part of the business days somebody comes and leaves.
    ("Anjali Rao", "head of sales", "sales", None, None, None),
    ("Bruno Keller", "consultant", "sales", 0, None, 0.6),
    ("Carla Méndez", "consultant", "sales", 0, 0.4, None),
    ("Dawit Tesfaye", "trainer", "courses", 0, None, None),
    ("Eleni Papadaki", "trainer", "courses", 3, None, None),
)
_books: WeakKeyDictionary[Business, dict[str, Counter]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Employee:
    """Somebody who sells.

    Attributes:
        manager: The employee's manager, None for who has none.
        hired, left: First and last day at work; `left` is None for who stays.
    """

    code: str
    name: str
    role: str
    team: str
    manager: str | None
    hired: date
    left: date | None

    def is_there(self, day: date) -> bool:
        """Says whether the employee works on a day."""
        return self.hired <= day and (self.left is None or day <= self.left)


def counter_of(business: Business, organization: Organization, platform: str, id_: str) -> Counter:
    """Returns the book of an organization's counter.

    Args:
        business: The business, which it lasts as long as.
        organization: Whose; money and days are those of its shop.
        platform: Where it is written down.
        id_: Its id there.
    """
    held = _books.setdefault(business, {})
    if id_ not in held:
        shop = shop_beside(business, organization, platform, "Counter", id_, _NUMBER)
        held[id_] = Counter(
            business.parameters, replace(shop, tax_per_mille=0, taxes_included=False)
        )
    return held[id_]


class Counter(ShopBook):
    """The counter with everything in it.

    Attributes:
        staff: Everybody who ever worked there.
    """

    def __init__(self, parameters: Parameters, shop: Shop) -> None:
        ledger = _ledger(parameters, shop, lambda day: 3 + day.toordinal() % 3)
        # It is not advertised: who comes online comes by search, by letter or by itself.
        sources = Attribution(shop, lambda _: Sources(own=5.0, by_ads=()))
        super().__init__(parameters, shop, ledger, _products(parameters, shop), sources)
        words = shop.organization.name.split()
        self._prefix = "".join(word[0] for word in words).upper()
        self._zone = ZoneInfo(shop.time_zone)
        self.staff = tuple(self._staff(parameters))
        self._dressed: dict[int, tuple[Order, ...]] = {}

    def day(self, offset: int) -> tuple[Order, ...]:
        """Returns all orders of a business day."""
        if offset not in self._dressed:
            self._dressed[offset] = tuple(_dressed(one) for one in super().day(offset))
        return self._dressed[offset]

    def shown(self, clock: int) -> list[Order]:
        """Returns the orders that have been placed, oldest first."""
        placed = (order for offset in range(self.days) for order in self.day(offset))
        return sorted(
            (order for order in placed if order.created <= clock),
            key=lambda one: (one.created, one.row),
        )

    def customer_code(self, place: int) -> str:
        """Returns the id of a customer, as people write it."""
        return f"{self._prefix}-CUS-{place + 1:05d}"

    def product_code(self, product: Product) -> str:
        """Returns the id of a product, as people write it."""
        return f"{self._prefix}-PRD-{self.products.index(product) + 1:03d}"

    def order_code(self, id_: int) -> str:
        """Returns the id of an order, as people write it."""
        row = (id_ - first_order_id(self.shop)) // IDS_PER_ORDER
        return f"{self._prefix}-ORD-{row + 1:06d}"

    def order_of(self, id_: int) -> Order:
        """Returns the order of an id."""
        return self.order((id_ - first_order_id(self.shop)) // IDS_PER_ORDER)

    def line_number(self, order: Order, line: Line) -> int:
        """Returns the number of a line in its order, from 1."""
        return order.lines.index(line) + 1

    def seller(self, order: Order) -> Employee | None:
        """Returns who sold an order; None for one that was placed online."""
        if order.visit is not None:
            return None
        day = datetime.fromtimestamp(order.processed, self._zone).date()
        there = [one for one in self.staff if one.is_there(day)]
        return there[order.row * 7 % len(there)]

    def _staff(self, parameters: Parameters) -> Iterator[Employee]:
        codes = [f"{self._prefix}-EMP-{number + 1:02d}" for number in range(len(_STAFF))]
        before = parameters.first_day - timedelta(days=400)
        for number, (name, role, team, manager, comes, leaves) in enumerate(_STAFF):
            yield Employee(
                codes[number],
                name,
                role,
                team,
                None if manager is None else codes[manager],
                before + timedelta(days=30 * number) if comes is None else parameters.day_at(comes),
                None if leaves is None else parameters.day_at(leaves),
            )


def _ledger(parameters: Parameters, shop: Shop, orders_on: Callable[[date], int]) -> Ledger:
    drawn = ledger_of(parameters, shop, orders_on)
    nobody = np.zeros_like(drawn.test)
    is_paid = drawn.paid < NEVER
    given_up = np.minimum(drawn.cancelled, drawn.expired)
    never = np.full_like(drawn.paid, NEVER)
    return replace(
        drawn,
        case=np.full_like(drawn.case, NO_CASE),
        created=drawn.processed,
        paid=np.where(is_paid, np.maximum(drawn.paid, drawn.processed), NEVER),
        cancelled=np.where(is_paid, NEVER, given_up),
        expired=never,
        test=nobody,
        journey=drawn.processed,
        edited=never,
        refunds=np.full_like(drawn.refunds, NEVER),
        deleted=never,
        # The sheet has everything that was ever sold there.
        customer_earlier=np.zeros_like(drawn.customer_earlier),
    )


def _dressed(order: Order) -> Order:
    """Returns an order as it is sold over the counter: two of three by people, nothing sent."""
    by_people = order.row % 3 != 0
    plain = replace(
        order,
        source="pos" if by_people else "web",
        visit=None if by_people else order.visit,
        first_visit=None if by_people else order.first_visit,
        shipping_cents=0,
        shipping_discount_cents=0,
        shipping_tax_cents=0,
    )
    plain = replace(plain, payments=((plain.paid, OrderState(plain, NEVER - 1).total),))
    return replace(plain, refunds=_refunds(plain), touched=())


def _refunds(order: Order) -> tuple[Refund, ...]:
    """Returns what is given back: of every ninth order a line, of every third of these all."""
    if order.row % 9 != 4 or order.paid == NEVER:
        return ()
    at = order.paid + 2 * _DAY + order.row % 7 * 9_000
    lines = order.lines if order.row % 27 == 13 else order.lines[:1]
    back = tuple(
        RefundLine(line.id + 500, line, line.quantity, line.worth, line.tax_cents, "RETURN")
        for line in lines
    )
    worth = sum(line.worth + line.tax_cents for line in lines)
    return (
        Refund(
            id=order.id + 900,
            at=at,
            processed=at,
            lines=back,
            shipping_cents=0,
            shipping_tax_cents=0,
            adjustment_cents=0,
            settled_cents=0,
            paid_cents=worth,
            is_pending=False,
            failed_first=False,
            note=None,
        ),
    )


def _products(parameters: Parameters, shop: Shop) -> tuple[Product, ...]:
    return tuple(_product(parameters, shop, number) for number in range(len(_GOODS)))


def _product(parameters: Parameters, shop: Shop, number: int) -> Product:
    title, kind, category, part = _GOODS[number]
    usual = shop.organization.order_value_eur * shop.units_per_eur
    cents = max(1, round(usual * part)) * 100 - 5
    created = shop.created + timedelta(days=number, hours=9)
    dearer = local_instant(shop.time_zone, parameters.day_at(0.5), time(0)).astimezone(UTC)
    changes = [(dearer, cents * 110 // 100)] if number == 0 else []
    id_ = shop.first_id + 8_000_000_000_000 + number * 1_009
    return Product(
        id=id_,
        title=History.of(created, title),
        handle=title.lower().replace(" ", "-"),
        vendor=shop.name,
        type=kind,
        category=category,
        tags=(),
        status=History.of(created, "ACTIVE"),
        deleted=None,
        variants=(
            Variant(
                id=id_ + 7,
                title=title,
                sku=f"{kind[:2].upper()}{number + 1:04d}",
                price_cents=History.of(created, cents, *changes),
                compare_at_cents=History.of(created, None),
                cost_cents=History.of(created, None),
            ),
        ),
    )
