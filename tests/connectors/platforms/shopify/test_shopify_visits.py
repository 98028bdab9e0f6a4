"""What is kept of an order's visits stands where their addresses stood."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.platforms.shopify.visits import reduce_addresses


def test_the_addresses_of_both_visits_are_reduced() -> None:
    def visit() -> dict[str, Any]:
        address = "https://shop.example/products/tent?gclid=Cj0K&utm_id=7&email=a%40b.c"
        return {"source": "x", "landingPage": address, "referrerUrl": "https://mail.example/u/9"}

    record = {"customerJourneySummary": {"firstVisit": visit(), "lastVisit": visit()}}
    reduce_addresses(record)
    first, last = record["customerJourneySummary"].values()
    kept = {"landingCampaignId": "7", "clickIdType": "gclid", "clickId": "Cj0K"}
    assert first == {"source": "x", "referrerHost": "mail.example", **kept}
    assert last == {**first, "landingPath": "/products/tent"}


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"customerJourneySummary": None},
        {"customerJourneySummary": {"lastVisit": None}},
        {"customerJourneySummary": {"lastVisit": {"source": "x"}}},
    ],
)
def test_an_order_without_an_address_stays_as_it_is(record: dict[str, Any]) -> None:
    before = repr(record)
    reduce_addresses(record)
    assert repr(record) == before
