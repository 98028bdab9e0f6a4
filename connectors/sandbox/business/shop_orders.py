"""What the orders of one business day consist of: lines, discounts, tax, shipping, refunds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from connectors.sandbox.business.catalogue import UNITS_PER_EUR
from connectors.sandbox.business.shop_attribution import Attribution
from connectors.sandbox.business.shop_cases import (
    BACKDATED,
    BACKDATED_BY,
    EXCHANGE,
    REMOVED,
    REMOVED_UNPAID,
)
from connectors.sandbox.business.shop_entities import (
    GOODS,
    IDS_PER_ORDER,
    NEVER,
    Line,
    Order,
    Product,
    Shop,
    Variant,
    first_order_id,
)
from connectors.sandbox.business.shop_extras import (
    by_gift_card,
    duties_and_fees,
    more_lines,
    payments_of,
    removals_of,
    shipping_of,
    tax_of,
)
from connectors.sandbox.business.shop_ledger import NO_CUSTOMER, Ledger
from connectors.sandbox.business.shop_refunds import refunds_of

_CODES = (("WELCOME10", "PERCENT", 10), ("SPRING15", "PERCENT", 15), ("SAVE5", "AMOUNT", 5))
_TAGS = ("gift", "express", "wholesale", "phone order")
_LATER_TAGS = ("checked", "fraud review", "vip order")
_REASONS = ("CUSTOMER", "INVENTORY", "STAFF", "FRAUD", "OTHER")
_PRESENTMENT = ("USD", "EUR", "GBP", "JPY")
_UNITS = {**UNITS_PER_EUR, "JPY": 175.0}
_LINE_COUNTS = (1,) * 11 + (2,) * 5 + (3,) * 2 + (4, 5)


@dataclass(frozen=True, slots=True)
class Shelf:
    """What can be bought at an instant, with the prices of that instant."""

    products: tuple[tuple[Product, Variant, int], ...]

    @property
    def cheapest(self) -> tuple[tuple[Product, Variant, int], ...]:
        """The cheapest eighth of it: what somebody buys who buys a great deal."""
        by_price = sorted(self.products, key=lambda one: one[2])
        return tuple(by_price[: max(1, len(by_price) // 8)])

    @classmethod
    def at(cls, products: tuple[Product, ...], instant: int) -> Shelf:
        """Returns what is active at an instant."""
        clock = datetime.fromtimestamp(instant, UTC)
        return cls(
            tuple(
                (product, variant, variant.price_cents.at(clock))
                for product in products
                if product.exists(clock)
                and product.status.at(clock) == "ACTIVE"
                and not product.is_gift_card
                for variant in product.variants
            )
        )


class OrderBook:
    """Draws the orders of a shop from its ledger, a day at a time."""

    def __init__(
        self,
        seed: int,
        shop: Shop,
        ledger: Ledger,
        products: tuple[Product, ...],
        attribution: Attribution,
        country: Callable[[int], str],
        lengths: dict[int, int],
    ) -> None:
        self._seed, self._shop, self._ledger = seed, shop, ledger
        self._products, self._attribution = products, attribution
        self._country, self._lengths = country, lengths

    def day(self, offset: int) -> tuple[Order, ...]:
        """Returns the orders of the business day at a position, in the ledger's order."""
        ledger = self._ledger
        rows = range(int(ledger.starts[offset]), int(ledger.starts[offset + 1]))
        if not rows:
            return ()
        random = Random(f"{self._seed} orders {self._shop.number} {offset}")
        # Prices change at the shop's midnight, so a day has one shelf.
        shelf = Shelf.at(self._products, int(ledger.processed[rows.start]))
        return tuple(self._order(random, shelf, row) for row in rows)

    def _order(self, random: Random, shelf: Shelf, row: int) -> Order:
        ledger, shop = self._ledger, self._shop
        customer, created = int(ledger.customer[row]), int(ledger.created[row])
        processed, cancelled = int(ledger.processed[row]), int(ledger.cancelled[row])
        imported = created > processed
        country = shop.country if customer == NO_CUSTOMER else self._country(customer)
        source = "import" if imported else self._source(random)
        code = _CODES[random.randrange(3)] if random.random() < 0.22 else None
        case = int(ledger.case[row])
        # What is out of the ordinary draws from a stream of its own.
        own = Random(f"{self._seed} case {shop.number} {row}") if case else random
        lines = self._lines(random, own, shelf, row, code, country)
        paid = sum(line.worth for line in lines if line.added == NEVER and line.kind == GOODS)
        visit = first = None
        if source == "web":
            returning = int(ledger.customer_order[row]) > 1
            visit = self._attribution.last_visit(random, processed, returning=returning)
            first = self._attribution.first_visit(random, visit, returning=returning)
        authorized = bool(ledger.authorized[row])
        number = row + 1_001
        id_ = first_order_id(shop) + row * IDS_PER_ORDER
        shipping = shipping_of(
            shop,
            case,
            self._shipping(random, paid) if source != "pos" else 0,
            self._usual_shipping if source != "pos" else 0,
            taxed=country == shop.country,
        )
        duty, fee = duties_and_fees(shop, case, lines)
        removals = removals_of(case, lines, int(ledger.edited[row]))
        refunds = refunds_of(
            own,
            shop,
            ledger.refunds[row].tolist(),
            ledger.refund_kinds[row].tolist(),
            lines,
            shipping,
            id_,
            restock=_restock(case, cancelled=cancelled < NEVER, imported=imported),
            backdated=BACKDATED_BY if case == BACKDATED else 0,
        )
        payments = payments_of(
            shop,
            lines,
            shipping,
            duty + fee,
            removals,
            int(ledger.paid[row]),
            sum(one.settled_cents for one in refunds) if case == EXCHANGE else 0,
        )
        return Order(
            shop=shop,
            row=row,
            id=id_,
            number=number,
            processed=processed,
            created=created,
            test=bool(ledger.test[row]),
            customer=customer,
            customer_order=int(ledger.customer_order[row]),
            country=country,
            source=source,
            authorized=authorized,
            declined_first=not authorized and random.random() < 0.03,
            paid=int(ledger.paid[row]),
            expired=int(ledger.expired[row]),
            cancelled=cancelled,
            cancel_reason=_REASONS[random.randrange(5)] if cancelled < NEVER else None,
            fulfilled=int(ledger.fulfilled[row]),
            edited=int(ledger.edited[row]),
            tagged=int(ledger.tagged[row]),
            touched=tuple(at for at in ledger.refunds[row].tolist() if at < NEVER),
            journey=int(ledger.journey[row]),
            deleted=int(ledger.deleted[row]),
            lines=lines,
            discount_code=code[0] if code else None,
            discount_type=code[1] if code else None,
            discount_value=code[2] if code else 0,
            case=case,
            shipping_cents=shipping.cents,
            shipping_discount_cents=shipping.discount_cents,
            shipping_tax_cents=shipping.tax_cents,
            duty_cents=duty,
            fee_cents=fee,
            payments=payments,
            gift_card_cents=by_gift_card(own, case, payments[0][1]),
            removals=removals,
            tags=tuple(sorted({_TAGS[random.randrange(4)] for _ in range(random.randrange(3))})),
            later_tag=_LATER_TAGS[row % 3],
            note="Please ring twice, 2nd floor" if random.random() < 0.05 else None,
            presentment=self._presentment(random),
            visit=visit,
            first_visit=first,
            refunds=refunds,
        )

    def _lines(
        self,
        random: Random,
        own: Random,
        shelf: Shelf,
        row: int,
        code: tuple[str, str, int] | None,
        country: str,
    ) -> tuple[Line, ...]:
        count = self._lengths.get(row) or _LINE_COUNTS[random.randrange(len(_LINE_COUNTS))]
        edited, case = int(self._ledger.edited[row]), int(self._ledger.case[row])
        if case:
            # An edit that a case brings takes off; it adds nothing.
            edited = NEVER
        taxed = country == self._shop.country
        first_id = self._shop.first_id + 9_000_000_000_000 + row * IDS_PER_ORDER
        long = row in self._lengths
        goods = shelf.cheapest if long else shelf.products
        chosen = []
        for _ in range(count + (edited < NEVER)):
            product, variant, cents = goods[random.randrange(len(goods))]
            quantity = 1 if long or random.random() < 0.82 else random.randrange(2, 5)
            chosen.append((product, variant, cents, quantity))
        nets = []
        for place, (_, _, cents, quantity) in enumerate(chosen[:count]):
            bundle = place == 0 and quantity > 1 and random.random() < 0.5
            automatic = cents * quantity // 10 if bundle else 0
            nets.append((cents * quantity - automatic, automatic))
        if case in (REMOVED, REMOVED_UNPAID):
            # Two units at a fifth less, so that one can go and the discount's share with it.
            product, variant, cents, _ = chosen[0]
            chosen[0] = product, variant, cents, 2
            nets[0] = (2 * cents - 2 * cents // 5, 2 * cents // 5)
        shares = _shares(code, [net for net, _ in nets], self._shop.units_per_eur)
        by_hand = random.random() < 0.012
        lines = []
        for place, (product, variant, cents, quantity) in enumerate(chosen):
            net, automatic = nets[place] if place < count else (cents * quantity, 0)
            share = shares[place] if place < count else 0
            custom = by_hand and place == count - 1
            lines.append(
                Line(
                    id=first_id + place,
                    product=None if custom else product,
                    variant=None if custom else variant,
                    title="Gift wrapping" if custom else product.title.changes[0][1],
                    sku=None if custom else variant.sku,
                    quantity=quantity,
                    unit_cents=cents,
                    automatic_cents=automatic,
                    code_cents=share,
                    tax_cents=tax_of(self._shop, net - share) if taxed else 0,
                    added=NEVER if place < count else edited,
                )
            )
        other = shelf.products[own.randrange(len(shelf.products))] if case else shelf.products[0]
        exchanged = int(self._ledger.refunds[row, 0])
        lines += more_lines(
            own, self._shop, case, lines, first_id, self._products, other, exchanged
        )
        return tuple(lines)

    @property
    def _usual_shipping(self) -> int:
        return round(4.9 * self._shop.units_per_eur) * 100 - 5

    def _shipping(self, random: Random, paid: int) -> int:
        units = self._shop.units_per_eur
        if paid > self._shop.organization.order_value_eur * 140 * units:
            return 0
        return self._usual_shipping if random.random() < 0.8 else round(12.5 * units) * 100 - 5

    def _presentment(self, random: Random) -> tuple[str, float]:
        shop = self._shop
        if random.random() < 0.9:
            return shop.currency, 1.0
        currency = _PRESENTMENT[random.randrange(4)]
        if currency == shop.currency:
            return currency, 1.0
        fee = 1.015 + random.random() / 50
        return currency, round(_UNITS[currency] / shop.units_per_eur * fee, 6)

    def _source(self, random: Random) -> str:
        chance = random.random()
        return "web" if chance < 0.93 else "pos" if chance < 0.97 else "shopify_draft_order"


def _restock(case: int, *, cancelled: bool, imported: bool) -> str | None:
    """Returns what becomes of goods given back; None for what the kind of refund says."""
    if cancelled or case == REMOVED:
        return "CANCEL"
    return "LEGACY_RESTOCK" if imported else None


def _shares(code: tuple[str, str, int] | None, nets: list[int], units: float) -> list[int]:
    """Splits what a code takes off over the lines: whole cents, the rest to the first lines."""
    if code is None:
        return [0] * len(nets)
    total = sum(nets)
    _, kind, value = code
    off = total * value // 100 if kind == "PERCENT" else round(value * units) * 100
    off = min(off, total // 2)
    shares = [off * net // total for net in nets]
    for place in range(off - sum(shares)):
        shares[place] += 1
    return shares
