"""The partner program of an organization: one door to all that its network knows.

Some orders of the shop were preceded by a click on a partner's link, whatever else brought them:
the network claims these. What becomes of the order becomes of the conversion: it is approved when
the time for returns is over, cut when a part goes back, rejected when all does. Everything that
will ever happen is drawn once; who asks as of a clock takes what lies before it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from weakref import WeakKeyDictionary, ref
from zoneinfo import ZoneInfo

import numpy as np

from connectors.sandbox.business import Business
from connectors.sandbox.business.affiliate_entities import (
    APPROVED,
    Adjustment,
    AffiliateNetwork,
    Click,
    Conversion,
    Invoice,
)
from connectors.sandbox.business.affiliate_program import CLICK_LAG, offers_of, partners_of
from connectors.sandbox.business.affiliate_states import states_of
from connectors.sandbox.business.affiliate_visits import chosen, claims, is_led
from connectors.sandbox.business.calendar import local_instant
from connectors.sandbox.business.entities import Account, Organization
from connectors.sandbox.business.shop import ShopBook
from connectors.sandbox.business.shop_catalogue import shop_of
from connectors.sandbox.business.shop_entities import NEVER, Order

_CLICKS_STREAM = 91
_CLICKS_A_DAY, _HELD_DAYS = 14, 6
_LEAST_LAG = 1_900
"""Seconds: the visit that a partner led to ended before the one in which the order was placed."""
_DAY = 86_400
_INVOICED_AFTER, _PAID_AFTER = timedelta(days=2), timedelta(days=9)
_books: WeakKeyDictionary[Business, dict[str, AffiliateBook]] = WeakKeyDictionary()


def affiliate_books(business: Business, network: AffiliateNetwork) -> list[AffiliateBook]:
    """Returns the program on a network, if its organization is in the business."""
    held = _books.setdefault(business, {})
    for one in business.people.organizations:
        if one.id == network.organization and network.platform not in held:
            held[network.platform] = AffiliateBook(business, network, one)
    return [held[network.platform]] if network.platform in held else []


class AffiliateBook:
    """The partner program of one organization.

    Attributes:
        network: Where it is.
        account_id: Its account there.
        shop: Whose orders partners bring; its currency and zone are the account's.
        partners, offers: Who takes part, and what is paid for.
    """

    def __init__(
        self, business: Business, network: AffiliateNetwork, organization: Organization
    ) -> None:
        home = business.people.accounts_of(organization.id, business.people.home)[0]
        self.network, self._seed = network, business.parameters.seed
        # It lives as long as the business does, and does not keep it.
        self._business = ref(business)
        self.shop = shop_of(business.parameters, organization, home)
        self.account_id = network.account_id(organization)
        self.zone = ZoneInfo(self.shop.time_zone)
        self.partners = partners_of(network)
        self.offers = offers_of(network, self.shop)

    @cached_property
    def book(self) -> ShopBook:
        """The shop's orders, which are drawn when somebody first asks for what came of them."""
        business = self._business()
        if business is None:
            raise RuntimeError("the business of this program is no more")
        return business.shop(self.shop.organization)

    @property
    def account(self) -> Account:
        """The account on the network: it has the shop's currency and zone."""
        shop = self.shop
        owner, platform = shop.organization, self.network.platform
        places = (shop.currency, shop.time_zone, shop.units_per_eur)
        return Account(self.account_id, shop.number, owner, shop.name, *places, platform)

    def day_of(self, at: int) -> date:
        """Returns the day of an instant in the network's zone."""
        return datetime.fromtimestamp(at, UTC).astimezone(self.zone).date()

    @cached_property
    def conversions(self) -> tuple[Conversion, ...]:
        """All conversions, by their time."""
        found = [one for offset in range(self.book.days) for one in self._claims(offset)]
        return tuple(sorted(found, key=lambda one: (one.at, one.number)))

    @cached_property
    def clicks(self) -> tuple[Click, ...]:
        """All clicks, by their time: those that brought an order, and the many that did not."""
        found = [one.click for one in self.conversions]
        found += [one for offset in range(self.book.days) for one in self._idle_clicks(offset)]
        return tuple(sorted(found, key=lambda one: (one.at, one.number)))

    @cached_property
    def adjustments(self) -> tuple[Adjustment, ...]:
        """Corrections: one every eleven days, the third of which is taken back."""
        return tuple(self._adjusted()) if self.network.adjusts else ()

    @cached_property
    def invoices(self) -> tuple[Invoice, ...]:
        """What each partner is paid for each week that is over."""
        return tuple(self._invoiced()) if self.network.invoices else ()

    def _claims(self, offset: int) -> Iterator[Conversion]:
        for order, drawn in claims(self._seed, self.shop, offset, self.book.day(offset)):
            yield self._conversion(order, drawn)

    def _conversion(self, order: Order, drawn: list[float]) -> Conversion:
        partner, offer = chosen(drawn, self.partners, self.offers)
        number = order.row
        at = order.created
        clicked = at - _LEAST_LAG - int(drawn[2] ** 2 * CLICK_LAG)
        if order.visit is not None and is_led(order):
            clicked = order.visit.at
        click = Click(
            number, self.network.ids("click", number), clicked, partner, offer,
            f"s{order.row % 7}", is_unique=True, order=order.row,
        )  # fmt: skip
        is_held = self.network.holds and partner.is_new
        held_until = at + _HELD_DAYS * _DAY if is_held else at
        return Conversion(
            number, self.network.ids("conversion", number), self.network.ids("hold", number), at,
            click, str(order.id), held_until, states_of(order, click, held_until, drawn[3]),
        )  # fmt: skip

    def _idle_clicks(self, offset: int) -> Iterator[Click]:
        stream = [self._seed, _CLICKS_STREAM, self.shop.number, offset]
        random = np.random.default_rng(stream)
        start = local_instant(self.shop.time_zone, self.book.date_of(offset), time())
        first = int(start.timestamp())
        for place in range(int(random.poisson(_CLICKS_A_DAY))):
            # Beyond the numbers of clicks that brought an order.
            number = 10_000_000 + offset * 1_000 + place
            yield Click(
                number, self.network.ids("click", number), first + int(random.integers(_DAY)),
                self.partners[int(random.integers(len(self.partners)))],
                self.offers[int(random.integers(len(self.offers)))],
                f"s{number % 7}", is_unique=bool(random.random() < 0.85),
            )  # fmt: skip

    def _adjusted(self) -> Iterator[Adjustment]:
        for number, offset in enumerate(range(5, self.book.days, 11)):
            day = self.book.date_of(offset)
            created = self._at(day + timedelta(days=1), 10)
            factor = -1 if number % 2 else 1
            yield Adjustment(
                number, self.network.ids("adjustment", number), day,
                self.partners[number % len(self.partners)], self.offers[number % len(self.offers)],
                clicks=number % 4, conversions=factor, payout_cents=factor * (750 + 10 * number),
                revenue_cents=factor * (900 + 10 * number), note=f"Correction {number + 1}",
                created=created,
                withdrawn=created + 5 * _DAY if number % 3 == 2 else NEVER,
            )  # fmt: skip

    def _invoiced(self) -> Iterator[Invoice]:
        earned: dict[tuple[date, int], list[Conversion]] = defaultdict(list)
        for one in self.conversions:
            day = self.day_of(one.at)
            monday = day - timedelta(days=day.weekday())
            earned[monday, one.click.partner.number].append(one)
        for number, ((monday, place), made) in enumerate(sorted(earned.items())):
            sunday = monday + timedelta(days=6)
            created = self._at(sunday + _INVOICED_AFTER, 9)
            states = [state for one in made if (state := one.state(created)) is not None]
            cents = [one.payout_cents for one in states if one.status == APPROVED]
            # The last partner gives no bank account: nobody pays it.
            unpaid = place + 1 == len(self.partners)
            yield Invoice(
                number, self.network.ids("invoice", number), self.partners[place], monday, sunday,
                sum(cents), len(cents), created,
                paid=NEVER if unpaid else self._at(sunday + _PAID_AFTER, 15),
            )  # fmt: skip

    def _at(self, day: date, hour: int) -> int:
        return int(local_instant(self.shop.time_zone, day, time(hour)).timestamp())
