"""Partner programs of the simulated business: what becomes of orders becomes of conversions."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from connectors.sandbox.business import Business, Parameters
from connectors.sandbox.business.affiliate_entities import APPROVED, PENDING, REJECTED
from connectors.sandbox.business.affiliate_visits import is_led
from connectors.sandbox.business.affiliates import AffiliateBook, affiliate_books
from connectors.sandbox.platforms.everflow.network import NETWORK
from connectors.sandbox.platforms.trackier.network import NETWORK as PLAIN
from connectors.sandbox.service import services, simulated
from connectors.sandbox.tables.affiliates import Program
from connectors.sandbox.truth.affiliates import levels_of
from connectors.sandbox.truth.question import Question

_SIZE = Parameters(days=90)
_NOW = datetime(2026, 11, 10, 6, tzinfo=UTC)


@pytest.fixture(scope="module")
def business() -> Business:
    return simulated(_SIZE)


@pytest.fixture(scope="module")
def book(business: Business) -> AffiliateBook:
    (found,) = affiliate_books(business, NETWORK)
    return found


def test_a_returned_order_is_rejected_and_a_part_of_it_cut(book: AffiliateBook) -> None:
    ways = Counter(tuple(state.status for state in one.states) for one in book.conversions)
    assert ways[PENDING, APPROVED] > 30
    assert ways[PENDING, APPROVED, REJECTED, APPROVED] > 0
    assert sum(count for way, count in ways.items() if way[-1] == REJECTED) > 5
    cut = [
        one
        for one in book.conversions
        if len({state.sale_cents for state in one.states if state.status != REJECTED}) > 1
    ]
    assert cut
    for one in cut:
        paid = [one.click.offer.payout(state.sale_cents) for state in one.states]
        assert paid == [state.payout_cents for state in one.states]


def test_states_follow_each_other_and_none_repeats(book: AffiliateBook) -> None:
    for one in book.conversions:
        assert one.click.at < one.at <= one.held_until == one.states[0].at
        for earlier, later in zip(one.states, one.states[1:], strict=False):
            assert earlier.at < later.at
            assert (earlier.status, earlier.sale_cents) != (later.status, later.sale_cents)


def test_what_is_on_hold_is_no_conversion_yet(book: AffiliateBook) -> None:
    held = [one for one in book.conversions if one.held_until > one.at]
    assert held
    for one in held:
        assert one.state(one.held_until - 1) is None
        assert one.is_held(one.at)
        assert not one.is_held(one.held_until)


def test_equal_parameters_give_equal_programs(book: AffiliateBook) -> None:
    twin = simulated(_SIZE)
    (again,) = affiliate_books(twin, NETWORK)
    assert again.conversions == book.conversions
    assert again.clicks == book.clicks


def test_a_network_without_corrections_and_invoices_has_none(business: Business) -> None:
    (plain,) = affiliate_books(business, PLAIN)
    assert (plain.adjustments, plain.invoices) == ((), ())
    assert plain.conversions


def test_sums_of_the_wire_are_those_of_the_truth(business: Business, book: AffiliateBook) -> None:
    """Worked out apart: with corrections that are in force, and without withdrawn ones."""
    truth = levels_of(NETWORK)["affiliate_day"]
    for moment in (_NOW, _NOW - timedelta(days=20)):
        true = {
            (row["date"], row["affiliate_id"], row["offer_id"]): (row["clicks"], row["payout"])
            for row in truth(business, Question("affiliate_day", moment))
        }
        days = sorted(true)
        first, last = (datetime.fromisoformat(days[place][0]).date() for place in (0, -1))
        shown = Program(book, int(moment.timestamp())).days(first, last)
        ours = {
            (str(day), partner, offer): (sums.clicks, f"{sums.payout / 100:.2f}")
            for (day, partner, offer), sums in shown.items()
        }
        assert ours == true


def test_a_part_of_what_partners_claim_came_by_their_links(
    business: Business, book: AffiliateBook
) -> None:
    orders = [business.shop(book.shop.organization).order(row) for row in _claimed_rows(book)]
    led = [one for one in orders if is_led(one)]
    assert 0.15 < len(led) / len(orders) < 0.6
    clicks = {one.order: one for one in book.clicks if one.order >= 0}
    for one in led:
        assert one.visit is not None
        assert one.visit.clicked is None
        assert one.visit.utm == (
            NETWORK.platform, "affiliate", one.visit.utm[2], None, clicks[one.row].partner.id
        )  # fmt: skip
        assert clicks[one.row].id in one.visit.landing_page
        assert clicks[one.row].at == one.visit.at


def test_only_claimed_orders_came_by_a_link(business: Business, book: AffiliateBook) -> None:
    shop = business.shop(book.shop.organization)
    led = {one.row for day in range(shop.days) for one in shop.day(day) if is_led(one)}
    assert led
    assert led <= set(_claimed_rows(book))


def test_what_ads_and_letters_brought_is_theirs(business: Business, book: AffiliateBook) -> None:
    held = services()
    alone = Business(
        _SIZE,
        [one.network for one in held if one.network],
        [one.mail for one in held if one.mail],
    )
    shop, without = (each.shop(book.shop.organization) for each in (business, alone))
    kept = 0
    for offset in range(shop.days):
        for ours, theirs in zip(shop.day(offset), without.day(offset), strict=True):
            if theirs.visit is not None and (theirs.visit.clicked or theirs.visit.utm):
                assert ours.visit == theirs.visit
                kept += 1
    assert kept > 100


def _claimed_rows(book: AffiliateBook) -> list[int]:
    return [one.click.order for one in book.conversions]
