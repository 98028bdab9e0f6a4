"""The simulated business: pure functions of a seed and a size, no HTTP.

`Business` is the one door. Everything is drawn lazily by (account, date) and kept in a bounded
cache, so that a window costs only its days, and every figure can be asked for as of any clock.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from datetime import date, datetime

import numpy as np

from connectors.sandbox.business.ad_orders import AdOrders, ad_orders, advertising_of
from connectors.sandbox.business.affiliate_entities import AffiliateNetwork
from connectors.sandbox.business.affiliate_visits import Led, led_by
from connectors.sandbox.business.catalogue import Catalogue, catalogue
from connectors.sandbox.business.crm import CrmBook
from connectors.sandbox.business.crm_entities import CrmSystem
from connectors.sandbox.business.day_facts import DayFacts
from connectors.sandbox.business.demand import (
    Advertising,
    Demand,
    demand,
    own_orders,
    own_sessions,
)
from connectors.sandbox.business.entities import Account, Organization
from connectors.sandbox.business.mail import MailBook
from connectors.sandbox.business.mail_entities import MailSystem
from connectors.sandbox.business.networks import Network
from connectors.sandbox.business.observed import observe, observe_cells, observe_segments
from connectors.sandbox.business.parameters import Parameters
from connectors.sandbox.business.portfolio import Integers, Portfolio
from connectors.sandbox.business.rates import Rates
from connectors.sandbox.business.shop import ShopBook, shop_book
from connectors.sandbox.business.shop_attribution import Sources
from connectors.sandbox.business.shop_catalogue import shop_of
from connectors.sandbox.business.story import Event, story

__all__ = ["Business", "Parameters"]

_CACHE_BYTES = 96 * 1024 * 1024
_MOST_PORTFOLIOS = 64
_MOST_SHOPS = 12


class Business:
    """One simulated business. Not for use by two threads at once.

    Args:
        parameters: Its seed and its size.
        networks: The ad platforms that it may be on; at least one.
        mail_systems: The mail platforms that its organizations may mail with, each with one.
        crm_systems: The systems that its organizations may sell to companies with, each with one.
        affiliates: The networks that its organizations may have partners on, each with one.
    """

    def __init__(
        self,
        parameters: Parameters,
        networks: Iterable[Network],
        mail_systems: Iterable[MailSystem] = (),
        crm_systems: Iterable[CrmSystem] = (),
        affiliates: Iterable[AffiliateNetwork] = (),
    ) -> None:
        self.parameters = parameters
        self._affiliates = {one.organization: one for one in affiliates}
        self._mail_systems = {
            organization: one for one in mail_systems for organization in one.organizations
        }
        known = sorted(networks, key=lambda one: one.first_serial)
        self._networks = {one.platform: one for one in known}
        self.people: Catalogue = catalogue(parameters, known)
        self.events: tuple[Event, ...] = story(parameters, self.people, known)
        self._rates: Rates | None = None
        self._portfolios: OrderedDict[int, Portfolio] = OrderedDict()
        self._days: OrderedDict[tuple[int, date], DayFacts] = OrderedDict()
        self._weights: dict[tuple[int, date], int] = {}
        self._shops: OrderedDict[str, ShopBook] = OrderedDict()
        self._mail: dict[str, MailBook] = {}
        self._sales: dict[str, CrmBook] = {}
        self._crm_systems = {
            organization: one.platform for one in crm_systems for organization in one.organizations
        }
        self._bytes = 0

    @property
    def rates(self) -> Rates:
        """The exchange rates of this world."""
        if self._rates is None:
            self._rates = Rates(self.parameters)
        return self._rates

    def portfolio(self, account: Account) -> Portfolio:
        """Returns what an account holds."""
        portfolio = self._portfolios.get(account.serial)
        if portfolio is None:
            network = self._networks[account.platform]
            portfolio = Portfolio(self.parameters, account, network)
            self._portfolios[account.serial] = portfolio
            if len(self._portfolios) > _MOST_PORTFOLIOS:
                self._portfolios.popitem(last=False)
        self._portfolios.move_to_end(account.serial)
        return portfolio

    def shown(
        self,
        account: Account,
        day: date,
        clock: datetime,
        *,
        cells: bool = False,
        segments: bool = False,
    ) -> Integers | None:
        """Returns what the platform shows of a day as of a clock.

        Args:
            account: Whose day.
            day: A date in the account's zone.
            clock: An aware instant.
            cells: Whether by hour and device, shape (measure, unit, hour, device); else (measure,
                unit). `Portfolio.measures` names the measures.
            segments: Whether by age and gender instead, shape (measure, unit, segment).

        Returns:
            None for a day outside the business and before the day's first hour has ended.
        """
        parameters = self.parameters
        if not parameters.first_day <= day <= parameters.end:
            return None
        portfolio = self.portfolio(account)
        hidden = np.zeros(len(portfolio.units), dtype=np.bool_)
        for event in self.events:
            known = event.known_from is not None and event.known_from <= clock
            if known and event.account == account and event.covers(day):
                hidden |= event.campaign is None or portfolio.campaign_of == event.campaign
        look = observe_segments if segments else observe_cells if cells else observe
        measures = look(self._facts(portfolio, day), portfolio, hidden, clock.timestamp())
        self._weigh((account.serial, day))
        return measures

    def demand(self, organization: Organization, day: date) -> Demand:
        """Returns the sessions and orders of an organization's shop on a day."""
        advertising = self._advertising(organization, day)
        return demand(self.parameters.seed, organization, advertising, day)

    def own_sessions(self, organization: Organization, day: date) -> float:
        """Returns how many sessions of a day are expected of those who come without an ad."""
        advertising = self._advertising(organization, day)
        return own_sessions(self.parameters.seed, organization, advertising, day)

    def clicks(self, account: Account, day: date) -> Integers:
        """Returns the clicks of a day, shape (unit, hour, device), whatever is shown of them."""
        cells = self._facts(self.portfolio(account), day).cells()
        self._weigh((account.serial, day))
        return cells.clicks.astype(np.int64)

    def shop(self, organization: Organization) -> ShopBook:
        """Returns the book of an organization's one shop: its orders, customers and products."""
        book = self._shops.get(organization.id)
        if book is None:
            account = self.people.accounts_of(organization.id, self.people.home)[0]
            book = self._shops[organization.id] = shop_book(
                self.parameters,
                shop_of(self.parameters, organization, account),
                orders_on=lambda day: self.demand(organization, day).orders,
                sources=lambda day: self._sources(organization, day),
                letters=self._mail_systems.get(organization.id),
                led=self._led(organization),
            )
            if len(self._shops) > _MOST_SHOPS:
                self._shops.popitem(last=False)
        self._shops.move_to_end(organization.id)
        return book

    def mail(self, system: MailSystem) -> list[MailBook]:
        """Returns the mail of the organizations that mail with a system."""
        mailing = [one for one in self.people.organizations if one.id in system.organizations]
        return [book for one in mailing if (book := self.mail_of(one)) is not None]

    def mail_of(self, organization: Organization) -> MailBook | None:
        """Returns the mail of an organization; None for one that mails with no platform."""
        system = self._mail_systems.get(organization.id)
        if system is not None and organization.id not in self._mail:
            book = MailBook(self.parameters, system, self.shop(organization))
            self._mail[organization.id] = book
        return self._mail.get(organization.id)

    def sales(self, system: CrmSystem) -> list[CrmBook]:
        """Returns the sales of the organizations that sell with a system."""
        found = []
        for one in self.people.organizations:
            if self._crm_systems.get(one.id) == system.platform:
                if one.id not in self._sales:
                    mine = [each for each in self.people.accounts if each.organization.id == one.id]
                    held = [self.portfolio(each) for each in mine]
                    self._sales[one.id] = CrmBook(self.parameters, system, self.shop(one), held)
                found.append(self._sales[one.id])
        return found

    def _led(self, organization: Organization) -> Led | None:
        network = self._affiliates.get(organization.id)
        if network is None:
            return None
        account = self.people.accounts_of(organization.id, self.people.home)[0]
        shop = shop_of(self.parameters, organization, account)
        return led_by(self.parameters.seed, shop, network)

    def _sources(self, organization: Organization, day: date) -> Sources:
        advertising = self._advertising(organization, day)
        own = own_orders(self.parameters.seed, organization, advertising, day)
        by_ads = [
            (portfolio.network.visits, portfolio.landings, one.orders.tolist())
            for portfolio, one in self._ad_orders(organization, day)
        ]
        return Sources(own, tuple(by_ads))

    def _ad_orders(
        self, organization: Organization, day: date
    ) -> Iterator[tuple[Portfolio, AdOrders]]:
        for account in self.people.accounts:
            if account.organization.id == organization.id:
                portfolio = self.portfolio(account)
                happening = self._happening(account, day)
                yield portfolio, ad_orders(self.parameters.seed, portfolio, happening, day)

    def _advertising(self, organization: Organization, day: date) -> Advertising:
        size = self.parameters
        accounts = len(self.people.accounts_of(organization.id, self.people.home))
        ads = size.campaigns * size.ad_groups * size.ads * accounts
        return advertising_of(ads, [one for _, one in self._ad_orders(organization, day)])

    def _happening(self, account: Account, day: date) -> tuple[Event, ...]:
        return tuple(one for one in self.events if one.account == account and one.covers(day))

    def _facts(self, portfolio: Portfolio, day: date) -> DayFacts:
        key = (portfolio.account.serial, day)
        facts = self._days.get(key)
        if facts is None:
            happening = self._happening(portfolio.account, day)
            facts = DayFacts(self.parameters.seed, portfolio, happening, day)
            self._days[key] = facts
        self._days.move_to_end(key)
        return facts

    def _weigh(self, key: tuple[int, date]) -> None:
        # A day weighs more once it has been split into cells, so it is weighed after each look.
        weight = self._days[key].nbytes
        self._bytes += weight - self._weights.get(key, 0)
        self._weights[key] = weight
        while self._bytes > _CACHE_BYTES and len(self._days) > 1:
            oldest, _ = self._days.popitem(last=False)
            self._bytes -= self._weights.pop(oldest)
