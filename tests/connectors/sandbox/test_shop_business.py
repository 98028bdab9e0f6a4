"""The shops of the business: what they hold, that it adds up, and that it is told as of a clock."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from connectors.sandbox.business import Business, Parameters
from connectors.sandbox.business.shop import ShopBook
from connectors.sandbox.business.shop_entities import GOODS, NEVER, Order
from connectors.sandbox.business.shop_script import script_of
from connectors.sandbox.business.shop_state import OrderState
from connectors.sandbox.service import simulated

NOW = int(datetime(2026, 11, 15, 6, tzinfo=UTC).timestamp())
LATER = int(datetime(2028, 1, 1, tzinfo=UTC).timestamp())


@pytest.fixture(scope="module")
def books(business: Business) -> list[ShopBook]:
    return [business.shop(one) for one in business.people.organizations]


@pytest.fixture(scope="module")
def acme(books: list[ShopBook]) -> ShopBook:
    return books[0]


@pytest.fixture(scope="module")
def orders(acme: ShopBook) -> list[Order]:
    return [order for offset in range(acme.days) for order in acme.day(offset)]


def test_a_day_has_as_many_orders_as_there_is_demand(business: Business, acme: ShopBook) -> None:
    organization, zone = business.people.organizations[0], ZoneInfo(acme.shop.time_zone)
    for offset in range(acme.days):
        placed = [one for one in acme.day(offset) if not one.test]
        assert len(placed) == business.demand(organization, acme.date_of(offset)).orders
        for one in placed:
            assert datetime.fromtimestamp(one.processed, zone).date() == acme.date_of(offset)


def test_the_same_seed_gives_the_same_orders_whatever_was_asked_before(acme: ShopBook) -> None:
    fresh = simulated(Parameters())
    book = fresh.shop(fresh.people.organizations[0])
    assert book.day(77) == acme.day(77)
    other = simulated(Parameters(seed=8))
    assert other.shop(other.people.organizations[0]).day(77) != acme.day(77)


def test_the_cache_of_days_is_bounded(acme: ShopBook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.sandbox.business.shop._MOST_ORDERS_KEPT", 500)
    book = simulated(Parameters()).shop(simulated(Parameters()).people.organizations[0])
    first = book.day(0)
    for offset in range(20):
        book.day(offset)
    assert sum(len(day) for day in book._days.values()) <= 500 + len(book.day(19))
    assert book.day(0) == first


def test_money_goes_back_only_as_far_as_it_came(books: list[ShopBook]) -> None:
    kinds: Counter[str] = Counter()
    for book in books:
        for state in book.states(range(len(book.ledger.day)), LATER):
            assert 0 <= state.refunded <= max(state.captured, 0), state.order
            for refund in state.refunds:
                tax = sum(line.tax_cents for line in refund.lines) + refund.shipping_tax_cents
                worth = sum(line.subtotal_cents for line in refund.lines) + refund.shipping_cents
                on_top = 0 if book.shop.taxes_included else tax
                paid = worth + on_top + refund.adjustment_cents - refund.settled_cents
                assert refund.paid_cents == paid
                assert refund.processed <= refund.at
                kinds["lines" if refund.lines else "no lines"] += 1
                kinds["shipping only"] += bool(refund.shipping_cents and not refund.lines)
                kinds["made even"] += refund.adjustment_cents < 0
                kinds.update(line.restock for line in refund.lines)
            for line in state.lines:
                assert state.returned(line) <= line.quantity
            kinds["several"] += len(state.refunds) > 1
    for kind in ("lines", "no lines", "shipping only", "several", "RETURN", "CANCEL"):
        assert kinds[kind] > 5, kinds
    assert kinds["NO_RESTOCK"] > 5
    assert kinds["LEGACY_RESTOCK"] > 0


def test_lines_make_the_total_to_the_cent(books: list[ShopBook]) -> None:
    for book in books:
        for state in book.states(range(0, len(book.ledger.day), 7), NOW):
            order = state.order
            worth = sum(
                line.quantity * line.unit_cents - line.automatic_cents - line.code_cents
                for line in state.lines
            )
            tax = sum(line.tax_cents for line in state.lines) + order.shipping_tax_cents
            on_top = 0 if book.shop.taxes_included else tax
            shipping = order.shipping_cents - order.shipping_discount_cents
            assert state.total == worth + on_top + shipping + order.duty_cents + order.fee_cents
            assert state.total > 0


def test_shops_tax_in_three_ways(books: list[ShopBook]) -> None:
    ways = {(book.shop.taxes_included, book.shop.tax_per_mille > 0) for book in books}
    assert ways == {(True, True), (False, True), (False, False)}
    for book in books:
        home = [
            line
            for order in book.day(50)
            if order.country == book.shop.country
            for line in order.lines
        ]
        abroad = [
            line
            for offset in range(40, 60)
            for order in book.day(offset)
            if order.country != book.shop.country
            for line in order.lines
        ]
        assert abroad
        assert all(line.tax_cents == 0 for line in abroad)
        goods = [line for line in home if line.kind == GOODS]
        assert all((line.tax_cents > 0) == (book.shop.tax_per_mille > 0) for line in goods)
        assert not any(line.tax_cents for line in home if line.kind != GOODS)
    # 19 % contained in 119.00 is 19.00, 15 % on top of 100.00 is 15.00.
    line = next(one for order in books[0].day(50) for one in order.lines if one.tax_cents)
    net = line.quantity * line.unit_cents - line.automatic_cents - line.code_cents
    assert abs(line.tax_cents - net * 19 / 119) <= 0.5


def test_every_change_shows_from_its_instant_on_and_bumps_updated_at(acme: ShopBook) -> None:
    changed = Counter()
    for order in (one for offset in range(30, 40) for one in acme.day(offset)):
        instants = sorted(
            {
                at
                for at in (order.paid, order.cancelled, order.fulfilled, order.edited, order.tagged)
                if order.created < at < NEVER
            }
            | {refund.at for refund in order.refunds}
        )
        for at in instants:
            before, after = OrderState(order, at - 1), OrderState(order, at)
            assert after.updated == at > before.updated
            shown = [
                (
                    one.financial_status,
                    one.fulfillment_status,
                    one.tags,
                    len(one.refunds),
                    one.lines,
                    one.cancelled,
                    one.current_total,
                )
                for one in (before, after)
            ]
            assert shown[0] != shown[1], order
            changed["changes"] += 1
    assert changed["changes"] > 100


def test_the_ledger_knows_when_an_order_was_updated_without_drawing_it(acme: ShopBook) -> None:
    clock = NOW - 20 * 86_400
    updated, visible = acme.updated(clock), acme.visible(clock)
    for row in range(0, len(updated), 31):
        state = OrderState(acme.order(row), clock)
        assert bool(visible[row]) == state.exists
        if state.exists:
            assert int(updated[row]) == state.updated


def test_states_of_money_and_goods_occur(orders: list[Order]) -> None:
    states = [OrderState(one, NOW) for one in orders]
    money = Counter(one.financial_status for one in states if one.exists)
    expected = {
        "PAID", "PENDING", "AUTHORIZED", "VOIDED", "EXPIRED", "REFUNDED", "PARTIALLY_REFUNDED",
    }  # fmt: skip
    assert set(money) == expected
    goods = Counter(one.fulfillment_status for one in states if one.exists)
    assert {"FULFILLED", "UNFULFILLED", "RESTOCKED", "ON_HOLD"} == set(goods)
    assert any(one.edited and len(one.lines) > 1 for one in states)
    assert any(one.order.test for one in states)
    imports = [one for one in orders if one.created > one.processed]
    assert imports
    assert all(one.source == "import" for one in imports)
    foreign = [one for one in orders if one.presentment[0] != one.shop.currency]
    assert 0.03 < len(foreign) / len(orders) < 0.12


def test_what_counts(orders: list[Order]) -> None:
    for one in (OrderState(order, NOW) for order in orders):
        given_up = one.financial_status in ("VOIDED", "EXPIRED")
        assert one.is_counted == (not one.order.test and not given_up)


def test_customers_come_back(acme: ShopBook, orders: list[Order]) -> None:
    ledger = acme.ledger
    known = ledger.customer[ledger.customer >= 0]
    assert 0.05 < np.mean(ledger.customer < 0) < 0.15
    per_customer = Counter(known.tolist())
    assert sum(count > 1 for count in per_customer.values()) > 0.25 * len(per_customer)
    for place in list(per_customer)[:200]:
        rows = sorted(acme.customer_rows(place), key=lambda row: (ledger.created[row], row))
        first = 1 + int(ledger.customer_earlier[place])
        numbers = [int(ledger.customer_order[row]) for row in rows]
        assert numbers == list(range(first, first + len(rows)))
        assert acme.customer(place).created < int(ledger.created[rows[0]])
    emails = {acme.customer(place).email for place in range(500)}
    assert len(emails) == 500
    assert all(one.lower().endswith("@example.com") for one in emails)


def test_what_a_customer_spent_is_what_the_orders_brought(acme: ShopBook) -> None:
    for clock in (NOW - 30 * 86_400, NOW):
        for place in range(300, 400):
            states = [one for one in acme.states(acme.customer_rows(place), clock) if one.exists]
            spent = sum(one.captured - one.refunded for one in states)
            assert acme.spending(place, clock) == (len(states), spent)


def test_a_customer_is_updated_when_its_numbers_change(acme: ShopBook) -> None:
    clocks = [NOW - days * 86_400 for days in (40, 20, 1)]
    for earlier, later in pairwise(clocks):
        updated = acme.customers_updated(later).copy()
        for place in range(300, 700):
            if acme.customer(place).created <= earlier and acme.spending(
                place, earlier
            ) != acme.spending(place, later):
                assert updated[place] > earlier


def test_paid_visits_carry_the_parameters_of_real_ads(
    business: Business, acme: ShopBook, orders: list[Order]
) -> None:
    visits = [one.visit for one in orders if one.visit is not None]
    sent = [one for one in visits if one.utm is not None and one.source != "email"]
    # What partners send has their parameters.
    paid = [one for one in sent if one.utm and one.utm[1] != "affiliate"]
    assert 0.25 < len(paid) / len(visits) < 0.60
    urls = [
        url
        for account in business.people.accounts
        if account.organization.id == "acme_outdoor"
        for unit in business.portfolio(account).units
        if unit.ad is not None
        for url in unit.ad.final_urls
    ]
    for one in paid[:200]:
        assert one.utm is not None
        campaign = one.utm[2]
        assert campaign is not None
        assert any(f"utm_campaign={campaign.lower()}" in url.lower() for url in urls)
    sources = Counter(one.source for one in visits)
    assert {"google", "email", "direct", "instagram"} <= set(sources)


def test_orders_come_from_ads_that_run(business: Business, orders: list[Order]) -> None:
    """A campaign that stopped, has not begun or was found invalid brings nothing."""
    campaigns = {
        str(campaign.id): (account, number)
        for account in business.people.accounts_of("acme_outdoor", "google_ads")
        for number, campaign in enumerate(business.portfolio(account).campaigns)
    }
    by_campaign: dict[str, int] = Counter()
    for one in orders:
        asked = parse_qs(urlsplit(one.visit.landing_page).query) if one.visit else {}
        for id_ in asked.get("gad_campaignid", ()):
            account, number = campaigns[id_]
            portfolio = business.portfolio(account)
            zone = ZoneInfo(one.shop.time_zone)
            day = datetime.fromtimestamp(one.processed, zone).date()
            running = portfolio.running_on(day.toordinal())
            assert running[portfolio.campaign_of == number].any(), (id_, day)
            for event in business.events:
                if event.kind == "restated_to_nothing" and event.account == account:
                    assert not event.covers(day) or event.campaign not in (None, number)
            by_campaign[id_] += 1
    assert set(by_campaign) == set(campaigns), "every campaign brings something, Shopping too"


def test_an_order_follows_its_ads_in_proportion(business: Business, orders: list[Order]) -> None:
    """What the shop confirms of a campaign goes with the clicks that convert."""
    (berlin, *_) = business.people.accounts_of("acme_outdoor", "google_ads")
    portfolio = business.portfolio(berlin)
    measures = portfolio.measures
    clicks, claimed = (measures.index(name) for name in ("clicks", "conversions_hundredths"))
    later = datetime(2027, 1, 1, tzinfo=UTC)
    shown = [
        business.shown(berlin, business.parameters.first_day + timedelta(days=step), later)
        for step in range(business.parameters.days)
    ]
    sums = sum(one for one in shown if one is not None)
    confirmed = Counter(
        id_
        for one in orders
        if one.visit is not None
        for id_ in parse_qs(urlsplit(one.visit.landing_page).query).get("gad_campaignid", ())
    )
    for number, campaign in enumerate(portfolio.campaigns):
        units = portfolio.campaign_of == number
        claims = sums[claimed][units].sum() / 100
        assert claims > 0.8 * confirmed[str(campaign.id)] > 0, campaign.name
        assert confirmed[str(campaign.id)] < 0.08 * sums[clicks][units].sum()


def test_the_price_change(business: Business, acme: ShopBook) -> None:
    day = business.parameters.days_before_end(24)
    dearer, *_ = acme.products
    before = (day - business.parameters.first_day).days - 1
    prices = [
        {
            line.unit_cents
            for order in acme.day(offset)
            if order.edited == NEVER
            for line in order.lines
            if line.variant is dearer.variants[0]
        }
        for offset in range(before - 9, before + 11)
    ]
    old, new = set().union(*prices[:10]), set().union(*prices[10:])
    assert len(old) == len(new) == 1
    assert next(iter(new)) == next(iter(old)) * 112 // 100


def test_scripted_orders(business: Business, books: list[ShopBook]) -> None:
    script = script_of(business.parameters)
    first = business.parameters.first_day

    def order(book: ShopBook, one: tuple[date, int]) -> Order:
        return book.day((one[0] - first).days)[one[1]]

    for book in books:
        assert len([x for x in order(book, script.long).lines if x.added == NEVER]) == 60
        assert len([x for x in order(book, script.very_long).lines if x.added == NEVER]) == 260
        assert len(order(book, script.several_refunds).refunds) >= 2
        gone = order(book, script.deleted)
        assert OrderState(gone, gone.deleted - 1).exists
        assert not OrderState(gone, gone.deleted).exists
        assert not OrderState(gone, gone.deleted - 1).is_counted
    assert any(len(order(book, script.several_refunds).refunds) == 3 for book in books)


def test_the_refund_wave(business: Business, acme: ShopBook, orders: list[Order]) -> None:
    zone, wave = ZoneInfo(acme.shop.time_zone), script_of(business.parameters).wave
    days = Counter(
        datetime.fromtimestamp(refund.at, zone).date() for one in orders for refund in one.refunds
    )
    assert days[wave] > 4 * days[wave - timedelta(days=1)] > 0


@pytest.mark.parametrize("days", [1, 2, 9, 45])
def test_short_businesses_have_shops_too(days: int) -> None:
    business = simulated(Parameters(days=days, organizations=5))
    for organization in business.people.organizations:
        book = business.shop(organization)
        assert book.days == days
        for offset in range(days):
            for one in book.day(offset):
                assert OrderState(one, LATER).refunded >= 0
