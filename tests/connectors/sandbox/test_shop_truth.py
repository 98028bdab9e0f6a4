"""The shops' truth, against what the wire says: the same figures by two ways that share no code."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from connectors.sandbox.server import SandboxClient
from tests.connectors.sandbox.shop_client import ACME, CHAI, KIWI, MORE_LINES, ShopClient

CLOCKS = ["2026-10-18T07:30:00Z", "2026-11-15T06:00:00Z"]
ZONES = {ACME: "Europe/Berlin", KIWI: "Pacific/Auckland", CHAI: "Asia/Kolkata"}
FIRST = "2026-10-05"


def money(bag: dict[str, Any]) -> Decimal:
    return Decimal(bag["shopMoney"]["amount"])


def local(instant: str, shop: str) -> str:
    at = datetime.fromisoformat(instant).astimezone(ZoneInfo(ZONES[shop]))
    return str(at.date())


def refund_of(refund: dict[str, Any], *, included: bool) -> dict[str, Decimal]:
    lines = refund["refundLineItems"]["nodes"]
    value = sum((money(one["subtotalSet"]) for one in lines), Decimal(0))
    tax = sum((money(one["totalTaxSet"]) for one in lines), Decimal(0))
    shipping = refund["refundShippingLines"]["nodes"]
    paid = [
        money(one["amountSet"])
        for one in refund["transactions"]["nodes"]
        if (one["kind"], one["status"]) == ("REFUND", "SUCCESS")
    ]
    other = [-money(one["amountSet"]) for one in refund["orderAdjustments"]["nodes"]]
    return {
        "value": value - tax if included else value,
        "tax": tax,
        "shipping": sum((money(one["subtotalAmountSet"]) for one in shipping), Decimal(0)),
        "adjustment": sum(other, Decimal(0)),
        "paid": sum(paid, Decimal(0)),
    }


def amounts(row: dict[str, Any], names: list[str]) -> dict[str, Decimal]:
    return {name: Decimal(row[name]) for name in names}


@pytest.fixture(params=[ACME, KIWI, CHAI])
def shop(request: pytest.FixtureRequest, sandbox: SandboxClient) -> ShopClient:
    return ShopClient(sandbox.url, request.param)


@pytest.mark.parametrize("clock", CLOCKS)
def test_orders_lines_and_refunds(sandbox: SandboxClient, shop: ShopClient, clock: str) -> None:
    sandbox.set_clock(clock)
    asked = {"account": shop.shop, "from": FIRST}
    truth = {one["order_id"]: one for one in sandbox.truth("order", clock, **asked)}
    start = f"processed_at:>='{FIRST}'"
    wire = {one["legacyResourceId"]: one for one in shop.orders(start, size=250)}
    assert wire.keys() == truth.keys()
    assert len(truth) > 800
    lines: dict[str, dict[str, Any]] = {}
    for id_, one in wire.items():
        told, included = truth[id_], one["taxesIncluded"]
        gross = sum((money(line["originalTotalSet"]) for line in every(shop, one)), Decimal(0))
        discount, tax = money(one["totalDiscountsSet"]), money(one["totalTaxSet"])
        assert amounts(told, ["gross", "discount", "tax", "net", "shipping", "total"]) == {
            "gross": gross,
            "discount": discount,
            "tax": tax,
            "net": gross - discount - (tax if included else 0),
            "shipping": money(one["totalShippingPriceSet"]),
            "total": money(one["totalPriceSet"]),
        }
        assert Decimal(told["refunded"]) == money(one["totalRefundedSet"])
        given_up = one["displayFinancialStatus"] in ("VOIDED", "EXPIRED")
        assert told["is_counted"] == (not one["test"] and not given_up)
        assert told["date"] == local(one["processedAt"], shop.shop)
        customer = one["customer"] and one["customer"]["legacyResourceId"]
        for name, value in (
            ("updated_at", one["updatedAt"]),
            ("processed_at", one["processedAt"]),
            ("created_at", one["createdAt"]),
            ("is_test", one["test"]),
            ("is_edited", one["edited"]),
            ("is_cancelled", one["cancelledAt"] is not None),
            ("customer_id", customer),
            ("refunds", len(one["refunds"])),
            ("lines", len(every(shop, one))),
            *journey(one).items(),
        ):
            assert told[name] == value, name
        lines |= {line["id"].rsplit("/", 1)[1]: {**line, "in": one} for line in every(shop, one)}
    told_lines = {one["line_id"]: one for one in sandbox.truth("order_line", clock, **asked)}
    assert lines.keys() == told_lines.keys()
    for id_, line in lines.items():
        check_line(line, told_lines[id_])
    told_refunds = {
        one["refund_id"]: one
        for one in sandbox.truth("refund", clock, account=shop.shop)
        if one["order_id"] in wire
    }
    refunds = {
        refund["id"].rsplit("/", 1)[1]: (refund, one)
        for one in wire.values()
        for refund in one["refunds"]
    }
    assert refunds.keys() == told_refunds.keys()
    for id_, (refund, one) in refunds.items():
        told = told_refunds[id_]
        found = refund_of(refund, included=one["taxesIncluded"])
        assert amounts(told, list(found)) == found
        assert found["paid"] == money(refund["totalRefundedSet"])
        assert told["date"] == local(refund["createdAt"], shop.shop)


def journey(one: dict[str, Any]) -> dict[str, Any]:
    summary = one["customerJourneySummary"]
    visit = (summary or {}).get("lastVisit") or {}
    utm = visit.get("utmParameters") or {}
    return {
        "is_journey_ready": summary and summary["ready"],
        "last_visit_source": visit.get("source"),
        **{f"utm_{name}": utm.get(name) for name in ("source", "medium", "campaign", "content")},
    }


_READ_ON: dict[str, list[Any]] = {}


def every(shop: ShopClient, one: dict[str, Any]) -> list[Any]:
    """All lines of an order, also those behind its first page."""
    page = one["lineItems"]
    if not page["pageInfo"]["hasNextPage"]:
        return list(page["nodes"])
    key = f"{one['id']} {one['updatedAt']}"
    if key not in _READ_ON:
        nodes, fields = list(page["nodes"]), shop_lines()
        while page["pageInfo"]["hasNextPage"]:
            after = page["pageInfo"]["endCursor"]
            page = shop.data(fields, id=one["id"], after=after)["order"]["lineItems"]
            nodes += page["nodes"]
        _READ_ON[key] = nodes
    return _READ_ON[key]


def shop_lines() -> str:
    wanted = (
        "id sku title quantity currentQuantity product{id} variant{id} originalTotalSet"
        "{shopMoney{amount}} discountedTotalSet{shopMoney{amount}} taxLines{priceSet{shopMoney"
        "{amount}}} discountAllocations{allocatedAmountSet{shopMoney{amount}}}"
    )
    return MORE_LINES.replace("nodes{id}", f"nodes{{{wanted}}}")


def check_line(line: dict[str, Any], told: dict[str, Any]) -> None:
    gross = money(line["originalTotalSet"])
    off = sum((money(one["allocatedAmountSet"]) for one in line["discountAllocations"]), Decimal(0))
    tax = sum((money(one["priceSet"]) for one in line["taxLines"]), Decimal(0))
    net = gross - off - (tax if line["in"]["taxesIncluded"] else 0)
    assert amounts(told, ["gross", "discount", "tax", "net"]) == {
        "gross": gross,
        "discount": off,
        "tax": tax,
        "net": net,
    }
    assert Decimal(told["automatic_discount"]) == gross - money(line["discountedTotalSet"])
    assert told["quantity"] == line["quantity"]
    assert told["returned_quantity"] == line["quantity"] - line["currentQuantity"]
    assert told["sku"] == line["sku"]
    assert told["product_id"] == (line["product"] and line["product"]["id"].rsplit("/", 1)[1])


@pytest.mark.parametrize("clock", CLOCKS)
def test_days_are_the_sums_of_what_is_counted(
    sandbox: SandboxClient, shop: ShopClient, clock: str
) -> None:
    days: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for one in sandbox.truth("order", clock, account=shop.shop):
        day = days[one["date"]]
        day["orders"] += 1
        if one["is_counted"]:
            day["counted_orders"] += 1
            day["new_customers"] += one["is_new_customer"]
            for name in ("gross", "discount", "net", "tax", "shipping", "total"):
                day[name] += Decimal(one[name])
    for one in sandbox.truth("refund", clock, account=shop.shop):
        if one["is_counted"]:
            days[one["date"]]["refunds"] += Decimal(one["value"])
            days[one["date"]]["refunded"] += Decimal(one["paid"])
    told = sandbox.truth("shop_day", clock, account=shop.shop)
    assert [one["date"] for one in told] == sorted(days)
    for one in told:
        day = days[one["date"]]
        assert Decimal(one["net_revenue"]) == day["net"] - day["refunds"]
        for name, value in day.items():
            assert Decimal(one[name]) == value, name
    assert sum(Decimal(one["refunds"]) for one in told) > 0
    assert sum(one["new_customers"] for one in told) < sum(one["counted_orders"] for one in told)


def test_a_customer_is_new_once(sandbox: SandboxClient) -> None:
    first: dict[str, tuple[str, int]] = {}
    rows = sandbox.truth("order", account=ACME)
    for one in rows:
        if one["customer_id"] and one["is_counted"]:
            place = (one["processed_at"], int(one["order_id"]))
            first[one["customer_id"]] = min(place, first.get(one["customer_id"], place))
    new = {int(one["order_id"]) for one in rows if one["is_new_customer"]}
    assert new == {order for _, order in first.values()}


def test_reading_by_updated_at_comes_to_the_truth(sandbox: SandboxClient) -> None:
    """Three pulls, each from the end of the one before, newest version wins."""
    shop, known = ShopClient(sandbox.url, KIWI), {}
    pulls = ["2026-10-10T00:00:00Z", "2026-11-01T00:00:00Z", "2026-11-15T06:00:00Z"]
    start = "2026-09-25T00:00:00Z"
    for clock in pulls:
        sandbox.set_clock(clock)
        window = f"updated_at:>='{start}' AND updated_at:<'{clock}'"
        known |= {one["legacyResourceId"]: one for one in shop.orders(window, size=250)}
        start = clock
    truth = {
        one["order_id"]: one
        for one in sandbox.truth("order", account=KIWI)
        if "2026-09-25T00:00:00Z" <= one["updated_at"] < pulls[-1]
    }
    # What has vanished without trace is known to whoever read it before.
    gone = known.keys() - truth.keys()
    assert len(gone) == 1
    assert truth.keys() <= known.keys()
    for id_, told in truth.items():
        assert known[id_]["updatedAt"] == told["updated_at"]
        assert money(known[id_]["totalRefundedSet"]) == Decimal(told["refunded"])
        assert money(known[id_]["totalPriceSet"]) == Decimal(told["total"])


def test_shops_and_events(sandbox: SandboxClient) -> None:
    shops = {one["account_id"]: one for one in sandbox.truth("shops")}
    assert set(shops) == {ACME, KIWI, CHAI}
    assert shops[KIWI]["currency"] == "NZD"
    assert {one["kind"] for one in sandbox.truth("shop_events")} == {
        "long_order",
        "very_long_order",
        "several_refunds",
        "deleted_order",
        "refund_wave",
        "price_change",
    }


def test_the_connections_file_has_every_kind_of_credential(sandbox: SandboxClient) -> None:

    document = yaml.safe_load(sandbox.connections_yaml())
    mine = [one for one in document["credentials"] if one["platform"] == "shopify"]
    kinds = [tuple(sorted(one["secrets"])) for one in mine]
    assert kinds == [
        ("access_token",),
        ("client_id", "client_secret"),
        ("client_id", "client_secret", "refresh_token"),
    ]
    accounts = {one["account"] for one in document["connections"] if one["platform"] == "shopify"}
    assert accounts == {ACME, KIWI, CHAI}
