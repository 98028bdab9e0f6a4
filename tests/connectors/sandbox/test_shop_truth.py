"""The shops' truth, against what the wire says: the same figures by two ways that share no code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from connectors.sandbox.server import SandboxClient
from tests.connectors.sandbox.shop_client import ACME, CHAI, KIWI, LINE, MORE_LINES, ShopClient

CLOCKS = ["2026-10-18T07:30:00Z", "2026-11-15T06:00:00Z"]
ZONES = {ACME: "Europe/Berlin", KIWI: "Pacific/Auckland", CHAI: "Asia/Kolkata"}
FIRST = "2026-10-05"
ORDER_MONEY = [
    "gross", "discount", "net", "tax", "shipping", "shipping_tax", "shipping_discount", "tips",
    "gift_cards", "duties", "fees", "total",
]  # fmt: skip


def money(bag: dict[str, Any]) -> Decimal:
    return Decimal(bag["shopMoney"]["amount"])


def local(instant: str, shop: str) -> str:
    at = datetime.fromisoformat(instant).astimezone(ZoneInfo(ZONES[shop]))
    return str(at.date())


def total(bags: Iterable[dict[str, Any]]) -> Decimal:
    return sum((money(bag) for bag in bags), Decimal(0))


def refund_of(refund: dict[str, Any], *, included: bool) -> dict[str, Decimal]:
    lines = refund["refundLineItems"]["nodes"]
    value = total(one["subtotalSet"] for one in lines)
    tax = total(one["totalTaxSet"] for one in lines)
    sent = refund["refundShippingLines"]["nodes"]
    shipping = total(one["subtotalAmountSet"] for one in sent)
    shipping_tax = total(one["taxAmountSet"] for one in sent)
    paid = total(
        one["amountSet"]
        for one in refund["transactions"]["nodes"]
        if (one["kind"], one["status"]) == ("REFUND", "SUCCESS")
    )
    return {
        "value": value - tax if included else value,
        "tax": tax,
        "shipping": shipping - shipping_tax if included else shipping,
        "shipping_tax": shipping_tax,
        "adjustment": -total(one["amountSet"] for one in refund["orderAdjustments"]["nodes"]),
        "paid": paid,
    }


def kind_of(line: dict[str, Any]) -> str:
    if line["isGiftCard"]:
        return "gift_card"
    return "tip" if line["name"] == "Tip" and line["product"] is None else "goods"


def line_of(line: dict[str, Any], *, included: bool) -> dict[str, Decimal]:
    gross = money(line["originalTotalSet"])
    off = total(one["allocatedAmountSet"] for one in line["discountAllocations"])
    tax = total(one["priceSet"] for one in line["taxLines"])
    net = gross - off - (tax if included else 0)
    return {"gross": gross, "discount": off, "tax": tax, "net": net}


def order_of(one: dict[str, Any], lines: list[dict[str, Any]]) -> dict[str, Decimal]:
    """The money of an order by its lines and its shipping; headers are only held against it."""
    included, sums = one["taxesIncluded"], defaultdict[str, Decimal](Decimal)
    for line in lines:
        parts, kind = line_of(line, included=included), kind_of(line)
        if kind == "goods":
            for name, value in parts.items():
                sums[name] += value
        else:
            sums[f"{kind}s"] += parts["net"]
    for line in one["shippingLines"]["nodes"]:
        tax = total(each["priceSet"] for each in line["taxLines"])
        off = total(each["allocatedAmountSet"] for each in line["discountAllocations"])
        price = money(line["originalPriceSet"]) - off
        assert price == money(line["discountedPriceSet"])
        sums["shipping"] += price - tax if included else price
        sums["shipping_tax"] += tax
        sums["shipping_discount"] += off
        sums["tax"] += tax
    sums["duties"] = total(filter(None, [one["originalTotalDutiesSet"]]))
    sums["fees"] = total(filter(None, [one["originalTotalAdditionalFeesSet"]]))
    sums["total"] = money(one["totalPriceSet"])
    assert sums["discount"] + sums["shipping_discount"] == money(one["totalDiscountsSet"])
    assert sums["tax"] == money(one["totalTaxSet"])
    assert sums["tips"] == money(one["totalTipReceivedSet"])
    others = ("tips", "gift_cards", "shipping", "duties", "fees")
    assert sums["net"] + sums["tax"] + sum(sums[name] for name in others) == sums["total"]
    return {name: sums[name] for name in ORDER_MONEY}


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
    assert len(truth) > 300
    lines: dict[str, dict[str, Any]] = {}
    for id_, one in wire.items():
        told = truth[id_]
        assert amounts(told, ORDER_MONEY) == order_of(one, every(shop, one))
        assert Decimal(told["refunded"]) == money(one["totalRefundedSet"])
        assert Decimal(told["placed_total"]) == money(one["originalTotalPriceSet"])
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
        assert told["date"] == local(refund["processedAt"], shop.shop)


def journey(one: dict[str, Any]) -> dict[str, Any]:
    summary = one["customerJourneySummary"]
    visit = (summary or {}).get("lastVisit") or {}
    first = (summary or {}).get("firstVisit") or {}
    return {
        "is_journey_ready": summary and summary["ready"],
        "last_visit_source": visit.get("source"),
        **_utm(visit, "utm_"),
        "first_visit_at": first.get("occurredAt"),
        "first_visit_source": first.get("source"),
        "is_first_visit_last": first == visit,
        **_utm(first, "first_utm_"),
    }


def _utm(visit: dict[str, Any], prefix: str) -> dict[str, Any]:
    utm = visit.get("utmParameters") or {}
    return {f"{prefix}{one}": utm.get(one) for one in ("source", "medium", "campaign", "content")}


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
    return MORE_LINES.replace("nodes{id}", f"nodes{{{LINE}}}")


def check_line(line: dict[str, Any], told: dict[str, Any]) -> None:
    parts = line_of(line, included=line["in"]["taxesIncluded"])
    assert amounts(told, list(parts)) == parts
    assert told["kind"] == kind_of(line)
    assert Decimal(told["automatic_discount"]) == parts["gross"] - money(line["discountedTotalSet"])
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
    names = {"goods": "net", "tip": "tips", "gift_card": "gift_cards", "shipping": "shipping",
             "duty": "duties", "fee": "fees"}  # fmt: skip
    backs = {"goods": "refunds", "shipping": "refund_shipping", "adjustment": "refund_adjustment"}
    for one in sandbox.truth("sale", clock, account=shop.shop):
        if not one["is_counted"]:
            continue
        day, net, tax = days[one["date"]], Decimal(one["net"]), Decimal(one["tax"])
        if one["action"] == "ORDER":
            day[names[one["kind"]]] += net
            day["tax"] += tax
            day["total"] += net + tax
        else:
            day[backs[one["kind"]]] -= net
            day["refund_tax"] -= tax
    for one in sandbox.truth("refund", clock, account=shop.shop):
        if one["is_counted"]:
            days[one["date"]]["refunded"] += Decimal(one["paid"])
    told = sandbox.truth("shop_day", clock, account=shop.shop)
    assert [one["date"] for one in told] == sorted(days)
    for one in told:
        day = days[one["date"]]
        revenue = day["net"] - day["refunds"] - day["refund_adjustment"]
        assert Decimal(one["net_revenue"]) == revenue
        for name, value in day.items():
            assert Decimal(one[name]) == value, name
    assert sum(Decimal(one["refunds"]) for one in told) > 0
    assert sum(one["new_customers"] for one in told) < sum(one["counted_orders"] for one in told)


def test_a_customer_is_new_once(sandbox: SandboxClient) -> None:
    first: dict[str, tuple[str, int]] = {}
    old = {
        one["customer_id"]
        for one in sandbox.truth("customer", account=ACME)
        if one["earlier_orders"]
    }
    assert len(old) == 300
    rows = sandbox.truth("order", account=ACME)
    for one in rows:
        if one["customer_id"] and one["customer_id"] not in old and one["is_counted"]:
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
    # What has been deleted is known to whoever read it before.
    gone = known.keys() - truth.keys()
    assert len(gone) == 2
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
        "deleted_late_order",
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
