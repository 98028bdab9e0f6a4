"""The worked numbers of the platform's facts, by the truth's ledger and by the wire's, alike."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from connectors.sandbox.business import Business
from connectors.sandbox.business.shop_cases import EXCHANGE, NO_CASE
from connectors.sandbox.business.shop_entities import (
    GIFT_CARD,
    NEVER,
    TIP,
    Line,
    Order,
    Refund,
    RefundLine,
)
from connectors.sandbox.business.shop_state import OrderState
from connectors.sandbox.platforms.shopify.agreements import agreements
from connectors.sandbox.platforms.shopify.transactions import transactions
from connectors.sandbox.truth.question import Question
from connectors.sandbox.truth.shop_entries import Shown

THIRD, NINTH, TWELFTH = (
    int(datetime(2026, 3, day, 12, tzinfo=UTC).timestamp()) for day in (3, 9, 12)
)
LATER = int(datetime(2027, 1, 1, tzinfo=UTC).timestamp())
KINDS = {
    "PRODUCT": "goods", "TIP": "tip", "GIFT_CARD": "gift_card", "SHIPPING": "shipping",
    "ADJUSTMENT": "adjustment",
}  # fmt: skip


@pytest.fixture(scope="module")
def plain(business: Business) -> Order:
    """An order of 100 without tax, shipping, discount or any change."""
    book = business.shop(business.people.organizations[0])
    drawn = next(one for one in book.day(3) if one.case == NO_CASE and one.lines[0].product)
    instants = dict.fromkeys(("expired", "cancelled", "edited", "tagged", "deleted"), NEVER)
    return replace(
        drawn, shop=replace(drawn.shop, tax_per_mille=0, taxes_included=False, time_zone="UTC"),
        processed=THIRD, created=THIRD, paid=THIRD, fulfilled=THIRD, test=False, source="web",
        authorized=False, declined_first=False, touched=(), refunds=(), discount_code=None,
        shipping_cents=0, shipping_discount_cents=0, shipping_tax_cents=0, removals=(),
        lines=(line(drawn, 1, 10_000),), payments=((THIRD, 10_000),), **cast(Any, instants),
    )  # fmt: skip


def line(drawn: Order, id_: int, cents: int, **other: Any) -> Line:
    of_one = {"quantity": 1, "automatic_cents": 0, "code_cents": 0, "tax_cents": 0, "added": NEVER}
    return replace(drawn.lines[0], id=id_, unit_cents=cents, **{**of_one, **other})


def refund(at: int, *lines: RefundLine, paid: int, **other: Any) -> Refund:
    return Refund(
        **{
            "id": at, "at": at, "processed": at, "lines": lines, "shipping_cents": 0,
            "shipping_tax_cents": 0, "adjustment_cents": 0, "settled_cents": 0, "paid_cents": paid,
            "is_pending": False, "failed_first": False, "note": None, **other,
        }
    )  # fmt: skip


def back(one: Line, cents: int, tax: int = 0, quantity: int = 1) -> RefundLine:
    return RefundLine(one.id, one, quantity, cents, tax, "RETURN")


def booked(order: Order) -> dict[tuple[int, str], int]:
    """The net cents by day of the month and kind, in which truth and wire agree."""
    book = cast(Any, SimpleNamespace(shop=order.shop))
    shown = Shown(book, Question("sale", datetime.fromtimestamp(LATER, UTC)))
    truth: dict[tuple[int, str], int] = defaultdict(int)
    for entry in shown.entries(order):
        truth[shown.day(entry.at).day, entry.kind] += entry.net
    wire: dict[tuple[int, str], int] = defaultdict(int)
    for agreement in agreements(OrderState(order, LATER)):
        day = datetime.fromtimestamp(agreement.at, UTC).day
        for sale in agreement.sales:
            wire[day, KINDS[sale.line_type]] += sale.total - sale.tax
    assert truth == wire
    return dict(truth)


def test_1_shipping_has_a_tax_of_its_own(plain: Order) -> None:
    goods = line(plain, 1, 11_900, tax_cents=1_900)
    order = replace(
        plain, shop=replace(plain.shop, tax_per_mille=190, taxes_included=True), lines=(goods,),
        shipping_cents=1_190, shipping_tax_cents=190, payments=((THIRD, 13_090),),
    )  # fmt: skip
    assert OrderState(order, LATER).tax == 2_090
    assert booked(order) == {(3, "goods"): 10_000, (3, "shipping"): 1_000}
    whole = refund(
        NINTH, back(goods, 11_900, 1_900), paid=13_090, shipping_cents=1_190, shipping_tax_cents=190
    )
    assert booked(replace(order, refunds=(whole,))) == {
        (3, "goods"): 10_000, (3, "shipping"): 1_000,
        (9, "goods"): -10_000, (9, "shipping"): -1_000,
    }  # fmt: skip


def test_2_a_code_for_free_shipping_takes_nothing_off_the_goods(plain: Order) -> None:
    order = replace(plain, shipping_cents=1_000, shipping_discount_cents=1_000)
    assert OrderState(order, LATER).discounts == 1_000
    assert order.codes == ["FREESHIP"]
    assert booked(order) == {(3, "goods"): 10_000, (3, "shipping"): 0}


def test_3_a_code_is_spread_over_the_lines(plain: Order) -> None:
    lines = line(plain, 1, 4_000, code_cents=400), line(plain, 2, 6_000, code_cents=600)
    order = replace(plain, lines=lines, payments=((THIRD, 9_000),))
    assert [one.worth for one in lines] == [3_600, 5_400]
    assert booked(order) == {(3, "goods"): 9_000}


def test_4_a_unit_that_an_edit_takes_off_counts_on_the_day_of_the_edit(plain: Order) -> None:
    goods = line(plain, 1, 4_800, quantity=2, automatic_cents=1_920)
    removed = refund(NINTH, back(goods, 3_840), paid=0, adjustment_cents=-3_840, is_pending=True)
    order = replace(plain, lines=(goods,), edited=NINTH, refunds=(removed,), touched=(NINTH,))
    assert booked(order)[3, "goods"] == 7_680
    assert booked(order)[9, "goods"] == -3_840
    state = OrderState(order, LATER)
    assert (state.lines[0].quantity, state.returned(goods)) == (2, 1)
    assert state.discounts == 1_920


def test_5_money_that_is_kept_or_comes_later_counts_once(plain: Order) -> None:
    goods = line(plain, 1, 5_000)
    order = replace(plain, lines=(goods,), payments=((THIRD, 5_000),))
    kept = refund(NINTH, back(goods, 5_000), paid=3_000, adjustment_cents=-2_000)
    assert booked(replace(order, refunds=(kept,))) == {
        (3, "goods"): 5_000, (9, "goods"): -5_000, (9, "adjustment"): 2_000,
    }  # fmt: skip
    first = refund(NINTH, back(goods, 5_000), paid=0, adjustment_cents=-5_000, is_pending=True)
    later = refund(TWELFTH, paid=5_000, adjustment_cents=5_000, is_pending=True)
    entries = booked(replace(order, refunds=(first, later)))
    assert sum(cents for (day, _), cents in entries.items() if day > 3) == -5_000
    assert entries[9, "adjustment"] + entries[12, "adjustment"] == 0


def test_6_an_amount_without_lines_ends_the_order_at_nothing(plain: Order) -> None:
    order = replace(plain, refunds=(refund(NINTH, paid=10_000, adjustment_cents=10_000),))
    assert booked(order) == {(3, "goods"): 10_000, (9, "adjustment"): -10_000}
    assert OrderState(order, LATER).returned(plain.lines[0]) == 0
    assert OrderState(order, LATER).current_total == 0


def test_7_an_exchange_has_both_sides_on_its_day(plain: Order) -> None:
    first, second = line(plain, 1, 40_000), line(plain, 2, 36_500, added=NINTH)
    swap = refund(NINTH, back(first, 40_000), paid=3_500, settled_cents=36_500)
    order = replace(
        plain, case=EXCHANGE, lines=(first, second), refunds=(swap,), payments=((THIRD, 40_000),)
    )
    assert booked(order) == {(3, "goods"): 40_000, (9, "goods"): -3_500}
    (_, returned) = agreements(OrderState(order, LATER))
    assert returned.kind == "ReturnAgreement"
    assert [(one.action, one.total) for one in returned.sales] == [
        ("RETURN", -40_000),
        ("ORDER", 36_500),
    ]
    assert OrderState(order, LATER).current_total == 36_500


def test_8_a_gift_card_is_no_revenue_until_it_pays(plain: Order) -> None:
    card = line(plain, 1, 10_000, kind=GIFT_CARD)
    sold = replace(plain, lines=(card,))
    assert booked(sold) == {(3, "gift_card"): 10_000}
    used = replace(
        plain, lines=(line(plain, 1, 6_000),), payments=((THIRD, 6_000),), gift_card_cents=6_000
    )
    assert booked(used) == {(3, "goods"): 6_000}
    assert [one.gateway for one in transactions(OrderState(used, LATER))] == ["gift_card"]


def test_9_a_tip_is_no_goods(plain: Order) -> None:
    lines = line(plain, 1, 5_000), line(plain, 2, 500, kind=TIP, product=None, variant=None)
    order = replace(plain, lines=lines, payments=((THIRD, 5_500),))
    state = OrderState(order, LATER)
    assert (state.total, state.subtotal) == (5_500, 5_000)
    assert booked(order) == {(3, "goods"): 5_000, (3, "tip"): 500}
