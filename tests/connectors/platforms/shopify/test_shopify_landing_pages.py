"""Of a landing page the ids are kept that name an ad's campaign, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.platforms.shopify.landing_pages import reduce_landing_page


def _reduced(address: object) -> tuple[Any, Any]:
    record: dict[str, Any] = {
        "customerJourneySummary": {"lastVisit": {"source": "x", "landingPage": address}}
    }
    reduce_landing_page(record)
    visit = record["customerJourneySummary"]["lastVisit"]
    assert visit.keys() == {"source", "landingCampaignId", "clickIdType"}
    return visit["landingCampaignId"], visit["clickIdType"]


@pytest.mark.parametrize(
    ("query", "campaign", "click"),
    [
        ("?utm_source=google&gad_source=1&gad_campaignid=2201&gclid=Cj0K", "2201", "gclid"),
        ("?gad_source=1&gad_campaignid=2201", "2201", "gad_source"),
        ("?utm_id=77&fbclid=IwAR#gclid=no", "77", "fbclid"),
        ("?UTM_ID=77&utm_id=78", "78", None),
        ("?utm_id=77&gad_campaignid=88", "88", None),
        ("?gad_campaignid=&utm_id=spring-2026", "spring-2026", None),
        ("?utm_id=ann%40example.com&email=ann%40example.com", None, None),
        ("?utm_id={{campaign.id}}", None, None),
        ("?hsa_cam=5&msclkid=", "5", None),
        ("?campaign_id=" + "9" * 65, None, None),
        ("", None, None),
    ],
)
def test_what_an_address_names(query: str, campaign: str | None, click: str | None) -> None:
    assert _reduced("https://shop.example/tents" + query) == (campaign, click)


@given(st.one_of(st.none(), st.integers(), st.text(), st.lists(st.text())))
def test_whatever_stands_there_is_no_error(address: object) -> None:
    _reduced(address)


@pytest.mark.parametrize(
    "record",
    [{}, {"customerJourneySummary": None}, {"customerJourneySummary": {"lastVisit": None}}],
)
def test_an_order_without_a_visit_stays_as_it_is(record: dict[str, Any]) -> None:
    before = dict(record)
    reduce_landing_page(record)
    assert record == before
