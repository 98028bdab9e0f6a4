"""An order's ledger on the wire, against the truth's: every entry, on its day, to the cent."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from connectors.sandbox.business import Parameters
from connectors.sandbox.server import SandboxClient, sandbox_thread
from tests.connectors.sandbox.shop_client import ACME, CHAI, KIWI, ShopClient

ZONES = {ACME: "Europe/Berlin", KIWI: "Pacific/Auckland", CHAI: "Asia/Kolkata"}
CLOCK = "2026-11-20T06:00:00Z"
MONEY = "{shopMoney{amount}}"
SALE = f"""__typename id actionType lineType quantity totalAmount{MONEY} totalTaxAmount{MONEY}
 totalDiscountAmountBeforeTaxes{MONEY} totalDiscountAmountAfterTaxes{MONEY}
 ...on ProductSale{{lineItem{{id}}}} ...on TipSale{{lineItem{{id}}}}
 ...on GiftCardSale{{lineItem{{id}}}}"""
ORDERS = f"""query($a:String){{orders(first:50,after:$a){{pageInfo{{hasNextPage endCursor}}
 nodes{{id test taxesIncluded edited createdAt currentTotalPriceSet{MONEY}
  agreements(first:10){{nodes{{__typename id happenedAt reason
   ...on RefundAgreement{{refund{{id processedAt}}}}
   sales(first:250){{pageInfo{{hasNextPage}} nodes{{{SALE}}}}}}}}}}}}}}}"""
KINDS = {
    "PRODUCT": "goods",
    "TIP": "tip",
    "GIFT_CARD": "gift_card",
    "SHIPPING": "shipping",
    "DUTY": "duty",
    "ADDITIONAL_FEE": "fee",
    "ADJUSTMENT": "adjustment",
}


@pytest.fixture(scope="module")
def few_days() -> Iterator[SandboxClient]:
    """A small business, seen when all of it has happened."""
    with sandbox_thread(Parameters(days=9, ads=12)) as running:
        running.set_clock(CLOCK)
        yield running


def orders_of(shop: ShopClient) -> list[dict[str, Any]]:
    found, after = [], None
    while True:
        page = shop.data(ORDERS, a=after)["orders"]
        found += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


def number(gid: str) -> str:
    return gid.rsplit("/", 1)[1]


def amount(bag: dict[str, Any]) -> Decimal:
    return Decimal(bag["shopMoney"]["amount"])


@pytest.mark.parametrize("account", [ACME, KIWI, CHAI])
def test_every_entry_stands_on_its_day(few_days: SandboxClient, account: str) -> None:
    zone, wire = ZoneInfo(ZONES[account]), defaultdict[Any, list[Decimal]](list)
    kinds: Counter[str] = Counter()
    for order in orders_of(ShopClient(few_days.url, account)):
        left, ids = Decimal(0), []
        # The order of 260 lines goes on behind the page; the truth of it is compared elsewhere.
        long = any(one["sales"]["pageInfo"]["hasNextPage"] for one in order["agreements"]["nodes"])
        for agreement in order["agreements"]["nodes"]:
            kinds[agreement["__typename"]] += 1
            happened = datetime.fromisoformat(agreement["happenedAt"])
            day = str(happened.astimezone(zone).date())
            ids.append(agreement["id"])
            for sale in agreement["sales"]["nodes"]:
                ids.append(sale["id"])
                kinds[f"{sale['__typename']} {sale['actionType']}"] += 1
                total, tax = amount(sale["totalAmount"]), amount(sale["totalTaxAmount"])
                left += total
                assert (sale["quantity"] or total) * total >= 0
                assert (total < 0) <= (sale["actionType"] == "RETURN")
                key = (number(order["id"]), day, sale["actionType"], KINDS[sale["lineType"]])
                wire[key].append(total - tax)
        assert len(ids) == len(set(ids))
        assert long or left == amount(order["currentTotalPriceSet"]), order["id"]
        if long:
            wire = defaultdict(
                list, {key: value for key, value in wire.items() if key[0] != number(order["id"])}
            )
    truth = defaultdict[Any, list[Decimal]](list)
    seen = {key[0] for key in wire}
    for one in few_days.truth("sale", CLOCK, account=account):
        if one["order_id"] in seen:
            key = (one["order_id"], one["date"], one["action"], one["kind"])
            truth[key].append(Decimal(one["net"]))
    assert {key: sorted(value) for key, value in wire.items()} == {
        key: sorted(value) for key, value in truth.items()
    }
    assert set(kinds) >= {
        "OrderAgreement", "OrderEditAgreement", "RefundAgreement", "ReturnAgreement",
        "ProductSale ORDER", "ProductSale RETURN", "TipSale ORDER", "GiftCardSale ORDER",
        "ShippingLineSale ORDER", "ShippingLineSale RETURN", "DutySale ORDER",
        "AdditionalFeeSale ORDER", "AdjustmentSale RETURN",
    }  # fmt: skip


def test_an_edit_and_an_exchange_leave_the_day_of_the_order_alone(few_days: SandboxClient) -> None:
    placed: dict[str, str] = {}
    later: Counter[str] = Counter()
    for one in few_days.truth("sale", CLOCK, account=ACME):
        day = placed.setdefault(one["order_id"], one["date"])
        if one["date"] > day and one["kind"] == "goods":
            later[one["action"]] += 1
    assert later["ORDER"] > 5
    assert later["RETURN"] > 50
