"""Of addresses the ids that name an ad's campaign, a public path and a host are kept, no more."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.core.landings import Landing, host_of, landing_of


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
    found = landing_of("https://shop.example/tents" + query)
    assert (found.landing_campaign_id, found.click_id_type) == (campaign, click)


@pytest.mark.parametrize(
    ("query", "id_"),
    [
        ("?gad_source=1&gclid=Cj0K-a_b", "Cj0K-a_b"),
        ("?fbclid=IwAR&gclid=Cj0K", "Cj0K"),
        ("?ttclid=E.C.P", "E.C.P"),
        ("?utm_medium=affiliate&_ef_transaction_id=0a1b2c", "0a1b2c"),
        # Anybody's names.
        ("?utm_medium=affiliate&transaction_id=0a1b2c&click_id=0a1b2c", None),
        ("?gad_source=1", None),
        ("?gclid=", None),
        ("", None),
    ],
)
def test_the_id_of_a_click(query: str, id_: str | None) -> None:
    assert landing_of("https://shop.example/tents" + query).click_id == id_


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("https://shop.example/products/red-tent?email=ann%40x.com#top", "/products/red-tent"),
        ("https://shop.example/de/pages/a_b.2", "/de/pages/a_b.2"),
        ("https://shop.example", "/"),
        ("https://shop.example/en-GB/", "/en-GB/"),
        ("https://shop.example/product/tea?add-to-cart=7", "/product/tea"),
        ("https://shop.example/fr/product-category/tea/green/", "/fr/product-category/tea/green/"),
        ("https://shop.example/account/activate/9/f00d", None),
        ("https://shop.example/checkout/order-received/727/?key=wc_order_x", None),
        ("https://shop.example/my-account/view-order/727/", None),
        ("https://shop.example/orders/0123456789abcdef", None),
        ("https://shop.example/pages/ann%40example.com", None),
        ("https://shop.example/gift_cards/1/secret", None),
        ("https://[shop/products/x", None),
        (None, None),
    ],
)  # fmt: skip
def test_only_the_path_of_a_page_for_everybody_is_kept(address: Any, path: str | None) -> None:
    assert landing_of(address).landing_path == path


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://www.Google.com/search?q=ann", "www.google.com"),
        ("https://ann:secret@mail.example:8443/inbox/7", "mail.example"),
        ("android-app://com.google.android.gm/", "com.google.android.gm"),
        ("no address", None),
        ("https://[x/", None),
        (7, None),
    ],
)
def test_only_the_host_of_a_referrer_is_kept(address: object, host: str | None) -> None:
    assert host_of(address) == host


@given(st.one_of(st.none(), st.integers(), st.text(), st.lists(st.text())))
def test_whatever_stands_there_is_no_error(address: object) -> None:
    assert isinstance(landing_of(address), Landing)
    assert host_of(address) is None or isinstance(address, str)
