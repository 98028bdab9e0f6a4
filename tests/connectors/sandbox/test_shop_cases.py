"""What is out of the ordinary: there in every shop, rare, and shown by REST as by GraphQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from connectors.sandbox.business import Business, Parameters
from connectors.sandbox.business import shop_cases as cases
from connectors.sandbox.business.shop_entities import NEVER, Order
from connectors.sandbox.business.shop_state import OrderState
from connectors.sandbox.server import SandboxClient, sandbox_thread
from connectors.sandbox.service import simulated
from tests.connectors.sandbox.shop_client import ACME, KIWI, ShopClient

DAYS = 6
CLOCK = "2026-12-20T06:00:00Z"
LATER = 2**40
ALL = set(range(1, cases.BACKDATED + 1))


@pytest.fixture(scope="module")
def small() -> Business:
    return simulated(Parameters(days=DAYS))


@pytest.fixture(scope="module")
def running() -> Iterator[SandboxClient]:
    with sandbox_thread(Parameters(days=DAYS)) as sandbox:
        sandbox.set_clock(CLOCK)
        yield sandbox


def drawn(business: Business, number: int) -> Iterator[Order]:
    book = business.shop(business.people.organizations[number])
    for offset in range(book.days):
        yield from book.day(offset)


def of_case(business: Business, case: int) -> list[Order]:
    return [one for one in drawn(business, 0) if one.case == case]


@pytest.mark.parametrize("days", [3, 9])
def test_every_shop_of_three_days_has_every_case_and_few_of_each(days: int) -> None:
    business = simulated(Parameters(days=days))
    for number in range(3):
        found = Counter(one.case for one in drawn(business, number))
        assert set(found) - {cases.NO_CASE} == ALL
        assert all(found[case] == days // 3 for case in ALL)


def test_cases_are_rare_in_a_business_of_months() -> None:
    business = simulated(Parameters(days=90))
    for number in range(3):
        found = Counter(one.case for one in drawn(business, number))
        assert set(found) - {cases.NO_CASE} == ALL
        assert sum(found[case] for case in ALL) < 0.06 * found.total()


def test_each_case_is_what_it_says(small: Business) -> None:
    for one in of_case(small, cases.REMOVED):
        (first, later) = one.refunds
        assert first.at == one.edited
        assert (first.paid_cents, later.lines) == (0, ())
        assert later.paid_cents == -first.adjustment_cents > 0
        assert one.lines[0].quantity - OrderState(one, LATER).returned(one.lines[0]) == 1
    for one in of_case(small, cases.REMOVED_UNPAID):
        assert one.refunds == ()
        assert one.created < one.edited < one.paid
        state = OrderState(one, LATER)
        assert state.captured == state.current_total < state.total
    for one in of_case(small, cases.EXCHANGE):
        (swap,) = one.refunds
        assert one.lines[-1].added == swap.at
        assert swap.lines[0].line is one.lines[0]
        state = OrderState(one, LATER)
        assert state.captured - state.refunded == state.current_total
    for one in of_case(small, cases.BACKDATED):
        (refund,) = one.refunds
        assert one.created < refund.processed == refund.at - cases.BACKDATED_BY
    for one in of_case(small, cases.AMOUNT_ONLY):
        assert OrderState(one, LATER).current_total == 0
        assert OrderState(one, LATER).returned(one.lines[0]) == 0
    for one in of_case(small, cases.KEPT_BACK):
        assert 0 < one.refunds[0].paid_cents < -one.refunds[0].adjustment_cents * 2
    cards = [one.gift_card_cents for one in of_case(small, cases.CARD_USED)]
    assert all(cards)


def test_a_cancelled_unpaid_order_leaves_a_refund_of_no_money(small: Business) -> None:
    found = [
        one
        for one in drawn(small, 0)
        if one.cancelled < NEVER and one.paid == NEVER and one.deleted == NEVER
    ]
    assert found
    for one in found:
        (refund,) = one.refunds
        assert (refund.paid_cents, refund.adjustment_cents) == (0, 0)
        assert sum(back.quantity for back in refund.lines) == sum(x.quantity for x in one.lines)


@pytest.mark.parametrize("case", sorted(ALL))
@pytest.mark.parametrize(("account", "number"), [(ACME, 0), (KIWI, 1)])
def test_rest_shows_the_same_money(
    running: SandboxClient, small: Business, account: str, number: int, case: int
) -> None:
    shop = ShopClient(running.url, account)
    for order in (one for one in drawn(small, number) if one.case == case):
        status, _, body = shop.rest(f"orders/{order.id}.json")
        assert status == 200
        check(body["order"], case)


def check(order: dict[str, Any], case: int) -> None:
    lines, sent = order["line_items"], order["shipping_lines"]
    off = [each for each in (*lines, *sent) for each in each["discount_allocations"]]
    assert total(each["amount"] for each in off) == Decimal(order["total_discounts"])
    taxes = [tax["price"] for each in (*lines, *sent) for tax in each["tax_lines"]]
    assert total(taxes) == Decimal(order["total_tax"])
    tips = [each for each in lines if "tip_payment_gateway" in each]
    assert bool(tips) == (case == cases.TIPPED)
    assert total(each["price"] for each in tips) == Decimal(order["total_tip_received"])
    assert any(each["gift_card"] for each in lines) == (case == cases.CARD_SOLD)
    assert ("gift_card" in order["payment_gateway_names"]) == (case == cases.CARD_USED)
    assert bool(order["current_total_duties_set"]) == (case == cases.DUTIES)
    assert bool(order["current_total_additional_fees_set"]) == (case == cases.FEE)
    for line in sent:
        free = case == cases.FREE_SHIPPING
        assert (line["discounted_price"] == "0.00" != line["price"]) == free
    types = [each["type"] for each in order["discount_codes"]]
    assert types.count("shipping") == (1 if case == cases.FREE_SHIPPING and sent else 0)
    gone = {cases.REMOVED, cases.REMOVED_UNPAID}
    assert (lines[0]["current_quantity"] == 1 < lines[0]["quantity"]) >= (case in gone)
    adjustments = [
        Decimal(each["amount"])
        for refund in order["refunds"]
        for each in refund["order_adjustments"]
        if each["kind"] == "refund_discrepancy"
    ]
    if case in (cases.REMOVED, cases.MONEY_LATER):
        assert len(adjustments) == 2
        assert sum(adjustments) == 0 < adjustments[0]
    elif case == cases.KEPT_BACK:
        assert adjustments[0] > 0
    elif case == cases.AMOUNT_ONLY:
        assert adjustments == [-Decimal(order["total_price"])]
    else:
        assert adjustments == []
    backdated = [one for one in order["refunds"] if one["processed_at"] < one["created_at"]]
    assert bool(backdated) == (case == cases.BACKDATED)


def total(amounts: Any) -> Decimal:
    return sum((Decimal(one) for one in amounts), Decimal(0))
